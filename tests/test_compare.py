"""The product agrees with the plain reference on streams by chance (SEEDS of them)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.reference import compare, product  # noqa: E402
from tests.reference.generator import stream  # noqa: E402
from tests.reference.stream import Question, Reference  # noqa: E402

SEEDS = int(os.environ.get("SEEDS", "200"))


def test_a_seed_gives_the_same_stream_every_time() -> None:
    one, other = stream(7), stream(7)
    assert one.stream.lines == other.stream.lines
    assert one.questions == other.questions
    assert one.stream.lines != stream(8).stream.lines


@pytest.mark.parametrize("rare", [False, True])
def test_what_is_generated_is_valid(*, rare: bool) -> None:
    for seed in range(min(SEEDS, 60)):
        assert stream(seed, rare=rare).stream.rejections() == [], seed


class _Wrong:
    """A product that says something else of one member."""

    def __init__(self, right: Reference, answer: str) -> None:
        self.right, self.answer = right, answer

    def ask(self, question: Question) -> list[dict[str, object]]:
        rows = self.right.ask(question)
        if question.answer == self.answer and rows:
            rows[0] = {**rows[0], "verdict": "wrong"}
        return rows


def test_a_difference_is_found() -> None:
    case = next(one for one in map(stream, range(50)) if one.mode == "tickets")
    right = Reference(case.stream)
    assert list(compare.differences(right, right, case.questions)) == []
    found = list(compare.differences(right, _Wrong(right, "clocks"), case.questions))
    assert found
    assert all(one.members == ["verdict"] for one in found)


needs_product = pytest.mark.skipif(
    product.why_absent() is not None, reason=str(product.why_absent())
)


@needs_product
@pytest.mark.parametrize("seed", range(SEEDS))
def test_both_readings_agree(seed: int) -> None:
    _agree(seed, rare=False)


@needs_product
@pytest.mark.parametrize("seed", range(SEEDS // 4))
def test_both_readings_agree_on_what_is_rare(seed: int) -> None:
    _agree(seed, rare=True)


def _agree(seed: int, *, rare: bool) -> None:
    case = stream(seed, rare=rare)
    found = compare.first_differences(case.stream, case.questions, of_files=case.of_files)
    if found:
        pytest.fail(compare.report(case, found, shrink=True, seconds=120), pytrace=False)
