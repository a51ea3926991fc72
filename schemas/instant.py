"""Instants, intervals, and the pair of moments that every question carries (S1.1, S1.2, S2.1).

An instant is a whole number of microseconds since 1970-01-01T00:00:00Z. It is read by a reader of
our own (E4): no library's lenient one, since each of them takes forms that E5 rejects by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple, NoReturn

Instant = int
"""Microseconds since the epoch, UTC."""

SECOND = 1_000_000
DAY = 86_400 * SECOND
_EPOCH_DAYS = date(1970, 1, 1).toordinal()
_CYCLE_DAYS = 146_097  # 400 Gregorian years, whole weeks and leap years
FIRST_INSTANT = (date(1, 1, 1).toordinal() - _EPOCH_DAYS) * DAY
"""0001-01-01T00:00:00Z, the earliest instant there is (E4)."""
LAST_INSTANT = (date(9999, 12, 31).toordinal() + 1 - _EPOCH_DAYS) * DAY - 1
"""The last microsecond of the year 9999 in UTC (E4)."""

_WHOLE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]+))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPACED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} +[0-9]")
_UNPLACED = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?![.,0-9])"
)


class FormError(ValueError):
    """A value that is not of its form: one code of E5, what was found, how to mend it.

    `at` is the JSON Pointer from the value to the fault, empty for the value itself.
    """

    def __init__(self, code: str, message: str, at: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.at = at


@dataclass(frozen=True, slots=True)
class AsOf:
    """The two moments of a question (S2.1): what is known by then, what has happened by then."""

    known_at: Instant
    at: Instant


class Interval(NamedTuple):
    """[start, end) in microseconds; empty unless start < end (S1.2)."""

    start: Instant
    end: Instant


_DAYS: dict[str, Instant] = {}
_TIMES: dict[str, Instant] = {}
"""Written dates and times of day that were read in whole seconds of UTC; at most so many."""
_MOST_DAYS, _MOST_TIMES = 4096, 86_400


def parse_instant(text: object) -> Instant:
    """Read an instant of E4; digits behind the microsecond are cut.

    Raises FormError with the `time_...` code of E5 that names the fault.
    """
    if type(text) is str and len(text) == 20 and text[10] == "T" and text[19] == "Z":
        day, time = _DAYS.get(text[:10]), _TIMES.get(text[11:19])
        if day is not None and time is not None:
            return day + time
        return _remembered(text)
    return _read_instant(text)


def _remembered(text: str) -> Instant:
    """An instant in whole seconds of UTC; its date and its time of day are kept."""
    found = _read_instant(text)
    time = found % DAY
    if len(_DAYS) >= _MOST_DAYS:
        _DAYS.clear()
    _DAYS[text[:10]] = found - time
    if len(_TIMES) < _MOST_TIMES:
        _TIMES[text[11:19]] = time
    return found


def _read_instant(text: object) -> Instant:
    match = _WHOLE.fullmatch(text) if type(text) is str else None
    if match is None:
        _refuse(text)
    day, hours, minutes, seconds, fraction, sign, off_hours, off_minutes = match.groups()
    hour, minute, second = int(hours), int(minutes), int(seconds)
    if hour > 23 or minute > 59 or second > 59:
        _refuse_clock(match.group(), hour, minute, second)
    instant = _day_start(day) + ((hour * 60 + minute) * 60 + second) * SECOND
    if fraction:
        instant += int(fraction[:6].ljust(6, "0"))
    if sign:
        instant -= _offset(sign, int(off_hours), int(off_minutes))
    if not FIRST_INSTANT <= instant <= LAST_INSTANT:
        raise FormError("time_range", f"{match.group()!r} is outside the years 0001 to 9999 in UTC")
    return instant


def _offset(sign: str, hours: int, minutes: int) -> int:
    if hours > 23 or minutes > 59:
        raise FormError("time_form", "an offset goes from -23:59 to +23:59")
    size = (hours * 60 + minutes) * 60 * SECOND
    return size if sign == "+" else -size


@lru_cache(maxsize=4096)
def _day_start(text: str) -> Instant:
    """The first microsecond of a written date, as if in UTC; the year 0000 may stand in a text."""
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    try:
        # an offset may carry the year 0000 into 0001, so it is counted one cycle later
        days = date(year or 400, month, day).toordinal() - (0 if year else _CYCLE_DAYS)
    except ValueError:
        raise FormError("time_form", f"{text!r} is no date of the calendar") from None
    return (days - _EPOCH_DAYS) * DAY


def _refuse_clock(text: str, hour: int, minute: int, second: int) -> NoReturn:
    if hour == 24:
        raise FormError("time_hour_24", f"{text!r}: write 00:00 of the next day")
    if second == 60 and hour < 24 and minute < 60:
        raise FormError("time_second_60", f"{text!r}: send the second before or after")
    raise FormError("time_form", f"{text!r} has no such time of day")


def _refuse(text: object) -> NoReturn:
    """Name the fault of what is no instant, in the order of E5."""
    if type(text) is not str:
        raise FormError("time_not_text", "an instant is text by RFC 3339, not another JSON type")
    shown = text if len(text) <= 64 else text[:61] + "..."
    if _DATE.fullmatch(text):
        raise FormError("time_date_only", f"{shown!r} lacks a time of day and an offset")
    if _SPACED.match(text):
        raise FormError("time_space", f"{shown!r}: write T between date and time")
    if _UNPLACED.match(text):
        raise FormError("time_no_offset", f"{shown!r}: write Z, +hh:mm or -hh:mm at the end")
    raise FormError("time_form", f"{shown!r} is not YYYY-MM-DDThh:mm:ss with Z or an offset")


def format_instant(instant: Instant) -> str:
    """The text of an instant by I3: UTC, only as many decimals as needed, at most six."""
    days, rest = divmod(instant, DAY)
    seconds, micros = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    day = date.fromordinal(days + _EPOCH_DAYS).isoformat()
    part = f".{micros:06d}".rstrip("0") if micros else ""
    return f"{day}T{hour:02d}:{minute:02d}:{second:02d}{part}Z"


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The set of all their instants: sorted, empties dropped, what overlaps or touches made one."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if joined and start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(end, joined[-1].end))
        else:
            joined.append(Interval(start, end))
    return joined


def intersect(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """The instants in both of two sorted sets."""
    if len(one) == len(other) == 1:
        start, end = max(one[0].start, other[0].start), min(one[0].end, other[0].end)
        return [Interval(start, end)] if start < end else []
    common: list[Interval] = []
    left = right = 0
    while left < len(one) and right < len(other):
        start = max(one[left].start, other[right].start)
        end = min(one[left].end, other[right].end)
        if start < end:
            common.append(Interval(start, end))
        if one[left].end < other[right].end:
            left += 1
        else:
            right += 1
    return common


def subtract(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """The instants of the first sorted set that are not in the second."""
    left_over: list[Interval] = []
    first = 0
    for start, end in one:
        while first < len(other) and other[first].end <= start:
            first += 1
        index, begin = first, start
        while index < len(other) and other[index].start < end:
            if begin < other[index].start:
                left_over.append(Interval(begin, other[index].start))
            begin = max(begin, other[index].end)
            index += 1
        if begin < end:
            left_over.append(Interval(begin, end))
    return left_over


def length(intervals: Iterable[Interval]) -> int:
    """How many microseconds a set holds; its intervals must not overlap."""
    return sum(end - start for start, end in intervals)
