"""Overrides, readings and plans become one plain document (terms.md 1.5, 1.6)."""

from schemas.resolve import options_of, readings_of, resolve
from schemas.terms_raw import read_yaml
from tests.schemas.test_terms import DESK


def tree():
    return read_yaml(DESK).tree


def test_decisions_are_stronger_than_chosen():
    assert resolve(tree(), "pro").contract.clocks[0].targets[0].within == "4bh"
    assert resolve(tree(), "pro", {"time": "long"}).contract.clocks[0].targets[0].within == "1bd"
    assert readings_of(tree()) == {"time": "short"}
    assert options_of(tree()) == {"time": {"short": "4bh", "long": "1bd"}}


def test_a_cell_that_is_off_is_remembered():
    within = {"by_plan": {"pro": "1h"}}
    found = resolve(tree(), "basic", {}, [("clocks[reply].targets[high].within", within)])
    (cell,) = found.contract.clocks[0].targets
    assert (cell.off, cell.severity) == (True, "high")


def test_an_element_that_is_off_is_gone_and_its_name_passed_over():
    found = resolve(
        tree(), "basic", {}, [("availability[uptime].strength", {"by_plan": {"pro": "target"}})]
    )
    assert found.contract.availability == ()
    assert found.contract.credits[0].for_ == ()


def test_overrides_that_meet_nothing_and_that_break_form():
    assert resolve(tree(), "pro", {}, [("clocks[none].id", "x")]).override_problems == (
        "clocks[none].id",
    )
    found = resolve(tree(), "pro", {}, [("provider", "Other"), ("zones.period", "Nowhere")])
    assert found.contract.provider == "Example"
    assert found.override_problems == ("unknown-zone zones.period",)


def test_a_refused_member_has_no_effect():
    one = tree()
    one["clocks"][0]["confirmation"] = "none"
    found = resolve(one, "pro").contract
    assert found.clocks[0].confirmation is None
    assert found.refused == (("clocks", 0, "confirmation"),)
