"""What one subscription is told for one month (I4): every figure and the latest seal (S9.1)."""

from __future__ import annotations

from typing import Any

from projections.rows import StatementRow


def rows(view: Any, month: str) -> list[StatementRow]:
    """One row for each subscription with something stated with the month, in the order of I4."""
    return []
