"""The end of a log: found again after any crash, or taken over from another writer (L4)."""

from __future__ import annotations

from collections.abc import Mapping

from ledger import frame as frames
from ledger import logs, segment
from ledger.check import belongs, examine
from ledger.errors import Refused
from ledger.facts import Receipt, read_receipt, receipt, receipt_name
from ledger.store import Store
from ledger.tree_end import Tail

RECEIPT, SEGMENT = ".receipt.json", ".parquet"


def recover(store: Store, log: logs.Log) -> Tail:
    """The tail of a log, from its last receipt; segments without one are checked and get one.

    Raises Refused where a segment is gone, or the last one is damaged: nothing is built on it.
    """
    names = store.list(log.folder)
    segments = {name for name in names if name.endswith(SEGMENT)}
    vouched = {name.removesuffix(RECEIPT) + SEGMENT for name in names if name.endswith(RECEIPT)}
    for name in sorted(vouched - segments):
        # A listing made while others write may miss what came just now: look again.
        if store.get(f"{log.folder}/{name}") is None:
            raise Refused(f"{log.folder}/{name}", "it is gone, and its receipt is there")
    for name in sorted(segments - vouched):
        earlier = max((each for each in vouched if each < name), default=None)
        before = Tail() if earlier is None else Tail.after(_receipt(store, log, earlier).facts)
        adopt(store, log, before, f"{log.folder}/{name}", {})
        vouched.add(name)
    if not vouched:
        return Tail()
    last = max(vouched)
    said = _receipt(store, log, last)
    segment.check(store.get(f"{log.folder}/{last}") or b"", said, f"{log.folder}/{last}")
    return Tail.after(said.facts)


def _receipt(store: Store, log: logs.Log, name: str) -> Receipt:
    place = f"{log.folder}/{receipt_name(name)}"
    said = read_receipt(store.get(place) or b"", place)
    belongs(said.facts, log, place)
    return said


def adopt(store: Store, log: logs.Log, tail: Tail, name: str, mine: Mapping[int, bytes]) -> Tail:
    """The tail behind a segment that somebody wrote; checked in full, its receipt made sure.

    `mine` are this writer's own frames by offset: the source never changes, so frames of one
    offset that differ in more than the moment of append are refused.
    """
    data = store.get(name)
    if data is None:
        raise Refused(name, "it was there a moment ago and is gone")
    seen = examine(data, log, tail, name)
    for fault in seen.faults[:1]:
        raise Refused(name, f"{fault.kind}: {fault.message}")
    for raw in seen.frames if mine else ():
        theirs = frames.decode(raw, name)
        other = mine.get(theirs.offset)
        if other is not None and other != raw and not _same(frames.decode(other), theirs):
            raise Refused(
                name, f"offset {theirs.offset} holds another record than the source gives"
            )
    # If we die here, the next to open the log does the same again.
    store.create(receipt_name(name), receipt(seen.facts, data))
    return Tail.after(seen.facts)


def _same(one: frames.Frame, other: frames.Frame) -> bool:
    """Whether two frames hold one record; the moment of append is each writer's own."""
    return _record(one) == _record(other)


def _record(frame: frames.Frame) -> tuple[object, ...]:
    return (frame.topic, frame.topic_id, frame.partition, frame.offset, frame.timestamp,
            frame.timestamp_type, frame.key, frame.headers, frame.value)  # fmt: skip
