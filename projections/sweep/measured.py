"""What an uptime measurement is: its exact figures and the intervals that they come from.

All lengths are microseconds; nothing here is rounded (S1.3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from schemas.instant import Interval

if TYPE_CHECKING:
    from projections.terms.parts import Part


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


class Stretch(Protocol):
    """The intervals of one line behind the figures, cut to its coverage and to `at` (S6.5)."""

    @property
    def line(self) -> str:
        """The id of the service or resource."""

    def down(self) -> tuple[Interval, ...]:
        """What is down by outages, units and hours (S6.3)."""

    def taken(self, exclusion: str) -> tuple[Interval, ...]:
        """What that exclusion took (S6.4)."""

    def proven(self, exclusion: str) -> tuple[Interval, ...]:
        """What that exclusion proves, whether anything is down there or not."""

    def left(self) -> tuple[Interval, ...]:
        """What is down for good."""

    def time(self) -> tuple[Interval, ...]:
        """The open time of the coverage (S6.7)."""

    def within(self, start: int, end: int) -> Stretch:
        """The same of [start, end) alone."""

    def measured(self) -> Measured:
        """Its exact figures."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The exact figures of one mode (S6.6 to S6.8).

    `net_clock`, `denominator_clock` are the unweighted ones (S8.19). For `interval_average`,
    `request_ratio` and `attainment` only `uptime` says something; the rest is 0 (S6.91).
    `outages` are those with down time in the part, by line and start.
    """

    gross: Fraction
    excused: Mapping[str, Fraction]
    net: Fraction
    denominator: Fraction
    uptime: Fraction
    net_clock: int
    denominator_clock: int
    outages: Sequence[Outage] = ()
    stretches: tuple[Stretch, ...] = ()

    def within(self, start: int, end: int) -> Measured:
        """The figures of [start, end) alone, worked out from the same outages (S8.20)."""
        return together([stretch.within(start, end).measured() for stretch in self.stretches])


def ratio(net: Fraction, denominator: Fraction) -> Fraction:
    """The uptime of S6.8: 1 where nothing is left to divide by."""
    if not net or not denominator:
        return Fraction(1)
    return (denominator - net) / denominator


def together(lines: Sequence[Measured]) -> Measured:
    """The lines of `across: sum` as one (S6.8)."""
    if len(lines) == 1:
        return lines[0]
    excused: dict[str, Fraction] = {}
    for one in lines:
        for name, amount in one.excused.items():
            excused[name] = excused.get(name, Fraction(0)) + amount
    net = sum((one.net for one in lines), Fraction(0))
    denominator = sum((one.denominator for one in lines), Fraction(0))
    return Measured(
        sum((one.gross for one in lines), Fraction(0)),
        excused,
        net,
        denominator,
        ratio(net, denominator),
        sum(one.net_clock for one in lines),
        sum(one.denominator_clock for one in lines),
        [outage for one in lines for outage in one.outages],
        tuple(stretch for one in lines for stretch in one.stretches),
    )


def only_ratio(uptime: Fraction) -> Measured:
    """A measure that has no downtime (S6.91)."""
    zero = Fraction(0)
    return Measured(zero, {}, zero, zero, uptime, 0, 0)


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
