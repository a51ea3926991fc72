"""The decoded columns of a segment: what the relations filter on, typed (L1).

They can be made again from the frames at any time, and `verify` does; no proof rests on them.
Members that may name people (E9) are in none of them. Changing this list is a new version of the
segment schema.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa

from schemas.envelope import Event, Rejection
from schemas.events import ROWS, EventType

SCHEMA_VERSION = 1

_BIG, _TEXT, _TEXTS = pa.int64(), pa.string(), pa.list_(pa.string())

DECODED: tuple[tuple[str, pa.DataType], ...] = (
    ("effective_at", _BIG),
    ("source", _TEXT),
    ("event_id", _TEXT),
    ("identity_hi", _BIG),
    ("identity_lo", _BIG),
    ("content_hi", _BIG),
    ("content_lo", _BIG),
    ("corrects", _TEXT),
    ("type", _TEXT),
    ("subject", _TEXT),
    ("customer", _TEXT),
    ("rejected", _TEXT),
    ("rejected_at", _TEXT),
    ("rejected_message", _TEXT),
    ("severity", _TEXT),
    ("channel", _TEXT),
    ("opened_by", _TEXT),
    ("kind", _TEXT),
    ("author", _TEXT),
    ("public", pa.bool_()),
    ("content", _TEXT),
    ("reason", _TEXT),
    ("subscription", _TEXT),
    ("into_ticket", _TEXT),
    ("clock", _TEXT),
    ("due_at", _BIG),
    ("tags", _TEXTS),
    ("service", _TEXT),
    ("impact", _TEXT),
    ("share_e12", _BIG),
    ("customers", _TEXTS),
    ("marker", _TEXT),
    ("cause", _TEXT),
    ("party", _TEXT),
    ("state", _TEXT),
    ("component", _TEXT),
    ("from_at", _BIG),
    ("to_at", _BIG),
    ("total", _BIG),
    ("failed", _BIG),
    ("claimed_from", _BIG),
    ("claimed_to", _BIG),
    ("services", _TEXTS),
    ("window_from", _BIG),
    ("window_to", _BIG),
    ("maintenance_kind", _TEXT),
    ("data", _TEXT),
)
"""Every decoded column with its type, in the order of the file."""

NAMES = tuple(name for name, _ in DECODED)
PLACE = {name: place for place, name in enumerate(NAMES)}
_BLANK: list[Any] = [None] * len(DECODED)


def _plain(value: Any) -> Any:
    return value


def _e12(value: Decimal | None) -> int | None:
    return None if value is None else int(value.scaleb(12))


def _list(value: tuple[str, ...] | None) -> list[str] | None:
    return None if value is None else list(value)


def _from(value: Any) -> int | None:
    return None if value is None else int(value.from_)


def _to(value: Any) -> int | None:
    return None if value is None else int(value.to)


Taken = tuple[tuple[int, str, Callable[[Any], Any]], ...]

_SAME = frozenset(
    (
        "customer", "severity", "channel", "author", "public", "content", "reason",
        "subscription", "clock", "service", "impact", "marker", "cause", "party", "state",
        "component", "total", "failed", "claimed_from", "claimed_to",
    )
)  # fmt: skip
"""Members whose column has their own name, in every type that has them."""
_SHAPED: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "tags": ("tags", "tags", _list),
    "customers": ("customers", "customers", _list),
    "share": ("share_e12", "share", _e12),
    "from": ("from_at", "from_", _plain),
    "to": ("to_at", "to", _plain),
    "into": ("into_ticket", "into", _plain),
    "due": ("due_at", "due", _plain),
}
"""Members with a column of another name or form: column, attribute, form."""
_OPENED = {"by": ("opened_by", "by", _plain), "kind": ("kind", "kind", _plain)}
_MAINTENANCE = {
    "kind": ("maintenance_kind", "kind", _plain),
    "services": ("services", "services", _list),
}
_WINDOW = (("window_from", "window", _from), ("window_to", "window", _to))
AGREEMENTS = "sla.agreements"


def _members(event_type: EventType) -> Taken:
    """The members of a type that have columns, read off its declaration."""
    own = {**_SHAPED}
    if event_type.type == "sla.ticket.opened.v1":
        own |= _OPENED
    if event_type.topic == "sla.maintenance":
        own |= _MAINTENANCE
    if event_type.topic == AGREEMENTS:
        own = {}  # their moments are not all instants; the steps read them from `data`
    found: list[tuple[str, str, Callable[[Any], Any]]] = []
    for member in event_type.plan.members:
        if member.form.personal:
            continue
        if member.name in own:
            found.append(own[member.name])
        elif member.name in _SAME:
            found.append((member.name, member.attribute, _plain))
        elif member.name == "window" and event_type.topic == "sla.maintenance":
            found += _WINDOW
    return tuple((PLACE[column], attribute, form) for column, attribute, form in found)


_MEMBERS: dict[str, Taken] = {each.type: _members(each) for each in ROWS.values()}

_HALF = 8


def blank() -> list[Any]:
    """A row of nulls."""
    return _BLANK.copy()


def row(outcome: Event | Rejection) -> list[Any]:
    """The decoded columns of one entry, in the order of the file."""
    made = _BLANK.copy()
    if isinstance(outcome, Rejection):
        place = PLACE["rejected"]
        made[place : place + 3] = (outcome.code, outcome.at, outcome.message)
        return made
    identity, content = outcome.identity, outcome.content_hash
    signed = int.from_bytes
    made[:10] = (
        outcome.time, outcome.source, outcome.id,
        signed(identity[:_HALF], "big", signed=True), signed(identity[_HALF:], "big", signed=True),
        signed(content[:_HALF], "big", signed=True), signed(content[_HALF:], "big", signed=True),
        outcome.corrects, outcome.type, outcome.subject,
    )  # fmt: skip
    typed = outcome.data
    for place, attribute, form in _MEMBERS[outcome.type]:
        made[place] = form(getattr(typed, attribute))
    made[-1] = outcome.open_json()
    return made
