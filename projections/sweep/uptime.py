"""Uptime: what each availability of a part comes to (semantics 6), its rows and its problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from projections.members import ordered
from projections.rows import Excused, ProblemRow, UptimeRow
from projections.sweep import uptime_problems, uptime_ratios
from projections.sweep.clauses import Asked, fits
from projections.sweep.line_sweeps import Sweeps, sweeps_of
from projections.sweep.measured import LineUptime, Measured, Outage, together
from projections.sweep.measured_line import LineStretch
from projections.sweep.signals import reaching, signals_of, signals_of_incident
from projections.sweep.spans import Spans
from projections.terms import parts as part_lines
from projections.terms.parts import Line
from schemas.instant import Interval

if TYPE_CHECKING:
    from projections.terms.parts import Part
    from projections.view import View

__all__ = [
    "LineUptime", "Measured", "Outage", "affected", "impacts_of", "incidents_in", "measure",
    "problems", "rows",
]  # fmt: skip

LeftOut = frozenset[tuple[str, int]]
"""Outages that leave a computation, each by its line and its start in best (S8.72, S8.84)."""


def measure(
    view: View, part: Part, availability: Any, *, leave_out: LeftOut = frozenset()
) -> list[LineUptime]:
    """The uptime of every line of an availability in a part, one under `across: sum` (S6.1-S6.87).

    `leave_out` names outages whose net downtime is not counted; the rest stays as it is. Lines
    are in the order of their ids.
    """
    sweeps = sweeps_of(view)
    question = sweeps.asked(part, availability)
    if question.measure == "attainment":
        figures = uptime_ratios.attainment(view, part, question)
        return [_whole(sweeps, part, availability, [], [figures])]
    lines = part_lines.lines(view.agreements, part, availability)
    grouped = [lines] if question.summed and lines else [[line] for line in lines]
    found = []
    for group in grouped:
        if question.ratio:
            figures = uptime_ratios.counted(sweeps, part, question, group)
            found.append(_whole(sweeps, part, availability, group, [figures]))
        else:
            each = [_line(sweeps, part, question, line, leave_out) for line in group]
            found.append(_whole(sweeps, part, availability, group, each))
    return found


Figures = tuple[Measured, Measured, Measured]
"""Best, worst and at best."""


def _line(sweeps: Sweeps, part: Part, question: Asked, line: Line, leave_out: LeftOut) -> Figures:
    """One line in both modes, and at best (S6.80, S6.86)."""
    modes = sweeps.modes(part, question, line.id)
    best = LineStretch(line.id, modes.best, line.coverage)
    if leave_out:
        gone = frozenset(start for name, start in leave_out if name == line.id)
        starts = tuple(modes.best.swept.outages.start.tolist())
        best = replace(best, left_out=gone, known_starts=starts)
    measured = best.measured()
    unknown = modes.worst is not modes.best
    other = replace(best, figures=modes.worst).measured() if unknown else measured
    over = part.period.end <= sweeps.view.as_of.at
    at_best = measured if over else replace(best, at_best=True).measured()
    return measured, other, at_best


def _whole(
    sweeps: Sweeps, part: Part, availability: Any, lines: Sequence[Line], figures: list[Figures]
) -> LineUptime:
    """The lines of one row together, with its verdict (S6.8, S6.90, S6.92)."""
    question = sweeps.asked(part, availability)
    best, worst, at_best = (
        figures[0]
        if len(figures) == 1
        else (together(list(each)) for each in zip(*figures, strict=True))
    )
    over = part.period.end <= sweeps.view.as_of.at
    coverage = [one for line in lines for one in line.coverage] or list(part.coverage)
    attained = question.measure == "attainment"
    single = lines[0].id if len(lines) == 1 and not question.summed else None
    return LineUptime(
        part,
        availability,
        None if attained else single,
        tuple(line.id for line in lines),
        min(one.start for one in coverage),
        max(one.end for one in coverage),
        sum(one.end - one.start for one in coverage),
        best,
        worst,
        None if over else at_best,
        verdict(question, best, worst, over=over),
    )


def verdict(question: Asked, best: Measured, worst: Measured, *, over: bool) -> str:
    """The first that fits of S6.90; edges are compared with the exact numbers (S1.4)."""
    if not question.target:
        return "no_target"
    if not over:
        return "provisional"
    good = fits(question.target, best.uptime * 100)
    if worst is not best and good != fits(question.target, worst.uptime * 100):
        return "indeterminate"
    return "met" if good else "breached"


def affected(view: View, line: LineUptime, leave_out: LeftOut = frozenset()) -> bool:
    """Whether some net downtime (best) is down under `view: customer` too (S8.71)."""
    sweeps = sweeps_of(view)
    question = sweeps.asked(line.part, line.availability)
    if leave_out:
        whole = measure(view, line.part, line.availability, leave_out=leave_out)
        line = next(one for one in whole if one.lines == line.lines)
    own = replace(question, everyone=False)
    for stretch in line.best.stretches:
        swept = sweeps.modes(line.part, own, stretch.line).best
        down = swept.of_level(swept.swept.raw > 0)
        if len(Spans.of(stretch.left()).both(down).start):
            return True
    return False


def impacts_of(view: View, incident: str, customer: str) -> dict[str, list[Interval]]:
    """Per service the intervals in which an incident's impacts reach a customer (S8.79)."""
    signals = signals_of_incident(view, incident)
    found: dict[str, list[Interval]] = {}
    places = signals.of_incident(incident)
    sees = reaching(signals, signals.impacts, customer, everyone=False)
    at = view.as_of.at
    for service, mine in signals.by_service(places[sees[places]]).items():
        ends = [min(end, at) for end in signals.impacts.end[mine].tolist()]
        pairs = zip(signals.impacts.start[mine].tolist(), ends, strict=True)
        spans = list(Spans.of(pairs).intervals())
        if spans:
            found[service] = spans
    return found


def incidents_in(
    view: View, customer: str, windows: Iterable[tuple[str, Interval]]
) -> list[str]:
    """The incidents whose impacts reach a customer on a service inside one of its windows."""
    signals, at = signals_of(view), view.as_of.at
    found: set[str] = set()
    for service, window in windows:
        impacts = signals.on(service).impacts
        sees = reaching(signals, impacts, customer, everyone=False)
        meets = (impacts.start < min(window.end, at)) & (impacts.end > window.start)
        codes = impacts.incident[sees & meets]
        found.update(signals.incidents[code].as_py() for code in set(codes.tolist()))
    return sorted(found)


def rows(view: View, months: Sequence[str]) -> list[UptimeRow]:
    """The uptime rows of the periods stated with the months (S6.90 to S6.93)."""
    found: list[UptimeRow] = ordered(row_of(one) for one in measured(view, months))
    return found


def measured(view: View, months: Sequence[str]) -> Iterator[LineUptime]:
    """What the rows of the months show, one window of every `every_day` (S6.95)."""
    chosen: dict[tuple[Any, ...], LineUptime] = {}
    for one in _every(view, months):
        if not _every_day(one.part.period.spec):
            yield one
            continue
        month, number = one.part.period.month, one.part.number
        key = one.part.subscription, one.availability.id, one.service, month, number
        known = chosen.get(key)
        chosen[key] = one if known is None else min(known, one, key=lambda each: _rank(view, each))
    yield from chosen.values()


def _rank(view: View, one: LineUptime) -> tuple[bool, Fraction, int]:
    """Ended windows first, then the lowest uptime, then the earliest."""
    over = one.part.period.end <= view.as_of.at
    return not over, one.best.uptime if over else Fraction(0), one.part.period.end


def _every_day(spec: Any) -> bool:
    ending = spec.get("ending") if isinstance(spec, dict) else getattr(spec, "ending", None)
    return str(ending) == "every_day"


@dataclass(frozen=True, slots=True)
class _Job:
    """A part's availability, with what makes jobs meet the same sweeps side by side."""

    key: tuple[str, str, str]
    part: Part
    availability: Any


def _jobs(view: View, months: Iterable[str]) -> list[_Job]:
    found = []
    for month in months:
        for part in view.parts(month):
            if view.customer is not None and part.customer != view.customer:
                continue
            for availability in part.terms.document.availability or ():
                if availability.period == part.period.spec:
                    key = part.terms.key, str(availability.id), part.subscription
                    found.append(_Job(key, part, availability))
    return sorted(found, key=lambda job: job.key)


def _every(view: View, months: Sequence[str]) -> Iterator[LineUptime]:
    for job in _jobs(view, months):
        yield from measure(view, job.part, job.availability)


def percent_text(uptime: Fraction) -> str:
    """In per cent, cut to four decimals, all four shown (S1.5)."""
    whole, rest = divmod(uptime.numerator * 1_000_000 // uptime.denominator, 10_000)
    return f"{whole}.{rest:04d}"


def row_of(one: LineUptime) -> UptimeRow:
    """A row as it is shown; seconds are cut to the microsecond, each by itself (S1.7, I3)."""
    part, best, question = one.part, one.best, one.availability
    timed = str(question.measure) in ("downtime", "weighted_downtime")
    excused = [Excused(name, int(amount)) for name, amount in best.excused.items() if amount]
    shown = percent_text(best.uptime)
    return UptimeRow(
        customer=part.customer,
        subscription=part.subscription,
        availability=str(question.id),
        service=one.service,
        period=part.period.name,
        period_start=part.period.start,
        period_end=part.period.end,
        part=part.number,
        part_start=one.coverage_start,
        part_end=one.coverage_end,
        covered_seconds=one.covered_us,
        gross_downtime_seconds=int(best.gross) if timed else None,
        excused=tuple(excused) if timed else (),
        net_downtime_seconds=int(best.net) if timed else None,
        denominator_seconds=int(best.denominator) if timed else None,
        unknown_seconds=int(one.worst.net - best.net) if timed else None,
        uptime_percent=shown,
        uptime_worst_percent=shown if one.worst is best else percent_text(one.worst.uptime),
        uptime_at_best_percent=None if one.at_best is None else percent_text(one.at_best.uptime),
        target=uptime_problems.target_text(question.target),
        strength=str(question.strength),
        verdict=one.verdict,
    )


def problems(view: View, months: Sequence[str]) -> list[ProblemRow]:
    """What shows up while measuring the months: `open_impact`, `window_too_long` (I8)."""
    sweeps = sweeps_of(view)
    found = list(uptime_problems.open_impacts(view))
    for job in _jobs(view, months):
        question = sweeps.asked(job.part, job.availability)
        lines = part_lines.lines(view.agreements, job.part, job.availability)
        for line in lines:
            found += uptime_problems.too_long(sweeps, job.part, question, line)
    return list(dict.fromkeys(found))
