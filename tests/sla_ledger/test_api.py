"""The Python API: names, immutability, filters (I1, I9)."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

import sla_ledger
from ledger.errors import BadInput, Usage
from tests.projections.reading_world import AT, MONTH, world


@pytest.fixture(scope="module")
def ledger():
    with world() as told:
        yield told


def test_an_answer_and_its_rows_never_change(ledger):
    found = ledger.uptime(as_of=AT, month=MONTH)
    for name in ("rows", "at", "raw", "envelope", "more"):
        with pytest.raises(AttributeError):
            setattr(found, name, ())
    with pytest.raises(AttributeError):
        del found.raw
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.rows[0].verdict = "met"
    assert list(found) == list(found.rows)


@pytest.mark.parametrize("name", ["contract_list", "contract_lint"])
def test_answers_of_two_words_are_methods_of_the_same_name(ledger, name, tmp_path):
    (tmp_path / "c.yaml").write_text("contract: x\n")
    found = getattr(ledger, name)(*([tmp_path / "c.yaml"] if name == "contract_lint" else []))
    assert found.answer == name.replace("_", " ")
    assert len(found) > 0


def test_a_row_fits_every_filter_that_is_named(ledger):
    """I1: a month and a period together choose the rows that fit both."""
    both = ledger.uptime(as_of=AT, month=MONTH, period=[MONTH, "2026-02"])
    assert {row.period for row in both} == {MONTH}
    assert ledger.uptime(as_of=AT, month="2026-02", period=MONTH).rows == ()
    assert {row.period for row in ledger.uptime(as_of=AT, period=[MONTH, "2026-02"])} == {MONTH, "2026-02"}


@pytest.mark.parametrize(
    "asked", [{"at": 5}, {"at": date(2026, 6, 4)}, {"known_at": date(2026, 6, 4)}, {"known_at": True}, {"due_before": 5}, {"ticket": 5}, {"ticket": ["ta", 5]}]
)
def test_what_is_no_moment_and_no_text_is_a_usage_error(ledger, asked):
    with pytest.raises(Usage):
        ledger.clocks(**asked)


def test_logs_take_no_filter(ledger):
    with pytest.raises(Usage, match="takes no --month"):
        ledger.logs(month=MONTH)


def test_one_value_needs_no_list(ledger):
    many = ledger.whatif("uptime", readings=["sustained=any"], without=["event:%2Ftest/up"], as_of=AT, month=MONTH)
    one = ledger.whatif("uptime", readings="sustained=any", without="event:%2Ftest/up", as_of=AT, month=MONTH)
    assert one.json() == many.json()
    assert ledger.clocks(as_of=AT, ticket="ta").raw == ledger.clocks(as_of=AT, ticket=["ta"]).raw


@pytest.mark.parametrize("events", [{"id": "e"}, [{"id": "e"}], '{"id":"e"}', b'{"id":"e"}\n', ["no event"]])
def test_each_event_becomes_one_entry(tmp_path, events):
    ledger = sla_ledger.create(tmp_path / "l")
    assert ledger.append(events).appended == 1


@pytest.mark.parametrize("event", [5, "a\nb", b"{\n}", "\ud800", {"data": 1.5}, {"data": object()}])
def test_what_cannot_be_one_line_is_bad_input_and_nothing_is_written(tmp_path, event):
    ledger = sla_ledger.create(tmp_path / "l")
    with pytest.raises(BadInput):
        ledger.append([{"id": "e"}, event])
    assert not ledger.logs()
