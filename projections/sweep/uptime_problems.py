"""What shows up while uptime is measured: `open_impact` and `window_too_long` (I8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from projections.facts import entry_id
from projections.rows import ProblemRow
from projections.sweep import uptime_ratios
from projections.sweep.clauses import Asked, CountedLeaf
from projections.sweep.line_sweeps import Sweeps
from projections.sweep.scope import signal_facts
from projections.sweep.signals import signals_of
from projections.terms.parts import Line
from schemas.instant import Interval, format_instant, intersect

if TYPE_CHECKING:
    from projections.terms.parts import Part
    from projections.view import View

DAY = 86_400_000_000
_WORDS = ("below", "at_most", "at_least", "above")


def target_text(target: Any) -> str | None:
    """The target as the contract writes it, its edge word in front; None for `none` (S6.92)."""
    said = [(word, getattr(target, word, None)) for word in _WORDS]
    words = [f"{word} {getattr(value, 'text', value)}" for word, value in said if value is not None]
    return " ".join(words) if words and not isinstance(target, str) else None


def left_open(view: View) -> list[dict[str, Any]]:
    """Rows of impacts that nobody has ended nor spoken of for a day (S6.13), read once."""
    held = vars(view)
    if "left_open" not in held:
        facts, quiet = signal_facts(view), view.as_of.at - DAY
        held["left_open"] = view.ask("open_impact", facts, quiet_since=quiet).to_pylist()
    found: list[dict[str, Any]] = held["left_open"]
    return found


def open_impacts(view: View) -> Iterator[ProblemRow]:
    """The problem of each of them."""
    for row in left_open(view):
        detail = f"{row['service']} {format_instant(row['start_at'])}"
        place = entry_id(row["log"], row["log_offset"])
        yield ProblemRow("open_impact", row["incident"], detail, None, (place,))


def too_long(sweeps: Sweeps, part: Part, question: Asked, line: Line) -> list[ProblemRow]:
    """Windows that are not judged for their length, or reach over an interval (S6.18, S6.62).

    Only those that meet the line's coverage in the part: others are not measured there.
    """
    found: dict[tuple[str, int], None] = {}
    if question.measure == "interval_average":
        average = uptime_ratios.average_of(sweeps, part, question, line)
        average.measured(uptime_ratios.windows_of(sweeps, part, question, line, worst=False))
        found.update(((str(question.counter), start), None) for start in average.too_long)
    leaves = [leaf for leaf in question.leaves if isinstance(leaf, CountedLeaf) and leaf.window]
    if leaves:
        told = sweeps.modes(part, question, line.id).signals
        for leaf in leaves:
            found.update(
                ((leaf.counter, start), None)
                for start, end in told.long_windows(leaf)
                if intersect([Interval(start, end)], list(line.coverage))
            )
    return list(_rows(sweeps, line.id, found))


def _rows(sweeps: Sweeps, line: str, found: Iterable[tuple[str, int]]) -> Iterator[ProblemRow]:
    for counter, start in found:
        table = signals_of(sweeps.view).tables["counted"]
        mine = pc.and_(
            pc.and_(
                pc.equal(table.column("counter"), counter), pc.equal(table.column("service"), line)
            ),
            pc.equal(table.column("from_at"), start),
        )
        rows = table.filter(mine).to_pylist()
        places = tuple(entry_id(row["log"], row["log_offset"]) for row in rows)
        yield ProblemRow("window_too_long", counter, format_instant(start), None, places)
