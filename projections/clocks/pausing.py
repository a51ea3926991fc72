"""Pauses of tickets (S5.10 to S5.13) and what they block of an instance (S5.41, S5.42)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from projections.calendar.wall_time import Ints
from projections.clocks.fold import Instances
from projections.clocks.severity import Pieces
from projections.clocks.steps import NOWHERE, Steps
from projections.clocks.transitions import PAUSED, REASONS, RESUMED


@dataclass(slots=True)
class Pauses:
    """Pauses sorted by ticket and begin: reason as a bit, instants, places of their events.

    One that is not ended has `end` and `until` NOWHERE.
    """

    ticket: Ints
    reason: Ints
    start: Ints
    end: Ints
    since: Ints
    until: Ints


@dataclass(slots=True)
class Spans:
    """Spans of time that belong to pieces, sorted by piece and start, never overlapping."""

    piece: Ints
    start: Ints
    end: Ints


def pauses(steps: Steps) -> Pauses:
    """The pauses of all tickets: nothing but `resumed` of its reason ends one (S5.12)."""
    parts = [_of_reason(steps, reason) for reason in range(len(REASONS))]
    reason = np.repeat(np.arange(len(REASONS)), [len(since) for since, _ in parts])
    since = np.concatenate([since for since, _ in parts])
    until = np.concatenate([until for _, until in parts])
    order = np.argsort(since, kind="stable")
    since, until = since[order], until[order]
    ended = until != NOWHERE
    end = np.full(len(since), NOWHERE)
    end[ended] = steps.time[until[ended]]
    return Pauses(steps.ticket[since], 1 << reason[order], steps.time[since], end, since, until)


def _of_reason(steps: Steps, reason: int) -> tuple[Ints, Ints]:
    """The places at which pauses of a reason begin and end (S5.10 to S5.12)."""
    places = np.flatnonzero((steps.symbol == PAUSED + reason) | (steps.symbol == RESUMED + reason))
    if not len(places):
        return places, places
    paused = steps.symbol[places] == PAUSED + reason
    ticket = steps.ticket[places]
    goes_on = np.append(False, paused[:-1] & (ticket[1:] == ticket[:-1]))
    begins, ends = paused & ~goes_on, ~paused & goes_on
    since = places[begins]
    until = np.full(len(since), NOWHERE)
    until[np.cumsum(begins)[ends] - 1] = places[ends]
    return since, until


def outliving(steps: Steps, told: Pauses) -> tuple[Ints, Ints]:
    """Pauses for the customer that a message of theirs did not end (S5.13).

    The places of each pause and of the first such message.
    """
    messages = np.flatnonzero(steps.symbol < 10)
    mine = told.reason == 1 << REASONS.index("awaiting_customer")
    since = told.since[mine]
    until = np.minimum(told.until[mine], steps.behind[told.ticket[mine]])
    first = np.searchsorted(messages, since, side="right")
    found = first < np.searchsorted(messages, until, side="left")
    return since[found], messages[first[found]]


def of_pieces(
    told: Pauses, pieces: Pieces, mask: Ints, end: Ints
) -> tuple[Spans, npt.NDArray[np.bool_]]:
    """The pauses that count for each piece, cut to [start, end), and whether one goes on.

    `mask` has the bits of the reasons in the clock's `pauses`; `end` is when the piece ended, or
    `at`.
    """
    first = np.searchsorted(told.ticket, pieces.ticket, side="left")
    behind = np.searchsorted(told.ticket, pieces.ticket, side="right")
    some = np.flatnonzero((behind > first) & (mask != 0))
    piece, pause = _pairs(some, first[some], behind[some])
    counts = (told.reason[pause] & mask[piece]) != 0
    piece, pause = piece[counts], pause[counts]
    goes_on = np.zeros(len(pieces.ticket), np.bool_)
    goes_on[piece[told.end[pause] == NOWHERE]] = True
    cut = _cut(piece, told.start[pause], told.end[pause], pieces.start, end)
    return cut, goes_on


def left_out(steps: Steps, instances: Instances, pieces: Pieces, end: Ints) -> Spans:
    """The spans between a stop and its reopening under `continue`, cut to the pieces (S5.20i)."""
    out = np.flatnonzero(instances.left_out)
    of = instances.held_of[out]
    first = np.searchsorted(of, pieces.instance, side="left")
    behind = np.searchsorted(of, pieces.instance, side="right")
    some = np.flatnonzero(behind > first)
    piece, span = _pairs(some, first[some], behind[some])
    start, stop = (
        steps.time[places[out[span]]] for places in (instances.held_from, instances.held_to)
    )
    return _cut(piece, start, stop, pieces.start, end)


def _pairs(which: Ints, first: Ints, behind: Ints) -> tuple[Ints, Ints]:
    """Each of `which` with each number of its range."""
    count = behind - first
    one = np.repeat(which, count)
    inside = np.arange(len(one)) - np.repeat(np.cumsum(count) - count, count)
    return one, np.repeat(first, count) + inside


def _cut(piece: Ints, start: Ints, stop: Ints, piece_start: Ints, piece_end: Ints) -> Spans:
    start, stop = np.maximum(start, piece_start[piece]), np.minimum(stop, piece_end[piece])
    kept = start < stop
    return Spans(piece[kept], start[kept], stop[kept])


def united(one: Spans, other: Spans) -> Spans:
    """The union of two lists of spans, piece by piece (S5.41); each may overlap in itself."""
    piece = np.concatenate([one.piece, other.piece])
    if not len(piece):
        return one
    times = np.concatenate([one.start, other.start, one.end, other.end])
    change = np.repeat(np.array([1, -1]), len(piece))
    of = np.concatenate([piece, piece])
    # Starts come before ends of the same instant, so that touching spans are one (S1.2).
    order = np.lexsort((-change, times, of))
    depth = np.cumsum(change[order])
    opens = (depth == 1) & (change[order] == 1)
    closes = depth == 0
    return Spans(of[order][opens], times[order][opens], times[order][closes])
