"""Credits (terms.md 2.16 to 2.21)."""

# ruff: noqa: RUF009 - need() and may() make dataclass fields, new ones for each member
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from schemas.terms_calendars import Period, a_period
from schemas.terms_edges import ONE_OF_A_SIDE, SOME_WORD, check_edge
from schemas.terms_matrices import (
    CREDITS,
    FORMULAS,
    OF_AVAILABILITIES,
    OF_CLOCKS,
    judged,
)
from schemas.terms_reading import (
    At,
    Reader,
    exactly_one,
    listed,
    may,
    need,
    part,
    unread,
    word_or,
)
from schemas.terms_shapes import Schema, by_word, like, only_one, shaped, told, with_its
from schemas.terms_values import (
    a_name,
    a_number,
    a_percent,
    a_text,
    amounts,
    an_amount,
    boolean,
    duration,
    either,
    ident,
    length,
    positive,
    ref,
    refs,
    unit_of,
    whole,
    word,
)

PAYS = ("percent", "amount", "days")


def _told(at: At, member: str) -> bool:
    return (*at.steps, member) in at.where.origins


def _pays(made: Any, at: At) -> Any:
    exactly_one(made, at, PAYS)
    return made


_ONE_PAY = only_one(*PAYS)


@shaped(
    lambda draw: {
        "description": "In the unit of `on`: per cent (or `target`), a length, or a whole number.",
        "anyOf": [{"enum": ["target"]}, draw.here(a_number), draw.here(length)],
    }
)
def _edge_of_band(raw: Any, at: At) -> Any:
    return unread(raw, at)


@shaped(lambda draw: {"anyOf": [draw.here(a_number), draw.here(length)]})
def number_or_length(raw: Any, at: At) -> Any:
    return unread(raw, at)


@dataclass(frozen=True)
class Eligibility:
    """Who gets it."""

    plans: tuple[str, ...] | None = may(listed(ident))
    billing: str | None = may(word("month", "year", "term"))
    signed: bool | None = may(boolean)
    standing: str | None = may(word("good"))
    affected: bool | None = may(boolean)


@dataclass(frozen=True)
class Band:
    """A row of the table; its edges are of the unit that `on` names."""

    below: str | None = may(_edge_of_band)
    at_most: str | None = may(_edge_of_band)
    at_least: str | None = may(_edge_of_band)
    above: str | None = may(_edge_of_band)
    percent: str | None = may(a_percent)
    amount: str | None = may(an_amount)
    days: str | None = may(a_number)


@dataclass(frozen=True)
class PerStep:
    """So much for every step."""

    percent: str = need(a_percent)
    per: str = need(number_or_length)
    below: str | None = may(either(a_percent, "target"))
    above: str | None = may(number_or_length, "0")
    rounding: str = need(word("floor", "ceil", "exact"))


def _below(made: DowntimePrice, at: At) -> DowntimePrice:
    if not _told(at, "below"):
        message = "a price of down time without `below`"
        at.report("price-without-below", message, "write `below: target` or `below: 100`")
    return made


@dataclass(frozen=True)
class DowntimePrice:
    """Times the price of the down time."""

    factor: str = need(a_number)
    below: str = may(either(a_percent, "target"))
    time: str | None = may(word("net", "clock"), "net")
    spread: str | None = may(word("period", "month"), "period")


@dataclass(frozen=True)
class Pay:
    """What each breach pays."""

    percent: str | None = may(a_percent)
    amount: str | None = may(an_amount)
    days: str | None = may(a_number)


@dataclass(frozen=True)
class DaysBefore:
    """The dates before a claim."""

    days: str = need(whole)
    before: str = need(word("claim"))


@dataclass(frozen=True)
class Base:
    """The money that a percent is of."""

    fee: str = need(word("recurring", "charged"))
    services: str = need(word("all", "affected"))
    over: str | DaysBefore = need(
        word_or(("period", "month_before"), part(DaysBefore), "period, month_before or days")
    )
    annual: str | None = may(word("twelfth", "days", "term_months"), "twelfth")


@dataclass(frozen=True)
class Cap:
    """No more than this over some time."""

    percent: str | None = may(a_percent)
    amount: str | None = may(an_amount)
    days: str | None = may(a_number)
    of: str | None = may(word("base", "month_fee", "term_fee", "invoice"))
    per: str = need(word("period", "month", "invoice", "term", "rolling_12_months"))


def _capped(made: Cap, at: At) -> Cap:
    exactly_one(made, at, PAYS)
    if _told(at, "amount"):
        if _told(at, "of"):
            at.refuse("of")
            return replace(made, of=None)
    elif not _told(at, "of"):
        at.missing("of")
    return made


a_cap_list: Reader = listed(
    part(Cap, _capped, _ONE_PAY, with_its("percent", "of"), with_its("days", "of"))
)


@dataclass(frozen=True)
class Minimum:
    """Less is not paid; one amount per currency."""

    at_least: str | tuple[str, ...] | None = may(amounts)
    above: str | tuple[str, ...] | None = may(amounts)


def _one_minimum(made: Minimum, at: At) -> Minimum:
    exactly_one(made, at, ("at_least", "above"))
    return made


@dataclass(frozen=True)
class Deadline:
    """What must come in time."""

    from_: str = need(word("incident_start", "incident_end", "period_end", "issued"))
    within: str = need(duration("d", "bd", "mo"))
    calendar: str | None = may(ref("calendar"))
    by: str | None = may(word("claim", "notice"), "claim")


def _counted(made: Deadline, at: At) -> Deadline:
    if unit_of(made.within or "") == "bd" and not _told(at, "calendar"):
        at.report("business-unit-without-calendar", "`bd` of which calendar?", "name one")
    return made


_CALENDAR_OF_BD: Schema = {
    "if": {"properties": {"within": {"type": "string", "pattern": "bd$"}}} | told("within"),
    "then": told("calendar"),
}


@dataclass(frozen=True)
class Claim:
    """What a claim needs."""

    required: bool = need(boolean)
    scope: str | None = may(word("period", "incident"), "period")
    written: bool | None = may(boolean)
    channels: tuple[str, ...] | None = may(listed(a_name))
    deadlines: tuple[Deadline, ...] | None = may(listed(part(Deadline, _counted, _CALENDAR_OF_BD)))


@dataclass(frozen=True)
class AtMost:
    """A share of the invoice."""

    percent: str = need(a_percent)
    of: str = need(word("invoice"))


@dataclass(frozen=True)
class Settle:
    """When it is paid."""

    when: str = need(word("next_invoice", "following_invoice", "future_invoices", "term_end"))
    at_most: AtMost | None = may(part(AtMost))
    rest: str | None = may(word("next_invoice", "lapse"))
    leftover: str = need(word("lapse", "pay_out"))


def _settled(made: Settle, at: At) -> Settle:
    if _told(at, "at_most"):
        if not _told(at, "rest"):
            at.missing("rest")
    elif _told(at, "rest"):
        at.refuse("rest")
        return replace(made, rest=None)
    return made


def _none_or(reader: Reader, asked: str) -> Reader:
    return word_or(("none",), reader, f"none or {asked}")


@dataclass(frozen=True)
class Credit:
    """Money for a broken promise; names in `for` that the plan switches off are gone."""

    id: str = need(ident)
    for_: tuple[str, ...] = need(refs("clock or availability"))
    eligibility: Eligibility | None = may(part(Eligibility))
    formula: str | None = need(word(*FORMULAS))
    on: str | None = may(word("uptime", "net_downtime", "longest_outage", "breaches"), "uptime")
    bands: tuple[Band, ...] | None = may(
        listed(part(Band, _pays, _ONE_PAY, SOME_WORD, *ONE_OF_A_SIDE))
    )
    per_step: PerStep | None = may(part(PerStep))
    downtime_price: DowntimePrice | None = may(part(DowntimePrice, _below, told("below")))
    each: Pay | None = may(part(Pay, _pays, _ONE_PAY))
    period: str | Period | None = may(a_period, "month")
    base: Base | None = may(part(Base))
    several: str | None = may(word("largest", "sum"))
    caps: str | tuple[Cap, ...] | None = may(_none_or(a_cap_list, "a list of caps"))
    minimum: Minimum | None = may(part(Minimum, _one_minimum, only_one("at_least", "above")))
    rounding: str | None = may(word("half_up", "half_even", "down"))
    claim: str | Claim | None = may(_none_or(part(Claim), "{required: true}"))
    settle: Settle | None = may(part(Settle, _settled, with_its("at_most", "rest")))
    clause: str | None = may(a_text)


_UNITS: dict[str, Reader] = {
    "uptime": a_percent,
    "net_downtime": length,
    "longest_outage": length,
    "breaches": whole,
}


def _by_formula(of_clocks: Any, made: Credit, at: At) -> Credit:
    on = made.on or ("breaches" if of_clocks else "uptime")
    unit = _UNITS[on]
    edges = either(unit, "target") if on == "uptime" else unit
    for place, band in enumerate(made.bands or ()):
        check_edge(band, at.down("bands").down(place), edges)
    if made.per_step is not None:
        made = replace(made, per_step=_stepped(made.per_step, at.down("per_step"), on, unit))
    if made.formula is None:
        return made
    column = FORMULAS.index(made.formula)
    made = judged(made, at, CREDITS, column)
    return judged(made, at, OF_CLOCKS if of_clocks else OF_AVAILABILITIES, column)


def _stepped(made: PerStep, at: At, on: str, unit: Reader) -> PerStep:
    if made.per is not None:
        positive(unit)(made.per, at.down("per"))
    if made.above is not None:
        either(unit, "0")(made.above, at.down("above"))
    refused = "above" if on == "uptime" else "below"
    if on == "uptime" and not _told(at, "below"):
        at.missing("below")
    if not _told(at, refused):
        return made
    at.refuse(refused)
    return replace(made, above=None) if refused == "above" else replace(made, below=None)


_credit = part(Credit, None, *by_word("formula", FORMULAS, CREDITS))


@shaped(like(_credit))
def credit(raw: Any, at: At) -> Any:
    """A credit; its matrix depends on whether it is for clocks or for availabilities."""
    made = _credit(raw, at)
    if made is None:
        return None
    named = raw.get("for")
    clocks = at.where.written["clock"]
    texts = [each for each in named if isinstance(each, str)] if isinstance(named, list) else []
    of_clocks, before = any(each in clocks for each in texts), len(at.where.errors)
    made = _by_formula(of_clocks, made, at)
    if of_clocks and any(each in at.where.written["availability"] for each in texts):
        for fault in at.where.errors[before:]:
            fault.fix = "make two credits of it: `for` names clocks and availabilities"
    return made
