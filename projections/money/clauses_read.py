"""Credits, pools and rights of a resolved contract, read into plain values (terms.md 2.16-2.23)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, cast

from projections.money import Edges, Pay
from projections.money.clauses import (
    EDGE_WORDS,
    SHOWN,
    TARGET,
    BandTerms,
    BaseTerms,
    CapTerms,
    ClaimTerms,
    CreditTerms,
    DeadlineTerms,
    EdgeTerms,
    Eligibility,
    PoolTerms,
    PriceTerms,
    Shown,
    StepTerms,
    length_us,
)
from projections.money.right_terms import AllOf, AnyOf, Condition, NumberTest, RightTerms
from schemas.money import Rounding

_LENGTH = re.compile(r"([0-9]+(?:\.[0-9]+)?)([a-z]+)")


def member(element: Any, name: str) -> Any:
    """A member of a resolved element by its name in terms.md; None where it is not there."""
    return getattr(element, name, None)


def written(value: Any) -> str:
    """A value as the contract writes it (I3)."""
    return str(getattr(value, "text", value))


def number(value: Any) -> Fraction | None:
    """A number, percent or length as an exact value, a length in us; None for `target`."""
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    text = written(value)
    if text == TARGET:
        return None
    length = _LENGTH.fullmatch(text)
    return length_us(Fraction(length[1]), length[2]) if length else Fraction(text)


def exact(value: Any) -> Fraction:
    """A number that is never the word `target`."""
    found = number(value)
    assert found is not None
    return found


def amount(value: Any) -> tuple[Fraction, str]:
    """`1.00 USD`."""
    figure, currency = written(value).split(" ")
    return Fraction(figure), currency


def edges(element: Any) -> EdgeTerms:
    """The edge words that an element holds."""
    return EdgeTerms(
        tuple(
            (word, number(member(element, word)))
            for word in EDGE_WORDS
            if member(element, word) is not None
        )
    )


def pay(element: Any) -> Pay:
    """What a row, a breach or a cap gives: percent, amount or days."""
    if member(element, "percent") is not None:
        return Pay(percent=exact(element.percent))
    if member(element, "amount") is not None:
        figure, currency = amount(element.amount)
        return Pay(amount=figure, currency=currency)
    return Pay(days=exact(element.days))


def shown(element: Any) -> Shown:
    """An element as I3 shows it: only the members it has, each as its text."""
    return tuple(
        (name, written(member(element, name)))
        for name in SHOWN
        if member(element, name) is not None
    )


def target_number(availability: Any) -> Fraction | None:
    """The number of an availability's target, without its edge word; None: there is none."""
    for _, value in edges(member(availability, "target")).words:
        return value
    return None


def target_edges(availability: Any) -> Edges | None:
    """The target as an edge; None for `none`."""
    found = edges(member(availability, "target"))
    return found.against(None) if found.words else None


def read_credits(document: Any) -> tuple[CreditTerms, ...]:
    """The credits of a contract, in its order."""
    return tuple(_credit(document, each) for each in document.credits or ())


def _credit(document: Any, credit: Any) -> CreditTerms:
    names = set(credit.for_ or ())
    measured = [each for each in document.availability or () if each.id in names]
    clocks = tuple(str(each.id) for each in document.clocks or () if each.id in names)
    pays = credit.formula != "none"
    return CreditTerms(
        id=str(credit.id),
        availabilities=tuple(str(each.id) for each in measured),
        clocks=clocks,
        period=measured[0].period if measured else member(credit, "period") or "month",
        on=str(member(credit, "on") or "uptime"),
        formula=str(credit.formula),
        bands=tuple(_band(each) for each in member(credit, "bands") or ()),
        steps=_steps(credit) if credit.formula == "per_step" else None,
        price=_price(credit.downtime_price) if credit.formula == "downtime_price" else None,
        each=pay(credit.each) if credit.formula == "each" else None,
        base=_base(member(credit, "base")) if pays else NO_BASE,
        adds=member(credit, "several") == "sum",
        caps=_caps(member(credit, "caps")),
        minimum=_minimum(member(credit, "minimum")),
        rounding=cast("Rounding", str(member(credit, "rounding") or "half_up")),
        claim=_claim(member(credit, "claim")),
        eligibility=_eligibility(member(credit, "eligibility")),
        at_most=_at_most(member(credit, "settle")),
    )


def _at_most(settle: Any) -> Fraction | None:
    found = member(settle, "at_most")
    return None if found is None else exact(found.percent)


def _band(row: Any) -> BandTerms:
    return BandTerms(edges(row), pay(row), shown(row))


def _steps(credit: Any) -> StepTerms:
    steps = credit.per_step
    on_uptime = member(credit, "on") in (None, "uptime")
    start = member(steps, "below") if on_uptime else member(steps, "above")
    return StepTerms(
        percent=exact(steps.percent),
        per=exact(steps.per),
        start=Fraction(0) if start is None else number(start),
        rounding=str(steps.rounding),
    )


def _price(price: Any) -> PriceTerms:
    return PriceTerms(
        factor=exact(price.factor),
        below=number(price.below),
        clock=member(price, "time") == "clock",
        by_month=member(price, "spread") == "month",
    )


NO_BASE = BaseTerms("recurring", affected=False, over="period", days=0, annual="twelfth")
"""What stands for the base of a credit that has none."""


def _base(base: Any) -> BaseTerms:
    over = base.over
    days = member(over, "days")
    return BaseTerms(
        fee=str(base.fee),
        affected=base.services == "affected",
        over=str(over) if days is None else "claim",
        days=0 if days is None else int(exact(days)),
        annual=str(member(base, "annual") or "twelfth"),
    )


def _caps(caps: Any) -> tuple[CapTerms, ...]:
    if caps is None or caps == "none":
        return ()
    return tuple(_cap(each) for each in caps)


def _cap(cap: Any) -> CapTerms:
    of = member(cap, "of")
    return CapTerms(pay(cap), None if of is None else str(of), str(cap.per), shown(cap))


def _minimum(minimum: Any) -> tuple[tuple[str, EdgeTerms], ...]:
    """The edge for each currency (S8.65)."""
    found: list[tuple[str, EdgeTerms]] = []
    for word in ("at_least", "above"):
        said = member(minimum, word)
        several = said if isinstance(said, (list, tuple)) else [] if said is None else [said]
        for each in several:
            figure, currency = amount(each)
            found.append((currency, EdgeTerms(((word, figure),))))
    return tuple(found)


def _claim(claim: Any) -> ClaimTerms | None:
    """What a claim needs; None where none is asked for (terms.md 2.20)."""
    if claim is None or claim == "none" or not claim.required:
        return None
    channels = _names(member(claim, "channels"))
    return ClaimTerms(
        scope=str(member(claim, "scope") or "period"),
        written=bool(member(claim, "written")),
        channels=None if channels is None or "any" in channels else channels,
        deadlines=tuple(_deadline(each) for each in member(claim, "deadlines") or ()),
    )


def _deadline(deadline: Any) -> DeadlineTerms:
    length = _LENGTH.fullmatch(written(deadline.within))
    assert length is not None
    calendar = member(deadline, "calendar")
    return DeadlineTerms(
        moment=str(deadline.from_),
        number=int(length[1]),
        unit=length[2],
        calendar=None if calendar is None else str(calendar),
        by=str(member(deadline, "by") or "claim"),
    )


def _names(told: Iterable[Any] | None) -> frozenset[str] | None:
    return None if told is None else frozenset(str(each) for each in told)


def _eligibility(told: Any) -> Eligibility:
    billing, signed = member(told, "billing"), member(told, "signed")
    return Eligibility(
        plans=_names(member(told, "plans")),
        billing=None if billing is None else str(billing),
        signed=None if signed is None else bool(signed),
        standing=member(told, "standing") == "good",
        affected=bool(member(told, "affected")),
    )


def read_pools(document: Any) -> tuple[PoolTerms, ...]:
    """The pools of a contract (terms.md 2.22)."""
    return tuple(
        PoolTerms(
            str(each.id),
            tuple(dict.fromkeys(str(name) for name in each.credits)),
            str(each.take),
            _caps(member(each, "caps")),
        )
        for each in document.pools or ()
    )


def read_rights(document: Any) -> tuple[RightTerms, ...]:
    """The rights of a contract (terms.md 2.23)."""
    return tuple(
        RightTerms(str(each.id), _condition(each.when), _within_days(each.exercise_within))
        for each in document.rights or ()
    )


def _within_days(told: Any) -> int | None:
    length = _LENGTH.fullmatch(written(told))
    return None if length is None else int(length[1])


def _condition(told: Any) -> Condition:
    if member(told, "any") is not None:
        return AnyOf(tuple(_condition(each) for each in told.any))
    if member(told, "all") is not None:
        return AllOf(tuple(_condition(each) for each in told.all))
    found = edges(told)
    if not found.words:
        found = EdgeTerms((("at_least", Fraction(1)),))
    fits = found.against(None)
    assert fits is not None
    availability = member(told, "net_downtime")
    return NumberTest(
        net_downtime=None if availability is None else str(availability),
        breached=tuple(dict.fromkeys(str(name) for name in member(told, "breached") or ())),
        edges=fits,
        times=_whole(member(told, "times"), 1),
        of_last=_whole(member(told, "of_last"), 1),
        in_all=bool(member(told, "in_all")),
        claimed=bool(member(told, "claimed")),
    )


def _whole(value: Any, default: int) -> int:
    return default if value is None else int(exact(value))
