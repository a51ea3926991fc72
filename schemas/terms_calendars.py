"""Calendars, zones and periods (terms.md 2.2, 2.3, 2.12)."""

# ruff: noqa: RUF009 - need() and may() make dataclass fields, new ones for each member
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.terms_matrices import CALENDAR_FORMS, CALENDARS, judged
from schemas.terms_reading import At, Reader, exactly_one, listed, may, need, part, word_or
from schemas.terms_shapes import Schema, like, mapping_of, only_one, shaped, told, with_its
from schemas.terms_values import (
    MONTHS,
    WEEKDAYS,
    a_name,
    a_text,
    a_zone,
    ident,
    positive,
    ref,
    time_of_day,
    whole,
    word,
    words,
)


@dataclass(frozen=True)
class Window:
    """The open hours of some weekdays; an end not after the start is on the next date."""

    days: tuple[str, ...] = need(words(*WEEKDAYS))
    from_: str = need(time_of_day())
    to: str = need(time_of_day(end=True))


@dataclass(frozen=True)
class Names:
    """`{any: [name]}` or `{all: [name]}`."""

    any: tuple[str, ...] | None = may(listed(a_name))
    all: tuple[str, ...] | None = may(listed(a_name))


def _one_list(made: Names, at: At) -> Names:
    exactly_one(made, at, ("any", "all"))
    return made


any_or_all: Reader = part(Names, _one_list, only_one("any", "all"))


@shaped(lambda draw: {"anyOf": [draw.here(a_name), draw.here(any_or_all)]})
def _holidays(raw: Any, at: At) -> Any:
    if isinstance(raw, list):
        at.wrong(raw, "a holiday set, {any: [SET]} or {all: [SET]}")
        return None
    return a_name(raw, at) if isinstance(raw, str) else any_or_all(raw, at)


_only_true = word("true")


@shaped(lambda _: {"enum": [True, "true"]})
def _always(raw: Any, at: At) -> bool | None:
    return bool(_only_true(raw, at)) or None


@dataclass(frozen=True)
class Calendar:
    """Business hours in one of three forms: always, weekly, composed of others."""

    always: bool | None = may(_always)
    weekly: tuple[Window, ...] | None = may(listed(part(Window)))
    any: tuple[str, ...] | None = may(listed(ref("calendar")))
    all: tuple[str, ...] | None = may(listed(ref("calendar")))
    zone: str | None = may(a_zone, "zones.deadlines")
    holidays: str | Names | None = may(_holidays, "none")
    days: tuple[str, ...] | None = may(words(*WEEKDAYS))
    business_day: str | None = may(word("same_time", "hours", "end_of_day"), "same_time")
    clause: str | None = may(a_text)


def _formed(made: Calendar, at: At) -> Calendar:
    told = [each for each in ("always", "weekly", "any", "all") if _told(at, each)]
    if not told:
        at.missing("always, weekly, any or all", "write always, weekly, any or all")
        return made
    form = "composed" if told[0] in ("any", "all") else told[0]
    if form == "composed":
        exactly_one(made, at, ("any", "all"))
    return judged(made, at, CALENDARS, CALENDAR_FORMS.index(form))


def _told(at: At, member: str) -> bool:
    return (*at.steps, member) in at.where.origins


def by_id(reader: Reader) -> Reader:
    """The reader of a mapping whose keys are ids."""

    @shaped(mapping_of(reader))
    def read(raw: Any, at: At) -> Mapping[str, Any] | None:
        if not isinstance(raw, dict):
            at.wrong(raw, "a mapping", "write a mapping of ids: {ID: ...}")
            return None
        for each in raw:
            ident(each, at.down(each))
        return {each: reader(value, at.down(each)) for each, value in raw.items()}

    return read


_FORMS: Schema = {"anyOf": [told(form) for form in ("always", "weekly", "any", "all")]}
_each_calendar = by_id(part(Calendar, _formed, _FORMS))


@shaped(like(_each_calendar))
def calendars(raw: Any, at: At) -> Any:
    """The calendars by id; none may be composed of itself."""
    found = _each_calendar(raw, at)
    for start in found or ():
        if start in _composed_of(found, start):
            message = f"`{start}` is composed of itself"
            at.down(start).report("calendar-circle", message, "break the circle")
    return found


def _composed_of(found: Mapping[str, Calendar | None], start: str) -> set[str]:
    """Every calendar that one is made of, however deep."""
    reached: set[str] = set()
    ahead = [start]
    while ahead:
        made = found.get(ahead.pop())
        for part_id in (made and (made.any or made.all)) or ():
            if part_id not in reached:
                reached.add(part_id)
                ahead.append(part_id)
    return reached


@dataclass(frozen=True)
class Zones:
    """The zone of periods, and that of deadlines."""

    period: str = need(a_zone)
    deadlines: str = may(a_zone)  # asked for by the contract, which knows whether a claim needs it


@dataclass(frozen=True)
class Quarter:
    """Quarters of a year that begins in a month."""

    first: str = need(word(*MONTHS))


@dataclass(frozen=True)
class Period:
    """`{quarter: {first}}` or `{days, ending}`; other periods are words."""

    quarter: Quarter | None = may(part(Quarter))
    days: str | None = may(positive(whole))
    ending: str | None = may(word("month_end", "every_day", "claim"))


def _one_period(made: Period, at: At) -> Period:
    found = exactly_one(made, at, ("quarter", "days"))
    if found == "days" and not _told(at, "ending"):
        at.missing("ending")
    if found == "quarter" and _told(at, "ending"):
        at.down("ending").report("wrong-value", "`ending` goes with `days`", "remove it")
    return made


_QUARTERS_OR_DAYS = (
    only_one("quarter", "days"),
    with_its("days", "ending"),
    with_its("ending", "days"),
)
a_period: Reader = word_or(
    ("month", "quarter", "year", "billing_cycle"),
    part(Period, _one_period, *_QUARTERS_OR_DAYS),
    "month, quarter, year, billing_cycle, {quarter} or {days, ending}",
)
