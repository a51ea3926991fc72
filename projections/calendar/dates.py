"""Periods and dates: months, quarters, cycles, windows of dates, claim dates (S3.30-S3.39, S8.77).

All dates are local dates of the zone that is named; ends are exclusive.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from projections.calendar.wall_time import (
    FIRST_DAY,
    LAST_DAY,
    date_of,
    date_start,
    day_of,
    local_date,
)
from schemas.instant import Interval

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class PeriodSpan(NamedTuple):
    """A period by name, its bounds, and the month with which it is stated (S3.39)."""

    name: str
    start: int
    end: int
    month: str


class BillingDay(NamedTuple):
    """From an instant on the billing day is `day`; None: the local day of `started` (S3.37)."""

    since: int
    day: int | None


class _Dates(NamedTuple):
    name: str
    first: date
    end: date


def add_months(day: date, months: int, day_number: int | None = None) -> date:
    """The same day number (or the one given) some months on, at most that month's last date."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:  # however long a contract waits
        return date_of(LAST_DAY if months > 0 else FIRST_DAY)
    return date(year, month + 1, min(day_number or day.day, monthrange(year, month + 1)[1]))


def days_on(day: date, number: int) -> date:
    """The date so many days on, or back; at the ends of the years that instants have it stays."""
    return date_of(min(max(day_of(day) + number, FIRST_DAY), LAST_DAY))


def month_dates(month: str) -> tuple[date, date]:
    """The first date of `YYYY-MM` and that of the month after."""
    first = date(int(month[:4]), int(month[5:7]), 1)
    return first, add_months(first, 1)


def month_of(day: date) -> str:
    """`YYYY-MM` of a date."""
    return f"{day.year:04d}-{day.month:02d}"


def month_bounds(zone: str, month: str) -> Interval:
    """The calendar month `YYYY-MM` in a zone."""
    first, end = month_dates(month)
    return Interval(date_start(first, zone), date_start(end, zone))


def month_at(instant: int, zone: str) -> str:
    """The month `YYYY-MM` that holds an instant in a zone."""
    return month_of(local_date(instant, zone))


def periods(
    spec: Any,
    zone: str,
    month: str,
    *,
    billing: Sequence[BillingDay] = (),
    claims: Sequence[date] = (),
) -> list[PeriodSpan]:
    """The periods of a `period` clause (terms.md 2.12) that are stated with a month, by end.

    `billing` are the billing days of the subscription's life, the first at its `started`;
    `claims` the local dates with a claim not withdrawn (S3.36).
    """
    spans = {
        PeriodSpan(
            each.name,
            date_start(each.first, zone),
            date_start(each.end, zone),
            month_of(each.end - timedelta(days=1)),
        )
        for each in _dates(spec, zone, month, billing, claims)
    }
    return sorted(
        (span for span in spans if span.month == month), key=lambda span: (span.end, span.name)
    )


def _dates(
    spec: Any, zone: str, month: str, billing: Sequence[BillingDay], claims: Sequence[date]
) -> Iterator[_Dates]:
    first, end = month_dates(month)
    if isinstance(spec, str):
        yield from _by_word(spec, zone, month, billing)
        return
    opening_month = _member(spec, "quarter")
    if opening_month is not None:
        number = _MONTHS.index(str(_member(opening_month, "first"))) + 1
        yield from _quarter(end, number)
        return
    count, ending = int(str(_member(spec, "days"))), str(_member(spec, "ending"))
    if ending == "month_end":
        lasts = [end]
    elif ending == "every_day":
        lasts = [first + timedelta(days=each + 1) for each in range((end - first).days)]
    else:
        lasts = list(claims)
    for last in lasts:
        yield _named_by_dates(days_on(last, -count), last)


def _by_word(word: str, zone: str, month: str, billing: Sequence[BillingDay]) -> Iterator[_Dates]:
    first, end = month_dates(month)
    if word == "month":
        yield _Dates(month, first, end)
    elif word == "year":
        if end.month == 1:
            yield _Dates(month[:4], date(first.year, 1, 1), end)
    elif word == "quarter":
        yield from _quarter(end, 1)
    else:
        yield from _cycles(tuple(billing), zone, end)


def _quarter(end: date, opening_month: int) -> Iterator[_Dates]:
    """The quarter whose last month this is; its year is that of its first quarter (S3.32)."""
    if (end.month - opening_month) % 3:
        return
    start = add_months(end, -3)
    number = (start.month - opening_month) % 12 // 3 + 1
    year = start.year if start.month >= opening_month else start.year - 1
    yield _Dates(f"{year:04d}-Q{number}", start, end)


def _cycles(billing: tuple[BillingDay, ...], zone: str, until: date) -> Iterator[_Dates]:
    """The billing cycles of a life that end at or before a date (S3.33, S3.37)."""
    dates = _billing_dates(billing, zone, until) if billing else ()
    for first, end in pairwise(dates):
        yield _named_by_dates(first, end)


@lru_cache(maxsize=256)
def _billing_dates(billing: tuple[BillingDay, ...], zone: str, until: date) -> tuple[date, ...]:
    started = local_date(billing[0].since, zone)
    since = [each.since for each in billing]

    def day_at(instant: int) -> int:
        return billing[max(bisect_right(since, instant) - 1, 0)].day or started.day

    number = day_at(billing[0].since)
    first = add_months(started, 0, number)
    dates = [first if first <= started else add_months(started, -1, number)]
    while dates[-1] <= until:
        # The day in force as a cycle begins ends it: a change holds from the next cycle on.
        begin = dates[-1]
        instant = max(date_start(begin, zone), billing[0].since)
        number = day_at(instant)
        following = add_months(begin, 0, number)
        dates.append(following if following > begin else add_months(begin, 1, number))
    return tuple(dates)


def _named_by_dates(first: date, end: date) -> _Dates:
    return _Dates(f"{first.isoformat()}/{end.isoformat()}", first, end)


def _member(spec: Any, name: str) -> Any:
    """A member of a mapping or of a model, None where it has none."""
    if isinstance(spec, dict):
        return spec.get(name)
    return getattr(spec, name, None)
