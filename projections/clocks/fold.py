"""The fold: what a ticket's events do to one clock, for all tickets at once.

The k-th event of every ticket is taken in lock step through the table of `transitions`; what
happened at each event is a set of flags. From the flags come the instances (S5.4): a start, a
last stop or cancellation, and the stops that were taken back (S5.20g, S5.20i).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from projections.calendar.wall_time import Ints
from projections.clocks.steps import NOWHERE, Steps
from projections.clocks.transitions import (
    CANCEL,
    CONFIRM,
    LEAVE_OUT,
    PROVISIONAL,
    START,
    STOP,
    SYMBOLS,
    TAKE_BACK,
    Table,
)


@dataclass(slots=True)
class Instances:
    """Instances of one clock in the order of tickets and starts.

    `start`, `end`: places of the events in `Steps` (`end` NOWHERE: running). `stopped`: the end
    is a stop. `held`: spans in which a stop stood that was taken back: the instance's number, the
    places of stop and taking back, and whether the time between is left out. `flagged`: places
    and flags of events that leave a problem.
    """

    ticket: Ints
    start: Ints
    end: Ints
    stopped: npt.NDArray[np.bool_]
    provisional: npt.NDArray[np.bool_]
    held_of: Ints
    held_from: Ints
    held_to: Ints
    left_out: npt.NDArray[np.bool_]
    flagged: Ints
    flags: npt.NDArray[np.int16]


def fold(steps: Steps, tickets: Ints, table: Table) -> Instances:
    """The instances of a clock for some tickets (sorted numbers)."""
    heard = table.heard[steps.symbol]
    if len(tickets) < len(steps.first):
        mine = np.zeros(len(steps.first), np.bool_)
        mine[tickets] = True
        heard &= mine[steps.ticket]
    places = np.flatnonzero(heard)
    flags = _lock_step(steps.symbol[places], steps.ticket[places], table)
    happened = flags != 0
    return _instances(steps, places[happened], flags[happened])


def _lock_step(symbol: npt.NDArray[np.uint8], ticket: Ints, table: Table) -> npt.NDArray[np.int16]:
    """The flags of each event; the events of a ticket stand together and in order."""
    flags = np.zeros(len(symbol), np.int16)
    if not len(symbol):
        return flags
    first = np.flatnonzero(np.append(True, ticket[1:] != ticket[:-1]))
    count = np.diff(np.append(first, len(ticket)))
    longest = np.argsort(-count, kind="stable")
    first, count = first[longest], count[longest]
    following, action = table.next.reshape(-1), table.action.reshape(-1)
    state = np.zeros(len(first), np.int64)
    # `alive[k]`: how many tickets have more than k events; they stand in front.
    alive = np.searchsorted(-count, -np.arange(1, count[0] + 1), side="right")
    for step, left in enumerate(alive.tolist()):
        at = first[:left] + step
        cell = state[:left] * SYMBOLS + symbol[at]
        flags[at] = action[cell]
        state[:left] = following[cell]
    return flags


def _instances(steps: Steps, places: Ints, flags: npt.NDArray[np.int16]) -> Instances:
    starts = places[(flags & START) != 0]
    ends = (flags & (STOP | CANCEL | TAKE_BACK | CONFIRM)) != 0
    at, what = places[ends], flags[ends]
    # An event that stops one instance and starts the next belongs to the one before.
    of = np.searchsorted(starts, at, side="left") - 1
    # A confirmation follows the stop that it makes final (S5.20f).
    confirms = np.flatnonzero((what & CONFIRM) != 0)
    what[confirms - 1] &= ~PROVISIONAL
    kept = (what & CONFIRM) == 0
    at, what, of = at[kept], what[kept], of[kept]
    last = np.append(of[1:] != of[:-1], True) if len(of) else np.zeros(0, np.bool_)
    back = (what & TAKE_BACK) != 0
    over = last & ~back
    end = np.full(len(starts), NOWHERE)
    end[of[over]] = at[over]
    stopped = np.zeros(len(starts), np.bool_)
    stopped[of[over]] = (what[over] & STOP) != 0
    provisional = np.zeros(len(starts), np.bool_)
    provisional[of[over]] = (what[over] & PROVISIONAL) != 0
    taken = np.flatnonzero(back)
    problems = (flags >> 7) != 0
    return Instances(
        ticket=steps.ticket[starts],
        start=starts,
        end=end,
        stopped=stopped,
        provisional=provisional,
        held_of=of[taken],
        held_from=at[taken - 1],
        held_to=at[taken],
        left_out=(what[taken] & LEAVE_OUT) != 0,
        flagged=places[problems],
        flags=flags[problems],
    )
