"""Which terms a ticket has (S3.60, S3.61), for all tickets at once.

Terms change at few instants, so tickets are put into stretches first and terms asked once each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from projections.calendar_zone import Ints

if TYPE_CHECKING:
    from projections.terms import Agreements, Span, Terms

NOBODY = -1
_DECIDED = "sla.interpretation.decided.v1"


@dataclass(slots=True)
class Bound:
    """By ticket: the span it belongs to and the number of its terms in `terms`, or NOBODY."""

    span: Ints
    terms_of: Ints
    spans: list[Span]
    terms: list[Terms]


class _Stretches:
    """Values that hold from given instants on, for several names."""

    def __init__(self) -> None:
        self._bounds: list[int] = []
        self._values: list[int] = []
        self._first: dict[str, tuple[int, int]] = {}

    def add(self, name: str, turns: Sequence[tuple[int, int]]) -> None:
        """The value of a name from each instant on; before the first there is none."""
        at = len(self._bounds)
        self._bounds += [instant for instant, _ in turns]
        self._values += [value for _, value in turns]
        self._first[name] = at, len(self._bounds)

    def at(self, names: list[str], name: Ints, instant: Ints) -> Ints:
        """The value at each instant; `name` is a place in `names`, -1: none."""
        found = np.full(len(name), NOBODY)
        order = np.argsort(name, kind="stable")
        of = name[order]
        heads = np.flatnonzero(np.append(True, of[1:] != of[:-1])) if len(of) else of
        bounds = np.array(self._bounds, np.int64)
        values = np.array(self._values, np.int64)
        for head, behind in pairwise([*heads.tolist(), len(of)]):
            number = int(of[head])
            if number < 0 or names[number] not in self._first:
                continue
            low, high = self._first[names[number]]
            which = order[head:behind]
            place = np.searchsorted(bounds[low:high], instant[which], side="right") - 1
            found[which] = np.where(place < 0, NOBODY, values[low + np.maximum(place, 0)])
        return found


def bound(
    agreements: Agreements,
    customers: tuple[Ints, list[str]],
    subscriptions: tuple[Ints, list[str]],
    opened_at: Ints,
) -> Bound:
    """The terms of tickets by the customer and the subscription of their openings."""
    spans = agreements.spans
    named = _of_subscriptions(spans).at(subscriptions[1], subscriptions[0], opened_at)
    only = _of_customers(spans).at(customers[1], customers[0], opened_at)
    span = np.where(subscriptions[0] >= 0, named, only)
    span = _of_own_customer(spans, span, customers)
    decided = sorted({fact.effective_at for fact in agreements.facts(_DECIDED)})
    stretch = np.searchsorted(np.array(decided, np.int64), opened_at, side="right")
    combined = np.where(span >= 0, span * (len(decided) + 1) + stretch, NOBODY)
    distinct, first, where = np.unique(combined, return_index=True, return_inverse=True)
    terms: dict[str, int] = {}
    listed: list[Terms] = []
    numbers = np.full(len(distinct), NOBODY)
    for index, each in enumerate(distinct.tolist()):
        if each < 0:
            continue
        found = agreements.terms(spans[each // (len(decided) + 1)], int(opened_at[first[index]]))
        if found is not None:
            key = f"{found.key}/{found.contract}/{found.version}"
            numbers[index] = terms.setdefault(key, len(terms))
            if len(terms) > len(listed):
                listed.append(found)
    return Bound(span, numbers[where] if len(where) else where, spans, listed)


def _of_subscriptions(spans: Sequence[Span]) -> _Stretches:
    """The span of each subscription at each instant."""
    found = _Stretches()
    turns: dict[str, list[tuple[int, int]]] = {}
    for number, span in enumerate(spans):
        mine = turns.setdefault(span.subscription, [])
        if mine and mine[-1][0] == span.start:
            mine.pop()
        mine += [(span.start, number), (span.end, NOBODY)]
    for name, told in turns.items():
        found.add(name, told)
    return found


def _of_customers(spans: Sequence[Span]) -> _Stretches:
    """The span of a customer's only active subscription, NOBODY while there are several."""
    edges: dict[str, list[tuple[int, int, int]]] = {}
    for number, span in enumerate(spans):
        edges.setdefault(span.customer, []).append((span.start, 1, number))
        edges[span.customer].append((span.end, 0, number))
    found = _Stretches()
    for customer, told in edges.items():
        turns: list[tuple[int, int]] = []
        active: set[int] = set()
        for instant, starts, number in sorted(told):
            if starts:
                active.add(number)
            else:
                active.discard(number)
            if turns and turns[-1][0] == instant:
                turns.pop()
            turns.append((instant, next(iter(active)) if len(active) == 1 else NOBODY))
        found.add(customer, turns)
    return found


def _of_own_customer(spans: Sequence[Span], span: Ints, customers: tuple[Ints, list[str]]) -> Ints:
    """NOBODY where the subscription belongs to another customer (S3.61)."""
    places = {name: place for place, name in enumerate(customers[1])}
    owner = np.array([places.get(each.customer, -2) for each in spans] + [NOBODY], np.int64)
    return np.where((span >= 0) & (owner[span] != customers[0]), NOBODY, span)
