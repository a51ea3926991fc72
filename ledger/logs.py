"""The logs of a ledger: their folders, their names as shown, what makes each (L1, L2)."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ledger.errors import BadInput, Refused
from ledger.store import DirectoryStore, Store, trial
from schemas import canonical

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
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BadInput(str(path), "something lies there already; name a new or an empty directory")
    store = DirectoryStore(path)
    path.mkdir(parents=True, exist_ok=True)
    trial(store)
    meta = Meta(FORMAT, str(uuid.uuid4()), door, created_at)
    if not store.create(HEAD, canonical.value(asdict(meta)).encode() + b"\n"):
        raise BadInput(str(path), "a ledger is there already")
    return meta


def open_meta(path: Path) -> Meta:
    """What the ledger in a directory is. BadInput where there is none or a newer one."""
    raw = DirectoryStore(path).get(HEAD) if path.is_dir() else None
    if raw is None:
        raise BadInput(str(path), "no ledger there; sla-ledger init makes one (--ledger names it)")
    said: dict[str, Any] = _said(raw, path / HEAD)
    try:
        return Meta(**said)
    except TypeError as error:
        raise Refused(path / HEAD, f"cannot be read: {error}") from error


def _said(raw: bytes, place: Path | str) -> dict[str, Any]:
    try:
        said = json.loads(raw)
        newer = int(said["format"]) > FORMAT
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(place, f"cannot be read: {error!r}") from error
    if newer:
        raise BadInput(
            str(place), f"format {said['format']}: written by a newer program than this one,"
            f" which reads up to {FORMAT}; use that one"
        )  # fmt: skip
    if not isinstance(said, dict):
        raise Refused(place, "cannot be read")
    return said


def all_logs(store: Store, meta: Meta) -> list[Log]:
    """Every log, by name as shown."""
    found = []
    for folder in store.list("logs"):
        raw = store.get(f"logs/{folder}log.json")
        if raw is None:
            continue  # its maker died before the log had a name: nothing is in it
        place = f"logs/{folder}log.json"
        try:
            log = Log(**_said(raw, place))
        except TypeError as error:
            raise Refused(place, f"cannot be read: {error}") from error
        if log.ledger != meta.ledger:
            raise Refused(place, f"it belongs to the ledger {log.ledger}, not to {meta.ledger}")
        found.append(log)
    return sorted(found, key=lambda log: log.log)


def local(meta: Meta, kind: str, topic: str, shown: str, sha256: str | None = None) -> Log:
    """A log that no broker knows: the file door, an archive, the journal."""
    return Log(FORMAT, meta.ledger, shown, kind, topic, None, 0, 1, None, sha256)


def register(store: Store, log: Log) -> Log:
    """The log as it is in the ledger, made known there first where it is new."""
    name = f"{log.folder}/log.json"
    store.create(name, canonical.value(asdict(log)).encode() + b"\n")
    raw = store.get(name)
    return Log(**_said(raw or b"", name))


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
