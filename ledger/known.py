"""The logs as they stood at a recorded moment: each up to the last entry recorded by then (I7)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ledger import segment
from ledger.facts import read_receipt, receipt_name
from ledger.merkle import Tree
from ledger.reader import LogState, Segment, Snapshot, verified

if TYPE_CHECKING:
    import pyarrow as pa


def logs_known(snapshot: Snapshot, known_at: int) -> list[LogState]:
    """The logs of a snapshot with what was recorded at or before a moment.

    A log whose entries are all recorded later is left out. An archive's declared times need not
    grow: its size and root are those up to its last entry that is seen.
    """
    found = []
    for log in snapshot.logs:
        if log.first_recorded_at is None or log.first_recorded_at <= known_at:
            of_log = [each for each in snapshot.segments if each.log == log.log]
            found.append(_cut(log, of_log, known_at))
    return found


def _cut(log: LogState, segments: list[Segment], known_at: int) -> LogState:
    if log.last_recorded_at is None or log.last_recorded_at <= known_at:
        return log
    seen = [each for each in segments if each.first_recorded_at <= known_at]
    last = segments.index(seen[-1])
    table = segment.table_of(
        verified(seen[-1]), seen[-1].path, ["log_offset", "recorded_at", "leaf"]
    )
    count = 1 + max(i for i, at in enumerate(_times(table)) if at <= known_at)
    tree = Tree() if last == 0 else _tree_after(segments[last - 1])
    tree.extend(table.column("leaf").to_pylist()[:count])
    return replace(
        log,
        entries=tree.size,
        next_offset=table.column("log_offset")[count - 1].as_py() + 1,
        root=tree.root().hex(),
        first_recorded_at=min(each.first_recorded_at for each in seen),
        last_recorded_at=max(_last_seen(each, known_at) for each in seen),
        segments=last + 1,
        bytes=sum(each.bytes for each in segments[: last + 1]),
    )


def _last_seen(each: Segment, known_at: int) -> int:
    if each.last_recorded_at <= known_at:
        return each.last_recorded_at
    table = segment.table_of(verified(each), each.path, ["recorded_at"])
    return max(at for at in _times(table) if at <= known_at)


def _times(table: pa.Table) -> list[int]:
    times: list[int] = table.column("recorded_at").to_pylist()
    return times


def _tree_after(each: Segment) -> Tree:
    place = Path(each.path).with_name(receipt_name(Path(each.path).name))
    return read_receipt(place.read_bytes(), str(place)).facts.tree()
