"""Changes of severity: instances become pieces, each with one severity and cell (S5.30 to S5.38).

Steps are taken at each `classified` between an instance's start and its last stop or
cancellation, so one that came while a stop stood that was taken back counts too.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from projections.calendar.wall_time import Ints
from projections.clocks.cells import FORWARD, FROM_START, KEEP, NO_CLOCK, Cells
from projections.clocks.fold import Instances
from projections.clocks.steps import Steps
from projections.clocks.transitions import CLASSIFIED


@dataclass(slots=True)
class Pieces:
    """Instances with a row.

    `start` is an instant; `since` the place of the event at which the piece came to be, `until`
    that at which it ended (NOWHERE: running). `instance` is the number of the instance of the
    fold. Those that a change of severity ended are not `stopped`.
    """

    ticket: Ints
    clock: Ints
    instance: Ints
    severity: Ints
    cell: Ints
    start: Ints
    since: Ints
    until: Ints
    stopped: npt.NDArray[np.bool_]
    provisional: npt.NDArray[np.bool_]


def pieces(steps: Steps, clock: Ints, instances: Instances, cells: Cells) -> Pieces:
    """The pieces of the instances; `clock` is the number of each ticket's clock."""
    changes = steps.places(CLASSIFIED)
    severity = _at_start(steps, instances.ticket, instances.start, changes)
    end = np.minimum(instances.end, steps.behind[instances.ticket])
    low = np.searchsorted(changes, instances.start, side="right")
    high = np.searchsorted(changes, end, side="left")
    walk = _Walk(steps, clock[instances.ticket], instances, cells, severity)
    for step in range(int((high - low).max(initial=0))):
        changed = np.flatnonzero(low + step < high)
        walk.step(changed, changes[low[changed] + step])
    walk.finish()
    return walk.pieces()


def _at_start(steps: Steps, ticket: Ints, start: Ints, changes: Ints) -> Ints:
    """The ticket's severity when an instance starts (S5.30)."""
    severity = steps.severity[ticket]
    if len(changes):
        before = np.searchsorted(changes, start, side="right") - 1
        last = changes[np.maximum(before, 0)]
        mine = (before >= 0) & (last >= steps.first[ticket])
        severity = np.where(mine, steps.word[last], severity)
    return severity


class _Walk:
    """Every instance with the severity that it has so far; emits what ends."""

    def __init__(
        self, steps: Steps, clock: Ints, instances: Instances, cells: Cells, severity: Ints
    ) -> None:
        self.steps, self.clock, self.instances, self.cells = steps, clock, instances, cells
        self.severity = severity.copy()
        self.cell = cells.of(clock, instances.ticket, severity)
        self.start = steps.time[instances.start]
        self.since = instances.start.copy()
        self.done: list[Pieces] = []

    def step(self, which: Ints, place: Ints) -> None:
        """Take the next `classified` of some instances (S5.31 to S5.37, first that fits)."""
        before, after = self.severity[which], self.steps.word[place]
        word = self.cells.words(self.clock[which], before, after)
        moved = (before != after) & (word != KEEP)
        which, place, after, word = which[moved], place[moved], after[moved], word[moved]
        if not len(which):
            return
        had, cell = (
            self.cell[which],
            self.cells.of(self.clock[which], self.instances.ticket[which], after),
        )
        none_after, none_before = cell == NO_CLOCK, had == NO_CLOCK
        ends = ~none_before & (none_after | (word == FORWARD))
        self._emit(which[ends], place[ends])
        # The next piece, or the stretch without a clock, starts there (S5.33, S5.35, S5.37).
        fresh = ends | (none_before & ~none_after & (word == FORWARD))
        self.start[which[fresh]] = self.steps.time[place[fresh]]
        # What came out of a stretch without a clock came to be at the change (S5.34).
        begun = fresh | (none_before & ~none_after & (word == FROM_START))
        self.since[which[begun]] = place[begun]
        self.severity[which], self.cell[which] = after, cell

    def finish(self) -> None:
        """What is left when the last change is taken."""
        left = np.flatnonzero(self.cell != NO_CLOCK)
        self._emit(left, self.instances.end[left])
        self.done[-1].stopped = self.instances.stopped[left]
        self.done[-1].provisional = self.instances.provisional[left]

    def _emit(self, which: Ints, until: Ints) -> None:
        nothing = np.zeros(len(which), np.bool_)
        self.done.append(
            Pieces(
                ticket=self.instances.ticket[which],
                clock=self.clock[which],
                instance=which,
                severity=self.severity[which],
                cell=self.cell[which],
                start=self.start[which],
                since=self.since[which],
                until=until,
                stopped=nothing,
                provisional=nothing,
            )
        )

    def pieces(self) -> Pieces:
        """All of them by instance, then as they came to be."""
        joined = joined_pieces(self.done)
        return chosen_pieces(joined, np.lexsort((joined.since, joined.instance)))


def joined_pieces(parts: list[Pieces]) -> Pieces:
    """Several lists of pieces as one."""
    return Pieces(
        *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Pieces))
    )


def chosen_pieces(pieces: Pieces, which: Ints) -> Pieces:
    """Some of the pieces, in that order."""
    return Pieces(*(getattr(pieces, each.name)[which] for each in fields(Pieces)))
