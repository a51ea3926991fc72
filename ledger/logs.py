"""The logs of a ledger: their folders, their names as shown, what makes each (L1, L2)."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from ledger import guarded
from ledger.errors import BadInput, OutsideFailed, Refused, why
from ledger.store import TRIAL, DirectoryStore, Store, sync_folder, trial

FORMAT = 1
HEAD = "ledger.json"
KAFKA, FILE, ARCHIVE, JOURNAL = "kafka", "file", "archive", "journal"


@dataclass(frozen=True, slots=True)
class Meta:
    """What a ledger is: its id, the one way in which it is fed, when it was made."""

    format: int
    ledger: str
    door: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Log:
    """A log: entries of one topic-partition, of the local file door, of an archive, or the journal.

    `log` is its name in answers; `incarnation` counts topics made anew under one name (L4);
    `sha256` is that of an archive's bytes.
    """

    format: int
    ledger: str
    log: str
    kind: str
    topic: str
    topic_id: str | None
    partition: int
    incarnation: int
    cluster_id: str | None
    sha256: str | None

    @property
    def folder(self) -> str:
        """The log's folder, from topic, topic id and partition."""
        return f"logs/{quote(self.topic, safe='.')}~{self.topic_id or '-'}~{self.partition}"


def create(path: Path, door: str, created_at: int) -> Meta:
    """Make a ledger in a directory. BadInput where something else lies there."""
    if door not in {KAFKA, FILE}:
        raise BadInput("door", f"{door!r} is neither kafka nor file")
    try:
        held = {each.name for each in path.iterdir()} if path.is_dir() else set()
        if held - {TRIAL} or (path.exists() and not path.is_dir()):
            raise BadInput(
                str(path), "something lies there already; name a new or an empty directory"
            )
        path.mkdir(parents=True, exist_ok=True)
        sync_folder(path.resolve().parent)
    except OSError as error:
        raise OutsideFailed(f"could not make {path}: {why(error)}") from error
    store = DirectoryStore(path)
    trial(store)
    meta = Meta(FORMAT, str(uuid.uuid4()), door, created_at)
    # If we die here, the directory holds a trial at most, and `create` may be run again.
    if not store.create(HEAD, guarded.write(asdict(meta))):
        raise BadInput(str(path), "a ledger is there already")
    return meta


def open_meta(path: Path) -> Meta:
    """What the ledger in a directory is. BadInput where there is none or a newer one."""
    try:
        if path.exists() and not path.is_dir():
            raise BadInput(
                str(path), "it is a file, and a ledger is a directory (--ledger names it)"
            )
    except OSError as error:
        raise OutsideFailed(f"could not read {path}: {why(error)}") from error
    raw = DirectoryStore(path).get(HEAD) if path.is_dir() else None
    if raw is None:
        raise BadInput(str(path), "no ledger there; sla-ledger init makes one (--ledger names it)")
    try:
        return Meta(**guarded.read(raw, path / HEAD, FORMAT))
    except TypeError as error:
        raise Refused(path / HEAD, f"it cannot be read: {error}") from error


def open_for_writing(path: Path) -> tuple[Meta, DirectoryStore]:
    """A ledger and its store, tried before anything is written (L1)."""
    meta, store = open_meta(path), DirectoryStore(path)
    trial(store)
    return meta, store


def all_logs(store: Store, meta: Meta) -> list[Log]:
    """Every log, by name as shown. Refused where a description is damaged or of another ledger."""
    found = (read_log(store, meta, folder) for folder in folders(store))
    return sorted((log for log in found if log is not None), key=lambda log: log.log)


def folders(store: Store) -> list[str]:
    """The folders of the logs; a file beside them is none of ours."""
    return [name for name in store.list("logs") if name.endswith("/")]


def read_log(store: Store, meta: Meta, folder: str) -> Log | None:
    """The log in a folder; None where its maker died before the log had a name: it is empty."""
    place = f"logs/{folder}log.json"
    raw = store.get(place)
    if raw is None:
        if any(name.endswith(".parquet") for name in store.list(f"logs/{folder}")):
            raise Refused(place, "it is gone, and its segments are there")
        return None
    log = _log(raw, place)
    if log.ledger != meta.ledger:
        raise Refused(place, f"it belongs to the ledger {log.ledger}, not to {meta.ledger}")
    if f"{log.folder}/log.json" != place:
        raise Refused(place, f"it describes the log of {log.folder}")
    return log


def _log(raw: bytes, place: str) -> Log:
    try:
        return Log(**guarded.read(raw, place, FORMAT))
    except TypeError as error:
        raise Refused(place, f"it cannot be read: {error}") from error


def local(meta: Meta, kind: str, topic: str, shown: str, sha256: str | None = None) -> Log:
    """A log that no broker knows: the file door, an archive, the journal."""
    return Log(FORMAT, meta.ledger, shown, kind, topic, None, 0, 1, None, sha256)


def register(store: Store, log: Log) -> Log:
    """The log as it is in the ledger, made known there first where it is new."""
    name = f"{log.folder}/log.json"
    # If we die here, the folder is empty and nobody's; the next writer registers the log.
    store.create(name, guarded.write(asdict(log)))
    return _log(store.get(name) or b"", name)


def of_partition(
    store: Store, meta: Meta, topic: str, topic_id: str, partition: int, cluster_id: str | None
) -> tuple[Log, list[Log]]:
    """The log of a topic-partition, and earlier lives of the same name (L4)."""
    same = [
        log for log in all_logs(store, meta)
        if log.kind == KAFKA and (log.topic, log.partition) == (topic, partition)
    ]  # fmt: skip
    for log in same:
        if log.topic_id == topic_id:
            return log, [other for other in same if other != log]
    life = 1 + max((log.incarnation for log in same), default=0)
    shown = f"{topic}-{partition}" + (f"@{life}" if life > 1 else "")
    fresh = Log(
        FORMAT, meta.ledger, shown, KAFKA, topic, topic_id, partition, life, cluster_id, None
    )
    return fresh, same
