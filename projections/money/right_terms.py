"""A right as plain values: its condition and how long it may be exercised (terms.md 2.23)."""

from __future__ import annotations

from dataclasses import dataclass

from projections.money import Edges


@dataclass(frozen=True, slots=True)
class NumberTest:
    """A test of a number in periods: net downtime of an availability, or breaches."""

    net_downtime: str | None
    breached: tuple[str, ...]
    edges: Edges
    times: int = 1
    of_last: int = 1
    in_all: bool = False
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when one of its conditions holds."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds when all of its conditions hold."""

    of: tuple[Condition, ...]


Condition = NumberTest | AnyOf | AllOf


@dataclass(frozen=True, slots=True)
class RightTerms:
    """A right of a contract; `within_days` None: without an end."""

    id: str
    when: Condition
    within_days: int | None
