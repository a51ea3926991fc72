"""Topic `sla.maintenance`: planned work and its notice (E6). Subject: the maintenance's id."""

from __future__ import annotations

from typing import ClassVar, Literal

from schemas.shapes import Said
from schemas.values import Id, Ids, SomeIds, Text, Window


class Maintenance(Said):
    """An event about a maintenance."""

    TOPIC: ClassVar = "sla.maintenance"
    SUBJECT: ClassVar = "maintenance id"


class MaintenanceAnnounced(Maintenance):
    """Work was announced on one channel; `time` is its publication there.

    Example (subject `m1`):
        {"services": ["app"], "kind": "scheduled", "channel": "email",
         "window": {"from": "2026-10-10T02:00:00Z", "to": "2026-10-10T04:00:00Z"}}
    """

    TYPE: ClassVar = "sla.maintenance.announced.v1"

    services: SomeIds
    window: Window
    kind: Literal["scheduled", "emergency"]
    channel: Id
    """`email`, `status_page` ...; one event per channel."""
    customers: Ids | None = None
    """Absent: all."""
    reason: Text | None = None


class MaintenanceRescheduled(Maintenance):
    """The work was moved; notice starts anew for what the old window did not cover.

    Example (subject `m1`):
        {"channel": "email",
         "window": {"from": "2026-10-11T02:00:00Z", "to": "2026-10-11T04:00:00Z"}}
    """

    TYPE: ClassVar = "sla.maintenance.rescheduled.v1"

    window: Window
    channel: Id


class MaintenanceCancelled(Maintenance):
    """The work does not take place.

    Example (subject `m1`):
        {"reason": "the release slipped"}
    """

    TYPE: ClassVar = "sla.maintenance.cancelled.v1"

    reason: Text | None = None


class MaintenanceStarted(Maintenance):
    """The work began.

    Example (subject `m1`):
        {}
    """

    TYPE: ClassVar = "sla.maintenance.started.v1"


class MaintenanceFinished(Maintenance):
    """The work is done.

    Example (subject `m1`):
        {}
    """

    TYPE: ClassVar = "sla.maintenance.finished.v1"


TYPES: tuple[type[Maintenance], ...] = (
    MaintenanceAnnounced,
    MaintenanceRescheduled,
    MaintenanceCancelled,
    MaintenanceStarted,
    MaintenanceFinished,
)
