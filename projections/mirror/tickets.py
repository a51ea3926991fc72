"""Whose a ticket is: of the one customer who opened it, or everybody's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

KEYS = pa.schema([("ticket", pa.string()), ("key", pa.string())])


def keys_of(openers: pa.Table, mergers: Sequence[tuple[str, str]]) -> pa.Table:
    """The customer of every ticket opened (S5.1), as the table that `keyed` reads.

    Null where several opened it, or where mergers connect it with a ticket that is not known to be
    the same customer's (S5.2).
    """
    tickets, first = openers.column("ticket"), openers.column("first_name")
    keys = pc.if_else(pc.equal(first, openers.column("last_name")), first, None)
    if mergers:
        named = pa.array(sorted({one for pair in mergers for one in pair}), pa.string())
        found = pa.table({"ticket": tickets, "key": keys}).filter(pc.is_in(tickets, named))
        mixed_up = pa.array(sorted(mixed(dict(pairs_of(found, "key")), mergers)), pa.string())
        keys = pc.if_else(pc.is_in(tickets, mixed_up), None, keys)
    return pa.table({"ticket": tickets, "key": keys}).cast(KEYS)


def pairs_of(table: pa.Table, other: str = "into_ticket") -> list[tuple[str, Any]]:
    """Rows as a ticket and what stands beside it."""
    columns = (table.column(name).to_pylist() for name in ("ticket", other))
    return list(zip(*columns, strict=True))


def mixed(keys: Mapping[str, str | None], mergers: Iterable[tuple[str, str]]) -> set[str]:
    """Every ticket that mergers connect with one of another customer, or of nobody known."""
    beside: dict[str, set[str]] = defaultdict(set)
    found: set[str] = set()
    for ticket, into in mergers:
        beside[ticket].add(into)
        beside[into].add(ticket)
        one, other = keys.get(ticket), keys.get(into)
        if one is None or one != other:
            found |= {ticket, into}
    todo = list(found)
    while todo:
        for each in beside[todo.pop()] - found:
            found.add(each)
            todo.append(each)
    return found


def table_of(keys: Mapping[str, str | None]) -> pa.Table:
    """Keys at hand as such a table."""
    return pa.table({"ticket": list(keys), "key": list(keys.values())}, schema=KEYS)
