"""The columns of `entry`: what relations may read of an entry, and its place.

Those of a segment (without frame and leaf) and, behind them, the log it stands in. A table that
is handed in may leave columns out: they are null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

_TEXTS = pa.list_(pa.string())
_NUMBERS = (
    "sequence log_offset recorded_at appended_at effective_at identity_hi identity_lo content_hi"
    " content_lo due_at share_e12 from_at to_at total failed claimed_from claimed_to window_from"
    " window_to log_partition"
)
_WORDS = (
    "broker_time source event_id corrects type subject customer rejected rejected_at"
    " rejected_message severity channel opened_by kind author content reason subscription"
    " into_ticket clock service impact marker cause party state component maintenance_kind data"
    " log topic"
)
_BY_TYPE = (
    (pa.int64(), _NUMBERS),
    (pa.string(), _WORDS),
    (_TEXTS, "tags customers services"),
    (pa.bool_(), "public"),
)
SCHEMA = pa.schema([(name, kind) for kind, names in _BY_TYPE for name in names.split()])
"""Name and type of every column; their order carries no meaning."""


def as_entries(rows: pa.Table | Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows at hand as a table of all columns of `entry`; what is left out is null.

    Raises KeyError for a column that `entry` does not have.
    """
    if isinstance(rows, pa.Table):
        table = rows
    else:
        listed = list(rows)
        names = {name for row in listed for name in row}
        table = pa.table(
            {
                name: pa.array([row.get(name) for row in listed], _kind(name))
                for name in sorted(names)
            }
        )
    for name in table.column_names:
        _kind(name)
    return pa.table(
        {
            field.name: table.column(field.name).cast(field.type)
            if field.name in table.column_names
            else pa.nulls(table.num_rows, field.type)
            for field in SCHEMA
        }
    )


def _kind(name: str) -> pa.DataType:
    if name not in SCHEMA.names:
        raise KeyError(f"entry has no column {name}")
    return SCHEMA.field(name).type
