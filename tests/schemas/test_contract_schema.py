"""The JSON Schema of a contract takes what the reader takes, as editors see it, and refuses slips."""

import copy
import json
import random
import re
from functools import lru_cache
from pathlib import Path

import jsonschema
import pytest
import yaml

import schemas
from schemas import terms
from schemas.form_errors import all_form_errors
from schemas.terms_overrides import overridden
from schemas.terms_raw import read_yaml

ROOT = Path(__file__).parents[2]
FOLDER = Path(schemas.__file__).parent / "standard_terms"
WRITTEN = sorted([*FOLDER.glob("*.yaml"), *(ROOT / "docs" / "examples").glob("*.yaml")])
SCHEMA = terms.contract_schema()
CHECK = jsonschema.Draft7Validator(SCHEMA)
WHOLE_DOCUMENT = {
    "unknown-id", "duplicate-id", "unknown-reading", "reading-circle", "chosen-unknown",
    "calendar-circle", "unknown-zone",
}  # fmt: skip
"""Errors of form that no place of a document shows by itself: left to the linter, like the types of
options, which are those of the places where the reading stands."""


class Core(yaml.SafeLoader):
    """YAML 1.2, as editors read it: `on` is a word, `09:00` a text, `99.50` a number."""

    yaml_implicit_resolvers = {}


for _kind, _pattern in (
    ("bool", "true|True|TRUE|false|False|FALSE"),
    ("null", "~|null|Null|NULL|"),
    ("int", "[-+]?[0-9]+"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), None)


def _as_an_editor(text):
    return yaml.load(text, Loader=Core)


def _published(folder):
    for path in sorted(folder.glob("*/*.jsonl")):
        for line in path.read_text().splitlines():
            event = json.loads(line)
            if event.get("type") == "sla.contract.published.v1":
                yield f"{path.parent.name} {event['id']}", event["data"]["terms"]


def test_it_is_a_schema_and_every_model_says_what_it_is():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert [name for name, part in SCHEMA["definitions"].items() if not part["description"]] == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_contracts_are_valid_as_editors_see_them_and_as_published(path):
    text = path.read_text(encoding="utf-8")
    assert list(CHECK.iter_errors(_as_an_editor(text))) == []
    assert list(CHECK.iter_errors(read_yaml(text).tree)) == []


def test_contracts_of_the_given_cases_are_valid(scenarios_dir):
    found = dict(_published(scenarios_dir))
    assert found
    assert [name for name, tree in found.items() if not CHECK.is_valid(tree)] == []


@lru_cache
def _tractops():
    return _as_an_editor((FOLDER / "tractops.yaml").read_text(encoding="utf-8"))


def _changed(tree, path, value):
    made, missed = overridden(copy.deepcopy(tree), [(path, "HERE")])
    assert not missed, path
    return _put(made, value)


def _put(tree, value):
    """The value as an editor sees it, where the override stands."""
    if isinstance(tree, dict):
        return {name: _put(each, value) for name, each in tree.items()}
    if isinstance(tree, list):
        return [_put(each, value) for each in tree]
    return value if tree == "HERE" else tree


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("clocks[first-response].satisfied_by", {"author": "agent", "by": "x"}),
        ("clocks[first-response].kind", "first_respons"),
        ("clocks[first-response].pauses", {"reading": "pausing", "by_plan": {}}),
        ("clocks[first-response].pauses", {"reading": None}),
        ("clocks[first-response].pauses", {"by_plan": None}),
        ("clocks[first-response].pauses", {"by_plan": {"monthly": ["hold"]}}),
        ("clocks[first-response].pauses", {"by_plan": {"monthly": {"reading": ["a"]}}}),
        ("clocks[first-response].pauses", {}),
        ("clocks[first-response].targets[P1].within", "1.5d"),
        ("clocks[first-response].targets[P1].within", "1"),
        ("clocks[first-response].targets[P1].within", {"at_most": "1h", "below": "1h"}),
        ("clocks[first-response].targets[P1]", {"severity": "P1", "within": "4bh"}),
        ("clocks[first-response].targets[P1]", {"severity": "P1", "within": {"below": "4bh"}}),
        ("clocks[zoom-slot].id", {"reading": "slot"}),
        ("provider", {"reading": "slot"}),
        ("plans.monthly", {"text": {"by_plan": {"monthly": "a"}}}),
        ("version", "[1]"),
        ("calendars.pacific", {"zone": "UTC"}),
        ("calendars[always].always", False),
        ("availability[uptime].target.at_least", -1),
        ("availability[uptime].target.at_least", "1e2"),
        ("availability[uptime].target", {"at_least": 99, "above": 99}),
        ("availability[uptime].down_when", {"incident": ["outage"], "probe": "p"}),
        ("availability[uptime].down_when", {"at_least": 2, "any": [{"probe": "p"}]}),
        ("availability[uptime].count", {"unit": "0m", "down": {"above": "0s"}}),
        ("availability[uptime].count", {"unit": "1m", "down": {}}),
        ("availability[uptime].period", {"days": 30}),
        ("exclusions[third-party]", {"id": "x", "kind": "cause"}),
        ("credits[uptime-credit].bands[0]", {"below": "target", "percent": 5, "days": 1}),
        ("credits[uptime-credit].bands[0]", {"percent": 5}),
        ("credits[uptime-credit].caps", [{"percent": 5, "per": "period"}]),
        ("credits[uptime-credit].settle", {"when": "next_invoice", "leftover": "lapse", "at_most": {"percent": 5, "of": "invoice"}}),
        ("credits[uptime-credit].claim.required", "yes"),
        ("zones.period", ""),
        ("zones", {"period": "UTC"}),
        ("obligations", {"id": "a", "text": "b"}),
        ("interpretations[slot].chosen", {"reading": "slot-time"}),
        ("interpretations[slot].options.offered", {"reading": "slot-time", "x": "y"}),
    ],
)  # fmt: skip
def test_slips_are_refused(path, value):
    assert not CHECK.is_valid(_changed(_tractops(), path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("clocks", {"by_plan": {"monthly": {"by_plan": {"monthly": []}}}}),
        ("clocks[first-response].kind", {"by_plan": {"monthly": "closure"}}),
        ("clocks[first-response].targets[P1]", {"by_plan": {"monthly": {"within": "none"}}}),
        ("clocks[first-response].pauses", [{"by_plan": {"monthly": "on_hold"}}, {"reading": "slot"}]),
        ("availability[uptime].target.at_least", 99.95),
        ("availability[uptime].target.at_least", {"reading": "slot"}),
        ("version", 2026),
        ("provider", True),
    ],
)
def test_wrappers_and_unquoted_scalars_are_taken(path, value):
    CHECK.validate(_changed(_tractops(), path, value))


@pytest.mark.parametrize("member", SCHEMA["definitions"]["Contract"]["required"])
def test_a_required_member_may_not_be_missing(member):
    assert not CHECK.is_valid({name: each for name, each in _tractops().items() if name != member})
    assert CHECK.is_valid(_tractops())


def _slips(tree, steps=()):
    """Every place with what a hasty hand may leave there: a strange member or word, nothing, less."""
    if isinstance(tree, dict):
        yield steps, {**tree, "zzz": "1"}
        for name, value in tree.items():
            yield steps, {other: tree[other] for other in tree if other != name}
            yield from _slips(value, (*steps, name))
    elif isinstance(tree, list):
        yield steps, {"zzz": "1"}
        for place, value in enumerate(tree):
            yield from _slips(value, (*steps, place))
    else:
        for value in ("zzz", "-1", "", [tree], {"reading": "zzz", "by_plan": {}}, {"by_plan": "x"}):
            yield steps, value


def _with(tree, steps, value):
    if not steps:
        return value
    made = dict(tree) if isinstance(tree, dict) else list(tree)
    made[steps[0]] = _with(tree[steps[0]], steps[1:], value)
    return made


@pytest.mark.parametrize("name", ["apisec", "servicenow-desk", "github-monthly"])
def test_what_it_refuses_is_an_error_of_form_and_the_other_way_round_for_most(name):
    tree = read_yaml(next(path for path in WRITTEN if path.stem == name).read_bytes()).tree
    slips = random.Random(1).sample(list(_slips(tree)), 150)
    missed = []
    for steps, value in slips:
        changed = _with(tree, steps, value)
        refused = not CHECK.is_valid(changed)
        errors = {each.code for each in all_form_errors(changed)}
        assert errors or not refused, f"only the schema refuses {value} at {steps}"
        if not refused and errors - WHOLE_DOCUMENT and "options" not in steps:
            missed.append(f"{errors} {steps}: {value}")
    assert len(missed) <= 3, missed
