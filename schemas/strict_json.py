"""JSON by RFC 8259 and nothing else, with numbers kept as they were written (E2, E4, E5).

The standard library's scanner does the work; what it lets through is caught here: repeated names,
half surrogate pairs, NaN, a byte order mark, depth, size. A number never becomes a binary float.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from schemas.instant import FormError

LARGEST = 16 * 1024 * 1024
"""Bytes of a value or a line that may be valid (E2)."""
DEEPEST = 64
"""Levels of arrays and objects (E2)."""

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{\]}]', re.DOTALL)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class Number:
    """A JSON number as its source text: `5`, `5.0` and `5e0` stay apart."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Number({self.text!r})"


class Repeated(dict[str, Any]):
    """An object in which a name stood twice; the pairs stay, so that the place can be told."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


class _RepeatedError(ValueError):
    """A name came twice: the document is read once more to say where."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _RepeatedError
    return made


def _keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Repeated(pairs)


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _scanner(hook: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> json.JSONDecoder:
    return json.JSONDecoder(
        object_pairs_hook=hook, parse_int=Number, parse_float=Number, parse_constant=_constant
    )


_QUICK: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(
    parse_int=Number, parse_float=Number, parse_constant=_constant
).scan_once  # type: ignore[attr-defined] # what `decode` calls, without its search for the end
"""The scanner without a hook: of a name that stands twice it keeps the last in silence."""
_SCANNER = _scanner(_once)
_PATIENT = _scanner(_keep)


def pointer(path: Iterator[str | int] | list[str | int] | tuple[str | int, ...]) -> str:
    """A JSON Pointer (RFC 6901) of names and positions."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def parse(value: bytes) -> Any:
    """Bytes to objects, lists, texts, booleans, null and `Number`.

    Raises FormError with `too_large`, `not_utf8`, `too_deep`, `not_json`, `member_repeated` or
    `not_unicode`, in that order.
    """
    if len(value) > LARGEST:
        raise FormError("too_large", f"{len(value)} bytes; at most {LARGEST} are read")
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise FormError("not_utf8", f"byte {fault.start} is not UTF-8") from None
    if text.count("[") + text.count("{") > DEEPEST:
        _check_depth(text)
    if "\\" not in text:
        tree = _quickly(text)
        if tree is not None:
            return tree
    try:
        tree = _SCANNER.decode(text)
    except _RepeatedError:
        _refuse_repeated(_decode(text), [])
        raise
    except ValueError as fault:
        raise FormError("not_json", f"no JSON: {fault}") from None
    if "\\u" in text and _HALF.search(text):
        _refuse_half(tree, [])
    return tree


def _quickly(text: str) -> Any:
    """What most texts without an escape hold; None where the patient way must tell.

    No escapes: every quote begins or ends a name or a text, so a name that came twice shows in
    their number.
    """
    try:
        tree, end = _QUICK(text, 0)
    except (ValueError, StopIteration):
        return None
    return tree if end == len(text) and text.count('"') == 2 * _texts(tree) else None


def _texts(tree: Any) -> int:
    """How many names and texts a tree holds."""
    if type(tree) is not dict and type(tree) is not list:
        return int(type(tree) is str)
    found = len(tree) if type(tree) is dict else 0
    for each in tree.values() if type(tree) is dict else tree:
        kind = type(each)
        if kind is str:
            found += 1
        elif kind is dict or kind is list:
            found += _texts(each)
    return found


def _decode(text: str) -> Any:
    try:
        return _PATIENT.decode(text)
    except ValueError as fault:
        raise FormError("not_json", f"no JSON: {fault}") from None


def _check_depth(text: str) -> None:
    depth = 0
    for found in _BRACKETS.finditer(text):
        mark = found.group()[0]
        if mark in "[{":
            depth += 1
            if depth > DEEPEST:
                raise FormError("too_deep", f"more than {DEEPEST} levels at {found.start()}")
        elif mark in "]}":
            depth -= 1


def _children(tree: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(tree, Repeated):
        yield from tree.pairs
    elif isinstance(tree, dict):
        yield from tree.items()
    elif isinstance(tree, list):
        yield from enumerate(tree)


def _refuse_repeated(tree: Any, path: list[str | int]) -> None:
    seen: set[str | int] = set()
    for step, child in _children(tree):
        here = [*path, step]
        if step in seen:
            message = f"{step!r} comes twice; send each once"
            raise FormError("member_repeated", message, pointer(here))
        seen.add(step)
        _refuse_repeated(child, here)


def _refuse_half(tree: Any, path: list[str | int]) -> None:
    if isinstance(tree, str):
        if any("\ud800" <= character <= "\udfff" for character in tree):
            raise FormError("not_unicode", "an escape is half a surrogate pair", pointer(path))
        return
    for step, child in _children(tree):
        if isinstance(step, str):
            _refuse_half(step, path)
        _refuse_half(child, [*path, step])
