"""Which target an instance has: cells by clock, opening and severity, looked up in columns (S3.20).

Few combinations occur among millions of instances, so each is sought once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from projections.calendar.wall_time import Ints
from projections.clocks.clauses import Cell, Clock, Opening
from projections.clocks.steps import Steps, Told, codes
from projections.clocks.transitions import AUTHORS, OPENED, TICKET_KINDS

NO_CLOCK = -1
"""Stands for `within: none` and for a clock switched off: no row (S3.20)."""
_WORDS = {"keep": 0, "from_start": 1, "forward": 2}
KEEP, FROM_START, FORWARD = 0, 1, 2


def by_combination(columns: tuple[Ints, ...], work: Callable[..., int]) -> Ints:
    """`work` of each combination of the columns' values, called once for each that occurs."""
    if not len(columns[0]):
        return columns[0]
    combined, sizes = columns[0].astype(np.int64), []
    for column in columns[1:]:
        size = int(column.max()) + 1
        combined = combined * size + column
        sizes.append(size)
    distinct, where = np.unique(combined, return_inverse=True)
    results = np.empty(len(distinct), np.int64)
    for index, each in enumerate(distinct.tolist()):
        values: list[int] = []
        for size in reversed(sizes):
            each, value = divmod(each, size)
            values.append(value)
        results[index] = work(each, *reversed(values))
    found: Ints = results[where]
    return found


class Openings:
    """The openings of tickets: which one each ticket has, and what it says."""

    def __init__(self, told: Told, steps: Steps) -> None:
        opened = steps.row[steps.first]
        channel, self._channels = codes(told.of("channel", opened))
        tags = told.of("tags", opened)
        tagged = np.flatnonzero(tags.is_valid().to_numpy())
        self._tags: list[tuple[str, ...]] = [()]
        tag = np.zeros(len(opened), np.int64)
        if len(tagged):
            places: dict[tuple[str, ...], int] = {(): 0}
            listed = [tuple(each) for each in tags.take(tagged).to_pylist()]
            tag[tagged] = [places.setdefault(each, len(places)) for each in listed]
            self._tags = list(places)
        symbol = steps.symbol[steps.first].astype(np.int64) - OPENED
        self._known: list[Opening] = []
        self.of_ticket = by_combination((channel + 1, tag, symbol), self._add)

    def _add(self, channel: int, tag: int, symbol: int) -> int:
        kind, by = divmod(symbol, len(AUTHORS))
        name = self._channels[channel - 1] if channel else None
        opening = Opening(name, self._tags[tag], TICKET_KINDS[kind], AUTHORS[by])
        self._known.append(opening)
        return len(self._known) - 1

    def __getitem__(self, number: int) -> Opening:
        return self._known[number]


class Cells:
    """All cells that instances have, by number."""

    def __init__(self, clocks: list[Clock], openings: Openings, severities: list[str]) -> None:
        self.clocks, self.openings, self.severities = clocks, openings, severities
        self.cells: list[Cell] = []
        self.clock_of: list[int] = []
        self._numbers: dict[tuple[int, Cell], int] = {}

    def of(self, clock: Ints, ticket: Ints, severity: Ints) -> Ints:
        """The cell of each (clock, ticket, severity), NO_CLOCK where there is none."""
        return by_combination((clock, self.openings.of_ticket[ticket], severity), self._seek)

    def _seek(self, clock: int, opening: int, severity: int) -> int:
        found = self.clocks[clock].cell(self.severities[severity], self.openings[opening])
        if found is None:
            return NO_CLOCK
        number = self._numbers.setdefault((clock, found), len(self.cells))
        if number == len(self.cells):
            self.cells.append(found)
            self.clock_of.append(clock)
        return number

    def starts(self, clock: Ints, ticket: Ints) -> Ints:
        """1 where the ticket has the clock at all (S5.3), else 0."""
        openings = self.openings.of_ticket[ticket]
        return by_combination((clock, openings), self._starts)

    def _starts(self, clock: int, opening: int) -> int:
        return int(self.clocks[clock].starts_for(self.openings[opening]))

    def words(self, clock: Ints, before: Ints, after: Ints) -> Ints:
        """KEEP, FROM_START or FORWARD for each change of severity (S5.30)."""
        return by_combination((clock, before, after), self._word)

    def _word(self, clock: int, before: int, after: int) -> int:
        one, other = self.severities[before], self.severities[after]
        return _WORDS[self.clocks[clock].word(one, other)]
