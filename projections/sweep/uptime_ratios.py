"""Lines of measures that count: what exclusions prove is taken out of the windows (S6.63)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from projections.sweep import ratios
from projections.sweep.clauses import Asked
from projections.sweep.figures import Figures
from projections.sweep.line_sweeps import Sweeps
from projections.sweep.measured import Measured, only_ratio
from projections.sweep.ratios import Average, Counted, Windows
from projections.sweep.spans import EMPTY, Spans, joined
from projections.terms.parts import Line

if TYPE_CHECKING:
    from projections.terms.parts import Part
    from projections.view import View

Three = tuple[Measured, Measured, Measured]
"""Best, worst and at best."""


def counted(sweeps: Sweeps, part: Part, question: Asked, lines: Sequence[Line]) -> Three:
    """The lines of one row, counted in both modes (S6.60 to S6.71)."""
    best = [_line(sweeps, part, question, line, worst=False) for line in lines]
    worst = [_line(sweeps, part, question, line, worst=True) for line in lines]
    uptime = ratios.uptime_of(best)
    at_best = ratios.at_best_of(best)
    return only_ratio(uptime), only_ratio(ratios.uptime_of(worst)), only_ratio(at_best)


def _line(sweeps: Sweeps, part: Part, question: Asked, line: Line, *, worst: bool) -> Counted:
    windows = windows_of(sweeps, part, question, line, worst=worst)
    if question.measure == "interval_average":
        return average_of(sweeps, part, question, line).measured(windows)
    hours = sweeps.hours(part, question)
    time = Spans.of((start, min(end, sweeps.view.as_of.at)) for start, end in line.coverage)
    return ratios.request_ratio(windows, time if hours is None else time.both(hours))


def average_of(sweeps: Sweeps, part: Part, question: Asked, line: Line) -> Average:
    """The intervals of a line (S6.61)."""
    hours = sweeps.hours(part, question)
    at = sweeps.view.as_of.at
    return Average(
        part.start, part.end, question.interval, line.coverage, hours, at, question.skips
    )


def windows_of(sweeps: Sweeps, part: Part, question: Asked, line: Line, *, worst: bool) -> Windows:
    """The windows of the line's counter, what excuses them, and what a gap says (S6.21)."""
    modes = sweeps.modes(part, question, line.id)
    told = modes.signals
    proven, removed = _proven(modes.worst if worst else modes.best)
    mine = [one for one in told.counts if one.counter == question.counter]
    gaps = told.on.gaps.get(question.counter or "", EMPTY)
    fails = question.no_data == "down" or (worst and question.no_data == "unknown")
    gaps = gaps.within(part.start, sweeps.view.as_of.at) if len(gaps.start) else gaps
    return Windows.of(mine, gaps, proven, removed, 0 if fails else 1)


def _proven(figures: Figures) -> tuple[Spans, Spans]:
    """All that is proven, and the part of it that leaves the time (S6.63, S6.65)."""
    swept = figures.swept
    leaving = [
        proven
        for how, proven in zip(swept.plan.how, swept.proven, strict=True)
        if how in ("removed", "removed_window")
    ]
    return joined(swept.proven), joined(leaving)


def attainment(view: View, part: Part, question: Asked) -> Three:
    """1 - breached / (met + breached) of the contractual instances due in the part (S6.75)."""
    rows = view.clocks()
    mine = pc.and_(
        pc.equal(rows.column("subscription").cast("string"), part.subscription),
        pc.equal(rows.column("strength").cast("string"), "contractual"),
    )
    rows = rows.filter(pc.fill_null(mine, False)).select(["clock", "deadline_at", "verdict"])
    met = breached = 0
    for row in rows.to_pylist():
        due = row["deadline_at"]
        if row["clock"] not in question.clocks or due is None:
            continue
        if any(start <= due < end for start, end in part.coverage):
            met += row["verdict"] == "met"
            breached += row["verdict"] == "breached"
    of = met + breached
    figures = only_ratio(1 - Fraction(breached, of) if of else Fraction(1))
    return figures, figures, figures
