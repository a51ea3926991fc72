"""What one line pays before caps (S8.15 to S8.23)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.reference.terms_view import edge_fits, length_us, money_of, number_of

DAY = 86_400_000_000


@dataclass
class Value:
    """What a formula looks at, of one line (S8.23)."""

    uptime: Fraction | None
    net: Fraction
    time: Fraction
    net_clock: int
    time_clock: int
    longest: int
    breaches: int
    part_us: int
    target: Any


@dataclass
class Paid:
    """What one line pays, with the figures of its row."""

    service: str | None
    uptime: Fraction | None
    base: Fraction | None
    currency: str | None
    amount: Fraction | None = Fraction(0)
    band: Any = None
    percent: Fraction | None = None
    days: Fraction | None = None
    negative: Fraction | None = None
    """The base below zero that counts as 0 (S8.42)."""
    others: set[str] = field(default_factory=set)
    """Currencies of fees, charges, amounts and the minimum that are not the row's (S8.43)."""


def pay(credit: Any, value: Value, paid: Paid) -> None:
    """Fill in amount, band, percent and days."""
    if paid.base is None:  # S8.41
        paid.amount = None
    base = paid.base or Fraction(0)
    if credit.formula == "bands":
        _bands(credit, value, paid, base)
    elif credit.formula == "per_step":
        _per_step(credit, value, paid, base)
    elif credit.formula == "each":  # S8.21
        _reward(credit.each, Fraction(value.breaches), value, paid, base)
    else:
        _price(credit, value, paid, base)


def looked_at(credit: Any, value: Value) -> Fraction:
    """S8.23: v, in percent, microseconds or a number."""
    word = credit.on or "uptime"
    if word == "uptime":
        assert value.uptime is not None
        return value.uptime * 100
    if word == "net_downtime":
        return value.net
    return Fraction(value.longest if word == "longest_outage" else value.breaches)


def _bands(credit: Any, value: Value, paid: Paid, base: Fraction) -> None:
    """S8.15: the first row that v fits."""
    v = looked_at(credit, value)
    for row in credit.bands:
        if edge_fits(row, v, unit=credit.on or "uptime", target=value.target):
            paid.band = row
            _reward(row, Fraction(1), value, paid, base)
            return
    paid.percent = Fraction(0)


def _reward(row: Any, number: Fraction, value: Value, paid: Paid, base: Fraction) -> None:
    """A percent of the base, an amount, or days of service (S8.15, S8.21, S8.22)."""
    amount = Fraction(0)
    if row.percent is not None:
        paid.percent = number * number_of(row.percent)
        amount = base * paid.percent / 100
    elif row.amount is not None:
        size, currency = money_of(row.amount)
        amount = number * size
        if currency != paid.currency:
            paid.others.add(currency)
    else:
        paid.days = number * number_of(row.days)
        amount = base / Fraction(value.part_us, DAY) * paid.days
    if paid.amount is not None:
        paid.amount = amount


def _per_step(credit: Any, value: Value, paid: Paid, base: Fraction) -> None:
    """S8.16, S8.17."""
    step = credit.per_step
    v = looked_at(credit, value)
    word = credit.on or "uptime"
    timed = word in ("net_downtime", "longest_outage")
    per = Fraction(length_us(step.per)) if timed else number_of(step.per)
    if word == "uptime":
        n = (_limit(step.below, value.target) - v) / per
    else:
        above = step.above or 0
        begin = Fraction(length_us(above)) if timed and above else number_of(above)
        n = (v - begin) / per
    n = max(n, Fraction(0))
    if step.rounding == "floor":
        n = Fraction(n.numerator // n.denominator)
    elif step.rounding == "ceil":
        n = Fraction(-(-n.numerator // n.denominator))
    paid.percent = n * number_of(step.percent)
    if paid.amount is not None:
        paid.amount = base * paid.percent / 100


def _limit(below: Any, target: Any) -> Fraction:
    """The word `target` is the number of the availability's target."""
    if str(getattr(below, "text", below)) == "target":
        return target_number(target)
    return number_of(below)


def target_number(target: Any) -> Fraction:
    """The number without its edge word; `none` (a lint error) stands for 0."""
    if target == "none" or target is None:
        return Fraction(0)
    for word in ("at_least", "above"):
        number = getattr(target, word)
        if number is not None:
            return number_of(number)
    return Fraction(0)


def _price(credit: Any, value: Value, paid: Paid, base: Fraction) -> None:
    """S8.18, S8.19, for one time."""
    price = credit.downtime_price
    assert value.uptime is not None
    clock = price.time == "clock"
    net = Fraction(value.net_clock) if clock else value.net
    time = Fraction(value.time_clock) if clock else value.time
    pays = value.uptime * 100 < _limit(price.below, value.target) and time > 0
    if paid.amount is not None:
        paid.amount = base * net / time * number_of(price.factor) if pays else Fraction(0)
