"""Which terms bind (S3): lives, versions, readings, plans and overrides become plain documents."""

from __future__ import annotations

import copy
import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from projections.facts import Fact
from projections.rows import ProblemRow as Problem
from projections.supposition import AS_IT_IS, Supposition
from projections.terms import resources
from projections.terms.lives import CHANGED, ENDED, STARTED, Lives, Span
from projections.terms.resolving import Resolve, Terms, lint_errors, plain_document
from projections.terms.versions import FAR, PUBLISHED, Version, Versions

__all__ = ["FAR", "Agreements", "Fact", "Problem", "Span", "Terms", "of_facts"]

DECIDED = "sla.interpretation.decided.v1"
HOLIDAYS = "sla.calendar.published.v1"
STANDING = "sla.account.standing_changed.v1"
ADDED = "sla.resource.added.v1"
REMOVED = "sla.resource.removed.v1"
_TOGETHER = (
    (PUBLISHED, DECIDED, HOLIDAYS, STANDING, STARTED, CHANGED, ENDED, ADDED, REMOVED),
    (
        "sla.subscription.charged.v1", "sla.statement.sealed.v1", "sla.right.exercised.v1",
        *(f"sla.claim.{word}.v1" for word in (
            "submitted", "notified", "withdrawn", "accepted", "rejected")),
        *(f"sla.credit.{word}.v1" for word in (
            "proposed", "approved", "issued", "applied", "reversed", "granted")),
    ),
)  # fmt: skip
"""Types that are read in one go when one of them is asked for: what is agreed, what is paid."""

T = TypeVar("T")
Remember = Callable[[str, Any, Callable[[], Any]], Any]


class Agreements:
    """What was agreed, as of one pair of moments.

    `source` gives the facts of some types in order; `remember` keeps what a step gives for its
    inputs; `resolve` lays out a document (schemas). With a `customer` only the subscriptions that
    were ever the customer's are there.
    """

    def __init__(
        self,
        source: Callable[[Sequence[str]], list[Fact]],
        remember: Remember | None = None,
        resolve: Resolve | None = None,
        customer: str | None = None,
    ) -> None:
        self._source = source
        self._customer = customer
        self._remember = remember or _Kept()
        self._resolve = resolve or plain_document
        self._facts: dict[str, list[Fact]] = {}
        self._terms: dict[Any, Terms | None] = {}
        self._undecided: dict[Span, Terms | None] = {}
        self._remembered: dict[Any, Any] = {}
        self.supposition = AS_IT_IS

    def supposing(self, supposition: Supposition) -> Agreements:
        """The same facts under other readings; what was read of them is not read again."""
        other = copy.copy(self)
        other.supposition = supposition
        vars(other).update({"_undecided": {}, "_remembered": {}})
        vars(other).pop("problems", None)
        return other

    def remembered(self, key: Any, work: Callable[[], T]) -> T:
        """What is worked out of these agreements alone, once; `key` names it."""
        if key not in self._remembered:
            self._remembered[key] = work()
        found: T = self._remembered[key]
        return found

    def facts(self, event_type: str) -> list[Fact]:
        """The facts of one type, in order."""
        if event_type not in self._facts:
            wanted = next((each for each in _TOGETHER if event_type in each), (event_type,))
            found = self._source(wanted)
            for name in wanted:
                self._facts[name] = [fact for fact in found if fact.type == name]
        return self._facts[event_type]

    @cached_property
    def versions(self) -> Versions:
        """The contracts' publications."""
        return Versions(self.facts(PUBLISHED))

    @cached_property
    def _lives(self) -> Lives:
        lives = Lives(self.versions)
        told = [fact for name in (STARTED, CHANGED, ENDED) for fact in self.facts(name)]
        if self._customer is not None:
            named = {fact.subject for fact in told if fact.data.get("customer") == self._customer}
            told = [fact for fact in told if fact.subject in named]
        lives.walk(sorted(told, key=lambda fact: fact.order))
        return lives

    @cached_property
    def spans(self) -> list[Span]:
        """All spans, by subscription and start."""
        return [span for name in self.subscriptions for span in self._lives.spans[name]]

    @cached_property
    def subscriptions(self) -> list[str]:
        """The ids of all subscriptions that ever lived, sorted."""
        return sorted(self._lives.spans)

    def spans_of(self, subscription: str) -> list[Span]:
        """A subscription's spans by start."""
        return self._lives.spans.get(subscription, [])

    def at(self, subscription: str, instant: int) -> Span | None:
        """The span that holds an instant; null: not active then."""
        spans = self.spans_of(subscription)
        place = bisect_right(spans, instant, key=lambda span: span.start) - 1
        return spans[place] if place >= 0 and instant < spans[place].end else None

    @cached_property
    def _held_by(self) -> dict[str, list[str]]:
        held: dict[str, dict[str, None]] = {}
        for span in self.spans:
            held.setdefault(span.customer, {})[span.subscription] = None
        return {customer: list(names) for customer, names in held.items()}

    def active_of_customer(self, customer: str, instant: int) -> list[Span]:
        """The spans of the customer's subscriptions that are active at an instant (S3.60)."""
        found = [self.at(name, instant) for name in self._held_by.get(customer, ())]
        return [span for span in found if span is not None and span.customer == customer]

    @property
    def holidays(self) -> list[Fact]:
        """The published holiday sets, in order (S4.5)."""
        return self.facts(HOLIDAYS)

    @cached_property
    def resources(self) -> resources.Resources:
        """The resources that events added and removed (S3.51, S3.52)."""
        told = [*self.facts(ADDED), *self.facts(REMOVED)]
        return resources.walk(sorted(told, key=lambda fact: fact.order))

    @cached_property
    def _standing(self) -> dict[str, list[tuple[int, bool]]]:
        found: dict[str, list[tuple[int, bool]]] = {}
        for fact in self.facts(STANDING):
            good = bool(fact.data["good"])
            found.setdefault(fact.subject, []).append((fact.effective_at, good))
        return found

    def standing(self, customer: str, instant: int) -> bool:
        """Whether an account is in good standing: until an event says otherwise (S8.74)."""
        told = self._standing.get(customer, [])
        place = bisect_right(told, instant, key=lambda each: each[0]) - 1
        return told[place][1] if place >= 0 else True

    @cached_property
    def _decisions(self) -> dict[str, list[Fact]]:
        found: dict[str, list[Fact]] = {}
        for fact in self.facts(DECIDED):
            found.setdefault(fact.subject, []).append(fact)
        return found

    def decisions(self, contract: str, customer: str) -> list[Fact]:
        """The decisions about a contract that concern a customer, in order (S3.11)."""
        told = self._decisions.get(contract, [])
        return [fact for fact in told if fact.data.get("customer") in {None, customer}]

    def terms(self, span: Span, instant: int, zones_at: int | None = None) -> Terms | None:
        """The terms of a span with the readings of an instant (S3.11); null: no version binds.

        `zones_at` is the instant for the readings in `zones` (S3.12), else the same. Null too
        where the document cannot be laid out for the plan at all (a lint error in its zones).
        """
        if span in self._undecided:
            return self._undecided[span]
        if span.published is None:
            return None
        told = self.decisions(span.contract, span.customer)
        found = self._decided_terms(span, told, instant, zones_at)
        if not told:
            self._undecided[span] = found
        return found

    def _decided_terms(
        self, span: Span, told: list[Fact], instant: int, zones_at: int | None
    ) -> Terms | None:
        published = span.published
        if published is None:
            raise AssertionError("a version binds")
        version = Version(published, 0)
        decided = _decided(version, told, instant)
        of_zones = decided if zones_at is None else _decided(version, told, zones_at)
        supposed = self._supposed(version, span)
        overrides = json.dumps(span.overrides, sort_keys=True) if span.overrides else ""
        key = (
            *published.order, span.plan, overrides, _orders(decided), _orders(of_zones),
            tuple(sorted(supposed.items())),
        )  # fmt: skip
        if key not in self._terms:
            self._terms[key] = self._remember(
                "terms",
                key,
                lambda: self._resolve(
                    version, span.plan, span.overrides, decided, of_zones, supposed
                ),
            )
        return self._terms[key]

    def _supposed(self, version: Version, span: Span) -> dict[str, str]:
        if not self.supposition.readings:
            return {}
        told = self.supposition
        return told.readings_of(span.contract, version.name, version.options())

    @cached_property
    def problems(self) -> list[Problem]:
        """What this step finds (I8)."""
        found = [
            *self._lives.problems,
            *self.resources.problems(self),
            *self._unknown_readings(),
            *self._of_spans(),
        ]
        for versions in self.versions.published.values():
            for version in versions:
                found += _lint(version, self._remember)
        return found

    def _unknown_readings(self) -> Iterable[Problem]:
        for contract, decisions in self._decisions.items():
            options = [each.options() for each in self.versions.published.get(contract, ())]
            for fact in decisions:
                name, chosen = fact.data["interpretation"], fact.data["chosen"]
                if not any(chosen in each.get(name, ()) for each in options):
                    detail, customer = f"{name} {chosen}", fact.data.get("customer")
                    yield Problem("unknown_reading", contract, detail, customer, (fact.entry,))

    def _of_spans(self) -> Iterable[Problem]:
        """Overrides without effect (S3.14) and plans that no wrapper lists (S3.13)."""
        seen: set[tuple[str, str, str]] = set()
        for span in self.spans:
            terms = self.terms(span, span.start)
            if terms is None or span.published is None:
                continue
            told = [("override", detail) for detail in terms.override_problems]
            if span.plan not in (span.published.data["terms"].get("plans") or {}):
                told.append(("unknown_plan", span.plan))
            entries = tuple(fact.entry for fact in (span.published, *span.facts))
            for kind, detail in told:
                if (kind, span.subscription, detail) not in seen:
                    seen.add((kind, span.subscription, detail))
                    yield Problem(kind, span.subscription, detail, span.customer, entries)


def _decided(version: Version, told: Sequence[Fact], instant: int) -> dict[str, Fact]:
    """The latest decision on each interpretation that holds then and means something."""
    if not told:
        return {}
    options = version.options()
    return {
        fact.data["interpretation"]: fact
        for fact in told
        if fact.effective_at <= instant
        and fact.data["chosen"] in options.get(fact.data["interpretation"], ())
    }


def _orders(decided: Mapping[str, Fact]) -> tuple[tuple[Any, ...], ...]:
    return tuple(sorted(fact.order for fact in decided.values()))


def _lint(version: Version, remember: Remember) -> list[Problem]:
    fact = version.fact
    found: list[tuple[str, str]] = remember("lint", fact.order, lambda: lint_errors(version.raw))
    return [
        Problem("lint", fact.subject, f"{version.name} {code} {path}", None, (fact.entry,))
        for code, path in found
    ]


class _Kept:
    """A memory of its own, for agreements without an engine."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Any], Any] = {}

    def __call__(self, step: str, inputs: Any, work: Callable[[], Any]) -> Any:
        if (step, inputs) not in self._found:
            self._found[step, inputs] = work()
        return self._found[step, inputs]


def of_facts(facts: Iterable[Fact], resolve: Resolve | None = None) -> Agreements:
    """Agreements from facts at hand."""
    every = sorted(facts, key=lambda fact: fact.order)
    return Agreements(
        lambda types: [fact for fact in every if fact.type in types], resolve=resolve
    )
