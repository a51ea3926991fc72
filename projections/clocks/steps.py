"""Which events of a ticket apply, in which order (S5.1, S5.2, S2.10), as columns.

In: what was told, sorted by ticket and order. Out: `Steps`, the events that apply, each
ticket's opening first. What does not apply leaves a problem.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.calendar.wall_time import Ints
from projections.clocks.transitions import CLASSIFIED, MERGED, OPENED

Flags = npt.NDArray[np.bool_]
NOWHERE = 2**62
"""Stands for a place behind every event, or an instant behind every other."""
ORDER = ("ticket", "effective_at", "recorded_at", "topic", "log_partition", "log_offset")
"""The order of facts within a ticket (S2.10)."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told about some tickets, in the order of ticket and facts.

    `rows` are those of `ticket_story`, or of `ticket_step` where problems are asked.
    """

    rows: pa.Table

    @classmethod
    def whole(cls, rows: pa.Table) -> Told:
        """From rows in any order."""
        return cls(rows.sort_by([(name, "ascending") for name in ORDER]).combine_chunks())

    def words(self, name: str) -> tuple[Ints, list[str]]:
        """A column of texts as places in a list of texts, -1: none."""
        return codes(self.rows.column(name))

    def of(self, name: str, rows: Ints) -> Any:
        """A column of some rows."""
        return self.rows.column(name).take(pa.array(rows))


@dataclass(slots=True)
class Steps:
    """The events that apply, ticket by ticket.

    By event: `row` (of what was told), `ticket` (from 0), `time`, `symbol`, `word` (a place in
    `words`, -1: none). By ticket: `first` and `count` of its events, `opened_at`, `severity` at
    the opening. `problems` are rows of what was told, by kind.
    """

    row: Ints
    ticket: Ints
    time: Ints
    symbol: npt.NDArray[np.uint8]
    word: Ints
    words: list[str]
    first: Ints
    count: Ints
    severity: Ints
    problems: dict[str, Ints] = field(default_factory=dict)

    @property
    def opened_at(self) -> Ints:
        """When each ticket was opened."""
        return self.time[self.first]

    @property
    def behind(self) -> Ints:
        """The place behind each ticket's last event."""
        return self.first + self.count

    def places(self, symbol: int) -> Ints:
        """Where the events of one symbol stand."""
        return np.flatnonzero(self.symbol == symbol)


def numbers(rows: pa.Table, name: str) -> Ints:
    """A whole column without nulls as int64."""
    found: Ints = rows.column(name).to_numpy().astype(np.int64, copy=False)
    return found


def codes(column: Any) -> tuple[Ints, list[str]]:
    """Texts as places in the list of texts behind them; null is -1."""
    encoded = pc.dictionary_encode(column.combine_chunks())
    indices = pc.fill_null(encoded.indices, -1)
    return indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary.to_pylist()


def steps(told: Told) -> Steps:
    """The events that apply."""
    rows = told.rows
    ticket, heads = _tickets(rows)
    time, symbol = numbers(rows, "effective_at"), numbers(rows, "symbol").astype(np.uint8)
    word, words = told.words("word")
    place = np.arange(len(ticket))
    opens = (symbol >= OPENED) & (symbol < CLASSIFIED)
    opening_of = (
        np.minimum.reduceat(np.where(opens, place, NOWHERE), heads) if len(heads) else heads
    )
    opened = opening_of != NOWHERE
    opening = np.where(opened, opening_of, 0)[ticket]
    left = opened[ticket]
    problems: dict[str, Ints] = {}

    def out(kind: str, which: Flags) -> None:
        problems[kind] = np.flatnonzero(left & which)
        left[problems[kind]] = False

    out("second_opening", opens & (place != opening))
    customer, _ = told.words("customer")
    out("customer_mismatch", (customer >= 0) & (customer != customer[opening]))
    early = place < opening
    out("before_opening", early & (time < time[opening]))
    severity, rank = word[np.where(opened, opening_of, 0)] if len(place) else word, place * 2
    at_once = np.flatnonzero(left & early)
    if len(at_once):
        _same_instant(at_once, ticket, symbol, word, opening, severity, rank, left)
    kept = np.flatnonzero(left)
    if len(at_once):
        kept = kept[np.lexsort((rank[kept], ticket[kept]))]
    gone = _behind_merger(ticket[kept], symbol[kept])
    problems["after_merge"] = kept[gone]
    kept = kept[~gone]
    return _laid_out(kept, ticket, time, symbol, word, words, severity[opened], problems)


def _tickets(rows: pa.Table) -> tuple[Ints, Ints]:
    """The number of each row's ticket, and the first row of each ticket."""
    column = rows.column("ticket").combine_chunks()
    count = len(column)
    fresh = np.ones(count, np.bool_)
    if count > 1:
        differs = pc.not_equal(column.slice(1), column.slice(0, count - 1))
        fresh[1:] = differs.to_numpy(zero_copy_only=False)
    return np.cumsum(fresh) - 1, np.flatnonzero(fresh)


def _same_instant(
    at_once: Ints,
    ticket: Ints,
    symbol: npt.NDArray[np.uint8],
    word: Ints,
    opening: Ints,
    severity: Ints,
    rank: Ints,
    left: Flags,
) -> None:
    """Put events of the opening's instant that were recorded before it behind it (S5.1).

    A severity among them is the severity at the opening.
    """
    first = at_once[::-1]
    rank[opening[first]] = rank[first] - 1  # of several the first one wins, being written last
    told = at_once[symbol[at_once] == CLASSIFIED]
    severity[ticket[told]] = word[told]
    left[told] = False


def _behind_merger(ticket: Ints, symbol: npt.NDArray[np.uint8]) -> Flags:
    """Which of the kept events come after their ticket's first merger (S5.2)."""
    mergers = np.flatnonzero(symbol == MERGED)
    if not len(mergers):
        return np.zeros(len(ticket), np.bool_)
    _, firsts = np.unique(ticket[mergers], return_index=True)
    merged_at = np.full(int(ticket[-1]) + 1, NOWHERE)
    merged_at[ticket[mergers[firsts]]] = mergers[firsts]
    gone: Flags = np.arange(len(ticket)) > merged_at[ticket]
    return gone


def _laid_out(
    kept: Ints,
    ticket: Ints,
    time: Ints,
    symbol: npt.NDArray[np.uint8],
    word: Ints,
    words: list[str],
    severity: Ints,
    problems: dict[str, Ints],
) -> Steps:
    of = ticket[kept]
    fresh = np.ones(len(of), np.bool_)
    fresh[1:] = of[1:] != of[:-1]
    first = np.flatnonzero(fresh)
    return Steps(
        row=kept,
        ticket=np.cumsum(fresh) - 1,
        time=time[kept],
        symbol=symbol[kept],
        word=word[kept],
        words=words,
        first=first,
        count=np.diff(np.append(first, len(of))),
        severity=severity,
        problems=problems,
    )


def is_in_order(rows: pa.Table) -> bool:
    """Whether rows stand by ticket, then by effective time."""
    if rows.num_rows < 2:
        return True
    ticket = rows.column("ticket").combine_chunks()
    after, before = ticket.slice(1), ticket.slice(0, len(ticket) - 1)
    if pc.any(pc.less(after, before)).as_py():
        return False
    earlier = np.flatnonzero(np.diff(numbers(rows, "effective_at")) < 0)
    return not pc.any(pc.equal(after.take(earlier), before.take(earlier))).as_py()
