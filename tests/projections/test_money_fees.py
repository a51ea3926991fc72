"""Fees over a time (S8.36 to S8.38), checked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction as F

import pytest

from projections.money import fees
from projections.money.fees import Fee, Month, Stretch, Term
from schemas.instant import Interval

TERM = Term(date(2026, 2, 10), date(2027, 2, 10))


def us(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * 1_000_000


def month(year: int, number: int) -> Month:
    first = date(year, number, 1)
    end = fees.next_month(first)
    return Month(first, us(year, number, 1), us(end.year, end.month, end.day))


def test_part_of_a_month_by_its_seconds() -> None:
    """1,000 a month from 11 to 21 June: 10 of 30 days."""
    stretch = Stretch(us(2026, 6, 11), us(2026, 6, 21), Fee(F(1000), "EUR", "month"), TERM)
    over = [Interval(us(2026, 6, 11), us(2026, 6, 21))]
    assert fees.recurring([stretch], over, [month(2026, 6)], "twelfth") == F(1000, 3)


def test_a_time_over_two_months_is_priced_month_by_month() -> None:
    """One day of June is a thirtieth, one of July a thirty-first."""
    stretch = Stretch(us(2026, 6, 1), us(2026, 8, 1), Fee(F(930), "EUR", "month"), TERM)
    over = [Interval(us(2026, 6, 30), us(2026, 7, 2))]
    months = [month(2026, 6), month(2026, 7)]
    assert fees.recurring([stretch], over, months, "twelfth") == 31 + 30


def test_a_fee_that_changes_is_two_stretches() -> None:
    """Fourteen days at 1,000, sixteen at 2,000."""
    change = us(2026, 6, 15)
    stretches = [
        Stretch(us(2026, 1, 1), change, Fee(F(1000), "USD", "month"), TERM),
        Stretch(change, us(2027, 1, 1), Fee(F(2000), "USD", "month"), TERM),
    ]
    over = [Interval(us(2026, 6, 1), us(2026, 7, 1))]
    expected = F(1000) * 14 / 30 + F(2000) * 16 / 30
    assert fees.recurring(stretches, over, [month(2026, 6)], "twelfth") == expected


@pytest.mark.parametrize(
    ("per", "annual", "expected"),
    [
        ("month", "days", F(12000)), ("year", "twelfth", F(1000)), ("year", "term_months", F(1000)),
        ("year", "days", F(12000) * 30 / 365), ("term", "twelfth", F(1000)),
        ("term", "days", F(12000) * 30 / 365),
    ],
)  # fmt: skip
def test_fee_to_month(per: str, annual: str, expected: F) -> None:
    """S8.37: the nine cells."""
    assert fees.per_month(Fee(F(12000), "USD", per), TERM, month(2026, 6), annual) == expected


def test_the_year_that_holds_the_first_date() -> None:
    """S8.38: February 2028 begins in the year from 10 February 2027, June 2028 in the next."""
    assert fees.year_days(TERM, date(2026, 2, 1)) == 365
    assert fees.year_days(TERM, date(2028, 2, 1)) == 365
    assert fees.year_days(Term(date(2027, 3, 1), date(2028, 3, 1)), date(2027, 6, 1)) == 366


def test_a_term_has_at_least_one_month() -> None:
    """S8.38: the difference of year and month."""
    assert fees.term_months(Term(date(2026, 1, 31), date(2026, 2, 1))) == 1
    assert fees.term_months(Term(date(2026, 1, 5), date(2026, 1, 25))) == 1
    assert fees.term_months(Term(date(2026, 1, 1), date(2028, 7, 1))) == 30


def test_a_leap_day_comes_round_on_the_first_of_march() -> None:
    """S8.38: 29 February + 1 year = 1 March."""
    assert fees.term_of(date(2028, 2, 29), None).end == date(2029, 3, 1)
    assert fees.add_years(date(2028, 2, 29), 4) == date(2032, 2, 29)
