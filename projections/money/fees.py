"""Recurring fees over a time, exactly (S8.36 to S8.38).

A fee is per month, year or term; over a time it is the sum over stretches of one fee and over
calendar months of fee per month x seconds of the stretch in the month / seconds of the month.
Nothing here knows a zone: months come with their bounds, terms with their dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from schemas.instant import Interval, intersect, length


@dataclass(frozen=True, slots=True)
class Fee:
    """What is agreed to be paid: `per` is month, year or term."""

    amount: Fraction
    currency: str
    per: str


@dataclass(frozen=True, slots=True)
class Term:
    """The dates of a term; `end` is exclusive (S8.38)."""

    begin: date
    end: date


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which one fee and one term hold."""

    start: int
    end: int
    fee: Fee
    term: Term


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of the period zone: its first date and its instants."""

    first: date
    start: int
    end: int

    @property
    def days(self) -> int:
        """How many dates it has."""
        return (next_month(self.first) - self.first).days


def next_month(first: date) -> date:
    """The first date of the month after this one."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def add_years(day: date, years: int) -> date:
    """The same date years later; 29 February becomes 1 March where there is none (S8.38)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def term_of(begin: date, end: date | None) -> Term:
    """A term from its begin to its end, without one to a year later (S8.38)."""
    return Term(begin, end if end is not None else add_years(begin, 1))


def term_months(term: Term) -> int:
    """The months of a term: the difference of year and month, at least 1 (S8.38)."""
    difference = (term.end.year - term.begin.year) * 12 + term.end.month - term.begin.month
    return max(1, difference)


def year_days(term: Term, first: date) -> int:
    """The days of the term's year that holds a month's first date; before the begin: the first."""
    years = max(0, first.year - term.begin.year - 1)
    while add_years(term.begin, years + 1) <= first:
        years += 1
    return (add_years(term.begin, years + 1) - add_years(term.begin, years)).days


def per_month(fee: Fee, term: Term, month: Month, annual: str) -> Fraction:
    """The fee for one whole month (S8.37); `annual` is twelfth, term_months or days."""
    if fee.per == "month":
        return fee.amount
    if annual == "days":
        whole = year_days(term, month.first) if fee.per == "year" else term_days(term)
        return fee.amount * month.days / whole
    return fee.amount / (12 if fee.per == "year" else term_months(term))


def term_days(term: Term) -> int:
    """The calendar days of a term, at least 1."""
    return max(1, (term.end - term.begin).days)


def recurring(
    stretches: Iterable[Stretch], over: Sequence[Interval], months: Iterable[Month], annual: str
) -> Fraction:
    """The recurring fee over a sorted set of intervals; the months must cover it (S8.36)."""
    total = Fraction(0)
    held = list(stretches)
    for month in months:
        whole = month.end - month.start
        for stretch in held:
            start, end = max(month.start, stretch.start), min(month.end, stretch.end)
            if start < end:
                part = length(intersect([Interval(start, end)], over))
                total += per_month(stretch.fee, stretch.term, month, annual) * part / whole
    return total
