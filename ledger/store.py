"""Where the files of a ledger lie: create if absent, get, list; nothing else (L1).

A file that is there is never changed. Every way of storing passes `tests/ledger/conformance`.
"""

from __future__ import annotations

import os
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

from ledger.errors import OutsideFailed


class Store(ABC):
    """Immutable named files. Names are relative paths with `/`."""

    @abstractmethod
    def create(self, name: str, data: bytes) -> bool:
        """Store durably under a new name; False, and nothing changed, where the name is taken.

        Raises OutsideFailed where the medium fails; then the name may or may not be there, and
        whoever goes on reads before trying again.
        """

    @abstractmethod
    def get(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none."""

    @abstractmethod
    def list(self, folder: str) -> list[str]:
        """The names in a folder (without it), sorted; folders end in `/`."""


class DirectoryStore(Store):
    """A directory: temporary file, fsync, link (fails if present), fsync of the directory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def create(self, name: str, data: bytes) -> bool:
        target = self.root / name
        try:
            self._folder(target.parent)
            return self._link(target, data)
        except OSError as error:
            raise OutsideFailed(
                f"could not store {target}: {error.strerror or error}; nothing half-written is"
                " read; make room or mend the disk, then run it again"
            ) from error

    def _link(self, target: Path, data: bytes) -> bool:
        draft = target.parent / f".{target.name}.{uuid.uuid4().hex}.tmp"
        try:
            with draft.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            # If we die here, a draft is left that nobody reads.
            try:
                os.link(draft, target)
            except FileExistsError:
                return False
        finally:
            draft.unlink(missing_ok=True)
        # If we die here, the name may be gone after a power loss: whoever goes on reads first.
        sync_folder(target.parent)
        return True

    def _folder(self, folder: Path) -> None:
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for each in reversed(missing):
            each.mkdir(exist_ok=True)
            sync_folder(each.parent)

    def get(self, name: str) -> bytes | None:
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise OutsideFailed(f"could not read {self.root / name}: {error}") from error

    def list(self, folder: str) -> list[str]:
        try:
            with os.scandir(self.root / folder) as found:
                names = [f"{each.name}/" if each.is_dir() else each.name for each in found]
        except FileNotFoundError:
            return []
        return sorted(name for name in names if not name.startswith("."))

    def path(self, name: str) -> Path:
        """Where a file lies, for readers that open files themselves."""
        return self.root / name


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def trial(store: Store) -> None:
    """Refuse a store that lets the same name be made twice (L1)."""
    name = f"trial/{uuid.uuid4().hex}"
    if not store.create(name, b"once") or store.create(name, b"twice"):
        raise OutsideFailed("this store gives a taken name twice; it cannot hold a ledger")
    if store.get(name) != b"once":
        raise OutsideFailed("this store does not give back what it was given")
    if isinstance(store, DirectoryStore):
        for left in trials(store):
            left.unlink(missing_ok=True)
        with_folder = store.path("trial")
        if with_folder.is_dir() and not any(with_folder.iterdir()):
            with_folder.rmdir()


def trials(store: DirectoryStore) -> Iterator[Path]:
    """The files that trials left."""
    return store.path("trial").iterdir()
