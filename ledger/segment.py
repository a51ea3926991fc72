"""Segments: immutable Parquet files of consecutive entries, and what their footers say (L1)."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ledger import columns, merkle
from ledger.errors import BadInput, Refused
from schemas import canonical

FORMAT = 1
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


@dataclass(frozen=True, slots=True)
class Facts:
    """What a footer and a receipt say of a segment. Hashes are hexadecimal, times microseconds.

    `next_offset` is exclusive: the covered offsets are [`first_offset`, `next_offset`). `peaks`
    are the roots of the full subtrees after the last entry, so that the tree can grow on.
    """

    format: int
    schema: int
    ledger: str
    log: str
    generation: int
    first_sequence: int
    count: int
    first_offset: int
    next_offset: int
    first_recorded_at: int
    last_recorded_at: int
    size_before: int
    root_before: str
    size_after: int
    root_after: str
    peaks_after: tuple[str, ...]

    def tree(self) -> merkle.Tree:
        """The tree after the last entry."""
        return merkle.Tree(self.size_after, [bytes.fromhex(peak) for peak in self.peaks_after])


def name_of(first_sequence: int) -> str:
    """The name of a segment: the sequence number of its first entry alone, twenty digits.

    Two writers that cut differently then meet at one name, and one of them wins.
    """
    return f"{first_sequence:020d}.parquet"


def receipt_name(segment: str) -> str:
    """The name of a segment's receipt."""
    return segment.removesuffix(".parquet") + ".receipt.json"


def build(facts: Facts, own: Sequence[Sequence[Any]], decoded: Sequence[Sequence[Any]]) -> bytes:
    """The bytes of a segment from its rows."""
    arrays = [
        pa.array(values, type=kind)
        for values, (_, kind) in zip(zip(*own, strict=True), OWN, strict=True)
    ]
    arrays += [
        pa.array(values, type=kind)
        for values, (_, kind) in zip(zip(*decoded, strict=True), columns.DECODED, strict=True)
    ]
    footer = {FOOTER: canonical.value(asdict(facts)).encode()}
    table = pa.Table.from_arrays(arrays, schema=SCHEMA.with_metadata(footer))
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", compression_level=1, write_page_checksum=True)
    return sink.getvalue()


def footer_of(data: bytes, place: str) -> Facts:
    """The facts in a segment's footer. Refused where it cannot be read or is of a newer format."""
    try:
        metadata = pq.read_schema(io.BytesIO(data)).metadata or {}
        said = json.loads(metadata[FOOTER])
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise Refused(place, f"no segment of a ledger: {error}") from error
    return facts_of(said, place)


def facts_of(said: Any, place: str) -> Facts:
    """Facts from JSON, all of them and no others."""
    if isinstance(said, dict) and isinstance(said.get("format"), int) and said["format"] > FORMAT:
        raise BadInput(
            place, f"format {said['format']}: written by a newer program than this one, which"
            f" reads up to {FORMAT}; use that one"
        )  # fmt: skip
    names = {field.name for field in fields(Facts)}
    if not isinstance(said, dict) or set(said) != names:
        raise Refused(place, "its facts are not those of a segment")
    return Facts(**{**said, "peaks_after": tuple(said["peaks_after"])})


def table_of(data: bytes, place: str, names: Sequence[str] | None = None) -> pa.Table:
    """The rows of a segment, page checksums verified."""
    try:
        reader = pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True)
        return reader.read(columns=None if names is None else list(names))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Refused(place, f"its rows cannot be read: {error}") from error


def receipt(facts: Facts, data: bytes) -> bytes:
    """The receipt of a segment: its facts, its SHA-256 and its length, as canonical JSON."""
    said = {**asdict(facts), "sha256": hashlib.sha256(data).hexdigest(), "length": len(data)}
    return canonical.value(said).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as read: the facts and what the file's bytes must be."""

    facts: Facts
    sha256: str
    length: int


def read_receipt(raw: bytes, place: str) -> Receipt:
    """A receipt from its bytes. Refused where it is not one."""
    try:
        said = json.loads(raw)
        sha256, length = said.pop("sha256"), said.pop("length")
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise Refused(place, f"no receipt: {error!r}") from error
    return Receipt(facts_of(said, place), sha256, length)


def check(data: bytes, receipt_bytes: bytes, place: str) -> Facts:
    """A segment's facts where file and receipt agree to the last byte; Refused otherwise."""
    said = read_receipt(receipt_bytes, receipt_name(place))
    if len(data) != said.length:
        raise Refused(place, f"{len(data)} bytes where its receipt says {said.length}")
    found = hashlib.sha256(data).hexdigest()
    if found != said.sha256:
        raise Refused(place, f"its SHA-256 is {found}, its receipt says {said.sha256}")
    facts = footer_of(data, place)
    if receipt(facts, data) != receipt_bytes:
        raise Refused(receipt_name(place), "it does not say what the segment's footer says")
    return facts
