"""Answers as tables for people: what needs attention first, instants in the contract's zone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from projections.calendar import local_text
from projections.members import Member, members
from schemas import canonical
from sla_ledger.answers import Answer

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
ATTENTION = (
    "breached", "indeterminate", "running", "paused", "no_terms", "provisional", "claimable",
    "claimed", "due", "accepted",
)  # fmt: skip


def console(*, stderr: bool = False) -> Console:
    """A console that colours only on a terminal and does not break lines where there is none."""
    stream = sys.stderr if stderr else sys.stdout
    wide = None if stream.isatty() else 240
    return Console(file=stream, width=wide, highlight=False, soft_wrap=False)


def show(answer: Answer, zone_of: Callable[[Any], str], *, to: Console | None = None) -> None:
    """Print an answer as a table; `zone_of` names the zone in which a row's instants stand."""
    out = to or console()
    shape = answer.envelope.shape
    if shape == "statement":
        for row in answer.raw:
            _statement(row, zone_of(row), out)
    else:
        rows = _by_attention(answer)
        put(_table(shape, answer.row_class, rows, answer.envelope.at, zone_of), out)
    out.print(_caption(answer), style="dim")


def put(table: Table, out: Console) -> None:
    """Print a table; where there is no terminal no line ends in spaces."""
    if out.is_terminal:
        out.print(table)
        return
    with out.capture() as held:
        out.print(table)
    lines = [line.rstrip() for line in held.get().splitlines()]
    out.file.write("\n".join([*lines, ""]))


def _by_attention(answer: Answer) -> list[Any]:
    rank = {word: place for place, word in enumerate(ATTENTION)}
    word = "verdict" if answer.envelope.shape in {"clocks", "uptime"} else "state"
    if not answer.raw or not hasattr(answer.raw[0], word):
        return list(answer.raw)

    def key(row: Any) -> tuple[int, int]:
        due = getattr(row, "deadline_at", None) or getattr(row, "projected_deadline_at", None)
        return rank.get(getattr(row, word), len(rank)), due or 2**62

    return sorted(answer.raw, key=key)


def _table(
    name: str, row_class: type[Any], rows: Sequence[Any], at: int, zone_of: Callable[[Any], str]
) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    shape = {m.name: m for m in members(row_class)}
    columns = COLUMNS.get(name, tuple(shape))
    for column in columns:
        right = column == "left" or shape[column].kind in {"seconds", "percent", "money", "whole"}
        table.add_column(_heading(column), justify="right" if right else "left", overflow="fold")
    for row in rows:
        zone = zone_of(row)
        cells = [
            _left(row, at) if column == "left"
            else _cell(shape[column], getattr(row, shape[column].attribute), zone)
            for column in columns
        ]  # fmt: skip
        table.add_row(*cells)
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


def _caption(answer: Answer) -> str:
    head = answer.envelope
    rows = "1 row" if len(answer) == 1 else f"{len(answer)} rows"
    known = "nothing" if head.known_at is None else local_text(head.known_at, "UTC")
    marks = [] if head.settled else ["not settled: more may still be recorded"]
    marks += ["rests on declared times"] if head.declared else []
    tail = "".join(f"; {mark}" for mark in marks)
    return f"{rows} at {local_text(head.at, 'UTC')}, known at {known}{tail}"


def _statement(row: Any, zone: str, out: Console) -> None:
    out.print(Text(f"{row.customer}: {row.subscription}, {row.month}", style="bold"))
    for contract in row.contracts:
        until = "on" if contract.to is None else f"to {local_text(contract.to, zone)}"
        since = local_text(contract.from_, zone)
        out.print(f"  contract {contract.contract} {contract.version} from {since} {until}")
    for name in ("uptime", "credits", "clocks", "rights"):
        rows = getattr(row, name)
        if rows:
            out.print(Text(f"\n{name}", style="bold"))
            put(_table(name, type(rows[0]), rows, 0, lambda _row: zone), out)
    for total in row.totals:
        out.print(f"\ntotal {total.amount} {total.currency}, granted {total.granted},"
                  f" proposed {total.proposed}, to propose {total.difference}")  # fmt: skip
