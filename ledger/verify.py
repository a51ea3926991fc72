"""Walk a ledger and check everything: files, hashes, frames, roots, decoded columns (L8)."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ledger import logs, segment
from ledger.check import Fault, belongs, examine
from ledger.errors import LedgerError, Refused
from ledger.examiners import Examined, Examiners, fault_of
from ledger.facts import read_receipt, receipt_name
from ledger.store import DirectoryStore
from ledger.tail import RECEIPT, SEGMENT
from ledger.tree_end import Tail
from ledger.words import counted

__all__ = ["Fault", "Report", "verify"]


@dataclass
class Report:
    """What a walk saw. `unreceipted`: last segments whose writer died before their receipts.

    `segments` were read whole, `passed_over` by their receipts alone.
    """

    logs: int = 0
    segments: int = 0
    passed_over: int = 0
    entries: int = 0
    bytes: int = 0
    unreceipted: int = 0
    faults: list[Fault] = field(default_factory=list)

    def __str__(self) -> str:
        verdict = counted(len(self.faults), "fault") if self.faults else "all sound"
        waiting = (
            f"; {self.unreceipted} sound without a receipt yet (the next writer writes it)"
            if self.unreceipted
            else ""
        )
        share = f" of {self.segments + self.passed_over}" if self.passed_over else ""
        return (
            f"{verdict}: {counted(self.logs, 'log')}, {self.segments}{share} segments,"
            f" {counted(self.entries, 'entry', 'entries')}, {self.bytes} bytes checked{waiting}"
        )


def verify(
    path: Path, *, sample: float | None = None, seed: int = 0, workers: int = 1
) -> Report:
    """Check a ledger, or with `sample` that share of its segments. BadInput where there is none.

    A sample is drawn by `seed` and takes at least one segment of each log. Every receipt and the
    chain from segment to segment is checked in either case. With several `workers` the segments of
    a large ledger are read by so many processes, with the same report; these start the caller's
    own script anew, so it must do its work under `if __name__ == "__main__"`.
    """
    meta, store = logs.open_meta(path), DirectoryStore(path)
    chosen = random.Random(seed)  # noqa: S311 - a sample, not a secret
    with Examiners(workers) as examiners:
        walk = _Walk(store, Report(), examiners, 1 if sample is None else sample, chosen)
        for folder in logs.folders(store):
            try:
                log = logs.read_log(store, meta, folder)
            except LedgerError as error:
                walk.fault(f"logs/{folder}log.json", "log", error)
                continue
            if log is not None:
                walk.log(log)
        walk.take(examiners.rest())
    return walk.report


class _Walk:
    """The walk over one ledger."""

    def __init__(
        self, store: DirectoryStore, report: Report, examiners: Examiners, sample: float,
        chosen: random.Random,
    ) -> None:  # fmt: skip
        self.store, self.report, self._examiners = store, report, examiners
        self._sample, self._chosen = sample, chosen

    def fault(self, file: str, kind: str, error: LedgerError) -> None:
        self.take(self._examiners.rest())
        self.report.faults.append(fault_of(file, kind, error))

    def take(self, found: Iterable[Examined]) -> None:
        """Add to the report what was found in segments that were read whole."""
        for each in found:
            self.report.faults += each.faults
            self.report.segments += 1
            self.report.entries += each.entries
            self.report.bytes += each.size

    def log(self, log: logs.Log) -> None:
        """Check the segments of a log in order; behind a damaged one the chain begins anew."""
        self.report.logs += 1
        names = self.store.list(log.folder)
        stems = {
            name.removesuffix(RECEIPT).removesuffix(SEGMENT)
            for name in names
            if name.endswith((RECEIPT, SEGMENT))
        }
        tail: Tail | None = Tail()
        ordered = sorted(stems)
        wanted = self._drawn(ordered)
        for stem in ordered:
            place = f"{log.folder}/{stem}{SEGMENT}"
            last = stem == ordered[-1]
            tail = self._segment(log, place, tail, is_last=last, whole=stem in wanted)

    def _drawn(self, stems: list[str]) -> set[str]:
        """The segments to read whole."""
        drawn = {stem for stem in stems if self._chosen.random() < self._sample}
        return drawn or {self._chosen.choice(stems)} if stems else set()

    def _segment(
        self, log: logs.Log, place: str, tail: Tail | None, *, is_last: bool, whole: bool
    ) -> Tail | None:
        raw, data = self.store.get(receipt_name(place)), self.store.get(place)
        try:
            if data is None:
                raise Refused(place, "it is gone, and its receipt is there")
            if raw is None:
                return self._unreceipted(log, place, tail, data, is_last=is_last)
        except LedgerError as error:
            self.fault(place, "segment", error)
            return None
        try:
            said = read_receipt(raw, receipt_name(place))
            belongs(said.facts, log, receipt_name(place))
        except LedgerError as error:
            self.fault(receipt_name(place), "receipt", error)
            return None
        try:
            if tail is not None and said.facts.size_before != tail.tree.size:
                missing = Refused(place, f"entries from {tail.tree.size} on are missing before it")
                self.fault(place, "sequence", missing)
                tail = None
            self.report.passed_over += not whole
            if whole:
                segment.check(data, said, place)
                self.take(self._examiners.examine(data, log, tail, place))
            elif tail is not None and said.facts.root_before != tail.tree.root().hex():
                raise Refused(place, "it does not go on where the log ends before it")
        except LedgerError as error:
            self.fault(place, "segment", error)
            return None
        return Tail.after(said.facts)

    def _unreceipted(
        self, log: logs.Log, place: str, tail: Tail | None, data: bytes, *, is_last: bool
    ) -> Tail:
        """A segment nobody vouched for: sound where it is the last and its rows are."""
        if not is_last:
            raise Refused(place, "its receipt is missing, and other segments build on it")
        seen = examine(data, log, tail, place)
        self.take([*self._examiners.rest(), Examined(seen.faults, len(seen.frames), len(data))])
        self.report.unreceipted += not seen.faults
        return Tail.after(seen.facts)
