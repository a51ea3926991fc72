"""Open time: a calendar as sorted UTC intervals with a running total (S4.1 to S4.9).

`B(t)` is the open time before an instant, counted from a fixed one, so elapsed open time is a
difference and a deadline its inverse. Worked out for whole days, as far as anybody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from projections.calendar.spec import CalendarSpec, Holiday, HolidaySet, Window, common, merged
from projections.calendar.wall_time import DAY, FIRST_DAY, LAST_DAY, Ints, Zone, zone

Flags = npt.NDArray[np.bool_]

NEVER = 2**62
"""Stands for an instant that is not reached (S4.10)."""
HORIZON = 3_750 * DAY
"""How far a search for open time looks ahead (S4.10)."""
_BEFORE, _AFTER = 40, 400


class OpenTime:
    """The open intervals of a calendar, and the pieces of them that belong to each date.

    `start`, `end`, `total`: the open set and the open time before each interval. `piece_day`,
    `piece_start`, `piece_end`: the open time of each date, sorted by date, then start: for a
    weekly calendar the windows that begin on it, for another what lies between its midnights.
    """

    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self.zone: Zone = zone(spec.zone)
        self._parts = [open_time(part) for part in spec.parts]
        self._low = self._high = 0
        self._anchor: int | None = None
        self.start = self.end = self.total = np.empty(0, np.int64)
        self.piece_day = self.piece_start = self.piece_end = self.start

    def cover(self, low: int, high: int) -> bool:
        """Work the calendar out for the instants [low, high]; True if anything was added."""
        first = max(low // DAY - 2, FIRST_DAY + 8)
        last = min(high // DAY + 3, LAST_DAY - 8)
        known = self._high > self._low
        if known and self._low <= first and last <= self._high:
            return False
        first, last = max(first - _BEFORE, FIRST_DAY + 8), min(last + _AFTER, LAST_DAY - 8)
        if known:
            first, last = min(first, self._low), max(last, self._high)
        self._low, self._high = first, last
        self._work_out(np.arange(first, last + 1, dtype=np.int64))
        return True

    def before(self, instants: Ints) -> Ints:
        """B(t): the open time before each instant; only differences of it mean anything."""
        if not len(instants):
            return instants
        if self.spec.form == "always":
            return instants
        self.cover(int(instants.min()), int(instants.max()))
        return self._before(instants)

    def reached(self, beginning: Ints, amount: Ints) -> Ints:
        """The smallest b >= `beginning` with business(beginning, b) = amount, NEVER if not found.

        For amount 0 that is the beginning itself (S4.9, S4.10).
        """
        if not len(beginning):
            return beginning
        return self.reached_total(beginning, self.before(beginning) + amount, amount == 0)

    def reached_total(self, beginning: Ints, goal: Ints, stay: Flags) -> Ints:
        """The smallest b >= `beginning` with B(b) = goal; `beginning` where `stay` is true."""
        if self.spec.form == "always":
            found = goal
        else:
            last = int(beginning.max())
            self.cover(int(beginning.min()), last)
            if len(goal) and int(goal.max()) > self._whole():
                self.cover(last, last + HORIZON)
            found = self._at_total(goal)
        found = np.where(found > beginning + HORIZON, NEVER, found)
        return np.where(stay, beginning, found)

    def opening(self, instants: Ints) -> Ints:
        """Each instant if the calendar is open at it, else the next opening or NEVER (S4.20)."""
        if not len(instants) or self.spec.form == "always":
            return instants
        last = int(instants.max())
        self.cover(int(instants.min()), last)
        at = np.searchsorted(self.end, instants, side="right")
        if int(at.max()) >= len(self.end) and self.cover(last, last + HORIZON):
            at = np.searchsorted(self.end, instants, side="right")
        nexts = np.append(self.start, NEVER)[at]
        opened = np.maximum(instants, nexts)
        return np.where(opened > instants + HORIZON, NEVER, opened)

    def _whole(self) -> int:
        if not len(self.end):
            return -NEVER
        return int(self.total[-1] + self.end[-1] - self.start[-1])

    def _before(self, instants: Ints) -> Ints:
        if not len(self.start):
            return np.zeros_like(instants)
        at = np.searchsorted(self.start, instants, side="right") - 1
        held = np.maximum(at, 0)
        within = np.minimum(instants, self.end[held]) - self.start[held]
        return np.where(at < 0, self.total[0], self.total[held] + within)

    def _at_total(self, goal: Ints) -> Ints:
        """The smallest instant with so much open time before it."""
        if not len(self.end):
            return np.full_like(goal, NEVER)
        after = self.total + (self.end - self.start)
        at = np.searchsorted(after, goal, side="left")
        held = np.minimum(at, len(after) - 1)
        found = self.end[held] - (after[held] - goal)
        return np.where(at >= len(after), NEVER, found)

    def _work_out(self, days: Ints) -> None:
        if self.spec.form == "weekly":
            pieces = _weekly_pieces(self.spec, self.zone, days)
            self.piece_day, self.piece_start, self.piece_end = pieces
            self.start, self.end = union(self.piece_start, self.piece_end)
        else:
            midnights = self.zone.starts(days * DAY)
            self.start, self.end = self._composed(int(midnights[0]), int(midnights[-1]))
            pieces = _cut(self.start, self.end, midnights, days)
            self.piece_day, self.piece_start, self.piece_end = pieces
        sizes = self.end - self.start
        self.total = np.cumsum(sizes) - sizes
        if self._anchor is None:
            self._anchor = int(days[0] + 5) * DAY  # so far inside that no window before it matters
        # Totals count from one instant for ever, so that older ones stay comparable.
        at = self._before(np.array([self._anchor], np.int64))
        self.total = self.total - at[0]

    def _composed(self, low: int, high: int) -> tuple[Ints, Ints]:
        """Union or intersection of the parts within [low, high) (S4.8); all of it for always."""
        if self.spec.form == "always":
            return np.array([low], np.int64), np.array([high], np.int64)
        starts, ends = [], []
        for part in self._parts:
            part.cover(low - DAY, high + DAY)
            inside = (part.end > low) & (part.start < high)
            starts.append(np.maximum(part.start[inside], low))
            ends.append(np.minimum(part.end[inside], high))
            if part.spec.form == "always":
                starts[-1], ends[-1] = np.array([low], np.int64), np.array([high], np.int64)
        needed = 1 if self.spec.form == "any" else len(self._parts)
        return _counted(np.concatenate(starts), np.concatenate(ends), needed)


@lru_cache(maxsize=512)
def open_time(spec: CalendarSpec) -> OpenTime:
    """The open time of a calendar, shared by all who ask for an equal one."""
    return OpenTime(spec)


def union(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Overlapping and touching intervals made one, sorted (S1.2)."""
    if not len(starts):
        return starts, ends
    order = np.argsort(starts, kind="stable")
    starts, reach = starts[order], np.maximum.accumulate(ends[order])
    fresh = np.append(True, starts[1:] > reach[:-1])
    last = np.append(fresh[1:], True)
    return starts[fresh], reach[last]


def _counted(starts: Ints, ends: Ints, needed: int) -> tuple[Ints, Ints]:
    """Where at least `needed` of the intervals hold."""
    times, where = np.unique(np.concatenate([starts, ends]), return_inverse=True)
    change = np.zeros(len(times) + 1, np.int64)
    np.add.at(change, where[: len(starts)], 1)
    np.add.at(change, where[len(starts) :], -1)
    held = np.cumsum(change[:-1]) >= needed
    turns = np.diff(np.concatenate([[False], held, [False]]).astype(np.int8))
    return times[np.flatnonzero(turns[:-1] == 1)], times[np.flatnonzero(turns == -1)]


def _cut(starts: Ints, ends: Ints, midnights: Ints, days: Ints) -> tuple[Ints, Ints, Ints]:
    """The open set cut at midnights: date, start and end of each piece (S4.8)."""
    cuts = np.unique(midnights)
    at = np.searchsorted(starts, cuts, side="left") - 1
    inside = cuts[(at >= 0) & (cuts < ends[np.maximum(at, 0)])] if len(starts) else cuts[:0]
    piece_start = np.sort(np.concatenate([starts, inside]))
    piece_end = np.sort(np.concatenate([ends, inside]))
    of = np.searchsorted(midnights, piece_start, side="right") - 1
    kept = (of >= 0) & (piece_start < midnights[-1])
    return days[of[kept]], piece_start[kept], piece_end[kept]


def _weekly_pieces(spec: CalendarSpec, at: Zone, days: Ints) -> tuple[Ints, Ints, Ints]:
    """The windows that begin on each of the days, as UTC intervals (S4.2, S4.3, S4.6)."""
    named = dict(holidays(spec, days))
    ordinary = days[~np.isin(days, np.array(sorted(named), np.int64))]
    weekday = (ordinary + 3) % 7  # 1970-01-01 was a Thursday
    of_day: list[Ints] = []
    walls: list[tuple[Ints, Ints]] = []
    for number in range(7):
        dates = ordinary[weekday == number]
        for start, end in spec.normal_windows(number):
            of_day.append(dates)
            walls.append((dates * DAY + start, dates * DAY + end))
    for day, windows in named.items():
        for start, end in windows:
            of_day.append(np.array([day], np.int64))
            walls.append((of_day[-1] * DAY + start, of_day[-1] * DAY + end))
    if not walls:
        nothing = np.empty(0, np.int64)
        return nothing, nothing, nothing
    dates = np.concatenate(of_day)
    starts = at.starts(np.concatenate([start for start, _ in walls]))
    ends = at.ends(np.concatenate([end for _, end in walls]))
    order = np.lexsort((starts, dates))
    order = order[starts[order] < ends[order]]
    return dates[order], starts[order], ends[order]


def holidays(spec: CalendarSpec, days: Ints) -> Iterator[tuple[int, tuple[Window, ...]]]:
    """The holidays among consecutive days and the windows they leave open (S4.5 to S4.7)."""
    if not spec.holiday_sets:
        return
    low, high = int(days[0]), int(days[-1])
    named = [_named(each, spec.zone, low, high) for each in spec.holiday_sets]
    for day in sorted(set().union(*named)):
        naming = [each[day] for each in named if day in each]
        if spec.holiday_rule == "all" and len(naming) < len(named):
            continue
        normal = spec.normal_windows((day + 3) % 7)
        hours = [normal if each.windows is None else each.windows for each in naming]
        yield day, _joined(spec.holiday_rule, hours)


def _joined(rule: str, hours: list[tuple[Window, ...]]) -> tuple[Window, ...]:
    """Under `any` the hours of every set that names the date, under `all` those of any (S4.7)."""
    if rule == "all":
        return merged(window for each in hours for window in each)
    left = hours[0]
    for each in hours[1:]:
        left = common(left, each)
    return left


def _named(editions: HolidaySet, zone_name: str, low: int, high: int) -> dict[int, Holiday]:
    """The dates that a set names within [low, high]: each date takes one edition whole (S4.5)."""
    ranked = sorted(editions, key=lambda edition: edition.first_day(zone_name))
    named: dict[int, Holiday] = {}
    for index, edition in enumerate(ranked):
        first = max(edition.first_day(zone_name), low)
        following = ranked[index + 1 :]
        until = min([each.first_day(zone_name) for each in following[:1]] + [high + 1])
        for holiday in edition.holidays:
            if first <= holiday.day < until:
                named[holiday.day] = holiday
    return named
