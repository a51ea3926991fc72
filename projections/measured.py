"""What an uptime measurement is: its exact figures and the intervals that they come from.

All lengths are microseconds; nothing here is rounded (S1.3). `Measured.within` cuts the figures
to a stretch of the part, which `spread: month` of credits asks for (S8.20).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from schemas.instant import Interval

if TYPE_CHECKING:
    from projections.parts import Part

Weighed = tuple[int, int, Fraction]
"""A stretch [start, end) with the weight at which each of its instants counts (S6.51)."""


@dataclass(frozen=True, slots=True)
class Outage:
    """One interval of `down_when` that is long enough, uncut and unexcused (S6.31).

    `net` is its net downtime inside the part, weighted where the measure weighs; `net_clock`
    is the same unweighted (S8.23 `longest_outage`). `running` says that it goes on at `at`.
    """

    line: str
    start: int
    end: int
    running: bool
    net: Fraction
    net_clock: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """The intervals of one line behind the figures, cut to its coverage and `at` (S6.5)."""

    line: str
    down: tuple[Weighed, ...] = ()
    taken: Mapping[str, tuple[Weighed, ...]] = field(default_factory=dict)
    left: tuple[Weighed, ...] = ()
    time: tuple[Interval, ...] = ()
    proven: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    removed: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """The exact figures of one mode (S6.6 to S6.8).

    `net_clock`, `denominator_clock` are the unweighted ones (S8.19). For `interval_average`,
    `request_ratio` and `attainment` only `uptime` says something; the rest is 0 (S6.91).
    """

    gross: Fraction
    excused: Mapping[str, Fraction]
    net: Fraction
    denominator: Fraction
    uptime: Fraction
    net_clock: int
    denominator_clock: int
    outages: tuple[Outage, ...]
    stretches: tuple[Stretch, ...] = ()

    def within(self, start: int, end: int) -> Measured:
        """The figures of [start, end) alone, worked out from the same outages (S8.20)."""
        from projections.measured_cut import cut  # noqa: PLC0415 - the cut makes a Measured again

        return cut(self, start, end)


@dataclass(frozen=True, slots=True)
class LineUptime:
    """One row's worth of uptime: a line of a part, or all of them under `across: sum`.

    `service` is null for several lines and for attainment; `lines` are the ids measured.
    `at_best` is null once the period is over (S6.85). `verdict` is that of S6.90.
    """

    part: Part
    availability: Any
    service: str | None
    lines: tuple[str, ...]
    coverage_start: int
    coverage_end: int
    covered_us: int
    best: Measured
    worst: Measured
    at_best: Measured | None
    verdict: str

    @property
    def headline(self) -> Measured:
        """What a credit is worked out from: at best while the period runs (S6.87), else best."""
        return self.best if self.at_best is None else self.at_best
