"""Calendars: all that knows a zone, behind one door (semantics 4, S3.30 to S3.39, S8.77).

The steps behind it are told in files of their own: `wall_time` (wall time and instants),
`spec` (what a contract says), `opening` (open time), `business_days` (business
days) and `dates` (months, cycles, dates). Instants and lengths are microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import ceil
from typing import Any

import numpy as np

from projections.calendar.business_days import business_day_deadline, date_deadline, following
from projections.calendar.dates import (
    BillingDay,
    PeriodSpan,
    add_months,
    days_on,
    month_at,
    month_bounds,
    periods,
)
from projections.calendar.opening import NEVER, OpenTime, open_time
from projections.calendar.spec import CalendarSpec, HolidaySet, calendar_spec, published_sets
from projections.calendar.wall_time import (
    DAY,
    UnknownZoneError,
    date_of,
    date_start,
    day_of,
    is_zone,
    local_date,
    tz_version,
    zone,
)
from schemas.instant import Interval

__all__ = [
    "BillingDay",
    "Calendar",
    "PeriodSpan",
    "UnknownZoneError",
    "add_months",
    "date_start",
    "end_of_date",
    "last_claim_date",
    "local_date",
    "local_text",
    "month_at",
    "month_bounds",
    "periods",
    "published_sets",
    "tz_version",
    "zone_known",
]

_UNITS = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000}

zone_known = is_zone
"""Whether a text is an IANA name or a fixed offset."""


class Calendar:
    """One calendar, asked instant by instant; whole columns ask `OpenTime` itself."""

    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self.hours: OpenTime = open_time(spec)

    @classmethod
    def compile(
        cls, contract: Any, calendar_id: str, sets: Mapping[str, HolidaySet] | None = None
    ) -> Calendar:
        """The calendar of a resolved contract document with the published holiday sets.

        Raises KeyError for a calendar that the document does not have.
        """
        return cls(calendar_spec(contract, calendar_id, sets or {}))

    def business(self, start: int, end: int) -> int:
        """The open time in [start, end) (S4.9)."""
        before = self.hours.before(np.array([start, end], np.int64))
        return int(before[1] - before[0])

    def add_business(self, start: int, amount: int) -> int | None:
        """The smallest b >= start with business(start, b) = amount; None: never (S4.9, S4.10)."""
        return _one(self.hours.reached(_array(start), _array(amount)))

    def opening(self, instant: int) -> int | None:
        """The instant if it is open, else the next opening; None: never."""
        return _one(self.hours.opening(_array(instant)))

    def is_open(self, instant: int) -> bool:
        """Whether the calendar is open at an instant."""
        return self.business(instant, instant + 1) == 1

    def open_intervals(self, start: int, end: int) -> list[Interval]:
        """The open set within [start, end)."""
        if self.spec.form == "always":
            return [Interval(start, end)] if start < end else []
        self.hours.cover(start, end)
        inside = (self.hours.end > start) & (self.hours.start < end)
        starts = np.maximum(self.hours.start[inside], start).tolist()
        ends = np.minimum(self.hours.end[inside], end).tolist()
        return [Interval(*pair) for pair in zip(starts, ends, strict=True)]

    def counted_after(self, day: date, number: int) -> date | None:
        """The Nth date after a date that `bd` counts; None: not within the horizon."""
        found = _one(following(self.hours, _array(day_of(day)), number))
        return None if found is None else date_of(found)

    def nominal_deadline(self, within: Any, start: int) -> tuple[int | None, int | None]:
        """D and the target amount of a duration (`number`, `unit`) for a clock starting there.

        Both None where D is never reached (S4.10, S4.20 to S4.25).
        """
        unit = str(within.unit)
        if unit == "bd":
            found = _one(business_day_deadline(self.hours, _array(start), int(within.number)))
            return found, None if found is None else self.business(start, found)
        if unit == "d":
            end = _one(date_deadline(self.hours.zone, _array(start), int(within.number)))
            return end, None if end is None else end - start
        amount = ceil(within.number * _UNITS[unit.removeprefix("b")])
        if not unit.startswith("b"):
            return start + amount, amount
        return self.add_business(start, amount), amount


def _array(value: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array([value], np.int64)


def _one(values: np.ndarray[Any, np.dtype[np.int64]]) -> int | None:
    return None if values[0] == NEVER else int(values[0])


def last_claim_date(
    base: date, within: Any, *, calendar: Calendar | None = None, period_end: bool = False
) -> date | None:
    """The last date of a claim deadline that counts from a local date (S8.77).

    `within` has `number` and `unit` (d, bd, mo); `calendar` is that of `bd`. For `period_end` the
    base is the period's last date. None: the calendar never counts so many dates.
    """
    number = int(within.number)
    if within.unit == "d":
        return days_on(base, number)
    if within.unit == "mo":
        return add_months(base, number, 31 if period_end else None)
    if number == 0:
        return base
    if calendar is None:
        raise ValueError("business days need a calendar")
    return calendar.counted_after(base, number)


def end_of_date(local: date, zone_name: str) -> int:
    """The exclusive end of a date: the first instant of the next (S8.77)."""
    return date_start(days_on(local, 1), zone_name)


def local_text(instant: int, zone_name: str) -> str:
    """An instant as people of a zone read it: `2026-10-01 09:00:00+02:00`."""
    wall = zone(zone_name).local_one(instant)
    day, rest = divmod(wall, DAY)
    seconds, micros = divmod(rest, 1_000_000)
    part = f".{micros:06d}".rstrip("0") if micros else ""
    minutes = (wall - instant) // 60_000_000
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{part}"
    return f"{date_of(day).isoformat()} {clock}{offset if minutes else 'Z'}"
