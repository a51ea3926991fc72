"""The id of a row of an answer, with its word (I6): what `diff`, `replay` and `readings` cite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from schemas.ids import spell
from schemas.instant import format_instant

_ID_OF: Mapping[str, Callable[[Any], str]] = {
    "clocks": lambda row: spell("clock", row.ticket, row.clock, row.instance),
    "uptime": lambda row: spell(
        "uptime", row.subscription, row.availability, row.service, row.period, row.part
    ),
    "credits": lambda row: spell("credit", row.subscription, row.period, row.part, row.credit),
    "rights": lambda row: spell(
        "right", row.subscription, row.right, format_instant(row.arose_at)
    ),
    "statement": lambda row: spell("statement", row.subscription, row.month),
}
NAMED_BY: Mapping[str, frozenset[str]] = {
    "clocks": frozenset(("ticket", "clock", "instance")),
    "uptime": frozenset(("subscription", "availability", "service", "period", "part")),
    "credits": frozenset(("subscription", "period", "part", "credit")),
    "rights": frozenset(("subscription", "right", "arose_at")),
    "statement": frozenset(("subscription", "month")),
}
"""The answers whose rows have an id, with the members that it is made of."""


def row_id(answer: str, row: Any) -> str:
    """The id of a row of one of the answers in NAMED_BY."""
    return _ID_OF[answer](row)
