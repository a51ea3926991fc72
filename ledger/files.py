"""The file door: JSON Lines into a local log, or an archive into one of its own (E2, E3, L2)."""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from ledger import logs
from ledger.append import FULL_BYTES, Incoming, LogWriter
from ledger.collector import seldom_collected
from ledger.errors import BadInput
from ledger.store import DirectoryStore
from ledger.unpacked import PIECE, spooled
from ledger.words import counted
from schemas.envelope import Rejection, read

BOM = b"\xef\xbb\xbf"
BATCH = 2000
LONGEST_LINE = 1 << 30
"""Longer than the largest message of a broker in use; a line beyond it has no newline at all."""
TOPIC, SHOWN = "file", "file-0"
SHOWN_BAD = 5
"""So many rejected lines are named by their numbers."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an append did: entries added, how many of them rejected, and what was there already.

    `bad` are the first few rejected lines, by their numbers.
    """

    appended: int
    rejected: int
    already: int = 0
    bad: tuple[tuple[int, Rejection], ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        if self.already and not self.appended:
            return f"nothing added: the archive holds {counted(self.already, 'line')} already"
        held = f", {self.already} held already" if self.already else ""
        added = counted(self.appended, "entry", "entries")
        return f"{added} added{held}, {self.rejected} of them rejected"


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
    meta, store = logs.open_for_writing(path)
    if archive is None and meta.door != logs.FILE:
        raise BadInput(str(path), "this ledger is fed by Kafka topics: produce the events there"
                                  " (or add history with --archive NAME)")  # fmt: skip
    _named(archive)
    twice = strict or archive is not None
    with spooled(source, twice=twice) as (stream, shown):
        if strict:
            _all_good(stream, shown, archive=archive is not None)
        if archive is None:
            log = logs.register(store, logs.local(meta, logs.FILE, TOPIC, SHOWN))
        elif next(_lines(stream, shown), None) is None:
            return Result(0, 0)  # nothing was said: the name stays free
        else:
            log = _archive(store, meta, archive, _sha256(stream))
        with seldom_collected():
            return _append(LogWriter(store, log), stream, now, shown)


def _append(writer: LogWriter, stream: IO[bytes], now: Callable[[], int], shown: str) -> Result:
    appended = rejected = total = size = 0
    begin = writer.next_offset if writer.log.kind == logs.ARCHIVE else 0
    batch: list[Incoming] = []
    numbers: list[int] = []
    bad: list[tuple[int, Rejection]] = []

    def keep(*, close: bool) -> None:
        nonlocal appended, rejected
        writer.take(batch)
        batch.clear()
        if close or writer.is_full:
            # If we die here, an archive goes on where it ended; a file appended again repeats what
            # is there, in entries of their own that no answer counts twice (E7).
            done = writer.close_segment()
            appended += len(done)
            rejected += sum(each.outcome is not None for each in done)
            told = zip(numbers, done, strict=False)
            bad.extend((number, each.outcome) for number, each in told if each.outcome)
            del bad[SHOWN_BAD:]
            numbers.clear()

    for ordinal, (number, line) in enumerate(_lines(stream, shown)):
        total += 1
        if ordinal < begin:
            continue
        batch.append(Incoming(ordinal, None, None, None, (), line, None, now()))
        numbers.append(number)
        size += len(line)
        if len(batch) >= BATCH or size >= FULL_BYTES:
            size = 0
            keep(close=False)
    keep(close=True)
    return Result(appended, rejected, total - appended, tuple(bad))


def _named(archive: str | None) -> None:
    """BadInput for a name that makes no log: its folder is named after it (255 bytes a name)."""
    if archive is None:
        return
    strange = any(c.isspace() or c in "/%~" or ord(c) < 32 for c in archive)
    if not archive or strange or len(quote(f"archive-{archive}")) > 200:
        raise BadInput("--archive", f"{archive!r}: letters, digits, dots, dashes")


def _archive(store: DirectoryStore, meta: logs.Meta, name: str, sha256: str) -> logs.Log:
    shown = f"archive-{name}"
    log = logs.local(meta, logs.ARCHIVE, shown, shown, sha256)
    # Whoever registers the name first fixes its bytes, another writer just now too.
    held = logs.register(store, log)
    if held.sha256 != sha256 or held.ledger != meta.ledger:
        raise BadInput(
            shown, "an archive of this name is there with other bytes; a name is used once: give"
            " this one another name"
        )  # fmt: skip
    return held


def _all_good(stream: IO[bytes], shown: str, *, archive: bool) -> None:
    for number, line in _lines(stream, shown):
        outcome = read(line, archive=archive)
        if isinstance(outcome, Rejection):
            at = f" at {outcome.at}" if outcome.at else ""
            said = f"{outcome.code}: {outcome.message}; nothing of the file was written"
            raise BadInput(f"{shown} line {number}{at}", said)


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file as `append` reads them, with their numbers; nothing is appended."""
    with spooled(path, twice=False) as (stream, shown):
        yield from _lines(stream, shown)


def _lines(stream: IO[bytes], shown: str) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers; lines of white space only are passed over (E2)."""
    stream.seek(0)
    for number in itertools.count(1):
        try:
            line = stream.readline(LONGEST_LINE)
        except OSError as error:
            said = f"it cannot be read to its end: {error}; repair it and append it again"
            raise BadInput(shown, said) from error
        if not line:
            return
        if len(line) == LONGEST_LINE:
            raise BadInput(
                f"{shown} line {number}", f"it is longer than {LONGEST_LINE} bytes; the lines"
                " before it may be appended"
            )  # fmt: skip
        text = line.removesuffix(b"\n")
        if number == 1:
            text = text.removeprefix(BOM)
        if text and not text.isspace():
            yield number, text


def _sha256(stream: IO[bytes]) -> str:
    stream.seek(0)
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def stream_of(data: bytes) -> IO[bytes]:
    """Bytes at hand as a stream to append from."""
    return io.BytesIO(data)
