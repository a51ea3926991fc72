"""The given cases with rows worked out by hand, through the reference and through the product."""

from __future__ import annotations

import json
import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.reference import product  # noqa: E402
from tests.reference.stream import Question, Reference, Stream, moment, plain  # noqa: E402

FOLDER = Path(os.environ.get("SLA_LEDGER_SCENARIOS") or ROOT.parent / "shared" / "scenarios")
CASES = sorted(path.parent for path in FOLDER.glob("*/expect.json")) if FOLDER.is_dir() else []
ABSENT = pytest.mark.skipif(
    not CASES, reason="no folder of cases with expected rows (set SLA_LEDGER_SCENARIOS)"
)


def questions(case: Path) -> list[tuple[Question, dict[str, Any]]]:
    """Each with what is expected of it."""
    result = []
    for asked in json.loads((case / "expect.json").read_text()):
        at = moment(asked["at"])
        known_at = moment(asked["known_at"]) if "known_at" in asked else at
        result.append((Question(asked["answer"], at, known_at, asked.get("month")), asked))
    return result


def fitting(rows: list[dict[str, Any]], asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that a question is about."""
    where = dict(asked.get("where", {}))
    if "customer" in asked:
        where["customer"] = asked["customer"]
    return [row for row in rows if all(row[name] == value for name, value in where.items())]


def check(rows: list[dict[str, Any]], asked: dict[str, Any]) -> None:
    """Compared are the members that are named, as their exact text."""
    found = fitting(rows, asked)
    if "count" in asked:
        assert len(found) == asked["count"], rows
        return
    assert len(found) == 1, rows
    expected = plain(asked["expect"])
    assert {name: found[0][name] for name in expected} == expected


@lru_cache(maxsize=2)
def reference(case: Path) -> Reference:
    return Reference(Stream.of_folder(case))


@ABSENT
def test_the_cases_are_all_here() -> None:
    assert len(CASES) >= 45
    assert all(not Stream.of_folder(case).rejections() for case in CASES)


@pytest.mark.parametrize("case", CASES or [None], ids=lambda case: case.name if case else "none")
@ABSENT
def test_the_reference_agrees_with_the_hand(case: Path) -> None:
    for question, asked in questions(case):
        check(reference(case).ask(question), asked)


@pytest.mark.parametrize("case", CASES or [None], ids=lambda case: case.name if case else "none")
@ABSENT
@pytest.mark.skipif(product.why_absent() is not None, reason=str(product.why_absent()))
def test_the_product_agrees_with_the_hand(case: Path) -> None:
    with product.Product(Stream.of_folder(case)) as asked_product:
        for question, asked in questions(case):
            check(asked_product.ask(question), asked)
