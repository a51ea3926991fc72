"""What arrives on the topics is in the ledger once, in order, whatever it is (L3, L4, E2, E3)."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from world import TICKETS, finish, ticket, tickets

from consumers import topics
from ledger.errors import BadInput, OutsideFailed
from ledger.reader import open_ledger
from schemas.instant import parse_instant

pytestmark = pytest.mark.broker


def test_what_is_produced_becomes_entries_and_consuming_again_adds_nothing(world: Any) -> None:
    world.topic()
    world.produce(tickets(300))
    done = world.consume()
    assert (done.records, done.rejected) == (300, 0)
    entries = world.entries()
    assert [each["offset"] for each in entries] == list(range(300))
    assert [each["event"] for each in entries] == [f"event:%2Ftest/e{number}" for number in range(300)]
    assert {each["timestamp_type"] for each in entries} == {"append"}
    recorded = [parse_instant(each["recorded_at"]) for each in entries]
    assert recorded == sorted(set(recorded)), "recorded time strictly grows (L3)"
    roots = world.roots()
    assert world.consume().records == 0
    assert world.roots() == roots
    world.sound()


def test_two_ledgers_cut_differently_have_the_same_roots(world: Any) -> None:
    world.topic()
    for start in range(0, 90, 30):
        world.produce(tickets(30, start))
        world.consume("often", group_id=world.prefix + "often")
    world.consume("once", group_id=world.prefix + "once")
    assert world.roots("often") == world.roots("once")
    counts = [
        len(open_ledger(world.folder / name).snapshot().segments) for name in ("often", "once")
    ]
    assert counts == [3, 1]


def test_every_partition_is_a_log_of_its_own(world: Any) -> None:
    world.topic(partitions=3)
    for partition in range(3):
        world.produce(tickets(partition + 1, 10 * partition), partition=partition)
    assert world.consume().records == 6
    assert {log: size for log, (size, _) in world.roots().items()} == {
        "sla.tickets-0": 1, "sla.tickets-1": 2, "sla.tickets-2": 3,
    }


def test_any_bytes_are_kept_and_the_reader_goes_on(world: Any) -> None:
    world.topic()
    world.rejected_topic()
    binary = [("ce_specversion", b"1.0"), ("ce_id", b"b1"), ("ce_source", b"/test"),
              ("ce_type", b"sla.ticket.closed.v1"), ("ce_subject", b"t1"),
              ("ce_time", b"2026-10-01T10:00:00Z")]
    world.produce([
        (b"k", None, []),
        (None, ticket(1), []),
        (None, None, [("h", None), ("h", b"2")]),
        (b"k", b"", []),
        (b"\xff\x00", b"\xff\xfe\x00", [("x", b"\xff")]),
        (b"k", None, binary),
        (b"k", b"{", []),
        (b"", ticket(2), []),
    ])
    done = world.consume()
    assert (done.records, done.rejected) == (8, 5)
    entries = world.entries()
    assert [each["rejected"] for each in entries] == [
        "no_value", None, "no_value", "not_json", "not_utf8", None, "not_json", None,
    ]
    assert [each["key"] for each in entries[:3]] == [{"text": "k"}, None, None]
    assert entries[2]["headers"] == [["h", None], ["h", {"text": "2"}]]
    assert entries[3]["value"] == {"text": ""}
    assert entries[4]["value"] == {"base64": "//4A"}
    assert (entries[5]["event"], entries[5]["value"]) == ("event:%2Ftest/b1", None)
    assert entries[7]["key"] == {"text": ""}
    world.sound()
    letters = world.read(topics.REJECTED)
    assert [dict(each.headers)["sla_entry"] for each in letters] == [
        f"sla.tickets-0/{offset}".encode() for offset in (0, 2, 3, 4, 6)
    ]
    fifth = letters[3]
    assert (fifth.key, fifth.value) == (b"\xff\x00", b"\xff\xfe\x00")
    names = [name for name, _ in fifth.headers]
    assert names == ["x", "sla_entry", "sla_code", "sla_at", "sla_message"]
    assert dict(fifth.headers)["sla_code"] == b"not_utf8"


def test_dead_letters_that_a_run_died_owing_go_out_at_the_next(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from consumers.outbox import Outbox

    world.topic()
    world.rejected_topic()
    world.produce([b"no", ticket(1), b"neither"])

    def die(*_: Any) -> int:
        raise OutsideFailed("died")

    with monkeypatch.context() as patched:
        patched.setattr(Outbox, "dead_letters", die)
        with pytest.raises(OutsideFailed):
            world.consume()
    assert (world.size(), world.read(topics.REJECTED)) == (3, [])
    assert world.consume().records == 0
    sent = [dict(each.headers)["sla_entry"] for each in world.read(topics.REJECTED)]
    assert sent == [b"sla.tickets-0/0", b"sla.tickets-0/2"]
    world.consume()
    assert len(world.read(topics.REJECTED)) == 2


def test_the_largest_record_is_an_entry(world: Any) -> None:
    world.topic()
    world.rejected_topic()
    world.produce([ticket(1), b"x" * 17_000_000, ticket(2)])
    assert world.consume().records == 3
    assert [each["rejected"] for each in world.entries()] == [None, "too_large", None]


def test_a_topic_stamped_by_producers_is_refused_until_told(world: Any) -> None:
    world.topic(message_timestamp_type="CreateTime")
    world.produce(tickets(3))
    with pytest.raises(BadInput, match="CreateTime"):
        world.consume()
    assert world.roots() == {}
    world.consume(accept_create_time=True)
    assert [each["timestamp_type"] for each in world.entries()] == ["create"] * 3
    world.sound()


def test_a_record_that_the_broker_did_not_stamp_takes_the_moment_of_append(world: Any) -> None:
    from kafka.admin import ConfigResource

    world.topic(message_timestamp_type="CreateTime")
    world.produce([ticket(1)])
    with world.admin() as admin:
        admin.alter_configs([ConfigResource(
            "TOPIC", world.prefix + TICKETS, configs={"message.timestamp.type": "LogAppendTime"}
        )])
    world.until(lambda: topics.checked(
        world.settings(), [TICKETS], accept_create_time=True)[TICKETS].log_append_time)
    world.produce([ticket(2)])
    world.consume()
    assert [each["timestamp_type"] for each in world.entries()] == ["create", "append"]


@pytest.mark.parametrize("policy", ["compact", "compact,delete"])
def test_a_topic_that_forgets_is_refused_always(world: Any, policy: str) -> None:
    world.topic(cleanup_policy=policy)
    with pytest.raises(BadInput, match="forgets"):
        world.consume(accept_create_time=True)


def test_a_missing_topic_is_refused_with_what_makes_it(world: Any) -> None:
    with pytest.raises(BadInput, match="topics create"):
        world.consume()


def test_a_ledger_fed_by_files_takes_nothing_from_topics(world: Any) -> None:
    from ledger.logs import create

    world.topic()
    create(world.folder / "files", "file", 0)
    with pytest.raises(BadInput, match="fed by files"):
        world.consume("files")


def test_what_a_producer_took_back_is_no_entry_and_its_marker_no_gap(world: Any) -> None:
    world.topic()
    producer = world.producer(**{"transactional.id": world.prefix + "t"})
    producer.init_transactions(30)
    for number, commit in ((1, True), (2, False), (3, True)):
        producer.begin_transaction()
        producer.produce(world.prefix + TICKETS, value=ticket(number), partition=0)
        producer.flush(30)
        producer.commit_transaction(30) if commit else producer.abort_transaction(30)
    world.consume()
    assert [(each["offset"], each["event"]) for each in world.entries()] == [(0, "event:%2Ftest/e1"), (4, "event:%2Ftest/e3")]
    assert "journal" not in world.roots()
    assert world.consume().records == 0, "a trailing marker is no reason to wait"


def test_records_deleted_before_they_were_read_are_a_gap(world: Any) -> None:
    from kafka import TopicPartition

    world.topic()
    world.produce(tickets(10))
    tp = TopicPartition(world.prefix + TICKETS, 0)
    with world.admin() as admin:
        admin.delete_records({tp: 4})
    world.consume()
    assert [each["offset"] for each in world.entries()] == [4, 5, 6, 7, 8, 9]
    world.produce(tickets(10, 10))
    with world.admin() as admin:
        admin.delete_records({tp: 20})
    assert world.consume().records == 0
    assert world.consume().records == 0
    gaps = open_ledger(world.folder / "ledger").snapshot().gaps()
    assert [(gap.log, gap.start, gap.end) for gap in gaps] == [
        ("sla.tickets-0", 0, 4), ("sla.tickets-0", 10, 20),
    ]
    world.sound()


def test_a_topic_made_anew_is_refused_until_the_operator_says_so(world: Any) -> None:
    world.topic()
    world.produce(tickets(3))
    world.consume()
    with world.admin() as admin:
        admin.delete_topics([world.prefix + TICKETS])
    world.until(lambda: not topics.topic_ids(world.settings(), [TICKETS]))
    world.topic()
    world.produce(tickets(5, 10))
    with pytest.raises(BadInput, match="new-incarnation"):
        world.consume()
    assert world.size() == 3
    assert world.consume(new_incarnation=True).records == 5
    assert {log: size for log, (size, _) in world.roots().items()} == {
        "sla.tickets-0": 3, "sla.tickets-0@2": 5,
    }
    assert world.consume().records == 0, "said once is enough"


def test_a_running_consumer_notices_that_its_topic_was_made_anew(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from consumers import lag

    monkeypatch.setattr(lag, "COMPARE_US", 300_000)
    world.topic()
    world.produce(tickets(3))
    raised: list[BaseException] = []

    def consume() -> None:
        try:
            world.consume(until_caught_up=False, segment_seconds=0)
        except BadInput as error:
            raised.append(error)

    runner = threading.Thread(daemon=True, target=consume)
    runner.start()
    world.until(lambda: world.size() == 3)
    with world.admin() as admin:
        admin.delete_topics([world.prefix + TICKETS])
    runner.join(40)
    assert [type(each) for each in raised] == [BadInput]


def test_an_idle_partition_gets_heartbeats(world: Any) -> None:
    world.topic()
    world.produce([ticket(1)])
    stop = threading.Event()
    runner = threading.Thread(daemon=True, target=world.consume, kwargs={
        "until_caught_up": False, "heartbeat_seconds": 0.5, "segment_seconds": 0, "stop": stop,
    })
    runner.start()
    try:
        world.until(lambda: world.size() >= 3)
    finally:
        stop.set()
        runner.join(30)
    beats = world.entries()[1:]
    assert all(each["event"].startswith("event:%2Fsla-ledger/sla.tickets%2F0%2F") for each in beats), beats
    assert not any(each["rejected"] for each in beats)
    assert b"sla.heartbeat.v1" in beats[0]["value"]["text"].encode()


def test_the_end_asked_at_the_start_is_where_it_stops(world: Any) -> None:
    world.topic(partitions=2)
    assert world.consume().records == 0


def test_sigterm_finishes_the_batch(world: Any) -> None:
    world.topic()
    world.produce(tickets(200))
    process = world.service()
    world.until(lambda: b"assigned" in _peek(process) or world.size() == 200)
    import time

    time.sleep(1.0)
    said = finish(process)
    assert "200 records appended" in said
    assert world.size() == 200
    world.sound()


def _peek(process: Any) -> bytes:
    line: bytes = process.stderr.readline()
    return line
