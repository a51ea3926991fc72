"""Segments: immutable Parquet files of consecutive entries, written and read whole (L1)."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.parquet as pq

from ledger import columns
from ledger.errors import Refused
from ledger.facts import Facts, Receipt, from_footer

FOOTER = b"sla_ledger"
OWN: tuple[tuple[str, pa.DataType], ...] = (
    ("sequence", pa.int64()),
    ("log_offset", pa.int64()),
    ("frame", pa.binary()),
    ("leaf", pa.binary(32)),
    ("recorded_at", pa.int64()),
    ("appended_at", pa.int64()),
    ("broker_time", pa.string()),
)
"""The columns of the entry itself, before the decoded ones."""
SCHEMA = pa.schema([pa.field(name, kind) for name, kind in (*OWN, *columns.DECODED)])
_UNIQUE = {"sequence", "log_offset", "frame", "leaf", "recorded_at", "event_id", "data",
           "identity_hi", "identity_lo", "content_hi", "content_lo"}  # fmt: skip
"""Columns in which hardly a value comes twice: a dictionary of them would only cost."""
_REPEATING = [name for name in SCHEMA.names if name not in _UNIQUE]
_COMPARABLE = [name for name in SCHEMA.names if name not in {"frame", "leaf", "data"}]


@dataclass
class Rows:
    """The rows of a segment in the making, column by column."""

    offsets: list[int] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    recorded_at: list[int] = field(default_factory=list)
    appended_at: list[int | None] = field(default_factory=list)
    broker_time: list[str | None] = field(default_factory=list)
    decoded: columns.Columns = field(default_factory=columns.Columns)

    def __len__(self) -> int:
        return len(self.frames)


def name_of(first_sequence: int) -> str:
    """The name of a segment: the sequence number of its first entry alone, twenty digits.

    Two writers that cut differently then meet at one name, and one of them wins.
    """
    return f"{first_sequence:020d}.parquet"


def build(facts: Facts, rows: Rows) -> bytes:
    """The bytes of a segment."""
    sequences = range(facts.first_sequence, facts.first_sequence + len(rows))
    own = (sequences, rows.offsets, rows.frames, rows.leaves, rows.recorded_at, rows.appended_at,
           rows.broker_time)  # fmt: skip
    arrays = [pa.array(values, type=kind) for values, (_, kind) in zip(own, OWN, strict=True)]
    arrays += rows.decoded.arrays()
    schema = SCHEMA.with_metadata({FOOTER: facts.footer()})
    sink = io.BytesIO()
    pq.write_table(
        pa.Table.from_arrays(arrays, schema=schema), sink, compression="zstd",
        compression_level=1, write_page_checksum=True, use_dictionary=_REPEATING,
        write_statistics=_COMPARABLE,
    )  # fmt: skip
    return sink.getvalue()


def footer_of(data: bytes, place: str) -> Facts:
    """The facts in a segment's footer. Refused where it cannot be read or is of a newer format."""
    try:
        raw = (pq.read_schema(io.BytesIO(data)).metadata or {})[FOOTER]
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise Refused(place, f"no segment of a ledger: {error}") from error
    return from_footer(raw, place)


def table_of(data: bytes, place: str, names: Sequence[str] | None = None) -> pa.Table:
    """The rows of a segment, page checksums verified. Refused where they cannot be read."""
    try:
        reader = pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True)
        return reader.read(columns=None if names is None else list(names))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Refused(place, f"its rows cannot be read: {error}") from error


def check(data: bytes, receipt: Receipt, place: str) -> Facts:
    """A segment's facts where its bytes are those of its receipt; Refused otherwise."""
    if len(data) != receipt.length:
        raise Refused(place, f"{len(data)} bytes where its receipt says {receipt.length}")
    found = hashlib.sha256(data).hexdigest()
    if found != receipt.sha256:
        raise Refused(place, f"its SHA-256 is {found}, its receipt says {receipt.sha256}")
    facts = footer_of(data, place)
    if facts != receipt.facts:
        raise Refused(place, "its footer does not say what its receipt says")
    return facts
