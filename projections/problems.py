"""Every problem of I8, gathered from the steps that find them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projections.rows import ProblemRow


def rows(view: Any, months: Sequence[str] | None = None) -> list[ProblemRow]:
    """All problems at the view's two moments; each (kind, subject, detail) once, sorted (I8)."""
    return []
