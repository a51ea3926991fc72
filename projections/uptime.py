"""Uptime: what each availability of a part comes to (semantics 6), its rows and its problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from projections.measured import LineUptime, Measured, Outage
from projections.rows import ProblemRow, UptimeRow
from schemas.instant import Interval

if TYPE_CHECKING:
    from projections.engine import View
    from projections.parts import Part

__all__ = [
    "LineUptime", "Measured", "Outage", "affected", "impacts_of", "measure", "problems", "rows",
]  # fmt: skip

LeftOut = frozenset[tuple[str, int]]
"""Outages that leave a computation, each by its line and its start in best (S8.72, S8.84)."""


def measure(
    view: View, part: Part, availability: Any, *, leave_out: LeftOut = frozenset()
) -> list[LineUptime]:
    """The uptime of every line of an availability in a part, one under `across: sum` (S6.1-S6.87).

    `leave_out` names outages whose net downtime is not counted; the rest stays as it is. Lines
    are in the order of their ids.
    """
    raise NotImplementedError


def affected(view: View, line: LineUptime, leave_out: LeftOut = frozenset()) -> bool:
    """Whether some net downtime (best) is down under `view: customer` too (S8.71)."""
    raise NotImplementedError


def impacts_of(view: View, incident: str, customer: str) -> dict[str, list[Interval]]:
    """Per service the intervals in which an incident's impacts reach a customer (S8.79)."""
    raise NotImplementedError


def rows(view: View, months: Sequence[str]) -> list[UptimeRow]:
    """The uptime rows of the periods stated with the months (S6.90 to S6.93)."""
    raise NotImplementedError


def problems(view: View, months: Sequence[str]) -> list[ProblemRow]:
    """What shows up while measuring the months: `open_impact`, `window_too_long` (I8)."""
    raise NotImplementedError
