"""The rows of the answers that hold one state against another (I5); `rows` has the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from projections.members import Money, Value


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading that would change a verdict, an amount or a state of the month."""

    SORT: ClassVar[tuple[str, ...]] = (
        "contract", "version", "interpretation", "option", "answer", "id", "member",
    )  # fmt: skip

    contract: str
    version: str
    interpretation: str
    chosen: str
    option: str
    answer: str
    id: str
    member: str
    value: Value
    other_value: Value
    change: Value


@dataclass(frozen=True, slots=True)
class ReadingTaken:
    """An interpretation and the option that is taken."""

    interpretation: str
    option: str


@dataclass(frozen=True, slots=True)
class DisputeReadingsRow:
    """The lowest and the highest amount over all readings that matter to a dispute."""

    SORT: ClassVar[tuple[str, ...]] = ("currency",)

    currency: str
    lowest: Money
    highest: Money
    lowest_readings: tuple[ReadingTaken, ...]
    highest_readings: tuple[ReadingTaken, ...]


@dataclass(frozen=True, slots=True)
class EntryMoved:
    """An entry recorded between two states, and the value the member takes with it alone."""

    entry: str
    alone: Value


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A member that differs between two states of knowledge, or a row that came or went."""

    SORT: ClassVar[tuple[str, ...]] = ("answer", "id", "member")

    answer: str
    id: str
    member: str | None
    before: Value
    after: Value
    change: Value
    entries: tuple[EntryMoved, ...]
