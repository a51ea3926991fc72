"""Numbers and lengths of a laid out contract as exact figures, for comparisons of the linter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

_DURATION = re.compile(r"([0-9.]+)([a-z]+)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST: Mapping[str, int] = {"month": 31, "quarter": 92, "year": 366, "billing_cycle": 31}
"""Of each period the most dates it can have."""


def number_of(text: str) -> Fraction:
    """A number, or a length in seconds."""
    found = _DURATION.fullmatch(text)
    return Fraction(found[1]) * _SECONDS[found[2]] if found else Fraction(text)


def unit_of(duration: Any) -> str:
    """The unit of a duration; empty for words."""
    found = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    return found[2] if found else ""


def amount_of(duration: str) -> Fraction:
    """The number of a duration."""
    found = _DURATION.fullmatch(duration)
    return Fraction(found[1]) if found else Fraction(0)


def bare(within: Any) -> str:
    """The duration or word of `within`, with or without an edge word."""
    return str(next(iter(within.values()))) if isinstance(within, dict) else str(within)


def dates_of(period: Any) -> int:
    """The most dates that a period can have."""
    if isinstance(period, str):
        return LONGEST[period]
    return int(period["days"]) if "days" in period else LONGEST["quarter"]


def minutes_of(clock_time: str) -> int:
    """Minutes since midnight of `HH:MM`."""
    hours, _, minutes = clock_time.partition(":")
    return int(hours) * 60 + int(minutes)
