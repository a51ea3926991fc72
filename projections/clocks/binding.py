"""Which terms a ticket has (S3.60, S3.61), for all tickets at once.

Terms change at few instants, so tickets are put into stretches first and terms asked once each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from projections.calendar.wall_time import Ints

if TYPE_CHECKING:
    from projections.terms import Agreements, Span, Terms

NOBODY = -1
_DECIDED = "sla.interpretation.decided.v1"
Turns = list[tuple[int, int]]
"""From each instant on a value, NOBODY for none."""


@dataclass(slots=True)
class Bound:
    """By ticket: the span it belongs to and the number of its terms in `terms`, or NOBODY."""

    span: Ints
    terms_of: Ints
    spans: Sequence[Span]
    terms: Sequence[Terms]


class Binding:
    """What binds tickets, laid out once for all who ask."""

    def __init__(self, agreements: Agreements) -> None:
        self._agreements = agreements
        self.spans = agreements.spans
        self._by_subscription = _Stretches(_of_subscriptions(self.spans))
        self._by_customer = _Stretches(_of_customers(self.spans))
        decided = sorted({fact.effective_at for fact in agreements.facts(_DECIDED)})
        self._decided = np.array(decided, np.int64)
        self.terms: list[Terms] = []
        self._numbers: dict[str, int] = {}
        self._known: dict[int, int] = {NOBODY: NOBODY}

    def of(
        self,
        customers: tuple[Ints, list[str]],
        subscriptions: tuple[Ints, list[str]],
        opened_at: Ints,
    ) -> Bound:
        """The terms of tickets by the customer and the subscription of their openings."""
        named = self._by_subscription.at(*subscriptions, opened_at)
        only = self._by_customer.at(*customers, opened_at)
        span = np.where(subscriptions[0] >= 0, named, only)
        span = _of_own_customer(self.spans, span, customers)
        # Readings are those of the opening (S3.11), so terms hold between two decisions.
        stretches = len(self._decided) + 1
        stretch = np.searchsorted(self._decided, opened_at, side="right")
        combined = np.where(span >= 0, span * stretches + stretch, NOBODY)
        distinct, first, where = np.unique(combined, return_index=True, return_inverse=True)
        for each, ticket in zip(distinct.tolist(), first.tolist(), strict=True):
            if each not in self._known:
                instant = int(opened_at[ticket])
                self._known[each] = self._number(self.spans[each // stretches], instant)
        numbers = np.array([self._known[each] for each in distinct.tolist()], np.int64)
        return Bound(span, numbers[where] if len(where) else span, self.spans, self.terms)

    def _number(self, span: Span, instant: int) -> int:
        found = self._agreements.terms(span, instant)
        if found is None:
            return NOBODY
        key = f"{found.key}/{found.contract}/{found.version}"
        number = self._numbers.setdefault(key, len(self.terms))
        if number == len(self.terms):
            self.terms.append(found)
        return number


class _Stretches:
    """Values that hold from given instants on, for many names, looked up in columns."""

    def __init__(self, turns: Mapping[str, Turns]) -> None:
        self._names = {name: number for number, name in enumerate(turns)}
        number = np.repeat(np.arange(len(turns)), [len(each) for each in turns.values()])
        bounds = np.array([at for each in turns.values() for at, _ in each], np.int64)
        values = [value for each in turns.values() for _, value in each]
        self._values = np.array([*values, NOBODY], np.int64)
        self._number = np.append(number, NOBODY)
        self._instants = np.unique(bounds)
        self._keys = self._key(number, bounds)

    def at(self, name: Ints, names: list[str], instant: Ints) -> Ints:
        """The value at each instant; `name` is a place in `names`, -1: none."""
        known = np.array([self._names.get(each, NOBODY) for each in names] + [NOBODY], np.int64)
        number = known[name]
        place = np.searchsorted(self._keys, self._key(number, instant), side="right") - 1
        found: Ints = np.where(self._number[place] == number, self._values[place], NOBODY)
        return found

    def _key(self, number: Ints, instant: Ints) -> Ints:
        """Name and instant as one number: instants count by the turns at or before them."""
        turn = np.searchsorted(self._instants, instant, side="right")
        key: Ints = number * (len(self._instants) + 1) + turn
        return key


def _of_subscriptions(spans: Sequence[Span]) -> dict[str, Turns]:
    """The span of each subscription from each instant on."""
    turns: dict[str, Turns] = {}
    for number, span in enumerate(spans):
        mine = turns.setdefault(span.subscription, [])
        if mine and mine[-1][0] == span.start:
            mine.pop()
        mine += [(span.start, number), (span.end, NOBODY)]
    return turns


def _of_customers(spans: Sequence[Span]) -> dict[str, Turns]:
    """The span of a customer's only active subscription, NOBODY while there are several."""
    edges: dict[str, list[tuple[int, int, int]]] = {}
    for number, span in enumerate(spans):
        mine = edges.setdefault(span.customer, [])
        mine += [(span.start, 1, number), (span.end, 0, number)]
    found: dict[str, Turns] = {}
    for customer, told in edges.items():
        turns = found[customer] = []
        active: set[int] = set()
        for instant, starts, number in sorted(told):
            if starts:
                active.add(number)
            else:
                active.discard(number)
            if turns and turns[-1][0] == instant:
                turns.pop()
            turns.append((instant, next(iter(active)) if len(active) == 1 else NOBODY))
    return found


def _of_own_customer(spans: Sequence[Span], span: Ints, customers: tuple[Ints, list[str]]) -> Ints:
    """NOBODY where the subscription belongs to another customer (S3.61)."""
    places = {name: place for place, name in enumerate(customers[1])}
    owner = np.array([places.get(each.customer, -2) for each in spans] + [NOBODY], np.int64)
    return np.where((span >= 0) & (owner[span] != customers[0]), NOBODY, span)
