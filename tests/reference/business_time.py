"""Business time (S4): open hours, counting in them, and the nominal deadline of days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from schemas.instant import LAST_INSTANT
from tests.reference.intervals import Span, Spans, both, either, holds, length, tidy
from tests.reference.knowing import Fact
from tests.reference.zones import at_wall, first_instant, instant_of, local, local_date

DAY = 86_400_000_000
AHEAD = 3_750 * DAY
"""S4.10: how far a search for open time looks."""
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def minutes(text: str) -> int:
    """`09:30` in minutes after 00:00."""
    hours, rest = str(text).split(":")
    return int(hours) * 60 + int(rest)


class Holidays:
    """The sets that are published (S4.5): which version a date takes, and what it says of it."""

    def __init__(self, facts: list[Fact]) -> None:
        self.facts = facts

    def day(self, name: str, day: date, zone: str) -> dict[str, Any] | None:
        """S4.5: the set with the latest effective_from at or before the date, whole."""
        best: tuple[date, Fact] | None = None
        for fact in self.facts:
            if fact.subject != name:
                continue
            text = fact.get("effective_from")
            begins = date.fromisoformat(text) if text else local_date(fact.time, zone)
            if begins <= day and (best is None or begins >= best[0]):
                best = (begins, fact)
        if best is None:
            return None
        named = [one for one in best[1].get("holidays") if one["date"] == day.isoformat()]
        return named[0] if named else None


class Calendar(Protocol):
    """What the rules ask of a calendar."""

    zone: str
    business_day: str

    def windows(self, day: date) -> Spans:
        """The open time that belongs to a date."""

    def counts(self, day: date) -> bool:
        """Is it a date for `bd`?"""


@dataclass
class Always:
    """S4.4: open at every instant; its dates are those of the deadline zone."""

    zone: str
    business_day: str = "same_time"

    def windows(self, day: date) -> Spans:
        """The whole date."""
        return [(first_instant(day, self.zone), first_instant(day + timedelta(1), self.zone))]

    def counts(self, day: date) -> bool:
        """Every date."""
        return day is not None


@dataclass
class Weekly:
    """S4.1: made per local date from weekly windows and holidays."""

    zone: str
    business_day: str
    weekly: list[tuple[tuple[str, ...], str, str]]
    holidays: tuple[str, list[str]]
    published: Holidays
    memo: dict[date, Spans] = field(default_factory=dict)

    def windows(self, day: date) -> Spans:
        """The windows that begin on this date (S4.3), holidays in place of the normal ones."""
        if day not in self.memo:
            self.memo[day] = self._windows(day)
        return self.memo[day]

    def counts(self, day: date) -> bool:
        """S4.20: a date with any open time."""
        return bool(self.windows(day))

    def _normal(self, day: date) -> Spans:
        name = _WEEKDAYS[day.weekday()]
        return tidy(self._span(day, start, end) for days, start, end in self.weekly if name in days)

    def _span(self, day: date, start: str, end: str) -> Span:
        """S4.3: an end that is not after its start is on the next date."""
        first, last = minutes(start), minutes(end)
        opens = at_wall(day, first, self.zone, end=False)
        if last <= first:
            last += 1440
        return (opens, at_wall(day, last, self.zone, end=True))

    def _windows(self, day: date) -> Spans:
        word, sets = self.holidays
        named = [self.published.day(name, day, self.zone) for name in sets]
        hits = [one for one in named if one is not None]
        if not hits or (word == "all" and len(hits) < len(sets)):
            return self._normal(day)
        hours = [self._holiday(day, one) for one in hits]
        result = hours[0]
        for other in hours[1:]:  # S4.7
            result = both(result, other) if word == "any" else either(result, other)
        return result

    def _holiday(self, day: date, one: dict[str, Any]) -> Spans:
        """S4.6: hours, an empty list of them too (never open), else none, else the normal ones."""
        hours = one.get("hours")
        if hours is not None:
            return tidy(self._span(day, window["from"], window["to"]) for window in hours)
        return [] if one.get("closed", True) else self._normal(day)

    def common_length(self) -> int:
        """S4.23: the commonest daily length as written; ties: the longer."""
        lengths = []
        for name in _WEEKDAYS:
            spans = []
            for days, start, end in self.weekly:
                first, last = minutes(start), minutes(end)
                if name in days:
                    spans.append((first, last if last > first else last + 1440))
            lengths.append(length(tidy(spans)))
        counted = Counter(one for one in lengths if one)
        if not counted:
            return 0
        return max(counted, key=lambda one: (counted[one], one)) * 60_000_000


@dataclass
class Composed:
    """S4.8: union or intersection of others, cut at the midnights of its own zone."""

    zone: str
    business_day: str
    word: str
    parts: list[Calendar]
    days: tuple[str, ...] | None
    holidays: tuple[str, list[str]]
    published: Holidays

    def windows(self, day: date) -> Spans:
        """The open set within the date."""
        date_span = (first_instant(day, self.zone), first_instant(day + timedelta(1), self.zone))
        sets = [both(open_within(part, *date_span), [date_span]) for part in self.parts]
        result = sets[0]
        for other in sets[1:]:
            result = either(result, other) if self.word == "any" else both(result, other)
        return result

    def counts(self, day: date) -> bool:
        """S4.8: what its own days and holidays leave, where there is open time."""
        if self.days and _WEEKDAYS[day.weekday()] not in self.days:
            return False
        word, sets = self.holidays
        hits = [self.published.day(name, day, self.zone) is not None for name in sets]
        if hits and (any(hits) if word == "any" else all(hits)):
            return False
        return bool(self.windows(day))


def open_within(calendar: Calendar | None, start: int, end: int) -> Spans:
    """The open time within [start, end); without a calendar every instant."""
    if start >= end:
        return []
    if calendar is None or isinstance(calendar, Always):
        return [(start, end)]
    day = local_date(start, calendar.zone) - timedelta(2)
    last = local_date(end, calendar.zone) + timedelta(1)
    found: Spans = []
    while day <= last:
        found.extend(calendar.windows(day))
        day += timedelta(1)
    return both(tidy(found), [(start, end)])


def business(calendar: Calendar | None, start: int, end: int) -> int:
    """S4.9: the length of [start, end) within the open set."""
    return length(open_within(calendar, start, end))


def add_business(
    calendar: Calendar | None, start: int, amount: int, blocked: Spans | None = None
) -> int | None:
    """S4.9: the smallest end with that much open time since start; None beyond S4.10.

    `blocked` is open time that does not count (S5.43). Where every instant is open there is no
    open time to look for: the wall goes on for ever.
    """
    if amount == 0:
        return start
    if calendar is None:  # no calendar that could fail to reach it (S5.46)
        reached = start + amount
        for begins, ends in sorted(blocked or []):
            if begins < reached:
                reached += max(0, ends - max(begins, start))
        return reached if reached <= LAST_INSTANT else None
    left, begin = amount, start
    while begin < start + AHEAD:
        end = min(begin + 40 * DAY, start + AHEAD)
        free = open_within(calendar, begin, end)
        for cut in blocked or []:
            free = [
                piece
                for a, b in free
                for piece in ((a, min(b, cut[0])), (max(a, cut[1]), b))
                if piece[0] < piece[1]
            ]
        for opens, closes in free:
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        begin = end
    return None


def next_open(calendar: Calendar, start: int) -> int | None:
    """S4.20: start itself where it is open, else the next opening."""
    begin = start
    while begin < start + AHEAD:
        found = open_within(calendar, begin, min(begin + 40 * DAY, start + AHEAD))
        if found:
            return found[0][0]
        begin += 40 * DAY
    return None


def following_date(calendar: Calendar, day: date, number: int) -> date | None:
    """S4.20: the Nth date after this one that counts."""
    for ahead in range(1, 3_751):
        if number == 0:
            break
        if calendar.counts(day + timedelta(ahead)):
            number -= 1
            if number == 0:
                return day + timedelta(ahead)
    return day if number == 0 else None


def business_day_deadline(calendar: Calendar, start: int, number: int) -> int | None:
    """The nominal deadline of `Nbd` (S4.20 to S4.23)."""
    if calendar.business_day == "hours":  # S4.23
        size = calendar.common_length() if isinstance(calendar, Weekly) else 24 * 3_600_000_000
        return add_business(calendar, start, number * size)
    begin = next_open(calendar, start)
    if begin is None:
        return None
    if calendar.business_day == "end_of_day" and number == 0:  # S4.22
        return max(end for _, end in calendar.windows(_owner(calendar, begin)))
    day = following_date(calendar, local_date(begin, calendar.zone), number)
    if day is None:
        return None
    if calendar.business_day == "end_of_day":
        return max(end for _, end in calendar.windows(day))
    if number == 0:
        return begin
    return _same_time(calendar, begin, day)


def _owner(calendar: Calendar, instant: int) -> date:
    """S4.3: the date to which the window that holds the instant belongs."""
    day = local_date(instant, calendar.zone)
    for back in range(3):
        if holds(calendar.windows(day - timedelta(back)), instant):
            return day - timedelta(back)
    return day


def _same_time(calendar: Calendar, begin: int, day: date) -> int:
    """S4.21: the same local time there; not open, the nearest instant of that date's open time."""
    clock = local(begin, calendar.zone).replace(fold=0).time()
    wanted = instant_of(datetime.combine(day, clock), calendar.zone, second_pass=True)
    spans = calendar.windows(day)
    if holds(spans, wanted):
        return wanted
    edges = [edge for span in spans for edge in span]
    return min(edges, key=lambda edge: (abs(edge - wanted), edge))


def day_deadline(zone: str, start: int, number: int) -> int | None:
    """S4.25: the same local time N dates later; one that comes twice is its second pass."""
    try:
        wall = local(start, zone).replace(fold=0) + timedelta(number)
    except OverflowError:  # no date is so late
        return None
    return instant_of(wall, zone, second_pass=True)
