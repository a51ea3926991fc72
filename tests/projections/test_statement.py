"""The statement of a subscription and month (I4)."""

from __future__ import annotations

from typing import Any

import pytest

from projections import statement
from projections.rows import StatementRow
from tests.projections.small_world import World, credit, document, event, sweep, us

__all__ = ["sweep"]
pytestmark = pytest.mark.usefixtures("sweep")
LONG = [("app", "2026-06-10", 7.2)]
PROPOSED = event(
    "credit.proposed", "x", "2026-07-02", subscription="s1", period="2026-06", part=1,
    credit="c", amount="60.00", currency="EUR", statement="s1/2026-06/1", reason="r",
)  # fmt: skip
GRANTED = event(
    "credit.granted", "g", "2026-07-03", subscription="s1", period="2026-06",
    amount="5.00", currency="EUR", reason="sorry", by="sam",
)  # fmt: skip


def seal(name: str, time: str, amount: str, **more: Any) -> Any:
    rows = [{"credit": "c", "amount": amount, "currency": "EUR", "state": "due"}]
    return event(
        "statement.sealed", name, time, subscription="s1", period="2026-06", ledger_version=7,
        known_at=time, inputs_sha256="00", rows=rows, readings={}, contract_version="1", **more,
    )  # fmt: skip


def row(world: World) -> StatementRow:
    (found,) = statement.rows(world, "2026-06")  # type: ignore[arg-type]
    return found


def test_totals_and_what_a_close_would_add() -> None:
    """100 due, 60 proposed: 40 more; goodwill stands beside."""
    found = row(World(document(credit()), outages=LONG, events=[PROPOSED, GRANTED]))
    (total,) = found.totals
    assert (total.currency, total.amount, total.granted) == ("EUR", "100.00", "5.00")
    assert (total.proposed, total.difference) == ("60.00", "40.00")
    assert [(each.credit, each.by, each.state) for each in found.granted] == [
        ("g", "sam", "granted")
    ]
    assert [each.credit for each in found.credits] == ["c"]


def test_nothing_sealed_is_null() -> None:
    """I4: `seal`."""
    assert row(World(document(credit()))).seal is None


def test_the_latest_seal_is_told() -> None:
    told = [seal("s1/2026-06/1", "2026-07-02", "60.00"),
            seal("s1/2026-06/2", "2026-07-04", "100.00", supersedes="s1/2026-06/1")]  # fmt: skip
    found = row(World(document(credit()), outages=LONG, events=told)).seal
    assert found is not None
    assert (found.statement, found.sealed_at) == ("s1/2026-06/2", us("2026-07-04"))
    assert (found.ledger_version, found.supersedes) == (7, "s1/2026-06/1")


def test_what_was_proposed_is_what_was_stated() -> None:
    """S9.3: else `unreconciled`."""
    told = [PROPOSED, seal("s1/2026-06/1", "2026-07-02", "60.00")]
    agreed = World(document(credit()), outages=LONG, events=told)
    assert statement.problems(agreed) == []  # type: ignore[arg-type]
    later = [*told, seal("s1/2026-06/2", "2026-07-04", "100.00")]
    (problem,) = statement.problems(World(document(credit()), events=later))  # type: ignore[arg-type]
    assert (problem.kind, problem.subject, problem.customer) == ("unreconciled", "s1", "ann")
    assert problem.detail == "2026-06 EUR 60.00 100.00"


def test_clocks_of_the_month_or_due_in_a_part() -> None:
    """I4: started in June, or due in it."""
    told = [
        ("first", "before", "2026-06-01"), ("first", "within", "2026-06-20"),
        ("first", "after", "2026-07-01"), ("first", "later", "2026-07-02"),
    ]  # fmt: skip
    found = row(World(document(credit()), breaches=told))
    assert [each.ticket for each in found.clocks] == ["after", "before", "within"]


def test_the_versions_in_force() -> None:
    found = row(World(document(credit())))
    assert [(each.contract, each.version, each.to) for each in found.contracts] == [
        ("demo", "1", None)
    ]


def test_disputes_about_what_it_rests_on() -> None:
    """An incident of June, a ticket of June, and one of neither."""
    told = [
        event("dispute.opened", name, "2026-07-01", customer="ann", about={"kind": kind, "id": id_})
        for name, kind, id_ in [
            ("d1", "incident", "i1"), ("d2", "ticket", "within"), ("d3", "ticket", "other"),
            ("d4", "statement", "s1/2026-06"),
        ]
    ]  # fmt: skip
    told.append(event("dispute.decided", "d2", "2026-07-02", decision="denied"))
    world = World(
        document(credit()), outages=LONG, events=told,
        breaches=[("first", "within", "2026-06-20")],
    )  # fmt: skip
    found = row(world).disputes
    assert [(each.dispute, each.state) for each in found] == [
        ("d2", "denied"), ("d4", "open"),
    ]  # fmt: skip
