"""What differs between two answers to one question, member by member (I5 `diff`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from projections.members import Member, members, ordered
from projections.row_ids import NAMED_BY, row_id
from projections.rows_compared import DiffRow
from schemas.instant import format_instant

_CURRENCY = "currency"


def moved(answer: str, before: Iterable[Any], after: Iterable[Any]) -> list[DiffRow]:
    """The members that differ, and the rows that came or went (member null), without entries."""
    olds = {row_id(answer, row): row for row in before}
    news = {row_id(answer, row): row for row in after}
    found: list[DiffRow] = []
    for name in {**olds, **news}:
        old, new = olds.get(name), news.get(name)
        if old is None or new is None:
            one, other = _object(old), _object(new)
            found.append(DiffRow(answer, name, None, one, other, None, ()))
        elif old != new:
            found += _members_moved(answer, name, old, new)
    return ordered(found)


def _members_moved(answer: str, name: str, old: Any, new: Any) -> Iterator[DiffRow]:
    for member in members(type(old)):
        one, other = getattr(old, member.attribute), getattr(new, member.attribute)
        if one != other and member.name not in NAMED_BY[answer]:
            change = change_of(old, new, member)
            yield DiffRow(answer, name, member.name, shown(member, one), shown(member, other),
                          change, ())  # fmt: skip


def change_of(old: Any | None, new: Any | None, member: Member) -> str | Decimal | None:
    """After less before in the form of the figure; null for what is no length, share or money.

    Null too where a side is missing, and where the currencies of the two rows differ.
    """
    if old is None or new is None:
        return None
    before, after = getattr(old, member.attribute), getattr(new, member.attribute)
    if before is None or after is None:
        return None
    match member.kind:
        case "seconds":
            return _seconds(after - before)
        case "percent":
            # percentages of uptime show four decimals, those of credits as few as needed (I3)
            return _text(after, before, shortest=not member.name.startswith("uptime"))
        case "money" if getattr(old, _CURRENCY, None) == getattr(new, _CURRENCY, None):
            return _text(after, before, shortest=False)
        case _:
            return None


def _text(after: str, before: str, *, shortest: bool) -> str:
    found = format(Decimal(after) - Decimal(before), "f")
    return found.rstrip("0").rstrip(".") if shortest and "." in found else found


def _seconds(microseconds: int) -> Decimal:
    return Decimal(microseconds).scaleb(-6)


def shown(member: Member, value: Any) -> Any:
    """A member's value as the answer shows it, as text, exact number, boolean, list or object."""
    if value is None:
        return None
    match member.kind:
        case "instant":
            return format_instant(value)
        case "seconds":
            return _seconds(value)
        case "list" if member.item is not None:
            return [_object(each) for each in value]
        case "list":
            return list(value)
        case "object":
            return _object(value)
        case "members":
            return dict(value)
        case _:
            return value


def _object(row: Any | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {each.name: shown(each, getattr(row, each.attribute)) for each in members(type(row))}


def member_of(row_class: type[Any], name: str) -> Member:
    """A member of a row class by its name."""
    return next(each for each in members(row_class) if each.name == name)
