"""A fact: an event that applies, with its place in the order of facts (S2.10)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from schemas.ids import part

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """What was said, when it happened, when it was recorded and where it stands.

    Instants are microseconds. `data` is what the event says without the members that may name
    people (E9), names and values as in E6: instants are text, defaults are written out.
    """

    type: str
    subject: str
    source: str
    event_id: str
    effective_at: int
    recorded_at: int
    topic: str
    partition: int
    offset: int
    log: str
    customer: str | None
    data: Mapping[str, Any] = field(repr=False)

    @property
    def order(self) -> tuple[int, int, str, int, int]:
        """S2.10: effective time, then recorded time, topic name, partition, offset."""
        return self.effective_at, self.recorded_at, self.topic, self.partition, self.offset

    @property
    def entry(self) -> str:
        """The id of its entry (I6)."""
        return entry_id(self.log, self.offset)


def entry_id(log: str, offset: int) -> str:
    """The id of an entry (I6), without its word."""
    return f"{part(log)}/{offset}"


def in_place_order(entries: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Ids of entries by log, then offset, each once (I4 problems)."""
    return tuple(entry_id(log, offset) for log, offset in sorted(set(entries)))


def _fact(row: tuple[Any, ...]) -> Fact:
    return Fact(*row)


def facts_of(table: pa.Table) -> list[Fact]:
    """Rows of the relation `fact` as facts, in the order of S2.10."""
    names = (
        "type", "subject", "source", "event_id", "effective_at", "recorded_at", "topic",
        "log_partition", "log_offset", "log", "customer", "data",
    )  # fmt: skip
    columns = [table.column(name).to_pylist() for name in names]
    rows: Iterable[tuple[Any, ...]] = zip(*columns, strict=True)
    found = [_fact((*row[:-1], json.loads(row[-1] or "{}"))) for row in rows]
    return sorted(found, key=lambda fact: fact.order)
