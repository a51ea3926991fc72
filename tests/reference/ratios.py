"""Measures that count instead of timing: interval_average, request_ratio, attainment (S6.60-75)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from schemas.instant import format_instant
from tests.reference.business_time import open_within
from tests.reference.exclusions import Seen, effect
from tests.reference.intervals import Spans, both, clip, holds, less, tidy
from tests.reference.knowing import Problem
from tests.reference.parts import Agreements, Line, Part
from tests.reference.signals import Gone, Observed, Source, joined
from tests.reference.terms_view import excused_of, length_us


@dataclass
class Counted:
    """Good parts and all parts: 1 - failed / total, or a mean over intervals."""

    good: Fraction
    total: Fraction
    ahead: Fraction = Fraction(0)
    worst_is_zero: bool = False

    @property
    def uptime(self) -> Fraction:
        """Nothing to count: 1."""
        return self.good / self.total if self.total else Fraction(1)

    @property
    def at_best(self) -> Fraction:
        """S6.86: the intervals to come are good."""
        total = self.total + self.ahead
        return (self.good + self.ahead) / total if total else Fraction(1)


class Counting:
    """One line in one mode."""

    def __init__(
        self,
        agreements: Agreements,
        observed: Observed,
        part: Part,
        availability: Any,
        line: Line,
        *,
        worst: bool,
    ) -> None:
        self.observed, self.part, self.availability, self.line = observed, part, availability, line
        self.document = part.terms.document
        self.at = agreements.known.at
        no_data = availability.no_data
        self.worst = no_data == "down" or (no_data == "unknown" and worst)
        view = availability.view or "customer"
        sources = observed.visible(line.id, part.customer, view)
        counting = [one for one in sources if one.kind != "gap" or self.worst]
        self.seen = Seen(agreements.known, line.id, part.customer, view, counting, self.worst)
        spec = availability.interval_average or availability.request_ratio
        self.counter = spec.counter
        self.windows = [o for o in sources if o.kind == "window" and o.name == self.counter]
        self.gaps = tidy(
            span
            for one in sources
            if one.kind == "gap" and one.name == self.counter
            for span in one.spans
        )
        self.cover = both(line.coverage, part.coverage)
        self.too_long: set[Problem] = set()
        self.calendar = self.document.open_hours(availability.measured_in)
        self._prove()

    def _prove(self) -> None:
        """S6.63: excused is what the exclusions prove."""
        gone: Gone = {}
        self.excused: Spans = []
        self.removed: Spans = []
        for exclusion in self.document.exclusions:
            if exclusion.for_ and self.availability.id not in exclusion.for_:
                continue
            does = effect(exclusion, self.seen, gone)
            gone = joined(gone, does.sig)
            self.excused = tidy([*self.excused, *does.proven])
            if excused_of(exclusion, self.availability) in ("removed", "removed_window"):
                self.removed = tidy([*self.removed, *does.proven])

    @staticmethod
    def _inside(window: Source, spans: Spans) -> bool:
        return any(start <= window.start and window.end <= end for start, end in spans)

    def _hours(self, spans: Spans) -> Spans:
        return tidy(span for a, b in spans for span in open_within(self.calendar, a, b))

    def ratio(self) -> Counted:
        """S6.70, S6.71."""
        time = clip(self._hours(self.cover), -(2**62), self.at)
        failed = total = 0
        for one in self.windows:
            if holds(time, one.start) and not self._inside(one, self.excused):
                failed, total = failed + one.failed, total + one.total
        zero = self.worst and bool(both(self.gaps, time))
        return Counted(Fraction(total - failed), Fraction(total), worst_is_zero=zero)

    def intervals(self) -> Counted:
        """S6.60 to S6.67."""
        size = length_us(self.availability.interval_average.interval)
        result = Counted(Fraction(0), Fraction(0))
        start = self.part.start
        while start < self.part.end:
            end = min(start + size, self.part.end)
            touched = both([(start, end)], self.cover)
            if touched and open_within(self.calendar, start, end):
                value = self._interval(start, end)
                if end > self.at:
                    skip = self.availability.interval_average.no_traffic == "skip"
                    result.ahead += 0 if skip else 1
                elif value is not None:
                    result.good += value
                    result.total += 1
            start = end
        return result

    def _interval(self, start: int, end: int) -> Fraction | None:
        """S6.64 to S6.67, the first that fits; None: left out."""
        touching = [one for one in self.windows if one.start < end and start < one.end]
        over = [one for one in touching if one.start < start or one.end > end]
        for one in over:  # S6.62
            self.too_long.add(Problem("window_too_long", self.counter, format_instant(one.start)))
        left = [one for one in touching if not self._inside(one, self.excused)]
        total = sum(one.total for one in left)
        if over or (total == 0 and both(self.gaps, [(start, end)])):  # S6.64
            return Fraction(0) if self.worst else Fraction(1)
        if touching and not left and any(self._inside(o, self.removed) for o in touching):
            return None  # S6.65
        if total == 0:  # S6.66
            skip = self.availability.interval_average.no_traffic == "skip"
            return None if skip else Fraction(1)
        return 1 - Fraction(sum(one.failed for one in left), total)


def attainment(rows: list[dict[str, Any]], part: Part, availability: Any) -> Fraction:
    """S6.75: over the contractual instances whose deadline lies in the part."""
    met = breached = 0
    on = {str(one.id) for one in part.terms.document.clocks}  # names of what is off are passed over
    listed = [name for name in availability.attainment.clocks if str(name) in on]
    for row in contractual(rows, part, listed):
        met += row["verdict"] == "met"
        breached += row["verdict"] == "breached"
    return 1 - Fraction(breached, met + breached) if met + breached else Fraction(1)


def contractual(rows: list[dict[str, Any]], part: Part, clocks: list[str]) -> list[dict[str, Any]]:
    """The contractual instances of these clocks of this subscription due in the part (S8.13)."""
    return [
        row
        for row in rows
        if row["subscription"] == part.subscription
        and row["clock"] in clocks
        and row["strength"] == "contractual"
        and row["deadline_at"] is not None
        and holds(part.coverage, row["deadline_at"])
    ]


__all__ = ["Counted", "Counting", "attainment", "contractual", "less"]
