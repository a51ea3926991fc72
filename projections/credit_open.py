"""Credits that rest on an impact that nobody has ended (S6.13): reason `open_impact`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projections.book import Book
    from projections.credit_outcome import Outcome


def reasons(book: Book, outcome: Outcome) -> set[str]:
    """`open_impact` where a line of the row is still down by an impact left open."""
    part = outcome.part
    running = {
        line_id
        for name in outcome.terms.availabilities
        for line in book.measure(part, name)
        for line_id in line.lines
        if any(outage.running and outage.net > 0 for outage in line.best.outages)
    }
    if not running:
        return set()
    left_open = book.open_impacts(part.customer)
    return {"open_impact"} if running & left_open else set()
