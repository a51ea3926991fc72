"""Topic `sla.agreements`: contracts, calendars, readings, subscriptions and resources (E6).

Claims, goodwill and disputes go to the same topic; their models stand in claims.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from schemas.claims import TYPES as CLAIM_TYPES
from schemas.claims import Agreement
from schemas.instant import FormError
from schemas.lists import IdOr, ListForm
from schemas.shapes import ObjectForm, Said
from schemas.values import (
    AnyValue,
    AtMoment,
    ClockTime,
    Currency,
    Date,
    DayOfMonth,
    EndTime,
    Fee,
    Id,
    Ids,
    Instant,
    SignedAmount,
    TermMoment,
    Terms,
    Text,
)


class ContractPublished(Agreement):
    """A version of a contract takes force at `time`, unless its `effective.from` says otherwise.

    Example (subject `gateway-sla`):
        {"terms": {"contract": "gateway-sla", "version": "2026-01", "provider": "TapPass",
                   "source": {"title": "Support SLAs", "document": "none", "text_sha256": "none"},
                   "effective": {}, "supersession": "frozen_for_term",
                   "zones": {"period": "Europe/Berlin", "deadlines": "Europe/Berlin"}},
         "by": "legal"}
    """

    TYPE: ClassVar = "sla.contract.published.v1"
    SUBJECT: ClassVar = "contract id"

    terms: Terms
    """The whole contract document, as JSON; docs/contracts.md says what may stand in it."""
    by: Id | None = None

    @classmethod
    def several(cls, said: Mapping[str, Any], subject: str | None) -> FormError | None:
        if subject is not None and said["terms"].get("contract") != subject:
            message = f"terms.contract is not {subject!r}"
            return FormError("terms_subject", message, "/terms/contract")
        return super().several(said, subject)


class Hours(Said):
    """Open hours of one date; an end before its start crosses midnight (E4)."""

    from_: ClockTime = Field(alias="from")
    to: EndTime

    @classmethod
    def several(cls, said: Mapping[str, Any], _subject: str | None) -> FormError | None:
        if said["from_"] == said["to"]:
            return FormError("range_reversed", "hours of no length", "/to")
        return None


class Holiday(Said):
    """A date that is not as others."""

    date: Date
    name: Text | None = None
    closed: bool = True
    """Without `hours`: shut all day, or the normal hours."""
    hours: Annotated[tuple[Hours, ...], ListForm(ObjectForm(Hours))] | None = None
    """Open then and only then."""


class CalendarPublished(Agreement):
    """The whole set of holidays from `effective_from` on.

    Example (subject `de-by`):
        {"holidays": [{"date": "2026-12-25", "name": "Christmas"},
                      {"date": "2026-12-24", "hours": [{"from": "09:00", "to": "12:00"}]}],
         "effective_from": "2026-12-01"}
    """

    TYPE: ClassVar = "sla.calendar.published.v1"
    SUBJECT: ClassVar = "calendar set id"

    holidays: Annotated[tuple[Holiday, ...], ListForm(ObjectForm(Holiday))]
    """Each date once."""
    effective_from: Date | None = None
    """Absent: the local date of `time` in the calendar's zone."""
    by: Id | None = None

    @classmethod
    def several(cls, said: Mapping[str, Any], subject: str | None) -> FormError | None:
        seen = set()
        for position, holiday in enumerate(said["holidays"]):
            if holiday.date in seen:
                message = f"{holiday.date} comes twice; one element a date"
                return FormError("date_repeated", message, f"/holidays/{position}/date")
            seen.add(holiday.date)
        return super().several(said, subject)


class InterpretationDecided(Agreement):
    """How an ambiguous clause is read, by whom and why.

    Example (subject `gateway-sla`):
        {"interpretation": "month-zone", "chosen": "utc", "basis": "counsel's letter"}
    """

    TYPE: ClassVar = "sla.interpretation.decided.v1"
    SUBJECT: ClassVar = "contract id"

    interpretation: Id
    chosen: Id
    """One of the interpretation's options."""
    basis: Text | None = None
    customer: Id | None = None
    """Absent: all."""
    by: Id | None = None


class Resource(Said):
    """A resource of the customer's own; events name it by its `id`."""

    id: Id
    is_: Id = Field(alias="is")
    """The contract's service that it is one of."""
    fee: Fee | None = None
    from_: AtMoment | None = Field(default=None, alias="from")
    to: AtMoment | None = None


class Override(Said):
    """One place of the contract, replaced for this subscription (docs/contracts.md)."""

    path: Text
    value: AnyValue


class Term(Said):
    """The term of a subscription; of an instant the date as it is written counts."""

    from_: TermMoment | None = Field(default=None, alias="from")
    to: TermMoment | None = None


class Subscription(Agreement):
    """What a subscription is made of."""

    SUBJECT: ClassVar = "subscription id"

    customer: Id | None = None
    contract: Id | None = None
    plan: Id | None = None
    fee: Fee | None = None
    signed: bool | None = None
    services: Annotated[tuple[str | Resource, ...], ListForm(IdOr(Resource))] | None = None
    """Absent at the start: all services of the contract."""
    billing_day: DayOfMonth | None = None
    """Absent at the start: the local day of `time`."""
    add_ons: Ids | None = None
    overrides: Annotated[tuple[Override, ...], ListForm(ObjectForm(Override))] | None = None
    term: Term | None = None


class SubscriptionStarted(Subscription):
    """A customer is under a contract from `time` on.

    Example (subject `s1`):
        {"customer": "acme", "contract": "gateway-sla", "plan": "growth",
         "fee": {"amount": "500.00", "currency": "EUR", "per": "month"},
         "services": ["app", {"id": "db-17", "is": "database", "from": "2026-10-01"}],
         "overrides": [{"path": "availability[uptime].target", "value": "99.95"}],
         "term": {"from": "2026-10-01", "to": "2027-10-01"}}
    """

    TYPE: ClassVar = "sla.subscription.started.v1"

    customer: Id
    contract: Id
    plan: Id
    fee: Fee
    signed: bool = True


class SubscriptionChanged(Subscription):
    """Members that change; each replaces the old value whole, `[]` empties a list.

    Example (subject `s1`):
        {"plan": "enterprise", "overrides": []}
    """

    TYPE: ClassVar = "sla.subscription.changed.v1"


class SubscriptionEnded(Agreement):
    """The customer is no longer under the contract.

    Example (subject `s1`):
        {"reason": "notice given"}
    """

    TYPE: ClassVar = "sla.subscription.ended.v1"
    SUBJECT: ClassVar = "subscription id"

    reason: Text | None = None


class SubscriptionCharged(Agreement):
    """What was charged for [`from`, `to`); a rebate is below 0.

    Example (subject `s1`):
        {"amount": "500.00", "currency": "EUR", "from": "2026-10-01T00:00:00+02:00",
         "to": "2026-11-01T00:00:00+01:00", "invoice": "in-2026-10-4"}
    """

    TYPE: ClassVar = "sla.subscription.charged.v1"
    SUBJECT: ClassVar = "subscription id"

    amount: SignedAmount
    currency: Currency
    from_: Instant = Field(alias="from")
    to: Instant
    service: Id | None = None
    invoice: Id | None = None
    one_time: bool = False


class ResourceAdded(Agreement):
    """A resource of the customer's own, beside the list in `services`: for fleets.

    Example (subject `db-18`):
        {"subscription": "s1", "is": "database", "from": "2026-10-05"}
    """

    TYPE: ClassVar = "sla.resource.added.v1"
    SUBJECT: ClassVar = "resource id"

    subscription: Id
    is_: Id = Field(alias="is")
    fee: Fee | None = None
    from_: AtMoment | None = Field(default=None, alias="from")
    """Absent: `time`."""


class ResourceRemoved(Agreement):
    """The resource is covered no longer.

    Example (subject `db-18`):
        {"to": "2026-10-20"}
    """

    TYPE: ClassVar = "sla.resource.removed.v1"
    SUBJECT: ClassVar = "resource id"

    to: AtMoment | None = None
    """Absent: `time`."""


class AccountStandingChanged(Agreement):
    """Whether the customer is in good standing from now on.

    Example (subject `acme`):
        {"good": false}
    """

    TYPE: ClassVar = "sla.account.standing_changed.v1"
    SUBJECT: ClassVar = "customer"

    good: bool


TYPES: tuple[type[Agreement], ...] = (
    ContractPublished,
    CalendarPublished,
    InterpretationDecided,
    SubscriptionStarted,
    SubscriptionChanged,
    SubscriptionEnded,
    SubscriptionCharged,
    ResourceAdded,
    ResourceRemoved,
    AccountStandingChanged,
    *CLAIM_TYPES,
)
