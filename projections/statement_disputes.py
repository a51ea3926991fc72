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
    from schemas.instant import Interval

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
        return is_of(book, row.subscription, row.month, name)
    services = {line.service for line in row.uptime}
    return any(
        (service in services or None in services) and covered(parts, [span])
        for service, span in spans_of(book, opened)
    )


def spans_of(book: Book, opened: Fact) -> list[tuple[str, Interval]]:
    """The time on each service that an incident or a maintenance has, for the customer."""
    about = opened.data["about"]
    if about["kind"] != "incident":
        return windows_of(book, about["id"])
    told = book.impacts(opened.data["customer"])(about["id"])
    return [(service, each) for service in told for each in told[service]]


def covered(parts: Iterable[Part], spans: Sequence[Interval]) -> bool:
    """Whether some of the time lies in the parts."""
    return any(
        begin < end and start < stop
        for part in parts
        for begin, stop in part.coverage
        for start, end in spans
    )


def is_of(book: Book, subscription: str, month: str, statement: str) -> bool:
    """Whether a name is that of the statement, as of now or as once sealed."""
    return statement == f"{subscription}/{month}" or any(
        fact.subject == statement for fact in sealed(book, subscription, month)
    )
