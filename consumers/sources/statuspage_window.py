"""The windows that a post-mortem names, as in "On May 3, 2026, between 16:05 UTC and 20:43 UTC".

A window is two times of day joined by words, at least one of them said to be UTC. A date that is
not said is taken from the words before, from the other end, or is the day nearest to the
incident's start; an end without a date is the first such time after the start. Where the text
goes on with "again", the next window counts too. Seconds are cut: the page has minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY = timedelta(days=1)
NOTHING = timedelta()
HALF = 12
LAST_MINUTE = 59
EARLIEST = 31 * DAY
"""A window that begins longer before its incident, or ends more than a day before it or begins
more than a day after it was resolved, has a slip in its date and is not believed."""

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}/\d{{1,2}}/\d{{4}}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!:|\d)(?:,?\s+\d{{4}}(?!:))?"
    rf"|(?:the\s+)?(?:following|next)\s+day)"
)
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_ABOUT = r"(?:approximately\s+|around\s+|about\s+|roughly\s+|~)?"
_CLOCK = r"(?:\d{1,2}:\d\d(?::\d\d)?(?:\s*[ap]m\b)?|\d{1,2}\s*[ap]m\b)"
_ZONE = r"(?:\s*\(?UTC\)?)?"


def _end(name: str) -> str:
    """A time with its date before or behind it; groups `NAMEbefore`, `NAMEat`, `NAMEafter`."""
    return (
        rf"(?:on\s+)?(?:UTC\s+)?{_WEEKDAY}(?:(?P<{name}before>{_DATE})(?:,\s*|\s+)(?:at\s+)?)?"
        rf"{_ABOUT}(?P<{name}at>{_CLOCK}){_ZONE}"
        rf"(?:,?\s*\(?(?:on\s+|of\s+)?{_WEEKDAY}(?P<{name}after>{_DATE})\)?)?"
    )


_OPENED = r"(?:between(?:\s+at)?|from|beginning(?:\s+(?:at|on))?|starting(?:\s+(?:at|on|from))?)"
_JOINED = (
    r"\s*,?\s*(?:(?:and\s+)?(?:lasting\s+)?(?:until|to|through|till)|and(?:\s+ending(?:\s+at)?)?"
    r"|[-\u2013\u2014])\s*"
)
WINDOW = re.compile(
    rf"\b{_OPENED}\s+{_ABOUT}{_end('start')}{_JOINED}{_ABOUT}{_end('stop')}", re.IGNORECASE
)
_SAID_BEFORE = re.compile(_DATE, re.IGNORECASE)
_AGAIN = re.compile(r"\bagain\b", re.IGNORECASE)


@dataclass(frozen=True)
class Window:
    """[`start`, `end`) in UTC, whole minutes."""

    start: datetime
    end: datetime


def windows(text: str, begun: datetime, resolved: datetime) -> list[Window]:
    """The windows of a post-mortem, for an incident of the page from `begun` to `resolved`."""
    found: list[Window] = []
    last = 0
    for match in WINDOW.finditer(text):
        if found and not (match.start() - last < 60 and _AGAIN.search(text, last, match.start())):
            break
        window = _window(match, text[: match.start()], begun)
        if window is not None and _believed(window, begun, resolved):
            found.append(window)
            last = match.end()
    return found


def _believed(window: Window, begun: datetime, resolved: datetime) -> bool:
    return (
        window.start < window.end
        and begun - EARLIEST <= window.start <= resolved + DAY
        and window.end >= begun - DAY
    )


def _window(match: re.Match[str], before: str, begun: datetime) -> Window | None:
    if "utc" not in match.string[match.start() : match.end() + 8].lower():
        return None
    try:
        return _placed(match, before, begun)
    except ValueError:
        return None  # a day or an hour that no calendar has


def _placed(match: re.Match[str], before: str, begun: datetime) -> Window:
    said = [each.group() for each in _SAID_BEFORE.finditer(before[-80:])]
    start_date = match["startbefore"] or match["startafter"] or (said[-1] if said else None)
    stop_date = match["stopbefore"] or match["stopafter"]
    evening = _half(match["stopat"]) == "pm" and _half(match["startat"]) is None
    start_at, stop_at = _clock(match["startat"], evening=evening), _clock(match["stopat"])
    if start_date is not None:
        start = _on(start_date, begun) + start_at
    elif stop_date is not None and not _next_day(stop_date):
        start = _on(stop_date, begun) + start_at - (DAY if start_at > stop_at else NOTHING)
    else:
        days = [_midnight(begun) + n * DAY for n in (-1, 0, 1)]
        start = min((day + start_at for day in days), key=lambda at: abs(at - begun))
    if stop_date is None:
        end = _midnight(start) + stop_at + (DAY if stop_at < start_at else NOTHING)
    elif _next_day(stop_date):
        end = _midnight(start) + DAY + stop_at
    else:
        end = _on(stop_date, start) + stop_at
    return Window(start, end)


def _next_day(said: str) -> bool:
    return said.lower().endswith("day")


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment, time(), moment.tzinfo)


def _half(clock: str) -> str | None:
    found = re.search("[ap]m", clock, re.IGNORECASE)
    return found.group().lower() if found else None


def _clock(text: str, *, evening: bool = False) -> timedelta:
    """The time of day; `evening` where only the other end says that both are."""
    digits = [int(each) for each in re.findall(r"\d+", text)]
    hour, minute = digits[0], digits[1] if len(digits) > 1 else 0
    half = _half(text) or ("pm" if evening and hour < HALF else None)
    if half is not None:
        hour = hour % HALF + (HALF if half == "pm" else 0)
    if hour > 2 * HALF or minute > LAST_MINUTE:
        raise ValueError(text)
    return timedelta(hours=hour, minutes=minute)


def _on(text: str, near: datetime) -> datetime:
    """Midnight of a date; without a year the one nearest to `near`."""
    digits = [int(each) for each in re.findall(r"\d+", text)]
    if "-" in text:
        found = date(digits[0], digits[1], digits[2])
    elif "/" in text:
        found = date(digits[2], digits[0], digits[1])
    else:
        month = MONTHS.index(text[:3].lower()) + 1
        if len(digits) > 1:
            found = date(digits[1], month, digits[0])
        else:
            found = nearest(month, digits[0], near.date())
    return datetime.combine(found, time(), near.tzinfo)


def nearest(month: int, day: int, near: date) -> date:
    """The date of that month and day that lies nearest to `near` (ValueError: there is none)."""
    return min(_dates(month, day, near.year), key=lambda each: abs(each - near))


def _dates(month: int, day: int, year: int) -> Iterator[date]:
    for each in (year - 1, year, year + 1):
        try:
            yield date(each, month, day)
        except ValueError:
            continue  # 29 February
