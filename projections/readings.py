"""The readings that would change a verdict, an amount or a state of some months (I5 `readings`).

The month is asked as it is, and once more under each option that is not chosen, for the
subscriptions whose terms that option changes. What it does not touch is not worked out again: the
clocks where it changes nothing of them, every line whose question stays the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from projections.calendar.dates import month_bounds
from projections.members import from_table, ordered
from projections.money import credits as credit_rows
from projections.moved import change_of, member_of, shown
from projections.reading_choices import Choices, Other, Row
from projections.row_ids import row_id
from projections.rows import ClockRow
from projections.rows_compared import ReadingRow
from projections.sweep import uptime
from projections.terms.versions import FAR

if TYPE_CHECKING:
    from projections.view import View

_COMPARED = {"clocks": ("verdict",), "uptime": ("verdict",), "credits": ("amount", "state")}
_CLOCK_KEYS = ("customer", "subscription", "ticket", "clock", "instance")
Fits = Callable[[Any], bool]


def rows(view: View, months: Sequence[str], fits: Fits = lambda _row: True) -> list[ReadingRow]:
    """Every reading not chosen that changes a row of these months, in the order of I5.

    `fits` chooses among the rows of clocks, uptime and credits that may be cited.
    """
    asked = _Asked(view, months)
    found: list[ReadingRow] = []
    for other in asked.choices.others():
        for answer, one, two in asked.differing(other):
            row = one if one is not None else two
            if fits(row):
                found += _reading_rows(asked.choices, other, answer, one, two)
    return ordered(found)


class _Asked:
    """The answers of the months as they are, against which every reading is held."""

    def __init__(self, view: View, months: Sequence[str]) -> None:
        self._view = view
        self._months = months
        self._clocks = _started_in(view.clocks(), months)
        self._uptime = uptime.rows(view, months)
        self._credits = self._credit_rows(view)
        self.choices = Choices(view, months, _versions_of(self._clocks))

    def _credit_rows(self, view: View) -> list[Any]:
        found = credit_rows.rows(view, self._months)
        return [row for row in found if view.customer in {None, row.customer}]

    def differing(self, other: Other) -> Iterator[tuple[str, Any, Any]]:
        """Answer, the row as it is, the row under the other reading; either may be missing."""
        view = self._view.supposing(
            other.supposition, other.subscriptions, same_clocks=not other.moves_clocks
        )
        if other.moves_clocks:
            clocks = _started_in(view.clocks(), self._months)
            yield from _pairs("clocks", *_apart(self._clocks, clocks))
        if other.moves_uptime or other.moves_clocks:
            mine = self._of(self._uptime, other)
            yield from _pairs("uptime", mine, uptime.rows(view, self._months))
        mine = self._of(self._credits, other)
        yield from _pairs("credits", mine, self._credit_rows(view))

    @staticmethod
    def _of(every: Iterable[Any], other: Other) -> list[Any]:
        return [row for row in every if row.subscription in other.subscriptions]


def _pairs(
    answer: str, before: Iterable[Any], after: Iterable[Any]
) -> Iterator[tuple[str, Any, Any]]:
    olds = {row_id(answer, row): row for row in before}
    news = {row_id(answer, row): row for row in after}
    for name in {**olds, **news}:
        one, other = olds.get(name), news.get(name)
        if one != other:
            yield answer, one, other


def _reading_rows(
    choices: Choices, other: Other, answer: str, one: Any, two: Any
) -> Iterator[ReadingRow]:
    row: Row = one if one is not None else two
    for name in _COMPARED[answer]:
        member = member_of(type(row), name)
        before = None if one is None else shown(member, getattr(one, name))
        after = None if two is None else shown(member, getattr(two, name))
        if before != after:
            reading = other.reading
            yield ReadingRow(
                contract=str(reading.contract),
                version=str(reading.version),
                interpretation=reading.interpretation,
                chosen=choices.chosen(answer, row, reading),
                option=reading.option,
                answer=answer,
                id=row_id(answer, row),
                member=name,
                value=before,
                other_value=after,
                change=change_of(one, two, member),
            )


def _started_in(clocks: pa.Table, months: Sequence[str]) -> pa.Table:
    """The clocks that started in the UTC months (I1)."""
    started = clocks.column("started_at")
    within = pc.less(started, -FAR)
    for month in months:
        start, end = month_bounds("UTC", month)
        inside = pc.and_(pc.greater_equal(started, start), pc.less(started, end))
        within = pc.or_(within, inside)
    return clocks.filter(within)


def _apart(one: pa.Table, other: pa.Table) -> tuple[list[ClockRow], list[ClockRow]]:
    """The rows of both sides without those whose verdict is the same in the same place."""
    if one.num_rows == other.num_rows and all(
        one.column(name).equals(other.column(name)) for name in _CLOCK_KEYS
    ):
        differs = pc.not_equal(one.column("verdict"), other.column("verdict"))
        one, other = one.filter(differs), other.filter(differs)
    return from_table(ClockRow, one), from_table(ClockRow, other)


def _versions_of(clocks: pa.Table) -> Iterator[tuple[str, str]]:
    """Contract and version of every clock that has any."""
    names = ["contract", "contract_version"]
    for pair in clocks.select(names).group_by(names).aggregate([]).to_pylist():
        if None not in pair.values():
            yield pair["contract"], pair["contract_version"]
