"""Business time (S4), example by example, and against plain sets of intervals."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.calendar import Calendar, end_of_date, last_claim_date, local_text, tz_version
from projections.calendar.business_days import commonest_day
from projections.calendar.opening import HORIZON
from projections.calendar.wall_time import UnknownZoneError, date_start, is_zone, local_date, zone
from schemas.instant import Interval, format_instant, intersect, length, parse_instant, union

HOUR = 3_600_000_000
DAY = 24 * HOUR
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
PACIFIC = "America/Los_Angeles"


def us(text: str) -> int:
    return parse_instant(text if "T" in text else f"{text}T00:00:00Z")


def window(days: list[str], start: str, end: str) -> Any:
    return SimpleNamespace(days=days, from_=start, to=end)


def written(**members: Any) -> Any:
    names = ("weekly", "any", "all", "zone", "holidays", "days", "business_day", "always")
    return SimpleNamespace(**{**dict.fromkeys(names), **members})


def holiday_set(subject: str, time: str, holidays: list[dict[str, Any]], **data: Any) -> Any:
    told = {"holidays": holidays, **data}
    return SimpleNamespace(subject=subject, effective_at=us(time), data=told)


def calendar(
    name: str = "desk", deadlines: str = "UTC", sets: Any = (), **calendars: Any
) -> Calendar:
    from projections.calendar.spec import published_sets

    document = SimpleNamespace(calendars=calendars, zones=SimpleNamespace(deadlines=deadlines))
    return Calendar.compile(document, name, published_sets(sets))


def office(zone_name: str = "UTC", start: str = "09:00", end: str = "18:00", **more: Any) -> Any:
    return written(weekly=[window(WORKDAYS, start, end)], zone=zone_name, **more)


def within(text: str) -> Any:
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    return SimpleNamespace(number=int(digits), unit=text[len(digits) :])


def shown(instant: int | None) -> str | None:
    return None if instant is None else format_instant(instant)


def opens(found: Calendar, start: str, end: str) -> list[tuple[str, str]]:
    return [(shown(a), shown(b)) for a, b in found.open_intervals(us(start), us(end))]


# zones


def test_zones_are_those_of_the_package_alone() -> None:
    assert is_zone("Europe/Brussels")
    assert is_zone("-05:00")
    assert not is_zone("Mars/Olympus")
    assert not is_zone("../../etc/passwd")
    assert not is_zone("zone.tab")
    with pytest.raises(UnknownZoneError):
        zone("Europe")
    assert tz_version()[:4].isdigit()


def test_example_e_wall_times_that_a_clock_change_skips_or_doubles() -> None:
    """S4.2, S4.3, example (e)."""
    sunday = written(weekly=[window(["sun"], "02:00", "04:00")], zone=PACIFIC)
    early = written(weekly=[window(["sun"], "00:00", "01:45")], zone=PACIFIC)
    found = calendar(desk=sunday)
    spring, week_on, autumn = "2026-03-08", "2026-03-15", "2026-11-01"
    day = [(start, f"{start[:8]}{int(start[8:]) + 1:02d}") for start in (spring, week_on, autumn)]
    assert [opens(found, *each) for each in day] == [
        [("2026-03-08T10:00:00Z", "2026-03-08T11:00:00Z")],
        [("2026-03-15T09:00:00Z", "2026-03-15T11:00:00Z")],
        [("2026-11-01T10:00:00Z", "2026-11-01T12:00:00Z")],
    ]
    assert opens(calendar(desk=early), *day[2]) == [
        ("2026-11-01T07:00:00Z", "2026-11-01T09:45:00Z")
    ]


def test_a_date_that_a_zone_skipped_has_no_time() -> None:
    assert date_start(date(2011, 12, 30), "Pacific/Apia") == date_start(
        date(2011, 12, 31), "Pacific/Apia"
    )
    assert local_date(date_start(date(2011, 12, 31), "Pacific/Apia"), "Pacific/Apia") == date(
        2011, 12, 31
    )


def test_a_date_begins_at_the_first_of_two_midnights() -> None:
    """Havana goes back from 01:00 to 00:00: the date begins at the first (S4.2)."""
    begins = date_start(date(2025, 11, 2), "America/Havana")
    assert shown(begins) == "2025-11-02T04:00:00Z"
    assert end_of_date(date(2025, 11, 2), "America/Havana") - begins == 25 * HOUR


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([PACIFIC, "Europe/Brussels", "Pacific/Apia", "America/Havana", "-03:30"]),
    st.integers(us("1995-01-01"), us("2040-01-01")),
)
def test_an_instant_is_between_its_wall_time_as_start_and_as_end(name: str, instant: int) -> None:
    wall = zone(name).local_one(instant)
    assert zone(name).start_one(wall) <= instant <= zone(name).end_one(wall)
    assert zone(name).local_one(zone(name).end_one(wall)) == wall


def test_far_years_follow_the_same_rules() -> None:
    assert shown(date_start(date(2500, 7, 1), "Europe/Brussels")) == "2500-06-30T22:00:00Z"
    assert shown(date_start(date(1, 6, 1), "UTC")) == "0001-06-01T00:00:00Z"


# open time


def test_example_g_24_business_hours() -> None:
    found = calendar(desk=office())
    friday = us("2026-10-02T17:00:00Z")
    assert shown(found.add_business(friday, 24 * HOUR)) == "2026-10-07T14:00:00Z"
    assert found.add_business(friday, 0) == friday
    saturday = us("2026-10-03T12:00:00Z")
    assert found.add_business(saturday, 0) == saturday
    assert shown(found.add_business(saturday, 1)) == "2026-10-05T09:00:00.000001Z"
    assert shown(found.opening(saturday)) == "2026-10-05T09:00:00Z"
    assert not found.is_open(us("2026-10-02T18:00:00Z"))


def test_a_window_over_midnight_belongs_to_the_date_on_which_it_begins() -> None:
    """S4.3: a holiday on Monday closes Monday's window, not the tail of Sunday's."""
    night = written(weekly=[window(["sun", "mon"], "22:00", "06:00")], zone="UTC", holidays="h")
    sets = [holiday_set("h", "2026-01-01", [{"date": "2026-10-05"}])]
    assert opens(calendar(desk=night, sets=sets), "2026-10-04", "2026-10-07") == [
        ("2026-10-04T22:00:00Z", "2026-10-05T06:00:00Z")
    ]


def test_a_calendar_that_never_opens_is_never_reached() -> None:
    sets = [
        holiday_set("h", "2020-01-01", [{"date": f"{year}-01-01"} for year in range(2020, 2040)])
    ]
    found = calendar(desk=office(holidays="h"), sets=sets)
    assert found.add_business(us("2026-01-01"), HOUR) is not None
    shut = calendar(desk=written(weekly=[], zone="UTC"))
    assert shut.add_business(us("2026-01-01"), HOUR) is None
    assert shut.nominal_deadline(within("1bd"), us("2026-01-01")) == (None, None)
    yearly = calendar(desk=written(weekly=[window(["mon"], "09:00", "09:01")], zone="UTC"))
    assert yearly.add_business(us("2026-01-01"), HOUR) is not None
    assert yearly.add_business(us("2026-01-01"), 600 * 60_000_000) is None
    assert HORIZON == 3_750 * DAY


HOLIDAYS = [
    holiday_set("us", "2026-01-01", [{"date": "2026-12-24", "hours": [{"from": "09:00", "to": "13:00"}]},
                                     {"date": "2026-12-25"}]),
    holiday_set("uk", "2026-01-01", [{"date": "2026-12-24", "hours": [{"from": "11:00", "to": "15:00"}]},
                                     {"date": "2026-12-28", "closed": False}]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("us", {24: (9, 13), 28: (9, 18)}),
        ({"any": ["us", "uk"]}, {24: (11, 13), 28: (9, 18)}),
        ({"all": ["us", "uk"]}, {24: (9, 15), 25: (9, 18), 28: (9, 18)}),
        ("none", {24: (9, 18), 25: (9, 18), 28: (9, 18)}),
    ],
)
def test_holidays_of_one_set_and_of_several(
    rule: Any, expected: dict[int, tuple[int, int]]
) -> None:
    """S4.6, S4.7."""
    chosen = SimpleNamespace(any=None, all=None, **{}) if isinstance(rule, dict) else rule
    if isinstance(rule, dict):
        for name, sets in rule.items():
            setattr(chosen, name, sets)
    found = calendar(desk=office(holidays=chosen), sets=HOLIDAYS)
    assert opens(found, "2026-12-24", "2026-12-29") == [
        (f"2026-12-{day}T{start:02d}:00:00Z", f"2026-12-{day}T{end:02d}:00:00Z")
        for day, (start, end) in expected.items()
    ]


def test_a_date_takes_the_latest_edition_whole() -> None:
    """S4.5: what the later edition does not name is no holiday; the calendar's zone dates it."""
    sets = [
        holiday_set("h", "2026-01-01", [{"date": "2026-10-05"}, {"date": "2026-10-07"}]),
        holiday_set("h", "2026-10-07T02:00:00Z", [{"date": "2026-10-08"}]),
    ]
    found = calendar(desk=office(PACIFIC, holidays="h"), sets=sets)
    days = [start[:10] for start, _ in opens(found, "2026-10-05", "2026-10-10")]
    # 02:00 UTC is still the 6th in the Pacific, so the 7th is no holiday any more.
    assert days == ["2026-10-06", "2026-10-07", "2026-10-09"]


TIMES = st.integers(us("2026-02-20"), us("2026-04-10"))


@settings(max_examples=40, deadline=None)
@given(TIMES, st.integers(0, 40 * DAY), st.integers(0, 30 * HOUR))
def test_business_and_add_business_are_inverse(start: int, more: int, amount: int) -> None:
    """S4.9, over a clock change."""
    found = calendar(desk=office("Europe/Brussels"))
    assert found.business(start, start + more) == length(found.open_intervals(start, start + more))
    reached = found.add_business(start, amount)
    assert reached is not None
    assert found.business(start, reached) == amount
    assert amount == 0 or found.business(start, reached - 1) == amount - 1


def test_totals_stay_comparable_when_a_calendar_grows() -> None:
    hours = calendar(desk=office("Asia/Tokyo")).hours
    at = np.array([us("2030-06-03T05:00:00Z")])
    before = hours.before(at)[0]
    hours.before(np.array([us("1999-01-01"), us("2050-01-01")]))
    assert hours.before(at)[0] == before


# composed calendars

COMPOSED = {
    "pacific": office(PACIFIC),
    "london": office("Europe/London"),
    "both": written(any=["pacific", "london"], zone="Etc/UTC", days=WORKDAYS),
    "overlap": written(all=["pacific", "london"], zone="Etc/UTC"),
    "round": written(any=["pacific", "always"], zone="UTC"),
}


@pytest.mark.parametrize(("name", "join"), [("both", union), ("overlap", intersect)])
def test_any_and_all_are_union_and_intersection(name: str, join: Any) -> None:
    """S4.8."""
    span = us("2026-10-19"), us("2026-11-09")
    one = calendar("pacific", **COMPOSED).open_intervals(*span)
    other = calendar("london", **COMPOSED).open_intervals(*span)
    expected = union([*one, *other]) if name == "both" else intersect(one, other)
    assert calendar(name, **COMPOSED).open_intervals(*span) == expected


def test_always_is_open_under_another_calendar() -> None:
    assert calendar("round", **COMPOSED).open_intervals(us("2026-10-03"), us("2026-10-04")) == [
        Interval(us("2026-10-03"), us("2026-10-04"))
    ]


def test_bd_counts_the_dates_that_a_composed_calendar_leaves() -> None:
    """S4.8: Pacific evenings reach into Saturday in UTC, `days` leaves that out; hours stay."""
    sets = [holiday_set("h", "2026-01-01", [{"date": "2026-10-05"}])]
    composed = {**COMPOSED, "both": written(
        any=["pacific", "london"], zone="Etc/UTC", days=WORKDAYS, holidays="h",
        business_day="end_of_day")}  # fmt: skip
    found = calendar("both", sets=sets, **composed)
    friday = us("2026-10-02T10:00:00Z")
    assert found.business(us("2026-10-03"), us("2026-10-03T02:00:00Z")) == HOUR
    assert found.business(us("2026-10-05"), us("2026-10-06")) > 0
    end, amount = found.nominal_deadline(within("1bd"), friday)
    assert shown(end) == "2026-10-07T00:00:00Z"  # the 6th's open time ends at the cut at midnight
    assert amount == found.business(friday, end)


# days


@pytest.mark.parametrize(
    ("word", "end", "hours"),
    [
        ("same_time", "2026-12-15T00:30:00Z", 9),
        ("end_of_day", "2026-12-15T02:00:00Z", 10.5),
        ("hours", "2026-12-15T00:30:00Z", 9),
    ],
)
def test_what_one_business_day_is(word: str, end: str, hours: float) -> None:
    found = calendar(desk=office(PACIFIC, business_day=word))
    got = found.nominal_deadline(within("1bd"), us("2026-12-12T00:30:00Z"))
    assert got == (us(end), int(hours * HOUR))


def test_the_same_day_ends_with_the_window_that_holds_the_start() -> None:
    """0bd (S4.22), also where the window goes over midnight."""
    night = written(
        weekly=[window(["mon"], "22:00", "06:00")], zone="UTC", business_day="end_of_day"
    )
    found = calendar(desk=night)
    got, amount = found.nominal_deadline(within("0bd"), us("2026-10-06T02:00:00Z"))
    assert (shown(got), amount) == ("2026-10-06T06:00:00Z", 4 * HOUR)


def test_same_time_on_a_short_day_is_the_nearest_open_instant() -> None:
    """S4.21: a half holiday; ties go to the earlier."""
    hours = [{"from": "09:00", "to": "12:00"}, {"from": "16:00", "to": "17:00"}]
    sets = [holiday_set("h", "2026-01-01", [{"date": "2026-10-06", "hours": hours}])]
    found = calendar(desk=office(holidays="h"), sets=sets)

    def due(time: str) -> str | None:
        return shown(found.nominal_deadline(within("1bd"), us(f"2026-10-05T{time}:00Z"))[0])

    assert due("13:00") == "2026-10-06T12:00:00Z"
    assert due("14:00") == "2026-10-06T12:00:00Z"
    assert due("15:00") == "2026-10-06T16:00:00Z"
    assert due("17:30") == "2026-10-06T17:00:00Z"
    assert due("10:00") == "2026-10-06T10:00:00Z"


def test_a_time_that_comes_twice_is_its_second_pass() -> None:
    """S4.21, S4.25."""
    always = calendar("always", deadlines=PACIFIC)
    start = us("2026-10-31T08:30:00Z")  # 01:30 in the Pacific
    for target in ("1bd", "1d"):
        end, amount = always.nominal_deadline(within(target), start)
        assert (shown(end), amount) == ("2026-11-01T09:30:00Z", 25 * HOUR)
    assert always.nominal_deadline(within("24h"), start) == (start + DAY, DAY)


def test_the_commonest_day_is_the_one_written_most_often() -> None:
    """S4.23: ties go to the longer."""
    mixed = written(
        weekly=[
            window(["mon", "tue"], "09:00", "13:00"),
            window(["mon", "tue"], "12:00", "17:00"),
            window(["wed", "thu"], "09:00", "12:00"),
        ],
        zone="UTC",
    )
    assert commonest_day(calendar(desk=mixed).spec) == 8 * HOUR
    assert commonest_day(calendar("always").spec) == DAY


# claim dates


def test_last_dates_of_claims() -> None:
    """S8.77, example (j)."""
    first = date(2026, 1, 1)
    assert last_claim_date(first, within("30d")) == date(2026, 1, 31)
    assert last_claim_date(date(2026, 1, 31), within("1mo")) == date(2026, 2, 28)
    assert last_claim_date(date(2026, 2, 28), within("1mo"), period_end=True) == date(2026, 3, 31)
    assert last_claim_date(date(2026, 2, 28), within("1mo")) == date(2026, 3, 28)
    desk = calendar(desk=office())
    assert last_claim_date(date(2026, 10, 2), within("2bd"), calendar=desk) == date(2026, 10, 6)
    with pytest.raises(ValueError, match="calendar"):
        last_claim_date(first, within("2bd"))


def test_instants_as_people_of_a_zone_read_them() -> None:
    assert local_text(us("2026-10-01T09:00:00.5Z"), "UTC") == "2026-10-01 09:00:00.5Z"
    assert local_text(us("2026-10-01T07:00:00Z"), PACIFIC) == "2026-10-01 00:00:00-07:00"
