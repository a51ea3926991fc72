"""The journal: what the ledger's own programs found and did, as entries of one more log (L1)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ledger import logs
from ledger.append import LogWriter
from ledger.entry import Gap, Incoming
from ledger.reader import open_ledger
from schemas import canonical

NAME = "journal"

__all__ = ["Gap", "gap", "write"]


def write(path: Path, said: dict[str, Any], now: Callable[[], int]) -> None:
    """Append one line, durably. Writers may collide: the second appends behind the first.

    Its moment lies after everything recorded in any log, a broker's clock that is ahead included;
    archives apart, whose declared times nobody vouches for.
    """
    meta, store = logs.open_for_writing(path)
    log = logs.register(store, logs.local(meta, logs.JOURNAL, NAME, NAME))
    moment = max(now(), 1 + _latest(path))
    writer = LogWriter(store, log)
    value = canonical.value(said).encode()
    writer.take([Incoming(0, None, None, None, (), value, None, moment)])
    writer.close_segment()


def _latest(path: Path) -> int:
    times = (
        state.last_recorded_at for state in open_ledger(path).snapshot().logs
        if state.kind != logs.ARCHIVE
    )  # fmt: skip
    return max((time for time in times if time is not None), default=0)


def gap(path: Path, log: str, start: int, end: int, reason: str, now: Callable[[], int]) -> bool:
    """Record lost offsets; False where the same gap is recorded already."""
    for known in open_ledger(path).snapshot().gaps():
        if (known.log, known.start, known.end) == (log, start, end):
            return False
    write(path, {"kind": "gap", "log": log, "from": start, "to": end, "reason": reason}, now)
    return True
