"""Ids as every answer writes and every command reads them (I6): a word and escaped parts."""

from __future__ import annotations

import re
from typing import NamedTuple

WORDS = (
    "entry", "event", "clock", "uptime", "exclusion", "credit", "right", "statement", "claim",
    "dispute", "incident", "ticket", "maintenance", "contract", "subscription",
)  # fmt: skip
"""The words of I6; each stands before a colon and says what the parts name."""
_ESCAPED = re.compile(r"[/%\s]")
_CODED = re.compile(r"(?:%[0-9A-F]{2})+")


class IdError(ValueError):
    """A text that is no id of I6: what is wrong with it and how it is written."""


class Id(NamedTuple):
    """An id taken apart: its word (None: left out) and its parts (None: a bare `-`)."""

    word: str | None
    parts: tuple[str | None, ...]


def part(text: str | int | None) -> str:
    """One part as I6 writes it: `/`, `%`, white space and a text that is `-` are escaped.

    None is a bare `-`.
    """
    if text is None:
        return "-"
    if text == "-":
        return "%2D"
    return _ESCAPED.sub(lambda found: _coded(found.group()), str(text))


def _coded(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def spell(word: str, *parts: str | int | None) -> str:
    """An id with its word."""
    return f"{word}:" + "/".join(part(each) for each in parts)


def parse(text: str) -> Id:
    """An id from its text. Raises IdError with what is wrong and how to write it."""
    head, colon, rest = text.partition(":")
    word, tail = (head, rest) if colon and head in WORDS else (None, text)
    return Id(word, tuple(_plain(each, text) for each in tail.split("/")))


def _plain(written: str, whole: str) -> str | None:
    if not written:
        raise IdError(f"{whole!r} has an empty part; a part left out is written -")
    if written == "-":
        return None
    if any(each.isspace() for each in written):
        raise IdError(f"{whole!r} holds white space; a space is written %20")
    try:
        plain = _CODED.sub(lambda found: _decoded(found.group()), written)
    except UnicodeDecodeError:
        raise IdError(f"{whole!r}: its %XX are no UTF-8") from None
    if "%" in _CODED.sub("", written):
        raise IdError(
            f"{whole!r}: a % is written %25, and %XX has two capital hexadecimals"
        )
    return plain


def _decoded(coded: str) -> str:
    return bytes.fromhex(coded.replace("%", "")).decode()
