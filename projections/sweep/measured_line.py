"""One swept line cut to the coverage of a part: its figures, its outages, its intervals (S6.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import overload

import numpy as np

from projections.sweep.figures import Figures
from projections.sweep.measured import Measured, Outage, ratio
from projections.sweep.spans import EMPTY, Spans, joined
from schemas.instant import Interval


@dataclass(frozen=True)
class LineStretch:
    """A line within a part; `left_out` are the starts of best's outages that do not count.

    `known_starts` are the starts of best's outages: an outage of worst leaves when all those
    inside it do. With `at_best` the time ahead of `at` is in the denominator (S6.86).
    """

    line: str
    figures: Figures
    coverage: tuple[Interval, ...]
    at_best: bool = False
    left_out: frozenset[int] = frozenset()
    known_starts: tuple[int, ...] = ()

    @cached_property
    def so_far(self) -> tuple[Interval, ...]:
        """The coverage up to `at`."""
        at = self.figures.swept.line.at
        return tuple(Interval(a, min(b, at)) for a, b in self.coverage if a < at)

    @cached_property
    def _amounts(self) -> list[int]:
        each = [self.figures.amounts(start, end) for start, end in self.so_far]
        if len(each) == 1:
            return each[0]
        return [sum(column) for column in zip(*each, strict=True)] or [0] * len(self.figures.rates)

    def measured(self) -> Measured:
        """The figures of S6.6 to S6.8."""
        plan, sums = self.figures.swept.plan, self._amounts
        weighing = self.figures.swept.weights is not None
        clock = plan.top + 1 if weighing else 0
        net, net_clock = self._exact(sums[plan.top]), sums[clock + plan.top]
        if self.left_out:
            weighted, by_clock = self.net_of(self._gone)
            net, net_clock = net - weighted, net_clock - by_clock
        time_clock = self._denominator(sums[-1])
        time = Fraction(self._denominator(sums[-2]) if weighing else time_clock)
        excused = {name: self._exact(sums[n]) for n, name in enumerate(plan.names, start=1)}
        return Measured(
            self._exact(sums[0]),
            excused,
            net,
            time,
            ratio(net, time),
            net_clock,
            time_clock,
            Outages(self),
            (self,),
        )

    def _exact(self, amount: int) -> Fraction:
        scale = self.figures.scale
        return Fraction(amount) if scale == 1 else Fraction(amount, scale)

    def _denominator(self, leaving: int) -> int:
        figures, at = self.figures, self.figures.swept.line.at
        time = sum(figures.open_time(a, b) for a, b in self.so_far) - leaving
        if self.at_best:
            rest = [(max(a, at), b) for a, b in self.coverage if b > at]
            time += sum(figures.open_time(a, b) - figures.ahead(a, b) for a, b in rest)
        return time

    def _net(self, spans: Spans, start: int, end: int) -> tuple[Fraction, int]:
        """The net of some spans inside [start, end): weighted and by the clock."""
        plan = self.figures.swept.plan
        clock = plan.top + 1 if self.figures.swept.weights is not None else 0
        weighted = by_clock = 0
        for low, high in spans.within(start, end).intervals():
            sums = self.figures.amounts(low, high)
            weighted += sums[plan.top]
            by_clock += sums[clock + plan.top]
        return Fraction(weighted, self.figures.scale), by_clock

    def net_of(self, spans: Spans) -> tuple[Fraction, int]:
        """The net of some spans inside the part."""
        out = [self._net(spans, a, b) for a, b in self.so_far]
        return sum((one for one, _ in out), Fraction(0)), sum(one for _, one in out)

    def leaves(self, number: int) -> bool:
        """Whether an outage of this mode leaves the computation."""
        outages = self.figures.swept.outages
        start, end = int(outages.start[number]), int(outages.end[number])
        inside = [one for one in self.known_starts if start <= one < end]
        return all(one in self.left_out for one in inside) if inside else start in self.left_out

    @cached_property
    def _gone(self) -> Spans:
        """The time of outages that leave, where no outage stays."""
        if not self.left_out:
            return EMPTY
        go: list[Spans] = []
        stay: list[Spans] = []
        for number in self.numbers:
            (go if self.leaves(number) else stay).append(self.figures.alone(number))
        return joined(go).minus(joined(stay))

    @cached_property
    def numbers(self) -> list[int]:
        """The outages that may have down time in the part."""
        swept = self.figures.swept
        reach = swept.plan.unit.length if swept.plan.unit else 0
        found: set[int] = set()
        for start, end in self.so_far:
            first = int(np.searchsorted(swept.outages.end, start - reach, side="right"))
            behind = int(np.searchsorted(swept.outages.start, end + reach, side="left"))
            found.update(range(first, behind))
        return sorted(found)

    def within(self, start: int, end: int) -> LineStretch:
        """The same of [start, end) alone."""
        cut = tuple(Interval(max(a, start), min(b, end)) for a, b in self.coverage)
        return replace(self, coverage=tuple(one for one in cut if one.start < one.end))

    def down(self) -> tuple[Interval, ...]:
        """What is down by outages, units and hours (S6.3)."""
        return self._cut(self.figures.down)

    def left(self) -> tuple[Interval, ...]:
        """What is down for good."""
        return self._cut(self.figures.left.minus(self._gone))

    def taken(self, exclusion: str) -> tuple[Interval, ...]:
        """What that exclusion took (S6.4)."""
        number = self.figures.swept.plan.names.index(exclusion) + 1
        return self._cut(self.figures.of_level(self.figures.swept.level == number))

    def proven(self, exclusion: str) -> tuple[Interval, ...]:
        """What that exclusion proves in the coverage up to `at`."""
        swept = self.figures.swept
        return self._cut(swept.proven[swept.plan.names.index(exclusion)])

    def time(self) -> tuple[Interval, ...]:
        """The open time of the coverage up to `at` (S6.7)."""
        hours = self.figures.swept.line.open_hours
        return self.so_far if hours is None else self._cut(hours)

    def _cut(self, spans: Spans) -> tuple[Interval, ...]:
        return tuple(one for a, b in self.so_far for one in spans.within(a, b).intervals())


class Outages(Sequence[Outage]):
    """The outages of a stretch, worked out when somebody looks."""

    def __init__(self, stretch: LineStretch) -> None:
        self._stretch = stretch

    @cached_property
    def _all(self) -> list[Outage]:
        stretch = self._stretch
        found = []
        for number in stretch.numbers:
            spans = stretch.figures.alone(number)
            if not stretch._cut(spans) or stretch.leaves(number):  # noqa: SLF001 - its own view
                continue
            found.append(self._outage(number, spans))
        return found

    def _outage(self, number: int, spans: Spans) -> Outage:
        swept = self._stretch.figures.swept
        net, clock = self._stretch.net_of(spans)
        return Outage(
            self._stretch.line,
            int(swept.outages.start[number]),
            int(swept.outages.end[number]),
            swept.running and number == len(swept.outages.start) - 1,
            net,
            clock,
        )

    @overload
    def __getitem__(self, index: int) -> Outage: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Outage]: ...
    def __getitem__(self, index: int | slice) -> Outage | Sequence[Outage]:
        return self._all[index]

    def __len__(self) -> int:
        return len(self._all)

    def __repr__(self) -> str:
        return repr(self._all)
