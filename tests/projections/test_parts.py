from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from projections.terms import Agreements
from projections.terms.parts import Part, lines, parts
from tests.projections.contracts import Story, availability, contract, days, us


def nothing(part: Part) -> Fraction:
    raise AssertionError(part)


def told(agreements: Agreements, month: str = "2026-06", at: str = "2030-01-01", total: Any = nothing) -> list[Part]:
    return parts(agreements, month, us(at), total)


def shown(found: list[Part]) -> list[tuple]:
    return [(part.period.name, part.number, part.coverage) for part in found]


def test_a_period_is_covered_by_the_life_within_it() -> None:  # S3.40
    story = Story(contract()).start("2026-06-10").end("2026-06-20")
    (part,) = told(story.agreements())
    assert part.coverage == days(("2026-06-10", "2026-06-20"))
    assert (part.period.start, part.period.end) == (us("2026-06-01"), us("2026-07-01"))
    assert told(story.agreements(), "2026-07") == []


def test_cut_where_the_plan_changes_and_where_the_life_is_interrupted() -> None:  # S3.41
    story = Story(contract()).start("2026-01-01").change("2026-06-10", plan="silver").end("2026-06-15").start("2026-06-20")
    found = told(story.agreements())
    assert shown(found) == [
        ("2026-06", 1, days(("2026-06-01", "2026-06-10"))),
        ("2026-06", 2, days(("2026-06-10", "2026-06-15"))),
        ("2026-06", 3, days(("2026-06-20", "2026-07-01"))),
    ]
    assert [part.terms.plan for part in found] == ["gold", "silver", "gold"]


@pytest.mark.parametrize(
    ("change", "cuts"),
    [
        ({"plan": "silver"}, True), ({"contract": "other"}, True), ({"customer": "bob"}, True),
        ({"overrides": [{"path": "provider", "value": "Q"}]}, True),
        ({"services": ["app"]}, False), ({"signed": False}, False), ({"add_ons": ["x"]}, False),
        ({"fee": {"amount": "1", "currency": "EUR", "per": "month"}}, False),
        ({"term": {"from": "2026-06-10"}}, False), ({"billing_day": 3}, False), ({"plan": "gold"}, False),
    ],
)  # fmt: skip
def test_what_cuts_and_what_never_does(change: dict, cuts: bool) -> None:  # S3.41, S3.42
    other = contract() | {"contract": "other"}
    story = Story(contract(), other).start("2026-01-01").change("2026-06-10", **change)
    found = told(story.agreements())
    assert len(found) == (2 if cuts else 1)
    assert found[-1].span.start == us("2026-06-10")


def test_a_new_version_cuts() -> None:  # S3.41
    late = contract("v2", effective={"from": "2026-06-10"})
    found = told(Story(contract(), late).start("2026-01-01").agreements())
    assert [(part.terms.version, part.start) for part in found] == [("v1", us("2026-06-01")), ("v2", us("2026-06-10"))]


def test_times_without_a_version_give_no_part_and_those_begun_at_at_no_row() -> None:  # S3.46
    late = contract(effective={"from": "2026-06-10"})
    story = Story(late).start("2026-01-01").change("2026-06-20", plan="silver")
    assert [part.start for part in told(story.agreements())] == [us("2026-06-10"), us("2026-06-20")]
    assert len(told(story.agreements(), at="2026-06-20")) == 1
    assert told(story.agreements(), at="2026-06-10") == []


def test_the_last_terms_for_the_whole_period() -> None:  # S3.43, S3.45
    whole = contract("v2", effective={"from": "2026-06-10"}, plan_change="whole_period_last")
    story = Story(contract(), whole).start("2026-05-20").end("2026-06-15").start("2026-06-20")
    (part,) = told(story.agreements())
    assert part.terms.version == "v2"
    assert part.coverage == days(("2026-06-01", "2026-06-15"), ("2026-06-20", "2026-07-01"))
    assert (part.number, part.start, part.end) == (1, us("2026-06-01"), us("2026-07-01"))
    (before,) = told(story.agreements(), "2026-05")
    assert before.terms.version == "v1"


@pytest.mark.parametrize(("gold", "silver", "taken"), [(3, 2, "gold"), (2, 3, "silver"), (2, 2, "silver")])
def test_the_best_terms_for_the_whole_period(gold: int, silver: int, taken: str) -> None:  # S3.44
    by_plan = availability(no_data={"by_plan": {"gold": "up", "silver": "down"}})
    best = contract(plan_change="whole_period_best", availability=[by_plan])
    story = Story(best).start("2026-01-01").change("2026-06-10", plan="silver")
    sums = {"gold": Fraction(gold), "silver": Fraction(silver)}
    (part,) = told(story.agreements(), total=lambda part: sums[part.terms.plan])
    assert part.terms.plan == taken
    assert part.coverage == days(("2026-06-01", "2026-07-01"))


def test_readings_are_those_of_the_parts_start() -> None:  # S3.45, S3.11
    open_ = [{"id": "q", "question": "?", "options": {"a": "up", "b": "down"}, "chosen": "a"}]
    doc = contract(interpretations=open_, availability=[availability(no_data={"reading": "q"})])
    story = Story(doc).start("2026-01-01").change("2026-06-10", plan="silver")
    story.tell("interpretation.decided", "k", "2026-06-05", interpretation="q", chosen="b")
    found = told(story.agreements())
    assert [part.terms.document.availability[0].no_data for part in found] == ["up", "down"]
    assert [part.terms.document.availability[0].no_data for part in told(story.agreements(), "2026-07")] == ["down"]


def test_readings_in_zones_are_those_of_the_start_in_utc() -> None:  # S3.12
    open_ = [{"id": "z", "question": "?", "options": {"utc": "UTC", "east": "Asia/Tokyo"}, "chosen": "utc"}]
    doc = contract(interpretations=open_, zones={"period": {"reading": "z"}, "deadlines": "UTC"})
    story = Story(doc).start("2026-01-01")
    story.tell("interpretation.decided", "k", "2026-06-01", interpretation="z", chosen="east")
    (may,), (june,) = told(story.agreements(), "2026-05"), told(story.agreements())
    assert (may.start, may.end) == (us("2026-05-01"), us("2026-06-01"))
    assert (june.start, june.end) == (us("2026-05-31T15:00:00Z"), us("2026-06-30T15:00:00Z"))


@pytest.mark.parametrize(
    ("spec", "month", "names"),
    [
        ("month", "2026-06", ["2026-06"]), ("year", "2026-06", []), ("year", "2026-12", ["2026"]),
        ("quarter", "2026-06", ["2026-Q2"]), ("quarter", "2026-05", []),
        ("billing_cycle", "2026-06", ["2026-05-10/2026-06-10"]),
    ],
)  # fmt: skip
def test_periods_are_stated_with_the_month_of_their_last_instant(spec: Any, month: str, names: list) -> None:  # S3.39
    story = Story(contract(availability=[availability(period=spec)])).start("2026-01-10")
    assert [part.period.name for part in told(story.agreements(), month)] == names


def test_a_changed_billing_day_holds_from_the_next_cycle_on() -> None:  # S3.37
    story = Story(contract(availability=[availability(period="billing_cycle")])).start("2026-01-31")
    story.change("2026-03-10", billing_day=15)
    agreements = story.agreements()
    found = [part.period.name for month in ("2026-02", "2026-03", "2026-04", "2026-05") for part in told(agreements, month)]
    assert found == ["2026-01-31/2026-02-28", "2026-02-28/2026-03-31", "2026-03-31/2026-04-15", "2026-04-15/2026-05-15"]


def test_each_life_has_billing_dates_of_its_own() -> None:  # S3.37
    story = Story(contract(availability=[availability(period="billing_cycle")])).start("2026-01-05").end("2026-02-20")
    story.start("2026-02-25")
    found = told(story.agreements(), "2026-03")
    assert shown(found) == [
        ("2026-02-05/2026-03-05", 1, days(("2026-02-05", "2026-02-20"))),
        ("2026-02-25/2026-03-25", 1, days(("2026-02-25", "2026-03-25"))),
    ]


def test_two_kinds_of_period_and_a_credit_for_clocks() -> None:
    doc = contract(
        availability=[availability(), availability(id="q", period="quarter")],
        clocks=[{"id": "c"}], credits=[{"id": "x", "for": ["c"], "period": "year"}, {"id": "y", "for": ["uptime"], "period": None}],
    )
    from projections.terms import Terms
    from tests.projections.small_world import plain

    terms = Terms("", "", "", "", plain(doc), {}, None)
    assert terms.period_kinds == ["month", "quarter", "year"]


def ids(agreements: Agreements, *kinds: str) -> list[tuple]:
    (part,) = told(agreements)
    measured = next(iter(part.terms.document.availability))
    measured.services = kinds
    return [(line.id, line.kind_id, line.is_resource, line.coverage) for line in lines(agreements, part, measured)]


JUNE = days(("2026-06-01", "2026-07-01"))


def test_lines_are_the_services_held() -> None:  # S3.50
    assert ids(Story(contract()).start("2026-01-01").agreements(), "app", "db") == [
        ("app", "app", False, JUNE), ("db", "db", False, JUNE),
    ]
    story = Story(contract()).start("2026-01-01", services=["app"]).change("2026-06-10", services=["db"])
    assert ids(story.agreements(), "app", "db", "x") == [
        ("app", "app", False, days(("2026-06-01", "2026-06-10"))),
        ("db", "db", False, days(("2026-06-10", "2026-07-01"))),
    ]


def test_a_listed_resource_is_covered_while_listed() -> None:  # S3.51
    listed = [{"id": "db-1", "is": "db", "from": "2026-06-05", "to": "2026-06-25T12:00:00Z"}]
    story = Story(contract(zones={"period": "Asia/Tokyo", "deadlines": "UTC"})).start("2026-01-01", services=listed)
    assert ids(story.agreements(), "app", "db") == [
        ("db-1", "db", True, days(("2026-06-04T15:00:00Z", "2026-06-25T12:00:00Z"))),
    ]
    story.change("2026-06-10", services=[])
    assert ids(story.agreements(), "db") == [("db-1", "db", True, days(("2026-06-04T15:00:00Z", "2026-06-10")))]


def test_a_resource_of_events() -> None:  # S3.51, S3.52
    story = Story(contract()).start("2026-01-01", services=["app"])
    story.tell("resource.added", "db-1", "2026-06-05", subscription="s1", is_="db")
    story.tell("resource.added", "db-1", "2026-06-06", subscription="s1", is_="db")
    story.tell("resource.removed", "db-1", "2026-06-10")
    story.tell("resource.added", "db-1", "2026-06-18", subscription="s1", is_="db", from_="2026-06-20")
    story.tell("resource.removed", "db-1", "2026-06-24", to="2026-06-26")
    story.tell("resource.added", "db-2", "2026-06-24", subscription="other", is_="db")
    agreements = story.agreements()
    assert ids(agreements, "app", "db") == [
        ("app", "app", False, JUNE),
        ("db-1", "db", True, days(("2026-06-05", "2026-06-10"), ("2026-06-20", "2026-06-26"))),
    ]
    (problem,) = agreements.resources.problems(agreements)
    assert (problem.kind, problem.subject, problem.detail, problem.customer) == ("added_while_on", "db-1", "e3", "ann")


def test_list_and_events_are_united_and_removed_leaves_the_list_alone() -> None:  # S3.51, S3.52
    story = Story(contract()).start("2026-01-01", services=[{"id": "db-1", "is": "db", "to": "2026-06-10"}])
    story.tell("resource.added", "db-1", "2026-06-05", subscription="s1", is_="db")
    story.tell("resource.removed", "db-1", "2026-06-15")
    assert ids(story.agreements(), "db") == [("db-1", "db", True, days(("2026-06-01", "2026-06-15")))]


def test_a_resource_of_one_life_does_not_reach_into_the_next() -> None:  # S3.2, S3.51
    story = Story(contract(plan_change="whole_period_last")).start("2026-01-01", services=[])
    story.tell("resource.added", "db-1", "2026-02-01", subscription="s1", is_="db")
    story.end("2026-06-10").start("2026-06-20", services=[])
    assert ids(story.agreements(), "db") == [("db-1", "db", True, days(("2026-06-01", "2026-06-10")))]


def test_windows_before_a_claim() -> None:  # S3.36, S3.38
    from types import SimpleNamespace

    from projections.terms.parts import _Periods

    claim = {"customer": "ann", "subscription": "s1"}
    story = Story(contract()).start("2026-01-01")
    story.tell("claim.submitted", "c1", "2026-06-10T12:00:00Z", **claim)
    story.tell("claim.submitted", "c2", "2026-06-15", **claim).tell("claim.withdrawn", "c2", "2026-06-16")
    spec = SimpleNamespace(days="30", ending="claim")
    found = _Periods(story.agreements(), "s1", "2026-06").found(spec, "UTC")
    assert [period.name for period, _ in found] == ["2026-05-11/2026-06-10"]
