"""Rights that repetition gives (S8.110 to S8.114)."""

from __future__ import annotations

from typing import Any

from projections.rows import ProblemRow, RightRow


def rows(view: Any) -> list[RightRow]:
    """Every right that arose at or before the view's `at`, in the order of I4."""
    return []


def problems(view: Any) -> list[ProblemRow]:
    """Exercises that met no open right: `right_not_open` (S8.114)."""
    return []
