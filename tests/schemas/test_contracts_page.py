"""docs/contracts.md: its examples are contracts, and no member or word of the language is left out."""

import copy
import json
import re
from pathlib import Path

import pytest

from schemas.envelope import Event, read
from schemas.lint import lint
from schemas.terms import contract_schema
from schemas.terms_overrides import overridden
from schemas.terms_raw import read_yaml

PAGE = (Path(__file__).parents[2] / "docs" / "contracts.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
EVENTS = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


def _errors(tree):
    return [(each.code, each.path, each.message) for each in lint(tree) if each.level == "error"]


def _whole():
    return read_yaml(SNIPPETS[0]).tree


def _laid_over(tree, part):
    """Members of a snippet in a contract: elements by their id, calendars by name, others whole."""
    for name, value in part.items():
        known = tree.get(name)
        if isinstance(value, list) and name != "severities":
            ids = {element["id"] for element in value}
            tree[name] = [each for each in known or [] if each["id"] not in ids] + value
        elif name == "calendars":
            tree[name] = {**known, **value}
        else:
            tree[name] = value
    return tree


def test_the_first_example_is_a_whole_contract_without_a_finding_but_defaults():
    levels = {(each.level, each.code) for each in lint(read_yaml(SNIPPETS[0]))}
    assert levels <= {("note", "default-used"), ("warning", "target-without-credit")}


@pytest.mark.parametrize("snippet", SNIPPETS[1:], ids=lambda text: text.split(":")[0])
def test_every_other_example_lints_without_errors_in_it(snippet):
    assert _errors(_laid_over(_whole(), read_yaml(snippet).tree)) == []


def test_the_subscription_is_an_event_and_each_override_leads_somewhere():
    (line,) = EVENTS
    assert isinstance(read(line.encode()), Event)
    told = [(each["path"], each["value"]) for each in json.loads(line)["data"]["overrides"]]
    before = _whole()
    for each in told:
        after, missed = overridden(copy.deepcopy(before), [each])
        assert missed == []
        assert after != before
    assert _errors(overridden(before, told)[0]) == []


def _named(schema, kind):
    """Every member, or every word, that the JSON Schema of contracts names."""
    if isinstance(schema, list):
        return {each for part in schema for each in _named(part, kind)}
    if not isinstance(schema, dict):
        return set()
    found = {each for part in schema.values() for each in _named(part, kind)}
    if kind == "members":
        return found | set(schema.get("properties", {}))
    return found | {each for each in schema.get("enum", []) if isinstance(each, str)}


@pytest.mark.parametrize("kind", ["members", "words"])
def test_every_member_and_word_is_on_the_page(kind):
    names = _named(contract_schema(), kind)
    assert len(names) > 90
    quoted = " ".join(re.findall(r"`[^`]+`|```.*?```", PAGE, re.DOTALL))
    left_out = [name for name in names if not re.search(rf"(?<![a-z_]){name}(?![a-z_])", quoted)]
    assert left_out == []


def test_every_other_document_that_it_names_is_there():
    root = Path(__file__).parents[2]
    for name in re.findall(r"`(docs/[^`]+)`", PAGE):
        assert (root / name).is_file(), name
