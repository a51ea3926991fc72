"""A line as the sweep takes it: signals chosen by `down_when`, put into classes (S6.1).

Two lines with the same signals under the same availability are the same line: what nobody on the
service is named for is worked out once for all customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from projections.sweep.clauses import (
    Asked,
    CountedLeaf,
    Edge,
    IncidentLeaf,
    ProbeLeaf,
    fits,
)
from projections.sweep.exclusions import PartyReports, Tests
from projections.sweep.maintenance_notice import Maintenances
from projections.sweep.plan import Line, Quota, SignalClass
from projections.sweep.signals import (
    SHARE_ONE,
    Counts,
    Failure,
    Impacts,
    OnService,
    Signals,
    reaching,
)
from projections.sweep.spans import EMPTY, Spans, Truth, Whole

LEVELS = ("outage", "degraded")


@dataclass
class Heap:
    """Pieces being gathered, each kind with its class."""

    classes: list[SignalClass] = field(default_factory=list)
    starts: list[Whole] = field(default_factory=list)
    ends: list[Whole] = field(default_factory=list)
    kinds: list[Whole] = field(default_factory=list)

    def put(self, one: SignalClass, start: Whole, end: Whole) -> None:
        """Pieces of one class."""
        if len(start):
            self.kinds.append(np.full(len(start), len(self.classes), dtype=np.int64))
            self.starts.append(start)
            self.ends.append(end)
            self.classes.append(one)


@dataclass
class LineSignals:
    """One line for one customer (`viewer` None: what everybody sees) under one availability."""

    asked: Asked
    signals: Signals
    on: OnService
    reports: PartyReports
    maintenances: Maintenances
    viewer: str | None
    rulings: Mapping[str, Mapping[str, bool]]
    at: int

    def __post_init__(self) -> None:
        everyone = self.asked.everyone
        visible = reaching(self.signals, self.on.impacts, self.viewer, everyone=everyone)
        self.impacts = _chosen(self.on.impacts, visible)
        self.failures = self.on.failures_of(self.viewer, everyone=everyone)
        self.counts = self.on.counts_of(self.viewer, everyone=everyone)
        self._ruled = self._ruled_incidents()

    def _ruled_incidents(self) -> dict[int, str]:
        """The codes of the incidents that disputes ruled on."""
        if not self.rulings:
            return {}
        codes = {name: self.signals.of_incident(name) for name in self.rulings}
        return {
            int(self.signals.impacts.incident[places[0]]): name
            for name, places in codes.items()
            if len(places)
        }

    @property
    def has_unknown(self) -> bool:
        """Whether best and worst can differ: a gap that something here looks at (S6.80)."""
        if self.asked.no_data != "unknown":
            return False
        looked = self._sources() | {n for one in self.asked.exclusions for n in one.requires_up}
        return any(name in looked for name in self.on.gaps) or any(
            len(self.too_long(leaf).start)
            for leaf in self.asked.leaves
            if isinstance(leaf, CountedLeaf)
        )

    def _sources(self) -> set[str]:
        names = {leaf.probe for leaf in self.asked.leaves if isinstance(leaf, ProbeLeaf)}
        return names | {leaf.counter for leaf in self.asked.leaves if isinstance(leaf, CountedLeaf)}

    def line(
        self, *, worst: bool, open_hours: Spans | None, quotas: dict[int, Quota], life: Spans
    ) -> Line:
        """The line in one mode."""
        gaps_fail = self.asked.no_data == "down" or (worst and self.asked.no_data == "unknown")
        tests = self._tests(gaps_fail=gaps_fail)
        heap = Heap()
        self._put_impacts(heap, tests)
        for failure in self.failures:
            self._put_failure(heap, failure, tests)
        for number, leaf in enumerate(self.asked.leaves):
            if isinstance(leaf, CountedLeaf):
                self._put_counts(heap, number, leaf)
            if gaps_fail:
                self._put_gaps(heap, number, leaf)
        nothing = np.empty(0, dtype=np.int64)
        return Line(
            np.concatenate([nothing, *heap.starts]),
            np.concatenate([nothing, *heap.ends]),
            np.concatenate([nothing, *heap.kinds]),
            tuple(heap.classes),
            tests.windows(),
            self.at,
            open_hours,
            quotas,
            life,
        )

    def _tests(self, *, gaps_fail: bool) -> Tests:
        hit = {
            name: Spans.union(self.impacts.start[mine], self.impacts.end[mine])
            for code, name in self._ruled.items()
            for mine in (self.impacts.incident == code,)
        }
        return Tests(
            self.asked.exclusions,
            self.on,
            self.failures,
            self.reports,
            self.maintenances,
            self.viewer,
            self.asked.everyone,
            gaps_fail,
            self.rulings,
            hit,
        )

    def _put_impacts(self, heap: Heap, tests: Tests) -> None:
        """Impacts of every level and share: those of no leaf lend their causes all the same."""
        impacts = self.impacts
        if not len(impacts.start):
            return
        leaves = self._matches(impacts)
        # what no exclusion and no weight looks at must not split classes
        causes = {one.cause for one in self.asked.exclusions if one.cause is not None}
        asks = np.array([cause in causes for cause in self.signals.causes], dtype=np.bool_)
        listed = any(one.parties or one.reports for one in self.asked.exclusions)
        cause = np.where(asks[impacts.cause], impacts.cause, -1)
        party = np.where((cause >= 0) & listed, impacts.party, -1)
        share = impacts.share if self.asked.plan.weighted else np.zeros_like(impacts.share)
        level = impacts.level if self.asked.plan.weighted else np.zeros_like(impacts.level)
        ruled = np.where(np.isin(impacts.incident, [*self._ruled]), impacts.incident, -1)
        table = np.stack([leaves, cause, party, share, level, ruled])
        kinds, place = _distinct(table)
        order = np.argsort(place, kind="stable")
        bounds = np.searchsorted(place[order], np.arange(kinds.shape[1] + 1))
        for number in range(kinds.shape[1]):
            mine = order[bounds[number] : bounds[number + 1]]
            made = self._impact_class(kinds[:, number].tolist(), tests)
            heap.put(made, impacts.start[mine], impacts.end[mine])

    def _impact_class(self, kind: list[int], tests: Tests) -> SignalClass:
        leaves, cause, party, share, level, ruled = kind
        weight = Fraction(1)
        if self.asked.plan.weighted:
            weight = Fraction(share, SHARE_ONE) * (self.asked.degraded_weight if level else 1)
        proofs = tests.impact(
            None if cause < 0 else self.signals.causes[cause],
            None if party < 0 else self.signals.parties[party],
            self._ruled.get(ruled),
        )
        own = tuple(n for n in range(len(self.asked.leaves)) if leaves >> n & 1)
        return SignalClass("impact", own, proofs, weight)

    def _matches(self, impacts: Impacts) -> Whole:
        """Per impact the leaves that it is a signal of, as bits (S6.11)."""
        bits = np.zeros(len(impacts.start), dtype=np.int64)
        for number, leaf in enumerate(self.asked.leaves):
            if not isinstance(leaf, IncidentLeaf):
                continue
            listed = np.array([level in leaf.levels for level in LEVELS], dtype=np.bool_)
            good = listed[impacts.level]
            if leaf.share:
                good &= _share_fits(impacts.share, leaf.share)
            bits |= good.astype(np.int64) << number
        return bits

    def _put_failure(self, heap: Heap, failure: Failure, tests: Tests) -> None:
        leaves = tuple(
            number
            for number, leaf in enumerate(self.asked.leaves)
            if isinstance(leaf, ProbeLeaf) and leaf.probe == failure.probe
        )
        if failure.marker == "upstream":
            made = SignalClass("upstream", leaves, tests.upstream())
        elif leaves:
            made = SignalClass("shared", leaves)
        else:
            return
        heap.put(made, failure.start, failure.end)

    def _put_counts(self, heap: Heap, number: int, leaf: CountedLeaf) -> None:
        for counts in self.counts:
            if counts.counter != leaf.counter:
                continue
            down = _counted_down(counts, leaf)
            heap.put(SignalClass("shared", (number,)), counts.start[down], counts.end[down])

    def _put_gaps(self, heap: Heap, number: int, leaf: Any) -> None:
        source = leaf.probe if isinstance(leaf, ProbeLeaf) else getattr(leaf, "counter", None)
        spans = self.on.gaps.get(source, EMPTY) if source is not None else EMPTY
        heap.put(SignalClass("shared", (number,)), spans.start, spans.end)
        if isinstance(leaf, CountedLeaf):
            long = self.too_long(leaf)
            heap.put(SignalClass("shared", (number,)), long.start, long.end)

    def long_windows(self, leaf: CountedLeaf) -> list[tuple[int, int]]:
        """The windows that are not judged, for their length (S6.18)."""
        if leaf.window is None:
            return []
        return [
            pair
            for one in self.counts
            if one.counter == leaf.counter
            for long in (one.end - one.start > leaf.window,)
            for pair in zip(one.start[long].tolist(), one.end[long].tolist(), strict=True)
        ]

    def too_long(self, leaf: CountedLeaf) -> Spans:
        """Their time, which is a gap of the counter."""
        return Spans.of(self.long_windows(leaf))


def _chosen(impacts: Impacts, true: Truth) -> Impacts:
    if true.all():
        return impacts
    return Impacts(*(getattr(impacts, name)[true] for name in Impacts.__slots__))


def _distinct(table: Whole) -> tuple[Whole, Whole]:
    """The distinct columns of a table, and which of them each column is."""
    code = np.zeros(table.shape[1], dtype=np.int64)
    for row in table:  # one number a column, renumbered so that it stays small
        _, coded = np.unique(row, return_inverse=True)
        _, code = np.unique(code * (int(coded.max()) + 1) + coded, return_inverse=True)
    _, first = np.unique(code, return_index=True)
    return table[:, first], code


def _share_fits(share: Whole, words: Edge) -> Truth:
    known, place = np.unique(share, return_inverse=True)
    good = [fits(words, Fraction(one * 100, SHARE_ONE)) for one in known.tolist()]
    return np.array(good, dtype=np.bool_)[place]


def _counted_down(counts: Counts, leaf: CountedLeaf) -> Truth:
    """The windows that are down: judged, large enough, and with a rate that fits (S6.16)."""
    good = (counts.total > 0) & (counts.total >= leaf.minimum_total)
    if leaf.window is not None:
        good &= counts.end - counts.start <= leaf.window
    largest = max((limit.numerator for _, limit in leaf.rate), default=1)
    scale = max((limit.denominator for _, limit in leaf.rate), default=1)
    biggest = int(counts.total.max(initial=0))
    total, failed = counts.total, counts.failed
    if biggest * max(largest, scale * 100) >= 2**62:  # exact whatever the size
        total, failed = total.astype(object), failed.astype(object)
    for word, limit in leaf.rate:
        left, right = failed * (100 * limit.denominator), total * limit.numerator
        tests = {"below": left < right, "at_most": left <= right}
        tests |= {"at_least": left >= right, "above": left > right}
        good &= tests[word].astype(np.bool_)
    return good
