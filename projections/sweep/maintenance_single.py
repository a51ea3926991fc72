"""Maintenances that were announced once and never touched again: nearly all, judged by columns.

The same rules as in `maintenance_notice` (S7.10 to S7.17), which walks the others step by step.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.sweep.clauses import Edge, Exclusion, Notice
from projections.sweep.spans import EMPTY, Spans, Truth, Whole


@dataclass
class Single:
    """Announcements as columns, those for the same list of services side by side.

    `services` and the like are codes into the tables; `bounds` says where a list's rows lie.
    """

    start: Whole
    end: Whole
    published: Whole
    kind: Whole
    channel: Whole
    customers: Whole
    has_reason: Truth
    kinds: tuple[str, ...]
    channels: tuple[str, ...]
    reaches: tuple[frozenset[str] | None, ...]
    bounds: tuple[tuple[int, int], ...]
    lists_of: dict[str, list[int]]
    _named: dict[str, frozenset[str]] = field(default_factory=dict)

    def rows(self, service: str) -> Whole:
        """The announcements that list a service."""
        places = [np.arange(*self.bounds[code]) for code in self.lists_of.get(service, ())]
        return np.concatenate(places) if places else np.empty(0, dtype=np.int64)

    def named(self, service: str) -> frozenset[str]:
        """The customers that some announcement for a service names."""
        if service not in self._named:
            codes = np.unique(self.customers[self.rows(service)]).tolist()
            sets = [self.reaches[code] or frozenset() for code in codes]
            self._named[service] = frozenset().union(*sets)
        return self._named[service]

    def windows(
        self, service: str, viewer: str | None, exclusion: Exclusion, *, everyone: bool
    ) -> Spans:
        """What an exclusion excuses of them, for one customer's line."""
        rows = self.rows(service)
        if not len(rows) or exclusion.maintenance not in self.kinds:
            return EMPTY
        good = self.kind[rows] == self.kinds.index(exclusion.maintenance)
        good &= self._seen(viewer, everyone=everyone)[self.customers[rows]]
        good &= self._tested(exclusion)[self.customers[rows]]
        if exclusion.cause_recorded:
            good &= self.has_reason[rows]
        good &= self._noticed(rows, exclusion)
        return Spans.union(self.start[rows[good]], self.end[rows[good]])

    def _seen(self, viewer: str | None, *, everyone: bool) -> Truth:
        return _truth(everyone or one is None or viewer in one for one in self.reaches)

    def _tested(self, exclusion: Exclusion) -> Truth:
        """`minimum_customers` (S7.17)."""
        least = exclusion.minimum_customers or 0
        return _truth(one is None or len(one) >= least for one in self.reaches)

    def _noticed(self, rows: Whole, exclusion: Exclusion) -> Truth:
        start, published = self.start[rows], self.published[rows]
        if exclusion.notice == "none":
            return np.ones(len(rows), dtype=np.bool_)
        if not isinstance(exclusion.notice, Notice):
            late = exclusion.maintenance == "emergency"
            return published < self.end[rows] if late else published <= start
        notice = exclusion.notice
        good = lengths_fit(notice.length, start - published)
        if notice.channels is None:
            return good
        wanted = [
            name in notice.channels and (not notice.every or len(notice.channels) == 1)
            for name in self.channels
        ]
        return good & _truth(wanted)[self.channel[rows]]


def lengths_fit(words: Edge, lengths: Whole) -> Truth:
    """Which whole lengths fit an edge, exactly."""
    good = np.ones(len(lengths), dtype=np.bool_)
    for word, limit in words:
        floor, whole = limit.numerator // limit.denominator, limit.denominator == 1
        if word in ("at_least", "below"):  # x >= limit is x >= ceil(limit)
            reached = lengths >= (floor if whole else floor + 1)
            good &= reached if word == "at_least" else ~reached
        else:  # x > limit is x > floor(limit)
            past = lengths > floor
            good &= past if word == "above" else ~past
    return good


def _truth(values: Iterable[bool]) -> Truth:
    return np.array(list(values), dtype=np.bool_)


def of_table(table: pa.Table) -> Single:
    """From rows of `maintenance_step` that are the only ones of their maintenance."""
    lists, texts = _coded(table, "services")
    order = np.argsort(lists, kind="stable")
    table, lists = table.take(pa.array(order)), lists[order]
    edges = np.searchsorted(lists, np.arange(len(texts) + 1))
    lists_of: dict[str, list[int]] = {}
    for code, text in enumerate(texts):
        for service in json.loads(text or "[]"):
            lists_of.setdefault(service, []).append(code)
    kind, kinds = _coded(table, "kind")
    channel, channels = _coded(table, "channel")
    customers, reaches = _coded(table, "customers")
    return Single(
        _whole(table, "window_from"),
        _whole(table, "window_to"),
        _whole(table, "effective_at"),
        kind,
        channel,
        customers,
        np.asarray(table.column("has_reason").to_numpy(), dtype=np.bool_),
        tuple(str(one) for one in kinds),
        tuple(str(one) for one in channels),
        tuple(None if text is None else frozenset(json.loads(text)) for text in reaches),
        tuple((int(low), int(high)) for low, high in pairwise(edges)),
        lists_of,
    )


def _coded(table: pa.Table, name: str) -> tuple[Whole, list[str | None]]:
    column = table.column(name).combine_chunks()
    coded = column.dictionary_encode(null_encoding="encode")
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, coded.dictionary.to_pylist()


def _whole(table: pa.Table, name: str) -> Whole:
    return np.asarray(table.column(name).to_numpy(), dtype=np.int64)


def single(table: pa.Table) -> pa.Table:
    """The rows that this file judges."""
    return table.filter(_alone(table))


def several(table: pa.Table) -> pa.Table:
    """The rows that need walking."""
    return table.filter(pc.invert(_alone(table)))


def _alone(table: pa.Table) -> pa.Array:
    return pc.and_(pc.equal(table.column("steps"), 1), pc.equal(table.column("step"), "announced"))
