"""What a statement comes to under either decision of an open dispute (I4, S7.40, S7.41)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from projections.sweep.disputes import with_rulings
from projections.view import View
from tests import scenario
from tests.reference.product import Product

AT, LATER, MONTH = "2026-04-05T00:00:00Z", "2026-04-12T00:00:00Z", "2026-03"


@pytest.fixture(scope="module")
def ledger():
    story = scenario.load(scenario.FOLDER / "disputes_open.yaml")
    with Product(scenario.stream_of(story)) as told:
        yield told._ledger


def amounts(totals):
    return None if totals is None else [(each.currency, each.amount) for each in totals]


def shown(answer) -> dict[str, Any]:
    (row,) = answer.raw
    return {each.dispute: (each.state, amounts(each.if_upheld), amounts(each.if_denied)) for each in row.disputes}


@pytest.mark.parametrize(
    ("dispute", "incident", "exclusion", "granted"),
    [("d1", "i1", "planned", True), ("d1", "i1", "third", True), ("d2", "i2", "third", False), ("d3", "i3", "planned", False)],
)
def test_upheld_is_as_if_the_decision_had_been_told(ledger, tmp_path, dispute, incident, exclusion, granted):
    """Against the events themselves: the totals of `whatif --with`; a denial moves nothing."""
    before = shown(ledger.statement(as_of=AT, month=MONTH))[dispute]

    def told(**data):
        file = tmp_path / "decided.jsonl"
        event = {"specversion": "1.0", "id": "x", "source": "/arbiter", "type": "sla.dispute.decided.v1", "subject": dispute, "time": AT, "data": data}
        file.write_text(json.dumps(event))
        (row,) = ledger.whatif("statement", with_file=file, as_of=AT, month=MONTH).raw
        return amounts(row.totals)

    ruled = {"incident": incident, "exclusion": exclusion, "granted": granted}
    assert before == ("open", told(decision="upheld", exclusion=ruled), told(decision="denied"))


def test_a_decision_on_one_dispute_is_what_the_others_compare_with(ledger):
    """d2 is upheld on the 10th: 36,000 s count; without i1 28,800 s, 98.9247 %, which is below 99 too."""
    found = shown(ledger.statement(as_of=LATER, month=MONTH))
    assert found["d2"] == ("upheld", None, None)
    assert found["d1"] == ("open", [("EUR", "250.00")], [("EUR", "250.00")])
    assert found["d3"] == ("open", [("EUR", "250.00")], [("EUR", "250.00")])


def test_other_readings_have_other_totals_under_either_decision(ledger):
    """Without the cause of i2 it counts already: nothing excuses it, so upheld grants."""
    without = [f"event:%2Ftest/e{6}"]
    found = shown(ledger.whatif("statement", without=without, as_of=AT, month=MONTH))
    assert found["d2"] == ("open", [("EUR", "100.00")], [("EUR", "250.00")])


def test_a_statement_without_open_disputes_supposes_nothing(ledger, monkeypatch):
    asked = []
    monkeypatch.setattr(View, "ruled", lambda *given: asked.append(given))
    (row,) = ledger.statement(as_of="2026-04-01T00:00:00Z", month=MONTH).raw
    assert (row.disputes, asked) == ((), [])


def test_rulings_are_laid_over_those_told():
    known = {"ann": {"i1": {"x": True, "y": False}}, "bob": {"i1": {"x": True}}}
    found = with_rulings(known, "ann", ["i1", "i2"], ["x"], granted=False)
    assert found == {"ann": {"i1": {"x": False, "y": False}, "i2": {"x": False}}, "bob": {"i1": {"x": True}}}
    assert known["ann"] == {"i1": {"x": True, "y": False}}
