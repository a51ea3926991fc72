"""From bytes to an event or the one reason why there is none (E1, E2, E5).

`read` never raises for what a message holds: an Event or a Rejection comes back, a value each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schemas.instant import Instant


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a message is no event (E5): the code, the JSON Pointer of the fault, what to mend."""

    code: str
    at: str
    message: str


@dataclass(frozen=True, slots=True)
class Event:
    """What was said: a valid event with its typed data."""

    id: str
    source: str
    type: str
    subject: str
    time: Instant
    data: Any
    topic: str
    corrects: str | None = None
    observedtime: Instant | None = None
    recordedtime: Instant | None = None

    def content(self) -> bytes:
        """Canonical typed content (E7): equal for a repeat, different for a conflict."""
        raise NotImplementedError

    @property
    def identity(self) -> bytes:
        """16 bytes that stand for `source` and `id` (E7)."""
        raise NotImplementedError

    @property
    def content_hash(self) -> bytes:
        """16 bytes that stand for the content (E7)."""
        raise NotImplementedError

    def open_data(self) -> dict[str, Any]:
        """Typed data with defaults written out, without the personal members of E9."""
        raise NotImplementedError


def read(
    value: bytes | None,
    *,
    headers: Sequence[tuple[str, bytes | None]] = (),
    topic: str | None = None,
    archive: bool = False,
) -> Event | Rejection:
    """Read one message or line; `topic` None where every type is allowed (files, archives)."""
    raise NotImplementedError
