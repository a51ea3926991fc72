"""The three types that may stand on every input topic (E6)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from schemas.shapes import Said
from schemas.values import Instant, Text, Whole
from schemas.values import Source as SourceText


class Everywhere(Said):
    """An event that belongs to no topic of its own."""

    TOPIC: ClassVar = None


class EventRetracted(Everywhere):
    """An event is taken back; reaches only events of its own source or its own topic (E7).

    Example (subject `e1`):
        {"source": "/zendesk/acme", "reason": "sent by a test"}
    """

    TYPE: ClassVar = "sla.event.retracted.v1"
    SUBJECT: ClassVar = "`id` of the event taken back"

    source: SourceText
    """The source of that event."""
    reason: Text


class SourceCounted(Everywhere):
    """How many events with `time` in [`from`, `to`) a source published to this topic (E8).

    Example (subject `/zendesk/acme`):
        {"from": "2026-10-01T00:00:00Z", "to": "2026-10-02T00:00:00Z", "count": 12}
    """

    TYPE: ClassVar = "sla.source.counted.v1"
    SUBJECT: ClassVar = "a source"

    from_: Instant = Field(alias="from")
    to: Instant
    count: Whole


class Heartbeat(Everywhere):
    """Says only that the log is complete up to its recorded time; written by this program.

    Example (subject `sla.tickets/3`):
        {}
    """

    TYPE: ClassVar = "sla.heartbeat.v1"
    SUBJECT: ClassVar = "topic and partition"


TYPES: tuple[type[Everywhere], ...] = (EventRetracted, SourceCounted, Heartbeat)
