"""Frame v1: the exact bytes of an entry that are hashed (L1), and its leaf.

Layout: `SLF` `01` form, then fields in a fixed order. A number is eight bytes, big end, two's
complement; a text or bytes field is its length (four bytes, big end) and its bytes; `FFFFFFFF` in
place of the length is an absent field, which an empty one is not. An absent number is an absent
field. The ledger's own id is not in the frame: the same topic read into two ledgers gives the
same leaves.
"""

from __future__ import annotations

import functools
import hashlib
import struct
from collections.abc import Sequence
from typing import NamedTuple

from ledger.errors import Refused

MAGIC = b"SLF"
VERSION = 1
CLEAR = b"c"
"""Form `clear`: key, headers and value as they came. `s` (split, L9) is kept free."""
_ABSENT = b"\xff\xff\xff\xff"
_NONE = 0xFFFFFFFF
_LENGTH = struct.Struct(">I")
_NUMBER = struct.Struct(">q")
_PLACE = struct.Struct(">IqIqIq")
"""Offset, timestamp and its type, each behind its length: what nearly every frame has."""
_NO_HEADERS = b"\x00\x00\x00\x08" + _NUMBER.pack(0)
_BARE = _ABSENT + _ABSENT + _NO_HEADERS
"""What follows the place in most frames: no moment of append, no key, no headers."""
_HEAD = MAGIC + bytes([VERSION]) + CLEAR


class Frame(NamedTuple):
    """An entry as it came. `recorded_at` only where it is the moment of append (L3)."""

    cluster_id: str | None
    topic: str
    topic_id: str | None
    partition: int
    offset: int
    timestamp: int | None
    timestamp_type: int | None
    recorded_at: int | None
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None


def prefix(cluster_id: str | None, topic: str, topic_id: str | None, partition: int) -> bytes:
    """The bytes that all frames of a log begin with; made once a log."""
    return _HEAD + _text(cluster_id) + _text(topic) + _text(topic_id) + _number(partition)


def encode(begin: bytes, frame: Frame) -> bytes:
    """The bytes of a frame, `begin` being its log's prefix."""
    return pack(
        begin, frame.offset, frame.timestamp, frame.timestamp_type, frame.recorded_at, frame.key,
        frame.headers, frame.value,
    )  # fmt: skip


def pack(
    begin: bytes,
    offset: int,
    timestamp: int | None,
    timestamp_type: int | None,
    recorded_at: int | None,
    key: bytes | None,
    headers: Sequence[tuple[str, bytes | None]],
    value: bytes | None,
) -> bytes:
    """As `encode`, without an object for each entry on its way in."""
    if timestamp is None or timestamp_type is None:
        place = _number(offset) + _number(timestamp) + _number(timestamp_type)
    else:
        place = _PLACE.pack(8, offset, 8, timestamp, 8, timestamp_type)
    if recorded_at is None and not headers and value is not None:
        held = _BARE if key is None else _ABSENT + _LENGTH.pack(len(key)) + key + _NO_HEADERS
        return b"".join((begin, place, held, _LENGTH.pack(len(value)), value))
    parts = [begin, place, _number(recorded_at), _bytes(key), _number(len(headers))]
    for name, content in headers:
        parts += (_text(name), _bytes(content))
    parts.append(_bytes(value))
    return b"".join(parts)


def leaf(frame: bytes) -> bytes:
    """SHA-256(0x00 || frame), as RFC 6962 hashes a leaf."""
    return hashlib.sha256(b"\x00" + frame).digest()


def _bytes(value: bytes | None) -> bytes:
    return _ABSENT if value is None else _LENGTH.pack(len(value)) + value


def _text(value: str | None) -> bytes:
    return _bytes(None if value is None else value.encode("utf-8", "surrogateescape"))


def _number(value: int | None) -> bytes:
    return _ABSENT if value is None else b"\x00\x00\x00\x08" + _NUMBER.pack(value)


def decode(data: bytes, place: str = "a frame") -> Frame:
    """A frame from its bytes. Raises Refused for another version or form, or bytes cut off."""
    if data[:5] != _HEAD:
        raise Refused(place, f"a frame of unknown kind {data[:5]!r}; a newer program may read it")
    try:
        _, at = _fields(data, len(_HEAD), _OF_LOG)
        return _behind(data[:at], data)
    except (struct.error, ValueError, IndexError) as error:
        raise Refused(place, f"a frame that cannot be read: {error}") from error


def decode_behind(begin: bytes, data: bytes, place: str) -> Frame:
    """As `decode`, for a frame of the log whose frames begin so. Refused for any other frame."""
    if not data.startswith(begin):
        decode(data, place)
        raise Refused(place, "a frame of another log")
    try:
        return _behind(begin, data)
    except (struct.error, ValueError, IndexError) as error:
        raise Refused(place, f"a frame that cannot be read: {error}") from error


def _behind(begin: bytes, data: bytes) -> Frame:
    fields, at = _fields(data, len(begin), _OF_ENTRY)
    offset, stamp, kind, recorded, key, many = fields
    rest, at = _fields(data, at, 2 * _whole(many) + 1)
    if at != len(data):
        raise ValueError("bytes stand behind its end")
    return Frame(
        *_of_log(begin), _whole(offset), _maybe_whole(stamp), _maybe_whole(kind),
        _maybe_whole(recorded), key, tuple(zip(map(_said, rest[:-1:2]), rest[1::2], strict=True)),
        rest[-1],
    )  # fmt: skip


@functools.lru_cache(maxsize=64)
def _of_log(begin: bytes) -> tuple[str | None, str, str | None, int]:
    (cluster, topic, topic_id, partition), _ = _fields(begin, len(_HEAD), _OF_LOG)
    return _maybe_text(cluster), _said(topic), _maybe_text(topic_id), _whole(partition)


_OF_LOG, _OF_ENTRY = 4, 6
"""Fields that a log's frames share, and those behind them up to the number of headers."""


def _fields(data: bytes, at: int, count: int) -> tuple[list[bytes | None], int]:
    """The next fields and where they end."""
    found: list[bytes | None] = []
    for _ in range(count):
        (length,) = _LENGTH.unpack_from(data, at)
        at += 4
        if length == _NONE:
            found.append(None)
            continue
        end = at + length
        if end > len(data):
            raise ValueError("it is cut off")
        found.append(data[at:end])
        at = end
    return found, at


def _whole(field: bytes | None) -> int:
    if field is None or len(field) != 8:
        raise ValueError("a number that every frame has is none")
    return int.from_bytes(field, "big", signed=True)


def _maybe_whole(field: bytes | None) -> int | None:
    return None if field is None else _whole(field)


def _said(field: bytes | None) -> str:
    if field is None:
        raise ValueError("a text that every frame has is absent")
    return field.decode("utf-8", "surrogateescape")


def _maybe_text(field: bytes | None) -> str | None:
    return None if field is None else field.decode("utf-8", "surrogateescape")
