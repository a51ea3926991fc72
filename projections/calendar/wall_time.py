"""Zones: between wall time and instants (S4.1, S4.2), from the zone data that travels with us.

The only file that imports `zoneinfo`. Zone files of the machine are never read: a zone is loaded
from the `tzdata` package, so the same rules give the same answers anywhere (S2.7).

Days are whole numbers since 1970-01-01; wall times are microseconds since 1970-01-01T00:00 as a
clock in that zone shows them; instants are microseconds of UTC. Arrays are int64.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import tzdata  # type: ignore[import-untyped]  # it ships no types

Ints = npt.NDArray[np.int64]

DAY = 86_400_000_000
"""A day of twenty-four hours in microseconds."""
_EPOCH = date(1970, 1, 1)
FIRST_DAY = (date(1, 1, 2) - _EPOCH).days
"""The first day a calendar looks at: one day inside the years that instants may have."""
LAST_DAY = (date(9999, 12, 30) - _EPOCH).days
"""The last day a calendar looks at."""
_OFFSET = re.compile(r"([+-])([01][0-9]|2[0-3]):([0-5][0-9])")
_SAMPLES_A_YEAR = 366
_YEAR_1800 = (date(1800, 1, 1) - _EPOCH).days * 86_400
_YEAR_2100 = (date(2100, 1, 1) - _EPOCH).days * 86_400
_FIRST_SECOND = FIRST_DAY * 86_400
_LAST_SECOND = (LAST_DAY + 1) * 86_400


class UnknownZoneError(ValueError):
    """A zone that is neither a name of the zone data nor a fixed offset `+hh:mm`."""


def tz_version() -> str:
    """IANA's name of the zone data in use, such as `2026b` (S2.7)."""
    return str(tzdata.IANA_VERSION)


def day_of(local_date: date) -> int:
    """The number of a date."""
    return (local_date - _EPOCH).days


def date_of(day: int) -> date:
    """The date with a number."""
    return _EPOCH + timedelta(days=day)


class Zone:
    """One zone, as a step function of offsets that is worked out as far as it is asked for.

    Segment k has the offset `offset[k]` and holds the instants [turn[k-1], turn[k]).
    """

    def __init__(self, name: str, offset_at: Callable[[int], int], *, fixed: bool) -> None:
        self.name = name
        self._offset_at = offset_at
        self._fixed = fixed
        self._from_day, self._to_day = 0, 0
        self._turn: Ints = np.empty(0, np.int64)
        self._offset: Ints = np.array([offset_at(0) * 1_000_000], np.int64)
        self._fold()

    def local(self, instants: Ints) -> Ints:
        """The wall time at each instant."""
        if not self._fixed:
            self._cover(instants)
        return instants + self._offset[np.searchsorted(self._turn, instants, side="right")]

    def starts(self, walls: Ints) -> Ints:
        """Each wall time as a start: its first pass, skipped the instant of the change (S4.2).

        That is the first instant at which a clock shows that time or a later one.
        """
        if not self._fixed:
            self._cover(walls)
        at = np.searchsorted(self._wall_end, walls, side="right")
        found: Ints = np.maximum(walls - self._offset[at], self._segment_start[at])
        return found

    def ends(self, walls: Ints) -> Ints:
        """Each wall time as an end: its second pass, skipped the instant of the change (S4.2).

        That is the last instant before which no clock has shown a later time for good.
        """
        if not self._fixed:
            self._cover(walls)
        at = np.searchsorted(self._wall_start, walls, side="right") - 1
        found: Ints = np.minimum(walls - self._offset[at], self._segment_end[at])
        return found

    def local_one(self, instant: int) -> int:
        """The wall time at one instant."""
        return int(self.local(np.array([instant], np.int64))[0])

    def start_one(self, wall: int) -> int:
        """One wall time as a start."""
        return int(self.starts(np.array([wall], np.int64))[0])

    def end_one(self, wall: int) -> int:
        """One wall time as an end."""
        return int(self.ends(np.array([wall], np.int64))[0])

    def _cover(self, times: Ints) -> None:
        """Make sure that the changes around these times (instants or wall times) are known."""
        if not len(times):
            return
        low, high = int(times.min()) // DAY - 3, int(times.max()) // DAY + 3
        low, high = max(low, FIRST_DAY), min(high, LAST_DAY)
        if self._from_day <= low and high < self._to_day:
            return
        # Grown by whole years, so that questions that creep forward do not each pay.
        low = min(max(low - _SAMPLES_A_YEAR, FIRST_DAY), self._from_day or low)
        high = max(min(high + _SAMPLES_A_YEAR, LAST_DAY), self._to_day)
        turns, offsets = self._changes(low * 86_400, high * 86_400)
        self._from_day, self._to_day = low, high
        self._turn = np.array(turns, np.int64) * 1_000_000
        self._offset = np.array(offsets, np.int64) * 1_000_000
        self._fold()

    def _changes(self, low: int, high: int) -> tuple[list[int], list[int]]:
        """The seconds at which the offset changes and the offsets before, between and after."""
        turns: list[int] = []
        offsets = [self._offset_at(low)]
        before = low
        while before < high + 86_400:
            second = before + _stride(before)
            offset = self._offset_at(second)
            if offset != offsets[-1]:
                turns.append(self._turn_between(before, second))
                offsets.append(offset)
            before = second
        return turns, offsets

    def _turn_between(self, before: int, after: int) -> int:
        """The first second with the offset of `after`; there is one change between the two."""
        new = self._offset_at(after)
        while after - before > 1:
            middle = (before + after) // 2
            if self._offset_at(middle) == new:
                after = middle
            else:
                before = middle
        return after

    def _fold(self) -> None:
        """Wall times at the ends of segments, made monotone: what comes twice is one step."""
        far = np.int64(2**62)
        self._segment_start = np.concatenate([[-far], self._turn])
        self._segment_end = np.concatenate([self._turn, [far]])
        self._wall_end = np.maximum.accumulate(self._segment_end + self._offset)
        starts = self._segment_start + self._offset
        self._wall_start = np.minimum.accumulate(starts[::-1])[::-1]


def _stride(second: int) -> int:
    """How far to look ahead for the next change without stepping over two of them.

    Before 1800 there was solar time alone, behind 2100 there are the same yearly rules for ever.
    """
    if second < _YEAR_1800:
        return 30 * 86_400
    return 86_400 if second < _YEAR_2100 else 7 * 86_400


@cache
def zone(name: str) -> Zone:
    """The zone of an IANA name or a fixed offset like `-05:00`.

    Raises UnknownZoneError for anything else.
    """
    fixed = _OFFSET.fullmatch(name)
    if fixed:
        sign = -1 if fixed[1] == "-" else 1
        seconds = sign * (int(fixed[2]) * 3600 + int(fixed[3]) * 60)
        return Zone(name, lambda _: seconds, fixed=True)
    info = _load(name)

    def offset_at(second: int) -> int:
        inside = min(max(second, _FIRST_SECOND), _LAST_SECOND)
        moment = datetime.fromtimestamp(0, UTC) + timedelta(seconds=inside)
        shown: Any = moment.astimezone(info).utcoffset()
        return int(shown.total_seconds())

    return Zone(name, offset_at, fixed=False)


def is_zone(name: str) -> bool:
    """Whether a contract may name this as a zone."""
    try:
        zone(name)
    except UnknownZoneError:
        return False
    return True


def _load(name: str) -> ZoneInfo:
    """A zone file of the tzdata package; names that leave its folder are no zones."""
    parts = name.split("/")
    if not all(re.fullmatch(r"[A-Za-z0-9_+-]+", part) for part in parts):
        raise UnknownZoneError(name)
    file = resources.files("tzdata.zoneinfo").joinpath(*parts)
    if not file.is_file():
        raise UnknownZoneError(name)
    with file.open("rb") as data:
        if data.read(4) != b"TZif":
            raise UnknownZoneError(name)
        data.seek(0)
        return ZoneInfo.from_file(data, key=name)


def local_date(instant: int, zone_name: str) -> date:
    """The date that a calendar on the wall of that zone shows at an instant."""
    return date_of(zone(zone_name).local_one(instant) // DAY)


def date_start(local: date, zone_name: str) -> int:
    """The first instant of a date: its 00:00 as a start (S4.2)."""
    return zone(zone_name).start_one(day_of(local) * DAY)
