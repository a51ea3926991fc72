"""One contract that is sound, and for each code of terms.md 5 the change that calls for it."""

import copy

import pytest

from schemas.lint import lint
from schemas.terms_overrides import overridden
from schemas.terms_raw import RawError, read_yaml

BASE = """\
contract: c
version: "1"
provider: P
source: {title: t, document: none, text_sha256: none}
effective: {from: 2026-01-01}
supersession: frozen_for_term
plan_change: cut
zones: {period: UTC, deadlines: UTC}
calendars:
  office: {zone: UTC, weekly: [{days: [mon, tue], from: 09:00, to: 17:00}], holidays: none,
           business_day: end_of_day}
  both: {any: [office], zone: UTC, holidays: none, days: [mon], business_day: end_of_day}
severities: [{id: P1}, {id: P2}]
severity_change: {raise: from_start, lower: from_start}
plans: {basic: {}, pro: {}}
clocks:
  - {id: first, kind: first_response, satisfied_by: {author: agent}, pauses: [],
     on_merge: keep_earliest, strength: target,
     targets: [{severity: P1, within: 1h}, {severity: P2, within: 1bd, calendar: both}]}
services: [{id: app}, {id: api}]
availability:
  - {id: up, services: [app], across: each, period: month, measure: downtime, view: customer,
     down_when: {probe: health}, minimum_duration: 0s, count: exact, measured_in: always,
     no_data: up, excused: removed, target: {at_least: 99.5}, strength: contractual}
exclusions:
  - {id: work, kind: maintenance, maintenance: scheduled,
     notice: {at_least: 48h, channels: {any: [email]}}}
credits:
  - {id: money, for: [up], formula: bands, on: uptime,
     bands: [{below: target, at_least: 99.0, percent: 5}, {below: 99.0, percent: 10}],
     base: {fee: recurring, services: all, over: period, annual: twelfth},
     caps: [{percent: 50, of: base, per: period}], rounding: half_up,
     claim: {required: true, scope: period, deadlines: [{from: period_end, within: 30d, by: claim}]},
     settle: {when: next_invoice, leftover: lapse}}
"""
SECOND = {
    "id": "other", "services": ["app"], "across": "each", "period": "month", "measure": "downtime",
    "view": "customer", "down_when": {"probe": "health"}, "minimum_duration": "0s",
    "count": "exact", "measured_in": "always", "no_data": "up", "excused": "removed",
    "target": {"at_least": "99.9"}, "strength": "contractual",
}  # fmt: skip


def _tree(*changes, more=None):
    tree = read_yaml(BASE).tree
    for path, value in changes:
        tree, missed = overridden(tree, [(path, value)])
        assert not missed, path
    if more is not None:
        more(tree)
    return tree


def _found(tree, **ledger):
    return [(each.level, each.code) for each in lint(tree, **ledger)]


def _add(name, *elements):
    return lambda tree: tree.setdefault(name, []).extend(copy.deepcopy(elements))


def _money(**changes):
    """A second credit, for a second availability."""

    def more(tree):
        tree["availability"].append(copy.deepcopy(SECOND))
        credit = {**copy.deepcopy(tree["credits"][0]), "id": "second", "for": ["other"]}
        tree["credits"].append({**credit, **changes})

    return more


def _put(path, value):
    """Sets a member that is not there yet."""

    def more(tree):
        place = tree
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return more


def test_a_sound_contract_has_no_findings():
    assert _found(_tree()) == []


CREDIT = ("credits", 0)
PRICE = {"factor": "10", "below": "100", "time": "net", "spread": "period"}
CASES = {
    # form
    "unknown-member": ("error", _put(("clock",), [])),
    "missing-member": ("error", lambda tree: tree.pop("provider")),
    "wrong-value": ("error", _put(("plan_change",), "cutt")),
    "wrapper-misplaced": ("error", _put(("provider",), {"reading": "x"})),
    "unknown-reading": ("error", _put(("plan_change",), {"reading": "x"})),
    "duplicate-id": ("error", _add("services", {"id": "app"})),
    "unknown-id": ("error", _put(("availability", 0, "services"), ["ap"])),
    "calendar-circle": ("error", _put(("calendars", "both", "any"), ["both"])),
    "unknown-zone": ("error", _put(("zones", "period"), "Europe/Berln")),
    "wrong-date": ("error", _put(("effective", "from"), "2026-02-30")),
    "business-unit-without-calendar": (
        "error", _put(("clocks", 0, "targets"), [{"within": "1bd"}])),
    "amount-without-currency": (
        "error", _put((*CREDIT, "bands"), [{"below": "target", "amount": "5"}])),
    "price-without-below": ("error", lambda tree: tree["credits"][0].update(
        formula="downtime_price", downtime_price={"factor": "10"})),
    "claim-without-zone": ("error", _put(("zones",), {"period": "UTC"})),
    # others
    "unknown-plan": ("error", _put((*CREDIT, "eligibility"), {"plans": ["proo"]})),
    "by-plan-incomplete": ("error", _put(("plan_change",), {"by_plan": {"pro": "cut"}})),
    "unused-interpretation": ("error", _add("interpretations", {
        "id": "x", "question": "?", "options": {"a": "1", "b": "2"}, "chosen": "a"})),
    "recorded-only": ("note", _add("interpretations", {
        "id": "x", "question": "?", "options": {"a": "1"}, "chosen": "a"})),
    "not-checked": ("note", _put(("calendars", "office", "holidays"), "us")),
    "calendar-never-opens": ("error", _put(("calendars", "office", "weekly"), [])),
    "window-empty": ("error", _put(("calendars", "office", "weekly"), [
        {"days": ["mon"], "from": "09:00", "to": "09:00"}])),
    "composed-without-days": ("error", lambda tree: tree["calendars"]["both"].pop("days")),
    "composed-hours": ("error", _put(("calendars", "both", "business_day"), "hours")),
    "reserved-id": ("error", lambda tree: tree["calendars"].update(
        always=copy.deepcopy(tree["calendars"]["office"]))),
    "zero-bd": ("error", lambda tree: (
        tree["calendars"]["both"].update(business_day="same_time"),
        tree["clocks"][0]["targets"][1].update(within="0bd"))),
    "cell-gap": ("error", lambda tree: tree["clocks"][0]["targets"].pop()),
    "cell-unreachable": ("error", lambda tree: tree["clocks"][0]["targets"].append(
        {"severity": "P1", "within": "2h"})),
    "band-gap": ("error", _put((*CREDIT, "bands", 1, "below"), "98")),
    "band-overlap": ("error", _put((*CREDIT, "bands", 1), {"at_most": "99.0", "percent": "10"})),
    "band-order": ("error", _put((*CREDIT, "bands", 1, "percent"), "1")),
    "percent-above-100": ("error", _put((*CREDIT, "caps", 0, "percent"), "101")),
    "target-missing": ("error", _put(("availability", 0, "target"), "none")),
    "several-missing": ("error", _put(("availability", 0, "services"), ["app", "api"])),
    "formula-mismatch": ("error", lambda tree: tree["credits"][0].update(
        {"formula": "each", "each": {"percent": "2"}})),
    "period-mix": ("error", lambda tree: (
        tree["availability"].append({**SECOND, "period": "quarter"}),
        tree["credits"][0].update({"for": ["up", "other"], "several": "sum"}))),
    "two-pools": ("error", _add(
        "pools", {"id": "a", "credits": ["money"], "take": "largest"},
        {"id": "b", "credits": ["money"], "take": "largest"})),
    "exclusion-unprovable": (
        "error", _put(("exclusions", 0, "notice", "channels"), {"any": []})),
    "refused-member": ("error", _put(("clocks", 0, "confirmation"), "none")),
    "no-shared-pool": ("warning", _money()),
    "no-cap": ("warning", lambda tree: (
        tree["credits"][0].update(formula="downtime_price", downtime_price=PRICE, caps="none"))),
    "days-with-minimum": ("warning", lambda tree: tree["credits"][0].update(
        bands=[{"below": "target", "days": "3"}], minimum={"above": "1.00 USD"})),
    "cap-under-band": ("warning", _put((*CREDIT, "caps", 0, "percent"), "9")),
    "edge-repeats-target": ("warning", _put((*CREDIT, "bands", 0, "below"), "99.50")),
    "target-without-credit": ("warning", _put(("clocks", 0, "strength"), "contractual")),
    "deadline-before-period-end": (
        "warning", _put((*CREDIT, "claim", "deadlines", 0, "from"), "incident_end")),
    "window-skipped": ("warning", lambda tree: tree["calendars"]["office"].update(
        zone="America/Los_Angeles", weekly=[{"days": ["sun"], "from": "02:00", "to": "04:00"}])),
    "default-used": ("note", lambda tree: tree.pop("plan_change")),
    "no-effect": ("note", _put(("clocks", 0, "targets", 0, "calendar"), "office")),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_each_code_has_its_level_and_mend(code):
    level, more = CASES[code]
    found = [each for each in lint(_tree(more=more)) if each.code == code]
    assert [each.level for each in found] and {each.level for each in found} == {level}
    assert all(each.message and each.fix for each in found)
    if code not in ("missing-member", "json-number"):
        assert all(each.path for each in found)


def test_codes_that_need_two_readings():
    question = {"id": "x", "question": "?", "options": {"a": {"reading": "x"}}, "chosen": "a"}
    tree = _tree(("plan_change", {"reading": "x"}), more=_add("interpretations", question))
    assert ("error", "reading-circle") in _found(tree)
    question = {"id": "x", "question": "?", "options": {"a": "cut"}, "chosen": "b"}
    tree = _tree(("plan_change", {"reading": "x"}), more=_add("interpretations", question))
    assert ("error", "chosen-unknown") in _found(tree)


def test_a_ledger_tells_what_it_has():
    tree = _tree(("calendars[office].holidays", "us"))
    assert _found(tree, holiday_sets={"us"}) == []
    assert _found(tree, holiday_sets={"uk"}) == [("error", "unknown-holiday-set")]
    tree = _tree(("availability[up].period", "billing_cycle"))
    assert _found(tree) == [("note", "not-checked")]
    assert _found(tree, without_billing_day=set()) == []
    assert _found(tree, without_billing_day={"s"}) == [("warning", "cycle-without-billing-day")]


def test_json_numbers_and_yaml_forms_are_told_where_the_tree_is_read():
    for text in ("a: &x 1", "a: 1\na: 2", "a: !x 1", "a:\t1", "a: *x", "a: 1\n---\nb: 2"):
        with pytest.raises(RawError) as raised:
            read_yaml(text)
        assert raised.value.code == "yaml-form"


def _asked(chosen):
    options = {"fine": "10", "wrong": "1"}
    question = {"id": "x", "question": "?", "options": options, "chosen": chosen}
    return _tree(("credits[money].bands[1].percent", {"reading": "x"}),
                 more=_add("interpretations", question))  # fmt: skip


def test_an_error_of_an_option_not_chosen_is_a_warning_that_names_it():
    assert _found(_asked("wrong")) == [("error", "band-order")]
    found = lint(_asked("fine"))
    assert [(each.level, each.code) for each in found] == [("warning", "band-order")]
    assert "`wrong` of `x`" in found[0].message


def test_a_form_error_of_an_option_not_chosen_stays_an_error():
    options = {"fine": "10", "wrong": "ten"}
    question = {"id": "x", "question": "?", "options": options, "chosen": "fine"}
    tree = _tree(("credits[money].bands[1].percent", {"reading": "x"}),
                 more=_add("interpretations", question))  # fmt: skip
    assert _found(tree) == [("error", "wrong-value")]


def test_a_cell_that_one_plan_reaches_is_reached():
    cells = [
        {"severity": "P1", "within": {"by_plan": {"pro": "1h"}}},
        {"severity": "P1", "within": "2h"},
        {"severity": "P2", "within": "3h"},
    ]
    assert _found(_tree(("clocks[first].targets", cells))) == []
    for_all = [{**cells[0], "within": "1h"}, *cells[1:]]
    assert _found(_tree(("clocks[first].targets", for_all))) == [("error", "cell-unreachable")]
    some = [{"only": {"tags": ["vip"]}, **for_all[0]}, *cells[1:]]
    assert _found(_tree(("clocks[first].targets", some))) == []


def test_a_member_that_one_option_uses_is_not_refused():
    question = {"id": "x", "question": "?", "chosen": "bands",
                "options": {"bands": "bands", "steps": "per_step"}}  # fmt: skip
    step = {"percent": "1", "per": "0.1", "below": "target", "rounding": "floor"}
    tree = _tree(("credits[money].formula", {"reading": "x"}),
                 more=_add("interpretations", question))  # fmt: skip
    tree["credits"][0]["per_step"] = step
    assert _found(tree) == []


def test_a_point_row_closes_a_point_and_is_left_out_of_the_order():
    bands = [
        {"below": "target", "above": "99.0", "percent": "5"},
        {"at_least": "99.0", "at_most": "99.0", "percent": "0"},
        {"below": "99.0", "percent": "10"},
    ]
    assert _found(_tree(("credits[money].bands", bands))) == []
    assert ("error", "band-gap") in _found(_tree(("credits[money].bands", [bands[0], bands[2]])))


def test_whole_breaches_leave_nothing_between():
    bands = [{"at_least": "1", "at_most": "2", "percent": "5"}, {"at_least": "3", "percent": "10"}]
    tree = _tree(("credits[money].for", ["first"]), ("credits[money].on", "breaches"),
                 ("credits[money].bands", bands))  # fmt: skip
    tree["credits"][0]["period"] = "month"
    tree["availability"][0]["strength"] = "target"
    assert _found(tree) == []


def test_findings_stand_at_their_line():
    text = BASE.replace("percent: 10}", "percent: 1}")
    raw = read_yaml(text)
    [found] = lint(raw)
    line = text.split("\n")[found.line - 1]
    assert found.path == "credits[money].bands[1]"
    assert line[found.column - 1 :].startswith("{below: 99.0, percent: 1}")


def test_zones_laid_over_each_other_may_never_meet():
    east = {"zone": "Asia/Tokyo", "holidays": "none", "business_day": "end_of_day",
            "weekly": [{"days": ["mon"], "from": "09:00", "to": "10:00"}]}  # fmt: skip
    both = {"all": ["office", "east"], "zone": "UTC", "holidays": "none", "days": ["mon"],
            "business_day": "end_of_day"}  # fmt: skip
    tree = _tree(("calendars[both]", both))
    tree["calendars"]["east"] = east
    assert _found(tree) == [("error", "calendar-never-opens")]
    east["weekly"][0].update({"from": "17:00", "to": "19:00"})
    tree["calendars"]["east"] = east
    assert _found(tree) == []


UP = ("availability", 0)
STEP = {"percent": "5", "per": "0.1", "below": "101", "rounding": "floor"}
BEYOND = {
    "target": _put((*UP, "target"), {"at_least": "199.9"}),
    "share": _put((*UP, "down_when"), {"any": [{"incident": ["outage"], "share": {"above": "101"}}]}),
    "counted": _put((*UP, "down_when"), {"counted": {"counter": "c", "above": "100.1"}}),
    "edge": _put((*CREDIT, "bands", 0, "below"), "100.5"),
    "step": lambda tree: (tree["credits"][0].pop("bands"), tree["credits"][0].update(
        formula="per_step", per_step=STEP)),
    "price": lambda tree: (tree["credits"][0].pop("bands"), tree["credits"][0].update(
        formula="downtime_price", downtime_price={**PRICE, "below": "101"})),
    "at_most": _put((*CREDIT, "settle"), {"when": "next_invoice", "leftover": "lapse",
                                         "rest": "lapse", "at_most": {"percent": "101", "of": "invoice"}}),
}  # fmt: skip


@pytest.mark.parametrize("name", BEYOND)
def test_no_percentage_is_more_than_all(name):
    assert ("error", "percent-above-100") in _found(_tree(more=BEYOND[name]))


def test_lengths_and_numbers_of_breaches_are_no_percentages():
    long = {"bands": [{"above": "101m", "percent": "5"}, {"at_most": "101m", "percent": "1"}],
            "on": "net_downtime"}  # fmt: skip
    codes = [code for _, code in _found(_tree(more=lambda tree: tree["credits"][0].update(long)))]
    assert "percent-above-100" not in codes
    breaches = {"for": ["first"], "on": "breaches", "formula": "per_step",
                "per_step": {"percent": "1", "per": "101", "above": "200", "rounding": "floor"}}  # fmt: skip
    changed = _tree(more=lambda tree: (tree["credits"][0].pop("bands"), tree["credits"][0].update(breaches)))
    assert "percent-above-100" not in [code for _, code in _found(changed)]


NEVER = {
    "target": _put((*UP, "target"), {"above": "100"}),
    "share": _put((*UP, "down_when"), {"incident": ["outage"], "share": {"above": "100.0"}}),
    "counted": _put((*UP, "down_when"), {"counted": {"counter": "c", "above": "100"}}),
    "band": lambda tree: tree["credits"][0]["bands"].insert(0, {"above": "100", "percent": "0"}),
}


@pytest.mark.parametrize("name", NEVER)
def test_nothing_lies_above_all(name):
    assert _found(_tree(more=NEVER[name])) == [("error", "percent-above-100")]
    whole = ("availability[up].target", {"at_least": "100"})
    assert ("error", "percent-above-100") not in _found(_tree(whole))


def _bands(*bands):
    tree = _tree(("credits[money].bands", list(bands)))
    return [(each.code, each.path[-2], each.message) for each in lint(tree)]


def test_a_row_that_no_value_fits_is_told_as_such():
    rows = ({"below": "target", "at_least": "99", "percent": "5"}, {"below": "99", "percent": "10"})
    assert _bands(*rows, {"below": "0", "percent": "50"}) == [
        ("band-gap", "2", "no value is below 0")
    ]
    assert _bands({"below": "0.995", "at_least": "99", "percent": "5"}, rows[1])[0] == (
        "band-gap", "0", "no value is from 99 to below 0.995")  # fmt: skip


def test_a_wide_row_overlaps_every_row_inside_it():
    rows = ({"below": "target", "percent": "5"}, {"below": "60", "at_least": "50", "percent": "5"},
            {"below": "95", "at_least": "70", "percent": "5"})  # fmt: skip
    assert _bands(*rows) == [
        ("band-overlap", "1", "two rows have the values from 50 to below 60"),
        ("band-overlap", "2", "two rows have the values from 70 to below 95"),
    ]
    point = ({"below": "target", "at_least": "99", "percent": "5"}, {"at_most": "99", "percent": "9"})
    assert _bands(*point) == [("band-overlap", "0", "two rows have the value 99")]


def test_a_clock_is_paid_for_through_the_level_that_counts_it():
    level = {"id": "level", "period": "month", "measure": "attainment", "no_data": "up",
             "attainment": {"clocks": ["first"]}, "excused": "removed", "strength": "contractual",
             "target": {"at_least": "95"}}  # fmt: skip

    def more(tree):
        tree["clocks"][0]["strength"] = "contractual"
        tree["availability"].append(copy.deepcopy(level))

    told = [(each.path, each.fix) for each in lint(_tree(more=more))]
    assert told == [
        ("availability[level]", "a credit, or `strength: target`"),
        ("clocks[first]", "a credit, of its own or of `level`, which counts it"),
    ]
    tree = _tree(more=more)
    late = {"id": "late", "for": ["level"], "bands": [{"below": "target", "percent": "5"}]}
    tree["credits"].append({**copy.deepcopy(tree["credits"][0]), **late})
    assert _found(tree) == []
