"""The decoded columns of a segment: what the relations filter on, typed (L1).

They can be made again from the frames at any time, and `verify` does; no proof rests on them.
Members that may name people (E9) are in none of them. Changing this list is a new version of the
segment schema.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from schemas.envelope import Event, Rejection, identity
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


class Journal(Protocol):
    """A line of the journal: no event, only a kind and its text."""

    @property
    def kind(self) -> str: ...

    @property
    def data(self) -> str: ...


def _plain(value: Any) -> Any:
    return value


def _writable(text: str) -> str:
    """A reason as it can be stored: it may cite half a surrogate pair, which no UTF-8 holds."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _e12(value: Decimal) -> int:
    return int(value.scaleb(12))


def _from(value: Any) -> int:
    return int(value.from_)


def _to(value: Any) -> int:
    return int(value.to)


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
    "tags": ("tags", "tags", list),
    "customers": ("customers", "customers", list),
    "share": ("share_e12", "share", _e12),
    "from": ("from_at", "from_", _plain),
    "to": ("to_at", "to", _plain),
    "into": ("into_ticket", "into", _plain),
    "due": ("due_at", "due", _plain),
}
"""Members with a column of another name or form: column, attribute, form."""
_OPENED = {"by": ("opened_by", "by", _plain), "kind": ("kind", "kind", _plain)}
_MAINTENANCE: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "kind": ("maintenance_kind", "kind", _plain),
    "services": ("services", "services", list),
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

_HEAD = ("effective_at", "source", "event_id", "corrects", "type", "subject")
_HEAD_PLACES = tuple(PLACE[name] for name in _HEAD)
_NO_HEAD: tuple[Any, ...] = (None,) * len(_HEAD)
_NO_HASH = bytes(16)
_REJECTED = PLACE["rejected"]


def _is_event(outcome: Event | Rejection | Journal) -> bool:
    return type(outcome) is Event


class Columns:
    """Decoded columns in the making, filled row by row.

    A column that few rows fill is padded only when one does, and costs nothing while none does.
    """

    def __init__(self) -> None:
        self._heads: list[tuple[Any, ...]] = []
        self._identities: list[bytes | None] = []
        self._contents: list[bytes | None] = []
        self._data: list[str | None] = []
        self._sparse: dict[int, list[Any]] = {}

    def __len__(self) -> int:
        return len(self._heads)

    def add(self, outcome: Event | Rejection | Journal) -> None:
        """Add the row of one entry."""
        if isinstance(outcome, Event):
            self._events([outcome])
            return
        head, data = _NO_HEAD, None
        if isinstance(outcome, Rejection):
            for at, text in enumerate((outcome.code, outcome.at, outcome.message), _REJECTED):
                self._put(at, _writable(text), len(self._heads))
        else:
            head, data = (None, None, None, None, f"journal.{outcome.kind}", None), outcome.data
        self._heads.append(head)
        self._identities.append(None)
        self._contents.append(None)
        self._data.append(data)

    def extend(self, outcomes: Sequence[Event | Rejection | Journal]) -> None:
        """Add the rows of several entries; events that follow each other, column by column.

        One small piece of work for many events in a row costs half of all the work for each event
        in turn: the processor's instruction cache holds a piece, and does not hold all.
        """
        for is_event, run in itertools.groupby(outcomes, _is_event):
            if is_event:
                self._events(list(run))  # type: ignore[arg-type] # of one kind by now
            else:
                for outcome in run:
                    self.add(outcome)

    def _events(self, events: list[Event]) -> None:
        for number, event in enumerate(events, len(self._heads)):
            typed = event.typed
            for place, attribute, form in _MEMBERS[event.row.type]:
                value = typed[attribute]
                if value is not None:
                    self._put(place, form(value), number)
        self._heads += [
            (time, source, event_id, corrects, row.type, subject)
            for event_id, source, row, subject, time, _, corrects, *_ in events
        ]
        self._identities += [identity(event[1], event[0]) for event in events]
        texts = [event.content() for event in events]
        self._contents += [sha256(text).digest()[:16] for text in texts]
        self._data += [event.open_json() for event in events]

    def _put(self, place: int, value: Any, number: int) -> None:
        column = self._sparse.get(place)
        if column is None:
            column = self._sparse[place] = []
        missing = number - len(column)
        if missing:
            column.extend([None] * missing)
        column.append(value)

    def arrays(self) -> list[pa.Array]:
        """Every column as an array, in the order of the file."""
        count = len(self._heads)
        made: dict[int, list[Any] | pa.Array] = dict(self._sparse)
        for column in self._sparse.values():
            column.extend([None] * (count - len(column)))
        heads = zip(*self._heads, strict=True) if count else ([] for _ in _HEAD)
        made.update(zip(_HEAD_PLACES, map(list, heads), strict=True))
        for name, hashes in (("identity", self._identities), ("content", self._contents)):
            made[PLACE[f"{name}_hi"]], made[PLACE[f"{name}_lo"]] = _halves(hashes)
        made[PLACE["data"]] = self._data
        return [
            pa.array(made[place], type=kind) if place in made else pa.nulls(count, kind)
            for place, (_, kind) in enumerate(DECODED)
        ]


def _halves(hashes: list[bytes | None]) -> tuple[pa.Array, pa.Array]:
    """Both halves of 128-bit numbers as signed 64-bit columns."""
    absent = np.fromiter((each is None for each in hashes), dtype=bool, count=len(hashes))
    joined = b"".join(each or _NO_HASH for each in hashes)
    pairs = np.frombuffer(joined, dtype=">i8").reshape(-1, 2).astype(np.int64)
    return pa.array(pairs[:, 0], mask=absent), pa.array(pairs[:, 1], mask=absent)


def row(outcome: Event | Rejection | Journal) -> list[Any]:
    """The decoded columns of one entry, in the order of the file."""
    made = Columns()
    made.add(outcome)
    return [array[0].as_py() for array in made.arrays()]
