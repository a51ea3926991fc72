"""Claims of a part, read from their events: what each names, its form, its deadlines (S8.75-S8.79).

Turns facts, outages and breaches into the plain values that `claims` judges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from projections.calendar.dates import add_months, days_on, month_dates, month_of
from projections.calendar.wall_time import date_start, local_date
from projections.fact_index import facts_about, in_order
from projections.money.claims import Claim, Countable, Limit, Notice
from projections.money.clauses import ClaimTerms, DeadlineTerms
from schemas.instant import Interval, intersect, union

if TYPE_CHECKING:
    from projections.terms import Agreements, Fact
    from projections.terms.parts import Part

SUBMITTED = "sla.claim.submitted.v1"
NOTIFIED = "sla.claim.notified.v1"
WITHDRAWN = "sla.claim.withdrawn.v1"
ACCEPTED = "sla.claim.accepted.v1"
REJECTED = "sla.claim.rejected.v1"
SEALED = "sla.statement.sealed.v1"

Impacts = Callable[[str], dict[str, list[Interval]]]
"""Of an incident, per service the intervals in which it reaches the customer (S8.79)."""
CountDates = Callable[[str, date, int], date | None]
"""The Nth date after a date that a calendar counts (S8.77); None: never reached (S4.10)."""


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """One claim of a subscription with all that was said about it."""

    id: str
    submitted: Fact
    decision: str | None
    withdrawn: bool


def claims_of(agreements: Agreements, subscription: str) -> list[ClaimFacts]:
    """The claims of a subscription in the order of facts; the first submission of an id stands."""
    first: dict[str, Fact] = {}
    for fact in facts_about(agreements, SUBMITTED, subscription, "subscription"):
        first.setdefault(fact.subject, fact)
    return [
        ClaimFacts(
            name, fact, _decision(agreements, name),
            withdrawn=bool(facts_about(agreements, WITHDRAWN, name)),
        )
        for name, fact in first.items()
    ]  # fmt: skip


def _decision(agreements: Agreements, claim: str) -> str | None:
    """The last of accepted and rejected (S8.85)."""
    told = in_order(
        facts_about(agreements, ACCEPTED, claim), facts_about(agreements, REJECTED, claim)
    )
    if not told:
        return None
    return "accepted" if told[-1].type == ACCEPTED else "rejected"


def notices_of(agreements: Agreements, subscription: str) -> list[Fact]:
    """The notices of a subscription in the order of facts."""
    return facts_about(agreements, NOTIFIED, subscription, "subscription")


def names(
    data: Mapping[str, Any], part: Part, outages: Sequence[Countable], impacts: Impacts
) -> frozenset[int] | None:
    """The outages that a claim or notice is for; None where it is not for this part (S8.79)."""
    if data.get("incidents") is not None:
        found = frozenset(
            number
            for number, outage in enumerate(outages)
            if any(_meets(outage, name, part, impacts) for name in data["incidents"])
        )
        return found or None
    if data.get("period") == part.period.name:
        return frozenset(range(len(outages)))
    if data.get("period") is None and claim_window(part):
        return frozenset(range(len(outages)))
    return None


def _meets(outage: Countable, name: str, part: Part, impacts: Impacts) -> bool:
    """Whether an incident's impact meets the outage, or it is the ticket of the breach."""
    if outage.ticket is not None:
        return outage.ticket == name
    if outage.whole_period:
        told = [each for intervals in impacts(name).values() for each in intervals]
        return bool(intersect(union(told), part.coverage))
    end = outage.end if outage.end is not None else 2**62
    told = impacts(name).get(outage.line, [])
    return any(each.start < end and outage.start < each.end for each in told)


def ending(spec: Any) -> str | None:
    """Where the windows of a `days` period end (S3.34 to S3.36); None: another period."""
    found = spec.get("ending") if isinstance(spec, dict) else getattr(spec, "ending", None)
    return None if found is None else str(found)


def claim_window(part: Part) -> bool:
    """Whether the part's period is one that a claim makes (S3.36)."""
    return ending(part.period.spec) == "claim"


def made_on(part: Part, instant: int, zone: str) -> bool:
    """Whether a claim's date opens the part's period: always, but for S3.36 (S8.86)."""
    if not claim_window(part):
        return True
    return local_date(instant, zone) == local_date(part.period.end, zone)


def part_claims(
    told: Sequence[ClaimFacts],
    part: Part,
    outages: Sequence[Countable],
    *,
    terms: ClaimTerms,
    named: frozenset[str],
    good: Callable[[str, int], bool],
    impacts: Impacts,
    zone: str,
) -> list[Claim]:
    """The claims for a part and one of those named, as plain values (S8.79, S8.85)."""
    found = []
    for each in told:
        data, at = each.submitted.data, each.submitted.effective_at
        credit = data.get("credit")
        if (credit is not None and credit not in named) or not made_on(part, at, zone):
            continue
        meant = names(data, part, outages, impacts)
        if meant is not None:
            valid = terms.fits(data) and good(str(data["customer"]), at)
            found.append(Claim(each.id, at, meant, valid, each.decision, each.withdrawn, credit))
    return found


def part_notices(
    told: Sequence[Fact],
    part: Part,
    outages: Sequence[Countable],
    *,
    terms: ClaimTerms,
    named: frozenset[str],
    impacts: Impacts,
) -> list[Notice]:
    """The notices for a part that have the form asked for (S8.78)."""
    found = []
    for fact in told:
        credit = fact.data.get("credit")
        if (credit is not None and credit not in named) or not terms.fits(fact.data):
            continue
        meant = names(fact.data, part, outages, impacts)
        if meant is not None:
            found.append(Notice(fact.subject, fact.effective_at, meant))
    return found


@dataclass(frozen=True, slots=True)
class Dates:
    """What turns a moment into the end of a deadline: zones, counted dates, the first sealing."""

    deadlines: str
    period: str
    counted: CountDates
    issued: int | None

    def limits(
        self, terms: ClaimTerms, part: Part, start: int, end: int | None, *, whole: bool
    ) -> tuple[Limit, ...]:
        """The deadlines that an outage has (S8.76, S8.77)."""
        found = []
        for deadline in terms.deadlines:
            first = self._date(deadline, part, start, end, whole=whole)
            if first is not None:
                last = self._last(deadline, first)
                if last is not None:
                    found.append(Limit(deadline.by, self._end(last)))
        return tuple(found)

    def _end(self, last: date) -> int:
        return date_start(days_on(last, 1), self.deadlines)

    def last_date(self, part: Part) -> date:
        """The period's last date, of the period zone."""
        return local_date(part.period.end - 1, self.period)

    def _date(
        self, deadline: DeadlineTerms, part: Part, start: int, end: int | None, *, whole: bool
    ) -> date | None:
        """The date from which a deadline counts; None where its moment is not there yet."""
        if deadline.moment == "issued":
            return None if self.issued is None else local_date(self.issued, self.deadlines)
        if deadline.moment == "period_end" or whole:
            return self.last_date(part)
        moment = start if deadline.moment == "incident_start" else end
        return None if moment is None else local_date(moment, self.deadlines)

    def _last(self, deadline: DeadlineTerms, first: date) -> date | None:
        if deadline.unit == "d":
            return days_on(first, deadline.number)
        if deadline.unit == "bd":
            return self.counted(deadline.calendar or "", first, deadline.number)
        if deadline.moment == "period_end":
            following = add_months(first.replace(day=1), deadline.number)
            return month_dates(month_of(following))[1] - timedelta(days=1)
        return add_months(first, deadline.number)


def first_sealed(agreements: Agreements, subscription: str, month: str) -> int | None:
    """The first sealing of a month's statement (S8.76 `issued`); None: not yet."""
    for fact in facts_about(agreements, SEALED, subscription, "subscription"):
        if fact.data.get("period") == month:
            return fact.effective_at
    return None


def countable_period(dates: Dates, terms: ClaimTerms, part: Part, at: int) -> Countable:
    """The period itself: for deadlines every moment of it is its last date (S8.75)."""
    start = part.period.start
    end = part.period.end if part.period.end <= at else None
    limits = dates.limits(terms, part, start, end, whole=True)
    return Countable("", start, end, limits, whole_period=True)
