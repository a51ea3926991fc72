"""Offsets that the ledger expects and the broker has no more: a gap, recorded (L4)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from consumers.broker import KafkaSettings, reaching
from consumers.partition import Partition
from ledger import journal
from ledger.errors import BadInput

log = structlog.get_logger("consume")
REASON = "deleted at the broker before it was consumed"


def repair(
    consumer: Any, settings: KafkaSettings, ledger: Path, partition: Partition,
    now: Callable[[], int],
) -> None:  # fmt: skip
    """Write the gap into the journal and read on where the broker begins.

    Call it from the loop, never from a rebalance callback: it waits for the broker. Raises
    BadInput where the ledger holds more than the broker ever gave under this topic id.
    """
    tp = partition.at_broker
    with reaching(settings, "looking for lost offsets"):
        first = consumer.beginning_offsets([tp], timeout_ms=10_000)[tp]
    start = partition.next_offset
    if start > first:
        raise BadInput(
            f"partition {partition.name}",
            f"the ledger holds it up to {start}, the broker knows no such offset: its log was cut"
            " (an unclean election or a restore); nothing is overwritten, put the broker's data"
            " back or make the topic anew and run consume --new-incarnation",
        )
    if start < first:
        # If we die here, the next run finds the same gap.
        journal.gap(ledger, partition.name, start, first, REASON, now)
        log.error("records were lost", partition=partition.name, start=start, end=first)
    # If we die here, the gap is written once: the journal knows it.
    consumer.seek(tp, first)
