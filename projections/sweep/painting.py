"""Painting causes: each assignment paints its time over what was there (S7.25).

Value in, rows out: the stretches of impacts are cut where their cause changes. An incident with one
assignment, which is nearly every one, is painted by columns; several are painted one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

FAR = 2**62
_KEPT = (
    "incident", "service", "impact", "share_e12", "customers", "start_at", "end_at", "cause",
    "party",
)  # fmt: skip

Stroke = tuple[int, int, str | None, str | None]


def painted(rows: pa.Table, paintings: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The rows of `impact_painted`, cut and painted; ends are FAR where nothing ends them."""
    ends = pc.fill_null(rows.column("end_at"), FAR)
    rows = rows.set_column(rows.schema.get_field_index("end_at"), "end_at", ends)
    many = pc.greater(rows.column("paints"), 1)
    single = _by_columns(rows.filter(pc.invert(many)))
    if not pc.any(many).as_py():
        return single
    strokes: dict[str, list[Mapping[str, Any]]] = {}
    for each in paintings:
        strokes.setdefault(each["incident"], []).append(each)
    found = [
        {**row, "start_at": start, "end_at": end, "cause": cause, "party": party}
        for row in rows.filter(many).select(_KEPT).to_pylist()
        for start, end, cause, party in _one(row, strokes.get(row["incident"], ()))
    ]
    return pa.concat_tables([single, pa.Table.from_pylist(found, single.schema)])


def _by_columns(rows: pa.Table) -> pa.Table:
    """Stretches of incidents with at most one assignment: before, inside and behind its time."""
    plain = rows.select(_KEPT)
    none = pc.and_(pc.is_null(rows.column("paint_from")), pc.is_null(rows.column("paint_to")))
    whole = pc.and_(none, pc.is_null(rows.column("paint_service")))
    if pc.all(whole).as_py() is not False:
        return plain.filter(pc.less(plain.column("start_at"), plain.column("end_at")))
    start, end = (np.asarray(rows.column(name).to_numpy()) for name in ("start_at", "end_at"))
    low = np.asarray(pc.fill_null(rows.column("paint_from"), -FAR).to_numpy())
    high = np.asarray(pc.fill_null(rows.column("paint_to"), FAR).to_numpy())
    meant = pc.or_kleene(
        pc.is_null(rows.column("paint_service")),
        pc.equal(rows.column("paint_service"), rows.column("service")),
    )
    applies = np.asarray(meant.to_numpy())
    low, high = np.where(applies, low, FAR), np.where(applies, high, FAR)
    bare = plain
    for name in ("cause", "party"):
        place = bare.schema.get_field_index(name)
        bare = bare.set_column(place, name, pa.nulls(bare.num_rows, pa.string()))
    pieces = (
        (bare, start, np.minimum(end, low)),
        (plain, np.maximum(start, low), np.minimum(end, high)),
        (bare, np.maximum(start, np.maximum(low, high)), end),
    )
    return pa.concat_tables([_timed(*piece) for piece in pieces])


def _timed(table: pa.Table, start: Any, end: Any) -> pa.Table:
    for name, values in (("start_at", start), ("end_at", end)):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, pa.array(values, pa.int64()))
    return table.filter(pc.less(table.column("start_at"), table.column("end_at")))


def _one(row: Mapping[str, Any], strokes: Sequence[Mapping[str, Any]]) -> Iterator[Stroke]:
    """One stretch under several assignments, the later over the earlier."""
    canvas: list[Stroke] = [(row["start_at"], row["end_at"], None, None)]
    for each in strokes:
        if each["service"] not in (None, row["service"]):
            continue
        low = row["start_at"] if each["from_at"] is None else each["from_at"]
        high = row["end_at"] if each["to_at"] is None else each["to_at"]
        low, high = max(low, row["start_at"]), min(high, row["end_at"])
        if low >= high:
            continue
        under = [stroke for old in canvas for stroke in _outside(old, low, high)]
        canvas = [*under, (low, high, each["cause"], each["party"])]
    return (stroke for stroke in sorted(canvas, key=lambda one: one[0]) if stroke[0] < stroke[1])


def _outside(stroke: Stroke, low: int, high: int) -> Iterator[Stroke]:
    start, end, cause, party = stroke
    if start < low:
        yield start, min(end, low), cause, party
    if high < end:
        yield max(start, high), end, cause, party
