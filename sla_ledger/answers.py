"""An answer: its envelope (I2) and its rows, as bytes, as objects and as an Arrow table (I9)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple, overload

import pyarrow as pa

from projections.members import Member, members
from projections.rows import ANSWERS
from schemas import canonical
from schemas.instant import format_instant
from sla_ledger.moments import basis_of, datetime_of
from sla_ledger.shown import csv_lines, json_of, row_json


class Rules(NamedTuple):
    """Under which versions of the semantics and of the zone data an answer was worked out."""

    semantics: str
    tzdata: str


@dataclasses.dataclass(frozen=True)
class Envelope:
    """What stands around the rows; moments are microseconds since 1970."""

    answer: str
    at: int
    known_at: int | None
    ledger_version: int | None
    rules: Rules
    settled: bool
    declared: bool
    extra: tuple[tuple[str, str], ...] = ()
    """Members of its own that an answer has before `rows`, as canonical JSON."""
    rows_of: str | None = None
    """The answer whose rows these are, where it is another one (`whatif`)."""

    @property
    def shape(self) -> str:
        """The answer in whose form the rows come."""
        return self.rows_of or self.answer

    @property
    def basis(self) -> str:
        """The copyable word that asks the same question again."""
        return basis_of(self.at, self.known_at, self.rules)


class Answer(Sequence[Any]):
    """An immutable sequence of rows with the question's two moments.

    `rows` are frozen objects with the members of I4: instants are aware UTC datetimes, seconds,
    percentages and money are Decimal. `raw` are the rows as the projections gave them.
    """

    envelope: Envelope
    raw: tuple[Any, ...]

    def __init__(self, envelope: Envelope, raw: Sequence[Any]) -> None:
        self.__dict__.update(envelope=envelope, raw=tuple(raw))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"an answer never changes: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"an answer never changes: {name} cannot be deleted")

    @property
    def answer(self) -> str:
        """The answer's name."""
        return self.envelope.answer

    @property
    def at(self) -> datetime:
        """The effective moment."""
        return datetime_of(self.envelope.at)

    @property
    def known_at(self) -> datetime | None:
        """The recorded moment; None for an empty ledger."""
        known = self.envelope.known_at
        return None if known is None else datetime_of(known)

    @property
    def ledger_version(self) -> int | None:
        """The ledger version, None while there is none."""
        return self.envelope.ledger_version

    @property
    def rules(self) -> Rules:
        """The versions of semantics and zone data."""
        return self.envelope.rules

    @property
    def basis(self) -> str:
        """One copyable word that asks the same again."""
        return self.envelope.basis

    @property
    def settled(self) -> bool:
        """True when nothing can be recorded any more at or before `known_at` (S2.6)."""
        return self.envelope.settled

    @property
    def declared(self) -> bool:
        """True when an archive's declared times were seen (S2.8)."""
        return self.envelope.declared

    @cached_property
    def rows(self) -> tuple[Any, ...]:
        """The rows as public frozen objects."""
        return tuple(public(row) for row in self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        return self.rows[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def pieces(self) -> Iterator[str]:
        """The canonical JSON in pieces, for writing a large answer without holding it."""
        head = self.envelope
        rules = canonical.obj(
            (("semantics", canonical.text(head.rules.semantics)),
             ("tzdata", canonical.text(head.rules.tzdata)))
        )  # fmt: skip
        known = None if head.known_at is None else format_instant(head.known_at)
        pairs = (
            ("answer", canonical.text(head.answer)),
            ("at", canonical.text(format_instant(head.at))),
            ("known_at", canonical.value(known)),
            ("ledger_version", canonical.value(head.ledger_version)),
            ("rules", rules),
            ("basis", canonical.text(head.basis)),
            ("settled", canonical.value(head.settled)),
            ("declared", canonical.value(head.declared)),
            *head.extra,
        )
        yield canonical.obj(pairs)[:-1] + ',"rows":['
        for index, row in enumerate(self.raw):
            yield ("," if index else "") + row_json(row)
        yield "]}"

    def json(self) -> bytes:
        """The canonical bytes of `--format json`, without the last LF (I3)."""
        return "".join(self.pieces()).encode()

    def csv(self) -> bytes:
        """The rows as RFC 4180 CSV with a header line, LF line ends."""
        return ("\n".join(csv_lines(self.row_class, self.raw)) + "\n").encode()

    @property
    def row_class(self) -> type[Any]:
        """The class of the rows, also when there are none."""
        return type(self.raw[0]) if self.raw else ANSWERS[self.envelope.shape]

    def arrow(self) -> pa.Table:
        """The rows as an Arrow table: no float, instants `timestamp(us, UTC)`."""
        shape = members(self.row_class)
        schema = pa.schema([pa.field(m.name, arrow_type(m)) for m in shape])
        columns = [
            pa.array([_arrow_value(m, getattr(row, m.attribute)) for row in self.raw],
                     type=arrow_type(m))
            for m in shape
        ]  # fmt: skip
        return pa.Table.from_arrays(columns, schema=schema)

    def pandas(self) -> Any:
        """The Arrow table as a pandas DataFrame, where pandas is installed."""
        return self.arrow().to_pandas()

    def polars(self) -> Any:
        """The Arrow table as a polars DataFrame, where polars is installed."""
        import polars as pl  # noqa: PLC0415 - optional: only those who ask for it need it

        return pl.from_arrow(self.arrow())

    def __repr__(self) -> str:
        return f"<Answer {self.answer}: {len(self)} rows, basis {self.basis}>"


_PUBLIC: dict[str, type[Any]] = {}


def _public_class(row_class: type[Any]) -> type[Any]:
    known = _PUBLIC.get(row_class.__qualname__)
    if known is None:
        known = _PUBLIC[row_class.__qualname__] = _made(row_class)
    return known


def _made(row_class: type[Any]) -> type[Any]:
    names = [(m.name if m.name != "from" else "from_", Any) for m in members(row_class)]
    return dataclasses.make_dataclass(row_class.__name__, names, frozen=True, slots=True)


def public(row: Any) -> Any:
    """A row as a frozen object with datetimes and Decimals."""
    shape = members(type(row))
    values = (_public_value(m, getattr(row, m.attribute)) for m in shape)
    return _public_class(type(row))(*values)


def _public_value(member: Member, value: Any) -> Any:
    if value is None:
        return None
    match member.kind:
        case "instant":
            return datetime_of(value)
        case "seconds":
            return Decimal(value).scaleb(-6)
        case "percent" | "money":
            return Decimal(value)
        case "members":
            return MappingProxyType(dict(value))
        case "list" if member.item is not None:
            return tuple(public(item) for item in value)
        case "object":
            return public(value)
        case _:
            return value


_ARROW = {
    "text": pa.string(),
    "whole": pa.int64(),
    "bool": pa.bool_(),
    "instant": pa.timestamp("us", tz="UTC"),
    "seconds": pa.duration("us"),
    "percent": pa.decimal128(38, 12),
    "money": pa.decimal128(38, 4),
    "members": pa.map_(pa.string(), pa.string()),
    "value": pa.string(),
}


def arrow_type(member: Member) -> pa.DataType:
    """The Arrow type of a member."""
    if member.kind in _ARROW:
        return _ARROW[member.kind]
    if member.item is None:
        return pa.list_(pa.string())
    inner = pa.struct([pa.field(m.name, arrow_type(m)) for m in members(member.item)])
    return pa.list_(inner) if member.kind == "list" else inner


def _arrow_value(member: Member, value: Any) -> Any:
    if value is None:
        return None
    match member.kind:
        case "percent" | "money":
            return Decimal(value)
        case "members":
            return list(value)
        case "value":
            return json_of(member, value)
        case "list" if member.item is not None:
            return [_arrow_struct(item) for item in value]
        case "object":
            return _arrow_struct(value)
        case _:
            return value


def _arrow_struct(row: Any) -> dict[str, Any]:
    return {m.name: _arrow_value(m, getattr(row, m.attribute)) for m in members(type(row))}
