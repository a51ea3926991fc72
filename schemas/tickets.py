"""Topic `sla.tickets`: what happens to a ticket (E6). Subject: the ticket's id.

Every one may say whose ticket it is, so that a reader need not know its opening; where `customer`
is absent the subject tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from schemas.instant import FormError
from schemas.shapes import Said
from schemas.values import Id, Ids, Instant, PersonalText, Text, Window

PauseReason = Literal["awaiting_customer", "awaiting_third_party", "customer_duty_unmet", "on_hold"]


class Ticket(Said):
    """What every event about a ticket may say."""

    TOPIC: ClassVar = "sla.tickets"
    SUBJECT: ClassVar = "ticket id"

    customer: Id | None = None
    """Whose ticket it is; one that differs from the opening's does not apply."""


class TicketOpened(Ticket):
    """A customer's matter became a ticket.

    Example (subject `t1`):
        {"customer": "acme", "severity": "P1", "channel": "email", "title": "App is down"}
    """

    TYPE: ClassVar = "sla.ticket.opened.v1"

    customer: Id
    severity: Id
    subscription: Id | None = None
    channel: Id | None = None
    by: Literal["customer", "agent", "automation"] = "customer"
    """Who opened it."""
    kind: Literal["support", "meeting"] = "support"
    service: Id | None = None
    tags: Ids | None = None
    title: PersonalText | None = None
    requester: PersonalText | None = None


class TicketMessage(Ticket):
    """Somebody wrote on the ticket.

    Example (subject `t1`):
        {"customer": "acme", "author": "agent", "content": "update"}
    """

    TYPE: ClassVar = "sla.ticket.message.v1"

    author: Literal["customer", "agent", "automation"]
    public: bool = True
    content: Literal["solution", "question", "update", "acknowledgement", "other"] = "other"


class TicketClassified(Ticket):
    """The ticket got another severity.

    Example (subject `t1`):
        {"severity": "P2", "by": "provider", "reason": "a workaround exists"}
    """

    TYPE: ClassVar = "sla.ticket.classified.v1"

    severity: Id
    by: Literal["provider", "customer"] = "provider"
    reason: Text | None = None


class TicketPaused(Ticket):
    """The provider waits for somebody; clocks that know the reason stop.

    Example (subject `t1`):
        {"reason": "awaiting_customer"}
    """

    TYPE: ClassVar = "sla.ticket.paused.v1"

    reason: PauseReason


class TicketResumed(Ticket):
    """The pause of that reason ends.

    Example (subject `t1`):
        {"reason": "awaiting_customer"}
    """

    TYPE: ClassVar = "sla.ticket.resumed.v1"

    reason: PauseReason


class TicketDueAgreed(Ticket):
    """A date agreed by hand: the deadline of that clock's running instance from then on (S5.47).

    Example (subject `t1`):
        {"clock": "resolution", "due": "2026-10-05T17:00:00+02:00", "by": "desk-lead"}
    """

    TYPE: ClassVar = "sla.ticket.due_agreed.v1"

    clock: Id
    due: Instant
    by: Id | None = None


class TicketResolved(Ticket):
    """The provider says it is fixed.

    Example (subject `t1`):
        {"note": "restarted the gateway"}
    """

    TYPE: ClassVar = "sla.ticket.resolved.v1"

    note: PersonalText | None = None


class TicketResolutionConfirmed(Ticket):
    """The customer says it is fixed.

    Example (subject `t1`):
        {"note": "works again"}
    """

    TYPE: ClassVar = "sla.ticket.resolution_confirmed.v1"

    note: PersonalText | None = None


class TicketResolutionRefused(Ticket):
    """The customer says it is not fixed.

    Example (subject `t1`):
        {"note": "still slow"}
    """

    TYPE: ClassVar = "sla.ticket.resolution_refused.v1"

    note: PersonalText | None = None


class TicketClosed(Ticket):
    """The ticket was closed.

    Example (subject `t1`):
        {"reason": "confirmed"}
    """

    TYPE: ClassVar = "sla.ticket.closed.v1"

    reason: Text | None = None


class TicketReopened(Ticket):
    """The ticket came back.

    Example (subject `t1`):
        {"reason": "same fault"}
    """

    TYPE: ClassVar = "sla.ticket.reopened.v1"

    reason: Text | None = None


class TicketMerged(Ticket):
    """This ticket went into that one.

    Example (subject `t1`):
        {"into": "t2"}
    """

    TYPE: ClassVar = "sla.ticket.merged.v1"

    into: Id
    """The surviving ticket."""

    @classmethod
    def several(cls, said: Mapping[str, Any], subject: str | None) -> FormError | None:
        if subject is not None and said["into"] == subject:
            return FormError("into_itself", "name the surviving ticket, not this one", "/into")
        return super().several(said, subject)


class TicketSlotOffered(Ticket):
    """A time for a meeting was offered.

    Example (subject `t9`):
        {"slot": {"from": "2026-10-05T09:00:00Z", "to": "2026-10-05T10:00:00Z"}}
    """

    TYPE: ClassVar = "sla.ticket.slot_offered.v1"

    slot: Window | None = None


class TicketSlotHeld(Ticket):
    """The meeting took place.

    Example (subject `t9`):
        {"slot": {"from": "2026-10-05T09:00:00Z", "to": "2026-10-05T10:00:00Z"}}
    """

    TYPE: ClassVar = "sla.ticket.slot_held.v1"

    slot: Window | None = None


TYPES: tuple[type[Ticket], ...] = (
    TicketOpened,
    TicketMessage,
    TicketClassified,
    TicketPaused,
    TicketResumed,
    TicketDueAgreed,
    TicketResolved,
    TicketResolutionConfirmed,
    TicketResolutionRefused,
    TicketClosed,
    TicketReopened,
    TicketMerged,
    TicketSlotOffered,
    TicketSlotHeld,
)
