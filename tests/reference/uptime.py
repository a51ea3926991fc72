"""Rows of `uptime`: every availability of a part on its lines (S6.80 to S6.95)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from schemas.instant import format_instant
from tests.reference.downtime import Figures, Outage, Sweep, added
from tests.reference.intervals import Spans, both, length, tidy
from tests.reference.knowing import Problem
from tests.reference.parts import Agreements, Line, Part
from tests.reference.ratios import Counted, Counting, attainment
from tests.reference.signals import Observed
from tests.reference.terms_view import edge_fits, length_us

TIMED = ("downtime", "weighted_downtime")


@dataclass
class Measured:
    """One row's worth (S6.90): a line, or all of them under `across: sum`."""

    part: Part
    availability: Any
    service: str | None
    coverage: Spans
    best: Fraction
    worst: Fraction
    at_best: Fraction
    figures: Figures | None = None
    figures_worst: Figures | None = None
    sweeps: list[Sweep] = field(default_factory=list)
    sweeps_worst: list[Sweep] = field(default_factory=list)
    too_long: set[Problem] = field(default_factory=set)

    @property
    def counting(self) -> list[Outage]:
        """S8.75, of all its lines."""
        return [one for sweep in self.sweeps for one in sweep.counting_outages()]

    def headline(self, *, over: bool) -> Fraction:
        """S6.87: what credits are worked out from."""
        return self.best if over else self.at_best


class Uptime:
    """All that is measured at one pair of moments."""

    def __init__(
        self, agreements: Agreements, observed: Observed, clock_rows: list[dict[str, Any]]
    ) -> None:
        self.agreements, self.observed, self.clock_rows = agreements, observed, clock_rows
        self.at = agreements.known.at
        self.problems: set[Problem] = set()
        self._memo: dict[tuple[Any, ...], list[Measured]] = {}

    def measured(self, part: Part, availability: Any) -> list[Measured]:
        """The rows of one availability in one part."""
        key = (part.id, part.terms.key, availability.id)
        if key not in self._memo:
            self._memo[key] = self._measured(part, availability)
        return self._memo[key]

    def _measured(self, part: Part, availability: Any) -> list[Measured]:
        if availability.measure == "attainment":
            value = attainment(self.clock_rows, part, availability)
            return [Measured(part, availability, None, part.coverage, value, value, value)]
        lines = self.agreements.lines(part, availability.services or [])
        if not lines:
            return []
        if availability.across == "sum":
            return [self._several(part, availability, None, lines)]
        return [self._several(part, availability, line.id, [line]) for line in lines]

    def _several(
        self, part: Part, availability: Any, service: str | None, lines: list[Line]
    ) -> Measured:
        coverage = [span for line in lines for span in line.coverage]
        if availability.measure in TIMED:
            sweeps = [self._sweep(part, availability, line, worst=False) for line in lines]
            bad = [self._sweep(part, availability, line, worst=True) for line in lines]
            best = added([one.figures() for one in sweeps])
            worst = added([one.figures() for one in bad])
            return Measured(
                part,
                availability,
                service,
                coverage,
                best.uptime,
                worst.uptime,
                best.at_best,
                best,
                worst,
                sweeps,
                bad,
                self._too_long(availability, sweeps),
            )
        best_, worst_ = (
            [
                Counting(self.agreements, self.observed, part, availability, line, worst=bad)
                for line in lines
            ]
            for bad in (False, True)
        )
        if availability.measure == "request_ratio":
            one, other = (_sum([c.ratio() for c in several]) for several in (best_, worst_))
            down = availability.no_data == "down" and other.worst_is_zero
            best_ratio = Fraction(0) if down else one.uptime
            low = Fraction(0) if other.worst_is_zero else other.uptime
            return Measured(part, availability, service, coverage, best_ratio, low, best_ratio)
        one, other = (_sum([c.intervals() for c in several]) for several in (best_, worst_))
        told = Measured(
            part, availability, service, coverage, one.uptime, other.uptime, one.at_best
        )
        told.too_long = {problem for each in (*best_, *worst_) for problem in each.too_long}
        return told

    def _sweep(self, part: Part, availability: Any, line: Line, *, worst: bool) -> Sweep:
        return Sweep(self.agreements, self.observed, part, availability, line, worst=worst)

    def _too_long(self, availability: Any, sweeps: list[Sweep]) -> set[Problem]:
        """S6.18: a window longer than it may be."""
        found = set()
        for sweep in sweeps:
            for word, spec in sweep._leaves(availability.down_when):
                if word != "counted" or spec.counted.window is None:
                    continue
                for one in sweep.sources:
                    own = one.kind == "window" and one.name == spec.counted.counter
                    if own and both(one.spans, sweep.cover):
                        if one.end - one.start > length_us(spec.counted.window):
                            found.add(
                                Problem("window_too_long", one.name, format_instant(one.start))
                            )
        return found

    def parts(self, month: str) -> list[Part]:
        """Every part that is stated with a month."""
        return [
            part
            for subscription in sorted(self.agreements.subscriptions.states)
            for part in self.agreements.parts(subscription, month)
        ]

    def rows(self, month: str) -> list[dict[str, Any]]:
        """The rows that are stated with a month (S6.93); terms only tried show no problem."""
        found: list[Measured] = []
        windows: dict[tuple[Any, ...], list[Measured]] = {}
        for part in self.parts(month):
            for availability in part.terms.document.availability:
                if part.terms.document.spec_of(availability.period) != part.period.spec:
                    continue
                for one in self.measured(part, availability):
                    self.problems |= one.too_long
                    if part.period.spec[-1] == "every_day":
                        key = (part.subscription, availability.id, one.service, part.number)
                        windows.setdefault(key, []).append(one)
                    else:
                        found.append(one)
        found.extend(self.worst_window(several) for several in windows.values())
        return [self.row(one) for one in found]

    def worst_window(self, several: list[Measured]) -> Measured:
        """S6.95: the window that has ended with the lowest uptime, else the first."""
        ended = [one for one in several if one.part.period.end <= self.at]
        if not ended:
            return min(several, key=lambda one: one.part.period.start)
        return min(ended, key=lambda one: (one.best, one.part.period.start))

    def verdict(self, one: Measured) -> str:
        """S6.90."""
        target = one.availability.target
        if target == "none":
            return "no_target"
        if self.at < one.part.period.end:
            return "provisional"
        meets = edge_fits(target, one.best * 100)
        if meets and not edge_fits(target, one.worst * 100):  # S6.81
            return "indeterminate"
        return "met" if meets else "breached"

    def row(self, one: Measured) -> dict[str, Any]:
        """The members of I4."""
        part, availability, period = one.part, one.availability, one.part.period
        document = part.terms.document
        figures = one.figures
        over = period.end <= self.at
        order = [exclusion.id for exclusion in document.exclusions]
        excused = [
            {"exclusion": name, "seconds": figures.excused[name]}
            for name in order
            if figures and figures.excused.get(name)
        ]
        unknown = None
        if figures and one.figures_worst:
            unknown = one.figures_worst.net - figures.net
        target = availability.target
        spans = tidy(one.coverage)
        return {
            "customer": part.customer,
            "subscription": part.subscription,
            "availability": availability.id,
            "service": one.service,
            "period": period.name,
            "period_start": period.start,
            "period_end": period.end,
            "part": part.number,
            "part_start": spans[0][0],
            "part_end": spans[-1][1],
            "covered_seconds": length(one.coverage),
            "gross_downtime_seconds": figures.gross if figures else None,
            "excused": excused if figures else [],
            "net_downtime_seconds": figures.net if figures else None,
            "denominator_seconds": figures.time if figures else None,
            "unknown_seconds": unknown,
            "uptime_percent": one.best,
            "uptime_worst_percent": one.worst,
            "uptime_at_best_percent": None if over else one.at_best,
            "target": document.target_text(target),
            "strength": availability.strength,
            "verdict": self.verdict(one),
        }


def _sum(several: list[Counted]) -> Counted:
    """S6.60, S6.70: the intervals of all lines, all failed and all total."""
    total = Counted(Fraction(0), Fraction(0))
    for one in several:
        total.good += one.good
        total.total += one.total
        total.ahead += one.ahead
        total.worst_is_zero = total.worst_is_zero or one.worst_is_zero
    return total
