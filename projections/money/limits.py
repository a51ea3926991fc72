"""Caps of credits and pools with what earlier rows and parts have used of them (S8.50-S8.59)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from projections.calendar.dates import add_months, month_at, month_of
from projections.money import Cap, bases
from projections.money.clauses import CapTerms

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.terms.parts import Part

ZERO = Fraction(0)
Paid = Callable[["Part", frozenset[str], Sequence[str], int | None], Fraction]
"""What paid rows of earlier periods amount to: of the part's subscription, credits, months; only
periods that ended after an instant, where one is given (S8.58)."""


def ready(
    book: Book,
    part: Part,
    terms: Sequence[CapTerms],
    named: frozenset[str],
    *,
    currency: str | None,
    base: Fraction,
    annual: str,
    shared: Fraction,
    paid: Paid,
) -> tuple[list[Cap], tuple[str, ...]]:
    """Caps ready to cut, and the currencies that all of them rest on.

    One that rests on another than `currency` cuts nothing: the row is 0 for that (S8.43).
    `shared` is what earlier parts of the period have taken of those that parts share (S8.59).
    """
    ground, found, met = book.ground(part), list[Cap](), list[str]()
    for number, each in enumerate(terms):
        cap, currencies = bases.cap_of(ground, number, each, base, annual)
        met += currencies
        if set(currencies) - {currency}:
            continue
        earlier = _earlier(book, part, each, named, paid)
        if each.of != "base":
            earlier += shared
        found.append(replace(cap, earlier=earlier))
    return found, tuple(dict.fromkeys(met))


def _earlier(book: Book, part: Part, cap: CapTerms, named: frozenset[str], paid: Paid) -> Fraction:
    """The amounts of earlier rows that a cap takes off (S8.56)."""
    month = part.period.month
    if cap.per == "month":
        return paid(part, named, [month], None)
    if cap.per == "rolling_12_months":
        return paid(part, named, months_up_to(month, 12), None)
    if cap.per == "term":
        begin = bases.term_begin(book.ground(part))
        first = month_at(begin, book.zone(part))
        return paid(part, named, months_between(first, month), begin)
    return ZERO


def months_up_to(month: str, count: int) -> list[str]:
    """So many months ending with this one, the earliest first."""
    last = date(int(month[:4]), int(month[5:7]), 1)
    return [month_of(add_months(last, back - count + 1)) for back in range(count)]


def months_between(first: str, last: str) -> list[str]:
    """All months from one to another, both included; none where they are the other way round."""
    begin, end = (int(text[:4]) * 12 + int(text[5:7]) - 1 for text in (first, last))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(begin, end + 1)]
