"""Helpers of the ledger's tests: records of a topic, writers over a store that may die."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from ledger import logs
from ledger.append import Incoming, LogWriter
from ledger.errors import OutsideFailed
from ledger.store import DirectoryStore

TOPIC_ID = "6f0c6b1e-0000-0000-0000-000000000001"


def line(number: int, **more: Any) -> bytes:
    said = {
        "specversion": "1.0", "id": f"e{number}", "source": "/t", "type": "sla.ticket.opened.v1",
        "subject": f"t{number}", "time": "2026-10-01T09:00:00Z",
        "data": {"customer": "acme", "severity": "P1"}, **more,
    }  # fmt: skip
    return json.dumps(said).encode()


def records(count: int, start: int = 0, step: int = 1) -> list[Incoming]:
    """Records as a broker gives them; `step` leaves holes, as transaction markers do."""
    return [
        Incoming(start + n * step, 1_790_000_000_000 + n // 3, 1, b"k", (), line(n),
                 (1_790_000_000_000 + n // 3) * 1000, 1_790_000_000_500_000)
        for n in range(count)
    ]  # fmt: skip


def kafka_ledger(path: Path) -> Path:
    logs.create(path, logs.KAFKA, 1)
    return path


def writer(path: Path, partition: int = 0) -> LogWriter:
    return LogWriter.open_partition(path, "sla.tickets", TOPIC_ID, partition, "cluster")


class Died(BaseException):
    """The process is gone: nothing behind this point runs."""


class DyingStore(DirectoryStore):
    """Dies before or after its n-th durable step, or fails as a full disk does."""

    def __init__(self, root: Path, at: int, *, after: bool, full: bool = False) -> None:
        super().__init__(root)
        self._count = itertools.count()
        self._at, self._after, self._full = at, after, full

    def create(self, name: str, data: bytes) -> bool:
        now = next(self._count) == self._at
        if now and self._full:
            raise OutsideFailed("No space left on device")
        if now and not self._after:
            raise Died
        made = super().create(name, data)
        if now:
            raise Died
        return made
