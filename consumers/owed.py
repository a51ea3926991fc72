"""Dead letters that a run died owing: durable entries that no offset was committed behind (I10)."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path

from consumers.outbox import Letter
from consumers.partition import Partition
from ledger.reader import open_ledger
from schemas import envelope


def letters(ledger: Path, partition: Partition, committed: int) -> Iterator[Letter]:
    """The rejected entries of a log at or behind an offset, judged once more for the reason."""
    reader = open_ledger(ledger)
    for entry in reader.entries(partition.name, committed, None):
        if entry["rejected"] is None:
            continue
        headers = tuple((name, _bytes(value)) for name, value in entry["headers"])
        value = _bytes(entry["value"])
        outcome = envelope.read(value, headers=headers, topic=partition.facts.topic)
        if isinstance(outcome, envelope.Rejection):
            yield Letter(entry["entry"], _bytes(entry["key"]), headers, value, outcome)


def _bytes(shown: Mapping[str, str] | None) -> bytes | None:
    if shown is None:
        return None
    return shown["text"].encode() if "text" in shown else base64.b64decode(shown["base64"])
