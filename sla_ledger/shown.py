"""Rows as text: the JSON and CSV of I3, derived from the members of the row classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from projections.members import Member, members
from schemas import canonical
from schemas.instant import format_instant


def json_of(member: Member, value: Any) -> str:
    """A member's value as canonical JSON."""
    if value is None:
        return "null"
    match member.kind:
        case "text" | "percent" | "money":
            return canonical.text(value)
        case "instant":
            return canonical.text(format_instant(value))
        case "seconds":
            return canonical.seconds(value)
        case "list" if member.item is None:
            return canonical.array(canonical.text(item) for item in value)
        case "list":
            return canonical.array(row_json(item) for item in value)
        case "object":
            return row_json(value)
        case "members":
            return canonical.obj((name, canonical.text(item)) for name, item in value)
        case _:
            return canonical.value(value)


def row_json(row: Any) -> str:
    """A row as a canonical JSON object, all members in their order."""
    shape = members(type(row))
    return canonical.obj((m.name, json_of(m, getattr(row, m.attribute))) for m in shape)


def csv_lines(row_class: type[Any], rows: Iterable[Any]) -> Iterator[str]:
    """RFC 4180 lines without their line ends: a header, then one line a row (I1)."""
    shape = members(row_class)
    yield ",".join(m.name for m in shape)
    for row in rows:
        yield ",".join(_field(m, getattr(row, m.attribute)) for m in shape)


def _field(member: Member, value: Any) -> str:
    if value is None:
        return ""
    if member.kind in {"text", "percent", "money"} or isinstance(value, str):
        plain = str(value)
    elif member.kind == "instant":
        plain = format_instant(value)
    else:
        plain = json_of(member, value)
    if any(mark in plain for mark in ',"\n\r') or plain != plain.strip(" "):
        return '"' + plain.replace('"', '""') + '"'
    return plain
