"""The clocks of some tickets, from what was told about them to figures.

The story: which events apply, whose terms a ticket has, what the fold makes of its events, how
changes of severity cut that, which starts mergers and dates agreed by hand move, what is blocked,
and what time has passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from projections.calendar.wall_time import Ints
from projections.clocks import dues, merges, pausing
from projections.clocks.binding import NOBODY, Binding, Bound
from projections.clocks.cells import Cells, Openings
from projections.clocks.clauses import Clock, clocks_of
from projections.clocks.figures import NULL, CellColumns, Figures, figures
from projections.clocks.fold import Instances, fold
from projections.clocks.pausing import Pauses
from projections.clocks.severity import Pieces, joined_pieces, pieces
from projections.clocks.steps import NOWHERE, Steps, Told, codes, steps
from projections.clocks.transitions import DUE_AGREED, Program, table

if TYPE_CHECKING:
    from projections.view import View

Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Group:
    """Clocks that fold by one program, at most one of a ticket."""

    program: Program
    clock_of: Ints
    instances: Instances
    pieces: Pieces


@dataclass(slots=True)
class Share:
    """All that is known of the clocks of some tickets.

    `due` is by piece the date agreed by hand, else NULL; `goes_on` that a pause of the clock goes
    on at `at`; `end` when a piece ended, or `at`. `unmet` are the places of dates that met none.
    """

    told: Told
    steps: Steps
    customers: tuple[Ints, list[str]]
    subscriptions: tuple[Ints, list[str]]
    bound: Bound
    clocks: list[Clock]
    cells: Cells
    groups: list[Group]
    pauses: Pauses
    pieces: Pieces
    end: Ints
    figures: Figures
    goes_on: Flags
    due: Ints
    unmet: Ints = field(default_factory=lambda: np.empty(0, np.int64))


def share(view: View, binding: Binding, told: Told) -> Share:
    """Work out the clocks of the tickets that were told of."""
    at = view.as_of.at
    applied = steps(told)
    opened = applied.row[applied.first]
    customers = codes(told.of("customer", opened))
    subscriptions = codes(told.of("subscription", opened))
    terms = binding.of(customers, subscriptions, applied.opened_at)
    clocks, clocks_by_terms = _clocks(view, terms)
    cells = Cells(clocks, Openings(told, applied), applied.words)
    groups = list(_groups(applied, terms, clocks, clocks_by_terms, cells))
    merges.keep_earliest(
        told.rows, applied, clocks, [(group.instances, group.pieces) for group in groups]
    )
    due, unmet = _dues(told, applied, clocks, groups)
    every = joined_pieces([group.pieces for group in groups]) if groups else _none()
    end = np.full(len(every.until), at)
    over = every.until != NOWHERE
    end[over] = applied.time[every.until[over]]
    stops = pausing.pauses(applied)
    masks = np.array([clock.pauses for clock in clocks] or [0], np.int64)
    mask = masks[every.clock]
    paused, goes_on = pausing.of_pieces(stops, every, mask, end)
    out = _left_out(applied, groups, end)
    zones = [clocks[number].deadline_zone for number in cells.clock_of]
    columns = CellColumns(cells.cells, zones)
    blocked = pausing.united(paused, out)
    worked = figures(columns, every.cell, every.start, end, blocked, out)
    return Share(
        told, applied, customers, subscriptions, terms, clocks, cells, groups, stops, every, end,
        worked, goes_on, due, unmet,
    )  # fmt: skip


def _none() -> Pieces:
    nothing = np.empty(0, np.int64)
    flags = np.empty(0, np.bool_)
    return Pieces(*([nothing] * 8), *([flags] * 2))  # type: ignore[arg-type]  # by their fields


def _clocks(view: View, terms: Bound) -> tuple[list[Clock], list[list[int]]]:
    """The clocks of all terms, and the numbers of those of each."""
    clocks: list[Clock] = []
    by_terms = []
    editions = tuple(fact.order for fact in view.agreements.holidays)
    for each in terms.terms:
        read = partial(clocks_of, each.document, view.holiday_sets)
        mine = view.cached("clock_terms", (each.key, editions), read)
        by_terms.append(list(range(len(clocks), len(clocks) + len(mine))))
        clocks += mine
    return clocks, by_terms


def _groups(
    told: Steps, terms: Bound, clocks: list[Clock], by_terms: list[list[int]], cells: Cells
) -> Iterator[Group]:
    """Fold the clocks that share a program together, each ticket with one clock at a time."""
    clock_of: dict[tuple[Program, int], dict[int, int]] = {}
    for number, mine in enumerate(by_terms):
        seen: dict[Program, int] = {}
        for clock in mine:
            program = clocks[clock].program
            turn = seen[program] = seen.get(program, -1) + 1
            clock_of.setdefault((program, turn), {})[number] = clock
    for (program, _), of_terms in clock_of.items():
        chosen = np.full(len(by_terms) + 1, -1)
        chosen[list(of_terms)] = list(of_terms.values())
        numbers: Ints = chosen[terms.terms_of]
        tickets = np.flatnonzero((numbers >= 0) & (terms.terms_of != NOBODY))
        tickets = tickets[cells.starts(numbers[tickets], tickets) == 1]
        instances = fold(told, tickets, table(program))
        yield Group(program, numbers, instances, pieces(told, numbers, instances, cells))


def _dues(
    told: Told, applied: Steps, clocks: list[Clock], groups: list[Group]
) -> tuple[Ints, Ints]:
    """The date agreed by hand of each piece, and the places of those that met none (S5.47)."""
    places = applied.places(DUE_AGREED)
    counts = [len(group.pieces.ticket) for group in groups]
    due = np.full(sum(counts), NULL)
    if not len(places):
        return due, places
    due_at = told.of("due_at", applied.row[places]).to_numpy().astype(np.int64)
    words = {word: number for number, word in enumerate(applied.words)}
    ids = np.array([words.get(clock.id, -2) for clock in clocks] + [-2], np.int64)
    met = np.zeros(len(places), np.bool_)
    base = 0
    for group, count in zip(groups, counts, strict=True):
        ticket = applied.ticket[places]
        named = np.flatnonzero(ids[group.clock_of[ticket]] == applied.word[places])
        found = dues.running_at(group.instances, group.pieces, ticket[named], places[named])
        hit = found >= 0
        due[base + found[hit]] = due_at[named[hit]]  # of several the last one, in order
        met[named[hit]] = True
        base += count
    return due, places[~met]


def _left_out(told: Steps, groups: list[Group], end: Ints) -> pausing.Spans:
    """The spans left out of all pieces (S5.20i)."""
    parts = []
    base = 0
    for group in groups:
        behind = base + len(group.pieces.ticket)
        mine = pausing.left_out(told, group.instances, group.pieces, end[base:behind])
        mine.piece += base
        parts.append(mine)
        base = behind
    if not parts:
        nothing = np.empty(0, np.int64)
        return pausing.Spans(nothing, nothing, nothing)
    return pausing.Spans(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("piece", "start", "end")
        )
    )
