"""Frame v1: the exact bytes of an entry that are hashed (L1), and its leaf.

Layout: `SLF` `01` form, then fields in a fixed order. A number is eight bytes, big end, two's
complement; a text or bytes field is its length (four bytes, big end) and its bytes; `FFFFFFFF` in
place of the length is an absent field, which an empty one is not. An absent number is an absent
field. The ledger's own id is not in the frame: the same topic read into two ledgers gives the
same leaves.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from ledger.errors import Refused

MAGIC = b"SLF"
VERSION = 1
CLEAR = b"c"
"""Form `clear`: key, headers and value as they came. `s` (split, L9) is kept free."""
_ABSENT = b"\xff\xff\xff\xff"
_LENGTH = struct.Struct(">I")
_NUMBER = struct.Struct(">q")
_HEAD = MAGIC + bytes([VERSION]) + CLEAR


@dataclass(frozen=True, slots=True)
class Frame:
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
    parts = [
        begin,
        _number(frame.offset),
        _number(frame.timestamp),
        _number(frame.timestamp_type),
        _number(frame.recorded_at),
        _bytes(frame.key),
        _number(len(frame.headers)),
    ]
    for name, value in frame.headers:
        parts += (_text(name), _bytes(value))
    parts.append(_bytes(frame.value))
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


class _Cursor:
    """Reads fields one behind the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    def bytes(self) -> bytes | None:
        head = self.data[self.at : self.at + 4]
        self.at += 4
        if head == _ABSENT:
            return None
        (length,) = _LENGTH.unpack(head)
        found = self.data[self.at : self.at + length]
        if len(found) != length:
            raise ValueError("the frame is cut off")
        self.at += length
        return found

    def text(self) -> str | None:
        found = self.bytes()
        return None if found is None else found.decode("utf-8", "surrogateescape")

    def number(self) -> int | None:
        found = self.bytes()
        return None if found is None else int(_NUMBER.unpack(found)[0])


def decode(data: bytes, place: str = "a frame") -> Frame:
    """A frame from its bytes. Raises Refused for another version or form, or bytes cut off."""
    if data[:3] != MAGIC or data[3:4] != bytes([VERSION]) or data[4:5] != CLEAR:
        raise Refused(place, f"a frame of unknown kind {data[:5]!r}; a newer program may read it")
    cursor = _Cursor(data, 5)
    try:
        cluster, topic, topic_id = cursor.text(), cursor.text(), cursor.text()
        partition, offset = cursor.number(), cursor.number()
        timestamp, kind, recorded = cursor.number(), cursor.number(), cursor.number()
        key = cursor.bytes()
        headers = tuple((cursor.text() or "", cursor.bytes()) for _ in range(cursor.number() or 0))
        value = cursor.bytes()
    except (struct.error, ValueError) as error:
        raise Refused(place, f"a frame that cannot be read: {error}") from error
    if cursor.at != len(data):
        raise Refused(place, "bytes behind the end of a frame")
    return Frame(
        cluster, topic or "", topic_id, partition or 0, offset or 0, timestamp, kind, recorded,
        key, headers, value,
    )  # fmt: skip
