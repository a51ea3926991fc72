"""Every rule of the semantics, sections 2 to 8, is named by a scenario or a test."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
RULES = TESTS / "rules.txt"
_RULE = re.compile(r"\bS[2-8]\.\d+[a-z]?\b")
_RANGE = re.compile(r"\bS([2-8])\.(\d+)([a-z]?) to S\1\.(\d+)([a-z]?)\b")


def listed() -> list[str]:
    """The rule numbers, in the order of the text."""
    return RULES.read_text().split()


def named() -> set[str]:
    """Those that stand in a scenario or in a test; the reference cites all and does not count."""
    paths = [path for path in TESTS.rglob("*.py") if "reference" not in path.parts]
    found: set[str] = set()
    for path in [*paths, *(TESTS / "scenarios").glob("*.yaml")]:
        text = path.read_text()
        found |= set(_RULE.findall(text))
        for section, first, _, last, _ in _RANGE.findall(text):
            found |= {f"S{section}.{n}" for n in range(int(first), int(last) + 1)}
    return found


def test_every_rule_is_named() -> None:
    assert [rule for rule in listed() if rule not in named()] == []


def test_what_is_named_is_a_rule() -> None:
    paths = (TESTS / "scenarios").glob("*.yaml")
    cited = {rule for path in paths for rule in _RULE.findall(path.read_text())}
    assert sorted(cited - set(listed())) == []
