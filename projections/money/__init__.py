"""The arithmetic of credits: formulas, several lines, caps, pools, minimum (S8.15 to S8.66).

Pure and exact: `Fraction` in, `Fraction` out, nothing is rounded here and nothing knows a ledger.
Percentages are in per cent, lengths in whole microseconds, money in units of the row's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

DAY = 86_400_000_000
"""A day of service in microseconds (S8.22)."""
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Edges:
    """One or two comparisons that hold together; all None fits everything."""

    below: Fraction | None = None
    at_most: Fraction | None = None
    at_least: Fraction | None = None
    above: Fraction | None = None

    def fits(self, value: Fraction) -> bool:
        """Whether the value keeps every edge, compared exactly (S1.4)."""
        return not (
            (self.below is not None and value >= self.below)
            or (self.at_most is not None and value > self.at_most)
            or (self.at_least is not None and value < self.at_least)
            or (self.above is not None and value <= self.above)
        )


@dataclass(frozen=True, slots=True)
class Pay:
    """What a band, a breach or a cap gives: exactly one of the three."""

    percent: Fraction | None = None
    amount: Fraction | None = None
    days: Fraction | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A row of `bands`; `edges` None where it names a target that there is not: it never fits."""

    edges: Edges | None
    pay: Pay


@dataclass(frozen=True, slots=True)
class Steps:
    """`per_step`: on uptime down from `start`, else up from it; rounding floor, ceil, exact."""

    percent: Fraction
    per: Fraction
    start: Fraction | None
    downwards: bool
    rounding: str


@dataclass(frozen=True, slots=True)
class Figure:
    """What a formula gives for one line, before caps; `band` is the row's number from 0."""

    amount: Fraction
    band: int | None = None
    percent: Fraction | None = None
    days: Fraction | None = None
    currency: str | None = None


def paid(pay: Pay, base: Fraction, part_us: int, times: int = 1) -> Figure:
    """What a row pays, `times` over: percent of the base, an amount, days (S8.21, S8.22)."""
    if pay.percent is not None:
        percent = pay.percent * times
        return Figure(base * percent / 100, percent=percent)
    if pay.amount is not None:
        return Figure(pay.amount * times, currency=pay.currency)
    days = (pay.days or ZERO) * times
    return Figure(of_days(days, base, part_us), days=days)


def of_days(days: Fraction, whole: Fraction, time_us: int) -> Fraction:
    """Days of service as money: whole / (time in days) x days; no time, no money (S8.22)."""
    return whole * DAY / time_us * days if time_us else ZERO


def by_bands(value: Fraction, rows: Sequence[Band], base: Fraction, part_us: int) -> Figure:
    """By the first row that the value fits; none fits: 0 (S8.15)."""
    for number, row in enumerate(rows):
        if row.edges is not None and row.edges.fits(value):
            return replace(paid(row.pay, base, part_us), band=number)
    return Figure(ZERO, percent=ZERO)


def by_steps(value: Fraction, steps: Steps, base: Fraction) -> Figure:
    """The base x n x percent / 100 with n full, started or exact steps (S8.16, S8.17)."""
    if steps.start is None:
        return Figure(ZERO, percent=ZERO)
    distance = steps.start - value if steps.downwards else value - steps.start
    count = max(ZERO, distance / steps.per)
    if steps.rounding == "floor":
        count = Fraction(count.numerator // count.denominator)
    elif steps.rounding == "ceil":
        count = Fraction(-(-count.numerator // count.denominator))
    percent = count * steps.percent
    return Figure(base * percent / 100, percent=percent)


def by_price(base: Fraction, net: Fraction, denominator: Fraction, factor: Fraction) -> Fraction:
    """The price of the down time: base x net / denominator x factor; denominator 0: 0 (S8.18)."""
    return base * net / denominator * factor if denominator else ZERO


@dataclass(frozen=True, slots=True)
class Cap:
    """A cap ready to cut: its number in the list, W and D of S8.50 to S8.55, what is taken off.

    `earlier` is what earlier periods and earlier parts have used up of it (S8.56, S8.59).
    """

    number: int
    pay: Pay
    whole: Fraction
    time_us: int
    earlier: Fraction = ZERO

    def limit(self) -> Fraction:
        """What the cap leaves; never below 0 (S8.59)."""
        if self.pay.amount is not None:
            most = self.pay.amount
        elif self.pay.percent is not None:
            most = self.whole * self.pay.percent / 100
        else:
            most = of_days(self.pay.days or ZERO, self.whole, self.time_us)
        return max(ZERO, most - self.earlier)


@dataclass(frozen=True, slots=True)
class Cut:
    """A cap that cut: its number, the amount before and after it."""

    number: int
    before: Fraction
    after: Fraction


def capped(amount: Fraction, caps: Sequence[Cap]) -> tuple[Fraction, tuple[Cut, ...]]:
    """The amount after the caps as listed, each cutting what those before it left."""
    cuts: list[Cut] = []
    for cap in caps:
        limit = cap.limit()
        if amount > limit:
            cuts.append(Cut(cap.number, amount, limit))
            amount = limit
    return amount, tuple(cuts)


def largest(amounts: Sequence[Fraction]) -> int:
    """The number of the largest amount; ties: the first listed (S8.45, S8.61)."""
    return max(range(len(amounts)), key=lambda number: (amounts[number], -number))


def standing_line(amounts: Sequence[Fraction], uptimes: Sequence[Fraction]) -> int:
    """The line shown under `largest`: the largest amount, all 0: the lowest uptime (S8.45)."""
    if any(amounts):
        return largest(amounts)
    return min(range(len(uptimes)), key=lambda number: (uptimes[number], number))


def filled(amounts: Sequence[Fraction], total: Fraction) -> list[Fraction]:
    """A cut sum filled in the order listed, each at most its own amount (S8.62)."""
    shares: list[Fraction] = []
    for amount in amounts:
        shares.append(min(amount, total))
        total -= shares[-1]
    return shares


def fits_minimum(amount: Fraction, minimum: Edges | None) -> bool:
    """Whether an amount is paid at all: 0, no minimum, or the edge fits (S8.65)."""
    return amount == 0 or minimum is None or minimum.fits(amount)
