"""The closed union of everything that may be said, and the tables derived from it (E6)."""

from __future__ import annotations

import builtins
import re
from typing import NamedTuple

from schemas import agreements, determinations, everywhere, incidents, maintenance, tickets
from schemas.shapes import Plan, Said, plan_of

TOPICS: tuple[str, ...] = (
    "sla.tickets",
    "sla.incidents",
    "sla.maintenance",
    "sla.agreements",
    "sla.determinations",
)
"""The input topics, in the order of E6."""

MODELS: tuple[type[Said], ...] = (
    *everywhere.TYPES,
    *tickets.TYPES,
    *incidents.TYPES,
    *maintenance.TYPES,
    *agreements.TYPES,
    *determinations.TYPES,
)


class EventType(NamedTuple):
    """One row of E6, ready to be read by."""

    type: str
    model: builtins.type[Said]
    plan: Plan
    topic: str | None
    """None: may stand on every input topic."""
    subject: str
    """What the subject names, in words."""


def _row(model: type[Said]) -> EventType:
    return EventType(model.TYPE, model, plan_of(model), model.TOPIC, model.SUBJECT)


ROWS: dict[str, EventType] = {row.type: row for row in map(_row, MODELS)}
"""Type to its row, in the order of E6."""

TYPES: dict[str, type[Said]] = {row.type: row.model for row in ROWS.values()}
"""Type to the model of its data."""

_EXAMPLE = re.compile(r"Example \(subject `([^`]+)`\):\n(.+)\Z", re.DOTALL)


def meaning(model: type[Said]) -> str:
    """What an event says: its docstring without the example."""
    return _EXAMPLE.sub("", model.__doc__ or "").strip()


def example(model: type[Said]) -> tuple[str, str]:
    """The subject and the data (JSON) of the example in a model's docstring."""
    match = _EXAMPLE.search(model.__doc__ or "")
    if match is None:
        raise LookupError(f"{model.__name__} has no example in its docstring")
    return match[1], re.sub(r"\n\s+", " ", match[2]).strip()
