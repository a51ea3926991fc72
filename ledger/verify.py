"""Walk a ledger and check everything: files, hashes, frames, roots, decoded columns (L8)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger import columns, logs, segment
from ledger import frame as frames
from ledger.append import check_against
from ledger.errors import LedgerError, Refused
from ledger.store import DirectoryStore
from ledger.tail import Tail, checked


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the file, what kind it is of, where, and what was found."""

    file: str
    kind: str
    offset: int | None
    message: str

    def __str__(self) -> str:
        at = "" if self.offset is None else f" offset {self.offset}"
        return f"{self.file}: {self.kind}{at}: {self.message}"


@dataclass
class Report:
    """What a walk saw."""

    logs: int = 0
    segments: int = 0
    entries: int = 0
    bytes: int = 0
    faults: list[Fault] = field(default_factory=list)

    def __str__(self) -> str:
        verdict = "all sound" if not self.faults else f"{len(self.faults)} faults"
        return (
            f"{verdict}: {self.logs} logs, {self.segments} segments, {self.entries} entries,"
            f" {self.bytes} bytes checked"
        )


def verify(path: Path, *, sample: float | None = None, seed: int = 0) -> Report:
    """Check a ledger, or with `sample` that share of its segments. BadInput where there is none."""
    report = Report()
    meta, store = logs.open_meta(path), DirectoryStore(path)
    chosen = random.Random(seed)  # noqa: S311 - a sample, not a secret
    try:
        found = logs.all_logs(store, meta)
    except LedgerError as error:
        report.faults.append(Fault(str(path), "log", None, str(error)))
        return report
    for log in found:
        report.logs += 1
        _log(store, log, report, lambda: sample is None or chosen.random() < sample)
    return report


def _log(store: DirectoryStore, log: logs.Log, report: Report, wanted: Callable[[], bool]) -> None:
    tail: Tail | None = Tail()
    names = store.list(log.folder)
    segments = [name for name in names if name.endswith(".parquet")]
    for name in names:
        partner = name.removesuffix(".receipt.json") + ".parquet"
        if name.endswith(".receipt.json") and partner not in segments:
            report.faults.append(
                Fault(f"{log.folder}/{name}", "segment", None, "its segment is gone")
            )
            tail = None
    for name in segments:
        place = f"{log.folder}/{name}"
        try:
            tail = _segment(store, log, place, tail, report, full=wanted())
        except LedgerError as error:
            kind = "receipt" if segment.receipt_name(name) in str(error) else "segment"
            report.faults.append(Fault(place, kind, None, str(error)))
            tail = None


def _segment(
    store: DirectoryStore,
    log: logs.Log,
    place: str,
    tail: Tail | None,
    report: Report,
    *,
    full: bool,
) -> Tail | None:
    raw_receipt = store.get(segment.receipt_name(place))
    if raw_receipt is None:
        missing = "none yet: its writer died; the next append or consume checks and writes it"
        report.faults.append(Fault(place, "receipt", None, missing))
        return None
    said = segment.read_receipt(raw_receipt, segment.receipt_name(place)).facts
    if tail is not None and said.first_sequence != tail.tree.size:
        raise Refused(place, f"entries from {tail.tree.size} on are missing before it")
    if not full:
        return Tail(said.tree(), said.next_offset, said.last_recorded_at)
    data = store.get(place) or b""
    segment.check(data, raw_receipt, place)
    if tail is not None:
        checked(data, log, tail, place)
    _rows(data, log, place, report)
    report.segments += 1
    report.bytes += len(data)
    return Tail(said.tree(), said.next_offset, said.last_recorded_at)


def _rows(data: bytes, log: logs.Log, place: str, report: Report) -> None:
    wanted = ["sequence", "log_offset", "frame", *columns.NAMES]
    table = segment.table_of(data, place, wanted)
    expected = None
    for batch in table.to_batches(max_chunksize=5000):
        for row in batch.to_pylist():
            offset = row["log_offset"]
            try:
                _row(row, expected, log, place)
            except Refused as error:
                report.faults.append(Fault(place, "entry", offset, error.fault))
            expected = row["sequence"] + 1
            report.entries += 1


def _row(row: dict[str, Any], expected: int | None, log: logs.Log, place: str) -> None:
    """Raise Refused where one row is not the entry that its place and its frame say."""
    frame = frames.decode(row["frame"], place)
    mine = (log.topic, log.partition, row["log_offset"])
    if (frame.topic, frame.partition, frame.offset) != mine:
        raise Refused(place, "a frame of another log or offset")
    if expected is not None and row["sequence"] != expected:
        raise Refused(place, f"sequence {row['sequence']} where {expected} follows")
    check_against(frame, row, log, place)
