"""What `contract explain` says of a contract that uses the rarer parts of the grammar."""

import json

import pytest

from schemas.explain_terms import explain, merged
from schemas.form_errors import all_form_errors
from schemas.terms_overrides import as_text, overridden
from schemas.terms_raw import read_yaml

CONTRACT = """\
contract: rare
version: "1"
provider: Example
source: {title: Invented, document: none, text_sha256: none}
effective: {from: 2026-01-01}
supersession: on_notice
plan_change: whole_period_best
zones: {period: UTC, deadlines: Europe/Brussels}
calendars:
  office: {weekly: [{days: [mon, tue, wed, thu, fri], from: 09:00, to: 17:00}], holidays: {any: [be, eu]}}
  desk: {any: [office], days: [mon, wed], holidays: be, business_day: end_of_day}
severities: [{id: high, text: grave}, {id: low}]
severity_change: {raise: from_start, lower: keep}
plans: {basic: {}, pro: {text: professional}}
clocks:
  - {id: next, kind: next_response, satisfied_by: {author: [agent, automation]}, pauses: [on_hold, awaiting_customer],
     strength: {by_plan: {pro: contractual}},
     targets: [{severity: high, only: {tags: [vip]}, within: 15m}, {severity: high, within: {below: 2bh}, calendar: office},
      {within: 0bd, calendar: desk}]}
  - {id: close, kind: closure, only: {opened_by: [customer]}, pauses: [], strength: target,
     targets: [{severity: high, within: 10d}, {severity: low, within: none}, {within: best_effort}]}
services: [{id: api, text: the interface}, {id: db}]
availability:
  - {id: mixed, services: [api, db], across: sum, period: {quarter: {first: feb}}, measure: weighted_downtime, degraded_weight: 0.5,
     down_when: {all: [{incident: [outage, degraded], share: {above: 5}},
      {any: [{probe: a}, {counted: {counter: reads, above: 5, minimum_total: 100, window: 1m}}]}]},
     count: {unit: 1h, down: {above: 6m}}, measured_in: office, view: everyone, no_data: up, excused: removed,
     target: {above: 99.5}, strength: contractual}
  - {id: ratio, services: [api], period: {days: 30, ending: every_day}, measure: request_ratio, request_ratio: {counter: reads},
     no_data: down, excused: removed, target: {at_least: 99.9}, strength: {reading: binds}}
  - {id: mean, services: [api], period: month, measure: interval_average,
     interval_average: {interval: 5m, counter: reads, no_traffic: skip}, no_data: down, excused: removed, target: none, strength: target}
  - {id: in-time, period: year, measure: attainment, attainment: {clocks: [next]}, no_data: up, excused: removed,
     target: {at_least: 95}, strength: target}
exclusions:
  - {id: planned, kind: maintenance, maintenance: scheduled, notice: {above: 48h, channels: {all: [mail, page]}}, for: [mixed],
     quota: {hours: 1, per: year}, excused: removed_window}
  - {id: partner, kind: cause, cause: third_party, parties: [stripe],
     while_party_reports: {states: [outage], as: claimed, components: [api]}}
credits:
  - {id: steps, for: [mixed], formula: per_step, on: net_downtime, per_step: {percent: 5, per: 10m, above: 1h, rounding: ceil},
     base: {fee: charged, services: affected, over: {days: 30, before: claim}}, several: sum,
     caps: [{days: 15, of: base, per: period}, {amount: "9.00 EUR", per: rolling_12_months}],
     minimum: {at_least: ["1.00 EUR", "1.00 USD"]}, rounding: half_even,
     eligibility: {billing: year, signed: true, standing: good, affected: true},
     claim: {required: true, scope: incident, channels: [portal],
      deadlines: [{from: incident_start, within: 5bd, calendar: office, by: notice}]},
     settle: {when: following_invoice, at_most: {percent: 50, of: invoice}, rest: next_invoice, leftover: lapse}}
  - {id: price, for: [mixed], formula: downtime_price, downtime_price: {factor: 10, below: target, time: clock, spread: month},
     base: {fee: recurring, services: all, over: month_before}, several: sum, caps: none, rounding: down, claim: none,
     settle: {when: next_invoice, leftover: pay_out}}
  - {id: late, for: [next], formula: each, each: {days: 1}, base: {fee: recurring, services: all, over: period}, caps: none,
     rounding: down, claim: none, settle: {when: next_invoice, leftover: lapse}}
pools: [{id: one, credits: [steps, price], take: largest}]
rights:
  - {id: leave, text: leave at once, exercise_within: 30d, when: {any: [{net_downtime: mixed, above: 7.2h, times: 2, of_last: 3},
     {breached: [next], at_least: 3, in_all: true, of_last: 3, claimed: true}]}}
interpretations:
  - {id: binds, question: "Does it bind?", options: {yes: contractual, no: target}, chosen: yes, basis: the text says so}
  - {id: told, question: "And tax?", options: {none: no tax}, chosen: none}
"""
SAID = """\
It takes force on 2026-01-01.
After a change of plan the whole period is judged by the better one.
One of the plans is `basic`.
`office` is open Monday to Friday from 09:00 to 17:00, by the time of the zone Europe/Brussels; on the holidays of `be` or `eu` it is closed, unless they have hours of their own; a business day ends at the same time on the next open date.
`desk` is open while one of these calendars is: `office`; its dates are those of Europe/Brussels; its business days are Monday and Wednesday without the holidays of `be`; a business day ends when the next open date closes.
`low` has no definition.
On the plan `pro`: the clock `next` is a contractual promise; it runs for every ticket that asks for support; it pauses while the ticket is on hold or the customer is awaited; what stops it is a message by an agent or an automation.
On the plan `pro`: for `high`, for tickets that carry the tag `vip`, every next response comes within 15 minutes, around the clock.
On the plan `pro`: for `high` every next response comes in less than 2 business hours of the calendar `office`.
On the plan `pro`: for every other severity every next response comes within 0 business days of the calendar `desk`.
For `high` the ticket is closed within 10 days, by the dates of the deadline zone.
For `low` the clock `close` does not run.
`mixed` of `api` (the interface) and `db`, added up, is more than 99.5 % in every quarter of a year that begins in February; it is a contractual promise.
degraded time weighs 0.5 of an outage; the service is down while an incident reports an outage or a degradation for more than 5 % of the users and (the probe `a` fails or the failures of the counter `reads` are more than 5 % in a window of at most 1 minute with at least 100 requests)
a unit of 1 hour with more than 6 minutes of it down is down throughout, another not at all; only the open hours of the calendar `office` count; what hit anybody counts; a gap in the monitoring counts as up; excused time leaves the period.
`ratio` of `api` (the interface) is at least 99.9 % in every stretch of 30 dates, of which the worst of a month is stated; it is a contractual promise.
`ratio` is the share of the requests of the counter `reads` that did not fail;
`mean` is the mean of the success rates of the counter `reads` over intervals of 5 minutes; an interval without traffic is left out;
`in-time` is the share of the deadlines of `next` that are met.
`planned` excuses from `mixed` scheduled maintenance announced more than 48 hours ahead on each of the channels `mail` and `page`; it excuses at most 1 hour in a calendar year; the time that it excuses leaves the period, with the whole interval that was proven.
`partner` excuses what a third party (`stripe`) causes, while that party itself reports an outage of `api`, counted by the times that it claims.
`steps` pays 5 % of what was charged for the affected service over the 30 days before the claim for every 10 minutes, begun ones included, that the net downtime of `mixed` is above 1 hour.
it is only for fees agreed per year, subscriptions with a signed contract, accounts in good standing and customers whom counted downtime hit;
it is at most 15 days of service of the same base in a period and at most 9.00 EUR in any 12 months; it is paid only when it is at least 1.00 EUR or 1.00 USD; it is rounded half to even to the minor unit of its currency; it must be claimed in any form, by `portal`; one claim opens its own incident alone; a notice must come no later than 5 business days of the calendar `office` after the start of the incident; it is paid on the following invoice, up to 50 % of it; what does not fit goes on the next invoice;
`price` pays 10 times what the unweighted down time costs in the recurring fee over the month before, month by month, once the percentage of `mixed` is below the target.
On the plan `pro`: `late` pays 1 day of service for every breach of `next`.
`one`: of `steps` and `price` only the largest is paid.
`leave`: the customer may leave at once when the net downtime of `mixed` is more than 7.2 hours in at least 2 of the last 3 periods or when the number of breaches of `next` is at least 3 over the last 3 calendar months together, each claimed in time; it lasts 30 days.
"""
ANSWERS = """\
- Does it bind?
    * yes: `ratio`: it is a contractual promise.
      no: `ratio`: it is a target, not a contractual promise.
    The reason: the text says so.
- And tax?
    * none: No tax."""


@pytest.fixture(scope="module")
def tree():
    found = read_yaml(CONTRACT).tree
    assert all_form_errors(found) == ()
    return found


@pytest.fixture(scope="module")
def said(tree):
    return explain(tree)


@pytest.mark.parametrize("text", SAID.splitlines(), ids=range(SAID.count("\n")))
def test_each_part_is_said_in_plain_words(said, text):
    assert text in said


def test_each_option_is_told_with_what_it_would_change(said):
    assert said.endswith(ANSWERS)


def test_an_option_that_changes_nothing_says_so_and_one_that_takes_away_says_what(tree):
    question = {"id": "more", "question": "More?", "options": {"all": {"by_plan": {"pro": "7.2h"}}, "x": {"by_plan": {}}}, "chosen": "all"}  # fmt: skip
    idle = {"id": "idle", "question": "Idle?", "options": {"a": "1", "b": "2"}, "chosen": "a"}
    made, missed = overridden(tree, [
        ("rights[leave].when", {"net_downtime": "mixed", "above": {"reading": "more"}}),
        ("interpretations", [*tree["interpretations"][:1], question, idle]),
    ])  # fmt: skip
    assert not missed
    said = explain(made)
    assert "x: For no plan. This would no longer hold: On the plan `pro`: `leave`: the customer may" in said
    assert "b: 2. Nothing changes while the other answers stand." in said


def test_no_word_of_the_grammar_stays_raw(said):
    words = said.split("Targets, plan by")[0].replace("`", " ").split()
    assert [word for word in words if "_" in word] == []


def test_the_table_is_of_plans_by_severity_and_channel(said):
    table = said.split("Targets, plan by severity and channel\n")[1].split("\n\n")[0].splitlines()
    assert [line.split("  ")[0] for line in table] == ["plan", *["basic"] * 3, *["pro"] * 6]
    assert table[4].split() == ["pro", "high", "any", "(tag", "vip)", "next", "15", "minutes", "contractual"]


def test_the_contracts_of_the_given_cases_can_be_explained(scenarios_dir):
    for path in sorted(scenarios_dir.glob("*/*.jsonl")):
        for line in path.read_text().splitlines():
            event = json.loads(line)
            if event.get("type") == "sla.contract.published.v1":
                assert explain(as_text(event["data"]["terms"]))


def test_what_a_plan_has_otherwise_stands_with_the_clock_that_it_belongs_to():
    told = [
        ("clocks[next].targets", {"by_plan": {
            "basic": [{"severity": "high", "within": "2h"}],
            "pro": [{"severity": "high", "within": "1h"}, {"within": "3h"}]}}),
        ("clocks[next].strength", {"by_plan": {"basic": "target", "pro": "contractual"}}),
        ("clocks[close].targets", [{"within": {"by_plan": {"basic": "10d", "pro": "5d"}}}]),
    ]  # fmt: skip
    tree, missed = overridden(read_yaml(CONTRACT).tree, told)
    assert missed == []
    lines = [line for line in explain(tree).split("\n") if line.startswith("- ")]
    start = next(place for place, line in enumerate(lines) if "the clock `next`" in line)
    assert [line.split(";")[0][2:] for line in lines[start : start + 8]] == [
        "On the plan `basic`: the clock `next` is a target, not a contractual promise",
        "On the plan `pro`: the clock `next` is a contractual promise",
        "On the plan `basic`: for `high` every next response comes within 2 hours, around the clock.",
        "On the plan `pro`: for `high` every next response comes within 1 hour, around the clock.",
        "On the plan `pro`: for every other severity every next response comes within 3 hours, around the clock.",
        "The clock `close` is a target, not a contractual promise",
        "On the plan `basic`: for every severity the ticket is closed within 10 days, by the dates of the deadline zone.",
        "On the plan `pro`: for every severity the ticket is closed within 5 days, by the dates of the deadline zone.",
    ]  # fmt: skip


def test_orders_of_several_plans_are_one():
    a, b, c, x = ("a",), ("b",), ("c",), ("x",)
    assert merged([[a, b], [a, x, b, c]]) == [a, x, b, c]
    assert merged([[a, b], [x, x]]) == [a, b, x]


USUAL = """\
contract: usual
version: "1"
provider: Example
source: {title: Invented, document: none, text_sha256: none}
effective: {}
supersession: on_notice
zones: {period: UTC, deadlines: UTC}
calendars:
  night: {weekly: [{days: [mon], from: 22:00, to: 06:00}], holidays: {all: [be, nl]}}
  both: {any: [night], days: [mon], holidays: none}
severities: [{id: P1}, {id: P2}]
plans: {basic: {}, pro: {}}
clocks:
  - {id: first, kind: first_response, satisfied_by: {author: agent}, pauses: [], strength: contractual,
     targets: [{severity: P1, within: {by_plan: {pro: 15m}}}, {severity: P1, within: 4bh, calendar: night},
      {within: best_effort}, {severity: P2, within: 3h}]}
  - {id: review, kind: meeting_slot, stops_on: slot_held, pauses: [], strength: target, targets: [{within: 5d}]}
  - {id: mail, kind: closure, only: {channels: [mail], kinds: [support, meeting]}, pauses: [], strength: target,
     targets: [{within: 5d}]}
  - {id: void, kind: closure, only: {kinds: [meeting]}, pauses: [], strength: target, targets: [{within: 5d}]}
services: [{id: app}]
availability:
  - {id: up, services: [app], period: month, measure: downtime, down_when: {probe: health}, no_data: up, excused: removed,
     target: {at_least: 99.9}, strength: contractual}
  - {id: level, period: quarter, measure: attainment, attainment: {clocks: [first]}, no_data: up, excused: removed,
     target: {at_least: 95}, strength: contractual}
credits:
  - {id: hours, for: [up], formula: per_step, on: net_downtime, per_step: {percent: 3, per: 30m, rounding: ceil},
     base: {fee: recurring, services: affected, over: period}, caps: none, rounding: down, claim: none,
     settle: {when: next_invoice, leftover: lapse}}
  - {id: points, for: [level], formula: per_step, per_step: {percent: 1, per: 1, below: target, rounding: floor},
     base: {fee: recurring, services: all, over: period}, caps: none, rounding: down, claim: none,
     settle: {when: next_invoice, leftover: lapse}}
  - {id: late, for: [first], formula: per_step, on: breaches, per_step: {percent: 5, per: 1, above: 1, rounding: floor},
     base: {fee: recurring, services: all, over: period}, caps: none, rounding: down,
     claim: {required: true, scope: incident, deadlines: [{from: incident_end, within: 7d}]},
     settle: {when: next_invoice, leftover: lapse}}
  - {id: pairs, for: [first], formula: per_step, on: breaches, per_step: {percent: 5, per: 2, rounding: ceil},
     base: {fee: recurring, services: all, over: period}, caps: none, rounding: down, claim: none,
     settle: {when: next_invoice, leftover: lapse}}
pools: [{id: all, credits: [late, pairs], take: sum, caps: [{percent: 10, of: base, per: period}]}]
rights:
  - {id: leave, text: leave, exercise_within: none, when: {any: [{breached: [up], times: 3, of_last: 3},
     {breached: [level], at_least: 2}, {all: [{net_downtime: up, above: 2h}, {breached: [first]}]}]}}
"""
USUALLY = """\
On Monday from 22:00 to 06:00 of the next date, by the time of the zone UTC; on the holidays that `be` and `nl` share it is closed, unless they have hours of their own;
its business days are Monday, holidays included;
the clock `first` is a contractual promise; it runs for every ticket that asks for support;
- On the plan `pro`: for `P1` the first response comes within 15 minutes, around the clock.
- On the plan `basic`: for `P1` the first response comes within 4 business hours of the calendar `night`.
- For `P2` the first response comes within 3 hours, around the clock; it is never reached: an earlier target stands before it.
the clock `review` is a target, not a contractual promise; it runs for every ticket that asks for a meeting;
the clock `mail` is a target, not a contractual promise; it runs for tickets that come by `mail` and ask for support;
the clock `void` is a target, not a contractual promise; it runs for no ticket: it is for tickets that never start such a clock;
- `hours` pays 3 % of the recurring fee for the affected service over the period for every 30 minutes, begun ones included, of the net downtime of `up`.
- `hours` is worked out and paid so: a yearly fee counts with one twelfth for a month; of several resources of a customer's own the largest counts; it has no cap;
- `points` pays 1 % of the recurring fee over the period for every full 1 percentage point that the percentage of `level` is below the target.
- `points` is worked out and paid so: a yearly fee counts with one twelfth for a month; it has no cap;
- `late` pays 5 % of the recurring fee over the period for every breach of `first` beyond 1.
one claim opens its own breach alone; the claim must come no later than 7 days after the deadline that was missed;
- `pairs` pays 5 % of the recurring fee over the period for every 2 breaches, begun ones included, of `first`.
- `all`: of `late` and `pairs` the sum is paid; it is at most 10 % of the largest of their bases in a period.
- `leave`: the customer may leave when the number of breaches of `up` is at least 1 in each of the last 3 calendar months, when the number of breaches of `level` is at least 2 in the last calendar quarter or when (the net downtime of `up` is more than 2 hours in the last calendar month and the number of breaches of `first` is at least 1 in the last calendar month); it has no end."""


@pytest.mark.parametrize("text", USUALLY.splitlines(), ids=range(USUALLY.count("\n") + 1))
def test_what_is_said_is_true_of_usual_contracts(text):
    usual = read_yaml(USUAL).tree
    assert all_form_errors(usual) == ()
    assert text.lower() in explain(usual).lower()


def test_the_table_leaves_out_what_a_plan_never_comes_to():
    table = explain(read_yaml(USUAL).tree).split("severity and channel\n")[1].splitlines()
    first = [line.split()[:2] + line.split()[4:6] for line in table if " first " in line]
    assert first == [
        ["basic", "P1", "4", "business"], ["basic", "every", "best", "effort"],
        ["pro", "P1", "15", "minutes"], ["pro", "every", "best", "effort"],
    ]  # fmt: skip
