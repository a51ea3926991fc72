"""Clocks told as small stories: pauses, severities, merges and dates that change them (S5)."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.instant import format_instant
from tests.projections.desk import DAY, Desk, clock, hour, merging, resolution

# pauses


def test_pauses_move_the_deadline_and_are_united() -> None:
    """S5.41 to S5.45."""
    desk = Desk(resolution(("P1", "4h"), pauses=["awaiting_customer", "on_hold"])).open("10:00")
    desk.say("11:00", "paused", reason="awaiting_customer").say("11:30", "paused", reason="on_hold")
    desk.say("12:00", "resumed", reason="awaiting_customer").say(
        "13:00", "resumed", reason="on_hold"
    )
    desk.say("13:30", "paused", reason="awaiting_third_party").say(
        "20:00", "paused", reason="on_hold"
    )
    (early,) = desk.rows("11:45")
    assert (early["verdict"], early["deadline_at"]) == ("paused", None)
    assert hour(early["projected_deadline_at"]) == "14:45"
    assert desk.short("14:00") == [("10:00", None, "16:00", 120, "running")]
    assert desk.rows("14:00")[0]["paused_seconds"] == 2 * 3_600_000_000
    assert desk.short("21:00") == [("10:00", None, "16:00", 480, "breached")]


def test_a_pause_moves_days_by_what_it_blocks_of_their_own_time() -> None:
    desk = Desk(
        resolution({"within": "1bd", "calendar": "office"}, pauses=["on_hold"]), resolution({"within": "1d"}, id="wall", pauses=["on_hold"])
    )  # fmt: skip
    desk.open("16:00").say("18:00", "paused", reason="on_hold").say(
        "20:00", "resumed", reason="on_hold"
    )
    desk.say("2026-10-06T10:00:00Z", "paused", reason="on_hold").say(
        "2026-10-06T11:00:00Z", "resumed", reason="on_hold"
    )
    found = {
        row["clock"]: format_instant(row["deadline_at"])
        for row in desk.rows("2026-10-06T12:00:00Z")
    }
    # For bd only the hour of the office's own time is blocked (S5.44).
    assert found == {"resolution": "2026-10-06T17:00:00Z", "wall": "2026-10-06T19:00:00Z"}


def test_a_pause_outlives_a_reply() -> None:
    """S5.13."""
    desk = Desk(clock("first_response", {"within": "1h"})).open("10:00")
    desk.say("10:10", "paused", reason="awaiting_customer")
    paused = desk.last
    desk.say("10:20", "message", author="customer").say("10:30", "message", author="customer")
    assert desk.problems() == [("pause_outlives_reply", "t1", paused)]


# severity


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            {"lower": "forward"},
            [("10:00", None, "11:00", 30, "cancelled"), ("10:30", "12:00", "14:30", 90, "met")],
        ),
        ({"lower": "from_start"}, [("10:00", "12:00", "14:00", 120, "met")]),
        ({"lower": "keep"}, [("10:00", "12:00", "11:00", 120, "breached")]),
        ({}, [("10:00", "12:00", "14:00", 120, "met")]),
    ],
)
def test_a_lowered_severity(words: dict[str, str], expected: list[Any]) -> None:
    desk = Desk(clock("first_response", ("P1", "1h"), ("P2", "4h")), severity_change=words).open(
        "10:00"
    )
    desk.say("10:30", "classified", severity="P2").answer("12:00").say(
        "13:00", "classified", severity="P1"
    )
    assert desk.short() == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (
            "from_start",
            [("10:00", None, "11:00", 10, "cancelled"), ("10:10", None, "12:10", 60, "running")],
        ),
        (
            "forward",
            [("10:00", None, "11:00", 10, "cancelled"), ("10:30", None, "12:30", 40, "running")],
        ),
    ],
)
def test_a_stretch_without_a_clock(word: str, expected: list[Any]) -> None:
    """S5.33 to S5.35, S5.38."""
    desk = Desk(
        clock("first_response", ("P1", "1h"), ("P2", "none"), ("P3", "2h")),
        severity_change={"raise": word, "lower": word},
    )
    desk.open("10:00").say("10:10", "classified", severity="P2").say(
        "10:30", "classified", severity="P3"
    )
    assert desk.short("11:10") == expected
    assert desk.short("10:20") == expected[:1]


def test_a_severity_that_came_while_a_stop_stood_counts_once_it_is_taken_back() -> None:
    """S5.30: it is ordered before the event that stops the instance in the end."""
    desk = Desk(resolution(("P1", "4h"), ("P2", "8h"))).open("10:00").say("11:00", "resolved")
    desk.say("11:30", "classified", severity="P2")
    assert desk.rows()[0]["severity"] == "P1"
    desk.say("12:00", "resolution_refused")
    assert desk.rows()[0]["severity"] == "P2"


# which events apply


def test_events_of_the_instant_of_the_opening_come_after_it() -> None:
    """S5.1: a severity told before it is the severity at the opening."""
    desk = Desk(
        clock("first_response", ("P1", "1h"), ("P2", "4h")), severity_change={"raise": "forward"}
    )
    desk.say("10:00", "classified", severity="P2").answer("10:00").open("10:00")
    assert desk.short() == [("10:00", "10:00", "14:00", 0, "met")]
    assert desk.problems() == []


def test_what_does_not_apply_is_a_problem() -> None:
    """S5.1, S5.2, E6."""
    desk = Desk(clock("first_response", ("P1", "1h")))
    wanted = []

    def note(kind: str) -> None:
        wanted.append((kind, "t1", desk.last))

    desk.answer("09:00")
    note("before_opening")
    desk.open("10:00").open("10:10", severity="P2")
    note("second_opening")
    desk.answer("10:20", customer="bob")
    note("customer_mismatch")
    desk.say("10:30", "merged", into="t2").answer("10:40")
    note("after_merge")
    assert desk.problems() == sorted(wanted)
    assert desk.short() == [("10:00", None, "11:00", 30, "cancelled")]


# merges and agreed dates


def test_an_earlier_start_passes_down_a_chain() -> None:
    """S5.70, S5.71."""
    desk = merging().answer("12:00", "c")
    assert [(row["ticket"], hour(row["started_at"]), row["verdict"]) for row in desk.rows()] == [
        ("a", "09:00", "breached"),
        ("b", "09:00", "breached"),
        ("c", "09:00", "breached"),
    ]


def test_a_start_is_kept_or_not_running_or_too_late() -> None:
    """S5.71, S5.72."""
    assert hour(merging(on_merge="keep_own").rows(ticket="c")[0]["started_at"]) == "10:30"
    desk = Desk(clock("first_response", ("P1", "1h")))
    desk.open("09:00", "a").answer("09:30", "a").open("10:00", "b").open("09:00", "x")
    desk.say("10:30", "merged", "a", into="b").say("09:59", "merged", "x", into="b")
    desk.open("09:00", "y").say("11:00", "merged", "y", into="gone")
    assert hour(desk.rows(ticket="b")[0]["started_at"]) == "10:00"


def test_a_date_agreed_by_hand_is_the_deadline() -> None:
    """S5.47: without regard to pauses; past is later than it."""
    desk = Desk(resolution(("P1", "1h"), pauses=["on_hold"])).open("10:00")
    desk.say("10:10", "due_agreed", clock="resolution", due=f"{DAY}T15:00:00Z")
    desk.say("10:20", "paused", reason="on_hold")
    (row,) = desk.rows("14:00")
    assert (row["verdict"], hour(row["projected_deadline_at"])) == ("paused", "15:00")
    desk.say("15:00", "resumed", reason="on_hold").say("15:00", "resolved")
    assert desk.short() == [("10:00", "15:00", "15:00", 20, "met")]
    desk.say("16:00", "due_agreed", clock="resolution", due=f"{DAY}T20:00:00Z")
    assert desk.problems() == [("no_running_instance", "t1", desk.last)]
