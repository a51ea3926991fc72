"""What was proposed, granted, applied and reversed (S8.104, S9.3)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from projections.money import ledger_money
from projections.money.book import Book
from tests.projections.small_world import CHARGED_JUNE, UPTIME, World, credit, document, event


def proposal(name: str = "x", amount: str = "50.00", period: str = "2026-06") -> Any:
    return event(
        "credit.proposed", name, "2026-07-02", subscription="s1", period=period, part=1,
        credit="c", amount=amount, currency="EUR", statement="st", reason="r",
    )  # fmt: skip


def applied(time: str, **members: Any) -> Any:
    return event("credit.applied", "x", time, **members)


def book(*told: Any, **settle: Any) -> Book:
    paying = credit(settle=settle or None)
    return Book(World(document(paying), at="2026-08-01", events=list(told)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amounts", "detail"),
    [
        (["20.00", "30.00"], None), (["20.00", None], None),
        (["20.00", "30.01"], "50.01 50.00"), ([None, "1.00"], "51.00 50.00"),
    ],
)  # fmt: skip
def test_no_more_is_applied_than_there_is(amounts: list[str | None], detail: str | None) -> None:
    """S8.104: an event without an amount takes what is left."""
    told = [
        applied(f"2026-07-0{3 + number}", **({} if each is None else {"amount": each}))
        for number, each in enumerate(amounts)
    ]
    found = list(ledger_money.over_applied(book(proposal(), *told)))
    assert [(row.detail, row.customer) for row in found] == (
        [] if detail is None else [(detail, "ann")]
    )


def test_an_invoice_takes_its_percent_at_most() -> None:
    """S8.104: half of 60 is less than 40."""
    told = [proposal(), CHARGED_JUNE, applied("2026-07-04", amount="40.00", invoice="i1")]
    settle = {"when": "next_invoice", "rest": "next_invoice", "leftover": "lapse"}
    half = {"percent": "50", "of": "invoice"}
    assert [row.subject for row in ledger_money.over_applied(book(*told, at_most=half))] == ["x"]
    assert list(ledger_money.over_applied(book(*told, **settle))) == []


def test_what_was_reversed_is_not_proposed() -> None:
    """S9.3: less what was reversed."""
    told = [
        proposal("x"), proposal("y", "7.00"), proposal("z", "1.00", "2026-07"),
        event("credit.reversed", "x", "2026-07-09"),
    ]  # fmt: skip
    assert ledger_money.proposed(book(*told), "s1", "2026-06") == {"EUR": Fraction(7)}


def test_goodwill_has_its_last_word() -> None:
    """I4 `granted`."""
    told = [
        event(
            "credit.granted", "g", "2026-07-01", subscription="s1", period="2026-06",
            amount="5.50", currency="EUR", reason="sorry",
        ),
        event("credit.issued", "g", "2026-07-02"),
    ]  # fmt: skip
    (grant,) = ledger_money.grants(book(*told))
    row = grant.row()
    assert (row.credit, row.amount, row.state, row.by) == ("g", "5.50", "issued", None)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("2026-10", "2026-10"), ("2026", "2026-12"), ("2026-Q3", "2026-09"),
        ("2026-10-02/2026-11-01", "2026-10"), ("2026-10-02/2026-11-02", "2026-11"),
    ],
)  # fmt: skip
def test_the_month_of_a_period(name: str, month: str) -> None:
    """S3.39: the one that holds its last instant."""
    assert ledger_money.period_month(name) == month


@pytest.mark.parametrize(
    ("kind", "months"),
    [
        ("month", ["2026-06"]),
        ("quarter", ["2026-06"]),
        ({"quarter": {"first": "feb"}}, ["2026-07"]),
    ],
)
def test_a_quarter_is_one_that_the_terms_name_else_of_the_calendar(
    kind: Any, months: list[str]
) -> None:
    """S3.32, S3.39: goodwill for a quarter where the terms may know months alone."""
    going_by = document(credit(), availability=[{**UPTIME, "period": kind}])
    known = Book(World(going_by))  # type: ignore[arg-type]
    named = [f"2026-{month:02d}" for month in range(1, 13)]
    assert [each for each in named if ledger_money.stated_with(known, "s1", "2026-Q2", each)] == (
        months
    )
