"""Our own scenarios: a contract, events, a timeline, rows worked out by hand; both sides must agree."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests import scenario  # noqa: E402
from tests.reference import product  # noqa: E402
from tests.reference.stream import Reference, Stream  # noqa: E402

PATHS = sorted(scenario.FOLDER.glob("*.yaml"))


def _name(path: Path) -> str:
    return path.stem


@lru_cache(maxsize=None)
def stream_of(path: Path) -> Stream:
    return scenario.stream_of(scenario.load(path))


@pytest.mark.parametrize("path", PATHS, ids=_name)
def test_a_scenario_is_readable_and_valid(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("#"), "a timeline stands on top"
    assert len(text.splitlines()) < 60, "tell less, or tell two stories"
    assert stream_of(path).rejections() == []
    found = scenario.load(path)
    assert set(found) <= {"rules", "contract", "subscription", "events", "ask"}
    assert found["rules"], "name what it shows"
    assert found["ask"], "ask something"


@pytest.mark.parametrize("path", PATHS, ids=_name)
def test_the_reference_agrees_with_the_scenario(path: Path) -> None:
    reference = Reference(stream_of(path))
    for question, asked in scenario.questions_of(scenario.load(path)):
        scenario.check(reference.ask(question), asked)


@pytest.mark.parametrize("path", PATHS, ids=_name)
@pytest.mark.skipif(product.why_absent() is not None, reason=str(product.why_absent()))
def test_the_product_agrees_with_the_scenario(path: Path) -> None:
    with product.Product(stream_of(path)) as answers:
        for question, asked in scenario.questions_of(scenario.load(path)):
            scenario.check(answers.ask(question), asked)
