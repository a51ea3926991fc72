"""The one way out: snapshots of a ledger, and its entries as they came (L5, I5, I7)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger import check, hashed, logs, merkle, segment
from ledger import frame as frames
from ledger.entry import Gap
from ledger.errors import BadInput, LedgerError, OutsideFailed, Refused, why
from ledger.facts import Receipt, read_receipt, receipt_name
from ledger.store import DirectoryStore
from schemas.ids import spell
from schemas.instant import format_instant

KINDS = {0: "create", 1: "append"}


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment by its receipt: where it lies and what it holds."""

    path: str
    log: str
    first_sequence: int
    count: int
    first_offset: int
    next_offset: int
    first_recorded_at: int
    last_recorded_at: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LogState:
    """A log as it stands: its size, its root (hexadecimal), its first and last recorded time."""

    log: str
    kind: str
    topic: str
    topic_id: str | None
    partition: int
    entries: int
    next_offset: int
    root: str
    first_recorded_at: int | None
    last_recorded_at: int | None
    segments: int
    bytes: int


@dataclass(frozen=True)
class Snapshot:
    """The state of a ledger at one moment: an explicit list of files, each behind its receipt."""

    ledger: str
    segments: tuple[Segment, ...]
    logs: tuple[LogState, ...]

    def verified_paths(self, wanted: Sequence[Segment] | None = None) -> list[str]:
        """The paths of segments whose bytes are what their receipts say; Refused otherwise."""
        chosen = self.segments if wanted is None else wanted
        for each in chosen:
            _vouch(each)
        return [each.path for each in chosen]

    def gaps(self) -> list[Gap]:
        """The gaps that the journal names, in its order."""
        found = []
        for each in self.segments:
            if each.log != "journal":
                continue
            table = segment.table_of(
                verified(each), each.path, ["log_offset", "recorded_at", "data"]
            )
            for row in table.to_pylist():
                said = json.loads(row["data"])
                if said["kind"] == "gap":
                    found.append(Gap(
                        said["log"], said["from"], said["to"], said["reason"],
                        row["recorded_at"], f"journal/{row['log_offset']}",
                    ))  # fmt: skip
        return found


def _vouch(each: Segment) -> bytes | None:
    """Hash a segment at its first reading in this process; its bytes where they were read.

    Refused where it is damaged.
    """
    path = Path(each.path)
    try:
        mark = hashed.mark(path, each.sha256)
        if hashed.is_known(path, mark):
            return None
        data = path.read_bytes()
        raw = path.with_name(receipt_name(path.name)).read_bytes()
    except OSError as error:
        raise _unread(path, error) from error
    segment.check(data, read_receipt(raw, receipt_name(each.path)), each.path)
    hashed.remember(path, mark)
    return data


def verified(each: Segment) -> bytes:
    """The bytes of a segment, vouched for."""
    data = _vouch(each)
    try:
        return Path(each.path).read_bytes() if data is None else data
    except OSError as error:
        raise _unread(each.path, error) from error


def _unread(path: str | Path, error: OSError) -> LedgerError:
    """A file that is gone is damage; one that is there and may not be read is not."""
    if isinstance(error, FileNotFoundError):
        return Refused(path, f"it cannot be read: {error.strerror}")
    return OutsideFailed(f"could not read {path}: {why(error)}")


def open_ledger(path: Path | str) -> LedgerReader:
    """Open a ledger for reading. BadInput where there is none, or one of a newer format."""
    return LedgerReader(Path(path))


class LedgerReader:
    """Reads a ledger that may be growing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.meta = logs.open_meta(path)
        self._store = DirectoryStore(path)
        self._receipts: dict[str, Receipt] = {}

    def snapshot(self) -> Snapshot:
        """The state now: every log with the segments that have receipts and follow each other."""
        segments: list[Segment] = []
        states = []
        for log in logs.all_logs(self._store, self.meta):
            found = list(self._segments(log))
            segments += found
            states.append(self._state(log, found))
        return Snapshot(self.meta.ledger, tuple(segments), tuple(states))

    def _segments(self, log: logs.Log) -> Iterator[Segment]:
        """The segments from the first on, each behind its receipt and going on where one ended.

        Refused where one is gone that others build on. The last may have no receipt yet, its
        writer having died before it: the next writer checks it and vouches for it.
        """
        expected, root = 0, merkle.EMPTY.hex()
        names = self._store.list(log.folder)
        have = set(names)
        while True:
            name = segment.name_of(expected)
            place = f"{log.folder}/{receipt_name(name)}"
            receipt = self._receipt(place)
            if receipt is None:
                break
            facts = receipt.facts
            check.belongs(facts, log, place)
            if (facts.first_sequence, facts.root_before) != (expected, root):
                raise Refused(place, "it does not go on where the segment before it ends")
            # A listing made while others write may miss what came just now: look again.
            if name not in have and not self._store.path(f"{log.folder}/{name}").exists():
                raise Refused(self._store.path(f"{log.folder}/{name}"), "it is missing")
            expected, root = facts.size_after, facts.root_after
            yield Segment(
                str(self._store.path(f"{log.folder}/{name}")), log.log, facts.first_sequence,
                facts.count, facts.first_offset, facts.next_offset, facts.first_recorded_at,
                facts.last_recorded_at, receipt.length, receipt.sha256,
            )  # fmt: skip
        later = max((each for each in names if each[:1].isdigit()), default="")
        if later[:20] > segment.name_of(expected)[:20]:
            raise Refused(
                self._store.path(f"{log.folder}/{segment.name_of(expected)}"),
                f"the segment or its receipt is missing, and {later} goes on behind it",
            )

    def _receipt(self, place: str) -> Receipt | None:
        known = self._receipts.get(place)
        if known is None:
            raw = self._store.get(place)
            if raw is None:
                return None
            known = self._receipts[place] = read_receipt(raw, place)
        return known

    def _state(self, log: logs.Log, found: list[Segment]) -> LogState:
        root, entries, next_offset = merkle.EMPTY.hex(), 0, 0
        if found:
            last = self._receipt(f"{log.folder}/{receipt_name(Path(found[-1].path).name)}")
            if last is not None:
                root, entries = last.facts.root_after, last.facts.size_after
                next_offset = last.facts.next_offset
        return LogState(
            log.log, log.kind, log.topic, log.topic_id, log.partition, entries, next_offset, root,
            min((each.first_recorded_at for each in found), default=None),
            max((each.last_recorded_at for each in found), default=None),
            len(found), sum(each.bytes for each in found),
        )  # fmt: skip

    def entries(
        self, log: str, start: int | None = None, stop: int | None = None
    ) -> Iterator[Mapping[str, Any]]:
        """The entries of a log as they came (I5), offsets [start, stop). BadInput: no such log."""
        snapshot = self.snapshot()
        if log not in {state.log for state in snapshot.logs}:
            known = ", ".join(state.log for state in snapshot.logs) or "none"
            raise BadInput(f"log {log}", f"there is none of this name; there are: {known}")
        low, high = start or 0, 2**63 if stop is None else stop
        for each in snapshot.segments:
            if each.log == log and each.next_offset > low and each.first_offset < high:
                yield from _entries(each, low, high)


def _entries(each: Segment, low: int, high: int) -> Iterator[Mapping[str, Any]]:
    wanted = ["sequence", "log_offset", "frame", "leaf", "recorded_at", "source", "event_id",
              "rejected"]  # fmt: skip
    table = segment.table_of(verified(each), each.path, wanted)
    for row in table.to_pylist():
        if not low <= row["log_offset"] < high:
            continue
        frame = frames.decode(row["frame"], each.path)
        yield {
            "entry": f"{each.log}/{row['log_offset']}",
            "sequence": row["sequence"],
            "offset": row["log_offset"],
            "timestamp": frame.timestamp,
            "timestamp_type": None
            if frame.timestamp_type is None
            else KINDS.get(frame.timestamp_type),
            "recorded_at": format_instant(row["recorded_at"]),
            "key": _shown(frame.key),
            "headers": [[name, _shown(value)] for name, value in frame.headers],
            "value": _shown(frame.value),
            "leaf": row["leaf"].hex(),
            "event": row["event_id"] and spell("event", row["source"], row["event_id"]),
            "rejected": row["rejected"],
        }


def _shown(value: bytes | None) -> dict[str, str] | None:
    if value is None:
        return None
    try:
        return {"text": value.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode("ascii")}
