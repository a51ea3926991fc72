"""Which entries are void: repeats, conflicts, corrections, retractions (S2.15 to S2.27, E7).

The step reads little. Of ten million entries it takes one 64-bit column to find the identities
that come twice; only these, the corrections and retractions, and what they point at come to
Python, once for a snapshot. What is known at a moment is a prefix of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from projections.facts import in_place_order
from projections.mending import Said, judge, pointed_at, said_of
from projections.rows import ProblemRow
from schemas.envelope import halves, identity

if TYPE_CHECKING:
    from projections.view import View

VOID = pa.schema([("log", pa.string()), ("log_offset", pa.int64())])


@dataclass(frozen=True, slots=True)
class Voids:
    """The positions that do not apply, and what was found on the way (I8)."""

    table: pa.Table = field(repr=False)
    problems: tuple[ProblemRow, ...]


@dataclass(frozen=True, slots=True)
class _Again:
    """An entry whose identity was recorded before it (S2.15); other content is a conflict."""

    said: Said
    first: Said
    conflict: bool


def of_view(view: View) -> Voids:
    """The void entries as known at the view's `known_at`; the same for every customer."""
    again = _again(view)
    mending: list[Said] = view.cached("mending", view.held.part, lambda: _mending(view, again))
    known_at = view.as_of.known_at
    known = [said for said in mending if said.recorded_at <= known_at]
    repeated = [each for each in again if each.said.recorded_at <= known_at]
    # both lists are in recorded order, so their lengths name what is known of them
    return view.cached(
        "voids", (view.held.part, len(known), len(repeated)), lambda: _voids(known, repeated)
    )


def repeated_places(view: View) -> pa.Table:
    """The positions of repeats and conflicts of the whole snapshot (S2.15)."""
    return _places(each.said.place for each in _again(view))


def _again(view: View) -> list[_Again]:
    found: list[_Again] = view.cached("repeats", view.held.part, lambda: _repeats(view))
    return found


def _places(places: Iterable[tuple[str, int]]) -> pa.Table:
    ordered = sorted(places)
    columns = {"log": [log for log, _ in ordered], "log_offset": [place for _, place in ordered]}
    return pa.table(columns, schema=VOID)


def _voids(known: Sequence[Said], repeated: Sequence[_Again]) -> Voids:
    judged = judge(known)
    places = {each.said.place for each in repeated} | judged.void
    problems = {
        (each.kind, each.subject, each.detail): each
        for each in (*_conflicts(repeated), *judged.problems)
    }
    return Voids(_places(places), tuple(problems[key] for key in sorted(problems)))


def _conflicts(repeated: Iterable[_Again]) -> Iterable[ProblemRow]:
    """Same `source` and `id`, other content (S2.15); one row an identity."""
    found: dict[tuple[str, str], list[_Again]] = defaultdict(list)
    for each in repeated:
        if each.conflict:
            found[each.said.identity].append(each)
    for (source, event_id), several in found.items():
        places = [several[0].first.place, *(each.said.place for each in several)]
        customer = several[-1].said.customer
        yield ProblemRow("conflict", event_id, source, customer, in_place_order(places))


def _repeats(view: View) -> list[_Again]:
    """Every entry of the snapshot that is not the first of its identity, in recorded order.

    The first in recorded order is known whenever a later one is: this does not depend on
    `known_at`.
    """
    suspects = that_come_twice(view.ask("identity"))
    if not suspects.num_rows:
        return []
    rows = view.ask("repeat_candidate", {"suspect": suspects}).to_pylist()
    by_identity: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_identity[row["identity_hi"], row["identity_lo"]].append(row)
    found = [each for several in by_identity.values() for each in _behind_the_first(several)]
    return sorted(found, key=lambda each: each.said.recorded_order)


def that_come_twice(identities: pa.Table) -> pa.Table:
    """The half identities of rows of `identity` that are there more than once, as `suspect`."""
    ordered = np.sort(identities.column("identity_hi").to_numpy(zero_copy_only=False))
    found = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return pa.table({"identity_hi": pa.array(found, pa.int64())})


def _behind_the_first(rows: list[dict[str, Any]]) -> Iterable[_Again]:
    contents = {
        (row["log"], row["log_offset"]): (row["content_hi"], row["content_lo"]) for row in rows
    }
    first, *others = sorted(map(said_of, rows), key=lambda each: each.recorded_order)
    for each in others:
        yield _Again(each, first, contents[each.place] != contents[first.place])


def _mending(view: View, again: Sequence[_Again]) -> list[Said]:
    """Corrections, retractions and what they point at, in recorded order, without repeats."""
    repeated = {each.said.place for each in again}
    told = [said_of(row) for row in view.ask("mending").to_pylist()]
    said = {each.place: each for each in told}
    wanted = {halves(identity(*target)): target for each in told for target in pointed_at(each)}
    if wanted:
        high = pa.array(sorted({high for high, _ in wanted}), pa.int64())
        found = view.ask("mended", {"wanted_half": pa.table({"identity_hi": high})})
        for row in found.to_pylist():
            who = wanted.get((row["identity_hi"], row["identity_lo"]))
            if who is not None:
                # one that itself corrects or retracts is in `said` already
                target = said_of({**row, "source": who[0], "event_id": who[1], "customer": None})
                said.setdefault(target.place, target)
    standing = [each for place, each in said.items() if place not in repeated]
    return sorted(standing, key=lambda each: each.recorded_order)
