"""Where the files of a ledger lie: create if absent, get, list; nothing else (L1).

A file that is there is never changed. Every way of storing passes `tests/ledger/conformance`.
"""

from __future__ import annotations

import os
import uuid
from abc import ABC, abstractmethod
from pathlib import Path

from ledger.errors import OutsideFailed, why


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
        self._durable: set[Path] = set()

    def create(self, name: str, data: bytes) -> bool:
        target = self.root / name
        try:
            self._folder(target.parent)
            return self._link(target, data)
        except OSError as error:
            mend = "" if isinstance(error, PermissionError) else "make room or mend the disk, "
            raise OutsideFailed(
                f"could not store {target}: {why(error)}; nothing half-written is read;"
                f" {mend}then run it again"
            ) from error

    def _link(self, target: Path, data: bytes) -> bool:
        draft = target.parent / f".{target.name}.{uuid.uuid4().hex}.tmp"
        try:
            with draft.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            # If we die here, a draft is left that nobody reads.
            made = True
            try:
                os.link(draft, target)
            except FileExistsError:
                made = False
        finally:
            draft.unlink(missing_ok=True)
        # If we die here, the name may be gone after a power loss: whoever goes on reads first. A
        # name that another made is made as durable, since its maker may have died just here.
        sync_folder(target.parent)
        return made

    def _folder(self, folder: Path) -> None:
        """Make a folder and its name durable, once a process: another may have died between."""
        if folder in self._durable:
            return
        if folder != self.root:
            self._folder(folder.parent)
            folder.mkdir(exist_ok=True)
            sync_folder(folder.parent)
        self._durable.add(folder)

    def get(self, name: str) -> bytes | None:
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise OutsideFailed(f"could not read {self.root / name}: {why(error)}") from error

    def list(self, folder: str) -> list[str]:
        try:
            with os.scandir(self.root / folder) as found:
                names = [f"{each.name}/" if each.is_dir() else each.name for each in found]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise OutsideFailed(f"could not read {self.root / folder}: {why(error)}") from error
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


TRIAL = "trial"
_tried: set[Path] = set()


def trial(store: DirectoryStore) -> None:
    """Refuse a store that lets the same name be made twice (L1); once a process and place.

    Raises OutsideFailed. What a trial that died left behind is cleared by the next.
    """
    place = store.root.resolve()
    if place in _tried:
        return
    name = f"{TRIAL}/{uuid.uuid4().hex}"
    if not store.create(name, b"once") or store.create(name, b"twice"):
        raise OutsideFailed("this store gives a taken name twice; it cannot hold a ledger")
    if store.get(name) != b"once":
        raise OutsideFailed("this store does not give back what it was given")
    store.path(name).unlink(missing_ok=True)
    _tried.add(place)
