"""The statements that rest on what a dispute is about, of any month (I4, I5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from projections import statement
from projections.calendar.dates import month_at
from projections.fact_index import facts_about
from projections.money.book import book_of
from projections.money.limits import months_between
from projections.statement_disputes import OPENED, covered, is_of, rests_on, spans_of
from schemas.instant import Interval

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.terms import Fact
    from projections.terms.parts import Part
    from projections.view import View

_YEAR = 366 * 86_400_000_000
"""A period that has begun is stated with a month at most so long after `at` (S3.39)."""


def opening(view: View, dispute: str) -> Fact | None:
    """The event that opened a dispute; None where nobody did, as of the view."""
    told = facts_about(view.agreements, OPENED, dispute)
    return told[0] if told else None


@dataclass(frozen=True, slots=True)
class Resting:
    """A statement, with the parts that it rests on."""

    subscription: str
    month: str
    parts: tuple[Part, ...]


def resting(view: View, opened: Fact) -> list[Resting]:
    """The statements that rest on it, by month and subscription; the view is the customer's."""
    book, customer = book_of(view), opened.data["customer"]
    spans = [span for span in view.agreements.spans if span.customer == customer]
    if not spans:
        return []
    last = min(max(span.end for span in spans), book.at) + _YEAR
    months = months_between(
        month_at(min(span.start for span in spans), "UTC"), month_at(last, "UTC")
    )
    found = []
    for month in months:
        if not _may_rest(book, month, opened):
            continue
        found += [
            Resting(row.subscription, month, tuple(parts))
            for row, parts in statement.without_disputes(view, month)
            if row.customer == customer and rests_on(book, row, parts, opened)
        ]
    return found


def _may_rest(book: Book, month: str, opened: Fact) -> bool:
    """Whether some statement of a month can: most are not worked out at all."""
    about, parts = opened.data["about"], book.parts(month)
    if not parts:
        return False
    if about["kind"] == "statement":
        return any(is_of(book, part.subscription, month, about["id"]) for part in parts)
    if about["kind"] != "ticket":
        return covered(parts, [span for _, span in spans_of(book, opened)])
    started, due = _clocks_of(book.view, about["id"])
    return any(month_at(each, "UTC") == month for each in started) or covered(
        parts, [Interval(each, each + 1) for each in due]
    )


def _clocks_of(view: View, ticket: str) -> tuple[list[int], list[int]]:
    """When the clocks of a ticket started and are due."""
    rows = view.clocks()
    mine = rows.filter(pc.equal(rows["ticket"], ticket))
    due = [each for each in mine["deadline_at"].to_pylist() if each is not None]
    return mine["started_at"].to_pylist(), due
