"""Periods, parts, coverage and lines: what is judged alone (S3.30 to S3.55)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from projections.terms import Agreements, Span, Terms

if TYPE_CHECKING:
    from schemas.instant import Interval


@dataclass(frozen=True, slots=True)
class Period:
    """A period [start, end) by name, stated with `month` (S3.39); `spec` as the terms write it."""

    name: str
    start: int
    end: int
    month: str
    spec: Any


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of a period that is judged alone under its own terms (S3.41 to S3.44).

    `coverage` is the life within it, [start, end) its hull; `span` holds its last covered instant.
    """

    customer: str
    subscription: str
    period: Period
    number: int
    coverage: tuple[Interval, ...]
    start: int
    end: int
    terms: Terms
    span: Span


@dataclass(frozen=True, slots=True)
class Line:
    """What an availability is measured on (S3.50): a service, or a resource of some kind."""

    id: str
    kind_id: str
    is_resource: bool
    coverage: tuple[Interval, ...]


Total = Callable[[Part], Fraction]
"""The sum of a part's credits before claims (S8.11), for `whole_period_best` (S3.44)."""


def parts(agreements: Agreements, month: str, at: int, total: Total) -> list[Part]:
    """The parts of all periods stated with a month that begin before `at` (S3.46)."""
    raise NotImplementedError


def lines(agreements: Agreements, part: Part, availability: Any) -> list[Line]:
    """The lines of an availability within a part, by id (S3.50, S3.51)."""
    raise NotImplementedError
