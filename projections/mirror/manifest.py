"""The files of a mirror, and the one that vouches for them (L5)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ledger import guarded, hashed
from ledger.columns import SCHEMA_VERSION
from ledger.errors import LedgerError
from ledger.reader import Segment

FORMAT = 1
FOLDER = "mirror"
NAME = "mirror.json"
EVERYBODY = "everybody"
"""Events that every question for one customer needs."""
CUSTOMERS = "customers"
"""All other events, by the customer whose questions need them."""
KEYS = "keys"
"""By customer, the files that hold events of theirs: `key`, `file` (a place in the list)."""
TICKETS = "tickets"
"""By ticket, whose it is: `ticket`, `key` (null: everybody looks at it)."""
IDENTITIES = "identities"
"""Half identities with the customer whose part they are in: `identity_hi`, `key`."""
TARGETS = "targets"
"""Half identities that corrections and retractions point at, whether they are there or not."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a mirror: what it holds, its name, rows, length and SHA-256."""

    kind: str
    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a mirror was made from, segment by segment, and the files that it is."""

    ledger: str
    folder: str
    made_from: tuple[tuple[str, int, str], ...]
    """Log, first sequence, SHA-256 of each segment."""
    files: tuple[File, ...]

    def of_kind(self, kind: str) -> list[File]:
        """The files of a kind in their order."""
        return [each for each in self.files if each.kind == kind]

    def fits(self, segments: Sequence[Segment], ledger: str) -> bool:
        """Whether all that the mirror was made from is in a ledger, byte for byte."""
        return self.ledger == ledger and set(self.made_from) <= set(map(marked, segments))

    def written(self) -> bytes:
        """The bytes of the manifest."""
        return guarded.write(
            {
                "format": FORMAT,
                "schema": SCHEMA_VERSION,
                "ledger": self.ledger,
                "folder": self.folder,
                "made_from": [list(each) for each in self.made_from],
                "files": [asdict(each) for each in self.files],
            }
        )


class DamagedMirrorError(Exception):
    """A file of a mirror is not what its manifest says. The record itself is untouched."""


def marked(segment: Segment) -> tuple[str, int, str]:
    """What tells a segment from every other."""
    return segment.log, segment.first_sequence, segment.sha256


def read(ledger: Path) -> Manifest | None:
    """The manifest of a ledger's mirror; None where there is none of this program's kind.

    Raises DamagedMirrorError where a byte of it is not as it was written.
    """
    place = ledger / FOLDER / NAME
    try:
        said = guarded.read(place.read_bytes(), place, FORMAT)
    except FileNotFoundError:
        return None
    except (OSError, LedgerError) as error:
        raise DamagedMirrorError(str(error)) from error
    if (said["format"], said["schema"]) != (FORMAT, SCHEMA_VERSION):
        return None
    return Manifest(
        said["ledger"],
        said["folder"],
        tuple((log, first, sha) for log, first, sha in said["made_from"]),
        tuple(File(**each) for each in said["files"]),
    )


def vouched(folder: Path, file: File) -> str:
    """The path of a file whose bytes are what the manifest says; DamagedMirrorError otherwise."""
    path = folder / file.name
    try:
        mark = hashed.mark(path, file.sha256)
        if not hashed.is_known(path, mark):
            if sha256(path) != file.sha256:
                raise DamagedMirrorError(f"{path}: its bytes are not those that were written")
            hashed.remember(path, mark)
    except OSError as error:
        raise DamagedMirrorError(f"{path}: {error.strerror}") from error
    return str(path)


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
