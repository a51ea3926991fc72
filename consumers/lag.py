"""How far behind, and whether the broker still answers: `poll` alone never says so (L4).

A poll against a dead broker returns nothing and raises nothing, exactly like an idle topic. So an
idle consumer asks for end offsets with a short time-out, which does raise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog
from kafka.errors import KafkaError
from kafka.structs import TopicPartition

from consumers.broker import KafkaSettings, reaching, why_of
from consumers.partition import Partition
from ledger.errors import OutsideFailed

log = structlog.get_logger("consume")

SECOND = 1_000_000
ASK_MS = 2000
IDLE_US = 2 * SECOND
"""An idle consumer asks after so long, and again after as long as ASK_AGAIN_US."""
ASK_AGAIN_US = 5 * SECOND
SILENT_US = 20 * SECOND
"""A run until caught up gives a silent broker so long before it fails."""
STALLED_US = 60 * SECOND
COMPARE_US = 60 * SECOND


class Watch:
    """End offsets, silence and stalls; asks the consumer from the loop's own thread only.

    `now` gives microseconds.
    """

    def __init__(self, consumer: Any, settings: KafkaSettings, now: Callable[[], int]) -> None:
        self._consumer = consumer
        self._settings = settings
        self._now = now
        self._ends: dict[TopicPartition, int] = {}
        self._moved_at = self._asked_at = self._compared_at = self._warned_at = now()
        self._silent_since: int | None = None

    @property
    def silent(self) -> bool:
        """Whether the broker did not answer when it was last asked."""
        return self._silent_since is not None

    def ask_ends(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """The end of each partition now: that of the last committed record (read_committed)."""
        with reaching(self._settings, "asking for end offsets"):
            found = self._consumer.end_offsets(list(partitions), timeout_ms=10_000)
        self._ends.update(found)
        return dict(found)

    def moved(self) -> None:
        """Records came: the broker answers."""
        self._moved_at = self._now()
        self._answered()

    def left(self, held: Mapping[TopicPartition, Partition]) -> int:
        """How many offsets lie between what was taken and the ends last heard of."""
        return sum(
            max(0, self._ends.get(tp, 0) - partition.next_offset) for tp, partition in held.items()
        )

    def time_to_compare(self, now: int) -> bool:
        """True once a minute: topics' ids are to be compared (L4)."""
        if now - self._compared_at < COMPARE_US:
            return False
        self._compared_at = now
        return True

    def check(self, held: Mapping[TopicPartition, Partition], *, patient: bool) -> None:
        """Ask an idle broker whether it is there.

        Raises OutsideFailed after a long silence unless `patient`; a service warns and goes on.
        """
        now = self._now()
        if now - self._moved_at < IDLE_US or now - self._asked_at < ASK_AGAIN_US:
            return
        self._asked_at = now
        # Without a partition there is nothing to ask about: the group has not settled yet.
        asked = list(held) or list(self._ends)[:1]
        if not asked:
            return
        try:
            self._ends.update(self._consumer.end_offsets(asked, timeout_ms=ASK_MS))
        except (KafkaError, OSError) as error:
            self._no_answer(now, error, patient=patient)
            return
        self._answered()
        self._stalled(now, held)

    def _no_answer(self, now: int, error: BaseException, *, patient: bool) -> None:
        first = self._silent_since is None
        since = self._silent_since = self._silent_since or now
        if not patient and now - since >= SILENT_US:
            raise OutsideFailed(
                f"Kafka at {self._settings.bootstrap_servers} has not answered for"
                f" {(now - since) // SECOND} s ({why_of(error)}); run it again, it goes on where"
                " the ledger ends"
            ) from error
        if first or now - self._warned_at >= 60 * SECOND:
            self._warned_at = now
            log.warning("the broker does not answer; trying on", why=why_of(error))

    def _answered(self) -> None:
        if self._silent_since is not None:
            log.info("the broker answers again")
            self._silent_since = None

    def _stalled(self, now: int, held: Mapping[TopicPartition, Partition]) -> None:
        """Warn where the broker has records that do not come."""
        if now - self._moved_at < STALLED_US or now - self._warned_at < STALLED_US:
            return
        for tp, partition in held.items():
            if not partition.reached_end(self._consumer, self._ends.get(tp, 0)):
                self._warned_at = now
                log.warning(
                    "records do not come", partition=partition.name,
                    next_offset=partition.next_offset, end=self._ends.get(tp),
                )  # fmt: skip
