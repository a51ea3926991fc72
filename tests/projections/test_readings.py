"""Which readings would change a month (I5 `readings`; S3.10 to S3.12)."""

from __future__ import annotations

import pytest

from projections import readings
from projections.money import credits
from projections.moved import change_of, member_of
from projections.row_ids import row_id
from projections.rows import ClockRow, CreditRow, UptimeRow
from projections.supposition import SupposedReading, Supposition
from projections.sweep import uptime
from projections.view import View
from tests.projections.reading_world import AT, MONTH, event, world
from tests.reference.product import Product
from tests.reference.stream import Stream


@pytest.fixture(scope="module")
def ledger():
    with world() as told:
        yield told


def cited(rows):
    return [(r.interpretation, r.chosen, r.option, r.id, r.member, r.value, r.other_value, r.change) for r in rows]


SUSTAINED = [
    ("sustained", "ten", "any", "credit:s1/2026-03/1/base", "amount", "0.00", "100.00", "100.00"),
    ("sustained", "ten", "any", "credit:s1/2026-03/1/base", "state", "none", "due", None),
    ("sustained", "ten", "any", "credit:s2/2026-03/1/base", "amount", "0.00", "100.00", "100.00"),
    ("sustained", "ten", "any", "credit:s2/2026-03/1/base", "state", "none", "due", None),
    ("sustained", "ten", "any", "uptime:s1/up/app/2026-03/1", "verdict", "met", "breached", None),
    ("sustained", "ten", "any", "uptime:s2/up/app/2026-03/1", "verdict", "met", "breached", None),
]


def test_each_reading_not_chosen_is_cited_with_the_choice_that_holds_for_that_row(ledger):
    found = readings.rows(ledger.view(as_of=AT), [MONTH])
    assert cited(found) == [
        ("promised", "two", "hour", "clock:tb/first/1", "verdict", "met", "breached", None),
        ("promised", "hour", "two", "clock:ta/first/1", "verdict", "breached", "met", None),
        *SUSTAINED,
    ]
    assert {(r.contract, r.version) for r in found} == {("k", "1")}


def test_a_month_in_which_nothing_rests_on_a_reading_has_no_row(ledger):
    assert readings.rows(ledger.view(as_of=AT), ["2026-02"]) == []


def test_a_filter_chooses_by_the_row_that_is_cited(ledger):
    found = readings.rows(ledger.view(as_of=AT), [MONTH], lambda row: row.customer == "bob")
    assert {r.id for r in found} == {"clock:tb/first/1", "credit:s2/2026-03/1/base", "uptime:s2/up/app/2026-03/1"}
    scoped = readings.rows(ledger.view("bob", as_of=AT), [MONTH])
    assert scoped == found


def test_a_decision_in_the_midst_of_a_month_tells_its_tickets_apart():
    decided = event("interpretation.decided", "k", "2026-03-15T00:00:00Z", "later", interpretation="promised", chosen="two", customer="ann")
    late = [
        event("ticket.opened", "tc", "2026-03-20T10:00:00Z", "c1", customer="ann", severity="high"),
        event("ticket.message", "tc", "2026-03-20T11:30:00Z", "c2", author="agent"),
    ]
    with world(decided, *late) as told:
        found = cited(readings.rows(told.view("ann", as_of=AT), [MONTH]))
    assert [each for each in found if each[0] == "promised"] == [
        ("promised", "two", "hour", "clock:tc/first/1", "verdict", "met", "breached", None),
        ("promised", "hour", "two", "clock:ta/first/1", "verdict", "breached", "met", None),
    ]


def whole(view: View, month: str) -> dict:
    """Every verdict, amount and state of a month, asked without taking anything over."""
    start, end = readings.month_bounds("UTC", month)
    clocks = [row for row in readings.from_table(ClockRow, view.clocks()) if start <= row.started_at < end]
    found = {(row_id("clocks", row), "verdict"): row.verdict for row in clocks}
    found |= {(row_id("uptime", row), "verdict"): row.verdict for row in uptime.rows(view, [month])}
    for name in ("amount", "state"):
        found |= {(row_id("credits", row), name): getattr(row, name) for row in credits.rows(view, [month])}
    return found


def test_what_a_reading_does_not_touch_is_taken_over_and_nothing_else(ledger):
    """Against every option asked of a view of its own, without anything shared or left out."""
    view = ledger.view(as_of=AT)
    base, expected = whole(ledger.view(as_of=AT), MONTH), {}
    (version,) = view.agreements.versions.published["k"]
    for name, options in version.options().items():
        for option in options:
            reading = SupposedReading(name, option, "k", "1")
            other = whole(view.engine.view(view.as_of, suppose=Supposition((reading,))), MONTH)
            expected |= {(name, option, *key): (base.get(key), other.get(key))
                         for key in {**base, **other} if base.get(key) != other.get(key)}  # fmt: skip
    found = readings.rows(view, [MONTH])
    assert {(r.interpretation, r.option, r.id, r.member): (r.value, r.other_value) for r in found} == expected


def test_three_customers_with_three_business_days(scenarios_dir):
    """003: on 15 December 01:00Z a and c have missed 00:30Z, b has until 02:00Z."""
    with Product(Stream.of_folder(scenarios_dir / "u04-business-day-readings")) as asked:
        found = readings.rows(asked._ledger.view(as_of="2026-12-15T01:00:00Z"), ["2026-12"])
    told = {(r.id.split("/")[0], r.chosen, r.option, r.value, r.other_value) for r in found if r.interpretation == "business-day"}
    assert told == {
        ("clock:t1", "same-time", "end-of-day", "breached", "running"),
        ("clock:t2", "end-of-day", "same-time", "running", "breached"),
        ("clock:t2", "end-of-day", "hours", "running", "breached"),
        ("clock:t3", "hours", "end-of-day", "breached", "running"),
    }


def test_a_reading_decided_for_the_past_is_chosen_from_then_on(scenarios_dir):
    """003: four minutes down count in December as decided; neither option moves its verdict."""
    with Product(Stream.of_folder(scenarios_dir / "u30-reading-decided-for-the-past")) as asked:
        view = asked._ledger.view(as_of="2027-01-25T00:00:00Z")
        assert [r for r in readings.rows(view, ["2026-12"]) if r.interpretation == "sustained"] == []


def test_change_is_in_the_form_of_the_figure_and_null_between_currencies():
    class Was:
        uptime_percent, percent, amount, currency, net_downtime_seconds, verdict = "100.0000", "2.5", "50.00", "EUR", 500_000, "met"

    class Became:
        uptime_percent, percent, amount, currency, net_downtime_seconds, verdict = "99.9987", "0.5", "0.00", "EUR", 2_000_000, "breached"

    def change(row_class, name, after=Became):
        found = change_of(Was, after, member_of(row_class, name))
        return found if found is None else str(found)

    assert change(UptimeRow, "uptime_percent") == "-0.0013"
    assert change(CreditRow, "percent") == "-2"
    assert change(CreditRow, "amount") == "-50.00"
    assert change(UptimeRow, "net_downtime_seconds") == "1.500000"
    assert change(UptimeRow, "verdict") is None
    assert change(CreditRow, "amount", type("Other", (Became,), {"currency": "USD"})) is None
    assert change(CreditRow, "amount", None) is None
