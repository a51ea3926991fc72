"""The lowest and the highest amount that the readings leave a dispute (I5 `readings --dispute`).

The amount is what the statements that rest on the dispute's subject may have to pay or have paid.
It is asked anew under combinations of readings; those that cannot touch money are left out first,
those that change no credit of these statements next (`reading_search`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from projections.dispute_statements import Resting, resting
from projections.members import ordered
from projections.money import credits as credit_rows
from projections.reading_search import Choice, Search
from projections.reading_uses import may_pay, open_readings
from projections.rows_compared import DisputeReadingsRow, ReadingTaken
from projections.supposition import SupposedReading, Supposition
from schemas.money import amount_text

if TYPE_CHECKING:
    from projections.terms import Fact
    from projections.view import View

MOST = 1024
"""Combinations that are asked at most: some tens of seconds."""
_OWES_NOTHING = frozenset({"none", "expired", "rejected", "reversed"})
Amounts = Mapping[str, Fraction]
ZERO = Fraction(0)


def rows(view: View, opened: Fact, most: int = MOST) -> list[DisputeReadingsRow]:
    """One row a currency; none where no statement rests on the dispute or none has a credit.

    Raises TooMany where more than `most` combinations matter.
    """
    customer = opened.data["customer"]
    supposition = view.agreements.supposition
    plain = view.engine.view(view.as_of, customer, supposition)
    theirs = frozenset(
        span.subscription for span in plain.agreements.spans if span.customer == customer
    )
    own = plain.supposing(supposition, theirs)
    stated = resting(own, opened)
    if not stated:
        return []
    asked = _Asked(own, customer, stated)
    told = Search(asked.questions, asked, most).combinations()
    amounts = {choice: _amounts(each) for choice, each in told.items()}
    currencies = {currency for each in amounts.values() for currency in each}
    found: list[DisputeReadingsRow] = ordered(
        _row(asked.chosen, currency, {c: each.get(currency, ZERO) for c, each in amounts.items()})
        for currency in currencies
    )
    return found


class _Credit(NamedTuple):
    """What counts of a credit: also its uptime, for the little changes that add up to a band."""

    currency: str | None
    amount: str | None
    state: str
    uptime_percent: str | None


class _Asked:
    """The credits of some statements of one customer, under any choice of readings."""

    def __init__(self, view: View, customer: str, stated: Iterable[Resting]) -> None:
        self._view = view
        self._customer = customer
        self._stated: dict[str, set[str]] = {}
        for each in stated:
            self._stated.setdefault(each.month, set()).add(each.subscription)
        self._subscriptions = frozenset(each.subscription for each in stated)
        told = may_pay(view.agreements, self._subscriptions)
        self._of_clocks = told.of_clocks
        self.chosen = _chosen(stated)
        """The option that holds in all parts of the statements, where it is one and the same."""
        self.questions = open_readings(view.agreements, self._subscriptions, told.readings)

    def __call__(self, choice: Choice) -> tuple[_Credit, ...]:
        supposed = tuple(SupposedReading(*each) for each in sorted(choice))
        view = self._view.supposing(
            Supposition(supposed),
            self._subscriptions,
            same_clocks=not any(name in self._of_clocks for name, _ in choice),
        )
        return tuple(
            _Credit(row.currency, row.amount, row.state, row.uptime_percent)
            for month, subscriptions in sorted(self._stated.items())
            for row in credit_rows.rows(view, [month])
            if row.subscription in subscriptions and row.customer == self._customer
        )


def _chosen(stated: Iterable[Resting]) -> dict[str, str]:
    held: dict[str, set[str]] = {}
    for each in stated:
        for part in each.parts:
            for name, option in part.terms.readings.items():
                held.setdefault(name, set()).add(option)
    return {name: options.pop() for name, options in held.items() if len(options) == 1}


def _amounts(told: Iterable[_Credit]) -> Amounts:
    """By currency what may have to be paid, or is: credits that came to nothing are left out."""
    found: dict[str, Fraction] = {}
    for row in told:
        if row.currency is not None:
            owed = ZERO if row.state in _OWES_NOTHING else Fraction(row.amount or 0)
            found[row.currency] = found.get(row.currency, ZERO) + owed
    return found


def _row(
    chosen: Mapping[str, str], currency: str, amounts: Mapping[Choice, Fraction]
) -> DisputeReadingsRow:
    matter = sorted(_matter(amounts))
    lowest, highest = _first(amounts, 1), _first(amounts, -1)
    return DisputeReadingsRow(
        currency,
        amount_text(amounts[lowest], currency),
        amount_text(amounts[highest], currency),
        tuple(_taken(matter, chosen, lowest)),
        tuple(_taken(matter, chosen, highest)),
    )


def _matter(amounts: Mapping[Choice, Fraction]) -> set[str]:
    """The interpretations on which the amount depends under some choice of the others."""
    found: set[str] = set()
    for choice, amount in amounts.items():
        for one in choice:
            if one[0] not in found and amounts[choice - {one}] != amount:
                found.add(one[0])
    return found


def _first(amounts: Mapping[Choice, Fraction], sign: int) -> Choice:
    """The choice with the least amount (the most, with sign -1), nearest to things as they are."""
    return min(amounts, key=lambda each: (sign * amounts[each], len(each), sorted(each)))


def _taken(
    matter: Iterable[str], chosen: Mapping[str, str], choice: Choice
) -> Iterator[ReadingTaken]:
    """Every interpretation that matters; one that is left as several parts read it is not named."""
    options = {**chosen, **dict(choice)}
    for name in matter:
        if name in options:
            yield ReadingTaken(name, options[name])
