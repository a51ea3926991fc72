"""The one way in: entries to a log, exactly once (L1 to L4).

`LogWriter` is the story: recover the tail; take what comes behind it; close a segment durably;
where another writer was first, check what it wrote, adopt it and go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger import columns, logs, segment
from ledger import frame as frames
from ledger.entry import Appended, Incoming, Outcome, came_as, reader_of, times
from ledger.errors import BadInput
from ledger.facts import FORMAT, Facts, code_version, receipt, receipt_name
from ledger.store import Store
from ledger.tail import adopt, recover
from ledger.tree_end import Tail
from schemas.envelope import Rejection

FULL_RECORDS = 50_000
FULL_BYTES = 8 * 1024 * 1024
PIECE = 256
"""Entries that go through each step together: their objects fit the processor's cache."""


class LogWriter:
    """Appends to one log. Positions of local logs are counted here, the broker's are kept."""

    def __init__(self, store: Store, log: logs.Log) -> None:
        self.store = store
        self.log = log
        self.local = log.kind in {logs.FILE, logs.JOURNAL}
        self._read = reader_of(log)
        self._begin = frames.prefix(log.cluster_id, log.topic, log.topic_id, log.partition)
        self._forget(recover(store, log))

    @classmethod
    def open_partition(
        cls,
        path: Path,
        topic: str,
        topic_id: str,
        partition: int,
        cluster_id: str | None,
        *,
        new_incarnation: bool = False,
    ) -> LogWriter:
        """The writer of a topic-partition.

        BadInput on a file ledger, and for a topic made anew under the old name unless
        `new_incarnation` is said (L4).
        """
        meta, store = logs.open_for_writing(path)
        if meta.door != logs.KAFKA:
            raise BadInput(str(path), "this ledger is fed by files; sla-ledger init --kafka makes"
                                      " one that is fed by topics")  # fmt: skip
        log, others = logs.of_partition(store, meta, topic, topic_id, partition, cluster_id)
        known = {each.folder for each in logs.all_logs(store, meta)}
        if log.incarnation > 1 and log.folder not in known and not new_incarnation:
            raise BadInput(
                f"topic {topic}", f"it has the id {topic_id}, the ledger knows it as"
                f" {others[-1].topic_id}: it was deleted and made anew; if that is so, say"
                " --new-incarnation, and its entries go into a log of their own"
            )  # fmt: skip
        return cls(store, logs.register(store, log))

    def _forget(self, tail: Tail) -> None:
        """Stand at a tail with nothing open."""
        self.tail = tail
        self._end = tail.copy()
        self._rows = segment.Rows()
        self._rejected: dict[int, Rejection] = {}
        self._bytes = 0
        self._opened_at: int | None = None

    @property
    def next_offset(self) -> int:
        """The offset behind the last entry taken."""
        return self._end.next_offset

    @property
    def open_entries(self) -> int:
        """How many entries are taken and not durable yet."""
        return len(self._rows)

    @property
    def opened_at(self) -> int | None:
        """The moment of append of the first open entry."""
        return self._opened_at

    @property
    def is_full(self) -> bool:
        """Whether the open entries fill a segment."""
        return len(self._rows) >= FULL_RECORDS or self._bytes >= FULL_BYTES

    def take(self, batch: Sequence[Incoming]) -> None:
        """Take records behind the tail; those that are held already are passed over."""
        for start in range(0, len(batch), PIECE):
            fresh = self._behind(batch[start : start + PIECE])
            if fresh:
                self._take(fresh, [self._read(came) for came in fresh])

    def _behind(self, batch: Sequence[Incoming]) -> Sequence[Incoming]:
        """Those of a batch that lie behind the last entry, and behind each other."""
        if self.local:
            return batch
        fresh, known = list[Incoming](), self._end.next_offset
        for came in batch:
            if came.offset >= known:
                fresh.append(came)
                known = came.offset + 1
        return fresh

    def _take(self, batch: Sequence[Incoming], outcomes: list[Outcome]) -> None:
        end, rows = self._end, self._rows
        first = len(rows)
        self._stamp(batch, outcomes)
        raws, begin = rows.frames, self._begin
        places = zip(batch, rows.offsets[first:], rows.appended_at[first:], strict=True)
        raws += [
            frames.pack(begin, offset, stamp, kind, framed_at, key, headers, value)
            for (_, stamp, kind, key, headers, value, *_), offset, framed_at in places
        ]
        leaves = [frames.leaf(raw) for raw in raws[first:]]
        rows.leaves += leaves
        end.tree.extend(leaves)
        rows.decoded.extend(outcomes)
        rows.broker_time += [came.broker_time for came in batch]
        for number, outcome in enumerate(outcomes, first):
            if type(outcome) is Rejection:
                self._rejected[number] = outcome
        self._bytes += sum(map(len, raws[first:]))
        if self._opened_at is None:
            self._opened_at = batch[0].appended_at

    def _stamp(self, batch: Sequence[Incoming], outcomes: list[Outcome]) -> None:
        """Offsets and recorded times, which grow from entry to entry (L3)."""
        end, rows, log = self._end, self._rows, self.log
        grows = log.kind != logs.ARCHIVE
        last, offset = end.last_recorded_at, end.next_offset
        for came, outcome in zip(batch, outcomes, strict=True):
            recorded, framed_at = times(log, came, outcome)
            if last is None or recorded > last:
                last = recorded
            elif grows:
                last = recorded = last + 1
            if not self.local:
                offset = came.offset
            rows.offsets.append(offset)
            rows.recorded_at.append(recorded)
            rows.appended_at.append(framed_at)
            offset += 1
        end.next_offset, end.last_recorded_at = offset, last

    def close_segment(self) -> list[Appended]:
        """Make the open entries durable; those that are entries by this call come back.

        Raises OutsideFailed where the store fails: nothing half-written is ever read, and running
        again goes on at the tail.
        """
        while len(self._rows):
            facts = self._facts()
            data = segment.build(facts, self._rows)
            name = f"{self.log.folder}/{segment.name_of(facts.first_sequence)}"
            # If we die here, nothing is stored; what was taken comes again from its source.
            if self.store.create(name, data):
                # If we die here, the segment has no receipt: whoever opens the log next checks it
                # in full and writes the receipt.
                self.store.create(receipt_name(name), receipt(facts, data))
                done = self._appended(facts.first_sequence)
                self._forget(self._end)
                return done
            self._yield(name)
        return []

    def _appended(self, first: int) -> list[Appended]:
        rows, log, rejected = self._rows, self.log.log, self._rejected
        triples = zip(rows.frames, rows.offsets, rows.recorded_at, strict=True)
        return [
            Appended(raw, first + number, offset, recorded, rejected.get(number), log)
            for number, (raw, offset, recorded) in enumerate(triples)
        ]

    def _yield(self, name: str) -> None:
        """Another writer was first under this name: adopt what it wrote, keep what is left."""
        rows = self._rows
        mine = {} if self.local else dict(zip(rows.offsets, rows.frames, strict=True))
        tail = adopt(self.store, self.log, self.tail, name, mine)
        # A moment of append that is not framed is only the age of the segment in the making.
        opened = self._opened_at or 0
        left = [
            came_as(frames.decode(raw), why, not_framed=opened)
            for raw, why in zip(rows.frames, rows.broker_time, strict=True)
        ]
        self._forget(tail)
        self.take(left)

    def _facts(self) -> Facts:
        rows, before, after = self._rows, self.tail.tree, self._end.tree
        return Facts(
            format=FORMAT,
            code=code_version(),
            schema=columns.SCHEMA_VERSION,
            ledger=self.log.ledger,
            log=self.log.log,
            generation=0,
            first_sequence=before.size,
            count=len(rows),
            first_offset=rows.offsets[0],
            next_offset=self._end.next_offset,
            first_recorded_at=min(rows.recorded_at),
            last_recorded_at=max(rows.recorded_at),
            size_before=before.size,
            root_before=before.root().hex(),
            size_after=after.size,
            root_after=after.root().hex(),
            peaks_after=tuple(peak.hex() for peak in after.peaks),
        )


__all__ = ["Appended", "Incoming", "LogWriter", "Outcome", "Tail"]
