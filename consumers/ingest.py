"""From Kafka to the ledger: poll, decode, append, dead-letter, and only then commit (L4).

`run` is the whole story. Positions come from the ledger at each assignment; group offsets are
committed behind it, a gauge for lag and the mark up to which dead letters have gone out.

Rebalance callbacks run on the client's own thread while the loop may be in the middle of a poll.
They only read the ledger's tail and seek; what they share with the loop lies behind one lock,
which nobody holds while calling the consumer.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from kafka import ConsumerRebalanceListener
from kafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError
from kafka.structs import OffsetAndMetadata, TopicPartition

from consumers import broker, losses, owed, topics
from consumers.decode import incoming
from consumers.lag import Watch
from consumers.outbox import Outbox
from consumers.partition import Partition
from ledger import logs
from ledger.append import Appended
from ledger.collector import seldom_collected
from ledger.errors import BadInput, LedgerError, OutsideFailed
from schemas.envelope import Rejection

log = structlog.get_logger("consume")

POLL_MS = 500
POLL_RECORDS = 5000
EMPTY_HANDED_US = 10_000_000
"""So long a run until caught up waits for a partition before it stops without one."""
COMMIT_MS = 5000


@dataclass
class Options:
    """How to consume; the clock (microseconds) and the stop signal are arguments."""

    ledger: Path
    settings: broker.KafkaSettings
    now: Callable[[], int]
    stop: threading.Event = field(default_factory=threading.Event)
    until_caught_up: bool = False
    accept_create_time: bool = False
    new_incarnation: bool = False
    topics: tuple[str, ...] = topics.INPUT_TOPICS
    progress: Callable[[int, int], None] = lambda done, left: None  # noqa: ARG005 - shown to nobody
    segment_seconds: int = 5


@dataclass
class Done:
    """What one run did."""

    records: int = 0
    rejected: int = 0
    segments: int = 0


def run(options: Options) -> Done:
    """Consume until stopped, or until every held partition stands where it ended at the start.

    Raises BadInput for a topic that cannot be believed and OutsideFailed where the broker or the
    disk fails; run again, it goes on where the ledger ends.
    """
    meta = logs.open_meta(options.ledger)
    if meta.door != logs.KAFKA:
        raise BadInput(
            str(options.ledger), "this ledger is fed by files (sla-ledger append); one that Kafka"
            " feeds is made by sla-ledger init --kafka"
        )  # fmt: skip
    loop = Loop(options)
    try:
        with seldom_collected():
            return loop.run()
    finally:
        loop.close()


class Loop:
    """The consumer, the partitions it holds, and what surrounds one poll."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.done = Done()
        self.facts = topics.checked(
            options.settings, options.topics, accept_create_time=options.accept_create_time
        )
        self._lock = threading.Lock()
        self._held: dict[TopicPartition, Partition] = {}
        self._assigned = False
        self._assigned_at = options.now()
        self._failed: Exception | None = None
        self._outbox = Outbox(options.settings)
        with broker.reaching(options.settings, "consuming"):
            self._consumer = broker.consumer(options.settings)
        self._watch = Watch(self._consumer, options.settings, options.now)
        try:
            self._ends = self._watch.ask_ends(self._partitions())
            names = [options.settings.at_broker(topic) for topic in options.topics]
            self._consumer.subscribe(names, listener=_Listener(self))
        except BaseException:
            self.close()
            raise

    def run(self) -> Done:
        """Poll, take, close, until finished."""
        now_of = self.options.now
        while not self.finished():
            for partition, records in self.poll():
                now, believe = now_of(), partition.believed
                # If we die here, the records are still on the topic and the ledger's end is
                # where the next run begins.
                partition.take([incoming(each, now=now, believe=believe) for each in records], now)
            for partition in self.due():
                self.keep(partition)
            self.look_after()
        return self.done

    def _partitions(self) -> list[TopicPartition]:
        name = self.options.settings.at_broker
        return [
            TopicPartition(name(facts.topic), number)
            for facts in self.facts.values()
            for number in facts.partitions
        ]

    def held(self) -> dict[TopicPartition, Partition]:
        """The partitions held now; raises what a rebalance callback could not."""
        with self._lock:
            if self._failed is not None:
                raise self._failed
            return dict(self._held)

    def poll(self) -> list[tuple[Partition, list[Any]]]:
        """The next records by partition; offsets that the broker lost become gaps."""
        self._settle()
        try:
            polled = self._consumer.poll(timeout_ms=POLL_MS, max_records=POLL_RECORDS)
        except NoOffsetForPartitionError:
            self._seek_anew()  # the poll overtook the assignment's seek
            return []
        except OffsetOutOfRangeError as error:
            self._lost(error.args[0])
            return []
        except KafkaError as error:
            self._troubled(error)
            return []
        if polled:
            self._watch.moved()
        held = self.held()
        # What came for a partition that changed hands during the poll is read again later.
        return [
            (held[tp], records) for tp, records in polled.items()
            if tp in held and not held[tp].fresh
        ]  # fmt: skip

    def _seek_anew(self) -> None:
        for partition in self.held().values():
            partition.fresh = True

    def _troubled(self, error: KafkaError) -> None:
        """Tell a topic made anew (BadInput) from a broker that is away from what cannot go on.

        A broker that is away is the watch's business: a service waits for it.
        """
        log.warning("poll failed", why=broker.why_of(error))
        try:
            self._compare_topics()
        except OutsideFailed as away:
            log.warning("put off", why=str(away))
        else:
            if not error.retriable:
                raise OutsideFailed(f"Kafka: {broker.why_of(error)}; run it again") from error
        self._seek_anew()

    def _settle(self) -> None:
        """Seek the place of each partition taken over since the last poll.

        The callback sought it already, but a poll that ran meanwhile may have moved it.
        """
        for tp, partition in self.held().items():
            if partition.fresh:
                try:
                    partition.seek(self._consumer)
                except ValueError:
                    continue  # given away again just now
                partition.fresh = False
                self._pay(tp, partition)

    def _pay(self, tp: TopicPartition, partition: Partition) -> None:
        """Send the dead letters that a run before this one may have died owing (I10)."""
        try:
            committed = self._consumer.committed(tp, timeout_ms=COMMIT_MS)
        except KafkaError as error:
            log.warning("committed offset not known", why=broker.why_of(error))
            return
        if (committed or 0) < partition.next_offset:
            self._outbox.letters(owed.letters(self.options.ledger, partition, committed or 0))
            self._commit(partition)

    def _lost(self, offsets: dict[TopicPartition, int]) -> None:
        self._compare_topics()
        for tp in offsets:
            partition = self.held().get(tp)
            if partition is None or partition.fresh:
                continue
            if partition.open_entries:
                self.keep(partition)
            options = self.options
            losses.repair(
                self._consumer, options.settings, options.ledger, partition, options.now
            )

    def due(self) -> list[Partition]:
        """The partitions whose open segment is full or old enough to be closed."""
        held = list(self.held().values())
        all_now = self.options.stop.is_set() or self._caught_up()
        age = 0 if all_now else self.options.segment_seconds * 1_000_000
        now = self.options.now()
        return [partition for partition in held if partition.due(now, age)]

    def keep(self, partition: Partition) -> None:
        """Make a partition's open entries durable, then tell of them."""
        # If we die here, nothing was promised: the entries are read again from the topic.
        appended = partition.close_segment()
        # If we die here, the entries are durable and the committed offset stands before them:
        # the next run sends their dead letters.
        rejected = [each for each in appended if isinstance(each.outcome, Rejection)]
        self._outbox.dead_letters(rejected)
        # If we die here, the dead letters go out once more, with the same `sla_entry`.
        self._commit(partition)
        self._count(appended, rejected)

    def _count(self, appended: list[Appended], rejected: list[Appended]) -> None:
        self.done.records += len(appended)
        self.done.rejected += len(rejected)
        self.done.segments += 1
        self.options.progress(self.done.records, self._watch.left(self.held()))

    def _commit(self, partition: Partition) -> None:
        offset = OffsetAndMetadata(partition.next_offset, "", -1)
        try:
            self._consumer.commit({partition.at_broker: offset}, timeout_ms=COMMIT_MS)
        except KafkaError as error:
            log.warning("offset not committed", partition=partition.name, why=broker.why_of(error))

    def look_after(self) -> None:
        """Heartbeats for idle partitions, lag, a silent broker, topics made anew."""
        now = self.options.now()
        patient = not self.options.until_caught_up
        self._watch.check(self.held(), patient=patient)
        if self._watch.time_to_compare(now):
            self._calmly(self._compare_topics)
        interval = int(self.options.settings.heartbeat_seconds * 1_000_000)
        if not patient or not interval or self._watch.silent or self.options.stop.is_set():
            return
        for partition in self.held().values():
            if partition.idle(now, interval):
                partition.last_moved = now
                topic, number = partition.facts.topic, partition.at_broker.partition
                self._calmly(partial(self._outbox.heartbeat, topic, number, now))

    def _calmly(self, act: Callable[[], None]) -> None:
        """Do what can wait for a broker that is away."""
        try:
            act()
        except OutsideFailed as error:
            log.warning("put off", why=str(error))

    def _compare_topics(self) -> None:
        found = topics.topic_ids(self.options.settings, self.options.topics)
        # Of all topics, held or not: the group takes a deleted one away from its holder.
        for topic, facts in self.facts.items():
            topics.same(self.options.settings, facts, found.get(topic))

    def finished(self) -> bool:
        """True when told to stop, or caught up and everything durable."""
        held = self.held()
        if any(partition.open_entries for partition in held.values()):
            return False
        return self.options.stop.is_set() or self._caught_up()

    def _caught_up(self) -> bool:
        if not (self.options.until_caught_up and self._assigned):
            return False
        # The group may hand out nothing before it has settled; who stays without stops in the end.
        waited = self.options.now() - self._assigned_at
        if not self.held() and waited < EMPTY_HANDED_US:
            return False
        try:
            return all(
                partition.reached_end(self._consumer, self._ends.get(tp, 0))
                for tp, partition in self.held().items()
            )
        except KafkaError:
            return False  # it changes hands just now; the next round knows

    def assign(self, assigned: list[TopicPartition]) -> None:
        """Take partitions over: the ledger says where each goes on (client's thread)."""
        for tp in assigned:
            facts = self.facts[self.options.settings.in_ledger(tp.topic)]
            partition = Partition.open(self.options, facts, tp)
            partition.seek(self._consumer)
            with self._lock:
                self._held[tp] = partition
            log.info("assigned", partition=partition.name, next_offset=partition.next_offset)
        self._assigned_at = self.options.now()
        self._assigned = True

    def give_up(self, gone: list[TopicPartition]) -> None:
        """Let go of partitions (client's thread).

        Entries taken and not yet durable are dropped: nothing was said of them, and whoever holds
        the partition next reads them again from the ledger's end.
        """
        with self._lock:
            for tp in gone:
                self._held.pop(tp, None)
            self._assigned = False

    def fail(self, error: Exception) -> None:
        """Keep an error of the client's thread for the loop to raise."""
        with self._lock:
            self._failed = self._failed or error

    def close(self) -> None:
        """Leave the group."""
        self._consumer.close()
        self._outbox.close()


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc] # the client ships no types
    """What the group tells. Errors are carried over to the loop, which ends the run with them."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    def on_partitions_revoked(self, revoked: list[TopicPartition]) -> None:
        self._loop.give_up(list(revoked))

    def on_partitions_assigned(self, assigned: list[TopicPartition]) -> None:
        try:
            self._loop.assign(list(assigned))
        except (LedgerError, KafkaError, OSError, ValueError, KeyError) as error:
            self._loop.fail(error)

    def on_partitions_lost(self, lost: list[TopicPartition]) -> None:
        self._loop.give_up(list(lost))
