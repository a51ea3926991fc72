"""The value types of E4 that name a time: instants, dates, moments, months, periods, clock times.

Only instants become numbers. Dates, months and periods are local to a contract's zone, which this
room does not know: they stay the text they are.
"""

from __future__ import annotations

import operator
import re
from datetime import date
from typing import Any, NamedTuple

from schemas.forms import Form, PatternForm
from schemas.instant import FIRST_INSTANT, LAST_INSTANT, FormError, format_instant, parse_instant


class InstantForm(Form):
    """RFC 3339 with an offset; typed as microseconds since the epoch (S1.1)."""

    name = "instant"
    shown = staticmethod(format_instant)

    def read(self, raw: Any) -> int:
        return parse_instant(raw)

    def accept(self, value: Any) -> int:
        if type(value) is not int:
            return parse_instant(value)
        if not FIRST_INSTANT <= value <= LAST_INSTANT:
            raise FormError("time_range", f"{value} is outside the years 0001 to 9999")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_date(text: str) -> bool:
    """Whether a text `YYYY-MM-DD` is a date of the calendar, from the year 0001."""
    try:
        date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return False
    return True


class DateForm(PatternForm):
    """`YYYY-MM-DD`, a date of the calendar; stays text."""

    name = "date"
    code = "date_form"
    pattern = _DATE
    hint = "a date is YYYY-MM-DD and stands in the calendar"

    def read(self, raw: Any) -> str:
        if not is_date(found := super().read(raw)):
            raise FormError("date_form", f"{found!r}: {self.hint}")
        return found

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Moment(NamedTuple):
    """An instant or a local date: of an instant the written date stays too (`term`, E6)."""

    instant: int | None
    written_on: str

    @property
    def value(self) -> int | str:
        """Microseconds, or the date where only a date was written: the content (E7)."""
        return self.written_on if self.instant is None else self.instant

    @property
    def text(self) -> str:
        """The instant by I3, or the date."""
        return self.written_on if self.instant is None else format_instant(self.instant)


class MomentForm(Form):
    """An instant, or a date whose first instant the contract's period zone gives."""

    name = "moment"
    compared = operator.attrgetter("value")
    shown = operator.attrgetter("text")

    def read(self, raw: Any) -> Moment:
        if type(raw) is str and "T" not in raw.upper() and not re.match(r"\S{10}\s", raw):
            return Moment(None, DateForm().read(raw))
        return Moment(parse_instant(raw), raw[:10])

    def accept(self, value: Any) -> Moment:
        return value if isinstance(value, Moment) else self.read(value)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "format": each} for each in ("date-time", "date")]}


class TermMomentForm(MomentForm):
    """A moment of which the date as it is written counts (E6, `term`)."""

    shown = operator.attrgetter("written_on")


class MonthForm(PatternForm):
    """`YYYY-MM`."""

    name = "month"
    code = "period_form"
    pattern = re.compile(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])")
    hint = "a month is YYYY-MM"


class PeriodForm(PatternForm):
    """A month, a quarter, a year, or local dates `2026-10-02/2026-11-01`, end exclusive."""

    name = "period"
    code = "period_form"
    pattern = re.compile(
        r"(?!0000)[0-9]{4}(?:-(?:0[1-9]|1[0-2])|-Q[1-4]"
        r"|-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2})?"
    )
    hint = "a period is 2026-10, 2026-Q3, 2026 or 2026-10-02/2026-11-01 (end exclusive)"

    def read(self, raw: Any) -> str:
        found = super().read(raw)
        start, slash, end = found.partition("/")
        if slash and not (is_date(start) and is_date(end) and start < end):
            raise FormError("period_form", f"{found!r}: {self.hint}")
        return found


class ClockTimeForm(PatternForm):
    """`hh:mm`, 00:00 to 23:59."""

    name = "clock time"
    code = "clock_time_form"
    pattern = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
    hint = "a clock time is 00:00 to 23:59, as an end also 24:00"


class EndTimeForm(ClockTimeForm):
    """`hh:mm`, 00:00 to 24:00."""

    pattern = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
