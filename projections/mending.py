"""Corrections and retractions as a graph: what stands for what (S2.20 to S2.27).

An event points at what it corrects and, a retraction, at what it takes back. Cycles are found over
both kinds of edges and cut out (S2.27). What is left of the corrections are trees; what stands for
a tree's root depends on the retractions in force on its members, so the trees are walked in the
order of that dependence.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from projections.facts import in_place_order
from projections.rows import ProblemRow

RETRACTED = "sla.event.retracted.v1"
Identity = tuple[str, str]
"""`source` and `id`."""
Place = tuple[str, int]
"""Log and offset."""
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Said:
    """An entry as this step sees it: who said it, where it stands, what it points at."""

    source: str
    event_id: str
    topic: str
    partition: int
    log: str
    offset: int
    recorded_at: int
    customer: str | None
    corrects: Identity | None
    retracts: Identity | None

    @property
    def identity(self) -> Identity:
        return self.source, self.event_id

    @property
    def place(self) -> Place:
        return self.log, self.offset

    @property
    def recorded_order(self) -> tuple[int, str, int, int]:
        """S2.10 without the effective time."""
        return self.recorded_at, self.topic, self.partition, self.offset


@dataclass(frozen=True, slots=True)
class Judged:
    """What does not apply, and the problems found."""

    void: frozenset[Place]
    problems: tuple[ProblemRow, ...]


def said_of(row: Mapping[str, Any]) -> Said:
    """A row of `mending`, `mended` or `repeat_candidate`."""
    source, corrects, retracts = row["source"], row.get("corrects"), None
    if row.get("type") == RETRACTED and row.get("data"):
        retracts = (json.loads(row["data"])["source"], row["subject"])
    return Said(
        source,
        row["event_id"],
        row["topic"],
        row["log_partition"],
        row["log"],
        row["log_offset"],
        row["recorded_at"],
        row["customer"],
        None if corrects is None else (source, corrects),
        retracts,
    )


def pointed_at(said: Said) -> Iterator[Identity]:
    """The identities that an event corrects and takes back."""
    if said.corrects is not None:
        yield said.corrects
    if said.retracts is not None:
        yield said.retracts


def judge(known: Sequence[Said]) -> Judged:
    """What of these events applies. Each identity comes once; others than these are untouched."""
    graph = _Graph({said.identity: said for said in known})
    graph.aim()
    graph.cut_cycles()
    graph.plant()
    graph.stand()
    graph.superseded()
    void = frozenset(
        said.place
        for name, said in graph.known.items()
        if graph.stands.get(graph.root_of(name)) != name
    )
    return Judged(void, tuple(graph.problems))


@dataclass
class _Graph:
    known: dict[Identity, Said]
    corrects: dict[Identity, Identity] = field(default_factory=dict)
    retracts: dict[Identity, Identity] = field(default_factory=dict)
    cyclic: set[Identity] = field(default_factory=set)
    corrections: dict[Identity, list[Identity]] = field(default_factory=dict)
    roots: dict[Identity, Identity] = field(default_factory=dict)
    members: dict[Identity, list[Identity]] = field(default_factory=dict)
    stands: dict[Identity, Identity | None] = field(default_factory=dict)
    problems: list[ProblemRow] = field(default_factory=list)

    def aim(self) -> None:
        """What every event points at; what points at nothing that it may reach (S2.21, S2.26)."""
        for name, said in self.known.items():
            if said.corrects is not None:
                self.corrects[name] = said.corrects
                if said.corrects not in self.known:
                    self._problem("orphan_correction", said, said.corrects[1])
            if said.retracts is None:
                continue
            target = self.known.get(said.retracts)
            if target is None:
                self._problem("orphan_retraction", said, said.retracts[1])
            elif target.source == said.source or target.topic == said.topic:
                self.retracts[name] = said.retracts
            else:
                self._problem("foreign_retraction", said, said.retracts[1], target)

    def cut_cycles(self) -> None:
        """The edges of a cycle are void, its members do not apply (S2.27)."""
        edges = {name: list(self._targets(name)) for name in self.known}
        for group in strong_groups(edges):
            if len(group) == 1 and group[0] not in edges[group[0]]:
                continue
            inside = set(group)
            self.cyclic |= inside
            for name in group:
                self._problem("cycle", self.known[name], name[0])
                for pointing in (self.corrects, self.retracts):
                    if pointing.get(name) in inside:
                        del pointing[name]

    def plant(self) -> None:
        """The trees of corrections; of several corrections of one event the last recorded first."""
        for name, target in self.corrects.items():
            self.corrections.setdefault(target, []).append(name)
        for several in self.corrections.values():
            several.sort(key=lambda name: self.known[name].recorded_order, reverse=True)
        for name in self.known:
            self.members.setdefault(self.root_of(name), []).append(name)

    def root_of(self, name: Identity) -> Identity:
        """The root of a chain of corrections, known or not (S2.24)."""
        path = []
        while name in self.corrects and name not in self.roots:
            path.append(name)
            name = self.corrects[name]
        root = self.roots.get(name, name)
        self.roots.update(dict.fromkeys(path, root))
        return root

    def stand(self) -> None:
        """What stands for every event (S2.24), tree by tree, each behind those it depends on."""
        needs: dict[Identity, list[Identity]] = {root: [] for root in self.members}
        for retraction, target in self.retracts.items():
            needs[self.root_of(target)].append(self.root_of(retraction))
        taken: set[Identity] = set()
        for group in strong_groups(needs):
            force = self._in_force(group, taken, frozenset())
            if len(group) > 1 or group[0] in needs[group[0]]:
                force = self._entangled(group, taken, force)
            taken.update(self.retracts[retraction] for retraction in force)

    def _in_force(
        self, group: Sequence[Identity], taken: set[Identity], assumed: frozenset[Identity]
    ) -> frozenset[Identity]:
        """Work the trees out under retractions that are assumed; which are in force then."""
        gone = taken | {self.retracts[retraction] for retraction in assumed}
        for root in group:
            self._stand_tree(root, gone)
        return frozenset(
            name
            for root in group
            for name in self.members[root]
            if name in self.retracts and self.stands[root] == name
        )

    def _entangled(
        self, group: Sequence[Identity], taken: set[Identity], force: frozenset[Identity]
    ) -> frozenset[Identity]:
        """Trees whose retractions decide about each other, without a cycle in S2.27's sense.

        S2.24 may have several answers here, or none. From no retraction in force, each round asks
        which are; where that does not come to rest, those that come and go are without effect.
        """
        rounds = [frozenset[Identity](), force]
        while rounds[-1] not in rounds[:-1]:
            rounds.append(self._in_force(group, taken, rounds[-1]))
        turning = rounds[rounds.index(rounds[-1]) :]
        lasting = turning[0].intersection(*turning)
        return self._in_force(group, taken, lasting) & lasting

    def _stand_tree(self, root: Identity, gone: set[Identity]) -> None:
        order = [root]
        for name in order:
            order += self.corrections.get(name, ())
        for name in reversed(order):
            own = name in self.known and name not in self.cyclic and name not in gone
            found = (self.stands[each] for each in self.corrections.get(name, ()))
            self.stands[name] = next(
                (each for each in found if each is not None), name if own else None
            )

    def superseded(self) -> None:
        """Of several live corrections of one event all but the last recorded (S2.25)."""
        for target, several in self.corrections.items():
            live = [name for name in several if self.stands[name] is not None]
            for name in live[1:]:
                said, last = self.known[name], self.known[live[0]]
                self._problem("superseded_correction", said, target[1], last)

    def _targets(self, name: Identity) -> Iterator[Identity]:
        for pointing in (self.corrects, self.retracts):
            if pointing.get(name) in self.known:
                yield pointing[name]

    def _problem(self, kind: str, said: Said, detail: str, other: Said | None = None) -> None:
        places = [said.place] if other is None else [said.place, other.place]
        self.problems.append(
            ProblemRow(kind, said.event_id, detail, said.customer, in_place_order(places))
        )


def strong_groups(edges: Mapping[K, Iterable[K]]) -> list[list[K]]:
    """The strongly connected groups of a graph, each behind all that it leads to (Tarjan).

    Walked with a list in place of recursion: a chain of corrections may be long.
    """
    index: dict[K, int] = {}
    low: dict[K, int] = {}
    held: dict[K, None] = {}
    groups: list[list[K]] = []
    for start in edges:
        if start in index:
            continue
        index[start] = low[start] = len(index)
        held[start] = None
        walk = [(start, iter(edges[start]))]
        while walk:
            name, rest = walk[-1]
            following = next(rest, None)
            if following is None:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[name])
                if low[name] == index[name]:
                    groups.append(_popped(held, name))
            elif following not in index:
                index[following] = low[following] = len(index)
                held[following] = None
                walk.append((following, iter(edges[following])))
            elif following in held:
                low[name] = min(low[name], index[following])
    return groups


def _popped(held: dict[K, None], until: K) -> list[K]:
    group = []
    while True:
        name, _ = held.popitem()
        group.append(name)
        if name == until:
            return group
