"""Every code of form of terms.md 5, and the examples that have none."""

import pytest

from schemas.form_errors import all_form_errors
from schemas.terms_overrides import overridden
from schemas.terms_raw import RawError, read_json, read_yaml
from schemas.terms_reading import TermsError

DESK = """
contract: desk
version: "1"
provider: Example
source: {title: Invented, document: none, text_sha256: none}
effective: {from: 2026-01-01}
supersession: on_notice
zones: {period: UTC, deadlines: UTC}
calendars: {office: {weekly: [{days: [mon], from: 09:00, to: 17:00}]}, both: {any: [office]}}
severities: [{id: high}]
plans: {basic: {}, pro: {}}
clocks:
  - {id: reply, kind: first_response, satisfied_by: {author: agent}, pauses: [], strength: contractual,
     targets: [{severity: high, within: {reading: time}, calendar: office}]}
services: [{id: app}]
availability:
  - {id: uptime, services: [app], period: month, measure: downtime, down_when: {probe: health}, no_data: up,
     excused: removed, target: {at_least: 99.5}, strength: contractual}
credits:
  - {id: money, for: [uptime], formula: downtime_price, downtime_price: {factor: 1, below: target},
     base: {fee: recurring, services: all, over: period}, caps: none, minimum: {above: 1.00 USD}, rounding: down,
     claim: {required: true}, settle: {when: next_invoice, leftover: lapse}}
interpretations:
  - {id: time, question: "How long?", options: {short: 4bh, long: 1bd}, chosen: short}
"""
CASES = [
    (
        "unknown-member",
        "clocks[reply].targets[high]",
        {"severity": "high", "within": "1h", "colour": "red"},
        "clocks[reply].targets[high].colour",
    ),
    ("missing-member", "source", {"title": "x", "document": "none"}, "source.text_sha256"),
    ("wrong-value", "clocks[reply].strength", "strong", "clocks[reply].strength"),
    (
        "wrong-value",
        "interpretations[time].options.long",
        "1.5bd",
        "interpretations[time].options.long",
    ),
    ("wrapper-misplaced", "plans.basic", {"text": {"reading": "time"}}, "plans.basic.text"),
    (
        "wrapper-misplaced",
        "clocks[reply].pauses",
        {"reading": "time", "x": "y"},
        "clocks[reply].pauses",
    ),
    ("unknown-reading", "clocks[reply].pauses", {"reading": "tim"}, "clocks[reply].pauses.reading"),
    (
        "reading-circle",
        "interpretations[time].options.long",
        {"reading": "time"},
        "interpretations[time]",
    ),
    ("chosen-unknown", "interpretations[time].chosen", "medium", "interpretations[time].chosen"),
    ("duplicate-id", "services", [{"id": "app"}, {"id": "app"}], "services[1].id"),
    ("duplicate-id", "clocks[reply].id", "uptime", "availability[uptime].id"),
    (
        "unknown-id",
        "clocks[reply].targets[high].calendar",
        "ofice",
        "clocks[reply].targets[high].calendar",
    ),
    ("calendar-circle", "calendars.both", {"any": ["both"]}, "calendars.both"),
    ("unknown-zone", "zones.period", "Europe/Brusels", "zones.period"),
    ("wrong-date", "effective.from", "2026-02-30", "effective.from"),
    (
        "business-unit-without-calendar",
        "clocks[reply].targets[high]",
        {"within": "1bd"},
        "clocks[reply].targets[0]",
    ),
    (
        "amount-without-currency",
        "credits[money].minimum.above",
        "1.00",
        "credits[money].minimum.above",
    ),
    (
        "price-without-below",
        "credits[money].downtime_price",
        {"factor": "1"},
        "credits[money].downtime_price",
    ),
    ("claim-without-zone", "zones", {"period": "UTC"}, "zones"),
    ("missing-member", "clocks[reply].kind", "resolution", "clocks[reply].confirmation"),
    (
        "missing-member",
        "availability[uptime].measure",
        "request_ratio",
        "availability[uptime].request_ratio",
    ),
    ("missing-member", "credits[money].formula", "bands", "credits[money].bands"),
]


def test_a_sound_contract_has_no_errors():
    assert all_form_errors(read_yaml(DESK).tree) == ()


@pytest.mark.parametrize(("code", "path", "value", "at"), CASES)
def test_form_codes(code, path, value, at):
    laid, missed = overridden(read_yaml(DESK).tree, [(path, value)])
    assert not missed
    assert (code, at) in [(each.code, each.path) for each in all_form_errors(laid)]


@pytest.mark.parametrize(
    ("code", "text", "line"),
    [
        ("yaml-form", "a: 1\na: 2\n", 2),
        ("yaml-form", "a: 1\nb: &x 2\n", 2),
        ("yaml-form", "a: &x 1\nb: *x\n", 1),
        ("yaml-form", "a: !!str 1\n", 1),
        ("yaml-form", "a:\n\tb: 1\n", 2),
        ("yaml-form", "a: 1\n---\nb: 1\n", 2),
        ("wrong-value", "a: 1\nb:\n", 2),
    ],
)
def test_yaml_that_has_no_tree(code, text, line):
    with pytest.raises(RawError) as told:
        read_yaml(text)
    assert (told.value.code, told.value.line) == (code, line)


@pytest.mark.parametrize("value", [1.5, None])
def test_json_numbers(value):
    with pytest.raises(TermsError) as told:
        read_json({"a": {"b": value}})
    assert (told.value.code, told.value.path) == ("json-number", "a.b")
    assert read_json({"a": 5, "b": True}) == {"a": "5", "b": "true"}
