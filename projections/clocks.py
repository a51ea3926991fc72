"""The answer `clocks`: every instance of every clock of every ticket (semantics 5, I4).

`clocks` gives all rows in their order; `shares` gives them a share of the tickets at a time, in
no order, for who looks at a whole ledger; `problems` says what the evaluation puts aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from projections import clock_problems, clock_rows
from projections.clock_rows import COLUMNS
from projections.clock_share import Share, share
from projections.clock_steps import in_order, is_in_order
from projections.rows import ProblemRow

if TYPE_CHECKING:
    from projections.engine import View

_SHARE = 2_500_000
"""Entries worked out at a time: what bounds the memory."""
_SORTED = ("customer", "subscription", "ticket", "clock", "instance")


def clocks(view: View) -> pa.Table:
    """All rows, sorted as I4 says; instants and lengths are microseconds."""
    found = [table.cast(COLUMNS) for table in shares(view)]
    every = pa.concat_tables(found) if found else COLUMNS.empty_table()
    keys = [(name, "ascending", "at_start") for name in _SORTED]
    return every.take(pc.sort_indices(every, sort_keys=keys))


def shares(view: View) -> Iterator[pa.Table]:
    """The rows a share at a time, texts as dictionaries."""
    for told in _worked_out(view):
        found = clock_rows.rows(told)
        if view.customer is not None:
            found = found.filter(pc.equal(found.column("customer").cast("string"), view.customer))
        yield found


def problems(view: View) -> list[ProblemRow]:
    """What stands in nobody's rows (I8, arises: clocks)."""
    rows = in_order(view.ask("ticket_step"))
    if not rows.num_rows:
        return []
    return clock_problems.problems(share(view, rows), view.customer)


def _worked_out(view: View) -> Iterator[Share]:
    entries = sum(log.entries for log in view.engine.held.logs)
    count = 1 if entries <= _SHARE or view.customer is not None else 1 + -(-entries // _SHARE)
    for number in range(count):
        if count == 1:
            rows = in_order(view.ask("ticket_step"))
        else:
            rows = view.ask("ticket_step_share", shares=count, share=number)
            rows = rows if is_in_order(rows) else in_order(rows)
        if rows.num_rows:
            yield share(view, rows)
