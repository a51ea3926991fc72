"""The one way in: entries to a log, exactly once (L1 to L4).

`LogWriter` is the story: recover the tail; take what comes behind it; close a segment durably;
where another writer was first, check what it wrote, adopt it and go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger import columns, logs, segment
from ledger import frame as frames
from ledger.errors import BadInput, Refused
from ledger.store import DirectoryStore, Store
from ledger.tail import Tail, adopt, recover
from schemas.envelope import Event, Rejection, read

FULL_RECORDS = 50_000
FULL_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record as it came, with its time (E3).

    `recorded_at` is the broker's or the declared time in microseconds, None where the moment of
    append stands in; `broker_time` says why then (absent, create_time, ahead).
    """

    offset: int
    timestamp_ms: int | None
    timestamp_type: int | None
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None
    recorded_at: int | None
    appended_at: int
    broker_time: str | None = None


@dataclass(frozen=True, slots=True)
class Journalled:
    """What a line of the journal is: its kind and its text, no event."""

    kind: str
    data: str


Outcome = Event | Rejection | Journalled


@dataclass(frozen=True, slots=True)
class Appended:
    """An entry: what came, its place, its recorded time, and what it was read as."""

    incoming: Incoming
    sequence: int
    offset: int
    recorded_at: int
    outcome: Outcome
    log: str

    @property
    def entry(self) -> str:
        """The entry's id, `log/offset` (I6)."""
        return f"{self.log}/{self.offset}"


Reader = Callable[[Incoming], Outcome]


class LogWriter:
    """Appends to one log. Positions of local logs are counted here, the broker's are kept."""

    def __init__(self, store: Store, log: logs.Log, reader: Reader | None = None) -> None:
        self.store = store
        self.log = log
        self.local = log.kind in {logs.FILE, logs.JOURNAL}
        self._read = reader or _reader_of(log)
        self._begin = frames.prefix(log.cluster_id, log.topic, log.topic_id, log.partition)
        self.tail = recover(store, log)
        self._forget()

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
        meta, store = logs.open_meta(path), DirectoryStore(path)
        if meta.door != logs.KAFKA:
            raise BadInput(str(path), "this ledger is fed by files; sla-ledger init --kafka makes"
                                      " one that is fed by topics")  # fmt: skip
        log, others = logs.of_partition(store, meta, topic, topic_id, partition, cluster_id)
        if log.incarnation > 1 and log.folder not in _folders(store, meta) and not new_incarnation:
            raise BadInput(
                f"topic {topic}", f"it has the id {topic_id}, the ledger knows it as"
                f" {others[-1].topic_id}: it was deleted and made anew; if that is so, say"
                " --new-incarnation, and its entries go into a log of their own"
            )  # fmt: skip
        return cls(store, logs.register(store, log))

    def _forget(self) -> None:
        self._taken: list[Incoming] = []
        self._appended: list[Appended] = []
        self._own: list[tuple[Any, ...]] = []
        self._decoded: list[list[Any]] = []
        self._bytes = 0
        self._end = self.tail.copy()

    @property
    def next_offset(self) -> int:
        """The offset behind the last entry taken."""
        return self._end.next_offset

    @property
    def open_entries(self) -> int:
        """How many entries are taken and not durable yet."""
        return len(self._taken)

    @property
    def opened_at(self) -> int | None:
        """The moment of append of the first open entry."""
        return self._taken[0].appended_at if self._taken else None

    @property
    def is_full(self) -> bool:
        """Whether the open entries fill a segment."""
        return len(self._taken) >= FULL_RECORDS or self._bytes >= FULL_BYTES

    def take(self, batch: Sequence[Incoming]) -> None:
        """Take records behind the tail; those that are held already are passed over."""
        for came in batch:
            if not self.local and came.offset < self._end.next_offset:
                continue
            self._take(came, self._read(came))

    def _take(self, came: Incoming, outcome: Outcome) -> None:
        end = self._end
        offset = end.next_offset if self.local else came.offset
        declared = came.recorded_at if isinstance(outcome, Event) else None
        if self.log.kind != logs.ARCHIVE:
            declared = came.recorded_at
        framed_at = came.appended_at if declared is None or self.log.kind == logs.ARCHIVE else None
        recorded = came.appended_at if declared is None else declared
        if self.log.kind == logs.ARCHIVE:
            if isinstance(outcome, Event) and outcome.recordedtime is not None:
                recorded = outcome.recordedtime
        elif end.last_recorded_at is not None and recorded <= end.last_recorded_at:
            recorded = end.last_recorded_at + 1
        raw = frames.encode(self._begin, frames.Frame(
            None, self.log.topic, self.log.topic_id, self.log.partition, offset,
            came.timestamp_ms, came.timestamp_type, framed_at, came.key, came.headers, came.value,
        ))  # fmt: skip
        leaf = frames.leaf(raw)
        sequence = end.tree.size
        self._own.append((sequence, offset, raw, leaf, recorded, framed_at, came.broker_time))
        self._decoded.append(decoded(outcome))
        self._taken.append(came)
        self._appended.append(Appended(came, sequence, offset, recorded, outcome, self.log.log))
        self._bytes += len(raw)
        end.tree.add(leaf)
        end.next_offset = offset + 1
        end.last_recorded_at = max(recorded, end.last_recorded_at or recorded)

    def close_segment(self) -> list[Appended]:
        """Make the open entries durable; those that are entries by this call come back.

        Raises OutsideFailed where the store fails: nothing half-written is ever read, and running
        again goes on at the tail.
        """
        done: list[Appended] = []
        while self._taken:
            data = self._segment()
            name = f"{self.log.folder}/{segment.name_of(self.tail.tree.size)}"
            # If we die here, nothing is stored; what was taken comes again from its source.
            if self.store.create(name, data):
                # If we die here, the segment has no receipt: whoever opens the log next checks it
                # in full and writes the receipt.
                self.store.create(segment.receipt_name(name), segment.receipt(self._facts(), data))
                done += self._appended
                self.tail = self._end
                self._forget()
                return done
            self._yield(name)
        return done

    def _yield(self, name: str) -> None:
        """Another writer was first under this name: adopt what it wrote, keep what is left."""
        mine = {
            each.offset: frame[2] for each, frame in zip(self._appended, self._own, strict=True)
        }
        left = self._taken
        self.tail = adopt(self.store, self.log, self.tail, name, {} if self.local else mine)
        self._forget()
        self.take(left)

    def _facts(self) -> segment.Facts:
        recorded = [row[4] for row in self._own]
        return segment.Facts(
            format=segment.FORMAT,
            schema=columns.SCHEMA_VERSION,
            ledger=self.log.ledger,
            log=self.log.log,
            generation=0,
            first_sequence=self.tail.tree.size,
            count=len(self._own),
            first_offset=self._own[0][1],
            next_offset=self._end.next_offset,
            first_recorded_at=min(recorded),
            last_recorded_at=max(recorded),
            size_before=self.tail.tree.size,
            root_before=self.tail.tree.root().hex(),
            size_after=self._end.tree.size,
            root_after=self._end.tree.root().hex(),
            peaks_after=tuple(peak.hex() for peak in self._end.tree.peaks),
        )

    def _segment(self) -> bytes:
        return segment.build(self._facts(), self._own, self._decoded)


def decoded(outcome: Outcome) -> list[Any]:
    """The decoded columns of an outcome."""
    if isinstance(outcome, Journalled):
        made = columns.blank()
        made[columns.PLACE["type"]] = f"journal.{outcome.kind}"
        made[columns.PLACE["data"]] = outcome.data
        return made
    return columns.row(outcome)


def _reader_of(log: logs.Log) -> Reader:
    if log.kind == logs.KAFKA:
        topic = log.topic
        return lambda came: read(came.value, headers=came.headers, topic=topic)
    if log.kind == logs.ARCHIVE:
        return lambda came: read(came.value, archive=True)
    return lambda came: read(came.value)


def _folders(store: Store, meta: logs.Meta) -> set[str]:
    return {log.folder for log in logs.all_logs(store, meta)}


def outcome_again(log: logs.Log, frame: frames.Frame, place: str) -> Outcome:
    """What a frame is read as, for checking decoded columns and making them again."""
    if log.kind == logs.JOURNAL:
        from ledger.journal import journalled  # noqa: PLC0415 - the journal is written through here

        return journalled(frame.value, place)
    came = Incoming(
        frame.offset, frame.timestamp, frame.timestamp_type, frame.key, frame.headers, frame.value,
        None, 0,
    )  # fmt: skip
    return _reader_of(log)(came)


def check_against(frame: frames.Frame, row: dict[str, Any], log: logs.Log, place: str) -> None:
    """Raise Refused where decoded columns are not what the frame says."""
    expected = decoded(outcome_again(log, frame, place))
    for name, value in zip(columns.NAMES, expected, strict=True):
        if row[name] != value:
            raise Refused(place, f"column {name} is not what its frame says")


__all__ = ["Appended", "Incoming", "LogWriter", "Outcome", "Tail"]
