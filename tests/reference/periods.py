"""Which periods there are, their bounds and their names (S3.30 to S3.39), in the period zone."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tests.reference.intervals import Spans, tidy
from tests.reference.zones import first_instant, local_date

Spec = tuple[str | int, ...]
"""`("month",)`, `("quarter", 2)`, `("year",)`, `("billing_cycle",)`, `("days", 30, "claim")`."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Period:
    """A period with its bounds as dates and as instants; the end is exclusive."""

    spec: Spec
    zone: str
    name: str
    first: date
    last: date
    start: int
    end: int
    life: int | None = None

    @property
    def month(self) -> str:
        """S3.39: the month that holds its last instant."""
        return f"{self.last:%Y-%m}"


def add_months(day: date, number: int) -> date:
    """The first of the month so many months later."""
    index = day.year * 12 + day.month - 1 + number
    return date(index // 12, index % 12 + 1, 1)


def month_first(month: str) -> date:
    """`2026-10` to its first date."""
    return date(int(month[:4]), int(month[5:7]), 1)


def month_span(month: str, zone: str) -> tuple[int, int]:
    """The instants of a calendar month."""
    first = month_first(month)
    return first_instant(first, zone), first_instant(add_months(first, 1), zone)


def months_between(start: int, end: int, zone: str) -> list[str]:
    """The calendar months that [start, end) touches."""
    first, last = local_date(start, zone), local_date(max(start, end - 1), zone)
    found, day = [], first.replace(day=1)
    while day <= last:
        found.append(f"{day:%Y-%m}")
        day = add_months(day, 1)
    return found


def calendar_accounts(take: Spans, per: str, zone: str) -> list[tuple[int, int]]:
    """The calendar months or years that the time touches."""
    if not take:
        return []
    months = months_between(take[0][0], take[-1][1], zone)
    result = set()
    for month in months:
        first = date(int(month[:4]), 1 if per == "year" else int(month[5:7]), 1)
        until = add_months(first, 12 if per == "year" else 1)
        result.add((first_instant(first, zone), first_instant(until, zone)))
    return sorted(result)


def _make(
    spec: Spec, zone: str, first: date, until: date, name: str, life: int | None = None
) -> Period:
    return Period(
        spec,
        zone,
        name,
        first,
        until - timedelta(1),
        first_instant(first, zone),
        first_instant(until, zone),
        life,
    )


def _by_dates(spec: Spec, zone: str, first: date, until: date, life: int | None = None) -> Period:
    """S3.38: named by its dates, the end exclusive."""
    return _make(spec, zone, first, until, f"{first}/{until}", life)


@dataclass(frozen=True)
class Life:
    """What periods need to know of a subscription's life (S3.1, S3.37)."""

    number: int
    start: int
    end: int
    billing_day_at: Callable[[int], int | None]
    """The billing day that a cycle beginning at this instant has; None: not given."""


def periods_of(
    spec: Spec, zone: str, month: str, lives: list[Life], claim_times: list[int]
) -> list[Period]:
    """The periods that are stated with the month (S3.39)."""
    first = month_first(month)
    after = add_months(first, 1)
    if spec[0] == "month":  # S3.30
        return [_make(spec, zone, first, after, month)]
    if spec[0] == "year":
        begin = date(first.year, 1, 1)
        return [_make(spec, zone, begin, after, f"{first.year}")] if first.month == 12 else []
    if spec[0] == "quarter":
        return _quarter(spec, zone, first)
    if spec[0] == "billing_cycle":
        found = [one for life in lives for one in _cycles(spec, zone, life, after)]
        return [one for one in found if one.month == month]
    days = int(spec[1])
    if spec[2] == "month_end":  # S3.34
        return [_by_dates(spec, zone, after - timedelta(days), after)]
    if spec[2] == "every_day":  # S3.35
        ends = [first + timedelta(n + 1) for n in range(monthrange(first.year, first.month)[1])]
    else:  # S3.36
        ends = sorted({local_date(time, zone) for time in claim_times})
    found = [_by_dates(spec, zone, end - timedelta(days), end) for end in ends]
    return [one for one in found if one.month == month]


def _quarter(spec: Spec, zone: str, first: date) -> list[Period]:
    """S3.31, S3.32: the year is that in which the first quarter begins."""
    begin = int(spec[1])
    place = (first.month - begin) % 12
    if place % 3 != 2:
        return []
    year = add_months(first, -place).year
    return [
        _make(spec, zone, add_months(first, -2), add_months(first, 1), f"{year}-Q{place // 3 + 1}")
    ]


def clipped(year: int, month: int, day: int) -> date:
    """A day of a month; in shorter months the last."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def _billing_date_after(day: date, number: int) -> date:
    """The first billing date after this date."""
    here = clipped(day.year, day.month, number)
    following = add_months(day, 1)
    return here if here > day else clipped(following.year, following.month, number)


def _cycles(spec: Spec, zone: str, life: Life, until: date) -> list[Period]:
    """S3.37: one after the other from the cycle that holds `started`."""
    started = local_date(life.start, zone)
    number = life.billing_day_at(life.start) or started.day
    first = clipped(started.year, started.month, number)
    if first > started:
        before = add_months(started, -1)
        first = clipped(before.year, before.month, number)
    found: list[Period] = []
    while first < until and first_instant(first, zone) < life.end:
        if found:
            number = life.billing_day_at(first_instant(first, zone)) or started.day
        end = _billing_date_after(first, number)
        found.append(_by_dates(spec, zone, first, end, life.number))
        first = end
    return found


def merged(found: list[Period], lives: list[Life]) -> list[tuple[Period, Spans]]:
    """Periods of one name are one; each with the life within it (S3.40)."""
    result: dict[str, tuple[Period, Spans]] = {}
    for one in found:
        spans = [
            (max(life.start, one.start), min(life.end, one.end))
            for life in lives
            if one.life is None or one.life == life.number
        ]
        if one.name in result:
            spans += result[one.name][1]
        result[one.name] = (one, tidy(spans))
    return [pair for pair in result.values() if pair[1]]
