"""Rights that repetition gives (S8.110 to S8.114)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from projections.calendar.dates import days_on
from projections.calendar.wall_time import date_start, local_date
from projections.members import ordered
from projections.money.book import book_of
from projections.money.right_terms import RightTerms
from projections.money.right_tests import Past, holds
from projections.rows import ProblemRow, RightRow
from projections.terms.lives import customer_at

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.terms import Fact
    from projections.view import View

EXERCISED = "sla.right.exercised.v1"


@dataclass
class Arisen:
    """A right of a subscription that arose at the end of a period; `until` is exclusive."""

    customer: str
    subscription: str
    right: str
    arose_at: int
    until: int | None
    exercised: bool = False

    def is_open_at(self, instant: int) -> bool:
        """Whether it may be exercised then, as far as nobody did before."""
        return self.arose_at <= instant and (self.until is None or instant < self.until)

    def state(self, at: int) -> str:
        """`exercised`, `open` before its end, else `lapsed` (S8.114)."""
        if self.exercised:
            return "exercised"
        return "open" if self.until is None or at < self.until else "lapsed"


def rows(view: View) -> list[RightRow]:
    """Every right that arose at or before the view's `at`, in the order of I4."""
    arisen, _ = _settled(book_of(view))
    found: list[RightRow] = ordered(
        RightRow(
            each.customer, each.subscription, each.right, each.arose_at, each.until,
            each.state(view.as_of.at),
        )
        for each in arisen
    )  # fmt: skip
    return found


def problems(view: View) -> list[ProblemRow]:
    """Exercises that met no open right: `right_not_open` (S8.114)."""
    _, missed = _settled(book_of(view))
    agreements = book_of(view).agreements
    return [
        ProblemRow(
            "right_not_open", fact.subject, f"{fact.data['right']} {fact.event_id}",
            customer_at(agreements.spans_of(fact.subject), fact.effective_at), (fact.entry,),
        )
        for fact in missed
    ]  # fmt: skip


def _settled(book: Book) -> tuple[list[Arisen], list[Fact]]:
    """All rights with those exercised marked, and the exercises that met none open."""
    if "rights" not in book.outcomes:
        arisen = sorted(_arisen(book), key=lambda each: each.arose_at)
        book.outcomes["rights"] = arisen, _exercise(book, arisen)
    found: tuple[list[Arisen], list[Fact]] = book.outcomes["rights"]
    return found


def _exercise(book: Book, arisen: Sequence[Arisen]) -> list[Fact]:
    """Each exercise takes the earliest right open (S8.114); the rest is left over."""
    missed = []
    for fact in sorted(book.agreements.facts(EXERCISED), key=lambda each: each.order):
        for each in arisen:
            meant = each.subscription == fact.subject and each.right == fact.data["right"]
            if meant and not each.exercised and each.is_open_at(fact.effective_at):
                each.exercised = True
                break
        else:
            missed.append(fact)
    return missed


def _arisen(book: Book) -> Iterator[Arisen]:
    """Asked at the end of each period over at `at`, under its last part's terms (S8.110)."""
    asked = book.view.subscriptions
    for subscription in sorted({span.subscription for span in book.agreements.spans}):
        if asked is not None and subscription not in asked:
            continue
        if not _promised(book, subscription):
            continue
        past = Past(book, subscription)
        told: set[tuple[str, int]] = set()
        for part in past.last_parts():
            end = part.period.end
            for right in book.rights(part):
                if (right.id, end) not in told and holds(right.when, past, part):
                    told.add((right.id, end))
                    last_day = local_date(end - 1, book.zone(part))
                    until = _until(right, last_day, book.deadline_zone(part))
                    yield Arisen(part.customer, subscription, right.id, end, until)


def _promised(book: Book, subscription: str) -> bool:
    """Whether some terms of a subscription give a right: nothing is measured for the others."""
    for span in book.agreements.spans_of(subscription):
        terms = book.agreements.terms(span, span.start)
        if terms is not None and terms.document.rights:
            return True
    return False


def _until(right: RightTerms, last_day: date, zone: str) -> int | None:
    """The exclusive end of the date so many days after the period's last one (S8.113)."""
    if right.within_days is None:
        return None
    return date_start(days_on(last_day, right.within_days + 1), zone)
