"""What an author of terms may have meant: the help beside a value that is not of its form.

Nothing here is read as a value; a slip stays an error, and its fix names what is nearest.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping

_UNITS: Mapping[str, str] = {
    name: unit
    for unit, names in {
        "s": "s sec secs second seconds",
        "m": "m min mins minute minutes",
        "h": "h hr hrs hour hours",
        "d": "d day days",
        "bm": "bm businessminute businessminutes",
        "bh": "bh bhr bhrs businesshr businesshrs businesshour businesshours workinghour"
        " workinghours",
        "bd": "bd businessday businessdays workingday workingdays",
        "mo": "mo month months",
        "w": "w week weeks",
    }.items()
    for name in names.split()
}
_WRITTEN = re.compile(r"(?:PT?)?([0-9]+(?:\.[0-9]+)?)[\s-]*([A-Za-z][A-Za-z\s-]*)")
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])([0-9]{1,2})(?::?([0-9]{2}))?", re.IGNORECASE)
_ABBREVIATED: Mapping[str, str] = {
    "PT": "America/Los_Angeles", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
    "MDT": "America/Denver", "CT": "America/Chicago", "CST": "America/Chicago",
    "CDT": "America/Chicago", "ET": "America/New_York", "EDT": "America/New_York",
    "BST": "Europe/London", "CEST": "Europe/Brussels", "EEST": "Europe/Helsinki",
    "JST": "Asia/Tokyo", "SGT": "Asia/Singapore", "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney", "NZST": "Pacific/Auckland",
}  # fmt: skip
"""What people call a zone and IANA does not; clock changes included where the place has them."""


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is nearest, capitals, hyphens and spaces left aside."""
    by_fold: dict[str, str] = {}
    for each in known:
        by_fold.setdefault(_folded(each), each)
    folded = _folded(name)
    if folded in by_fold:
        return by_fold[folded]
    close = difflib.get_close_matches(folded, by_fold, 1, 0.6)
    return by_fold[close[0]] if close else None


def nearest(name: str, known: Iterable[str]) -> str:
    """The fix that names the nearest known name, or all: a list or tuple in its own order."""
    names = list(known) if isinstance(known, list | tuple) else sorted(known)
    close = closest(name, names)
    if close is not None:
        return f"perhaps `{close}`"
    return "one of " + ", ".join(names) if names else "there is none to name"


def nearest_duration(raw: object, units: Collection[str]) -> str | None:
    """The fix for a length that is written in another way: `15 min`, `PT4H`, `1 week`."""
    found = _WRITTEN.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if found is None:
        return None
    number, unit = found[1], _UNITS.get(re.sub(r"[\s-]", "", found[2]).lower())
    if unit == "w":
        number, unit = str(int(number) * 7) if number.isdigit() else number, "d"
    whole = number.isdigit() or unit not in ("d", "bd", "mo")
    return f"perhaps `{number}{unit}`" if unit in units and whole else None


def nearest_zone(raw: str, zones: Iterable[str]) -> str:
    """The fix for a zone that does not exist: a place for an abbreviation, an offset as such."""
    offset = _OFFSET.fullmatch(raw)
    if offset and int(offset[2]) < 24:
        return f"perhaps `{offset[1]}{int(offset[2]):02d}:{offset[3] or '00'}`"
    known = _ABBREVIATED.get(raw.upper())
    return f"perhaps `{known}`" if known else nearest(raw, zones)


def _folded(name: str) -> str:
    return re.sub(r"[\s-]", "_", name.casefold())
