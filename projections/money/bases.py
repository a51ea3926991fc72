"""The base of a credit and what caps are of: fee x services x over (S8.30-S8.43, S8.50-S8.55)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from projections.calendar.dates import add_months, days_on
from projections.calendar.wall_time import date_start, local_date
from projections.money import Cap, fee_facts, fees
from projections.money.clauses import BaseTerms, CapTerms
from projections.money.fee_facts import Charge
from projections.money.fees import Stretch
from schemas.instant import Interval, intersect, length, union

if TYPE_CHECKING:
    from projections.terms import Agreements
    from projections.terms.parts import Line, Part

ZERO = Fraction(0)
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Base:
    """The base of one line: exact, None where no charge is known (S8.41).

    `currencies` are those met; `below` is the sum below zero that counts as 0 (S8.42).
    """

    amount: Fraction | None
    currencies: tuple[str, ...] = ()
    below: Fraction | None = None


@dataclass
class Ground:
    """What the bases and caps of one part rest on: its money facts, read once."""

    agreements: Agreements
    part: Part
    zone: str
    own: list[Stretch] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    _resources: dict[str, list[Stretch]] = field(default_factory=dict)

    @classmethod
    def of(cls, agreements: Agreements, part: Part, zone: str) -> Ground:
        """The ground of a part in its period zone."""
        own = fee_facts.stretches(agreements, part.subscription, zone)
        told = fee_facts.charges(agreements, part.subscription)
        return cls(agreements, part, zone, own, told)

    @property
    def last_instant(self) -> int:
        """The part's last covered instant."""
        return self.part.end - 1

    def resource(self, resource: str) -> list[Stretch]:
        """The fee stretches of a resource."""
        if resource not in self._resources:
            self._resources[resource] = fee_facts.resource_stretches(
                self.agreements, self.part.subscription, resource, self.zone
            )
        return self._resources[resource]

    def fee_now(self) -> Stretch | None:
        """The fee at the part's last covered instant."""
        for stretch in self.own:
            if stretch.start <= self.last_instant < stretch.end:
                return stretch
        return None

    def life(self, month: Interval | None) -> Sequence[Interval]:
        """The covered time of the part's period (S3.40), or of a month in place of it (S8.35)."""
        if month is None:
            return self.part.of_period
        spans = self.agreements.spans_of(self.part.subscription)
        return intersect(union(Interval(each.start, each.end) for each in spans), [month])


@dataclass(frozen=True, slots=True)
class Time:
    """The time of a base: intervals, and the share of the sum that is the part's (S8.33)."""

    over: tuple[Interval, ...]
    share: Fraction = Fraction(1)
    by_line: bool = False


def time_of(
    ground: Ground, terms: BaseTerms, claimed_at: int, month: Interval | None = None
) -> Time:
    """The time of S8.32 to S8.34; `claimed_at` is the moment S8.34 counts back from.

    `month` is read in place of the period under `spread: month` (S8.35).
    """
    part, zone = ground.part, ground.zone
    period = month or Interval(part.period.start, part.period.end)
    covered = intersect(part.coverage, [period])
    if terms.over == "period":
        return Time(tuple(covered), by_line=True)
    if terms.over == "month_before":
        first = local_date(period.start, zone).replace(day=1)
        before = fee_facts.month_from(add_months(first, -1), zone)
        whole = length(ground.life(month))
        share = Fraction(length(covered), whole) if whole else ZERO
        return Time((Interval(before.start, before.end),), share)
    day = local_date(claimed_at, zone)
    first_day = date_start(days_on(day, -terms.days), zone)
    return Time((Interval(first_day, date_start(day, zone)),))


def base_of(ground: Ground, terms: BaseTerms, time: Time, lines: Sequence[Line]) -> Base:
    """The base of a line; under `across: sum` its lines are all that were added (S8.35)."""
    if terms.fee == "charged":
        return _charged(ground, terms, time, {line.id for line in lines})
    if not terms.affected:
        return _recurring(ground, [(ground.own, time.over)], time, terms.annual)
    told = [
        (ground.resource(line.id), _line_time(time, line)) for line in lines if line.is_resource
    ]
    return _recurring(ground, told, time, terms.annual)


def _line_time(time: Time, line: Line) -> tuple[Interval, ...]:
    return tuple(intersect(time.over, line.coverage)) if time.by_line else time.over


def _recurring(
    ground: Ground,
    told: Sequence[tuple[Sequence[Stretch], Sequence[Interval]]],
    time: Time,
    annual: str,
) -> Base:
    total, met = ZERO, list[str]()
    for stretches, over in told:
        meets = [each for each in stretches if intersect([Interval(each.start, each.end)], over)]
        met += [each.fee.currency for each in meets]
        total += fees.recurring(meets, over, fee_facts.months(over, ground.zone), annual)
    return Base(total * time.share, tuple(dict.fromkeys(met)))


def _charged(ground: Ground, terms: BaseTerms, time: Time, lines: set[str]) -> Base:
    meant = [
        charge
        for charge in ground.charges
        if not charge.one_time
        and any(start <= charge.start < end for start, end in time.over)
        and (not terms.affected or charge.service in lines)
    ]
    if not meant:
        return Base(None)
    currencies = tuple(dict.fromkeys(charge.currency for charge in meant))
    total = sum((charge.amount for charge in meant), ZERO) * time.share
    if total < 0:
        return Base(ZERO, currencies, below=total)
    return Base(total, currencies)


def cap_of(
    ground: Ground, number: int, terms: CapTerms, base: Fraction, annual: str
) -> tuple[Cap, tuple[str, ...]]:
    """A cap ready to cut, nothing taken off yet, and the currencies it rests on (S8.50-S8.55)."""
    if terms.pay.amount is not None:
        own = (terms.pay.currency,) if terms.pay.currency else ()
        return Cap(number, terms.pay, terms.pay.amount, 0), own
    if terms.of == "base":
        return Cap(number, terms.pay, base, length(ground.part.coverage)), ()
    whole, time_us, met = _cap_whole(ground, terms.of, annual)
    return Cap(number, terms.pay, whole, time_us), met


def _cap_whole(
    ground: Ground, of: str | None, annual: str
) -> tuple[Fraction, int, tuple[str, ...]]:
    """W, the days of W as a length, and the currencies met (S8.51 to S8.54)."""
    if of == "invoice":
        invoiced = _invoiced(ground)
        if invoiced:
            total = sum((charge.amount for charge in invoiced), ZERO)
            time_us = max(each.end for each in invoiced) - min(each.start for each in invoiced)
            return total, time_us, tuple(dict.fromkeys(each.currency for each in invoiced))
    now = ground.fee_now()
    if now is None:
        return ZERO, 0, ()
    met = (now.fee.currency,)
    month = fee_facts.month_holding(ground.last_instant, ground.zone)
    if of == "month_fee":
        return fees.per_month(now.fee, now.term, month, annual), month.days * DAY, met
    if of == "term_fee":
        return _term_fee(ground, annual)
    days = month.days if now.fee.per == "month" else fees.term_days(_cap_term(ground))
    return now.fee.amount, days * DAY, met


def _cap_term(ground: Ground) -> fees.Term:
    return fee_facts.cap_term(ground.part.span, ground.last_instant, ground.zone)


def term_begin(ground: Ground) -> int:
    """The first instant of the term of S8.57, from which `per: term` counts (S8.56d)."""
    return date_start(_cap_term(ground).begin, ground.zone)


def _term_fee(ground: Ground, annual: str) -> tuple[Fraction, int, tuple[str, ...]]:
    term = _cap_term(ground)
    over = (Interval(date_start(term.begin, ground.zone), date_start(term.end, ground.zone)),)
    base = _recurring(ground, [(ground.own, over)], Time(over), annual)
    return base.amount or ZERO, fees.term_days(term) * DAY, base.currencies


def _invoiced(ground: Ground) -> list[Charge]:
    """All charges that share an invoice with one whose `from` is in the part (S8.53)."""
    numbers = {
        charge.invoice
        for charge in ground.charges
        if charge.invoice is not None
        and any(start <= charge.start < end for start, end in ground.part.coverage)
    }
    return [charge for charge in ground.charges if charge.invoice in numbers]
