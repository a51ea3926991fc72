"""What a footer and a receipt say of a segment (L1)."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import asdict, dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ledger import guarded, merkle
from ledger.errors import BadInput, Refused
from schemas import canonical

FORMAT = 1


@functools.cache
def code_version() -> str:
    """The version of the program that writes."""
    try:
        return version("sla-ledger")
    except PackageNotFoundError:
        return "unknown"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a segment. Hashes are hexadecimal, times microseconds.

    `next_offset` is exclusive: the covered offsets are [`first_offset`, `next_offset`). `peaks`
    are the roots of the full subtrees after the last entry, so that the tree can grow on. `code`
    and `schema` are the versions of the program and of the decoded columns.
    """

    format: int
    code: str
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

    def footer(self) -> bytes:
        """These facts as they stand in a footer: canonical JSON."""
        return canonical.value(asdict(self)).encode()


def from_footer(raw: bytes, place: str) -> Facts:
    """Facts from a footer. Refused where they are none, BadInput where they are of a newer form."""
    try:
        said = json.loads(raw)
    except ValueError as error:
        raise Refused(place, f"no segment of a ledger: {error}") from error
    if isinstance(said, dict) and isinstance(said.get("format"), int) and said["format"] > FORMAT:
        raise BadInput(
            place, f"format {said['format']}: written by a newer program than this one, which"
            f" reads up to {FORMAT}; use that one"
        )  # fmt: skip
    return _facts(said, place)


def _facts(said: Any, place: str) -> Facts:
    names = {field.name for field in fields(Facts)}
    if not isinstance(said, dict) or set(said) != names:
        raise Refused(place, "its facts are not those of a segment")
    try:
        found = Facts(**{**said, "peaks_after": tuple(said["peaks_after"])})
        sound = (
            found.count > 0
            and found.size_before == found.first_sequence >= 0
            and found.size_after == found.size_before + found.count
            and found.next_offset - found.first_offset >= found.count
            and found.first_recorded_at <= found.last_recorded_at
            and len(found.peaks_after) == found.size_after.bit_count()
            and found.tree().root().hex() == found.root_after
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise Refused(place, f"its facts cannot be read: {error}") from error
    if not sound:
        raise Refused(place, "its facts contradict each other")
    return found


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as read: the facts and what the file's bytes must be."""

    facts: Facts
    sha256: str
    length: int


def receipt_name(segment: str) -> str:
    """The name of a segment's receipt."""
    return segment.removesuffix(".parquet") + ".receipt.json"


def receipt(facts: Facts, data: bytes) -> bytes:
    """The receipt of a segment: its facts, its SHA-256 and its length; it vouches for itself."""
    digest = hashlib.sha256(data).hexdigest()
    return guarded.write({**asdict(facts), "sha256": digest, "length": len(data)})


def read_receipt(raw: bytes, place: str) -> Receipt:
    """A receipt from its bytes. Refused where a byte of it is wrong."""
    said = guarded.read(raw, place, FORMAT)
    try:
        sha256, length = str(said.pop("sha256")), int(said.pop("length"))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(place, f"no receipt: {error!r}") from error
    return Receipt(_facts(said, place), sha256, length)
