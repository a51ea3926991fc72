"""Dates agreed by hand: which instance each one meets (S5.47)."""

from __future__ import annotations

import numpy as np

from projections.calendar.wall_time import Ints
from projections.clocks.fold import Instances
from projections.clocks.severity import Pieces


def running_at(instances: Instances, pieces: Pieces, ticket: Ints, place: Ints) -> Ints:
    """The piece of each ticket that runs at a place of it, -1 where none does.

    `pieces` are those of one clock, sorted by ticket and `since`. While a stop stands, even one
    taken back later, nothing runs.
    """
    if not len(pieces.since):
        return np.full_like(place, -1)
    found = np.searchsorted(pieces.since, place, side="left") - 1
    held = np.maximum(found, 0)
    runs = (found >= 0) & (pieces.ticket[held] == ticket) & (pieces.until[held] > place)
    if len(instances.held_from):
        before = np.searchsorted(instances.held_from, place, side="left") - 1
        runs &= (before < 0) | (instances.held_to[np.maximum(before, 0)] < place)
    return np.where(runs, found, -1)
