"""Slips that authors make: each is an error at its place, with a fix that names what was meant."""

import pytest

from schemas.lint import lint
from schemas.terms_meant import nearest, nearest_duration, nearest_zone
from schemas.terms_raw import RawError, read_yaml

SOUND = """\
contract: c
version: "1"
provider: P
source: {title: t, document: none, text_sha256: none}
effective: {from: 2026-01-01}
supersession: on_notice
zones: {period: UTC, deadlines: UTC}
calendars: {office: {zone: America/New_York, weekly: [{days: [mon, tue], from: 09:00, to: 17:00}], holidays: us}}
severities: [{id: P1, text: all is down}]
clocks: [{id: first, kind: first_response, satisfied_by: {author: agent}, pauses: [], strength: target, targets: [{within: 15m}]}]
services: [{id: app}]
availability:
  - {id: up, services: [app], period: month, measure: downtime, down_when: {probe: health}, no_data: up, excused: removed,
     target: {at_least: 99.5}, strength: target}
exclusions: [{id: work, kind: maintenance, maintenance: scheduled, notice: {at_least: 48h}}]
credits:
  - {id: money, for: [up], formula: bands, bands: [{below: target, percent: 5}],
     base: {fee: recurring, services: all, over: period}, caps: none, rounding: down, claim: none,
     settle: {when: next_invoice, leftover: lapse}}
"""
SLIPS = {
    ("within: 15m", "within: 15 min"): "perhaps `15m`",
    ("within: 15m", "within: PT4H"): "perhaps `4h`",
    ("within: 15m", "within: 2 business days"): "perhaps `2bd`",
    ("{at_least: 48h}", "{at_least: 1 week}"): "perhaps `7d`",
    ("{at_least: 48h}", "48h"): "write none or {at_least: 48h}",
    ("America/New_York", "PST"): "perhaps `America/Los_Angeles`",
    ("America/New_York", "America/New York"): "perhaps `America/New_York`",
    ("America/New_York", "GMT+1"): "perhaps `+01:00`",
    ("[mon, tue]", "[Monday, tue]"): "perhaps `mon`",
    ("[mon, tue]", "[workdays, tue]"): "one of mon, tue, wed, thu, fri, sat, sun",
    ("first_response", "first-response"): "perhaps `first_response`",
    ("holidays: us", "holidays: [us, uk]"): "write a holiday set, {any: [SET]} or {all: [SET]}",
    ("{at_least: 99.5}", "99.5"): "write none, {at_least: 99.9} or {above: 99.9}",
    ("period: month,", "period: monthly,"): "perhaps `month`",
    ("period: month,", "period: rolling_30_days,"):
        "write month, quarter, year, billing_cycle, {quarter} or {days, ending}",
    ("services: [app]", "services: app"): "write [app]",
    ("[{id: P1, text: all is down}]", "[P1]"): "write a mapping of id",
    ("zones: {period: UTC, deadlines: UTC}", "zones: UTC"): "write a mapping of period",
    ("{at_least: 99.5}", "{at_least: [99.5]}"): "write a number in per cent (99.9)",
    ("{below: target, percent: 5}", "{percent: 5}"): "write at_least, above, at_most or below",
    ("from: 2026-01-01", "from: 2026-01-01 00:00"):
        "write a date (2026-11-01) or an instant (2026-11-01T00:00:00+01:00)",
    ("for: [up]", "for: [up, first]"):
        "make two credits of it: `for` names clocks and availabilities",
}  # fmt: skip
UNREADABLE = {
    ("99.5}", "99,5}"): ((14, 28), "a point in a number, quotes around a text with a comma"),
    ("holidays: us}", "holidays: }"): ((8, 109), "leave the member out"),
    ("all is down", "all: is down"): ((9, 32), "quotes around a text with `: `"),
    ("all is down", "ça va"): ((9, 29), "save the file as UTF-8"),
}


def test_the_text_is_sound():
    assert [each for each in lint(read_yaml(SOUND)) if each.level == "error"] == []


@pytest.mark.parametrize("slip", SLIPS, ids=" -> ".join)
def test_the_fix_names_what_was_meant(slip):
    old, new = slip
    text = SOUND.replace(old, new, 1)
    assert text != SOUND
    errors = [each for each in lint(read_yaml(text)) if each.level == "error"]
    assert SLIPS[slip] in [each.fix for each in errors]
    line = text.splitlines()[errors[0].line - 1]
    assert new.split(",")[0].lstrip("[") in line or "credits" in errors[0].path


@pytest.mark.parametrize("slip", UNREADABLE, ids=" -> ".join)
def test_what_cannot_be_read_is_told_at_its_place(slip):
    (old, new), (place, fix) = slip, UNREADABLE[slip]
    text = SOUND.replace(old, new, 1)
    with pytest.raises(RawError) as raised:
        read_yaml(text.encode("latin-1"))
    assert (raised.value.line, raised.value.column) == place
    assert fix in raised.value.fix


def test_what_nobody_can_guess_is_not_guessed():
    assert nearest_duration("soon", ("s", "m")) is None
    assert nearest_duration("168h", ("d", "bd", "mo")) is None
    assert nearest_duration("1.5 days", ("h", "d")) is None
    assert nearest("qqq", ("b", "a")) == "one of b, a"
    assert nearest("qqq", {"b", "a"}) == "one of a, b"
    assert nearest("qqq", ()) == "there is none to name"
    assert nearest_zone("+99", ["UTC"]) == "one of UTC"
