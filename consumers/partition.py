"""One held topic-partition: the ledger's log of it, and where the consumer must read on (L4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kafka.structs import TopicPartition

from consumers.topics import TopicFacts
from ledger.append import Appended, Incoming, LogWriter

if TYPE_CHECKING:
    from consumers.ingest import Options


@dataclass(eq=False)
class Partition:
    """A partition that this consumer holds now; a rebalance makes a new object of it.

    `fresh` until the loop itself has sought its place: what a poll brings before that may come
    from another position and is not taken.
    """

    at_broker: TopicPartition
    facts: TopicFacts
    writer: LogWriter
    last_moved: int
    fresh: bool = True

    @classmethod
    def open(cls, options: Options, facts: TopicFacts, tp: TopicPartition) -> Partition:
        """Read the ledger's tail; touches no consumer, so it may run in a rebalance callback.

        Raises BadInput where the ledger knows another topic under this name (L4).
        """
        writer = LogWriter.open_partition(
            options.ledger, facts.topic, facts.topic_id, tp.partition, facts.cluster_id,
            new_incarnation=options.new_incarnation,
        )  # fmt: skip
        return cls(tp, facts, writer, last_moved=options.now())

    @property
    def name(self) -> str:
        """The log's name as answers show it."""
        return self.writer.log.log

    @property
    def next_offset(self) -> int:
        """The offset behind the last entry taken; 0 for a new log."""
        return self.writer.next_offset

    @property
    def believed(self) -> bool:
        """Whether the broker stamps this topic's records (E3)."""
        return self.facts.log_append_time

    @property
    def open_entries(self) -> int:
        """How many entries are taken and not yet durable."""
        return self.writer.open_entries

    def seek(self, consumer: Any) -> None:
        """Put the consumer where the ledger ends."""
        consumer.seek(self.at_broker, self.next_offset)

    def take(self, records: Sequence[Incoming], now: int) -> None:
        """Take records that the ledger does not have; those it has are passed over.

        Another writer may have carried the log beyond what this consumer has read.
        """
        self.last_moved = now
        known = self.next_offset
        self.writer.take([record for record in records if record.offset >= known])

    def due(self, now: int, age_us: int) -> bool:
        """Whether the open segment is full or its first entry at least `age_us` old."""
        if not self.open_entries:
            return False
        opened = self.writer.opened_at
        return self.writer.is_full or opened is None or now - opened >= age_us

    def close_segment(self) -> list[Appended]:
        """Make the open entries durable; what became of each."""
        return self.writer.close_segment()

    def idle(self, now: int, for_us: int) -> bool:
        """Whether nothing has come for so long (L3)."""
        return now - self.last_moved >= for_us

    def reached_end(self, consumer: Any, end: int) -> bool:
        """Whether everything before `end` was read, markers and holes included."""
        if self.fresh:
            return False
        if self.next_offset >= end:
            return True
        position = consumer.position(self.at_broker, timeout_ms=1000)
        return position is not None and position >= end
