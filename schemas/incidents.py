"""Topic `sla.incidents`: incidents, probes, and what other parties report (E6)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import Field

from schemas.instant import FormError
from schemas.shapes import Said
from schemas.values import Id, Ids, Instant, PersonalText, PersonalTexts, Share, Uri, Whole

Cause = Literal[
    "provider", "customer", "third_party", "upstream", "force_majeure", "connectivity",
    "suspension", "beta",
]  # fmt: skip


class Incident(Said):
    """An event about an incident."""

    TOPIC: ClassVar = "sla.incidents"
    SUBJECT: ClassVar = "incident id"


class IncidentDeclared(Incident):
    """Something is wrong, and has a name now; an incident needs no declaration.

    Example (subject `inc-7`):
        {"title": "Gateway unreachable", "severity": "major"}
    """

    TYPE: ClassVar = "sla.incident.declared.v1"

    title: PersonalText | None = None
    severity: Id | None = None


class IncidentImpactStarted(Incident):
    """From here a service was hit.

    Example (subject `inc-7`):
        {"service": "app", "impact": "outage", "share": "0.25", "customers": ["acme"]}
    """

    TYPE: ClassVar = "sla.incident.impact_started.v1"

    service: Id
    """A service, or a resource of a customer's own."""
    impact: Literal["outage", "degraded"]
    share: Share = Decimal(1)
    """Part of the users hit."""
    customers: Ids | None = None
    """Absent: all."""


class IncidentImpactEnded(Incident):
    """From here the service was well again.

    Example (subject `inc-7`):
        {"service": "app"}
    """

    TYPE: ClassVar = "sla.incident.impact_ended.v1"

    service: Id


class IncidentCauseAssigned(Incident):
    """Why a service was hit; a later cause paints over an earlier one (S7.25).

    Example (subject `inc-7`):
        {"cause": "third_party", "party": "stripe", "service": "app",
         "from": "2026-10-01T09:00:00Z", "to": "2026-10-01T09:30:00Z"}
    """

    TYPE: ClassVar = "sla.incident.cause_assigned.v1"

    cause: Cause
    party: Id | None = None
    service: Id | None = None
    """Absent: every service of the incident."""
    from_: Instant | None = Field(default=None, alias="from")
    """Absent with `to`: the whole impact."""
    to: Instant | None = None
    evidence: PersonalTexts | None = None


class IncidentUpdatePublished(Incident):
    """Somebody was told how it stands.

    Example (subject `inc-7`):
        {"audience": "public"}
    """

    TYPE: ClassVar = "sla.incident.update_published.v1"

    audience: Literal["public", "customer"] | None = None
    customers: Ids | None = None
    """Absent: all."""


class IncidentResolved(Incident):
    """The incident is over: every impact still open ends at that moment.

    Example (subject `inc-7`):
        {}
    """

    TYPE: ClassVar = "sla.incident.resolved.v1"


class IncidentReopened(Incident):
    """The incident is not over; brings no impact back.

    Example (subject `inc-7`):
        {}
    """

    TYPE: ClassVar = "sla.incident.reopened.v1"


class ProbeFailed(Incident):
    """A probe found the service down.

    Example (subject `probe-eu`):
        {"service": "app", "marker": "upstream"}
    """

    TYPE: ClassVar = "sla.probe.failed.v1"
    SUBJECT: ClassVar = "probe id"

    service: Id
    customer: Id | None = None
    """Absent: everybody's."""
    marker: Literal["own", "upstream"] = "own"
    """`upstream`: the failure carries the upstream's error."""


class ProbeRecovered(Incident):
    """A probe found the service up again; its `marker` is without effect.

    Example (subject `probe-eu`):
        {"service": "app"}
    """

    TYPE: ClassVar = "sla.probe.recovered.v1"
    SUBJECT: ClassVar = "probe id"

    service: Id
    customer: Id | None = None
    marker: Literal["own", "upstream"] = "own"


class ProbeGapStarted(Incident):
    """From here nothing was measured.

    Example (subject `probe-eu`):
        {"service": "app"}
    """

    TYPE: ClassVar = "sla.probe.gap_started.v1"
    SUBJECT: ClassVar = "probe or counter id"

    service: Id


class ProbeGapEnded(Incident):
    """From here it was measured again.

    Example (subject `probe-eu`):
        {"service": "app"}
    """

    TYPE: ClassVar = "sla.probe.gap_ended.v1"
    SUBJECT: ClassVar = "probe or counter id"

    service: Id


class ProbeCounted(Incident):
    """How many requests there were in [`from`, `to`), and how many failed.

    Example (subject `edge-counter`):
        {"service": "api", "from": "2026-10-01T09:00:00Z", "to": "2026-10-01T09:05:00Z",
         "total": 1200, "failed": 3}
    """

    TYPE: ClassVar = "sla.probe.counted.v1"
    SUBJECT: ClassVar = "counter id"

    service: Id
    customer: Id | None = None
    """Absent: everybody's."""
    from_: Instant = Field(alias="from")
    to: Instant
    total: Whole
    failed: Whole

    @classmethod
    def several(cls, said: Mapping[str, Any], subject: str | None) -> FormError | None:
        fault = super().several(said, subject)
        if fault is None and said["failed"] > said["total"]:
            message = f"{said['failed']} of {said['total']} failed; repair the counter"
            return FormError("failed_above_total", message, "/failed")
        return fault


class PartyReported(Incident):
    """A party said how it stands; `time` is when the party published it.

    Example (subject `stripe`):
        {"state": "outage", "claimed_from": "2026-10-01T08:50:00Z",
         "page": "https://status.stripe.com/"}
    """

    TYPE: ClassVar = "sla.party.reported.v1"
    SUBJECT: ClassVar = "party name"

    state: Literal["outage", "degraded", "operational"]
    component: Id | None = None
    claimed_from: Instant | None = None
    claimed_to: Instant | None = None
    page: Uri | None = None


TYPES: tuple[type[Incident], ...] = (
    IncidentDeclared,
    IncidentImpactStarted,
    IncidentImpactEnded,
    IncidentCauseAssigned,
    IncidentUpdatePublished,
    IncidentResolved,
    IncidentReopened,
    ProbeFailed,
    ProbeRecovered,
    ProbeGapStarted,
    ProbeGapEnded,
    ProbeCounted,
    PartyReported,
)
