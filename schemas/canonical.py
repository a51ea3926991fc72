"""Canonical JSON (I3): one writer of text, numbers and layout for every answer and record.

The same value gives the same bytes on any machine: no white space, members in the order given,
seven escapes and no more, seconds as the shortest exact decimal of whole microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

_NAMED = {
    '"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r",
}  # fmt: skip
_ESCAPED = re.compile(r'["\\\x00-\x1f]')


def text(value: str) -> str:
    """A JSON string with the escapes of I3 and no others."""
    return '"' + _ESCAPED.sub(_escape, value) + '"'


def _escape(match: re.Match[str]) -> str:
    found = match.group()
    return _NAMED.get(found) or f"\\u{ord(found):04x}"


def seconds(microseconds: int) -> str:
    """Whole microseconds in seconds: exact, shortest, no exponent, no `-0` (S1.7)."""
    whole, part = divmod(abs(microseconds), 1_000_000)
    shown = f"{whole}.{part:06d}".rstrip("0") if part else str(whole)
    return f"-{shown}" if microseconds < 0 else shown


def number(value: int) -> str:
    """A whole number, digits only."""
    return str(int(value))


def obj(pairs: Iterable[tuple[str, str]]) -> str:
    """An object of members whose values are JSON already, in the order given."""
    return "{" + ",".join(f"{text(name)}:{value}" for name, value in pairs) + "}"


def array(items: Iterable[str]) -> str:
    """A list of values that are JSON already."""
    return "[" + ",".join(items) + "]"


def value(given: Any) -> str:
    """A plain value (text, exact number, boolean, null, list, mapping) as canonical JSON.

    Raises TypeError for a binary float and anything else that has no exact form.
    """
    if given is None:
        return "null"
    if given is True:
        return "true"
    if given is False:
        return "false"
    if isinstance(given, str):
        return text(given)
    if isinstance(given, int):
        return number(given)
    if isinstance(given, Decimal):
        shown = format(given, "f")
        return shown.rstrip("0").rstrip(".") if "." in shown else shown
    if isinstance(given, Mapping):
        return obj((str(name), value(item)) for name, item in given.items())
    if isinstance(given, Sequence):
        return array(value(item) for item in given)
    raise TypeError(f"no canonical form for {type(given).__name__}")
