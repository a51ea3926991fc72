"""What is known at `known_at`, and what of it stands (S2, E7, E8).

An entry is taken as it came; a fact is an event that applies. Every fact knows its place in the
order of S2.10. Nothing here knows what an event means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from schemas.envelope import Event, Rejection
from schemas.instant import format_instant, parse_instant

Identity = tuple[str, str]
RETRACTED = "sla.event.retracted.v1"
COUNTED = "sla.source.counted.v1"
HEARTBEAT = "sla.heartbeat.v1"
DAY = 86_400_000_000


class Paradox(Exception):
    """Retractions that are corrections as well and take each other out: S2.24 has no answer."""


@dataclass(frozen=True)
class Problem:
    """A row of I8 without its entries."""

    kind: str
    subject: str
    detail: str
    customer: str | None = None


@dataclass(frozen=True)
class Entry:
    """One entry of a log: an event, or the reason why there is none."""

    read: Event | Rejection
    recorded_at: int
    topic: str
    partition: int
    offset: int
    log: str = ""

    @property
    def recorded_order(self) -> tuple[int, str, int, int]:
        """S2.10: recorded order is the order without the effective time."""
        return (self.recorded_at, self.topic, self.partition, self.offset)


@dataclass(frozen=True, eq=False)
class Fact:
    """An event that applies (S2.24) with its place in the order (S2.10)."""

    event: Event
    recorded_at: int
    topic: str
    partition: int
    offset: int
    data: dict[str, Any] = field(repr=False)

    @property
    def order(self) -> tuple[int, int, str, int, int]:
        """S2.10: effective time, then recorded time, topic name, partition, offset."""
        return (self.time, self.recorded_at, self.topic, self.partition, self.offset)

    @property
    def type(self) -> str:
        """The type without `sla.` and its version: `ticket.opened`."""
        return self.event.type.removeprefix("sla.").rsplit(".", 1)[0]

    @property
    def subject(self) -> str:
        """What the event is about."""
        return self.event.subject

    @property
    def time(self) -> int:
        """Effective time."""
        return self.event.time

    @property
    def id(self) -> str:
        """The event's id."""
        return self.event.id

    def get(self, name: str) -> Any:
        """A member of the data, None where it is absent."""
        return self.data.get(name)

    def instant(self, name: str) -> int | None:
        """A member that is an instant."""
        text = self.data.get(name)
        return None if text is None else parse_instant(text)


@dataclass
class Known:
    """All that a pair of moments sees: facts in order, and what was found wrong with the rest."""

    known_at: int
    at: int
    facts: list[Fact]
    problems: set[Problem]

    def of(self, *types: str) -> list[Fact]:
        """The facts of these types, in order."""
        return [fact for fact in self.facts if fact.type in types]


def know(entries: Iterable[Entry], known_at: int, at: int) -> Known:
    """S2.1: only entries recorded by `known_at` are seen, only events timed by `at` apply."""
    seen = sorted(
        (entry for entry in entries if entry.recorded_at <= known_at),
        key=lambda entry: entry.recorded_order,
    )
    problems: set[Problem] = set()
    first: dict[Identity, Entry] = {}
    for entry in seen:
        event = entry.read
        if isinstance(event, Rejection):
            place = f"{entry.log}/{entry.offset}"
            problems.add(Problem("rejected", place, f"{event.code} {event.at}".rstrip()))
            continue
        problems |= _implausible(event, entry)
        standing = first.setdefault((event.source, event.id), entry)
        assert isinstance(standing.read, Event)
        if standing.read.content() != event.content():  # S2.15, S2.16
            problems.add(Problem("conflict", event.id, event.source, _customer(event)))
    voids = _Voids(first)
    applying = [entry for identity, entry in first.items() if voids.applies(identity)]
    facts = sorted((_fact(entry) for entry in applying), key=lambda fact: fact.order)
    problems |= voids.problems
    facts = [fact for fact in facts if fact.time <= at]
    problems |= _completeness(facts, first, at)
    return Known(known_at, at, facts, problems)


def _customer(event: Event) -> str | None:
    """The customer that an event names."""
    found = event.open_data().get("customer")
    return found if isinstance(found, str) else None


def _fact(entry: Entry) -> Fact:
    event = entry.read
    assert isinstance(event, Event)
    return Fact(
        event, entry.recorded_at, entry.topic, entry.partition, entry.offset, event.open_data()
    )


def _implausible(event: Event, entry: Entry) -> set[Problem]:
    """E3: before the year 2000, or over a day after it was recorded (agreements are announced)."""
    early = event.time < parse_instant("2000-01-01T00:00:00Z")
    ahead = event.time > entry.recorded_at + DAY and event.topic != "sla.agreements"
    if early or ahead:
        return {Problem("implausible_time", event.id, format_instant(event.time), _customer(event))}
    return set()


class _Voids:
    """Corrections and retractions, walked as S2.20 to S2.27 say it."""

    def __init__(self, first: dict[Identity, Entry]) -> None:
        self.first = first
        self.problems: set[Problem] = set()
        self.corrects: dict[Identity, Identity] = {}
        self.retracts: dict[Identity, Identity] = {}
        for identity, entry in first.items():
            self._aim(identity, entry)
        self.cyclic = self._cycles()
        for member in self.cyclic:  # S2.27: the edges of a cycle are void
            for edges in (self.corrects, self.retracts):
                if member in edges and self._leads_back(edges[member], member):
                    self._dropped.append((edges, member))
        for edges, member in self._dropped:
            del edges[member]
        self._busy: set[Identity] = set()
        self._superseded()

    def _aim(self, identity: Identity, entry: Entry) -> None:
        """S2.20, S2.21: what this event corrects or takes back."""
        event = entry.read
        assert isinstance(event, Event)
        if event.corrects is not None:
            self.corrects[identity] = (event.source, event.corrects)
            if (event.source, event.corrects) not in self.first:  # S2.26
                self.problems.add(
                    Problem("orphan_correction", event.id, event.corrects, _customer(event))
                )
        if event.type == RETRACTED:
            target = (event.open_data()["source"], event.subject)
            if target not in self.first:  # S2.26
                self.problems.add(Problem("orphan_retraction", event.id, event.subject))
            elif target[0] == event.source or self.first[target].topic == entry.topic:
                self.retracts[identity] = target
            else:  # S2.21
                self.problems.add(Problem("foreign_retraction", event.id, event.subject))

    def _cycles(self) -> set[Identity]:
        """S2.27: paths over corrections and retractions together that lead back."""
        self._dropped: list[tuple[dict[Identity, Identity], Identity]] = []
        members = {
            one for one in self.first if any(self._leads_back(t, one) for t in self._to(one))
        }
        for source, name in members:
            event = self.first[source, name].read
            assert isinstance(event, Event)
            self.problems.add(Problem("cycle", name, source, _customer(event)))
        return members

    def _to(self, one: Identity) -> list[Identity]:
        return [edges[one] for edges in (self.corrects, self.retracts) if one in edges]

    def _leads_back(self, begin: Identity, goal: Identity) -> bool:
        seen: set[Identity] = set()
        todo = [begin]
        while todo:
            one = todo.pop()
            if one == goal:
                return True
            if one not in seen:
                seen.add(one)
                todo.extend(self._to(one))
        return False

    def _corrections(self, one: Identity) -> list[Identity]:
        """The corrections of an event, the last recorded first."""
        found = [by for by, target in self.corrects.items() if target == one]
        return sorted(found, key=lambda by: self.first[by].recorded_order, reverse=True)

    def stands(self, one: Identity) -> Identity | None:
        """S2.24: what stands for an event, known or not."""
        if one in self._busy:
            raise Paradox(one)
        self._busy.add(one)
        try:
            for correction in self._corrections(one):
                standing = self.stands(correction)
                if standing is not None:
                    return standing
            taken = any(self.in_force(by) for by, target in self.retracts.items() if target == one)
            known = one in self.first
            return one if known and one not in self.cyclic and not taken else None
        finally:
            self._busy.discard(one)

    def in_force(self, one: Identity) -> bool:
        """S2.24: it is what stands for the root of its chain of corrections."""
        root = one
        while root in self.corrects:
            root = self.corrects[root]
        return self.stands(root) == one

    def applies(self, one: Identity) -> bool:
        """The same test decides whether an event applies."""
        return self.in_force(one)

    def _superseded(self) -> None:
        """S2.25: of several live corrections of one target the last recorded stands."""
        for target in set(self.corrects.values()):
            live = [by for by in self._corrections(target) if self.stands(by) is not None]
            for by in live[1:]:
                event = self.first[by].read
                assert isinstance(event, Event)
                self.problems.add(
                    Problem("superseded_correction", by[1], target[1], _customer(event))
                )


def _completeness(facts: list[Fact], first: dict[Identity, Entry], at: int) -> set[Problem]:
    """E8: what a source says it has published against what is known."""
    last: dict[tuple[str, str, int, int], Fact] = {}
    for fact in facts:
        if fact.event.type != COUNTED:
            continue
        start, end = fact.instant("from"), fact.instant("to")
        if start is not None and end is not None and end <= at:
            last[fact.subject, fact.topic, start, end] = fact
    problems = set()
    for (source, topic, start, end), fact in last.items():
        known = [
            entry.read
            for (of, _), entry in first.items()
            if of == source and entry.topic == topic and isinstance(entry.read, Event)
        ]
        found = sum(
            start <= event.time < end and event.type not in (COUNTED, HEARTBEAT) for event in known
        )
        said = int(fact.get("count"))
        if said != found:
            text = f"{format_instant(start)}/{format_instant(end)} said {said}, known {found}"
            problems.add(Problem("incomplete_source", source, f"{topic} {text}"))
    return problems
