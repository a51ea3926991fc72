"""Kills, outages and two at once: nothing is lost, doubled or put in another order (L4, L10)."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

import pytest
from world import TICKETS, ended, finish, tickets

pytestmark = pytest.mark.broker


def _whole(world: Any, count: int, name: str = "ledger") -> None:
    entries = world.entries(name=name)
    assert [each["offset"] for each in entries] == list(range(count))
    assert [each["event"] for each in entries] == [f"event:%2Ftest/e{number}" for number in range(count)]
    world.sound(name)


def test_two_consumers_on_one_partition_lose_and_double_nothing(world: Any) -> None:
    """Different groups, so that both hold the partition, and one ledger."""
    world.topic()
    count = 6000
    stop = threading.Event()
    failures: list[BaseException] = []

    def consume(group: str) -> None:
        try:
            world.consume(until_caught_up=False, stop=stop, segment_seconds=0,
                          group_id=world.prefix + group)
        except BaseException as error:
            failures.append(error)

    world.ledger()
    runners = [threading.Thread(daemon=True, target=consume, args=(group,)) for group in ("a", "b")]
    for runner in runners:
        runner.start()
    for start in range(0, count, 300):
        world.produce(tickets(300, start))
        time.sleep(0.05)
    try:
        world.until(lambda: failures or world.size() == count)
    finally:
        stop.set()
        for runner in runners:
            runner.join(40)
    assert failures == []
    _whole(world, count)
    world.consume("alone", group_id=world.prefix + "alone")
    assert world.roots("alone") == world.roots()


def test_members_of_one_group_share_partitions_and_take_over(world: Any) -> None:
    world.topic(partitions=4)
    for partition in range(4):
        world.produce(tickets(50, 100 * partition), partition=partition)
    first, second = world.service(), world.service()
    try:
        world.until(lambda: sum(size for size, _ in world.roots().values()) == 200)
        first.kill()
        first.communicate()
        for partition in range(4):
            world.produce(tickets(50, 100 * partition + 50), partition=partition)
        world.until(lambda: sum(size for size, _ in world.roots().values()) == 400)
    finally:
        first.kill()
        finish(second)
    world.sound()
    for partition in range(4):
        events = [each["event"] for each in world.entries(f"sla.tickets-{partition}")]
        assert events == [f"event:%2Ftest/e{100 * partition + number}" for number in range(100)]


DYING = """
import os, sys
from consumers import ingest, outbox, partition
from ledger import store
where, when, left = sys.argv.pop(1).split(":")
left = int(left)
ingest.POLL_RECORDS = 500
partition.Partition.due = lambda self, now, age: bool(self.open_entries)
places = {"store": (store.DirectoryStore, "create"), "letters": (outbox.Outbox, "dead_letters"),
          "commit": (ingest.Loop, "_commit"), "take": (partition.Partition, "take")}
kind, name = places[where]
real = getattr(kind, name)
def dying(self, *given):
    global left
    left -= 1
    if left == 0 and when == "before":
        os.kill(os.getpid(), 9)
    result = real(self, *given)
    if left == 0:
        os.kill(os.getpid(), 9)
    return result
setattr(kind, name, dying)
from sla_ledger.cli.main import main
main()
"""


def test_killed_at_any_step_it_goes_on_where_the_ledger_ends(world: Any) -> None:
    """The first store is that of the log's name; each segment and each receipt is one more."""
    world.topic()
    count = 6000
    world.produce(tickets(count))
    sizes = []
    for step in ("take:after:2", "store:before:2", "store:after:2", "store:after:4",
                 "letters:before:2", "commit:before:1"):
        words = (step, "--ledger", str(world.ledger()), "consume", "--until-caught-up",
                 "--topic", TICKETS)
        # A group of its own each time: one with a dead member waits for it.
        process = world.command(*words, code=DYING,
                                SLA_LEDGER_KAFKA_GROUP_ID=f"{world.prefix}{len(sizes)}")
        ended(process, -signal.SIGKILL)
        sizes.append(world.size())
    assert sizes == sorted(sizes)
    assert 0 < sizes[-1] < count, "it was never killed in the middle"
    world.consume(group_id=world.prefix + "next")
    _whole(world, count)
    world.consume("alone", group_id=world.prefix + "alone")
    assert world.roots("alone") == world.roots()


def test_a_broker_that_dies_and_comes_back_is_waited_for(own_world: Any) -> None:
    world, broker = own_world
    world.topic()
    world.produce(tickets(500))
    stop = threading.Event()
    failures: list[BaseException] = []

    def consume() -> None:
        try:
            world.consume(until_caught_up=False, stop=stop, segment_seconds=0)
        except BaseException as error:
            failures.append(error)

    runner = threading.Thread(daemon=True, target=consume)
    runner.start()
    try:
        world.until(lambda: world.size() == 500)
        broker.kill()
        time.sleep(8)
        assert runner.is_alive(), failures
        broker.start()
        world.produce(tickets(500, 500))
        world.until(lambda: failures or world.size() == 1000, 60)
    finally:
        stop.set()
        runner.join(40)
    assert failures == []
    _whole(world, 1000)


def test_until_caught_up_fails_after_a_long_silence_and_may_run_again(
    own_world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from consumers import ingest, lag
    from ledger.errors import OutsideFailed

    world, broker = own_world
    monkeypatch.setattr(lag, "SILENT_US", 5_000_000)
    monkeypatch.setattr(ingest, "POLL_RECORDS", 50)
    world.topic()
    world.produce(tickets(200))
    taken = 0
    take = ingest.Partition.take

    def kill_then_take(self: Any, records: Any, now: int) -> None:
        nonlocal taken
        take(self, records, now)
        taken += 1
        if taken == 1:
            broker.kill()

    monkeypatch.setattr(ingest.Partition, "take", kill_then_take)
    monkeypatch.setattr(ingest.Loop, "_caught_up", lambda self: False)
    with pytest.raises(OutsideFailed, match="not answered"):
        world.consume()
    monkeypatch.undo()
    broker.start()
    world.consume(group_id=world.prefix + "next")
    _whole(world, 200)


def test_no_broker_exits_4(world: Any) -> None:
    process = world.service(
        "ledger", "--until-caught-up", SLA_LEDGER_KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1"
    )
    said = ended(process, 4)
    assert "127.0.0.1:1" in said
    assert "Traceback" not in said


def test_a_refused_topic_exits_3(world: Any) -> None:
    world.topic(message_timestamp_type="CreateTime")
    said = ended(world.service("ledger", "--until-caught-up"), 3)
    assert "--accept-create-time" in said


def test_topics_create_makes_what_consume_accepts(world: Any) -> None:
    ended(world.command("topics", "create", "--partitions", "2", "--replication", "1",
                        "--retention", "30d"), 0)
    said = ended(world.command("topics", "create", "--partitions", "2", "--replication", "1"), 0)
    assert said.count("there already") == 7
    ended(world.command("--ledger", str(world.ledger()), "consume", "--until-caught-up"), 0)
    assert TICKETS + "-1" in world.roots()
