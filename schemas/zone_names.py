"""Which zones there are, and which hours their clock changes skip (terms.md 1.2).

Read as data from the zone files that travel with us; turning wall time into instants is the
business of the answers alone. Of a zone the rule that holds from now on is read, the POSIX text at
the end of its file.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

_OFFSET = re.compile(r"[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]")
_NAME = r"(?:<[^>]+>|[A-Za-z]+)"
_SHIFT = r"[+-]?[0-9]{1,3}(?::[0-9]{2})?"
_RULE = re.compile(
    rf"{_NAME}({_SHIFT}){_NAME}({_SHIFT})?,M[0-9]+\.[0-9]\.([0-6])(?:/({_SHIFT}))?,.*"
)
_PLAIN = re.compile(rf"{_NAME}({_SHIFT})")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class Changes(NamedTuple):
    """A zone's offsets in minutes, and the wall time [from, to) that its spring change skips."""

    offsets: tuple[int, ...]
    weekday: str | None = None
    skipped: tuple[int, int] | None = None


@cache
def zone_names() -> frozenset[str]:
    """The names of IANA's zone data in use."""
    return frozenset((resources.files("tzdata") / "zones").read_text("ascii").split())


def is_zone(text: str) -> bool:
    """Whether a text names a zone, or is a fixed offset such as `-05:00`."""
    return bool(_OFFSET.fullmatch(text)) or text in zone_names()


@cache
def changes(zone: str) -> Changes:
    """The offsets of a zone and the hours that it skips; an unknown one counts as UTC."""
    if _OFFSET.fullmatch(zone):
        return Changes((_minutes(zone),))
    if zone not in zone_names():
        return Changes((0,))
    stored = (resources.files("tzdata.zoneinfo") / zone).read_bytes()
    rule = stored.rsplit(b"\n", 2)[1].decode("ascii")
    found = _RULE.fullmatch(rule)
    if found is None:
        plain = _PLAIN.fullmatch(rule)
        return Changes((-_minutes(plain[1]) if plain else 0,))
    # POSIX counts offsets westwards, and winter time is the first named
    winter = -_minutes(found[1])
    summer = -_minutes(found[2]) if found[2] else winter + 60
    start = _minutes(found[4]) if found[4] else 120
    skipped = (start, start + summer - winter) if summer > winter else None
    return Changes((winter, summer), _WEEKDAYS[int(found[3])], skipped)


def _minutes(shift: str) -> int:
    sign = -1 if shift.startswith("-") else 1
    hours, _, minutes = shift.lstrip("+-").partition(":")
    return sign * (int(hours) * 60 + int(minutes or 0))
