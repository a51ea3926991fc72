from __future__ import annotations

import pytest

from projections.terms import FAR, Agreements
from tests.projections.contracts import Story, contract, us


def spans(agreements: Agreements, *members: str, subscription: str = "s1") -> list[tuple]:
    return [tuple(getattr(span, name) for name in members) for span in agreements.spans_of(subscription)]


def problems(agreements: Agreements, *kinds: str) -> set[tuple[str, str, str]]:
    found = [*agreements._lives.problems, *agreements._unknown_readings()]
    found += [*agreements.resources.problems(agreements), *agreements._of_spans()]
    return {(each.kind, each.subject, each.detail) for each in found if not kinds or each.kind in kinds}


def test_changed_replaces_the_members_it_names() -> None:  # S3.1
    told = Story(contract()).start("2026-01-01", services=["app"], billing_day=5).change("2026-02-01", plan="silver")
    told.change("2026-03-01", services=[]).end("2026-04-01")
    assert spans(told.agreements(), "start", "end", "plan", "services", "billing_day") == [
        (us("2026-01-01"), us("2026-02-01"), "gold", ("app",), 5),
        (us("2026-02-01"), us("2026-03-01"), "silver", ("app",), 5),
        (us("2026-03-01"), us("2026-04-01"), "silver", (), 5),
    ]


def test_a_new_life_inherits_nothing() -> None:  # S3.2
    told = Story(contract()).start("2026-01-01", billing_day=5).end("2026-02-01").start("2026-03-01")
    assert spans(told.agreements(), "life", "life_start", "billing_day", "end") == [
        (1, us("2026-01-01"), 5, us("2026-02-01")),
        (2, us("2026-03-01"), None, FAR),
    ]
    assert told.agreements().at("s1", us("2026-02-10")) is None


def test_out_of_place_events_do_not_apply() -> None:  # S3.2
    told = Story(contract()).change("2025-12-01", plan="silver").start("2026-01-01").start("2026-02-01", plan="silver")
    told.end("2026-03-01").end("2026-03-02").change("2026-03-03", plan="silver")
    agreements = told.agreements()
    assert spans(agreements, "plan", "end") == [("gold", us("2026-03-01"))]
    assert problems(agreements) == {
        ("changed_before_started", "s1", "e1"), ("started_while_active", "s1", "e3"),
        ("changed_before_started", "s1", "e5"), ("changed_before_started", "s1", "e6"),
    }
    customers = {each.detail: each.customer for each in agreements._lives.problems}
    assert customers == {"e1": None, "e3": "ann", "e5": "ann", "e6": "ann"}


def test_events_apply_in_the_order_of_effective_time() -> None:  # S2.10
    told = Story(contract()).end("2026-03-01").change("2026-02-01", plan="silver").start("2026-01-01")
    assert spans(told.agreements(), "plan") == [("gold",), ("silver",)]


def test_at_leaves_out_what_has_not_happened() -> None:  # S2.1
    told = Story(contract()).start("2026-01-01").change("2026-02-01", plan="silver").end("2026-03-01")
    assert spans(told.agreements("2026-02-15"), "plan", "end") == [("gold", us("2026-02-01")), ("silver", FAR)]
    assert told.agreements("2025-12-31").spans == []


def test_a_term_starts_with_started_or_with_a_changed_that_brings_one() -> None:  # S3.3
    told = Story(contract()).start("2026-01-01", term={"from": "2026-01-01", "to": "2027-01-01"})
    told.change("2026-02-01", plan="silver").change("2026-03-01", term={"from": "2026-03-01"})
    assert spans(told.agreements(), "term_started_at", "term_from", "term_to") == [
        (us("2026-01-01"), "2026-01-01", "2027-01-01"),
        (us("2026-01-01"), "2026-01-01", "2027-01-01"),
        (us("2026-03-01"), "2026-03-01", None),
    ]


def versions(*pairs: tuple[str, str, str]) -> list[dict]:
    return [contract(name, effective={"from": force}, supersession=word) for name, force, word in pairs]


@pytest.mark.parametrize(
    ("word", "bound"),
    [
        ("on_notice", [("v1", us("2026-01-01")), ("v2", us("2026-03-01"))]),
        ("frozen_for_term", [("v1", us("2026-01-01"))]),
    ],
)
def test_supersession_of_the_bound_version_decides(word: str, bound: list) -> None:  # S3.6
    told = Story(*versions(("v1", "2025-06-01", word), ("v2", "2026-03-01", "on_notice"))).start("2026-01-01")
    assert spans(told.agreements(), "version", "start") == bound


def test_a_frozen_version_gives_way_in_the_next_term() -> None:  # S3.6
    told = Story(*versions(("v1", "2025-06-01", "frozen_for_term"), ("v2", "2026-03-01", "frozen_for_term")))
    told.start("2026-01-01").change("2026-06-01", term={"from": "2026-06-01"})
    assert spans(told.agreements(), "version", "start") == [("v1", us("2026-01-01")), ("v2", us("2026-06-01"))]


def test_a_chain_of_versions_stops_at_the_first_frozen_one() -> None:  # S3.6
    told = Story(
        *versions(("v1", "2025-06-01", "on_notice"), ("v2", "2026-03-01", "frozen_for_term"), ("v3", "2026-04-01", "on_notice"))
    ).start("2026-01-01")
    assert [name for (name,) in spans(told.agreements(), "version")] == ["v1", "v2"]


def test_when_none_is_in_force_the_first_later_one_binds() -> None:  # S3.7, S3.46
    told = Story(*versions(("v1", "2026-02-01", "frozen_for_term"), ("v2", "2026-03-01", "on_notice"))).start("2026-01-01")
    agreements = told.agreements()
    assert spans(agreements, "version", "start") == [(None, us("2026-01-01")), ("v1", us("2026-02-01"))]
    first, second = agreements.spans_of("s1")
    assert agreements.terms(first, us("2026-01-15")) is None
    assert agreements.terms(second, us("2026-02-15")).version == "v1"


def test_of_two_versions_with_one_instant_the_later_in_order_holds() -> None:  # S3.5
    told = Story(*versions(("v1", "2025-06-01", "on_notice"), ("v2", "2025-06-01", "on_notice"))).start("2026-01-01")
    assert spans(told.agreements(), "version") == [("v2",)]


def test_a_date_is_its_first_instant_in_the_period_zone() -> None:  # S3.5
    for zones, expected in (
        ({"period": "America/New_York", "deadlines": "UTC"}, "2026-03-01T05:00:00Z"),
        ({"period": {"reading": "z"}, "deadlines": "UTC"}, "2026-03-01T00:00:00Z"),
    ):
        open_zone = [{"id": "z", "question": "?", "options": {"a": "America/New_York"}, "chosen": "a"}]
        late = contract("v2", effective={"from": "2026-03-01"}, zones=zones, interpretations=open_zone)
        told = Story(contract("v1"), late).start("2026-01-01")
        assert spans(told.agreements(), "version", "start")[1] == ("v2", us(expected))


def test_another_contract_is_walked_from_the_same_start_of_the_term() -> None:  # S3.8
    other = versions(("w1", "2025-06-01", "frozen_for_term"), ("w2", "2026-02-01", "on_notice"))
    told = Story(contract("v1"), *[{**each, "contract": "other"} for each in other]).start("2026-01-01")
    told.change("2026-05-01", contract="other")
    assert spans(told.agreements(), "contract", "version") == [("k", "v1"), ("other", "w1")]


OPEN = [{"id": "q", "question": "?", "options": {"up": "counted_as_up", "out": "removed"}, "chosen": "up"}]


def read_open(agreements: Agreements, instant: str, subscription: str = "s1") -> str:
    span = agreements.at(subscription, us(instant))
    return agreements.terms(span, us(instant)).readings["q"]


def test_the_latest_decision_before_the_beginning_holds() -> None:  # S3.11
    told = Story(contract(interpretations=OPEN)).start("2026-01-01").start("2026-01-01", "s2", customer="bob")
    told.tell("interpretation.decided", "k", "2026-03-01", interpretation="q", chosen="out")
    told.tell("interpretation.decided", "k", "2026-04-01", interpretation="q", chosen="up", customer="bob")
    agreements = told.agreements()
    assert [read_open(agreements, day) for day in ("2026-02-28", "2026-03-01", "2026-05-01")] == ["up", "out", "out"]
    assert read_open(agreements, "2026-05-01", "s2") == "up"
    span = agreements.at("s1", us("2026-05-01"))
    assert agreements.terms(span, us("2026-05-01")).decided["q"].event_id == "e3"


def test_a_decision_that_names_nothing_has_no_effect() -> None:  # S3.11
    told = Story(contract(interpretations=OPEN)).start("2026-01-01")
    told.tell("interpretation.decided", "k", "2026-03-01", interpretation="q", chosen="out")
    told.tell("interpretation.decided", "k", "2026-04-01", interpretation="q", chosen="nope")
    told.tell("interpretation.decided", "k", "2026-04-01", interpretation="p", chosen="up")
    agreements = told.agreements()
    assert read_open(agreements, "2026-05-01") == "out"
    assert problems(agreements) == {("unknown_reading", "k", "q nope"), ("unknown_reading", "k", "p up")}


def test_a_plan_that_the_contract_does_not_have() -> None:  # S3.13
    told = Story(contract()).start("2026-01-01", plan="bronze")
    assert problems(told.agreements()) == {("unknown_plan", "s1", "bronze")}


def test_the_active_subscriptions_of_a_customer() -> None:  # S3.60
    told = Story(contract()).start("2026-01-01").start("2026-02-01", "s2").change("2026-03-01", "s2", customer="bob")
    agreements = told.agreements()
    active = {day: [span.subscription for span in agreements.active_of_customer("ann", us(day))] for day in ("2026-01-05", "2026-02-05", "2026-03-05")}
    assert active == {"2026-01-05": ["s1"], "2026-02-05": ["s1", "s2"], "2026-03-05": ["s1"]}


def test_standing_is_good_until_an_event_says_otherwise() -> None:  # S8.74
    told = Story().tell("account.standing_changed", "ann", "2026-02-01", good=False)
    told.tell("account.standing_changed", "ann", "2026-03-01", good=True)
    agreements = told.agreements()
    days = ("2026-01-31", "2026-02-01", "2026-03-01")
    assert [agreements.standing("ann", us(day)) for day in days] == [True, False, True]
    assert agreements.standing("bob", us("2026-02-15"))


def test_terms_of_the_same_inputs_are_worked_out_once() -> None:
    told = Story(contract()).start("2026-01-01").change("2026-02-01", fee={"amount": "1", "currency": "EUR", "per": "year"})
    agreements = told.agreements()
    one, other = agreements.spans_of("s1")
    assert agreements.terms(one, one.start) is agreements.terms(other, other.start)
