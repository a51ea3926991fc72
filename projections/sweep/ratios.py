"""Measures that count in place of timing: interval averages and request ratios (S6.60 to S6.71).

All sums are exact; intervals with the same total are added before they are divided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from projections.sweep.signals import Counts
from projections.sweep.spans import EMPTY, Spans, Truth, Whole
from schemas.instant import Interval


@dataclass(frozen=True, slots=True)
class Counted:
    """What one line counts to in one mode: good of all; `ahead` are intervals still to come."""

    good: Fraction
    of: Fraction
    ahead: int = 0
    zero: bool = False  # a gap makes the whole of it 0 (S6.71)


def uptime_of(lines: Sequence[Counted]) -> Fraction:
    """The uptime so far of one or several lines (S6.60, S6.70); nothing counted: 1."""
    return _divided(lines, ahead=False)


def at_best_of(lines: Sequence[Counted]) -> Fraction:
    """The same if all that is to come is good (S6.86)."""
    return _divided(lines, ahead=True)


def _divided(lines: Sequence[Counted], *, ahead: bool) -> Fraction:
    if any(one.zero for one in lines):
        return Fraction(0)
    coming = sum(one.ahead for one in lines) if ahead else 0
    of = sum((one.of for one in lines), Fraction(coming))
    return sum((one.good for one in lines), Fraction(coming)) / of if of else Fraction(1)


@dataclass(frozen=True)
class Windows:
    """The counted windows of one counter that a line takes, by `from`, and what excuses them.

    `proven` is all that exclusions prove, `removed` the part that leaves the time (S6.63, S6.65);
    `gaps` are those of the counter. `gap_counts` is what a gap says: 1, or 0 in a failing mode.
    """

    start: Whole
    end: Whole
    total: Whole
    failed: Whole
    gaps: Spans = EMPTY
    proven: Spans = EMPTY
    removed: Spans = EMPTY
    gap_counts: int = 1

    @classmethod
    def of(
        cls, counts: Iterable[Counts], gaps: Spans, proven: Spans, removed: Spans, gap_counts: int
    ) -> Windows:
        """The windows of several sources together."""
        some = list(counts)
        nothing = np.empty(0, dtype=np.int64)
        start, end, total, failed = (
            np.concatenate([nothing, *(getattr(one, name) for one in some)])
            for name in ("start", "end", "total", "failed")
        )
        order = np.argsort(start, kind="stable")
        start, end, total, failed = start[order], end[order], total[order], failed[order]
        return cls(start, end, total, failed, gaps, proven, removed, gap_counts)

    def inside(self, spans: Spans) -> Truth:
        """Which windows lie wholly inside."""
        if not len(spans.start):
            return np.zeros(len(self.start), dtype=np.bool_)
        at = np.searchsorted(spans.start, self.start, side="right") - 1
        return (at >= 0) & (self.end <= spans.end[np.maximum(at, 0)])


def request_ratio(windows: Windows, time: Spans) -> Counted:
    """1 - failed / total over the windows that begin in a time (S6.70, S6.71)."""
    held = _holds(time, windows.start) & ~windows.inside(windows.proven)
    total = sum(windows.total[held].tolist())
    failed = sum(windows.failed[held].tolist())
    zero = windows.gap_counts == 0 and bool(len(windows.gaps.both(time).start))
    return Counted(Fraction(total - failed), Fraction(total), zero=zero)


def _holds(spans: Spans, instants: Whole) -> Truth:
    if not len(spans.start):
        return np.zeros(len(instants), dtype=np.bool_)
    at = np.searchsorted(spans.start, instants, side="right") - 1
    return (at >= 0) & (instants < spans.end[np.maximum(at, 0)])


@dataclass
class Average:
    """The intervals of one line: laid from the part's start, met by coverage and open hours."""

    start: int
    end: int
    size: int
    coverage: tuple[Interval, ...]
    open_hours: Spans | None
    at: int
    skips: bool
    too_long: set[int] = field(default_factory=set)

    def measured(self, windows: Windows) -> Counted:
        """The mean over the intervals that have ended (S6.60 to S6.67, S6.86)."""
        count = max(0, -(-(self.end - self.start) // self.size))
        begins = self.start + np.arange(count, dtype=np.int64) * self.size
        ends = np.minimum(begins + self.size, self.end)
        laid = _meets(Spans.of(self.coverage), begins, ends)
        if self.open_hours is not None:
            laid &= _meets(self.open_hours, begins, ends)
        ahead = 0 if self.skips else int((laid & (ends > self.at)).sum())
        good, of = self._counted(windows, begins, ends, laid)
        return Counted(good, Fraction(of), ahead)

    def _counted(
        self, windows: Windows, begins: Whole, ends: Whole, laid: Truth
    ) -> tuple[Fraction, int]:
        """The sum of the intervals that are over, and how many of them count."""
        count, over = len(begins), laid & (ends <= self.at)
        near = (windows.end > self.start) & (windows.start < self.end)
        first = np.clip((windows.start[near] - self.start) // self.size, 0, count - 1)
        last = np.clip((windows.end[near] - 1 - self.start) // self.size, 0, count - 1)
        across = (
            (first != last) | (windows.start[near] < self.start) | (windows.end[near] > self.end)
        )
        unknown = np.zeros(count, dtype=np.bool_)
        spread = (one[across].tolist() for one in (windows.start[near], first, last))
        for start, low, high in zip(*spread, strict=True):
            unknown[low : high + 1] = True
            if laid[low : high + 1].any():  # those left out are not measured (S6.61)
                self.too_long.add(start)
        whole, place = ~across, first[~across]
        out = windows.inside(windows.proven)[near][whole]
        gone = windows.inside(windows.removed)[near][whole]
        total = _sums(count, place[~out], windows.total[near][whole][~out])
        failed = _sums(count, place[~out], windows.failed[near][whole][~out])
        kept = np.bincount(place[~out], minlength=count) > 0
        had = np.bincount(place[gone], minlength=count) > 0
        return self._sum(windows, begins, ends, over, unknown, total, failed, had & ~kept)

    def _sum(
        self,
        windows: Windows,
        begins: Whole,
        ends: Whole,
        over: Truth,
        unknown: Truth,
        total: Whole,
        failed: Whole,
        left_out: Truth,
    ) -> tuple[Fraction, int]:
        """The first row of S6.64 to S6.67 that fits, interval by interval."""
        empty = total == 0
        unknown = over & (unknown | (empty & _meets(windows.gaps, begins, ends)))
        rest = over & ~unknown & ~left_out
        quiet = 0 if self.skips else int((rest & empty).sum())
        busy = rest & ~empty
        number = int(unknown.sum())
        bad = _ratios(failed[busy], total[busy])
        counted = number + quiet + int(busy.sum())
        good = Fraction(number * windows.gap_counts + quiet + int(busy.sum())) - bad
        return good, counted


def _sums(count: int, place: Whole, values: Whole) -> Whole:
    """Exact sums by interval."""
    found = np.zeros(count, dtype=np.int64)
    if len(values) and int(values.max()) > 2**62 // len(values):
        found = found.astype(object)
        values = values.astype(object)
    np.add.at(found, place, values)
    return found


def _ratios(failed: Whole, total: Whole) -> Fraction:
    """The sum of failed / total: equal totals together, then in pairs, so that terms stay small."""
    by_total: dict[int, int] = defaultdict(int)
    for one, of in zip(failed.tolist(), total.tolist(), strict=True):
        if one:
            by_total[of] += one
    terms = [Fraction(one, of) for of, one in sorted(by_total.items())]
    while len(terms) > 1:
        odd = terms[-1:] if len(terms) % 2 else []
        pairs = zip(terms[::2], terms[1::2], strict=False)
        terms = [one + other for one, other in pairs] + odd
    return terms[0] if terms else Fraction(0)


def _meets(spans: Spans, begins: Whole, ends: Whole) -> Truth:
    """Which intervals have some instant in common with a set."""
    if not len(spans.start):
        return np.zeros(len(begins), dtype=np.bool_)
    at = np.searchsorted(spans.end, begins, side="right")
    inside = at < len(spans.start)
    return inside & (spans.start[np.minimum(at, len(spans.start) - 1)] < ends)
