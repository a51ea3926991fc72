"""The lives of subscriptions as spans in which nothing changes (S3.1 to S3.3, S3.5 to S3.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from projections.facts import Fact
from projections.rows import ProblemRow
from projections.terms.versions import FAR, Version, Versions

STARTED = "sla.subscription.started.v1"
CHANGED = "sla.subscription.changed.v1"
ENDED = "sla.subscription.ended.v1"


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """A stretch [start, end) in which nothing about a subscription changes.

    `version` is null where none is bound. `services` are ids or objects as in E6, null: all of the
    contract's. `life` counts from 1 (S3.2); `term_started_at` is S3.3. Moments of the term are as
    written. `facts` are the events that it rests on.
    """

    subscription: str
    customer: str
    life: int
    life_start: int
    start: int
    end: int
    contract: str
    version: str | None
    plan: str
    overrides: tuple[Mapping[str, Any], ...]
    fee: Mapping[str, Any] | None
    signed: bool
    services: tuple[Any, ...] | None
    billing_day: int | None
    add_ons: tuple[str, ...]
    term_started_at: int
    term_from: str | None
    term_to: str | None
    published: Fact | None = None
    facts: tuple[Fact, ...] = ()


def customer_at(spans: Sequence[Span], instant: int) -> str | None:
    """Who holds a subscription at an instant, else who held it last; None: nobody yet.

    `spans` are the subscription's by start.
    """
    begun = [span for span in spans if span.start <= instant]
    return begun[-1].customer if begun else None


@dataclass(slots=True)
class _Life:
    """A life being walked: what holds since `since`, and the facts behind it."""

    number: int
    start: int
    since: int
    term_started_at: int
    data: dict[str, Any]
    facts: tuple[Fact, ...]


@dataclass(slots=True)
class Lives:
    """All lives, walked once, in the order of facts."""

    versions: Versions
    spans: dict[str, list[Span]] = field(default_factory=dict)
    problems: list[ProblemRow] = field(default_factory=list)
    _open: dict[str, _Life] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _owners: dict[str, str] = field(default_factory=dict)

    def walk(self, facts: Iterable[Fact]) -> None:
        """Take every `started`, `changed`, `ended` in order; what is open then stays open."""
        for fact in facts:
            if fact.type == STARTED:
                self._start(fact)
            elif fact.subject not in self._open:
                self._problem("changed_before_started", fact)
            elif fact.type == CHANGED:
                self._change(fact)
            else:
                self._cut(fact.subject, fact.effective_at)
                del self._open[fact.subject]
        for subscription in self._open:
            self._cut(subscription, FAR)
        self._open.clear()

    def _start(self, fact: Fact) -> None:
        if fact.subject in self._open:
            self._problem("started_while_active", fact)
            return
        number = self._numbers.get(fact.subject, 0) + 1
        self._numbers[fact.subject] = number
        self._owners[fact.subject] = fact.data["customer"]
        now = fact.effective_at
        self._open[fact.subject] = _Life(number, now, now, now, dict(fact.data), (fact,))

    def _change(self, fact: Fact) -> None:
        self._cut(fact.subject, fact.effective_at)
        life = self._open[fact.subject]
        life.data |= fact.data
        life.since = fact.effective_at
        life.facts = (*life.facts, fact)
        if "term" in fact.data:
            life.term_started_at = fact.effective_at
        self._owners[fact.subject] = life.data["customer"]

    def _cut(self, subscription: str, end: int) -> None:
        """The spans from the last change on, cut where another version binds (S3.6 to S3.8)."""
        life = self._open[subscription]
        if life.since >= end:
            return
        found = self.spans.setdefault(subscription, [])
        walked = self.versions.walk(life.data["contract"], life.term_started_at)
        cuts = [(life.since, None), *walked, (end, None)]
        bound: Version | None = None
        start = life.since
        for begins, version in cuts:
            if start < min(begins, end):
                found.append(_span(subscription, life, start, min(begins, end), bound))
                start = min(begins, end)
            if version is not None:
                bound = version

    def _problem(self, kind: str, fact: Fact) -> None:
        customer = fact.customer or self._owners.get(fact.subject)
        self.problems.append(
            ProblemRow(kind, fact.subject, fact.event_id, customer, (fact.entry,))
        )


def _span(
    subscription: str, life: _Life, start: int, end: int, version: Version | None
) -> Span:
    data = life.data
    services, term, day = data.get("services"), data.get("term") or {}, data.get("billing_day")
    return Span(
        subscription=subscription,
        customer=data["customer"],
        life=life.number,
        life_start=life.start,
        start=start,
        end=end,
        contract=data["contract"],
        version=None if version is None else version.name,
        plan=data["plan"],
        overrides=tuple(data.get("overrides") or ()),
        fee=data.get("fee"),
        signed=data.get("signed", True),
        services=None if services is None else tuple(services),
        billing_day=None if day is None else int(day),
        add_ons=tuple(data.get("add_ons") or ()),
        term_started_at=life.term_started_at,
        term_from=term.get("from"),
        term_to=term.get("to"),
        published=None if version is None else version.fact,
        facts=life.facts,
    )


