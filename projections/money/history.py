"""Rows of other parts that a credit looks back at: paid ones, and the window that is stated.

`decide` works out a part's credits; it is handed in, since it looks back here itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from projections.money.claim_facts import claim_window, ending
from projections.money.limits import months_up_to
from projections.money.states import PAID

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.money.clauses import CreditTerms
    from projections.money.outcome import Outcome
    from projections.terms.parts import Part

ZERO = Fraction(0)
DAY = 86_400_000_000
Decide = Callable[["Book", "Part"], "dict[str, Outcome]"]


def rows_of(
    book: Book,
    decide: Decide,
    month: str,
    subscription: str | None = None,
    before: tuple[int, str] | None = None,
) -> Iterator[Outcome]:
    """The outcomes that are rows of a month: one a credit and part (S8.10, S8.102).

    `before` leaves out periods that do not end before (by end, then name) and works out none; one
    of the same name is the same, in another zone.
    """
    for part in book.parts(month, subscription):
        if part.start >= book.at:
            continue
        if before is not None:
            here = place(book, part)
            if here >= before or here[1] == before[1]:
                continue
        if not book.terms(part)[0]:
            continue
        worst = worst_windows(book, month, part.subscription) if every_day(part) else None
        for name, outcome in decide(book, part).items():
            if worst is None or worst.get((name, part.number)) == part.period.name:
                yield outcome


def place(book: Book, part: Part) -> tuple[int, str]:
    """Where a part's period stands among those of the subscription: by end, then name (S8.58).

    One of one name in several zones ends with the last of them.
    """
    period = part.period
    alike = (
        each.period.end
        for each in book.parts(period.month, part.subscription)
        if each.period.name == period.name
    )
    return max(alike, default=period.end), period.name


def has_row(book: Book, part: Part, terms: CreditTerms) -> bool:
    """Whether the credit pays at all and has something to look at in a part (S8.10)."""
    if terms.formula == "none":
        return False
    return bool(terms.clocks) or any(book.measure(part, name) for name in terms.availabilities)


def every_day(part: Part) -> bool:
    """Whether the part's period is one of a window for each date (S3.35)."""
    return ending(part.period.spec) == "every_day"


def worst_windows(book: Book, month: str, subscription: str) -> dict[tuple[str, int], str]:
    """Per credit and part number the window of the month that is its row (S6.95, S8.102).

    Only windows in which the credit has a row compete.
    """
    key = ("windows", month, subscription)
    if key not in book.outcomes:
        best: dict[tuple[str, int], Any] = {}
        for part in book.parts(month, subscription):
            if not every_day(part) or part.start >= book.at:
                continue
            for terms in book.terms(part)[0]:
                if not has_row(book, part, terms):
                    continue
                rank = _rank(book, part, terms)
                place = (terms.id, part.number)
                if place not in best or rank < best[place]:
                    best[place] = rank
        book.outcomes[key] = {place: rank[-1] for place, rank in best.items()}
    found: dict[tuple[str, int], str] = book.outcomes[key]
    return found


def rows_among_windows(book: Book, part: Part) -> frozenset[str] | None:
    """The credits whose row a window that ends every day is (S8.102); None: any other part."""
    if not every_day(part):
        return None
    rows = worst_windows(book, part.period.month, part.subscription)
    return frozenset(
        credit for (credit, number), name in rows.items()
        if (number, name) == (part.number, part.period.name)
    )  # fmt: skip


def _rank(book: Book, part: Part, terms: CreditTerms) -> tuple[bool, Fraction, int, str]:
    """Ended windows before others, the lowest uptime, then the earliest."""
    period = part.period
    ended = period.end <= book.at
    if not ended:
        return True, ZERO, period.end, period.name
    uptimes = [
        line.best.uptime for name in terms.availabilities for line in book.measure(part, name)
    ]
    return False, min(uptimes, default=Fraction(1)), period.end, period.name


def paid(
    book: Book,
    decide: Decide,
    part: Part,
    named: frozenset[str],
    months: Sequence[str],
    ended_after: int | None,
) -> Fraction:
    """What paid rows of earlier periods amount to, as known today (S8.56, S8.58)."""
    total = ZERO
    for outcome in _paid_before(book, decide, part, named, months):
        if ended_after is None or outcome.part.period.end > ended_after:
            total += outcome.amount()
    return total


def _paid_before(
    book: Book, decide: Decide, part: Part, named: frozenset[str], months: Sequence[str]
) -> Iterator[Outcome]:
    here = place(book, part)
    for month in months:
        for outcome in rows_of(book, decide, month, part.subscription, before=here):
            if outcome.terms.id in named and outcome.state in PAID:
                yield outcome


def spent(book: Book, decide: Decide, part: Part, terms: CreditTerms) -> frozenset[Any]:
    """Outages already counted by a paid row of the same credit for an earlier window (S8.86)."""
    if not claim_window(part):
        return frozenset()
    days = (part.period.end - part.period.start) // DAY + 1
    months = months_up_to(part.period.month, int(days // 28) + 2)
    return frozenset(
        (each.availability, each.line, each.start)
        for outcome in _paid_before(book, decide, part, frozenset({terms.id}), months)
        for each in outcome.tested.counts
        if each.key not in outcome.tested.leaves.get(each.availability, frozenset())
    )
