"""The file door: JSON Lines into a local log, or an archive into one of its own (E2, E3, L2)."""

from __future__ import annotations

import gzip
import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyarrow as pa

from ledger import logs
from ledger.append import Incoming, LogWriter
from ledger.errors import BadInput
from ledger.store import DirectoryStore
from schemas.envelope import Rejection, read

BOM = b"\xef\xbb\xbf"
BATCH = 2000
TOPIC, SHOWN = "file", "file-0"


@dataclass(frozen=True, slots=True)
class Result:
    """What an append did: entries added, how many of them rejected, and what was there already."""

    appended: int
    rejected: int
    already: int = 0

    def __str__(self) -> str:
        if self.already and not self.appended:
            return f"nothing added: the archive holds these {self.already} lines already"
        held = f", {self.already} held already" if self.already else ""
        return f"{self.appended} entries added{held}, {self.rejected} of them rejected"


def append_file(
    path: Path,
    source: Path | IO[bytes],
    *,
    now: Callable[[], int],
    strict: bool = False,
    archive: str | None = None,
) -> Result:
    """Append the lines of a file or stream; each becomes one entry, good or bad.

    `strict`: the first bad line raises BadInput with its number, and nothing is written. An
    archive's name is used once: the same bytes again add nothing, others raise BadInput; one that
    was interrupted goes on where it ended.
    """
    meta, store = logs.open_meta(path), DirectoryStore(path)
    if archive is None and meta.door != logs.FILE:
        raise BadInput(str(path), "this ledger is fed by Kafka topics: produce the events there"
                                  " (or add history with --archive NAME)")  # fmt: skip
    with _spooled(source) as (stream, shown):
        if strict:
            _all_good(stream, shown, archive=archive is not None)
        if archive is None:
            log = logs.local(meta, logs.FILE, TOPIC, SHOWN)
        else:
            log = _archive(store, meta, archive, _sha256(stream))
        writer = LogWriter(store, logs.register(store, log))
        return _append(writer, stream, now, shown)


def _append(writer: LogWriter, stream: IO[bytes], now: Callable[[], int], shown: str) -> Result:
    appended = rejected = already = 0
    begin = writer.next_offset if writer.log.kind == logs.ARCHIVE else 0
    batch: list[Incoming] = []

    def keep(*, close: bool) -> None:
        nonlocal appended, rejected
        writer.take(batch)
        batch.clear()
        if close or writer.is_full:
            done = writer.close_segment()
            appended += len(done)
            rejected += sum(isinstance(each.outcome, Rejection) for each in done)

    for ordinal, (_, line) in enumerate(_lines(stream, shown)):
        if ordinal < begin:
            already += 1
            continue
        batch.append(Incoming(ordinal, None, None, None, (), line, None, now()))
        if len(batch) >= BATCH:
            keep(close=False)
    keep(close=True)
    return Result(appended, rejected, already)


def _archive(store: DirectoryStore, meta: logs.Meta, name: str, sha256: str) -> logs.Log:
    shown = f"archive-{name}"
    if not name or len(shown) > 200 or any(c.isspace() or c in "/%~" or ord(c) < 32 for c in name):
        raise BadInput(
            "--archive", f"{name!r}: letters, digits, dots, dashes"
        )
    log = logs.local(meta, logs.ARCHIVE, shown, shown, sha256)
    held = {each.log: each for each in logs.all_logs(store, meta)}.get(shown)
    if held is not None and held.sha256 != sha256:
        raise BadInput(
            shown, "an archive of this name is there with other bytes; a name is used once: give"
            " this one another name"
        )  # fmt: skip
    return log


def _all_good(stream: IO[bytes], shown: str, *, archive: bool) -> None:
    for number, line in _lines(stream, shown):
        outcome = read(line, archive=archive)
        if isinstance(outcome, Rejection):
            at = f" at {outcome.at}" if outcome.at else ""
            said = f"{outcome.code}: {outcome.message}; nothing of the file was written"
            raise BadInput(f"{shown} line {number}{at}", said)


def _lines(stream: IO[bytes], shown: str) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers; lines of white space only are passed over (E2)."""
    stream.seek(0)
    try:
        for number, line in enumerate(stream, 1):
            text = line.removesuffix(b"\n")
            if number == 1:
                text = text.removeprefix(BOM)
            if text.strip(b" \t\r\n\v\f"):
                yield number, text
    except (OSError, EOFError, pa.ArrowException) as error:
        said = f"it cannot be read to its end: {error}; repair it and append it again"
        raise BadInput(shown, said) from error


def _sha256(stream: IO[bytes]) -> str:
    stream.seek(0)
    digest = hashlib.sha256()
    while piece := stream.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


@contextmanager
def _spooled(source: Path | IO[bytes]) -> Iterator[tuple[IO[bytes], str]]:
    """The unpacked bytes as a stream that can be read twice, and its name for messages."""
    if not isinstance(source, Path):
        name = getattr(source, "name", None)
        shown = name if isinstance(name, str) else "standard input"
        with tempfile.SpooledTemporaryFile(max_size=1 << 24) as spool:
            while piece := source.read(1 << 20):
                spool.write(piece)
            yield cast("IO[bytes]", spool), shown
        return
    if not source.is_file():
        raise BadInput(str(source), "there is no such file")
    with source.open("rb") as raw, tempfile.TemporaryFile() as spool:
        unpacked = _unpacked(raw, source)
        if unpacked is raw:
            yield raw, str(source)
            return
        try:
            while piece := unpacked.read(1 << 20):
                spool.write(piece)
        except (OSError, EOFError, pa.ArrowException) as error:
            raise BadInput(str(source), f"it cannot be unpacked to its end ({error}); nothing of"
                                        " it was appended") from error  # fmt: skip
        yield cast("IO[bytes]", spool), str(source)


def _unpacked(raw: IO[bytes], source: Path) -> IO[bytes]:
    if source.suffix == ".gz":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    if source.suffix == ".zst":
        return cast("IO[bytes]", pa.CompressedInputStream(raw, "zstd"))
    return raw


def stream_of(data: bytes) -> IO[bytes]:
    """Bytes at hand as a stream to append from."""
    return io.BytesIO(data)
