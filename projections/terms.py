"""Which terms bind (S3): lives, versions, readings, plans and overrides become plain documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from projections.facts import Fact
from projections.rows import ProblemRow as Problem

__all__ = ["FAR", "Agreements", "Fact", "Problem", "Span", "Terms"]

FAR = 2**62
"""An end that is open."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """A contract version as it stands for one plan: wrappers and overrides gone (S3.10-S3.14).

    `key` is the hash of the resolved document: equal keys, equal terms. `readings` are the options
    taken, `decided` the decisions among them by interpretation (S3.11).
    """

    key: str
    contract: str
    version: str
    plan: str
    document: Any
    readings: Mapping[str, str]
    published: Fact
    decided: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """A stretch [start, end) in which nothing about a subscription changes.

    `version` is null where none is bound. `services` are ids or objects as in E6, null: all of the
    contract's. `life` counts from 1 (S3.2); `term_started_at` is S3.3. Moments of the term are as
    written.
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


class Agreements:
    """What was agreed, as of one pair of moments."""

    def __init__(self, source: Callable[[Sequence[str]], list[Fact]]) -> None:
        self._source = source

    def facts(self, event_type: str) -> list[Fact]:
        """The facts of one type, in order."""
        raise NotImplementedError

    @cached_property
    def spans(self) -> list[Span]:
        """All spans, by subscription and start."""
        raise NotImplementedError

    @cached_property
    def problems(self) -> list[Problem]:
        """What this step finds (I8)."""
        raise NotImplementedError

    @property
    def holidays(self) -> list[Fact]:
        """The published holiday sets, in order (S4.5)."""
        raise NotImplementedError

    def spans_of(self, subscription: str) -> list[Span]:
        """A subscription's spans by start."""
        raise NotImplementedError

    def at(self, subscription: str, instant: int) -> Span | None:
        """The span that holds an instant; null: not active then."""
        raise NotImplementedError

    def active_of_customer(self, customer: str, instant: int) -> list[Span]:
        """The spans of the customer's subscriptions that are active at an instant (S3.60)."""
        raise NotImplementedError

    def terms(
        self, span: Span, instant: int, zones_at: int | None = None
    ) -> Terms | None:
        """The terms of a span with the readings of an instant (S3.11); null: no version binds.

        `zones_at` is the instant for the readings in `zones` (S3.12), else the same.
        """
        raise NotImplementedError

    def standing(self, customer: str, instant: int) -> bool:
        """Whether an account is in good standing: until an event says otherwise (S8.74)."""
        raise NotImplementedError


def of_facts(facts: Iterable[Fact]) -> Agreements:
    """Agreements from facts at hand."""
    every = sorted(facts, key=lambda fact: fact.order)
    return Agreements(lambda types: [fact for fact in every if fact.type in types])
