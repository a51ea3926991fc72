"""What a percentage is of (S8.30 to S8.43): fees over time and charges."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.reference.intervals import Spans, both, holds, length, less, tidy
from tests.reference.knowing import Fact
from tests.reference.parts import Agreements, Part
from tests.reference.periods import add_months, month_span, months_between
from tests.reference.subscriptions import State
from tests.reference.zones import first_instant, local_date


@dataclass
class Sum:
    """An exact amount, the currencies met, and whether anything was there at all."""

    amount: Fraction = Fraction(0)
    currencies: list[str] = field(default_factory=list)
    found: bool = True

    def add(self, amount: Fraction, currency: str) -> None:
        """One more."""
        self.amount += amount
        if currency not in self.currencies:
            self.currencies.append(currency)


def written_date(text: str) -> date:
    """S8.38: of an instant in `term` the date as it is written counts."""
    return date.fromisoformat(text[:10])


def years_later(day: date, years: int) -> date:
    """29 February and a year is 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def term_of(state: State, zone: str) -> tuple[date, date]:
    """S8.38: the term of a fee."""
    term = state.data.get("term") or {}
    begin = written_date(term["from"]) if term.get("from") else local_date(state.life_start, zone)
    end = written_date(term["to"]) if term.get("to") else years_later(begin, 1)
    return begin, end


def cap_term(state: State, instant: int, zone: str) -> tuple[date, date]:
    """S8.57: the term of a cap; without an end the year that holds the instant."""
    term = state.data.get("term") or {}
    begin = (
        written_date(term["from"]) if term.get("from") else (local_date(state.term_started, zone))
    )
    if term.get("to"):
        return begin, written_date(term["to"])
    return year_holding(begin, local_date(instant, zone))


def year_holding(begin: date, day: date) -> tuple[date, date]:
    """The year counted from a date that holds another; before it, the first."""
    number = 0
    while years_later(begin, number + 1) <= day:
        number += 1
    return years_later(begin, number), years_later(begin, number + 1)


def per_month(fee: dict[str, Any], state: State, annual: str, month: date, zone: str) -> Fraction:
    """S8.37: a fee as it is for one month."""
    amount, per = Fraction(fee["amount"]), fee["per"]
    if per == "month":
        return amount
    begin, end = term_of(state, zone)
    days = monthrange(month.year, month.month)[1]
    if per == "year":
        if annual != "days":
            return amount / 12
        year = year_holding(begin, month)
        return amount * days / (year[1] - year[0]).days
    if annual == "days":
        return amount * days / (end - begin).days
    months = (end.year - begin.year) * 12 + end.month - begin.month
    return amount / max(months, 1)


def over_time(
    stretches: list[tuple[Spans, dict[str, Any], State]], time: Spans, annual: str, zone: str
) -> Sum:
    """S8.36: the sum over stretches of one fee and over calendar months."""
    total = Sum()
    for spans, fee, state in stretches:
        for start, end in both(spans, time):
            for month in months_between(start, end, zone):
                bounds = month_span(month, zone)
                seconds = length(both([(start, end)], [bounds]))
                fee_then = per_month(fee, state, annual, date.fromisoformat(f"{month}-01"), zone)
                total.add(fee_then * seconds / (bounds[1] - bounds[0]), fee["currency"])
    return total


class Fees:
    """Fees and charges of all subscriptions."""

    def __init__(self, agreements: Agreements) -> None:
        self.agreements = agreements
        self.charges = agreements.known.of("subscription.charged")

    def recurring(self, part: Part, time: Spans, annual: str) -> Sum:
        """S8.30: the subscription's fee over the time."""
        states = self.agreements.subscriptions.of(part.subscription)
        stretches = [([(one.start, one.end)], one.fee, one) for one in states if one.fee]
        return over_time(stretches, time, annual, part.terms.document.period_zone)

    def of_resources(self, part: Part, ids: list[str], time: Spans, annual: str) -> Sum:
        """S8.30: the fees of the lines' resources; a service has none. S3.53."""
        zone = part.terms.document.period_zone
        total = Sum()
        states = self.agreements.subscriptions.of(part.subscription)
        for name, several in self.agreements.subscriptions.resources(
            part.subscription, zone
        ).items():
            if name not in ids:
                continue
            by_event = tidy(
                span for one in several if one.said == "event" and one.fee for span in one.coverage
            )
            for one in several:
                if one.fee is None:
                    continue
                own = one.coverage if one.said == "event" else less(one.coverage, by_event)
                for state in states:
                    spans = both(own, [(state.start, state.end)])
                    got = over_time([(spans, one.fee, state)], time, annual, zone)
                    for currency in got.currencies:
                        total.add(Fraction(0), currency)
                    total.amount += got.amount
        return total

    def charged(self, part: Part, time: Spans, ids: list[str] | None) -> Sum:
        """S8.31: the charges with `from` in the time, none of them one-time."""
        total = Sum(found=False)
        for fact in self.charges:
            start = fact.instant("from")
            assert start is not None
            mine = fact.subject == part.subscription and not fact.get("one_time")
            if mine and holds(time, start) and (ids is None or fact.get("service") in ids):
                total.add(Fraction(fact.get("amount")), fact.get("currency"))
                total.found = True
        return total

    def invoice(self, part: Part) -> tuple[Sum, Fraction] | None:
        """S8.53: the charges of the part's invoices, and their days."""
        mine = [fact for fact in self.charges if fact.subject == part.subscription]
        invoices = {
            fact.get("invoice")
            for fact in mine
            if fact.get("invoice") is not None and holds(part.coverage, _from(fact))
        }
        shared = [fact for fact in mine if fact.get("invoice") in invoices]
        if not shared:
            return None
        total = Sum()
        for fact in shared:
            total.add(Fraction(fact.get("amount")), fact.get("currency"))
        ends = [fact.instant("to") or 0 for fact in shared]
        span = max(ends) - min(_from(fact) for fact in shared)
        return total, Fraction(span, 86_400_000_000)

    # the time, S8.32 to S8.36

    def time(
        self, part: Part, over: Any, own: Spans, claimed_at: int | None, month: str | None
    ) -> tuple[Spans, Fraction]:
        """The time that `over` names, and the share of it that is the part's."""
        zone = part.terms.document.period_zone
        if over == "period":
            if month is not None:
                own = both(own, [month_span(month, zone)])
            return own, Fraction(1)
        if over == "month_before":  # S8.33
            first = (
                local_date(part.period.start, zone)
                if month is None
                else (date.fromisoformat(f"{month}-01"))
            )
            before = add_months(first, -1)
            covered, mine = part.period_coverage, part.coverage
            if month is not None:
                bounds = [month_span(month, zone)]
                lives = [
                    (a, b) for _, a, b in self.agreements.subscriptions.lives(part.subscription)
                ]
                covered, mine = both(tidy(lives), bounds), both(mine, bounds)
            share = Fraction(length(mine), length(covered)) if covered else Fraction(0)
            return [month_span(f"{before:%Y-%m}", zone)], share
        moment = claimed_at  # S8.34
        if moment is None:
            moment = min(part.period.end, self.agreements.known.at)
        day = local_date(moment, zone)
        start = date.fromordinal(day.toordinal() - int(over.days))
        return [(first_instant(start, zone), first_instant(day, zone))], Fraction(1)


def _from(fact: Fact) -> int:
    return fact.instant("from") or 0
