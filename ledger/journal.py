"""The journal: what the ledger's own programs found and did, as entries of one more log (L1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger import logs
from ledger.append import Incoming, Journalled, LogWriter
from ledger.errors import Refused
from ledger.store import DirectoryStore
from schemas import canonical

NAME = "journal"


@dataclass(frozen=True, slots=True)
class Gap:
    """Offsets [start, end) of a log that the broker had lost before they could be read (L4)."""

    log: str
    start: int
    end: int
    reason: str
    recorded_at: int
    entry: str


def journalled(value: bytes | None, place: str) -> Journalled:
    """A line of the journal as read."""
    try:
        said = json.loads(value or b"")
        return Journalled(str(said["kind"]), canonical.value(said))
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(place, f"no line of a journal: {error!r}") from error


def write(path: Path, said: dict[str, Any], now: Callable[[], int]) -> None:
    """Append one line, durably. Writers may collide: the second appends behind the first."""
    meta, store = logs.open_meta(path), DirectoryStore(path)
    log = logs.register(store, logs.local(meta, logs.JOURNAL, NAME, NAME))
    writer = LogWriter(store, log, lambda came: journalled(came.value, NAME))
    value = canonical.value(said).encode()
    writer.take([Incoming(0, None, None, None, (), value, None, now())])
    writer.close_segment()


def gap(path: Path, log: str, start: int, end: int, reason: str, now: Callable[[], int]) -> bool:
    """Record lost offsets; False where the same gap is recorded already."""
    from ledger.reader import open_ledger  # noqa: PLC0415 - the reader reads what is written here

    for known in open_ledger(path).snapshot().gaps():
        if (known.log, known.start, known.end) == (log, start, end):
            return False
    write(path, {"kind": "gap", "log": log, "from": start, "to": end, "reason": reason}, now)
    return True
