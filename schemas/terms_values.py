"""The scalars of terms (terms.md 1.2, 1.4): each is checked, and kept as its source text."""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.forms import IdForm
from schemas.forms_time import DateForm
from schemas.instant import FormError, parse_instant
from schemas.money import minor_unit
from schemas.terms_meant import nearest, nearest_duration, nearest_zone
from schemas.terms_reading import At, Reader, listed, shown
from schemas.terms_shapes import (
    UNQUOTED,
    Schema,
    Shape,
    like,
    named,
    one_of,
    shaped,
    text_like,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

WHOLE_UNITS = ("d", "bd", "mo")

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,12})?")
_WHOLE = re.compile(r"[0-9]{1,15}")
_LENGTH = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,12})?)([a-z]+)")
_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,12})? \S+")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_OFFSET = re.compile(r"[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]")
_HASH = re.compile(r"[0-9A-Fa-f]{64}")
_ID = IdForm.pattern
_WRAPPERS = ("reading", "by_plan")
_ID_ASKED = "an id (1 to 256 characters without [ and ], not reading or by_plan)"
_ID_SHAPE: Schema = {
    "anyOf": [text_like(r"[^\x00-\x1f\x7f\[\]]{1,256}"), UNQUOTED],
    "not": {"enum": list(_WRAPPERS)},
}


_SOME_NUMBER: Schema = {"type": "number", "minimum": 0, "exclusiveMaximum": 10**15}
_SOME_WHOLE: Schema = {"type": "integer", "minimum": 0, "exclusiveMaximum": 10**15}


def _matching(pattern: re.Pattern[str], name: str, asked: str, *unquoted: Schema) -> Reader:
    @shaped(named(name, f"{asked[0].upper()}{asked[1:]}.", text_like(pattern.pattern, *unquoted)))
    def read(raw: Any, at: At) -> str | None:
        if isinstance(raw, str) and pattern.fullmatch(raw):
            return raw
        at.wrong(raw, asked)
        return None

    return read


@shaped(
    named("text", "Any text, not empty.", {"anyOf": [{"type": "string", "minLength": 1}, UNQUOTED]})
)
def a_text(raw: Any, at: At) -> str | None:
    """Any text, not empty."""
    if isinstance(raw, str) and raw:
        return raw
    at.wrong(raw, "a text")
    return None


@shaped(named("id", f"A{_ID_ASKED[1:]}.", _ID_SHAPE))
def ident(raw: Any, at: At) -> str | None:
    """An id: without brackets, no name of a wrapper."""
    if is_id(raw):
        return str(raw)
    at.wrong(raw, _ID_ASKED)
    return None


def is_id(raw: Any) -> bool:
    """Whether a text may be an id of terms."""
    return (
        isinstance(raw, str)
        and bool(_ID.fullmatch(raw))
        and not set(raw) & {"[", "]"}
        and raw not in _WRAPPERS
    )


a_name = _matching(_ID, "name", "a name as the events write it", UNQUOTED)
a_number = _matching(_NUMBER, "number", "a number (digits, or digits . digits)", _SOME_NUMBER)
a_percent = _matching(_NUMBER, "percent", "a number in per cent (99.9)", _SOME_NUMBER)
whole = _matching(_WHOLE, "whole", "a whole number", _SOME_WHOLE)


def word(*words: str) -> Reader:
    """One of the words listed."""

    @shaped(lambda _: {"enum": list(words)})
    def read(raw: Any, at: At) -> str | None:
        if isinstance(raw, str) and raw in words:
            return raw
        asked = " or ".join(words) if len(words) < 3 else "one of " + ", ".join(words)
        fix = nearest(raw, words) if isinstance(raw, str) else f"write {asked}"
        at.report("wrong-value", f"{shown(raw)} where {asked} is asked", fix)
        return None

    return read


def words(*known: str) -> Reader:
    """A list of words."""
    return listed(word(*known))


@shaped(lambda _: {"enum": [True, False, "true", "false"]})
def boolean(raw: Any, at: At) -> bool | None:
    """`true` or `false`."""
    if raw in ("true", "false"):
        return bool(raw == "true")
    at.wrong(raw, "true or false")
    return None


def either(reader: Reader, *extra: str) -> Reader:
    """A value of some type, or one of the words that stand for it."""

    @shaped(one_of(reader, *extra))
    def read(raw: Any, at: At) -> Any:
        return raw if isinstance(raw, str) and raw in extra else reader(raw, at)

    return read


_NOTHING: Schema = {"anyOf": [{"const": 0}, text_like(r"[0.]+[a-z]*")]}


def positive(reader: Reader) -> Reader:
    """A number or length above nothing: what is divided by."""

    @shaped(lambda draw: {"allOf": [draw.at("allOf", "0").here(reader)], "not": _NOTHING})
    def read(raw: Any, at: At) -> Any:
        found = reader(raw, at)
        if found is not None and not Fraction(re.sub("[a-z]", "", found)):
            at.report("wrong-value", f"{shown(raw)} where more than 0 is asked", "more than 0")
            return None
        return found

    return read


_TO_ONE: Schema = {"maximum": 1, "pattern": r"^0*(?:0(?:\.[0-9]+)?|1(?:\.0+)?)$"}


@shaped(lambda draw: {"allOf": [draw.at("allOf", "0").here(a_number)]} | _TO_ONE)
def share_of_one(raw: Any, at: At) -> str | None:
    """A number from 0 to 1."""
    found: str | None = a_number(raw, at)
    if found is not None and Fraction(found) > 1:
        at.wrong(raw, "a number from 0 to 1")
        return None
    return found


def unit_of(duration: str) -> str:
    """The unit of a duration that has been read."""
    return duration.lstrip("0123456789.")


def _duration_shape(units: Collection[str]) -> Schema:
    """A number before the units; a whole one before days, business days and months."""
    parts = "|".join(unit for unit in units if unit not in WHOLE_UNITS)
    wholes = "|".join(unit for unit in units if unit in WHOLE_UNITS)
    several = [f"{_NUMBER.pattern}(?:{parts})"] if parts else []
    several += [f"{_WHOLE.pattern}(?:{wholes})"] if wholes else []
    return text_like("|".join(several)) | {"description": "A duration in " + ", ".join(units) + "."}


def duration(*units: str) -> Reader:
    """A number and one of some units; days, business days and months are whole."""
    asked = "a duration in " + ", ".join(units)

    @shaped(lambda _: _duration_shape(units))
    def read(raw: Any, at: At) -> str | None:
        found = _LENGTH.fullmatch(raw) if isinstance(raw, str) else None
        if found is None or found[2] not in units:
            at.wrong(raw, asked, nearest_duration(raw, units))
            return None
        if found[2] in WHOLE_UNITS and "." in found[1]:
            at.wrong(raw, f"a whole number before `{found[2]}`")
            return None
        return found[0]

    return read


length = duration("s", "m", "h", "d")
target_duration = duration("s", "m", "h", "d", "bm", "bh", "bd")


@shaped(named("amount", 'An amount ("1.00 USD").', text_like(_AMOUNT.pattern)))
def an_amount(raw: Any, at: At) -> str | None:
    """A number, one space, a currency."""
    if not isinstance(raw, str):
        at.wrong(raw, 'an amount ("1.00 USD")')
        return None
    if _NUMBER.fullmatch(raw) or (_AMOUNT.fullmatch(raw) and not _known(raw.split(" ")[1])):
        message = f"{shown(raw)} has no currency of ISO 4217"
        at.report("amount-without-currency", message, 'write "1.00 USD"')
        return None
    if not _AMOUNT.fullmatch(raw):
        at.wrong(raw, 'an amount ("1.00 USD")')
        return None
    return raw


def _known(currency: str) -> bool:
    try:
        minor_unit(currency)
    except KeyError:
        return False
    return True


_amounts = listed(an_amount)


@shaped(lambda draw: {"anyOf": [draw.here(an_amount), draw.at("anyOf", "1").here(_amounts)]})
def amounts(raw: Any, at: At) -> Any:
    """An amount, or a list of them."""
    return _amounts(raw, at) if isinstance(raw, list) else an_amount(raw, at)


def _wrong_date(raw: str, at: At, kind: str) -> None:
    at.report("wrong-date", f"{shown(raw)}: there is no such {kind}", f"a {kind} that exists")


@shaped(
    named(
        "moment",
        "A date (2026-11-01) or an instant with an offset.",
        text_like(f"{_DATE.pattern}|{_INSTANT.pattern}"),
    )
)
def moment(raw: Any, at: At) -> str | None:
    """An instant with an offset, or a date."""
    try:
        if isinstance(raw, str) and _DATE.fullmatch(raw):
            DateForm().read(raw)
            return raw
        if isinstance(raw, str) and _INSTANT.fullmatch(raw):
            parse_instant(raw)
            return raw
    except FormError:
        _wrong_date(raw, at, "date" if len(raw) == 10 else "instant")
        return None
    at.wrong(raw, "a date (2026-11-01) or an instant (2026-11-01T00:00:00+01:00)")
    return None


def time_of_day(*, end: bool = False) -> Reader:
    """`HH:MM`; `24:00` only as an end."""
    latest = "|24:00" if end else ""

    @shaped(lambda _: text_like(f"(?:[01][0-9]|2[0-3]):[0-5][0-9]{latest}"))
    def read(raw: Any, at: At) -> str | None:
        found = _TIME.fullmatch(raw) if isinstance(raw, str) else None
        if found is None:
            at.wrong(raw, "a time (HH:MM)")
            return None
        if (int(found[1]) < 24 and int(found[2]) < 60) or (end and found[0] == "24:00"):
            return found[0]
        _wrong_date(found[0], at, "time")
        return None

    return read


@cache
def zones() -> frozenset[str]:
    """The names of the zone data that travels with the program; nothing else of zones is here."""
    return frozenset((files("tzdata") / "zones").read_text("utf-8").split())


@shaped(
    named(
        "zone",
        "An IANA name (Europe/Brussels) or a fixed offset (-05:00).",
        text_like(rf"[A-Za-z][A-Za-z0-9_+/-]*|{_OFFSET.pattern}"),
    )
)
def a_zone(raw: Any, at: At) -> str | None:
    """An IANA name or a fixed offset."""
    if not isinstance(raw, str):
        at.wrong(raw, "a zone")
        return None
    if raw in zones() or _OFFSET.fullmatch(raw):
        return raw
    at.report("unknown-zone", f"{shown(raw)} is no zone", nearest_zone(raw, zones()))
    return None


text_hash = either(_matching(_HASH, "hash", "64 hex digits or none", {"type": "number"}), "none")


def _ref_shape(kind: str) -> Shape:
    name = f"{kind.replace(' ', '-')}-id"
    return named(name, f"The id of a {kind} of this document.", _ID_SHAPE)


def ref(kind: str) -> Reader:
    """The id of an element of some kind; it must be in the document."""

    @shaped(_ref_shape(kind))
    def read(raw: Any, at: At) -> str | None:
        found = ident(raw, at)
        if found is not None and found not in at.where.written[kind]:
            message = f"there is no {kind} `{found}`"
            at.report("unknown-id", message, nearest(found, at.where.written[kind]))
            return None
        return found

    return read


def refs(kind: str) -> Reader:
    """A list of ids; those of elements that the plan switches off are passed over (1.5)."""
    several = listed(ref(kind))

    @shaped(like(several))
    def read(raw: Any, at: At) -> Any:
        found = several(raw, at)
        live: Collection[str] = at.where.live[kind]
        return found and tuple(each for each in found if each in live)

    return read
