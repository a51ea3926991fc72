"""Calendars: open time, windows, holiday sets (terms.md 5).

Open time is looked at in minutes of a week, holidays left aside; the zones of a composed calendar
are laid over each other by the offsets that they have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from schemas.lint_layout import Layout, Node, Steps, Told
from schemas.lint_values import minutes_of
from schemas.zone_names import changes

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY
_ALL_WEEK = frozenset(range(_WEEK))


def calendar_findings(layout: Layout, holiday_sets: Collection[str] | None) -> Iterator[Told]:
    """The findings of every calendar of a layout."""
    for name, calendar in layout.calendars.items():
        at: Steps = ("calendars", name)
        if name == "always" and "always" not in calendar:
            message = "the id `always` is that of the calendar that is always open"
            yield Told("reserved-id", at, message, "rename it")
        composed = "any" in calendar or "all" in calendar
        if composed and calendar.get("business_day") == "hours":
            message = "a composed calendar has no daily hours to count by"
            yield Told("composed-hours", (*at, "business_day"), message, "same_time or end_of_day")
        yield from _windows(layout, at, calendar)
        if not _opens(layout, name):
            message = f"`{name}` has no open time at all"
            yield Told("calendar-never-opens", at, message, "mend its windows")
        yield from _sets(at, calendar.get("holidays", "none"), holiday_sets)


def _windows(layout: Layout, at: Steps, calendar: Node) -> Iterator[Told]:
    zone = str(calendar.get("zone", layout.tree["zones"]["deadlines"]))
    for place, window in enumerate(calendar.get("weekly", [])):
        here = (*at, "weekly", place)
        if window["from"] == window["to"]:
            message = f"a window from {window['from']} to {window['to']}"
            yield Told("window-empty", here, message, "`00:00` to `24:00`, or remove it")
        elif _skipped(window, zone):
            message = f"{zone} skips hours of {window['from']} to {window['to']} in spring"
            yield Told("window-skipped", here, message, "other hours, or leave it knowingly")


def _skipped(window: Node, zone: str) -> bool:
    """Whether a clock change begins or ends the window anew, or takes it out."""
    change = changes(zone)
    if change.skipped is None or change.weekday is None:
        return False
    start, end = change.skipped
    opens, closes = minutes_of(window["from"]), minutes_of(window["to"])
    day = _DAYS.index(change.weekday)
    before = _DAYS[day - 1]
    pieces = []
    if closes > opens:
        pieces += [(opens, closes)] if change.weekday in window["days"] else []
    else:
        pieces += [(opens, _DAY)] if change.weekday in window["days"] else []
        pieces += [(0, closes)] if before in window["days"] else []
    # a window around all of the skipped hour is only shorter; one with an edge in it loses it
    return any(start <= low < end or start < high < end for low, high in pieces)


def _sets(at: Steps, holidays: Any, known: Collection[str] | None) -> Iterator[Told]:
    if holidays == "none":
        return
    names = [holidays] if isinstance(holidays, str) else next(iter(holidays.values()))
    for name in names:
        if known is None:
            message = f"whether the holiday set `{name}` is published"
            yield Told("not-checked", (*at, "holidays"), message, "--ledger")
        elif name not in known:
            message = f"the ledger has no holiday set `{name}`"
            yield Told("unknown-holiday-set", (*at, "holidays"), message, "publish it, or rename")


def _opens(layout: Layout, name: str) -> bool:
    calendar = layout.calendars[name]
    if "always" in calendar:
        return True
    if "weekly" in calendar:  # a window of equal ends is a whole day here: days alone decide
        return any(window["days"] for window in calendar["weekly"])
    return any(_open(layout, name, several) for several in (0, 1))


def _open(layout: Layout, name: str, season: int) -> frozenset[int]:
    """The open minutes of a week in UTC; season 0 takes each zone's first offset."""
    calendar = layout.calendars[name]
    if "always" in calendar:
        return _ALL_WEEK
    if "weekly" in calendar:
        zone = str(calendar.get("zone", layout.tree["zones"]["deadlines"]))
        offsets = changes(zone).offsets
        shift = offsets[min(season, len(offsets) - 1)]
        found = (_minutes(window, shift) for window in calendar["weekly"])
        return frozenset().union(*found)
    names = calendar["any"] if "any" in calendar else calendar["all"]
    parts = [_open(layout, each, season) for each in names]
    if "any" in calendar:
        return frozenset().union(*parts)
    return frozenset.intersection(*parts) if parts else frozenset()


def _minutes(window: Mapping[str, Any], shift: int) -> set[int]:
    opens, closes = minutes_of(window["from"]), minutes_of(window["to"])
    length = closes - opens if closes > opens else closes - opens + _DAY
    starts = (_DAYS.index(day) * _DAY + opens - shift for day in window["days"])
    return {minute % _WEEK for start in starts for minute in range(start, start + length)}
