"""One customer's answers are those among everybody's, with a mirror of the ledger and without."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from schemas.instant import format_instant  # noqa: E402
from tests.reference.generator import stream  # noqa: E402
from tests.reference.product import Product  # noqa: E402
from tests.reference.stream import BY_MONTH  # noqa: E402


@pytest.mark.parametrize("seed", range(10))
def test_rows_are_those_of_the_customer(seed: int) -> None:
    case = stream(seed)
    with Product(case.stream) as product:
        ledger = product._ledger
        if seed % 2:
            ledger.mirror()
        for question in case.questions:
            options = {"at": format_instant(question.at), "known_at": format_instant(question.known_at)}
            if question.answer in BY_MONTH:
                options["month"] = question.month
            ask = getattr(ledger, question.answer)
            every = json.loads(ask(**options).json())
            for customer in ("ann", "bob"):
                one = json.loads(ask(customer=customer, **options).json())
                assert one["rows"] == [row for row in every["rows"] if row["customer"] == customer]
                assert {**one, "rows": []} == {**every, "rows": []}
