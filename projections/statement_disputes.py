"""Disputes about what a statement rests on, and its totals under either decision (I4, S7.40)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from projections.dispute_outcomes import Stated, either, windows_of
from projections.fact_index import facts_about
from projections.money.ledger_money import sealed
from projections.rows import DisputeShown, StatementRow

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.terms import Fact
    from projections.terms.parts import Part

OPENED = "sla.dispute.opened.v1"
DECIDED = "sla.dispute.decided.v1"


def told(book: Book, row: StatementRow, parts: Sequence[Part], stated: Stated) -> StatementRow:
    """The row with its disputes; `stated` gives the statements of its month in another view."""
    mine = [
        fact
        for fact in facts_about(book.agreements, OPENED, row.customer, "customer")
        if facts_about(book.agreements, OPENED, fact.subject)[0] is fact
        and rests_on(book, row, parts, fact)
    ]
    mine.sort(key=lambda fact: fact.subject)
    return replace(row, disputes=tuple(_shown(book, row, parts, each, stated) for each in mine))


def _shown(
    book: Book, row: StatementRow, parts: Sequence[Part], opened: Fact, stated: Stated
) -> DisputeShown:
    about = opened.data["about"]
    decided = facts_about(book.agreements, DECIDED, opened.subject)
    totals = None if decided else either(book, row, parts, opened, stated)
    return DisputeShown(
        dispute=opened.subject,
        kind=about["kind"],
        id=about["id"],
        opened_at=opened.effective_at,
        state=str(decided[-1].data["decision"]) if decided else "open",
        if_upheld=None if totals is None else totals[0],
        if_denied=None if totals is None else totals[1],
    )


def rests_on(book: Book, row: StatementRow, parts: Sequence[Part], opened: Fact) -> bool:
    """Whether the statement rests on what the dispute is about."""
    about = opened.data["about"]
    kind, name = about["kind"], about["id"]
    if kind == "ticket":
        return any(clock.ticket == name for clock in row.clocks)
    if kind == "statement":
        return _is_statement(book, row, name)
    if kind == "incident":
        told = book.impacts(row.customer)(name)
        return _meets(row, parts, ((service, each) for service in told for each in told[service]))
    return _meets(row, parts, windows_of(book, name))


def _is_statement(book: Book, row: StatementRow, name: str) -> bool:
    own = f"{row.subscription}/{row.month}"
    return name == own or any(
        fact.subject == name for fact in sealed(book, row.subscription, row.month)
    )


def _meets(
    row: StatementRow, parts: Sequence[Part], told: Iterable[tuple[str, Sequence[int]]]
) -> bool:
    """Whether some time of a service that the statement measures lies in its parts."""
    services = {line.service for line in row.uptime}
    return any(
        (service in services or None in services)
        and any(begin < end and start < stop for part in parts for begin, stop in part.coverage)
        for service, (start, end) in told
    )
