"""What a credit's formula gives for each line, for best or for worst (S8.12 to S8.23, S8.45).

A line is a service, a resource, the sum of several, or all clocks of the credit together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from projections import money
from projections.money import Figure, bases, fee_facts
from projections.money.bases import Base
from projections.money.clauses import CreditTerms, Shown
from projections.money.clauses_read import target_number
from projections.money.eligibility import OUTAGE_MEASURES, WHOLE_PERIOD
from schemas.instant import Interval

if TYPE_CHECKING:
    from projections.money.bases import Ground
    from projections.money.book import Book, LeftOut
    from projections.sweep.measured import LineUptime, Measured
    from projections.terms.parts import Part

ZERO = Fraction(0)
Leaves = Mapping[str | None, "frozenset[Any]"]
"""Per availability the outages that leave; under None the numbers of breaches that leave."""


@dataclass(frozen=True, slots=True)
class Worked:
    """One line worked out: its figures, its base, what the formula gives."""

    service: str | None
    uptime: Fraction | None
    base: Base
    figure: Figure


@dataclass(frozen=True, slots=True)
class Whole:
    """A credit before caps (S8.45, S8.46): all members that its row shows.

    `amount` is None where no charge is known (S8.41); `charged` is the first charge's currency.
    """

    service: str | None
    uptime: Fraction | None
    band: Shown | None
    percent: Fraction | None
    days: Fraction | None
    base: Fraction | None
    amount: Fraction | None
    currencies: tuple[str, ...]
    charged: str | None
    below: Fraction | None


def whole_of(
    book: Book, part: Part, terms: CreditTerms, leaves: Leaves, *, worst: bool, claimed_at: int
) -> Whole:
    """Lines, formula, base and `several` of a credit in one mode (S8.1 to S8.3)."""
    ground = book.ground(part)
    if terms.clocks:
        found = [_of_clocks(book, part, terms, leaves, claimed_at)]
    else:
        found = [
            _of_line(book, ground, terms, line, _measured(line, leaves, worst=worst), claimed_at)
            for name in terms.availabilities
            for line in book.measure(part, name, _leave(leaves, name))
        ]
    return _joined(terms, found)


def _leave(leaves: Leaves, name: str) -> LeftOut:
    return leaves.get(name, frozenset())


def _measured(line: LineUptime, leaves: Leaves, *, worst: bool) -> Measured:
    """The figures of a mode; where the period itself leaves, nothing was down (S8.84)."""
    measured = line.worst if worst and line.at_best is None else line.headline
    if leaves.get(WHOLE_PERIOD) and str(line.availability.measure) not in OUTAGE_MEASURES:
        return replace(measured, uptime=Fraction(1))
    return measured


def _of_clocks(
    book: Book, part: Part, terms: CreditTerms, leaves: Leaves, claimed_at: int
) -> Worked:
    """All clocks of a credit together are one line (S8.12)."""
    ground = book.ground(part)
    gone = leaves.get(None, frozenset())
    count = sum(number not in gone for number, _ in enumerate(book.breaches(part, terms.clocks)))
    base = bases.base_of(ground, terms.base, bases.time_of(ground, terms.base, claimed_at), ())
    amount, covered = base.amount or ZERO, _covered(part)
    if terms.formula == "each" and terms.each is not None:
        figure = money.paid(terms.each, amount, covered, times=count)
    else:
        figure = _banded(terms, Fraction(count), None, amount, covered)
    return Worked(None, None, base, figure)


def _covered(part: Part) -> int:
    return sum(end - start for start, end in part.coverage)


def _of_line(
    book: Book, ground: Ground, terms: CreditTerms, line: LineUptime, measured: Measured,
    claimed_at: int,
) -> Worked:  # fmt: skip
    target = target_number(line.availability)
    meant = [each for each in book.lines(ground.part, line.availability) if each.id in line.lines]

    def base_over(month: Interval | None = None) -> Base:
        time = bases.time_of(ground, terms.base, claimed_at, month)
        return bases.base_of(ground, terms.base, time, meant)

    if terms.price is not None:
        base, figure = _priced(ground, terms, measured, target, base_over)
    else:
        base = base_over()
        value = _value(terms.on, measured)
        figure = _banded(terms, value, target, base.amount or ZERO, _covered(ground.part))
    return Worked(line.service, measured.uptime, base, figure)


def _value(on: str, measured: Measured) -> Fraction:
    """What bands and steps look at (S8.23)."""
    if on == "net_downtime":
        return measured.net
    if on == "longest_outage":
        return Fraction(max((outage.net_clock for outage in measured.outages), default=0))
    return measured.uptime * 100


def _banded(
    terms: CreditTerms, value: Fraction, target: Fraction | None, base: Fraction, covered: int
) -> Figure:
    """`bands` or `per_step` of a value (S8.15 to S8.17)."""
    if terms.steps is not None:
        steps = terms.steps.against(target, downwards=terms.on == "uptime")
        return money.by_steps(value, steps, base)
    rows = [money.Band(each.edges.against(target), each.pay) for each in terms.bands]
    return money.by_bands(value, rows, base, covered)


def _priced(
    ground: Ground, terms: CreditTerms, measured: Measured, target: Fraction | None, base_over: Any
) -> tuple[Base, Figure]:
    """`downtime_price`, for the period or month by month (S8.18 to S8.20)."""
    price = terms.price
    assert price is not None
    below = price.below if price.below is not None else target
    pays = below is not None and measured.uptime * 100 < below
    if not price.by_month:
        base = base_over()
        return base, Figure(_price(terms, base, measured) if pays else ZERO)
    found = []
    for month in fee_facts.months(ground.part.coverage, ground.zone):
        span = Interval(month.start, month.end)
        found.append((base_over(span), measured.within(span.start, span.end)))
    total = sum((_price(terms, base, cut) for base, cut in found), ZERO) if pays else ZERO
    return _added([base for base, _ in found]), Figure(total)


def _price(terms: CreditTerms, base: Base, measured: Measured) -> Fraction:
    assert terms.price is not None
    net, denominator = measured.net, measured.denominator
    if terms.price.clock:
        net, denominator = Fraction(measured.net_clock), Fraction(measured.denominator_clock)
    return money.by_price(base.amount or ZERO, net, denominator, terms.price.factor)


def _added(found: Sequence[Base]) -> Base:
    """Several bases as one: unknown where one is (S8.41)."""
    currencies = tuple(dict.fromkeys(name for base in found for name in base.currencies))
    below = [base.below for base in found if base.below is not None]
    amounts = [base.amount for base in found]
    known = [amount for amount in amounts if amount is not None]
    total = sum(known, ZERO) if len(known) == len(amounts) else None
    return Base(total, currencies, sum(below, ZERO) if below else None)


def _joined(terms: CreditTerms, found: Sequence[Worked]) -> Whole:
    """One row of several lines (S8.45, S8.46); one whose charge is unknown stands (S8.41)."""
    unknown = [each for each in found if each.base.amount is None]
    if unknown:
        return replace(_single(terms, min(unknown, key=_uptime)), base=None, amount=None)
    if terms.adds and len(found) > 1:
        return _sum(terms, found)
    amounts = [each.figure.amount for each in found]
    return _single(terms, found[money.standing_line(amounts, [_uptime(each) for each in found])])


def _uptime(line: Worked) -> Fraction:
    return line.uptime if line.uptime is not None else ZERO


def _single(terms: CreditTerms, line: Worked) -> Whole:
    figure = line.figure
    return Whole(
        service=line.service,
        uptime=line.uptime,
        band=None if figure.band is None else terms.bands[figure.band].shown,
        percent=figure.percent,
        days=figure.days,
        base=line.base.amount,
        amount=figure.amount,
        currencies=_met(line),
        charged=_charged(terms, [line]),
        below=line.base.below,
    )


def _met(line: Worked) -> tuple[str, ...]:
    own = (line.figure.currency,) if line.figure.currency else ()
    return (*line.base.currencies, *own)


def _charged(terms: CreditTerms, found: Sequence[Worked]) -> str | None:
    if terms.base.fee != "charged":
        return None
    return next((name for each in found for name in each.base.currencies), None)


def _sum(terms: CreditTerms, found: Sequence[Worked]) -> Whole:
    payers = [each for each in found if each.figure.amount > 0]
    lowest = min(found, key=_uptime)
    shown = _single(terms, payers[0] if payers else lowest)
    if len(payers) > 1:
        days = [each.figure.days for each in payers if each.figure.days is not None]
        shown = replace(
            shown, service=None, uptime=None, band=None, percent=None,
            days=sum(days, ZERO) if days else None,
        )  # fmt: skip
    base = shown.base
    if terms.base.affected:
        base = sum((each.base.amount or ZERO for each in payers), ZERO)
    below = [each.base.below for each in found if each.base.below is not None]
    return replace(
        shown,
        base=base,
        amount=sum((each.figure.amount for each in found), ZERO),
        currencies=tuple(dict.fromkeys(name for each in found for name in _met(each))),
        charged=_charged(terms, found),
        below=below[0] if below else None,
    )
