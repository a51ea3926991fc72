"""An entry on its way in: what came, what it is read as, what became of it (L1, E3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from ledger import logs
from ledger.errors import Refused
from ledger.frame import Frame, decode
from schemas import canonical
from schemas.envelope import Event, Rejection, read


class Incoming(NamedTuple):
    """A record as it came, with its time (E3).

    `recorded_at` is the broker's time in microseconds, None where the moment of append stands in;
    `broker_time` says why then (absent, create_time, ahead).
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


@dataclass(frozen=True, slots=True)
class Gap:
    """Offsets [start, end) of a log that the broker had lost before they could be read (L4)."""

    log: str
    start: int
    end: int
    reason: str
    recorded_at: int
    entry: str


Outcome = Event | Rejection | Journalled
Reader = Callable[[Incoming], Outcome]


class Appended(NamedTuple):
    """An entry that is durable now: its frame, its place, and why it is no event where it is none.

    Events themselves are dropped as soon as their columns are made: fifty thousand of them kept
    alive cost four times their reading.
    """

    frame: bytes
    sequence: int
    offset: int
    recorded_at: int
    outcome: Rejection | None
    log: str

    @property
    def entry(self) -> str:
        """The entry's id, `log/offset` (I6)."""
        return f"{self.log}/{self.offset}"

    @property
    def incoming(self) -> Incoming:
        """What came, read back from the frame."""
        return came_as(decode(self.frame, self.entry), None)


def came_as(frame: Frame, broker_time: str | None, not_framed: int = 0) -> Incoming:
    """A record as it came, from its frame: the broker's time where no moment is framed.

    `not_framed` stands in for a moment of append that the frame does not hold.
    """
    framed, stamp = frame.recorded_at, frame.timestamp
    believed = None if framed is not None or stamp is None else stamp * 1000
    return Incoming(
        frame.offset, stamp, frame.timestamp_type, frame.key, frame.headers, frame.value,
        believed, not_framed if framed is None else framed, broker_time,
    )  # fmt: skip


def reader_of(log: logs.Log) -> Reader:
    """How what comes into a log is read: by its topic, as an archive's line, as any line."""
    if log.kind == logs.KAFKA:
        topic = log.topic
        return lambda came: read(came.value, headers=came.headers, topic=topic)
    if log.kind == logs.ARCHIVE:
        return lambda came: read(came.value, archive=True)
    if log.kind == logs.JOURNAL:
        return lambda came: journalled(came.value, log.log)
    return lambda came: read(came.value)


def times(log: logs.Log, came: Incoming, outcome: Outcome) -> tuple[int, int | None]:
    """Recorded time before L3 moves it on, and the moment of append where it is framed.

    An archive keeps its declared time and frames the true moment beside it (E3).
    """
    if log.kind == logs.ARCHIVE:
        declared = outcome.recordedtime if isinstance(outcome, Event) else None
        return (came.appended_at if declared is None else declared), came.appended_at
    if came.recorded_at is None:
        return came.appended_at, came.appended_at
    return came.recorded_at, None


def journalled(value: bytes | None, place: str) -> Journalled:
    """A line of the journal as read. Refused where it is none."""
    try:
        said = json.loads(value or b"")
        return Journalled(str(said["kind"]), canonical.value(said))
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(place, f"no line of a journal: {error!r}") from error
