"""Rows drawn as a table: which members it shows, how lengths and instants read (I1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from projections.calendar import local_text
from projections.members import Member, members
from schemas import canonical

COLUMNS: dict[str, tuple[str, ...]] = {
    "clocks": (
        "verdict", "customer", "ticket", "clock", "severity", "target", "started_at",
        "stopped_at", "deadline_at", "elapsed_seconds", "left",
    ),
    "uptime": (
        "verdict", "customer", "subscription", "service", "period", "part", "uptime_percent",
        "target", "gross_downtime_seconds", "excused", "net_downtime_seconds", "unknown_seconds",
    ),
    "credits": (
        "state", "customer", "subscription", "credit", "period", "part", "uptime_percent",
        "percent", "base", "amount", "currency", "claim_deadline", "reasons",
    ),
    "problems": ("kind", "subject", "detail", "customer", "entries"),
    "rights": ("state", "customer", "subscription", "right", "arose_at", "until"),
    "logs": ("log", "entries", "next_offset", "segments", "bytes", "last_recorded_at", "root"),
    "contract lint": ("level", "line", "column", "code", "path", "message", "fix"),
    "contract list": (
        "contract", "version", "effective_from", "published_at", "plans", "subscriptions",
    ),
    "readings": (
        "contract", "interpretation", "chosen", "option", "answer", "id", "member", "value",
        "other_value",
    ),
    "diff": ("answer", "id", "member", "before", "after", "change", "entries"),
}  # fmt: skip
"""Which members a table shows, in which order; JSON and CSV always have all of them."""

STYLES = {
    "breached": "bold red", "indeterminate": "yellow", "running": "cyan", "paused": "blue",
    "met": "green", "provisional": "cyan", "claimable": "bold yellow", "due": "bold yellow",
    "expired": "dim", "none": "dim", "cancelled": "dim", "no_target": "dim", "error": "bold red",
    "warning": "yellow", "note": "dim", "no_terms": "yellow",
}  # fmt: skip
_ON_THE_WALL = re.compile(r"[0-9][smhd]$")
"""A target in seconds, minutes, hours or days on the wall; bm, bh and bd are none of them."""


def drawn(
    name: str, row_class: type[Any], rows: Sequence[Any], at: int, zone_of: Callable[[Any], str]
) -> Table:
    """A table of rows; `at` is the moment asked, `zone_of` names the zone of a row's instants."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    shape = {m.name: m for m in members(row_class)}
    columns = COLUMNS.get(name, tuple(shape))
    for column in columns:
        right = column == "left" or shape[column].kind in {"seconds", "percent", "money", "whole"}
        table.add_column(_heading(column), justify="right" if right else "left", overflow="fold")
    for row in rows:
        zone = zone_of(row)
        plain = {
            column: _cell(shape[column], getattr(row, shape[column].attribute), zone)
            for column in columns
            if column in shape
        }
        told = plain | (_of_clock(row, at, zone) if name == "clocks" else {})
        table.add_row(*(told[column] for column in columns))
    return table


def _heading(column: str) -> str:
    return column.removesuffix("_seconds").removesuffix("_at").replace("_", " ")


def _cell(member: Member, value: Any, zone: str) -> Text:
    if value is None:
        return Text("-", style="dim")
    match member.kind:
        case "instant":
            return Text(local_text(value, zone))
        case "seconds":
            return Text(length(value))
        case "list":
            return Text(_list(member, value, zone))
        case "members":
            return Text(" ".join(f"{name} {item}" for name, item in value))
        case "value" if not isinstance(value, str):
            return Text(canonical.value(value))
        case _:
            return Text(str(value), style=STYLES.get(str(value), ""))


def _list(member: Member, value: Sequence[Any], zone: str) -> str:
    if member.item is None:
        return ", ".join(value)
    inner = members(member.item)
    return ", ".join(
        " ".join(_cell(m, getattr(item, m.attribute), zone).plain for m in inner) for item in value
    )


def _of_clock(row: Any, at: int, zone: str) -> dict[str, Text]:
    """The cells of a clock's row that need more than one member."""
    cells = {"left": _left(row, at)}
    if row.elapsed_seconds is not None and counts_open_time(row):
        cells["elapsed_seconds"] = Text(hours(row.elapsed_seconds))
    if is_projected(row):
        cells["deadline_at"] = Text("~" + local_text(row.projected_deadline_at, zone))
    return cells


def counts_open_time(row: Any) -> bool:
    """Whether a clock's elapsed time is open time of its calendar, not time on the wall (S5.40)."""
    return row.calendar is not None and not _ON_THE_WALL.search(row.target or "")


def is_projected(row: Any) -> bool:
    """Whether a clock stands still, so that its deadline is one that moves on (S5.45)."""
    return row.deadline_at is None and row.projected_deadline_at is not None


def _left(row: Any, at: int) -> Text:
    if row.verdict not in {"running", "paused"} or row.target_seconds is None:
        return Text("-", style="dim")
    due = row.deadline_at or row.projected_deadline_at
    if due is None:
        return Text("-", style="dim")
    rest = due - at
    return Text(length(rest), style="red" if rest < 3600 * 1_000_000 else "")


def length(microseconds: int) -> str:
    """A length for people: `2 d 03:04:05`, with decimals only where there are any."""
    sign = "-" if microseconds < 0 else ""
    seconds, part = divmod(abs(microseconds), 1_000_000)
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    if part:
        clock += f".{part:06d}".rstrip("0")
    return f"{sign}{days} d {clock}" if days else sign + clock


def hours(microseconds: int) -> str:
    """Open time: hours however many, since a day of open hours is no day: `162:05:17`."""
    seconds, part = divmod(microseconds, 1_000_000)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return text + (f".{part:06d}".rstrip("0") if part else "")
