"""Sets of intervals as numpy arrays, and rows of segments laid over a grid of instants.

A *grid* is a sorted array of n+1 instants; its n segments [g[i], g[i+1]) are what the sweep works
on: nothing changes inside a segment. All instants and lengths are whole microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.instant import Interval

Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]
_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Spans:
    """A sorted set of disjoint intervals, not touching one another (S1.2)."""

    start: Whole
    end: Whole

    @classmethod
    def of(cls, intervals: Iterable[tuple[int, int]]) -> Spans:
        """The union of intervals in any order; empty ones drop out."""
        pairs = [(start, end) for start, end in intervals if start < end]
        if not pairs:
            return EMPTY
        table = np.array(pairs, dtype=np.int64)
        return cls.union(table[:, 0], table[:, 1])

    @classmethod
    def union(cls, start: Whole, end: Whole) -> Spans:
        """The union of the intervals [start[i], end[i]), in any order; empty ones drop out."""
        keep = start < end
        if not keep.any():
            return EMPTY
        start, end = start[keep], end[keep]
        order = np.argsort(start, kind="stable")
        start, end = start[order], end[order]
        reach = np.maximum.accumulate(end)
        opens = np.concatenate(([True], start[1:] > reach[:-1]))
        closes = np.concatenate((opens[1:], [True]))
        return cls(start[opens], reach[closes])

    def covers(self, grid: Whole) -> Truth:
        """Which segments of a grid lie inside; the grid must hold the bounds that fall in it."""
        if not len(self.start):
            return np.zeros(len(grid) - 1, dtype=np.bool_)
        at = np.searchsorted(self.start, grid[:-1], side="right") - 1
        return (at >= 0) & (grid[:-1] < self.end[at])

    def bounds(self, low: int, high: int) -> Whole:
        """Its starts and ends strictly between low and high."""
        points = np.concatenate((self.start, self.end))
        return points[(points > low) & (points < high)]

    def within(self, low: int, high: int) -> Spans:
        """Its part in [low, high)."""
        start, end = np.maximum(self.start, low), np.minimum(self.end, high)
        keep = start < end
        return Spans(start[keep], end[keep])

    def minus(self, other: Spans) -> Spans:
        """Its instants that are not in the other."""
        if not len(self.start) or not len(other.start):
            return self
        grid = np.unique(np.concatenate((self.start, self.end, other.start, other.end)))
        return runs(grid, self.covers(grid) & ~other.covers(grid))

    def both(self, other: Spans) -> Spans:
        """Its instants that are in the other too."""
        if not len(self.start) or not len(other.start):
            return EMPTY
        grid = np.unique(np.concatenate((self.start, self.end, other.start, other.end)))
        return runs(grid, self.covers(grid) & other.covers(grid))

    def intervals(self) -> tuple[Interval, ...]:
        """The set as plain intervals."""
        pairs = zip(self.start.tolist(), self.end.tolist(), strict=True)
        return tuple(Interval(start, end) for start, end in pairs)

    def length(self) -> int:
        """How many microseconds it holds."""
        return int((self.end - self.start).sum())


EMPTY = Spans(_NONE, _NONE)
"""No instant at all."""


def joined(sets: Sequence[Spans]) -> Spans:
    """The union of several sets."""
    some = [one for one in sets if len(one.start)]
    if len(some) < 2:
        return some[0] if some else EMPTY
    return Spans.union(
        np.concatenate([one.start for one in some]), np.concatenate([one.end for one in some])
    )


def edges(truth: Truth) -> tuple[Whole, Whole]:
    """The first segment of every run of true ones, and the one behind its last."""
    padded = np.concatenate(([False], truth, [False]))
    change = np.flatnonzero(padded[1:] != padded[:-1])
    return change[::2], change[1::2]


def runs(grid: Whole, truth: Truth) -> Spans:
    """The union of the segments that are true."""
    first, behind = edges(truth)
    return Spans(grid[first], grid[behind])


def finer(grid: Whole, points: Whole, *rows: NDArray[Any]) -> tuple[Whole, list[NDArray[Any]]]:
    """The grid with more points, and rows of per-segment values carried over to it.

    Segments outside the old grid take zero.
    """
    wide = np.unique(np.concatenate((grid, points)))
    at = np.searchsorted(grid, wide[:-1], side="right") - 1
    inside = (at >= 0) & (at < len(grid) - 1)
    at = np.where(inside, at, 0)
    return wide, [np.where(inside, row[..., at], np.zeros(1, dtype=row.dtype)) for row in rows]
