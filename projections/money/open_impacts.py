"""Credits that rest on an impact that nobody has ended (S6.13): reason `open_impact`."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from projections.sweep import uptime_problems
from projections.sweep.clauses import IncidentLeaf, fits
from projections.sweep.line_sweeps import sweeps_of
from projections.sweep.scope import wide_view
from projections.sweep.signals import SHARE_ONE
from schemas.instant import Interval, intersect

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.money.outcome import Outcome
    from projections.sweep.measured import LineUptime


def reasons(book: Book, outcome: Outcome) -> set[str]:
    """`open_impact` where some downtime of the row lies in an impact left open.

    That of an outage that has ended counts too: an impact may be one of several that it takes.
    """
    for name in outcome.terms.availabilities:
        for line in book.measure(outcome.part, name):
            if _rests_on_open(book, line):
                return {"open_impact"}
    return set()


def _rests_on_open(book: Book, line: LineUptime) -> bool:
    question = sweeps_of(book.view).asked(line.part, line.availability)
    leaves = [leaf for leaf in question.leaves if isinstance(leaf, IncidentLeaf)]
    return any(
        intersect(list(stretch.down()), [Interval(row["start_at"], book.at)])
        for stretch in line.best.stretches
        for row in _left_open(book).get(stretch.line, ())
        if (question.everyone or _names(row, line.part.customer))
        and any(_signals(leaf, row) for leaf in leaves)
    )


def _signals(leaf: IncidentLeaf, row: dict[str, Any]) -> bool:
    """Whether an impact is one that `down_when` looks at (S6.11)."""
    share = Fraction(row["share_e12"], SHARE_ONE) * 100
    return row["impact"] in leaf.levels and (not leaf.share or fits(leaf.share, share))


def _names(row: dict[str, Any], customer: str) -> bool:
    """Whether an impact counts for a customer under `view: customer` (S6.12)."""
    return row["customers"] is None or customer in json.loads(row["customers"])


def _left_open(book: Book) -> dict[str, list[dict[str, Any]]]:
    """The impacts left open by service, also those that name others alone (S6.12, S6.13)."""
    if "left_open" not in book.outcomes:
        view = book.view if book.view.customer is None else wide_view(book.view)
        found: dict[str, list[dict[str, Any]]] = {}
        for row in uptime_problems.left_open(view):
            found.setdefault(row["service"], []).append(row)
        book.outcomes["left_open"] = found
    known: dict[str, list[dict[str, Any]]] = book.outcomes["left_open"]
    return known
