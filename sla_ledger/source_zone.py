"""The zone of an export's local times, as adapters take it (I1, `--source-zone`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from ledger.errors import Usage
from projections.calendar import wall_time

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def source_zone(name: str | None) -> tzinfo | None:
    """The zone of a name or a fixed offset; None where none was said. Raises Usage."""
    if name is None:
        return None
    if not wall_time.is_zone(name):
        raise Usage(f"--source-zone {name!r} is no IANA zone and no offset such as -05:00")
    return _Wall(wall_time.zone(name))


class _Wall(tzinfo):
    """Wall time of a zone; one that a change skips or doubles has the offset before the change."""

    def __init__(self, zone: wall_time.Zone) -> None:
        self._zone = zone

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        if when is None:
            return None
        wall = (when.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
        before = self._offset(wall - wall_time.DAY)
        after = self._offset(wall - before)
        held = self._offset(wall - after) == after and self._offset(wall - before) != before
        return timedelta(microseconds=after if held else before)

    def _offset(self, instant: int) -> int:
        return self._zone.local_one(instant) - instant

    def tzname(self, when: datetime | None) -> str:
        del when  # the name does not change with the season
        return self._zone.name

    def dst(self, when: datetime | None) -> timedelta | None:
        del when  # not known apart from the offset, and nobody asks
        return None
