"""When a run until caught up may stop."""

from __future__ import annotations

import threading
from pathlib import Path

from consumers import ingest
from consumers.broker import KafkaSettings


def _loop(now: list[int]) -> ingest.Loop:
    loop = object.__new__(ingest.Loop)
    loop.options = ingest.Options(
        ledger=Path("unused"), settings=KafkaSettings(), now=lambda: now[0], until_caught_up=True
    )
    loop._lock, loop._held, loop._failed, loop._ends = threading.Lock(), {}, None, {}
    loop._assigned, loop._assigned_at = True, 0
    return loop


def test_being_handed_nothing_at_first_is_not_the_end() -> None:
    now = [5_000_000]
    loop = _loop(now)
    assert not loop.finished()
    now[0] = 11_000_000
    assert loop.finished(), "a consumer that stays without a partition stops"


def test_between_two_assignments_nothing_is_caught_up() -> None:
    loop = _loop([60_000_000])
    loop.give_up([])
    assert not loop.finished()
