"""Dates that a contract's calendar counts, for deadlines of claims (S8.77, S4.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np

from projections.calendar.business_days import following
from projections.calendar.opening import NEVER, open_time
from projections.calendar.spec import HolidaySet, calendar_spec
from projections.calendar.wall_time import date_of, day_of


def counted_dates(
    document: Any, sets: Mapping[str, HolidaySet]
) -> Callable[[str, date, int], date | None]:
    """Of a calendar, a date and N: the Nth date after it that the calendar counts.

    None where it is not found within the horizon of S4.10. Raises KeyError for a calendar that
    the document does not have.
    """

    def nth(calendar_id: str, first: date, number: int) -> date | None:
        hours = open_time(calendar_spec(document, calendar_id, sets))
        (found,) = following(hours, np.array([day_of(first)], np.int64), number)
        return None if found == NEVER else date_of(int(found))

    return nth
