"""Topic `sla.agreements`, second half: claims, rights, goodwill and disputes (E6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from schemas.instant import FormError
from schemas.shapes import Said
from schemas.values import (
    AmountAboveZero,
    Currency,
    Id,
    Ids,
    Period,
    PersonalText,
    PersonalTexts,
    Text,
)


class Agreement(Said):
    """An event about what was agreed."""

    TOPIC: ClassVar = "sla.agreements"
    SUBJECT: ClassVar = "claim id"


class Claim(Agreement):
    """What a claim names; `period` and `incidents` exclude each other, both may be absent."""

    customer: Id
    subscription: Id
    period: Period | None = None
    incidents: Ids | None = None
    """Incidents, or tickets for credits on clocks."""
    credit: Id | None = None
    channel: Id | None = None
    written: bool = True
    evidence: PersonalTexts | None = None

    @classmethod
    def several(cls, said: Mapping[str, Any], subject: str | None) -> FormError | None:
        if said["period"] is not None and said["incidents"] is not None:
            return FormError("one_of", "name a period or incidents; claim twice, or choose")
        return super().several(said, subject)


class ClaimSubmitted(Claim):
    """A customer claims a credit.

    Example (subject `c7`):
        {"customer": "acme", "subscription": "s1", "period": "2026-10", "channel": "email"}
    """

    TYPE: ClassVar = "sla.claim.submitted.v1"


class ClaimNotified(Claim):
    """Notice before the claim itself.

    Example (subject `c7`):
        {"customer": "acme", "subscription": "s1", "incidents": ["inc-7"]}
    """

    TYPE: ClassVar = "sla.claim.notified.v1"


class ClaimWithdrawn(Agreement):
    """The customer takes the claim back.

    Example (subject `c7`):
        {"reason": "sent by mistake"}
    """

    TYPE: ClassVar = "sla.claim.withdrawn.v1"

    reason: Text | None = None


class ClaimAccepted(Agreement):
    """The provider grants the claim.

    Example (subject `c7`):
        {"by": "finance-2"}
    """

    TYPE: ClassVar = "sla.claim.accepted.v1"

    reason: Text | None = None
    by: Id | None = None


class ClaimRejected(Agreement):
    """The provider refuses the claim.

    Example (subject `c7`):
        {"reason": "after the deadline", "by": "finance-2"}
    """

    TYPE: ClassVar = "sla.claim.rejected.v1"

    reason: Text | None = None
    by: Id | None = None


class RightExercised(Agreement):
    """The customer makes use of a right, to terminate say.

    Example (subject `s1`):
        {"right": "terminate"}
    """

    TYPE: ClassVar = "sla.right.exercised.v1"
    SUBJECT: ClassVar = "subscription id"

    right: Id


class CreditGranted(Agreement):
    """Goodwill: beside the credit rows, into the billing feed, under no cap.

    Example (subject `goodwill-3`):
        {"subscription": "s1", "period": "2026-10", "amount": "25.00", "currency": "EUR",
         "reason": "a bad week"}
    """

    TYPE: ClassVar = "sla.credit.granted.v1"
    SUBJECT: ClassVar = "credit id, chosen by the source"

    subscription: Id
    period: Period
    amount: AmountAboveZero
    currency: Currency
    reason: Text
    by: Id | None = None


class About(Said):
    """What a dispute is about."""

    kind: Literal["ticket", "incident", "maintenance", "statement"]
    id: Id


class DisputeOpened(Agreement):
    """The customer disagrees.

    Example (subject `d1`):
        {"customer": "acme", "about": {"kind": "incident", "id": "inc-7"}}
    """

    TYPE: ClassVar = "sla.dispute.opened.v1"
    SUBJECT: ClassVar = "dispute id"

    customer: Id
    about: About
    argument: PersonalText | None = None


class ExclusionRuling(Said):
    """Whether an exclusion holds for an incident."""

    incident: Id
    exclusion: Id
    granted: bool


class DisputeDecided(Agreement):
    """How the dispute ended.

    Example (subject `d1`):
        {"decision": "upheld", "by": "arbiter",
         "exclusion": {"incident": "inc-7", "exclusion": "third-party", "granted": false}}
    """

    TYPE: ClassVar = "sla.dispute.decided.v1"
    SUBJECT: ClassVar = "dispute id"

    decision: Literal["upheld", "denied"]
    exclusion: ExclusionRuling | None = None
    basis: Text | None = None
    by: Id | None = None


TYPES: tuple[type[Agreement], ...] = (
    ClaimSubmitted,
    ClaimNotified,
    ClaimWithdrawn,
    ClaimAccepted,
    ClaimRejected,
    RightExercised,
    CreditGranted,
    DisputeOpened,
    DisputeDecided,
)
