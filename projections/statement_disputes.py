"""Disputes about what a statement rests on, and its totals under either decision (I4, S7.40)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from projections.fact_index import facts_about
from projections.ledger_money import sealed
from projections.rows import DisputeShown, StatementRow
from schemas.instant import parse_instant

if TYPE_CHECKING:
    from projections.book import Book
    from projections.parts import Part
    from projections.terms import Fact

OPENED = "sla.dispute.opened.v1"
DECIDED = "sla.dispute.decided.v1"
WINDOWS = ("sla.maintenance.announced.v1", "sla.maintenance.rescheduled.v1")


def told(book: Book, row: StatementRow, parts: Sequence[Part]) -> StatementRow:
    """The row with its disputes."""
    first: dict[str, Fact] = {}
    for fact in facts_about(book.agreements, OPENED, row.customer, "customer"):
        if _rests_on(book, row, parts, fact):
            first.setdefault(fact.subject, fact)
    return replace(row, disputes=tuple(_shown(book, first[name]) for name in sorted(first)))


def _shown(book: Book, opened: Fact) -> DisputeShown:
    about = opened.data["about"]
    decided = facts_about(book.agreements, DECIDED, opened.subject)
    last = decided[-1] if decided else None
    return DisputeShown(
        dispute=opened.subject,
        kind=about["kind"],
        id=about["id"],
        opened_at=opened.effective_at,
        state="open" if last is None else str(last.data["decision"]),
        if_upheld=None,
        if_denied=None,
    )


def _rests_on(book: Book, row: StatementRow, parts: Sequence[Part], opened: Fact) -> bool:
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
    windows = (
        (service, (parse_instant(window["from"]), parse_instant(window["to"])))
        for fact in book.facts(*WINDOWS)
        if fact.subject == name
        for window in (fact.data["window"],)
        for service in fact.data.get("services") or _services(book, name)
    )
    return _meets(row, parts, windows)


def _services(book: Book, maintenance: str) -> set[str]:
    """The services of a maintenance's announcements, for a reschedule that names none."""
    return {
        service
        for fact in book.facts(WINDOWS[0])
        if fact.subject == maintenance
        for service in fact.data["services"]
    }


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
