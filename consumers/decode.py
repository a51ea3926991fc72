"""A Kafka record as what the ledger takes in, with the time that can be believed (E3)."""

from __future__ import annotations

from typing import Any

from ledger.append import Incoming

LOG_APPEND_TIME = 1
HOUR_US = 3_600_000_000


def incoming(record: Any, *, now: int, believe: bool) -> Incoming:
    """The record's bytes and its place, with the broker's time or the reason it is not used.

    `believe` is false for a topic whose producers set the time. The timestamp type travels with
    every record and is looked at here, since a topic's setting can change under a consumer.
    `now` is the moment of append in microseconds.
    """
    reason = _doubt(record, now) if believe else "create_time"
    stamp = record.timestamp
    return Incoming(
        record.offset, stamp, record.timestamp_type, record.key, tuple(record.headers),
        record.value, None if reason else stamp * 1000, now, reason,
    )  # fmt: skip


def _doubt(record: Any, now: int) -> str | None:
    if record.timestamp is None or record.timestamp < 0:
        return "absent"
    if record.timestamp_type != LOG_APPEND_TIME:
        return "create_time"
    if record.timestamp * 1000 > now + HOUR_US:
        return "ahead"
    return None
