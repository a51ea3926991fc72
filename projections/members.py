"""The kinds of members that rows have, read from their annotations."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    import pyarrow as pa

Instant = Annotated[int, "instant"]
"""Microseconds since 1970-01-01T00:00:00Z."""
Seconds = Annotated[int, "seconds"]
"""A length in whole microseconds, shown in seconds."""
Percent = Annotated[str, "percent"]
"""A percentage as text (four decimals cut for uptime, shortest for credits)."""
Money = Annotated[str, "money"]
"""An amount as text with the decimals of its currency's minor unit."""
Members = Annotated[tuple[tuple[str, str], ...], "members"]
"""An object of texts in a fixed order: a band or a cap as the contract writes it."""
Value = Annotated[Any, "value"]
"""A member of another answer, as shown there: text, number, boolean, object or null."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a row: its name as shown, its attribute, its kind and what it holds.

    `kind` is instant, seconds, percent, money, members, value, text, whole, bool, list or
    object; `item` is the row class inside a list or an object, or None for a list of texts.
    """

    name: str
    attribute: str
    kind: str
    item: type[Any] | None
    optional: bool


_SHAPES: dict[str, tuple[Member, ...]] = {}


def members(row: type[Any]) -> tuple[Member, ...]:
    """The members of a row class in the order of I4."""
    known = _SHAPES.get(row.__qualname__)
    if known is None:
        known = _SHAPES[row.__qualname__] = _read(row)
    return known


def _read(row: type[Any]) -> tuple[Member, ...]:
    hints = get_type_hints(row, include_extras=True)
    return tuple(_member(field.name, hints[field.name]) for field in fields(row))


def _member(attribute: str, hint: Any) -> Member:
    inner, optional = _without_none(hint)
    name = attribute.rstrip("_")
    if get_origin(inner) is Annotated:
        kind = get_args(inner)[1]
        return Member(name, attribute, kind, None, optional or kind == "value")
    if get_origin(inner) is tuple:
        item = get_args(inner)[0]
        return Member(name, attribute, "list", None if item is str else item, optional)
    plain = {str: "text", bool: "bool", int: "whole"}
    if inner in plain:
        return Member(name, attribute, plain[inner], None, optional)
    return Member(name, attribute, "object", inner, optional)


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) is Annotated:
        return hint, False
    arms = [arm for arm in get_args(hint) if arm is not type(None)]
    if type(None) in get_args(hint):
        return arms[0], True
    return hint, False


def sort_key(row: Any) -> tuple[tuple[bool, Any], ...]:
    """The key by which rows of an answer are ordered: null before everything (I3)."""
    values = (getattr(row, name) for name in type(row).SORT)
    return tuple((value is not None, value if value is not None else 0) for value in values)


def from_table(row_class: type[Any], table: pa.Table) -> list[Any]:
    """The rows of a table that has the members as columns, in its order."""
    columns = [table.column(each.attribute).to_pylist() for each in members(row_class)]
    return [row_class(*values) for values in zip(*columns, strict=True)]


def ordered(rows: Any) -> list[Any]:
    """The rows in the order of I4."""
    return sorted(rows, key=sort_key)
