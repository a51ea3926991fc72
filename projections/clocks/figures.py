"""Elapsed, deadline and verdict of every piece, in whole columns (S5.40 to S5.58).

With U(t) the open time since the start that is not blocked, elapsed is U(end) and a deadline the
first instant with U = target: over wall time, or over the running total B of a calendar.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from projections.calendar.business_days import business_day_deadline, date_deadline
from projections.calendar.opening import NEVER, OpenTime, open_time
from projections.calendar.spec import CalendarSpec
from projections.calendar.wall_time import Ints, Zone, zone
from projections.clocks.clauses import Cell
from projections.clocks.pausing import Spans
from schemas.instant import LAST_INSTANT

NULL = -(2**62)
"""Stands for no value."""
Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Figures:
    """By piece; NULL where there is none. `target` is cut to the microsecond."""

    elapsed: Ints
    paused: Ints
    target: Ints
    deadline: Ints
    past: Flags


class CellColumns:
    """What cells say, by number of the cell."""

    def __init__(self, cells: list[Cell], deadline_zones: list[str]) -> None:
        within = [cell.within for cell in cells]
        self.numbered = np.array([each is not None for each in within], np.bool_)
        self.below = np.array([each is not None and each.below for each in within], np.bool_)
        self.floor = np.array([each.floor if each else 0 for each in within], np.int64)
        self.ceiling = np.array([each.ceiling if each else 0 for each in within], np.int64)
        self.days: list[tuple[int, CalendarSpec | None, str, int]] = []
        hours: list[CalendarSpec | None] = []
        for number, cell in enumerate(cells):
            unit = None if cell.within is None else cell.within.unit
            hours.append(None if unit == "d" else cell.hours)
            if cell.within is not None and unit == "bd":
                self.days.append((number, cell.hours, "", cell.within.floor))
            elif cell.within is not None and unit == "d":
                at = cell.hours.zone if cell.hours else deadline_zones[number]
                self.days.append((number, None, at, cell.within.floor))
        specs = list(dict.fromkeys(spec for spec in hours if spec is not None))
        self.opens: list[OpenTime] = [open_time(spec) for spec in specs]
        places = [-1 if spec is None else specs.index(spec) for spec in hours]
        self.hours = np.array(places, np.int64)


def figures(
    columns: CellColumns, cell: Ints, start: Ints, end: Ints, blocked: Spans, out: Spans
) -> Figures:
    """The figures of pieces; `blocked` holds pauses and spans left out, `out` the latter alone."""
    hours = columns.hours[cell]
    opened, closed = _before(columns, hours, start), _before(columns, hours, end)
    of_spans = hours[blocked.piece]
    from_, to = _before(columns, of_spans, blocked.start), _before(columns, of_spans, blocked.end)
    held = _sums(blocked.piece, to - from_, len(cell))
    of_out = hours[out.piece]
    span = _before(columns, of_out, out.end) - _before(columns, of_out, out.start)
    left_out = _sums(out.piece, span, len(cell))
    elapsed = closed - opened - held
    nominal = _nominal(columns, cell, start)
    dated = nominal != NULL
    floor, ceiling = columns.floor[cell], columns.ceiling[cell]
    reached = dated & (nominal != NEVER)
    amount = _before(columns, hours[reached], nominal[reached]) - opened[reached]
    floor[dated], ceiling[dated] = NULL, 0
    floor[reached], ceiling[reached] = amount, amount
    unblocked = from_ - opened[blocked.piece] - _running(blocked.piece, to - from_)
    counts = unblocked < ceiling[blocked.piece]
    extra = _sums(blocked.piece[counts], (to - from_)[counts], len(cell))
    beginning = np.where(reached, nominal, start)
    stay = np.where(dated, extra == 0, ceiling == 0)
    goal = opened + ceiling + extra
    deadline = _reached(columns, hours, beginning, goal, stay)
    lost = ~columns.numbered[cell] | (dated & ~reached) | (deadline > LAST_INSTANT)
    deadline[lost] = NULL
    finer = columns.ceiling[cell] > columns.floor[cell]
    past = np.where(columns.below[cell] & ~finer, elapsed >= floor, elapsed > floor) & ~lost
    floor[~columns.numbered[cell]] = NULL
    return Figures(elapsed, held - left_out, floor, deadline, past)


def _before(columns: CellColumns, hours: Ints, instants: Ints) -> Ints:
    """B of each instant in its calendar; the instant itself on the wall (S5.40)."""
    before = instants.copy()
    for number, opens in enumerate(columns.opens):
        mine = np.flatnonzero(hours == number)
        before[mine] = opens.before(instants[mine])
    return before


def _reached(columns: CellColumns, hours: Ints, beginning: Ints, goal: Ints, stay: Flags) -> Ints:
    """The first instant from `beginning` on with so much open time (S5.43, S5.44)."""
    found = np.where(stay, beginning, goal)
    for number, opens in enumerate(columns.opens):
        mine = np.flatnonzero((hours == number) & ~stay)
        if len(mine):
            found[mine] = opens.reached_total(beginning[mine], goal[mine], stay[mine])
    return found


def _nominal(columns: CellColumns, cell: Ints, start: Ints) -> Ints:
    """D of the pieces whose target is in days, NEVER where not reached, else NULL (S4.20)."""
    nominal = np.full(len(cell), NULL)
    for number, spec, at, days in columns.days:
        mine = np.flatnonzero(cell == number)
        if not len(mine):
            continue
        if spec is not None:
            nominal[mine] = business_day_deadline(open_time(spec), start[mine], days)
        else:
            on: Zone = zone(at)
            nominal[mine] = date_deadline(on, start[mine], days)
    return nominal


def _sums(piece: Ints, length: Ints, count: int) -> Ints:
    """The sum of lengths by piece; `piece` is sorted."""
    totals = np.zeros(count, np.int64)
    if len(piece):
        first = np.flatnonzero(np.append(True, piece[1:] != piece[:-1]))
        totals[piece[first]] = np.add.reduceat(length, first)
    return totals


def _running(piece: Ints, length: Ints) -> Ints:
    """The sum of the lengths of earlier spans of the same piece."""
    before = np.cumsum(length) - length
    if not len(piece):
        return before
    fresh = np.append(True, piece[1:] != piece[:-1])
    found: Ints = before - before[np.flatnonzero(fresh)][np.cumsum(fresh) - 1]
    return found
