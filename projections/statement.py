"""What one subscription is told for one month (I4): every figure and the latest seal (S9.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow.compute as pc

from projections import statement_disputes
from projections.calendar.dates import month_bounds
from projections.members import members, ordered
from projections.money import credits as credit_rows
from projections.money import ledger_money, rights
from projections.money.book import book_of
from projections.money.claim_facts import SEALED
from projections.money.states import PAID
from projections.rows import (
    ClockRow,
    ContractInForce,
    CreditRow,
    ProblemRow,
    ReadingUsed,
    RightRow,
    Seal,
    StatementRow,
    StatementTotal,
    UptimeRow,
)
from projections.sweep import uptime
from projections.terms.lives import customer_at
from projections.terms.parts import calendar_month
from schemas.money import amount_text

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.money.ledger_money import Grant
    from projections.terms import Fact, Span
    from projections.terms.parts import Part
    from projections.view import View

Row = TypeVar("Row", ClockRow, UptimeRow, CreditRow, RightRow)
ZERO = Fraction(0)
FAR = 2**62


def rows(view: View, month: str) -> list[StatementRow]:
    """One row for each subscription active in the month, in the order of I4.

    It rests on the parts stated with the month; where no clause of the terms goes by a period that
    ends in it, on those of the calendar month.
    """

    def stated(other: View) -> Iterator[StatementRow]:
        return (row for row, _ in without_disputes(other, month))

    book = book_of(view)
    found: list[StatementRow] = ordered(
        statement_disputes.told(book, row, parts, stated)
        for row, parts in without_disputes(view, month)
    )
    return found


def without_disputes(view: View, month: str) -> Iterator[tuple[StatementRow, list[Part]]]:
    """The rows with nothing said of disputes, each with the parts that it rests on."""
    book = book_of(view)
    parts: dict[tuple[str, str], list[Part]] = {}
    for part in book.parts(month):
        if part.start < book.at:
            parts.setdefault((part.customer, part.subscription), []).append(part)
    asked = book.agreements.subscriptions if view.subscriptions is None else view.subscriptions
    for name in sorted(set(asked) - {subscription for _, subscription in parts}):
        for part in calendar_month(book.agreements, month, book.at, name):
            parts.setdefault((part.customer, name), []).append(part)
    every = _Answers(view, month, [part for told in parts.values() for part in told])
    for mine, told in parts.items():
        yield _row(book, every, mine, told), told


class _Answers:
    """The other answers of the month by customer and subscription, asked once for all."""

    def __init__(self, view: View, month: str, parts: Sequence[Part]) -> None:
        self.clocks = _by_subscription(_clocks(view, month, parts))
        self.uptime = _by_subscription(uptime.rows(view, [month]))
        self.credits = _by_subscription(credit_rows.rows(view, [month]))
        self.rights = _by_subscription(rights.rows(view))
        self.grants: dict[str, list[Grant]] = {}
        for grant in ledger_money.grants(book_of(view)):
            self.grants.setdefault(grant.subscription, []).append(grant)


def _clocks(view: View, month: str, parts: Sequence[Part]) -> list[ClockRow]:
    """The rows of `clocks` that some statement of the month may show, in their order."""
    if not parts:
        return []
    rows = view.clocks()
    start, end = month_bounds("UTC", month)
    first, last = min(part.start for part in parts), max(part.end for part in parts)
    started = _between(rows["started_at"], start, end)
    due = pc.fill_null(_between(rows["deadline_at"], first, last), fill_value=False)
    names = [member.attribute for member in members(ClockRow)]
    meant = rows.filter(pc.or_(started, due)).select(names).to_pylist()
    found: list[ClockRow] = ordered(ClockRow(**row) for row in meant)
    return found


def _between(column: Any, start: int, end: int) -> Any:
    return pc.and_(pc.greater_equal(column, start), pc.less(column, end))


def _by_subscription(told: Iterable[Row]) -> dict[tuple[str, str | None], list[Row]]:
    found: dict[tuple[str, str | None], list[Row]] = {}
    for row in told:
        found.setdefault((row.customer, row.subscription), []).append(row)
    return found


def _row(book: Book, every: _Answers, mine: tuple[str, str], parts: list[Part]) -> StatementRow:
    subscription, month = mine[1], parts[0].period.month
    bounds = month_bounds("UTC", month)
    own_credits = tuple(every.credits.get(mine, ()))
    grants = [
        each
        for each in every.grants.get(subscription, ())
        if ledger_money.stated_with(book, subscription, str(each.fact.data["period"]), month)
    ]
    return StatementRow(
        customer=mine[0],
        subscription=subscription,
        month=month,
        contracts=_contracts(book, subscription, parts),
        clocks=tuple(row for row in every.clocks.get(mine, ()) if _in_month(row, *bounds, parts)),
        uptime=tuple(every.uptime.get(mine, ())),
        credits=own_credits,
        granted=tuple(each.row() for each in sorted(grants, key=lambda each: each.fact.subject)),
        rights=tuple(row for row in every.rights.get(mine, ()) if _right_in(row, *bounds)),
        disputes=(),
        readings_used=_readings(parts),
        totals=_totals(book, subscription, month, own_credits, grants),
        seal=_seal(book, subscription, month),
    )


def _in_month(row: ClockRow, start: int, end: int, parts: Sequence[Part]) -> bool:
    """Started in the UTC month, or due in a part (I4)."""
    due = row.deadline_at
    return start <= row.started_at < end or (
        due is not None
        and any(begin <= due < stop for part in parts for begin, stop in part.coverage)
    )


def _right_in(row: RightRow, start: int, end: int) -> bool:
    return row.arose_at < end and (row.until is None or row.until > start)


def _contracts(book: Book, subscription: str, parts: Sequence[Part]) -> tuple[ContractInForce, ...]:
    """The versions in force in the parts, each with its whole time for this subscription."""
    runs: list[ContractInForce] = []
    for span in sorted(book.agreements.spans_of(subscription), key=lambda each: each.start):
        if span.version is None:
            continue
        last = runs[-1] if runs else None
        if last and _same(last, span) and last.to == span.start:
            runs[-1] = ContractInForce(last.contract, last.version, last.from_, _end(span))
        else:
            runs.append(ContractInForce(span.contract, span.version, span.start, _end(span)))
    return tuple(
        run
        for run in runs
        if any(
            run.from_ < stop and (run.to is None or begin < run.to)
            for part in parts
            for begin, stop in part.coverage
        )
    )


def _same(run: ContractInForce, span: Span) -> bool:
    return (run.contract, run.version) == (span.contract, span.version)


def _end(span: Span) -> int | None:
    return None if span.end >= FAR else span.end


def _readings(parts: Sequence[Part]) -> tuple[ReadingUsed, ...]:
    """Every reading of the contracts of the parts, with the decision that chose it (S3.11)."""
    found: dict[tuple[str, str, str], ReadingUsed] = {}
    for part in sorted(parts, key=lambda each: each.start):
        contract, version = part.terms.contract, part.terms.version
        for name, chosen in part.terms.readings.items():
            decided = part.terms.decided.get(name)
            found[contract, version, name] = ReadingUsed(
                contract, version, name, chosen,
                decided_at=None if decided is None else decided.effective_at,
                by=None if decided is None else decided.data.get("by"),
                basis=_published_basis(part, name) if decided is None
                else decided.data.get("basis"),
            )  # fmt: skip
    return tuple(found[key] for key in sorted(found))


def _published_basis(part: Part, name: str) -> str | None:
    for each in part.terms.document.interpretations:
        if each.id == name:
            return None if each.basis is None else str(each.basis)
    return None


def _totals(
    book: Book, subscription: str, month: str, own: Sequence[CreditRow], grants: Sequence[Grant]
) -> tuple[StatementTotal, ...]:
    """By currency what is due or later, granted, proposed, and what a close would add (I4)."""
    owed: dict[str, Fraction] = {}
    for row in own:
        if row.currency is not None and row.amount is not None:
            counts = Fraction(row.amount) if row.state in PAID else ZERO
            owed[row.currency] = owed.get(row.currency, ZERO) + counts
    granted: dict[str, Fraction] = {}
    for grant in grants:
        counts = ZERO if grant.state == "reversed" else grant.amount
        granted[grant.currency] = granted.get(grant.currency, ZERO) + counts
    told = ledger_money.proposed(book, subscription, month)
    return tuple(
        StatementTotal(
            currency,
            amount_text(owed.get(currency, ZERO), currency),
            amount_text(granted.get(currency, ZERO), currency),
            amount_text(told.get(currency, ZERO), currency),
            amount_text(owed.get(currency, ZERO) - told.get(currency, ZERO), currency),
        )
        for currency in sorted({*owed, *granted, *told})
    )


def _seal(book: Book, subscription: str, month: str) -> Seal | None:
    """The latest sealing; None where there is none."""
    told = ledger_money.sealed(book, subscription, month)
    if not told:
        return None
    fact = told[-1]
    return Seal(
        fact.subject, fact.effective_at, int(fact.data["ledger_version"]),
        fact.data["inputs_sha256"], fact.data.get("supersedes"),
    )  # fmt: skip


def problems(view: View) -> list[ProblemRow]:
    """Months whose proposals do not sum to their latest statement: `unreconciled` (S9.3)."""
    book = book_of(view)
    latest: dict[tuple[str, str], Fact] = {}
    for fact in sorted(book.agreements.facts(SEALED), key=lambda each: each.order):
        latest[fact.data["subscription"], fact.data["period"]] = fact
    found = []
    for (subscription, month), fact in latest.items():
        stated: dict[str, Fraction] = {}
        for row in fact.data["rows"]:
            if row.get("credit") is not None and row.get("state") in PAID and row.get("amount"):
                currency = str(row["currency"])
                stated[currency] = stated.get(currency, ZERO) + Fraction(str(row["amount"]))
        told = ledger_money.proposed(book, subscription, month)
        for currency in sorted({*stated, *told}):
            left, right = told.get(currency, ZERO), stated.get(currency, ZERO)
            if left != right:
                detail = (
                    f"{month} {currency} "
                    f"{amount_text(left, currency)} {amount_text(right, currency)}"
                )
                customer = customer_at(book.agreements.spans_of(subscription), fact.effective_at)
                found.append(
                    ProblemRow("unreconciled", subscription, detail, customer, (fact.entry,))
                )
    return found
