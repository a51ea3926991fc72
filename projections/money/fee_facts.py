"""What was agreed and charged, read from the agreements: fees as stretches, terms, charges.

The one place that turns facts about money (E6) into the plain values of `fees`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from projections.calendar.dates import add_months
from projections.calendar.wall_time import date_start, local_date
from projections.fact_index import facts_about
from projections.money import fees
from projections.money.fees import Fee, Month, Stretch, Term
from projections.terms.resources import listed_coverage
from schemas.instant import Interval, parse_instant, subtract, union

if TYPE_CHECKING:
    from projections.terms import Agreements, Span

CHARGED = "sla.subscription.charged.v1"


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge as its event says it (`sla.subscription.charged.v1`)."""

    amount: Fraction
    currency: str
    start: int
    end: int
    service: str | None
    invoice: str | None
    one_time: bool
    entry: str


def fee_of(raw: Any) -> Fee | None:
    """A fee as an event or a model writes it; None where there is none."""
    if raw is None:
        return None
    read = raw.get if isinstance(raw, Mapping) else lambda name: getattr(raw, name)
    return Fee(Fraction(str(read("amount"))), str(read("currency")), str(read("per")))


def moment_date(moment: Any, zone: str) -> date | None:
    """The date of a moment of E4: of an instant in a `term` the date as it is written counts."""
    if moment is None:
        return None
    if isinstance(moment, date):
        return moment
    if isinstance(moment, int):
        return local_date(moment, zone)
    return date.fromisoformat(str(moment)[:10])


def term(span: Span, zone: str) -> Term:
    """The term of a span for S8.37: from its `from`, else the local date of `started` (S8.38)."""
    begin = moment_date(span.term_from, zone) or local_date(span.life_start, zone)
    return fees.term_of(begin, moment_date(span.term_to, zone))


def cap_term(span: Span, instant: int, zone: str) -> Term:
    """The term of S8.57: without `to` the year that holds the instant, from where it started."""
    begin = moment_date(span.term_from, zone) or local_date(span.term_started_at, zone)
    end = moment_date(span.term_to, zone)
    if end is not None:
        return Term(begin, end)
    today, years = local_date(instant, zone), 0
    while fees.add_years(begin, years + 1) <= today:
        years += 1
    return Term(fees.add_years(begin, years), fees.add_years(begin, years + 1))


def stretches(agreements: Agreements, subscription: str, zone: str) -> list[Stretch]:
    """The subscription's own fee over all its lives."""
    found = []
    for span in agreements.spans_of(subscription):
        fee = fee_of(span.fee)
        if fee is not None:
            found.append(Stretch(span.start, span.end, fee, term(span, zone)))
    return found


def resource_stretches(
    agreements: Agreements, subscription: str, resource: str, zone: str
) -> list[Stretch]:
    """The fee of one resource while it is covered (S3.51): before and after it has none.

    Where an event and the list both give one, the event's holds (S3.53).
    """
    by_event = [
        (start, end, fee)
        for start, end, fee in _added(agreements, subscription, resource, zone)
        if fee is not None
    ]
    found: list[Stretch] = []
    for span in agreements.spans_of(subscription):
        own_term = term(span, zone)
        told = [
            Stretch(max(start, span.start), min(end, span.end), fee, own_term)
            for start, end, fee in by_event
            if max(start, span.start) < min(end, span.end)
        ]
        held = union(Interval(each.start, each.end) for each in told)
        for fee, coverage in _listed(span, resource, zone):
            free = subtract(coverage, held)
            told += [Stretch(start, end, fee, own_term) for start, end in free]
        found += told
    return found


def _listed(span: Span, resource: str, zone: str) -> Iterator[tuple[Fee, list[Interval]]]:
    for each in span.services or ():
        if isinstance(each, Mapping) and each.get("id") == resource:
            fee = fee_of(each.get("fee"))
            if fee is not None:
                yield fee, listed_coverage(each, span, zone)


def _added(
    agreements: Agreements, subscription: str, resource: str, zone: str
) -> Iterator[tuple[int, int, Fee | None]]:
    """The coverages that events gave a resource, each with its fee (S3.51 to S3.53)."""
    spans = agreements.spans_of(subscription)
    for each in agreements.resources.of(subscription).get(resource, ()):
        start, end = each.coverage(zone)
        over = _life_end(spans, each.added.effective_at)
        yield start, min(end, over), fee_of(each.added.data.get("fee"))


def _life_end(spans: Sequence[Span], instant: int) -> int:
    """Where the life ends in which something was added: a new one inherits nothing (S3.2)."""
    life = next((span.life for span in spans if instant < span.end), None)
    return max((span.end for span in spans if span.life == life), default=instant)


def charges(agreements: Agreements, subscription: str) -> list[Charge]:
    """All charges of a subscription in the order of facts (S2.10)."""
    return [
        Charge(
            amount=Fraction(str(fact.data["amount"])),
            currency=str(fact.data["currency"]),
            start=parse_instant(fact.data["from"]),
            end=parse_instant(fact.data["to"]),
            service=fact.data.get("service"),
            invoice=fact.data.get("invoice"),
            one_time=bool(fact.data.get("one_time", False)),
            entry=fact.entry,
        )
        for fact in facts_about(agreements, CHARGED, subscription)
    ]


def months(over: Iterable[Interval], zone: str) -> list[Month]:
    """The calendar months of the period zone that cover a set of intervals (S8.36)."""
    firsts: set[date] = set()
    for start, end in over:
        first = local_date(start, zone).replace(day=1)
        last = local_date(end - 1, zone)
        while first <= last:
            firsts.add(first)
            first = add_months(first, 1)
    return [month_from(first, zone) for first in sorted(firsts)]


def month_from(first: date, zone: str) -> Month:
    """The month that begins with a date, in the period zone."""
    return Month(first, date_start(first, zone), date_start(add_months(first, 1), zone))


def month_holding(instant: int, zone: str) -> Month:
    """The calendar month that holds an instant."""
    return month_from(local_date(instant, zone).replace(day=1), zone)
