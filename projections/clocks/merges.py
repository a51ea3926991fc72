"""Merges: an earlier start passes to the surviving ticket's clock (S5.70 to S5.72).

Merges are few and each depends on those before it, so they are walked one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.calendar.wall_time import Ints
from projections.clocks.clauses import Clock
from projections.clocks.fold import Instances
from projections.clocks.severity import Pieces
from projections.clocks.steps import NOWHERE, Steps, numbers
from projections.clocks.transitions import MERGED

_PASSED = frozenset({"first_response", "resolution"})


@dataclass(slots=True)
class _Merge:
    """One ticket went into another: the place of the event, its rank among all events."""

    place: int
    merged: int
    surviving: int


def keep_earliest(
    rows: pa.Table, steps: Steps, clocks: list[Clock], told: list[tuple[Instances, Pieces]]
) -> None:
    """Move the starts of instances that go on in the place of merged ones (S5.71)."""
    merges = _merges(rows, steps)
    if not merges:
        return
    rank = _ranks(rows)[steps.row]
    merges.sort(key=lambda each: int(rank[each.place]))
    known = _Running(steps, rank, clocks, told, merges)
    merged_at = {each.merged: int(rank[each.place]) for each in merges}
    for each in merges:
        now = int(rank[each.place])
        survives = rank[steps.first[each.surviving]] < now
        if survives and merged_at.get(each.surviving, NOWHERE) > now:
            known.carry(each, now)


def _merges(rows: pa.Table, steps: Steps) -> list[_Merge]:
    """The mergers that apply, into tickets that are known (S5.72)."""
    places = steps.places(MERGED)
    if not len(places):
        return []
    names = rows.column("ticket").take(steps.row[steps.first])
    into = pa.array([steps.words[code] for code in steps.word[places].tolist()], pa.string())
    found = pc.index_in(into, names).to_pylist()
    return [
        _Merge(place, int(steps.ticket[place]), other)
        for place, other in zip(places.tolist(), found, strict=True)
        if other is not None
    ]


def _ranks(rows: pa.Table) -> Ints:
    """The place of each row in the order of facts over all tickets (S2.10)."""
    topics = rows.column("topic").to_pylist()
    names = {name: number for number, name in enumerate(sorted(set(topics)))}
    order = np.lexsort(
        (
            numbers(rows, "log_offset"),
            numbers(rows, "log_partition"),
            np.array([names[topic] for topic in topics], np.int64),
            numbers(rows, "recorded_at"),
            numbers(rows, "effective_at"),
        )
    )
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


class _Running:
    """The instances of the tickets that merges touch, by ticket and clock."""

    def __init__(
        self,
        steps: Steps,
        rank: Ints,
        clocks: list[Clock],
        told: list[tuple[Instances, Pieces]],
        merges: list[_Merge],
    ) -> None:
        self.steps, self.rank, self.clocks = steps, rank, clocks
        self.found: dict[tuple[int, str, str], list[tuple[Instances, Pieces, int]]] = {}
        self.names: dict[int, dict[tuple[str, str], None]] = {}
        touched = np.unique([[each.merged, each.surviving] for each in merges])
        for instances, pieces in told:
            for number in np.flatnonzero(np.isin(pieces.ticket, touched)).tolist():
                clock = clocks[int(pieces.clock[number])]
                if clock.kind in _PASSED:
                    key = int(pieces.ticket[number]), clock.contract, clock.id
                    self.found.setdefault(key, []).append((instances, pieces, number))
                    self.names.setdefault(key[0], {})[key[1:]] = None

    def carry(self, merge: _Merge, now: int) -> None:
        """Pass the starts that are earlier from the merged ticket to the surviving one."""
        for contract, name in self.names.get(merge.merged, ()):
            mine = self.found[merge.merged, contract, name]
            started = [
                int(pieces.start[number])
                for _, pieces, number in mine
                if pieces.until[number] == merge.place
            ]
            theirs = self.found.get((merge.surviving, contract, name), [])
            for pieces, number in self._running(theirs, now) if started else ():
                if self.clocks[int(pieces.clock[number])].keeps_earliest:
                    pieces.start[number] = min(int(pieces.start[number]), *started)

    def _running(
        self, told: list[tuple[Instances, Pieces, int]], now: int
    ) -> Iterator[tuple[Pieces, int]]:
        """Those that run at a rank; a stop that was taken back later stood until then."""
        for instances, pieces, number in told:
            until = int(pieces.until[number])
            since = int(self.rank[pieces.since[number]])
            if since >= now or (until != NOWHERE and self.rank[until] <= now):
                continue
            mine = np.flatnonzero(instances.held_of == pieces.instance[number])
            stood = (self.rank[instances.held_from[mine]] < now) & (
                now < self.rank[instances.held_to[mine]]
            )
            if not stood.any():
                yield pieces, number
