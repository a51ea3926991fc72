"""Business days: nominal deadlines and dates that a calendar counts (S4.8, S4.20 to S4.25)."""

from __future__ import annotations

from collections import Counter

import numpy as np

from projections.calendar.opening import HORIZON, NEVER, OpenTime, holidays
from projections.calendar.spec import CalendarSpec
from projections.calendar.wall_time import DAY, FIRST_DAY, LAST_DAY, Ints, Zone
from schemas.instant import LAST_INSTANT

_HORIZON_DAYS = HORIZON // DAY


def counted_days(hours: OpenTime) -> Ints:
    """The dates worked out so far that have open time and that `bd` counts, sorted (S4.8)."""
    days = np.unique(hours.piece_day)
    if hours.spec.form not in {"any", "all"} or not len(days):
        return days
    if hours.spec.weekdays is not None:
        days = days[np.isin((days + 3) % 7, sorted(hours.spec.weekdays))]
    if len(days):
        left_out = [day for day, _ in holidays(hours.spec, np.array([days[0], days[-1]]))]
        days = days[~np.isin(days, np.array(left_out, np.int64))]
    return days


def following(hours: OpenTime, days: Ints, number: int) -> Ints:
    """The Nth counted date after each day, NEVER where the horizon ends before it (S4.10)."""
    if not len(days):
        return days
    first, last = int(days.min()) * DAY, int(days.max()) * DAY
    hours.cover(first, last + min(number * 4 + 60, _HORIZON_DAYS + 2) * DAY)
    found = _following(counted_days(hours), days, number)
    if (found == NEVER).any() and hours.cover(first, last + HORIZON + 2 * DAY):
        found = _following(counted_days(hours), days, number)
    return np.where(found > days + _HORIZON_DAYS, NEVER, found)


def _following(counted: Ints, days: Ints, number: int) -> Ints:
    at = np.searchsorted(counted, days, side="right") + number - 1
    return np.append(counted, NEVER)[np.minimum(at, len(counted))]


def business_day_deadline(hours: OpenTime, starts: Ints, number: int) -> Ints:
    """D of `Nbd` for clocks that start at these instants, NEVER where not reached."""
    if _word(hours.spec) == "hours":
        amount = np.full_like(starts, number * commonest_day(hours.spec))
        return hours.reached(starts, amount)
    opened = hours.opening(starts)
    deadline = np.full_like(starts, NEVER)
    open_some = opened != NEVER
    if open_some.any():
        deadline[open_some] = _on_date(hours, opened[open_some], number)
    return deadline


def _word(spec: CalendarSpec) -> str:
    """`hours` has no meaning on a composed calendar and is there as if not written (S4.23)."""
    if spec.business_day == "hours" and spec.form in {"any", "all"}:
        return "same_time"
    return spec.business_day


def _on_date(hours: OpenTime, opened: Ints, number: int) -> Ints:
    """D for clocks whose s0 is known: the Nth following date, then the time on it."""
    wall = hours.zone.local(opened)
    if number == 0:
        if _word(hours.spec) == "same_time":
            return opened
        hours.cover(int(opened.min()), int(opened.max()))  # what is always open was not looked up
        day = _day_of_window(hours, opened)
    else:
        day = following(hours, wall // DAY, number)
    reached = day != NEVER
    deadline = np.full_like(opened, NEVER)
    if _word(hours.spec) == "end_of_day":
        deadline[reached] = _last_closing(hours, day[reached])
    else:
        same = hours.zone.ends(day[reached] * DAY + wall[reached] % DAY)
        deadline[reached] = _nearest(hours, day[reached], same)
    return deadline


def _day_of_window(hours: OpenTime, opened: Ints) -> Ints:
    """The date to which the window that holds an open instant belongs (S4.22).

    Of windows of two dates that hold it, the one that began last.
    """
    at = np.searchsorted(hours.piece_start, opened, side="right") - 1
    for _ in range(64):
        missed = hours.piece_end[at] <= opened
        if not missed.any():
            break
        at = np.where(missed, np.maximum(at - 1, 0), at)
    return hours.piece_day[at]


def _last_closing(hours: OpenTime, days: Ints) -> Ints:
    """The last closing of each date (S4.22)."""
    heads = np.flatnonzero(np.append(True, hours.piece_day[1:] != hours.piece_day[:-1]))
    closing = np.maximum.reduceat(hours.piece_end, heads)
    return closing[np.searchsorted(hours.piece_day[heads], days)]


def _nearest(hours: OpenTime, days: Ints, instants: Ints) -> Ints:
    """The instant of each date's open time nearest to the one given, ties earlier (S4.21)."""
    first = np.searchsorted(hours.piece_day, days, side="left")
    behind = np.searchsorted(hours.piece_day, days, side="right")
    best = np.full_like(instants, NEVER)
    distance = np.full_like(instants, NEVER)
    for step in range(int((behind - first).max(initial=0))):
        at = np.minimum(first + step, behind - 1)
        held = np.clip(instants, hours.piece_start[at], hours.piece_end[at])
        away = np.abs(held - instants)
        nearer = away < distance
        best, distance = np.where(nearer, held, best), np.where(nearer, away, distance)
    return best


def commonest_day(spec: CalendarSpec) -> int:
    """L of S4.23: the commonest daily length of the weekly windows as written, ties the longer."""
    if spec.form == "always":
        return DAY
    lengths = [sum(end - start for start, end in spec.normal_windows(day)) for day in range(7)]
    counts = Counter(length for length in lengths if length)
    return max(counts, key=lambda length: (counts[length], length), default=0)


def date_deadline(zone: Zone, starts: Ints, number: int) -> Ints:
    """D of `Nd`: the same local time N dates later, of two passes the second (S4.25).

    NEVER where no instant is so late.
    """
    days = min(number, LAST_DAY - FIRST_DAY + 2)
    found = zone.ends(zone.local(starts) + days * DAY)
    return np.where(found > LAST_INSTANT, NEVER, found)
