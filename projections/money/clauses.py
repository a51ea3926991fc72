"""A credit clause as plain numbers: what `money` and `claims` need of a contract (terms.md 2.16).

Read once per resolved contract. Percentages are in per cent, lengths in whole microseconds, and
the word `target` stays open until a line says which availability it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from projections.money import Edges, Pay, Steps
from schemas.money import Rounding

EDGE_WORDS = ("below", "at_most", "at_least", "above")
SHOWN = (*EDGE_WORDS, "percent", "amount", "days", "of", "per")
"""The members of a band or a cap in the order of I3."""
Shown = tuple[tuple[str, str], ...]
TARGET = "target"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class EdgeTerms:
    """An edge as written: each word with its number, None where it says `target`."""

    words: tuple[tuple[str, Fraction | None], ...]

    def against(self, target: Fraction | None) -> Edges | None:
        """The edge with the target's number filled in; None where there is no such number."""
        numbers = {word: target if value is None else value for word, value in self.words}
        if None in numbers.values():
            return None
        return Edges(**numbers)


@dataclass(frozen=True, slots=True)
class BandTerms:
    """A row of `bands`: its edge, what it pays, how it is shown."""

    edges: EdgeTerms
    pay: Pay
    shown: Shown


@dataclass(frozen=True, slots=True)
class StepTerms:
    """`per_step`; `start` None on uptime means the target."""

    percent: Fraction
    per: Fraction
    start: Fraction | None
    rounding: str

    def against(self, target: Fraction | None, *, downwards: bool) -> Steps:
        """The steps with the target's number filled in."""
        start = self.start if self.start is not None or not downwards else target
        return Steps(self.percent, self.per, start, downwards, self.rounding)


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """`downtime_price`; `below` None means the target."""

    factor: Fraction
    below: Fraction | None
    clock: bool
    by_month: bool


@dataclass(frozen=True, slots=True)
class BaseTerms:
    """`base`; `over` is `period`, `month_before`, or `claim` with `days` (terms.md 2.18)."""

    fee: str
    affected: bool
    over: str
    days: int
    annual: str


@dataclass(frozen=True, slots=True)
class CapTerms:
    """A cap: what it allows, of what, shared over which time (terms.md 2.19)."""

    pay: Pay
    of: str | None
    per: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class DeadlineTerms:
    """A claim's deadline: from a moment, N dates, counted dates or months later (S8.76, S8.77)."""

    moment: str
    number: int
    unit: str
    calendar: str | None
    by: str


@dataclass(frozen=True, slots=True)
class ClaimTerms:
    """What a claim needs; `channels` None takes every one (terms.md 2.20)."""

    scope: str
    written: bool
    channels: frozenset[str] | None
    deadlines: tuple[DeadlineTerms, ...]

    def fits(self, data: Mapping[str, Any]) -> bool:
        """Whether a claim or notice has the form asked for (S8.78); absent `written` is true."""
        if self.written and data.get("written") is False:
            return False
        return self.channels is None or data.get("channel") in self.channels


ANY_CLAIM = ClaimTerms("period", written=False, channels=None, deadlines=())
"""How claims are read where none is asked for."""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who gets a credit; None or False tests nothing (S8.70 to S8.73)."""

    plans: frozenset[str] | None = None
    billing: str | None = None
    signed: bool | None = None
    standing: bool = False
    affected: bool = False


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """One credit clause of a resolved contract; `claim` None: due without asking.

    `at_most` is the percent of an invoice that may be settled by it (S8.104).
    """

    id: str
    availabilities: tuple[str, ...]
    clocks: tuple[str, ...]
    period: Any
    on: str
    formula: str
    bands: tuple[BandTerms, ...]
    steps: StepTerms | None
    price: PriceTerms | None
    each: Pay | None
    base: BaseTerms
    adds: bool
    caps: tuple[CapTerms, ...]
    minimum: tuple[tuple[str, EdgeTerms], ...]
    rounding: Rounding
    claim: ClaimTerms | None
    eligibility: Eligibility
    at_most: Fraction | None


@dataclass(frozen=True, slots=True)
class PoolTerms:
    """Credits that meet each other (terms.md 2.22)."""

    id: str
    credits: tuple[str, ...]
    take: str
    caps: tuple[CapTerms, ...]


def length_us(number: Fraction, unit: str) -> Fraction:
    """A length of terms.md 1.4 in microseconds."""
    return number * _UNITS[unit] * _SECOND
