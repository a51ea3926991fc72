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
BATCH = 1


def test_a_seed_gives_the_same_stream_every_time() -> None:
    one, other = stream(7), stream(7)
    assert one.stream.lines == other.stream.lines
    assert one.questions == other.questions
    assert one.stream.lines != stream(8).stream.lines


def test_what_is_generated_is_valid() -> None:
    for seed in range(min(SEEDS, 60)):
        assert stream(seed).stream.rejections() == [], seed


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


@pytest.mark.skipif(product.why_absent() is not None, reason=str(product.why_absent()))
@pytest.mark.parametrize("batch", range(0, SEEDS, BATCH))
def test_both_readings_agree(batch: int) -> None:
    for seed in range(batch, min(batch + BATCH, SEEDS)):
        case = stream(seed)
        found = compare.first_differences(case.stream, case.questions, of_files=case.of_files)
        if found:
            pytest.fail(compare.report(case, found, shrink=True, seconds=120), pytrace=False)
