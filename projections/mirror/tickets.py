"""Whose a ticket is: of the one customer who opened it, or everybody's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

KEYS = pa.schema([("ticket", pa.string()), ("key", pa.string())])


def keys_of(openers: pa.Table, mergers: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """The customer of every ticket opened (S5.1).

    None where several opened it, or where mergers connect it with a ticket that is not known to be
    the same customer's (S5.2).
    """
    columns = (openers.column(name).to_pylist() for name in ("ticket", "first_name", "last_name"))
    keys = {
        ticket: first if first == last else None
        for ticket, first, last in zip(*columns, strict=True)
    }
    for ticket in mixed(keys, mergers):
        keys[ticket] = None
    return keys


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
    """The keys as the table that `keyed` reads."""
    return pa.table({"ticket": list(keys), "key": list(keys.values())}, schema=KEYS)
