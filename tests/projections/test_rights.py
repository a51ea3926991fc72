"""Rights that arise at the end of a period (S8.110 to S8.114)."""

from __future__ import annotations

from typing import Any

import pytest

from projections.money import rights
from tests.projections.small_world import World, credit, document, event, sweep, us

__all__ = ["sweep"]
pytestmark = pytest.mark.usefixtures("sweep")
MISSES = [("app", "2026-02-10", 8.0), ("app", "2026-04-10", 9.0), ("app", "2026-05-10", 3.0)]


def right(**when: Any) -> Any:
    given = {"id": "leave", "text": "t", "when": when, "exercise_within": "30d"}
    return document(credit(), rights=[given], clocks=[{"id": "first"}])


def arisen(world: World) -> list[tuple[int, str]]:
    return [(row.arose_at, row.state) for row in rights.rows(world)]  # type: ignore[arg-type]


def test_too_much_downtime_in_one_month() -> None:
    """S8.112: at the end of February and of April; 30 dates to exercise it."""
    world = World(right(net_downtime="uptime", above="7.2h"), at="2026-05-20", outages=MISSES)
    found = rights.rows(world)  # type: ignore[arg-type]
    assert [(row.arose_at, row.until, row.state) for row in found] == [
        (us("2026-03-01"), us("2026-03-31"), "lapsed"),
        (us("2026-05-01"), us("2026-05-31"), "open"),
    ]


def test_two_misses_in_the_last_three_months() -> None:
    """S8.112: 99.5 is missed in February and April."""
    world = World(right(breached=["uptime"], times="2", of_last="3"), outages=MISSES)
    assert [when for when, _ in arisen(world)] == [us("2026-05-01")]


def test_a_sum_over_three_months() -> None:
    """S8.112 `in_all`: 9 + 3 hours in March to May and April to June, 8 + 9 before."""
    world = World(
        right(net_downtime="uptime", at_least="12h", of_last="3", in_all="true"), outages=MISSES
    )
    found = [when for when, _ in arisen(world)]
    assert found == [us("2026-05-01"), us("2026-06-01"), us("2026-07-01")]


def test_breaches_of_clocks_go_by_calendar_months() -> None:
    """S8.110, S8.111."""
    told = [("first", f"t{number}", f"2026-03-0{number}") for number in (1, 2, 3)]
    world = World(right(breached=["first"], at_least="3"), breaches=told)
    assert [when for when, _ in arisen(world)] == [us("2026-04-01")]


def test_an_exercise_takes_the_earliest_open_one() -> None:
    """S8.114; one that meets none is a problem."""
    told = [
        event("right.exercised", "s1", "2026-03-15", right="leave"),
        event("right.exercised", "s1", "2026-03-20", right="leave"),
    ]
    world = World(
        right(net_downtime="uptime", above="7.2h"), at="2026-04-20", outages=MISSES, events=told
    )
    assert arisen(world) == [(us("2026-03-01"), "exercised")]
    (problem,) = rights.problems(world)  # type: ignore[arg-type]
    assert (problem.kind, problem.subject) == ("right_not_open", "s1")
    assert problem.detail == "leave s1-2026-03-20"


def test_only_claimed_months_count() -> None:
    """S8.111 `claimed`: a claim in time for February, none for April."""
    claim = event(
        "claim.submitted", "k", "2026-03-05", customer="ann", subscription="s1", period="2026-02"
    )
    clause = {"required": True, "deadlines": [{"from": "period_end", "within": "30d"}]}
    given = {
        "id": "leave", "text": "t", "exercise_within": "none",
        "when": {"all": [{"net_downtime": "uptime", "above": "7.2h", "claimed": True}]},
    }  # fmt: skip
    world = World(document(credit(claim=clause), rights=[given]), outages=MISSES, events=[claim])
    found = rights.rows(world)  # type: ignore[arg-type]
    assert [(row.arose_at, row.until) for row in found] == [(us("2026-03-01"), None)]
