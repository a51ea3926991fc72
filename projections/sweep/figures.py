"""Sums over a swept line: running totals, so that any stretch of it costs two look-ups (S6.5-S6.7).

`amounts(a, b)` is exact: whole microseconds, or microseconds times the common denominator of the
weights (S6.51) as Python integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import lcm
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from projections.sweep import Swept, ranked
from projections.sweep.spans import EMPTY, Spans, Truth, joined, runs


@dataclass(frozen=True)
class Figures:
    """A swept line with its running totals.

    Rows of the totals: gross, each exclusion, net; then the same unweighted (only when weighing,
    else the same rows); then what leaves the denominator, weighted and unweighted.
    """

    swept: Swept

    @cached_property
    def scale(self) -> int:
        """The number by which weighted rows are multiplied."""
        if self.swept.weights is None:
            return 1
        return lcm(*(one.weight.denominator for one in self.swept.line.classes), 1)

    @cached_property
    def rates(self) -> NDArray[Any]:
        """How fast each row grows inside each segment."""
        clock = self._clock_rates()
        if self.swept.weights is None:
            return np.stack([*clock, self._leaving(None)])
        weighted = self._weighted_rates()
        left = [weighted[0], *(weighted[0] - np.cumsum(weighted[1:-1], axis=0))]
        leaving = self._leaving(left)
        rows = [*weighted, *(row.astype(object) for row in clock)]
        return np.stack([*rows, leaving.astype(object), self._leaving(None).astype(object)])

    def _clock_rates(self) -> list[NDArray[Any]]:
        level, top = self.swept.level, self.swept.plan.top
        each = [(level == number).astype(np.int64) for number in range(1, top + 1)]
        return [(level > 0).astype(np.int64), *each]

    def _weighted_rates(self) -> NDArray[Any]:
        weights, level = self.swept.weights, self.swept.level
        assert weights is not None
        whole = [0, *(int(w * self.scale) for w in ranked(self.swept.line))]
        value = np.array(whole, dtype=object)
        left = [
            np.where(level > number, value[weights[number]], 0)
            for number in range(self.swept.plan.top)
        ]
        excused = [before - after for before, after in pairwise(left)]
        return np.stack([left[0], *excused, left[-1]])

    def _leaving(self, left: list[NDArray[Any]] | None) -> NDArray[np.int64]:
        """What `removed` and `removed_window` take out of the time (S6.7, S6.42, S6.54)."""
        out = self.removed_windows.covers(self.swept.grid)
        for number, how in enumerate(self.swept.plan.how, start=1):
            if how != "removed":
                continue
            out = out | (self.swept.level == number)
            if left is not None:
                out = out | ((left[number - 1] > 0) & (left[number] == 0)).astype(np.bool_)
        if self.swept.line.open_hours is not None:
            out = out & self.swept.line.open_hours.covers(self.swept.grid)
        return out.astype(np.int64)

    @cached_property
    def removed_windows(self) -> Spans:
        """All that is proven by exclusions that remove whole windows, ahead of `at` too (S6.86)."""
        pairs = zip(self.swept.plan.how, self.swept.proven, strict=True)
        return joined([proven for how, proven in pairs if how == "removed_window"])

    @cached_property
    def _totals(self) -> NDArray[Any]:
        size = np.diff(self.swept.grid)
        grown = self.rates * (size if self.swept.weights is None else size.astype(object))
        zero = np.zeros((len(grown), 1), dtype=grown.dtype)
        return np.concatenate((zero, np.cumsum(grown, axis=1)), axis=1)

    @cached_property
    def _by_place(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Totals and rates with all rows of one instant side by side."""
        return np.ascontiguousarray(self._totals.T), np.ascontiguousarray(self.rates.T)

    def amounts(self, start: int, end: int) -> list[int]:
        """Every row over [start, end)."""
        if start >= end:
            return [0] * len(self.rates)
        before = self._until(start)
        return [late - early for late, early in zip(self._until(end), before, strict=True)]

    def _until(self, instant: int) -> list[int]:
        totals, rates = self._by_place
        grid = self.swept.grid
        at = int(np.searchsorted(grid, instant, "right")) - 1
        if at < 0:
            return cast("list[int]", totals[0].tolist())
        past = instant - int(grid[at])
        found = cast("list[int]", totals[at].tolist())
        if at >= len(rates) or not past:
            return found
        return [
            total + rate * past if rate else total
            for total, rate in zip(found, rates[at].tolist(), strict=True)
        ]

    def open_time(self, start: int, end: int) -> int:
        """The time of [start, end) that counts at all (S6.33)."""
        hours = self.swept.line.open_hours
        if hours is None:
            return max(end - start, 0)
        return hours.within(start, end).length()

    def ahead(self, start: int, end: int) -> int:
        """What is proven in [start, end) and leaves the time, whatever is down there (S6.86)."""
        spans = self.removed_windows.within(start, end)
        if self.swept.line.open_hours is not None:
            spans = spans.both(self.swept.line.open_hours)
        return spans.length()

    def of_level(self, true: Truth) -> Spans:
        """The segments of which something is true, as a set."""
        return runs(self.swept.grid, true)

    @cached_property
    def down(self) -> Spans:
        """All that is down by S6.3."""
        return self.of_level(self.swept.level > 0)

    @cached_property
    def left(self) -> Spans:
        """What is down after all exclusions."""
        return self.of_level(self.swept.level == self.swept.plan.top)

    def alone(self, number: int) -> Spans:
        """The down time of one outage by itself, within `down` (S6.34)."""
        outages, unit = self.swept.outages, self.swept.plan.unit
        start, end = int(outages.start[number]), int(outages.end[number])
        if unit is None:
            return self.down.within(start, end)
        first, behind = start // unit.length, -(-end // unit.length)
        begins = np.arange(first, behind, dtype=np.int64) * unit.length
        ends = begins + unit.length
        fits = unit.fits(np.minimum(ends, end) - np.maximum(begins, start))
        if not fits.any():
            return EMPTY
        span = Spans.union(begins[fits], ends[fits])
        return span.both(self.down.within(int(begins[0]), int(ends[-1])))
