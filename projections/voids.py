"""Which entries are void: repeats, conflicts, corrections, retractions (S2.15 to S2.27, E7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from projections.rows import ProblemRow

if TYPE_CHECKING:
    from projections.engine import View

VOID = pa.schema([("log", pa.string()), ("log_offset", pa.int64())])


@dataclass(frozen=True, slots=True)
class Voids:
    """The positions that do not apply, and what was found on the way (I8)."""

    table: pa.Table
    problems: tuple[ProblemRow, ...]


def of_view(view: View) -> Voids:
    """The void entries as known at the view's `known_at`."""
    return Voids(VOID.empty_table(), ())
