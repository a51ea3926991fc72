"""Files as they come, packed or not, as streams that can be read twice (E2 Files)."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import pyarrow as pa

from ledger.errors import BadInput, OutsideFailed

PIECE = 1 << 20
IN_MEMORY = 1 << 24
"""Bytes that are kept without a temporary file."""


def readable(path: Path) -> None:
    """BadInput where a file that was named cannot be opened; a pipe is left alone."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        return
    try:
        path.open("rb").close()
    except OSError as error:
        raise BadInput(str(path), f"it cannot be read: {error.strerror}") from error


@contextmanager
def spooled(source: Path | IO[bytes], *, twice: bool) -> Iterator[tuple[IO[bytes], str]]:
    """The unpacked bytes, and their name for messages.

    A packed file is unpacked to its end before a line of it is read, so one that is cut off adds
    nothing. With `twice` a copy is read, since a file may grow between two readings.
    """
    if isinstance(source, Path):
        shown = str(source)
        try:
            raw: IO[bytes] = source.open("rb")
        except OSError as error:
            raise BadInput(shown, f"it cannot be read: {error.strerror}") from error
    else:
        name = getattr(source, "name", None)
        raw, shown = source, name if isinstance(name, str) else "standard input"
    try:
        stream = _unpacked(raw, Path(shown).suffix) if isinstance(source, Path) else raw
        if stream is raw and not twice and isinstance(source, Path) and raw.seekable():
            yield raw, shown
            return
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
            _copy(stream, cast("IO[bytes]", spool), shown)
            yield cast("IO[bytes]", spool), shown
    finally:
        if isinstance(source, Path):
            raw.close()


def _unpacked(raw: IO[bytes], suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    if suffix == ".zst":
        return cast("IO[bytes]", pa.CompressedInputStream(raw, "zstd"))
    return raw


def _copy(stream: IO[bytes], spool: IO[bytes], shown: str) -> None:
    while True:
        try:
            piece = stream.read(PIECE)
        except (OSError, EOFError, zlib.error, pa.ArrowException) as error:
            raise BadInput(
                shown, f"it cannot be unpacked to its end ({error}); nothing of it was appended"
            ) from error
        if not piece:
            return
        try:
            spool.write(piece)
        except OSError as error:
            raise OutsideFailed(
                f"no room to unpack {shown}: {error.strerror}; nothing of it was appended"
            ) from error
