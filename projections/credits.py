"""Credit rows: each credit of each part, worked out for best and for worst (S8.1 to S8.103)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from projections.rows import CreditRow, ProblemRow


def rows(view: Any, months: Sequence[str]) -> list[CreditRow]:
    """The credit rows of the periods stated with these months (S3.39), in the order of I4."""
    return []


def problems(view: Any, months: Sequence[str]) -> list[ProblemRow]:
    """What the credits of these months cannot decide: `negative_base`, `currency` (I8)."""
    return []


def sum_before_claims(view: Any, part: Any) -> Fraction:
    """The sum of a part's credits as if nothing were claimed or asked (S8.11), for S3.44."""
    return Fraction(0)
