"""Uptime by hand: one small contract, a few events, the row that the text gives."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from projections.sweep import uptime
from projections.view import View
from schemas.instant import Interval
from tests.projections.contracts import Story, availability, contract, us
from tests.projections.support import rows_of_events, view_of

HOUR = 3_600_000_000
JUNE = "2026-06"
CALENDARS = {
    "office": {
        "zone": "UTC",
        "weekly": [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}],
        "holidays": "none", "business_day": "same_time",
    }
}  # fmt: skip


def story(*excluding: dict[str, Any], **members: Any) -> Story:
    terms = contract(availability=[availability(**members)], exclusions=list(excluding))
    more = {"effective": {"from": "2025-01-01"}, "calendars": CALENDARS}
    return Story({**terms, **more}).start("2026-01-01")


def at(hour: str, day: int = 10) -> str:
    return f"2026-06-{day:02d}T{hour}:00Z"


def view(told: Story, when: str = "2026-07-02", customer: str | None = None) -> View:
    rows = rows_of_events(told.events, recorded_at=1)
    assert [row["rejected_message"] for row in rows if row.get("rejected")] == []
    return view_of(rows, us(when), customer=customer)


def row(told: Story, when: str = "2026-07-02", **where: Any) -> Any:
    found = uptime.rows(view(told, when), [JUNE])
    (one,) = [r for r in found if all(getattr(r, name) == v for name, v in where.items())]
    return one


def outage(told: Story, start: str, end: str | None, name: str = "i1", **data: Any) -> Story:
    said = {"service": "app", "impact": "outage", **data}
    told.tell("incident.impact_started", name, start, **said)
    return told if end is None else told.tell("incident.resolved", name, end)


CAUSE = {"id": "tp", "kind": "cause", "cause": "third_party"}


def test_a_further_start_replaces_the_impact_whole() -> None:
    """S6.10: from 11:00 on it is only degraded, which is not down here."""
    told = outage(story(), at("10:00"), None)
    told.tell("incident.impact_started", "i1", at("11:00"), service="app", impact="degraded")
    told.tell("incident.resolved", "i1", at("12:00"))
    assert row(told).net_downtime_seconds == HOUR


def test_an_end_of_another_service_ends_nothing() -> None:
    told = outage(story(), at("10:00"), None)
    told.tell("incident.impact_ended", "i1", at("10:30"), service="db")
    told.tell("incident.impact_ended", "i1", at("11:00"), service="app")
    assert row(told).net_downtime_seconds == HOUR


def test_reopened_brings_no_impact_back() -> None:
    told = outage(story(), at("10:00"), at("11:00"))
    told.tell("incident.reopened", "i1", at("12:00"))
    assert row(told).net_downtime_seconds == HOUR


@pytest.mark.parametrize(("share", "down"), [("0.5", HOUR), ("0.499", 0), (None, HOUR)])
def test_share_is_an_edge_in_percent(share: str | None, down: int) -> None:
    told = story(down_when={"incident": ["outage"], "share": {"at_least": "50"}})
    more = {} if share is None else {"share": share}
    assert row(outage(told, at("10:00"), at("11:00"), **more)).net_downtime_seconds == down


@pytest.mark.parametrize(("seen", "down"), [("customer", 0), ("everyone", HOUR)])
def test_who_is_named_alone_is_hit(seen: str, down: int) -> None:
    """S6.12."""
    told = outage(story(view=seen), at("10:00"), at("11:00"), customers=["bob"])
    assert row(told).net_downtime_seconds == down


def test_a_view_of_one_customer_sees_everyones_probes() -> None:
    """A filter never changes a row (I1), also under `view: everyone`."""
    told = story(view="everyone", down_when={"probe": "p"})
    told.tell("probe.failed", "p", at("10:00"), service="app", customer="bob")
    told.tell("probe.recovered", "p", at("11:00"), service="app", customer="bob")
    (one,) = uptime.rows(view(told, customer="ann"), [JUNE])
    assert one.net_downtime_seconds == HOUR


def test_own_probes_replace_general_ones() -> None:
    """S6.15: from the first own event at 10:30 the general failure ends for ann."""
    told = story(down_when={"probe": "p"})
    told.tell("probe.failed", "p", at("10:00"), service="app")
    told.tell("probe.recovered", "p", at("10:30"), service="app", customer="ann")
    told.tell("probe.recovered", "p", at("12:00"), service="app")
    told.start("2026-01-01", "s2", customer="bob")
    assert row(told, subscription="s1").net_downtime_seconds == HOUR // 2
    assert row(told, subscription="s2").net_downtime_seconds == 2 * HOUR


def counted(told: Story, start: str, end: str, total: int, failed: int, **data: Any) -> Story:
    said = {"service": "app", "from": start, "to": end, "total": total, "failed": failed, **data}
    return told.tell("probe.counted", "c", end, **said)


def test_counted_windows_and_those_that_are_too_long() -> None:
    """S6.16, S6.18: the long window is a gap of its counter."""
    rate = {"counter": "c", "at_least": "10", "minimum_total": "10", "window": "5m"}
    told = story(down_when={"counted": rate}, no_data="unknown")
    counted(told, at("10:00"), at("10:05"), 100, 10)
    counted(told, at("10:05"), at("10:10"), 100, 9)
    counted(told, at("10:10"), at("10:15"), 9, 9)
    counted(told, at("11:00"), at("11:06"), 100, 100)
    found = row(told)
    assert found.net_downtime_seconds == HOUR // 12
    assert found.unknown_seconds == HOUR // 10
    (problem,) = uptime.problems(view(told), [JUNE])
    assert (problem.kind, problem.subject) == ("window_too_long", "c")
    assert problem.detail == "2026-06-10T11:00:00Z"


def test_a_long_window_is_told_where_it_is_measured() -> None:
    """S6.18: July is measured without it, and db is not measured at all."""
    told = story(down_when={"counted": {"counter": "c", "above": "10", "window": "5m"}})
    counted(told, at("11:00"), at("11:06"), 100, 100)
    counted(told, at("12:00"), at("12:06"), 100, 100, service="db")
    asked = view(told, "2026-08-02")
    assert [one.detail for one in uptime.problems(asked, [JUNE])] == ["2026-06-10T11:00:00Z"]
    assert uptime.problems(asked, ["2026-07"]) == []


def test_an_own_failure_shares_the_causes_of_impacts() -> None:
    """S6.22: excused while the degraded impact is in force, alone afterwards."""
    told = story(CAUSE, down_when={"probe": "p"})
    told.tell("probe.failed", "p", at("10:00"), service="app")
    told.tell("probe.recovered", "p", at("12:00"), service="app")
    outage(told, at("10:00"), at("11:00"), impact="degraded")
    told.tell("incident.cause_assigned", "i1", at("13:00"), cause="third_party")
    found = row(told)
    assert (found.gross_downtime_seconds, found.net_downtime_seconds) == (2 * HOUR, HOUR)


@pytest.mark.parametrize(
    ("how", "net", "time"),
    [("counted_as_up", HOUR, 720), ("removed", HOUR, 718), ("removed_window", HOUR, 717)],
)
def test_what_leaves_the_time(how: str, net: int, time: int) -> None:
    """S6.42: the window is 3 h, 2 h of it are down, 1 h behind it is down too."""
    maintenance = {"id": "m", "kind": "maintenance", "maintenance": "scheduled", "excused": how}
    told = story(maintenance)
    told.tell(
        "maintenance.announced", "m1", "2026-06-01", services=["app"], kind_="scheduled",
        channel="email", window={"from": at("09:00"), "to": at("12:00")},
    )  # fmt: skip
    outage(told, at("10:00"), at("13:00"))
    found = row(told)
    assert (found.net_downtime_seconds, found.denominator_seconds) == (net, time * HOUR)
    assert found.excused[0].seconds == 2 * HOUR


def test_proven_ahead_leaves_the_time_at_best() -> None:
    """S6.86: a removed window announced for later is no time even at best."""
    maintenance = {
        "id": "m", "kind": "maintenance", "maintenance": "scheduled", "excused": "removed_window",
    }  # fmt: skip
    told = story(maintenance)
    told.tell(
        "maintenance.announced", "m1", "2026-06-01", services=["app"], kind_="scheduled",
        channel="email", window={"from": at("00:00", 20), "to": at("12:00", 20)},
    )  # fmt: skip
    outage(told, at("00:00", 5), at("12:00", 5))
    found = row(told, "2026-06-11")
    assert found.verdict == "provisional"
    assert found.denominator_seconds == 240 * HOUR
    assert found.uptime_percent == "95.0000"
    assert found.uptime_at_best_percent == uptime.percent_text(1 - Fraction(12, 708))


def test_weights() -> None:
    """S6.51: half of the users for an hour, all of them for half an hour of it."""
    told = story(
        measure="weighted_downtime", degraded_weight="0.5",
        down_when={"incident": ["outage", "degraded"]},
    )  # fmt: skip
    outage(told, at("10:00"), at("11:00"), share="0.5")
    outage(told, at("10:30"), at("11:30"), "i2", impact="degraded", share="0.5")
    outage(told, at("10:00"), at("10:30"), "i3")
    assert row(told).net_downtime_seconds == HOUR // 2 + HOUR // 4 + HOUR // 8


def test_units_of_the_clock() -> None:
    """S6.32: 30 s of one minute are not enough, 40 s of the next are."""
    told = story(count={"unit": "1m", "down": {"at_least": "40s"}})
    outage(told, "2026-06-10T10:00:30Z", "2026-06-10T10:01:40Z")
    found = row(told)
    assert found.gross_downtime_seconds == 60_000_000
    ((one,),) = [line.best.outages for line in uptime.measured(view(told), [JUNE])]
    assert (one.start, one.end) == (us("2026-06-10T10:00:30Z"), us("2026-06-10T10:01:40Z"))
    assert (one.net, one.running) == (60_000_000, False)


def test_open_hours_alone_count() -> None:
    """S6.33: Tuesday 16:00 to Wednesday 10:00 is two office hours; June 2026 has 22 weekdays."""
    told = outage(story(measured_in="office"), at("16:00", 9), at("10:00"))
    found = row(told)
    assert (found.net_downtime_seconds, found.denominator_seconds) == (2 * HOUR, 176 * HOUR)


def test_lines_added() -> None:
    """S6.8: `across: sum` adds net and time of both services."""
    told = outage(story(across="sum", services=["app", "db"]), at("10:00"), at("11:00"))
    found = row(told)
    assert found.service is None
    assert (found.net_downtime_seconds, found.denominator_seconds) == (HOUR, 1440 * HOUR)
    assert found.covered_seconds == 1440 * HOUR


def test_outages_that_leave_the_computation() -> None:
    told = outage(story(), at("10:00"), at("11:00"))
    outage(told, at("10:00", 12), None, "i2")
    asked = view(told, at("12:00", 12))
    (line,) = uptime.measured(asked, [JUNE])
    first, second = line.best.outages
    assert (first.net, first.running, second.net, second.running) == (HOUR, False, 2 * HOUR, True)
    gone = frozenset({("app", first.start)})
    (after,) = uptime.measure(asked, line.part, line.availability, leave_out=gone)
    assert after.best.net == 2 * HOUR
    assert [one.start for one in after.best.outages] == [second.start]
    assert after.best.denominator == line.best.denominator
    day = after.best.within(us(at("11:00", 12)), us(at("13:00", 12)))
    assert (day.net, day.denominator) == (HOUR, HOUR)


def test_affected_under_the_eyes_of_everyone() -> None:
    """S8.71."""
    told = outage(story(view="everyone"), at("10:00"), at("11:00"), customers=["bob"])
    told.start("2026-01-01", "s2", customer="bob")
    asked = view(told)
    found = {
        line.part.subscription: uptime.affected(asked, line)
        for line in uptime.measured(asked, [JUNE])
    }
    assert found == {"s1": False, "s2": True}


def test_impacts_of_an_incident() -> None:
    told = outage(story(), at("10:00"), None, customers=["bob"])
    told.tell("incident.impact_started", "i1", at("11:00"), service="db", impact="degraded")
    asked = view(told, at("12:00"))
    db = [Interval(us(at("11:00")), us(at("12:00")))]
    assert uptime.impacts_of(asked, "i1", "ann") == {"db": db}
    assert set(uptime.impacts_of(asked, "i1", "bob")) == {"app", "db"}
    assert uptime.impacts_of(asked, "nobody", "bob") == {}


def test_an_impact_that_nobody_ended() -> None:
    """S6.13: exactly 24 h after the last word is not yet a problem."""
    told = outage(story(), at("10:00"), None)
    assert uptime.problems(view(told, at("10:00", 11)), [JUNE]) == []
    (problem,) = uptime.problems(view(told, "2026-06-11T10:00:00.000001Z"), [JUNE])
    assert (problem.kind, problem.subject) == ("open_impact", "i1")
    assert problem.detail == "app 2026-06-10T10:00:00Z"
    assert problem.entries == ("file-0/2",)


def dispute(told: Story, exclusion: str, *, granted: bool, incident: str = "i1") -> Story:
    told.tell("dispute.opened", "d", at("10:00", 20), customer="ann",
              about={"kind": "incident", "id": incident})  # fmt: skip
    ruled = {"incident": incident, "exclusion": exclusion, "granted": granted}
    return told.tell("dispute.decided", "d", at("10:00", 21), decision="upheld", exclusion=ruled)


def test_disputes_grant_and_withdraw() -> None:
    """S7.40, S7.41: for ann alone, in answers at or after the decision."""
    told = outage(story(CAUSE), at("10:00"), at("11:00"))
    told.start("2026-01-01", "s2", customer="bob")
    dispute(told, "tp", granted=True)
    assert row(told, subscription="s1").net_downtime_seconds == 0
    assert row(told, subscription="s2").net_downtime_seconds == HOUR
    assert row(told, at("10:00", 20), subscription="s1").net_downtime_seconds == HOUR
    told = outage(story(CAUSE), at("10:00"), at("11:00"))
    told.tell("incident.cause_assigned", "i1", at("12:00"), cause="third_party")
    assert row(told).net_downtime_seconds == 0
    assert row(dispute(told, "tp", granted=False)).net_downtime_seconds == HOUR


def test_the_worst_window_of_a_month_stands_for_every_day() -> None:
    """S6.95: the first of the two-day windows that hold the whole outage."""
    told = story(period={"days": "2", "ending": "every_day"})
    outage(told, at("10:00"), at("11:00"))
    found = row(told)
    assert (found.period, found.net_downtime_seconds) == ("2026-06-09/2026-06-11", HOUR)


def test_an_average_of_intervals() -> None:
    """S6.60 to S6.67: a good day, half a good day, 28 days without traffic that are up."""
    average = {"interval": "24h", "counter": "c", "no_traffic": "up"}
    told = story(measure="interval_average", interval_average=average)
    counted(told, at("00:00"), at("12:00"), 10, 5)
    counted(told, at("12:00"), at("13:00"), 10, 5)
    counted(told, at("00:00", 11), at("12:00", 11), 10, 0)
    found = row(told)
    assert found.uptime_percent == uptime.percent_text(1 - Fraction(1, 60))
    assert (found.gross_downtime_seconds, found.excused) == (None, ())


def test_a_window_over_an_intervals_edge_is_unknown() -> None:
    """S6.62: both days count 1 in best and 0 in worst."""
    average = {"interval": "24h", "counter": "c", "no_traffic": "skip"}
    told = story(measure="interval_average", interval_average=average, no_data="unknown")
    counted(told, at("23:00"), at("01:00", 11), 10, 10)
    found = row(told)
    assert (found.uptime_percent, found.uptime_worst_percent) == ("100.0000", "0.0000")
    assert found.verdict == "indeterminate"
    assert [one.kind for one in uptime.problems(view(told), [JUNE])] == ["window_too_long"]


def test_a_gap_makes_the_worst_ratio_nothing() -> None:
    """S6.71."""
    told = story(measure="request_ratio", request_ratio={"counter": "c"}, no_data="unknown")
    counted(told, at("10:00"), at("11:00"), 1000, 1)
    told.tell("probe.gap_started", "c", at("12:00"), service="app")
    told.tell("probe.gap_ended", "c", at("12:01"), service="app")
    found = row(told)
    assert (found.uptime_percent, found.uptime_worst_percent) == ("99.9000", "0.0000")
