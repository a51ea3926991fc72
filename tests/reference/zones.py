"""Wall time to instants and back, by S4.2. The only module of the reference that knows zones."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_FIXED = re.compile(r"([+-])(\d\d):(\d\d)")


@lru_cache(maxsize=256)
def zone_of(name: str) -> tzinfo:
    """An IANA name or a fixed offset; a zone by the data that travels with us, not the machine's."""
    fixed = _FIXED.fullmatch(name)
    if fixed is None:
        file = resources.files("tzdata.zoneinfo").joinpath(*name.split("/"))
        with file.open("rb") as data:
            return ZoneInfo.from_file(data, key=name)
    size = timedelta(hours=int(fixed[2]), minutes=int(fixed[3]))
    return timezone(size if fixed[1] == "+" else -size)


def _utc(instant: int) -> datetime:
    return _EPOCH + timedelta(microseconds=instant)


def local(instant: int, zone: str) -> datetime:
    """The wall time there, without its zone; which pass it is stands in `fold`."""
    return _utc(instant).astimezone(zone_of(zone)).replace(tzinfo=None)


def local_date(instant: int, zone: str) -> date:
    """The date on the wall."""
    return local(instant, zone).date()


def instant_of(wall: datetime, zone: str, *, second_pass: bool) -> int:
    """S4.2: skipped, the instant of the change; coming twice, the pass that is asked for."""
    there = wall.replace(tzinfo=zone_of(zone))
    one, two = ((there.replace(fold=fold).astimezone(UTC) - _EPOCH) // _MICRO for fold in (0, 1))
    if local(one, zone).replace(fold=0) == wall.replace(fold=0):
        return two if second_pass else one
    return _change(min(one, two), max(one, two), zone)


def _change(before: int, after: int, zone: str) -> int:
    """The instant between the two at which the clocks change, by halving."""
    offset = _utc(before).astimezone(zone_of(zone)).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if _utc(middle).astimezone(zone_of(zone)).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


@lru_cache(maxsize=65_536)
def at_wall(day: date, minutes: int, zone: str, end: bool) -> int:
    """Minutes after 00:00 of a date: a start is the first pass, an end the second (S4.2)."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return instant_of(wall, zone, second_pass=end)


def first_instant(day: date, zone: str) -> int:
    """S4.2: a date's first instant is its 00:00 as a start."""
    return at_wall(day, 0, zone, end=False)


def moment(text: str, zone: str) -> int:
    """An instant as it is, or a date: its first instant in the zone (events.md E4)."""
    from schemas.instant import parse_instant

    if len(text) == len("2026-11-01"):
        return first_instant(date.fromisoformat(text), zone)
    return parse_instant(text)
