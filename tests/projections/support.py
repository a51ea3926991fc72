"""Events laid out as rows of `entry`, so that a file can be asked without a ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from projections.engine import Engine
from projections.view import View
from schemas.envelope import Event, Rejection, read
from schemas.instant import AsOf, parse_instant

RENAMED = {"by": "opened_by", "into": "into_ticket", "kind": "kind"}
PLAIN = (
    "severity channel author public content reason subscription clock tags service impact customers"
    " marker cause party state component total failed services customer"
).split()
INSTANTS = {
    "due": "due_at",
    "claimed_from": "claimed_from",
    "claimed_to": "claimed_to",
}


def halves(name: str, sixteen: bytes) -> dict[str, int]:
    return {
        f"{name}_hi": int.from_bytes(sixteen[:8], "big", signed=True),
        f"{name}_lo": int.from_bytes(sixteen[8:], "big", signed=True),
    }


def row_of_event(event: Event | Rejection) -> dict[str, Any]:
    """The decoded columns of what was read, without its place."""
    if isinstance(event, Rejection):
        return {
            "rejected": event.code,
            "rejected_at": event.at,
            "rejected_message": event.message,
        }
    data = event.open_data()
    row: dict[str, Any] = {
        "source": event.source,
        "event_id": event.id,
        "type": event.type,
        "subject": event.subject,
        "effective_at": event.time,
        "corrects": event.corrects,
        "data": json.dumps(data, default=str),
        **halves("identity", event.identity),
        **halves("content", event.content_hash),
    }
    row.update({name: data[name] for name in PLAIN if name in data})
    row.update({to: parse_instant(data[name]) for name, to in INSTANTS.items() if name in data})
    if event.type == "sla.ticket.opened.v1":
        row.update(opened_by=data["by"], kind=data["kind"])
    if event.type == "sla.ticket.merged.v1":
        row["into_ticket"] = data["into"]
    if event.topic == "sla.maintenance":
        row["maintenance_kind"] = data.get("kind")
        if "window" in data:
            row["window_from"] = parse_instant(data["window"]["from"])
            row["window_to"] = parse_instant(data["window"]["to"])
    if event.topic != "sla.agreements":
        for name, to in (("from", "from_at"), ("to", "to_at")):
            if name in data:
                row[to] = parse_instant(data[name])
    else:
        for name in ("services", "state"):
            row.pop(name, None)
    if "share" in data:
        row["share_e12"] = int(Fraction(data["share"]) * 10**12)
    return row


def rows_of_events(
    lines: Iterable[bytes | str | dict[str, Any]],
    *,
    log: str = "file-0",
    topic: str | None = None,
    partition: int = 0,
    archive: bool | None = None,
    recorded_at: int | None = None,
) -> list[dict[str, Any]]:
    """Lines of a file, or events, as rows of one log.

    An archive (a log so called) declares its recorded times; else `recordedtime` is read off each
    event and left out of it, and entries without one count on from `recorded_at` by a microsecond.
    """
    if archive is None:
        archive = log.startswith("archive-")
    topic = topic or (log if archive else "file" if log.startswith("file") else log.rsplit("-", 1)[0])
    rows, last = [], (recorded_at or 0) - 1
    for offset, line in enumerate(lines):
        raw = line if isinstance(line, dict) else None
        value = line if isinstance(line, bytes) else line.encode() if isinstance(line, str) else b""
        if raw is None and not archive:
            try:
                raw = json.loads(value)
            except ValueError:
                raw = None
        declared = None
        if isinstance(raw, dict):
            raw = {"specversion": "1.0", **raw}
            declared = raw.get("recordedtime")
            if not archive:
                raw.pop("recordedtime", None)
            value = json.dumps(raw).encode()
        event = read(value, archive=archive)
        if isinstance(event, Event) and event.recordedtime is not None:
            when = event.recordedtime
        elif declared is not None:
            when = parse_instant(declared)
        else:
            when = last + 1
        if not archive:
            when = max(when, last + 1)
        last = when
        rows.append(
            {
                **row_of_event(event),
                "log": log,
                "topic": topic,
                "log_partition": partition,
                "log_offset": offset,
                "sequence": offset,
                "recorded_at": when,
            }
        )
    return rows


def rows_of_folder(folder: Path) -> list[dict[str, Any]]:
    """All archives of a scenario's folder."""
    found = []
    for path in sorted(folder.glob("archive-*.jsonl")):
        lines = [line for line in path.read_bytes().split(b"\n") if line.strip()]
        found += rows_of_events(lines, log=path.stem)
    return found


def event(
    kind: str, subject: str, time: str, *, id: str, source: str = "/test", **more: Any
) -> dict[str, Any]:
    """An event in short: `event("ticket.opened", "t1", "2026-10-01T00:00:00Z", id="e1", data={})`."""
    return {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": f"sla.{kind}.v1",
        "subject": subject,
        "time": time,
        **more,
    }


def view_of(
    rows: Iterable[dict[str, Any]],
    at: str | int = 2**61,
    known_at: str | int | None = None,
    customer: str | None = None,
) -> View:
    """A view over rows at hand."""
    moment = at if isinstance(at, int) else parse_instant(at)
    known = moment if known_at is None else known_at
    known = known if isinstance(known, int) else parse_instant(known)
    return Engine.of_tables(rows).view(AsOf(known, moment), customer)
