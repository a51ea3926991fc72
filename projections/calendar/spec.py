"""What a calendar is, read once from a contract and the published holiday sets (S4.1 to S4.8).

Plain hashable values, so that equal calendars of different contracts are worked out once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from projections.calendar.wall_time import DAY, day_of, local_date

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTE = 60_000_000

Window = tuple[int, int]
"""Wall time [from, to) in microseconds since 00:00 of the date on which it begins (S4.3)."""


class PublishedSet(Protocol):
    """What is needed of a fact of type `sla.calendar.published.v1`."""

    @property
    def subject(self) -> str: ...
    @property
    def effective_at(self) -> int: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Holiday:
    """A date that a set names: its own windows, or None for the normal ones (S4.6)."""

    day: int
    windows: tuple[Window, ...] | None


@dataclass(frozen=True, slots=True)
class Edition:
    """One publication of a holiday set; it holds whole from a date on (S4.5)."""

    from_day: int | None
    published_at: int
    holidays: tuple[Holiday, ...]

    def first_day(self, zone: str) -> int:
        """The first date for which it holds, in the zone of the calendar that uses it."""
        if self.from_day is not None:
            return self.from_day
        return day_of(local_date(self.published_at, zone))


HolidaySet = tuple[Edition, ...]
"""The editions of one set in the order of facts (S2.10)."""


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """A calendar with everything it depends on.

    `form` is always, weekly, any or all. `holiday_rule` is any or all over `holiday_sets`.
    `weekdays` are those that bd counts on a composed calendar (None: all).
    """

    id: str
    form: str
    zone: str
    business_day: str
    weekly: tuple[tuple[int, Window], ...] = ()
    parts: tuple[CalendarSpec, ...] = ()
    holiday_rule: str = "any"
    holiday_sets: tuple[HolidaySet, ...] = ()
    weekdays: frozenset[int] | None = None

    def normal_windows(self, weekday: int) -> tuple[Window, ...]:
        """The windows of a weekday as written, those that overlap or touch made one (S4.3)."""
        return merged(window for day, window in self.weekly if day == weekday)


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Windows of one date, sorted, overlapping ones made one."""
    joined: list[Window] = []
    for start, end in sorted(windows):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def common(one: Iterable[Window], other: Sequence[Window]) -> tuple[Window, ...]:
    """The wall time in both of two lists of windows of one date."""
    pairs = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return merged((start, end) for start, end in pairs if start < end)


def published_sets(facts: Iterable[PublishedSet]) -> dict[str, HolidaySet]:
    """The holiday sets by id; `facts` come in the order of S2.10."""
    sets: dict[str, list[Edition]] = {}
    for fact in facts:
        sets.setdefault(fact.subject, []).append(_edition(fact))
    return {subject: tuple(editions) for subject, editions in sets.items()}


def calendar_spec(contract: Any, calendar_id: str, sets: Mapping[str, HolidaySet]) -> CalendarSpec:
    """The spec of one calendar of a resolved contract document.

    `always` is all time whether or not the document has a calendar of that id (terms.md 1.2).
    Raises KeyError for a calendar that the document does not have.
    """
    deadlines = str(contract.zones.deadlines)
    written = (contract.calendars or {}).get(calendar_id)
    if written is None:
        if calendar_id != "always":
            raise KeyError(calendar_id)
        return CalendarSpec("always", "always", deadlines, "same_time")
    word = str(written.business_day or "same_time")
    zone = str(written.zone or deadlines)
    rule, names = _holiday_rule(written.holidays)
    editions = tuple(sets.get(name, ()) for name in names)
    if written.weekly is not None:
        weekly = tuple(
            (WEEKDAYS.index(str(day)), _window(window.from_, window.to))
            for window in written.weekly
            for day in window.days
        )
        return CalendarSpec(calendar_id, "weekly", zone, word, weekly, (), rule, editions)
    if written.any is None and written.all is None:
        return CalendarSpec(calendar_id, "always", deadlines, word)
    form, ids = ("any", written.any) if written.any is not None else ("all", written.all)
    parts = tuple(calendar_spec(contract, part, sets) for part in ids)
    days = None if not written.days else frozenset(WEEKDAYS.index(str(d)) for d in written.days)
    return CalendarSpec(calendar_id, form, zone, word, (), parts, rule, editions, days)


def _holiday_rule(written: Any) -> tuple[str, tuple[str, ...]]:
    """`none`, one set, or {any: [...]} or {all: [...]} (terms.md 2.3)."""
    if written is None or written == "none":
        return "any", ()
    if isinstance(written, str):
        return "any", (written,)
    chosen = getattr(written, "any", None)
    if chosen:
        return "any", tuple(chosen)
    return "all", tuple(written.all)


def _edition(fact: PublishedSet) -> Edition:
    start = fact.data.get("effective_from")
    holidays = tuple(_holiday(written) for written in fact.data["holidays"])
    return Edition(
        from_day=None if start is None else _day(start),
        published_at=fact.effective_at,
        holidays=holidays,
    )


def _holiday(written: Mapping[str, Any]) -> Holiday:
    day = _day(written["date"])
    hours = written.get("hours")
    if hours is not None:
        return Holiday(day, merged(_window(each["from"], each["to"]) for each in hours))
    return Holiday(day, () if written.get("closed", True) else None)


def _window(start: Any, end: Any) -> Window:
    """A window whose end is not after its start ends on the next date (S4.3)."""
    opens, closes = _clock_time(start), _clock_time(end)
    return opens, closes if closes > opens else closes + DAY


def _clock_time(written: Any) -> int:
    hours, minutes = str(written).split(":")[:2]
    return (int(hours) * 60 + int(minutes)) * _MINUTE


def _day(written: Any) -> int:
    return day_of(written if isinstance(written, date) else date.fromisoformat(str(written)))
