"""Which filters an answer takes and when a row fits them (I1): a filter never changes a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ledger.errors import Usage

Filters = Mapping[str, Collection[str]]
"""The values asked for by filter name; a row fits when its member is one of them."""

_ALL = ("customer", "subscription")
TAKES: dict[str, tuple[str, ...]] = {
    "clocks": (*_ALL, "ticket", "clock", "severity", "month", "plan", "verdict"),
    "uptime": (*_ALL, "month", "period", "service", "availability", "plan", "verdict"),
    "credits": (*_ALL, "month", "period", "service", "credit", "plan", "state"),
    "rights": (*_ALL, "right", "state"),
    "statement": (*_ALL, "month"),
    "problems": ("customer", "kind"),
    "readings": (*_ALL, "month"),
    "logs": (),
    "contract list": (),
}
"""The filters of each answer."""

COMPUTED = frozenset({"month", "period", "plan"})
"""Filters that are no plain comparison with a member of the row in every answer."""


def checked(answer: str, given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The filters as tuples of texts; one that the answer does not take is a usage error."""
    found: dict[str, tuple[str, ...]] = {}
    for name, values in given.items():
        if values is None or values in ((), []):
            continue
        if name not in TAKES[answer]:
            takes = ", ".join(f"--{each}" for each in TAKES[answer]) or "none"
            raise Usage(f"{answer} takes no --{name}; its filters: {takes}")
        found[name] = (values,) if isinstance(values, str) else tuple(values)
    return found


def fitting(rows: Sequence[Any], filters: Filters, *, skip: Collection[str] = ()) -> list[Any]:
    """The rows whose members are among the values asked for; null fits no value."""
    tests = [(name, frozenset(values)) for name, values in filters.items() if name not in skip]
    return [row for row in rows if all(getattr(row, name) in values for name, values in tests)]
