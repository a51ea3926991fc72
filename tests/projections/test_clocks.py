"""Clocks told as small stories: one contract, some tickets, the rows that come out (S5)."""

from __future__ import annotations

from typing import Any

import pytest

from projections import clocks
from projections.clocks.steps import Told
from projections.terms import Agreements
from projections.view import View
from schemas.instant import format_instant
from tests.projections.contracts import Story, contract, laid_out, us
from tests.projections.support import rows_of_events, view_of

AGENT = {"author": "agent", "public": True}
DAY = "2026-10-05"  # a Monday
OFFICE = {
    "zone": "UTC",
    "weekly": [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}],
}


def clock(kind: str, *cells: Any, **members: Any) -> dict[str, Any]:
    """A clock with cells as pairs of severity and target, or as they are."""
    targets = [
        each if isinstance(each, dict) else {"severity": each[0], "within": each[1]}
        for each in cells
    ]
    answered = {"satisfied_by": AGENT} if kind.endswith(("response", "cadence")) else {}
    return {
        "id": kind, "kind": kind, "pauses": [], "strength": "contractual", "targets": targets,
        **answered, **members,
    }  # fmt: skip


def resolution(*cells: Any, **members: Any) -> dict[str, Any]:
    return clock("resolution", *cells, **{"confirmation": "none", "on_reopen": "ignore", **members})


class Desk(Story):
    """A story of tickets; times are hours and minutes of one Monday, or whole instants."""

    def __init__(self, *written: dict[str, Any], **members: Any) -> None:
        severities = [{"id": each} for each in ("P1", "P2", "P3", "odd")]
        super().__init__(
            contract(clocks=list(written), severities=severities, calendars={"office": OFFICE},
                     **members)
        )  # fmt: skip
        self.start("2026-01-01")

    def say(self, time: str, what: str, ticket: str = "t1", **data: Any) -> Desk:
        moment = time if "T" in time else f"{DAY}T{time}:00Z"
        named = {f"{name}_": value for name, value in data.items()}
        self.tell(f"ticket.{what}", ticket, moment, **named)
        return self

    def open(self, time: str, ticket: str = "t1", severity: str = "P1", **data: Any) -> Desk:
        return self.say(time, "opened", ticket, customer="ann", severity=severity, **data)

    def answer(self, time: str, ticket: str = "t1", **data: Any) -> Desk:
        return self.say(time, "message", ticket, **{"author": "agent", **data})

    def view(self, at: str = "23:00", customer: str | None = None) -> View:
        rows = rows_of_events(self.events, recorded_at=1)
        assert [row for row in rows if row.get("rejected")] == []
        moment = us(at if "T" in at else f"{DAY}T{at}:00Z")
        view = view_of(rows, at=moment, known_at=2**61, customer=customer)
        view.__dict__["agreements"] = Agreements(view.facts, view.cached, _resolved)
        return view

    def rows(self, at: str = "23:00", **where: Any) -> list[dict[str, Any]]:
        found = clocks.clocks(self.view(at)).to_pylist()
        return [row for row in found if all(row[name] == value for name, value in where.items())]

    def short(self, at: str = "23:00", **where: Any) -> list[tuple[Any, ...]]:
        """Start, stop, deadline as hours, elapsed in minutes, the verdict."""
        return [
            (
                *(_hour(row[name]) for name in ("started_at", "stopped_at", "deadline_at")),
                row["elapsed_seconds"] / 60_000_000,
                row["verdict"],
            )
            for row in self.rows(at, **where)
        ]

    def problems(self, at: str = "23:00") -> list[tuple[str, str, str]]:
        found = clocks.problems(self.view(at))
        assert all(row.customer == "ann" and row.entries for row in found)
        return sorted((row.kind, row.subject, row.detail) for row in found)

    @property
    def last(self) -> str:
        """The id of the event told last."""
        return str(self.events[-1]["id"])


def _resolved(*asked: Any) -> Any:
    terms = laid_out(*asked)
    terms.document.calendars = dict(vars(terms.document.calendars))
    return terms


def _hour(instant: int | None) -> str | None:
    if instant is None:
        return None
    text = format_instant(instant)
    return text[11:16] if text.startswith(DAY) else text


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
    assert _hour(early["projected_deadline_at"]) == "14:45"
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


def merging(**members: Any) -> Desk:
    desk = (
        Desk(clock("first_response", ("P1", "1h"), **members)).open("09:00", "a").open("10:00", "b")
    )
    return (
        desk.open("10:30", "c")
        .say("11:00", "merged", "a", into="b")
        .say("11:30", "merged", "b", into="c")
    )


def test_an_earlier_start_passes_down_a_chain() -> None:
    """S5.70, S5.71."""
    desk = merging().answer("12:00", "c")
    assert [(row["ticket"], _hour(row["started_at"]), row["verdict"]) for row in desk.rows()] == [
        ("a", "09:00", "breached"),
        ("b", "09:00", "breached"),
        ("c", "09:00", "breached"),
    ]


def test_a_start_is_kept_or_not_running_or_too_late() -> None:
    """S5.71, S5.72."""
    assert _hour(merging(on_merge="keep_own").rows(ticket="c")[0]["started_at"]) == "10:30"
    desk = Desk(clock("first_response", ("P1", "1h")))
    desk.open("09:00", "a").answer("09:30", "a").open("10:00", "b").open("09:00", "x")
    desk.say("10:30", "merged", "a", into="b").say("09:59", "merged", "x", into="b")
    desk.open("09:00", "y").say("11:00", "merged", "y", into="gone")
    assert _hour(desk.rows(ticket="b")[0]["started_at"]) == "10:00"


def test_a_date_agreed_by_hand_is_the_deadline() -> None:
    """S5.47: without regard to pauses; past is later than it."""
    desk = Desk(resolution(("P1", "1h"), pauses=["on_hold"])).open("10:00")
    desk.say("10:10", "due_agreed", clock="resolution", due=f"{DAY}T15:00:00Z")
    desk.say("10:20", "paused", reason="on_hold")
    (row,) = desk.rows("14:00")
    assert (row["verdict"], _hour(row["projected_deadline_at"])) == ("paused", "15:00")
    desk.say("15:00", "resumed", reason="on_hold").say("15:00", "resolved")
    assert desk.short() == [("10:00", "15:00", "15:00", 20, "met")]
    desk.say("16:00", "due_agreed", clock="resolution", due=f"{DAY}T20:00:00Z")
    assert desk.problems() == [("no_running_instance", "t1", desk.last)]


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
