"""The end of a log: found again after any crash, or taken over from another writer (L4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger import frame as frames
from ledger import logs, merkle, segment
from ledger.errors import Refused
from ledger.store import Store


@dataclass
class Tail:
    """Where a log ends: its tree, the offset behind the last entry, the latest recorded time."""

    tree: merkle.Tree = field(default_factory=merkle.Tree)
    next_offset: int = 0
    last_recorded_at: int | None = None

    def copy(self) -> Tail:
        """The same end, growing on its own."""
        return Tail(self.tree.copy(), self.next_offset, self.last_recorded_at)


def recover(store: Store, log: logs.Log) -> Tail:
    """The tail of a log, from its last receipt; segments without one are checked and get one."""
    names = store.list(log.folder)
    receipts = {name for name in names if name.endswith(".receipt.json")}
    segments = [name for name in names if name.endswith(".parquet")]
    tail = Tail()
    vouched = [name for name in segments if segment.receipt_name(name) in receipts]
    if vouched:
        name = f"{log.folder}/{segment.receipt_name(vouched[-1])}"
        said = segment.read_receipt(store.get(name) or b"", name).facts
        _belongs(said, log, name)
        tail = Tail(said.tree(), said.next_offset, said.last_recorded_at)
    for name in segments:
        if segment.receipt_name(name) not in receipts:
            tail = adopt(store, log, tail, f"{log.folder}/{name}", {})
    return tail


def adopt(store: Store, log: logs.Log, tail: Tail, name: str, mine: Mapping[int, bytes]) -> Tail:
    """The tail behind a segment that somebody wrote; checked in full, its receipt made sure.

    `mine` are this writer's own frames by offset: the source never changes, so frames of one
    offset that differ in more than the moment of append are refused.
    """
    data = store.get(name)
    if data is None:
        raise Refused(name, "it was there a moment ago and is gone")
    facts, raw = checked(data, log, tail, name)
    for one in raw:
        seen = frames.decode(one, name)
        other = mine.get(seen.offset)
        if other is not None and other != one and not _same_record(frames.decode(other), seen):
            raise Refused(name, f"offset {seen.offset} holds another record than the source gives")
    # If we die here, the next to open the log does the same again.
    store.create(segment.receipt_name(name), segment.receipt(facts, data))
    return Tail(facts.tree(), facts.next_offset, facts.last_recorded_at)


def checked(
    data: bytes, log: logs.Log, before: Tail, place: str
) -> tuple[segment.Facts, list[bytes]]:
    """A segment's facts and frames where it extends the tail exactly; Refused otherwise."""
    facts = segment.footer_of(data, place)
    _belongs(facts, log, place)
    if (facts.size_before, facts.root_before) != (before.tree.size, before.tree.root().hex()):
        raise Refused(place, "it does not go on where the log ends before it")
    table = segment.table_of(data, place, ["frame", "leaf"])
    raw = table.column("frame").to_pylist()
    leaves = table.column("leaf").to_pylist()
    tree = before.tree.copy()
    for one, leaf in zip(raw, leaves, strict=True):
        if frames.leaf(one) != leaf:
            raise Refused(place, "a leaf is not the hash of its frame")
        tree.add(leaf)
    if (tree.size, tree.root().hex()) != (facts.size_after, facts.root_after):
        raise Refused(place, "its entries do not give the root that it names")
    if tuple(peak.hex() for peak in tree.peaks) != facts.peaks_after:
        raise Refused(place, "its peaks are not those of its entries")
    return facts, raw


def _belongs(facts: segment.Facts, log: logs.Log, place: str) -> None:
    if (facts.ledger, facts.log) != (log.ledger, log.log):
        raise Refused(
            place, f"it belongs to {facts.log} of the ledger {facts.ledger}, not to {log.log} of"
            f" {log.ledger}"
        )  # fmt: skip


def _same_record(one: frames.Frame, other: frames.Frame) -> bool:
    def record(frame: frames.Frame) -> tuple[object, ...]:
        return (frame.topic, frame.topic_id, frame.partition, frame.offset, frame.timestamp,
                frame.key, frame.headers, frame.value)  # fmt: skip

    return record(one) == record(other)
