"""The answer `clocks`: every instance of every clock of every ticket (semantics 5, I4).

`clocks` gives all rows in their order; `shares` gives them a share of the tickets at a time, in
no order, for who looks at a whole ledger; `problems` says what the evaluation puts aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from projections.clocks import answer, set_aside
from projections.clocks.answer import COLUMNS
from projections.clocks.binding import Binding
from projections.clocks.steps import Told, is_in_order
from projections.clocks.story import share
from projections.rows import ProblemRow

if TYPE_CHECKING:
    from projections.view import View

_AT_ONCE = 250_000
"""Events folded at a time."""
_ONE_QUESTION = 1_000_000
"""Entries up to which a ledger is asked in one question."""
_SHARE = 2_500_000
"""Entries of the ledger for each question: with the above what bounds the memory."""
_SORTED = ("customer", "subscription", "ticket", "clock", "instance")


def clocks(view: View) -> pa.Table:
    """All rows, sorted as I4 says; instants and lengths are microseconds."""
    found = [table.cast(COLUMNS) for table in shares(view)]
    every = pa.concat_tables(found) if found else COLUMNS.empty_table()
    keys = [(name, "ascending", "at_start") for name in _SORTED]
    return every.take(pc.sort_indices(every, sort_keys=keys))


def shares(view: View) -> Iterator[pa.Table]:
    """The rows of some tickets at a time, in no order, texts as dictionaries."""
    binding = Binding(view.agreements)
    for told in _told(view):
        found = answer.rows(share(view, binding, told))
        if view.customer is not None:
            found = found.filter(pc.equal(found.column("customer").cast("string"), view.customer))
        yield found


def problems(view: View) -> list[ProblemRow]:
    """What stands in nobody's rows (I8, arises: clocks)."""
    told = Told.whole(view.ask("ticket_step"))
    if not told.rows.num_rows:
        return []
    return set_aside.problems(share(view, Binding(view.agreements), told), view.customer)


def _told(view: View) -> Iterator[Told]:
    """What was told of all tickets, a part at a time, those that mergers touch together."""
    entries = sum(log.entries for log in view.engine.held.logs)
    if entries <= _ONE_QUESTION or view.customer is not None:
        yield from _some(_whole(view))
        return
    apart = {"merging_ticket": view.ask("merging_ticket")}
    if apart["merging_ticket"].num_rows:
        yield from _some(Told.whole(view.ask("ticket_story_merging", apart)))
    count = -(-entries // _SHARE)

    def ask(number: int) -> Told:
        rows = view.ask("ticket_story_share", apart, shares=count, share=number)
        if not is_in_order(rows):
            raise AssertionError("the relation ticket_story_share orders its rows")
        return Told(rows.combine_chunks())

    with ThreadPoolExecutor(max_workers=1) as ahead:
        # The next share is asked for while this one is folded.
        asked = ahead.submit(ask, 0)
        for number in range(count):
            told = asked.result()
            if number + 1 < count:
                asked = ahead.submit(ask, number + 1)
            yield from _parts(told)


def _whole(view: View) -> Told:
    """All that was told, read once: the clocks under another reading fold the same."""
    held = vars(view)
    if "_told" not in held:
        held["_told"] = Told.whole(view.ask("ticket_story"))
    found: Told = held["_told"]
    return found


def _some(told: Told) -> Iterator[Told]:
    if told.rows.num_rows:
        yield told


def _parts(told: Told) -> Iterator[Told]:
    """Parts of about _AT_ONCE events that hold whole tickets."""
    tickets, count = told.rows.column("ticket"), told.rows.num_rows
    begin = 0
    while begin < count:
        behind = min(begin + _AT_ONCE, count)
        while behind < count and tickets[behind] == tickets[behind - 1]:
            behind += 1
        yield Told(told.rows.slice(begin, behind - begin))
        begin = behind
