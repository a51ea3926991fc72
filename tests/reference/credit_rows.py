"""A credit row on its way (S8.1 to S8.8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.reference.claims import Clause, Event
from tests.reference.downtime import Outage
from tests.reference.formulas import Paid
from tests.reference.parts import Part

PAID = ("due", "accepted", "proposed", "approved", "issued", "applied")


@dataclass
class Worked:
    """One credit on one part in one mode, as far as the steps have come."""

    paid: Paid
    amount: Fraction | None
    before: Fraction | None
    caps: list[dict[str, Any]] = field(default_factory=list)
    eligible: bool = True
    expired: bool = False
    reasons: set[str] = field(default_factory=set)
    final: Fraction = Fraction(0)
    days: Fraction | None = None


@dataclass(eq=False)
class Result:
    """A row to be."""

    part: Part
    credit: Any
    clause: Clause
    events: list[Event]
    best: Worked
    worst: Worked
    currency: str | None
    state: str = ""
    stale: bool = False
    counted: list[Outage] = field(default_factory=list)

    @property
    def minor(self) -> Fraction:
        """The final amount (best)."""
        return self.best.final
