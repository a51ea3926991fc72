"""Small JSON files that vouch for themselves: no flipped bit in them goes unseen (L5).

Receipts and the descriptions of ledger and logs steer what is read. Each carries, as its last
member, the SHA-256 of the canonical JSON of all the others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ledger.errors import BadInput, Refused
from schemas import canonical

CHECK = "check"
REPAIR = "nothing was answered from it; put it back from a mirror or a backup, then ask again"


def write(members: Mapping[str, Any]) -> bytes:
    """The bytes of a file with these members."""
    return canonical.value({**members, CHECK: _hash(members)}).encode() + b"\n"


def read(raw: bytes, place: str | Path, newest: int) -> dict[str, Any]:
    """The members of a file, its check left out.

    Raises Refused where a byte is not as it was written, BadInput for a format above `newest`.
    """
    try:
        said = json.loads(raw)
        form = said["format"]
        is_newer = form > newest
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(place, "it is no file that this program wrote", REPAIR) from error
    if is_newer:
        raise BadInput(
            str(place), f"format {form}: written by a newer program than this one, which reads up"
            f" to {newest}; use that one"
        )  # fmt: skip
    check = said.pop(CHECK, None)
    if check != _hash(said) or raw != write(said):
        raise Refused(place, "its bytes are not those that were written", REPAIR)
    found: dict[str, Any] = said
    return found


def _hash(members: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical.value(dict(members)).encode()).hexdigest()
