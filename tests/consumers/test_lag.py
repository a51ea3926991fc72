"""A silent broker is noticed, waited for or given up (L4)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from kafka.errors import KafkaTimeoutError
from kafka.structs import TopicPartition

from consumers.broker import KafkaSettings
from consumers.lag import SECOND, Watch
from ledger.errors import OutsideFailed

TP = TopicPartition("sla.tickets", 0)


class Clock:
    now = 1_000 * SECOND

    def __call__(self) -> int:
        return self.now


class Consumer:
    """Answers until told not to."""

    dead = False
    asked = 0

    def end_offsets(self, partitions: Any, timeout_ms: int) -> dict[TopicPartition, int]:
        self.asked += 1
        if self.dead:
            raise KafkaTimeoutError("no")
        return dict.fromkeys(partitions, 7)

    def position(self, tp: Any, timeout_ms: int) -> int:
        return 7


@pytest.fixture
def parts() -> tuple[Watch, Clock, Consumer, Any]:
    clock, consumer = Clock(), Consumer()
    held = {TP: SimpleNamespace(next_offset=3, name="sla.tickets-0",
                                reached_end=lambda _consumer, end: end <= 3)}
    return Watch(consumer, KafkaSettings(), clock), clock, consumer, held


def test_nothing_is_asked_while_records_come(parts: Any) -> None:
    watch, clock, consumer, held = parts
    for _ in range(20):
        clock.now += SECOND
        watch.moved()
        watch.check(held, patient=True)
    assert consumer.asked == 0


def test_an_idle_consumer_asks_every_few_seconds_and_knows_its_lag(parts: Any) -> None:
    watch, clock, consumer, held = parts
    for _ in range(20):
        clock.now += SECOND
        watch.check(held, patient=True)
    assert consumer.asked == 4
    assert watch.left(held) == 4
    assert not watch.silent


def test_a_service_goes_on_and_a_run_until_caught_up_gives_up(parts: Any) -> None:
    watch, clock, consumer, held = parts
    consumer.dead = True
    for _ in range(100):
        clock.now += SECOND
        watch.check(held, patient=True)
    assert watch.silent
    with pytest.raises(OutsideFailed, match="not answered"):
        for _ in range(10):
            clock.now += SECOND
            watch.check(held, patient=False)


def test_silence_is_counted_from_its_beginning_each_time(parts: Any) -> None:
    watch, clock, consumer, held = parts
    for _ in range(6):
        consumer.dead = True
        for _ in range(15):
            clock.now += SECOND
            watch.check(held, patient=False)
        consumer.dead = False
        for _ in range(6):
            clock.now += SECOND
            watch.check(held, patient=False)
        assert not watch.silent


def test_topics_are_compared_once_a_minute(parts: Any) -> None:
    watch, clock, _, _ = parts
    times = 0
    for _ in range(180):
        clock.now += SECOND
        times += watch.time_to_compare(clock.now)
    assert times == 3
