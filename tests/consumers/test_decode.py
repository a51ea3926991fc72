"""Which time of a record is believed (E3)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from consumers.decode import HOUR_US, incoming

NOW = 1_800_000_000_000_000


@pytest.mark.parametrize(
    ("timestamp", "kind", "believe", "reason"),
    [
        (NOW // 1000, 1, True, None),
        ((NOW + HOUR_US) // 1000, 1, True, None),
        ((NOW + HOUR_US) // 1000 + 1, 1, True, "ahead"),
        (NOW // 1000, 0, True, "create_time"),
        (-1, 1, True, "absent"),
        (None, None, True, "absent"),
        (NOW // 1000, 1, False, "create_time"),
        (0, 1, True, None),
    ],
)
def test_the_brokers_time_or_why_not(
    timestamp: int | None, kind: int | None, believe: bool, reason: str | None
) -> None:
    record = SimpleNamespace(offset=5, timestamp=timestamp, timestamp_type=kind, key=None,
                             headers=[("a", None)], value=b"")
    came = incoming(record, now=NOW, believe=believe)
    assert came.broker_time == reason
    assert came.recorded_at == (None if reason else timestamp * 1000)  # type: ignore[operator]
    assert (came.offset, came.value, came.headers) == (5, b"", (("a", None),))
