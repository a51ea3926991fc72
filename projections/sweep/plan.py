"""What the sweep is given: one availability as a plan, one line as pieces, classes and windows.

Exclusions are numbered 1, 2, ... E in the contract's order. The *level* of a signal is the number
of the first exclusion that takes it away; E+1 when none does; 0 where there is no signal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from projections.sweep.spans import EMPTY, Spans, Truth, Whole

Proof = bool | Spans
"""Whether an exclusion takes a signal away: always, never, or while an interval set holds."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An innermost condition of `down_when`, by its number."""

    index: int


@dataclass(frozen=True, slots=True)
class Node:
    """Down when at least `need` of the inner conditions are (`any` 1, `all` all; S6.30)."""

    need: int
    of: tuple[Leaf | Node, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """Clock-aligned units of UTC and the downtime at which one is down throughout (S6.32)."""

    length: int
    at_least: int | None = None
    above: int | None = None
    at_most: int | None = None
    below: int | None = None

    def fits(self, downtime: Whole) -> Truth:
        """Which of these downtimes in microseconds make a unit down; none at all never does."""
        good = downtime > 0
        if self.at_least is not None:
            good &= downtime >= self.at_least
        if self.above is not None:
            good &= downtime > self.above
        if self.at_most is not None:
            good &= downtime <= self.at_most
        if self.below is not None:
            good &= downtime < self.below
        return good


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `amount` us in each account; accounts lie between the `bounds` (S7.30)."""

    amount: int
    bounds: Whole


@dataclass(frozen=True, slots=True)
class Plan:
    """One availability under one set of terms, without anything that happened."""

    tree: Leaf | Node
    leaves: int
    names: tuple[str, ...]  # of the exclusions, in order
    how: tuple[str, ...]  # counted_as_up, removed or removed_window, of each exclusion
    minimum: int = 0
    unit: Unit | None = None
    weighted: bool = False

    @property
    def top(self) -> int:
        """The level of a signal that no exclusion takes away."""
        return len(self.names) + 1


@dataclass(frozen=True, slots=True)
class SignalClass:
    """Signals that are alike in everything but their time.

    kind: `impact` (which may match no leaf and yet share its causes), `shared` (a failure of
    the line's own, a counted window, a gap as failure: S6.22) or `upstream` (S6.23).
    """

    kind: str
    leaves: tuple[int, ...]
    proofs: tuple[Proof, ...] = ()
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Line:
    """The signals of one line as one customer sees them in one mode, and what excuses them.

    `start`, `end` and `kind` run over the pieces; `kind` is an index into `classes`. `windows`
    are the proven times of each exclusion that are no signals (maintenance). `open_hours` is
    the calendar of `measured_in` (None: always), `lives` bounds what quotas count.
    """

    start: Whole
    end: Whole
    kind: Whole
    classes: tuple[SignalClass, ...]
    windows: tuple[Spans, ...]
    at: int
    open_hours: Spans | None = None
    quotas: dict[int, Quota] = field(default_factory=dict)
    life: Spans = EMPTY
