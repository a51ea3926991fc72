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


def _taken(**members: str | tuple[str, Callable[[Any], Any]]) -> Taken:
    found = []
    for column, member in members.items():
        attribute, form = (member, _plain) if isinstance(member, str) else member
        found.append((PLACE[column], attribute, form))
    return tuple(found)


_OWNER = {"customer": "customer"}
_MEMBERS: dict[str, Taken] = {
    "sla.ticket.opened.v1": _taken(
        **_OWNER, severity="severity", channel="channel", opened_by="by", kind="kind",
        subscription="subscription", service="service", tags=("tags", _list),
    ),
    "sla.ticket.message.v1": _taken(**_OWNER, author="author", public="public", content="content"),
    "sla.ticket.classified.v1": _taken(**_OWNER, severity="severity"),
    "sla.ticket.paused.v1": _taken(**_OWNER, reason="reason"),
    "sla.ticket.resumed.v1": _taken(**_OWNER, reason="reason"),
    "sla.ticket.due_agreed.v1": _taken(**_OWNER, clock="clock", due_at="due"),
    "sla.ticket.merged.v1": _taken(**_OWNER, into_ticket="into"),
    "sla.incident.impact_started.v1": _taken(
        service="service", impact="impact", share_e12=("share", _e12), customers=("customers", _list),
    ),
    "sla.incident.impact_ended.v1": _taken(service="service"),
    "sla.incident.cause_assigned.v1": _taken(
        cause="cause", party="party", service="service", from_at="from_", to_at="to"
    ),
    "sla.incident.update_published.v1": _taken(customers=("customers", _list)),
    "sla.probe.failed.v1": _taken(service="service", customer="customer", marker="marker"),
    "sla.probe.recovered.v1": _taken(service="service", customer="customer", marker="marker"),
    "sla.probe.gap_started.v1": _taken(service="service"),
    "sla.probe.gap_ended.v1": _taken(service="service"),
    "sla.probe.counted.v1": _taken(
        service="service", customer="customer", from_at="from_", to_at="to", total="total",
        failed="failed",
    ),
    "sla.party.reported.v1": _taken(
        state="state", component="component", claimed_from="claimed_from", claimed_to="claimed_to"
    ),
    "sla.maintenance.announced.v1": _taken(
        services=("services", _list), window_from=("window", _from), window_to=("window", _to),
        maintenance_kind="kind", channel="channel", customers=("customers", _list), reason="reason",
    ),
    "sla.maintenance.rescheduled.v1": _taken(
        window_from=("window", _from), window_to=("window", _to), channel="channel"
    ),
    "sla.maintenance.cancelled.v1": _taken(reason="reason"),
}  # fmt: skip
"""Which members of a type have a column of their own."""

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
    taken = _MEMBERS.get(outcome.type)
    if taken is None:
        made[10] = getattr(typed, "customer", None)
        made[PLACE["subscription"]] = getattr(typed, "subscription", None)
        if outcome.type == "sla.account.standing_changed.v1":
            made[10] = outcome.subject
    else:
        for place, attribute, form in taken:
            made[place] = form(getattr(typed, attribute))
    made[-1] = outcome.open_json()
    return made
