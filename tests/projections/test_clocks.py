"""Clocks told as small stories: what starts, stops and binds them, and whole ledgers (S5)."""

from __future__ import annotations

from typing import Any

import pytest

from projections import clocks
from projections.clocks.steps import Told
from tests.projections.desk import Desk, clock, merging, resolution

# first response


def test_the_first_match_stops_for_good() -> None:
    """S5.16; an internal note and the customer's word are no match."""
    desk = Desk(clock("first_response", ("P1", "1h")))
    desk.open("10:00").answer("10:10", public=False).say("10:20", "message", author="customer")
    desk.answer("10:30").answer("11:30").say("12:00", "reopened")
    assert desk.short() == [("10:00", "10:30", "11:00", 30, "met")]
    assert desk.short("10:25") == [("10:00", None, "11:00", 25, "running")]
    assert desk.short("09:59") == []


@pytest.mark.parametrize(("within", "verdict"), [("1h", "met"), ({"below": "1h"}, "breached")])
def test_reached_exactly(within: Any, verdict: str) -> None:
    """S5.48: `below` is past when it is reached."""
    desk = Desk(clock("first_response", {"within": within})).open("10:00").answer("11:00")
    (row,) = desk.rows()
    assert row["verdict"] == verdict
    assert row["target"] == ("1h" if verdict == "met" else "below 1h")


def test_a_stop_in_the_closed_hours_is_still_met() -> None:
    """S5.48: verdicts go by elapsed, not by the deadline."""
    desk = Desk(clock("first_response", {"within": "8bh", "calendar": "office"}))
    desk.open("09:00").answer("22:00")
    assert desk.short() == [("09:00", "22:00", "17:00", 480, "met")]


def test_targets_finer_than_a_microsecond() -> None:
    """Reached is the next whole one; shown is what is cut (I3)."""
    desk = Desk(clock("first_response", {"within": "0.0000015s"})).open("10:00")
    (row,) = desk.answer("10:30").rows()
    assert (row["target_seconds"], row["deadline_at"] - row["started_at"]) == (1, 2)


# what binds


def test_a_ticket_without_terms_shows_its_severity_at_the_opening() -> None:
    """S3.61, S5.1: a `classified` of the same instant recorded before gives it."""
    desk = Desk(clock("first_response", ("P1", "1h"))).say("10:00", "classified", severity="P2")
    desk.open("10:00", subscription="s9").say("10:00", "classified", severity="P3")
    (row,) = desk.rows(verdict="no_terms")
    assert row["severity"] == "P2"


def test_a_ticket_without_terms_has_one_row() -> None:
    """S3.61: unknown, ended, of another customer, several."""
    desk = Desk(clock("first_response", ("P1", "1h")))
    desk.start("2026-01-01", "s2", customer="bob").start("2026-01-01", "s3", customer="cat")
    desk.start("2026-01-01", "s4", customer="cat").start("2026-01-01", "s5").end("2026-02-01", "s5")
    desk.open("10:00", "own").open("10:00", "unknown", subscription="s9")
    desk.open("10:00", "over", subscription="s5").open("10:00", "theirs", subscription="s2")
    desk.say("10:00", "opened", "several", customer="cat", severity="P1")
    desk.say("11:00", "classified", "several", severity="P3")
    found = {row["ticket"]: row for row in desk.rows(verdict="no_terms")}
    assert set(found) == {"unknown", "over", "theirs", "several"}
    assert found["several"]["subscription"] is None
    assert found["several"]["severity"] == "P1"  # that of the opening
    assert found["unknown"]["subscription"] == "s9"
    assert found["over"]["contract"] is None
    nulls = ("clock", "kind", "contract_version", "strength", "target", "elapsed_seconds")
    assert all(row[name] is None for row in found.values() for name in nulls)
    assert all(row["instance"] == 1 and row["provisional"] is False for row in found.values())
    assert [row["ticket"] for row in desk.rows("10:30", verdict="running")] == ["own"]


def test_cells_are_sought_in_the_order_written() -> None:
    """S3.20 to S3.22."""
    vip = {"severity": "P1", "only": {"tags": ["vip"]}, "within": "15m", "strength": "target"}
    desk = Desk(
        clock(
            "first_response", vip, ("P1", "1h"), ("P2", "none"), ("odd", "2h"),
            only={"channels": ["email"]},
        )
    )  # fmt: skip
    desk.open("10:00", "vip", channel="email", tags=["a", "vip"]).open(
        "10:00", "plain", channel="email"
    )
    desk.open("10:00", "none", "P2", channel="email").open("10:00", "gap", "P3", channel="email")
    desk.open("10:00", "chat", channel="chat").open("10:00", "nowhere")
    found = {
        row["ticket"]: (row["target"], row["strength"], row["verdict"])
        for row in desk.rows("10:05")
    }
    assert found == {
        "vip": ("15m", "target", "running"),
        "plain": ("1h", "contractual", "running"),
        "gap": (None, "contractual", "no_target"),
    }


def test_meetings_start_only_clocks_of_slots() -> None:
    """S5.3, S5.17."""
    desk = Desk(
        clock("first_response", {"within": "1h"}),
        clock("meeting_slot", {"within": "4h"}, stops_on="slot_held"),
    )
    desk.open("10:00", kind="meeting").answer("10:05").say("11:00", "slot_offered").say(
        "15:00", "slot_held"
    )
    assert desk.short() == [("10:00", "15:00", "14:00", 300, "breached")]
    assert desk.short(clock="first_response") == []


# the other kinds


def test_a_next_response_waits_for_the_first_match() -> None:
    """S5.18."""
    desk = Desk(clock("next_response", {"within": "1h"}))
    desk.open("10:00").say("10:05", "message", author="customer").answer("10:10")
    desk.say("11:00", "message", author="customer").say("11:10", "message", author="customer")
    desk.answer("11:30").say("12:00", "message", author="customer").say("12:20", "closed")
    assert desk.short() == [
        ("11:00", "11:30", "12:00", 30, "met"),
        ("12:00", None, "13:00", 20, "cancelled"),
    ]


def test_an_update_is_due_again_after_each() -> None:
    """S5.19."""
    desk = Desk(clock("update_cadence", {"within": "1h"}))
    desk.open("10:00").answer("10:30").say("12:00", "resolved").answer("12:10").say(
        "13:00", "reopened"
    )
    assert desk.short("13:15") == [
        ("10:00", "10:30", "11:00", 30, "met"),
        ("10:30", None, "11:30", 90, "breached"),
        ("13:00", None, "14:00", 15, "running"),
    ]
    assert [row["instance"] for row in desk.rows()] == [1, 2, 3]


def test_example_m_a_fix_refused() -> None:
    """S5.20c, g, f: provisional, taken back, the time since counts."""
    desk = Desk(resolution(("P1", "4h"), confirmation="required")).open("10:00")
    desk.say("13:50", "resolved").say("15:00", "resolution_refused").say("15:30", "resolved")
    desk.say("16:00", "resolution_confirmed")
    assert desk.short("14:30") == [("10:00", "13:50", "14:00", 230, "met")]
    assert desk.rows("14:30")[0]["provisional"] is True
    assert desk.short("15:10") == [("10:00", None, "14:00", 310, "breached")]
    assert desk.short() == [("10:00", "15:30", "14:00", 330, "breached")]
    assert [desk.rows(at)[0]["provisional"] for at in ("15:45", "16:00")] == [True, False]


def test_what_contradicts_a_confirmation() -> None:
    """S5.20e, h."""
    desk = (
        Desk(resolution(("P1", "4h"), confirmation="required")).open("10:00").say("11:00", "closed")
    )
    first = desk.last
    desk.say("12:00", "resolved").say("12:30", "closed")
    second = desk.last
    desk.say("13:00", "resolution_confirmed").say("14:00", "resolution_refused")
    assert desk.problems() == [
        ("closed_unconfirmed", "t1", first),
        ("closed_unconfirmed", "t1", second),
        ("refused_after_confirmation", "t1", desk.last),
    ]
    assert desk.short() == [("10:00", "12:00", "14:00", 120, "met")]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ignore", [("10:00", "11:00", "14:00", 60, "met")]),
        ("continue", [("10:00", "15:00", "17:00", 120, "met")]),
        (
            "new_instance",
            [("10:00", "11:00", "14:00", 60, "met"), ("14:00", "15:00", "18:00", 60, "met")],
        ),
    ],
)
def test_after_a_reopening(word: str, expected: list[Any]) -> None:
    """S5.20i to k: under `continue` the time between is left out."""
    desk = Desk(resolution(("P1", "4h"), on_reopen=word)).open("10:00").say("11:00", "resolved")
    desk.say("12:00", "closed").say("14:00", "reopened").say("15:00", "closed")
    assert desk.short() == expected


def test_closure_keeps_its_own_state() -> None:
    """S5.21."""
    desk = Desk(clock("closure", {"within": "1h"}))
    desk.open("08:00", "works").say("09:00", "closed", "works").say("09:30", "resolved", "works")
    desk.open("08:00").say("09:00", "resolved").say("09:20", "resolution_refused")
    desk.say("10:00", "resolved").say("10:10", "resolution_confirmed").say(
        "10:20", "resolution_refused"
    )
    desk.say("10:30", "closed").say("11:00", "reopened").say("12:00", "resolved")
    assert desk.short("12:05") == [
        ("09:00", None, "10:00", 20, "cancelled"),
        ("10:00", "10:30", "11:00", 30, "met"),
        ("12:00", None, "13:00", 5, "running"),
    ]


# whole ledgers


def test_the_answer_has_the_columns_of_its_rows_in_order() -> None:
    from projections.clocks.answer import COLUMNS
    from projections.members import members
    from projections.rows import ClockRow

    assert COLUMNS.names == [each.attribute for each in members(ClockRow)]
    empty = clocks.clocks(Desk().view())
    assert (empty.num_rows, empty.schema) == (0, COLUMNS)


def test_one_customer_sees_their_own_tickets() -> None:
    desk = Desk(clock("first_response", ("P1", "1h"))).start("2026-01-01", "s2", customer="bob")
    desk.open("10:00", "a").say("10:00", "opened", "b", customer="bob", severity="P1")
    assert clocks.clocks(desk.view(customer="bob")).column("ticket").to_pylist() == ["b"]


def test_many_tickets_in_shares_give_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large ledgers are asked in shares and folded in parts; mergers stay together."""
    desk = merging().answer("12:00", "c")
    for number in range(30):
        desk.open("10:00", f"t{number}", severity="P2" if number % 3 else "P1")
        desk.say("10:05", "classified", f"t{number}", severity="P1").answer("10:30", f"t{number}")
    whole = clocks.clocks(desk.view())
    monkeypatch.setattr(clocks, "_AT_ONCE", 7)
    monkeypatch.setattr(clocks, "_ONE_QUESTION", 7)
    monkeypatch.setattr(clocks, "_SHARE", 40)
    parts = list(clocks.shares(desk.view()))
    assert len(parts) > 5
    assert clocks.clocks(desk.view()).equals(whole)


def test_parts_hold_whole_tickets(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(clock("first_response", ("P1", "1h"))).open("10:00", "a").open("10:00", "b")
    for minute in range(1, 6):
        desk.answer(f"10:0{minute}", "a")
    monkeypatch.setattr(clocks, "_AT_ONCE", 2)
    told = Told.whole(desk.view().ask("ticket_step"))
    found = [part.rows.column("ticket").to_pylist() for part in clocks._parts(told)]
    assert found == [["a"] * 6, ["b"]]
