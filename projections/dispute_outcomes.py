"""What a statement comes to under either decision of a dispute that is still open (I4, S7.40).

Whoever opens a dispute says what it is about, not what is to be decided. What can be decided so
that a figure moves is an exclusion of an incident (S7.40), so the record itself says which way an
upheld dispute turns it: what it excuses of the incident would count, and what it does not excuse
would be excused. Denied, everything stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from projections.rows import CurrencyAmount, StatementRow
from projections.sweep import uptime
from projections.sweep.disputes import rulings_of, with_rulings
from schemas.instant import Interval, parse_instant

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.terms import Fact
    from projections.terms.parts import Part
    from projections.view import View

Stated = Callable[["View"], Iterable[StatementRow]]
"""The statements of a month without their disputes, of the subscriptions that a view asks."""
Totals = tuple[CurrencyAmount, ...]
ANNOUNCED = "sla.maintenance.announced.v1"
RESCHEDULED = "sla.maintenance.rescheduled.v1"


def either(
    book: Book, row: StatementRow, parts: Sequence[Part], opened: Fact, stated: Stated
) -> tuple[Totals, Totals] | None:
    """The totals if the dispute is upheld and if it is denied; None where no figure moves.

    Withdrawing is tried first: only what nothing excuses can be granted.
    """
    incidents, exclusions = _in_question(book, row, parts, opened)
    if not incidents or not exclusions:
        return None
    known = rulings_of(book.view)
    for granted in (False, True):
        ruled = with_rulings(known, row.customer, incidents, exclusions, granted=granted)
        view = book.view.ruled(ruled, frozenset({row.subscription}))
        (other,) = (each for each in stated(view) if each.customer == row.customer)
        if replace(row, disputes=()) != other:
            return _totals(other), _totals(row)
    return None


def _totals(row: StatementRow) -> Totals:
    return tuple(CurrencyAmount(each.currency, each.amount) for each in row.totals)


def _in_question(
    book: Book, row: StatementRow, parts: Sequence[Part], opened: Fact
) -> tuple[list[str], list[str]]:
    """The incidents and the exclusions that a decision of the dispute could be about.

    About a maintenance: the incidents that hit its windows, and the exclusions of its kind. No
    ruling is about a ticket, and a whole statement names no incident.
    """
    about = opened.data["about"]
    kinds: tuple[str, ...] = ("maintenance", "cause", "upstream_marker")
    if about["kind"] == "incident":
        incidents = [str(about["id"])]
    elif about["kind"] == "maintenance":
        windows = windows_of(book, str(about["id"]))
        incidents, kinds = uptime.incidents_in(book.view, row.customer, windows), kinds[:1]
    else:
        return [], []
    exclusions = {
        str(each.id)
        for part in parts
        for each in part.terms.document.exclusions or ()
        if str(each.kind) in kinds
    }
    return incidents, sorted(exclusions)


def windows_of(book: Book, maintenance: str) -> list[tuple[str, Interval]]:
    """Every window that a maintenance ever had, on each of its services."""
    told = [fact for fact in book.facts(ANNOUNCED, RESCHEDULED) if fact.subject == maintenance]
    services = {
        service for fact in told if fact.type == ANNOUNCED for service in fact.data["services"]
    }
    return [
        (service, Interval(parse_instant(window["from"]), parse_instant(window["to"])))
        for fact in told
        for window in (fact.data["window"],)
        for service in fact.data.get("services") or services
    ]
