"""Segments read whole, one after another or by several processes at once (L8)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Self

from ledger import logs
from ledger.check import Fault, examine
from ledger.errors import LedgerError, Refused
from ledger.tree_end import Tail

_ALONE = 4
"""So many segments are read before it pays to start processes."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in one segment: its faults, its entries, its size in bytes."""

    faults: list[Fault]
    entries: int
    size: int


class Examiners:
    """Takes segments in their order, and gives what it found in that order, perhaps later."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._read = 0
        self._waiting: deque[Future[Examined]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def examine(
        self, data: bytes, log: logs.Log, tail: Tail | None, place: str
    ) -> Iterator[Examined]:
        """Read a segment whole; what comes back may be that of segments before it."""
        self._read += 1
        if self._workers < 2 or self._read <= _ALONE:
            yield examined(data, log, tail, place)
            return
        if self._pool is None:
            # A fork would copy the locks of other threads; a fresh process has none.
            self._pool = ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))
        self._waiting.append(self._pool.submit(examined, data, log, tail, place))
        # What waits is held in memory, so no more than keeps everybody busy.
        while len(self._waiting) > 2 * self._workers:
            yield self._waiting.popleft().result()

    def rest(self) -> Iterator[Examined]:
        """What was found in all segments given so far."""
        while self._waiting:
            yield self._waiting.popleft().result()


def examined(data: bytes, log: logs.Log, tail: Tail | None, place: str) -> Examined:
    """One segment read whole."""
    try:
        seen = examine(data, log, tail, place)
    except LedgerError as error:
        return Examined([fault_of(place, "segment", error)], 0, len(data))
    return Examined(seen.faults, len(seen.frames), len(data))


def fault_of(file: str, kind: str, error: LedgerError) -> Fault:
    """A file that cannot be read, as a fault."""
    return Fault(file, kind, None, error.fault if isinstance(error, Refused) else str(error))
