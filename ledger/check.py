"""A segment looked at in full: rows, leaves, root, recorded times, decoded columns (L1, L8).

The same walk serves whoever takes over a segment that another wrote, and `verify`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from ledger import columns, entry, logs, segment
from ledger import frame as frames
from ledger.errors import Refused
from ledger.facts import Facts, code_version
from ledger.tree_end import Tail


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the file, what kind it is of, at which offset, and what was found."""

    file: str
    kind: str
    offset: int | None
    message: str

    def __str__(self) -> str:
        at = "" if self.offset is None else f" offset {self.offset}"
        return f"{self.file}: {self.kind}{at}: {self.message}"


@dataclass
class Seen:
    """What a segment says of itself and what its rows are."""

    facts: Facts
    frames: list[bytes]
    tail: Tail
    faults: list[Fault] = field(default_factory=list)


def belongs(facts: Facts, log: logs.Log, place: str) -> None:
    """Refuse a segment of another ledger or log."""
    if (facts.ledger, facts.log) != (log.ledger, log.log):
        raise Refused(
            place, f"it belongs to {facts.log} of the ledger {facts.ledger}, not to {log.log} of"
            f" {log.ledger}"
        )  # fmt: skip


def examine(data: bytes, log: logs.Log, before: Tail | None, place: str) -> Seen:
    """Look at every row of a segment; `before` is the log's end in front of it, where known.

    Raises Refused where it cannot be read at all, is of another log or does not go on at `before`.
    """
    facts = segment.footer_of(data, place)
    belongs(facts, log, place)
    if before is not None:
        root = before.tree.root().hex()
        if (facts.size_before, facts.root_before) != (before.tree.size, root):
            raise Refused(place, "it does not go on where the log ends before it")
    walk = _Walk(facts, log, before, segment.table_of(data, place), place)
    faults = list(walk.faults())
    return Seen(facts, walk.frames, walk.tail, faults)


class _Walk:
    """One pass over the rows, in the order in which they were written."""

    def __init__(
        self, facts: Facts, log: logs.Log, before: Tail | None, table: pa.Table, place: str
    ) -> None:
        self.facts, self.log, self.table, self.place = facts, log, table, place
        self.knows_before = before is not None
        self.tail = before.copy() if before is not None else Tail()
        self.frames: list[bytes] = table.column("frame").to_pylist()
        self.offsets: list[int] = table.column("log_offset").to_pylist()
        self._again = columns.Columns()
        self._read = entry.reader_of(log)
        self._begin = frames.prefix(log.cluster_id, log.topic, log.topic_id, log.partition)

    def faults(self) -> Iterator[Fault]:
        yield from self._rows()
        yield from self._facts()
        if self.facts.schema == columns.SCHEMA_VERSION and len(self._again) == len(self.frames):
            yield from self._decoded()

    def _fault(self, kind: str, offset: int | None, message: str) -> Fault:
        return Fault(self.place, kind, offset, message)

    def _rows(self) -> Iterator[Fault]:
        table = self.table
        names = ("sequence", "leaf", "recorded_at", "appended_at", "broker_time")
        rows = zip(
            self.frames, self.offsets, *(table.column(name).to_pylist() for name in names),
            strict=True,
        )  # fmt: skip
        for number, (raw, offset, sequence, leaf, recorded, appended, why) in enumerate(rows):
            if sequence != self.facts.first_sequence + number:
                yield self._fault("sequence", offset, f"{sequence} does not follow")
            hashed = frames.leaf(raw)
            if hashed != leaf:
                yield self._fault("leaf", offset, "it is not the hash of its frame")
            try:
                frame = frames.decode_behind(self._begin, raw, self.place)
            except Refused as error:
                yield self._fault("frame", offset, error.fault)
            else:
                if found := self._row(frame, offset, recorded, appended, why):
                    yield from found
            if self.knows_before:
                self.tail.tree.add(hashed)

    def _row(
        self, frame: frames.Frame, offset: int, recorded: int, appended: int | None,
        why: str | None,
    ) -> list[Fault]:  # fmt: skip
        log, tail = self.log, self.tail
        found: list[Fault] = []
        if frame.offset != offset:
            found.append(self._fault("frame", offset, f"it is the frame of offset {frame.offset}"))
        if offset < tail.next_offset:
            found.append(self._fault("offset", offset, f"it lies before {tail.next_offset}"))
        came = entry.came_as(frame, why)
        if frame.recorded_at is None and came.recorded_at is None:
            return [*found, self._fault("recorded time", offset, "its frame holds no time at all")]
        outcome = self._read(came)
        expected, framed = entry.times(log, came, outcome)
        last = tail.last_recorded_at
        if log.kind != logs.ARCHIVE and last is not None and expected <= last:
            expected = last + 1
        unsure = not self.knows_before and last is None and recorded >= expected
        if recorded != expected and not unsure:
            said = f"{recorded}, where its frame gives {expected}"
            found.append(self._fault("recorded time", offset, said))
        if appended != framed:
            said = "it is not what its frame says"
            found.append(self._fault("column appended_at", offset, said))
        if (why is not None) != (log.kind == logs.KAFKA and framed is not None):
            found.append(self._fault("column broker_time", offset, "its frame says otherwise"))
        tail.next_offset = offset + 1
        tail.last_recorded_at = recorded if last is None else max(recorded, last)
        self._again.add(outcome)
        return found

    def _facts(self) -> Iterator[Fault]:
        facts, tail = self.facts, self.tail
        times = self.table.column("recorded_at")
        told = (facts.count, facts.first_offset, facts.first_recorded_at, facts.last_recorded_at)
        found = (len(self.frames), self.offsets[0] if self.offsets else None,
                 pc.min(times).as_py(), pc.max(times).as_py())  # fmt: skip
        if told != found or facts.next_offset != self.offsets[-1] + 1:
            yield self._fault("footer", None, "it does not say what its rows are")
        if self.knows_before and tail.tree != facts.tree():
            yield self._fault("root", None, "its entries do not give the root that it names")

    def _decoded(self) -> Iterator[Fault]:
        """Columns that are not what the frames give.

        What an older program rejected a newer one may judge otherwise; that is no fault.
        """
        same_code = self.facts.code == code_version()
        rejected = self.table.column("rejected").is_valid()
        for name, array in zip(columns.NAMES, self._again.arrays(), strict=True):
            stored = self.table.column(name)
            if stored.equals(pa.chunked_array([array], type=stored.type)):
                continue
            pairs = zip(stored.to_pylist(), array.to_pylist(), rejected.to_pylist(), strict=True)
            for offset, (held, given, was_rejected) in zip(self.offsets, pairs, strict=True):
                if held != given and (same_code or not was_rejected):
                    yield self._fault(f"column {name}", offset, "it is not what its frame says")
