"""Credits, pools and rights of a resolved contract, read into plain values (terms.md 2.16-2.23)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from projections.credit_terms import (
    TARGET,
    length_us,
)

ONE = Fraction(1)


def number(value: Any) -> Fraction | None:
    """A number, percent or length as exact value; None for the word `target`."""
    if isinstance(value, str) and value == TARGET:
        return None
    if hasattr(value, "unit"):
        return length_us(Fraction(value.number), str(value.unit))
    for name in ("value", "number"):
        if hasattr(value, name):
            return Fraction(getattr(value, name))
    return Fraction(value) if not isinstance(value, str) else Fraction(value)


def _some(element: Any, name: str) -> Any:
    return getattr(element, name, None)
