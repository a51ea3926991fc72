"""The Python API: names, immutability, filters (I1, I9)."""

from __future__ import annotations

import dataclasses

import pytest

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
