"""A contract's raw tree: mappings, lists and source text, nothing else (terms.md 1.1, 1.2).

A scalar is read as its source text and typed by who reads the tree, so `no` is a word, `09:00` a
time and `99.50` exactly what was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from schemas.overrides import Path

__all__ = ["Path", "Raw", "RawError", "read_json", "read_yaml"]

Mark = tuple[int, int]


class RawError(Exception):
    """A document that has no raw tree: code, line and column (from 1), what to mend.

    `others` are the further faults of the same file, each an error of its own.
    """

    def __init__(self, code: str, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.code, self.message, self.line, self.column = code, message, line, column
        self.others: tuple[RawError, ...] = ()


@dataclass(frozen=True)
class Raw:
    """A raw tree with the place of every value and of every key: line and column, from 1."""

    tree: Any
    marks: Mapping[Path, Mark] = field(default_factory=dict)
    keys: Mapping[Path, Mark] = field(default_factory=dict)

    def place(self, path: Path, *, key: bool = False) -> Mark:
        """The place of the nearest value that the path names, or of its key."""
        if key and path in self.keys:
            return self.keys[path]
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, (1, 1))


def read_json(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The raw tree of a published document: whole numbers and booleans as their text.

    RawError `json-number` for a number with a fraction or an exponent, and for `null`.
    """
    return {str(name): _json(value) for name, value in tree.items()}


def _json(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {str(name): _json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_json(each) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    found, fix = ("null", "leave the member out") if value is None else (value, "write a string")
    raise RawError("json-number", f"{found} inside a contract; {fix}", 1, 1)


def read_yaml(source: bytes | str) -> Raw:
    """The raw tree of one YAML document.

    RawError `yaml-form`: not one document in UTF-8, a repeated key, an anchor, alias, tag or tab.
    """
    try:
        text = source.decode("utf-8") if isinstance(source, bytes) else source
    except UnicodeDecodeError as error:
        raise RawError("yaml-form", f"not UTF-8: {error.reason}", 1, 1) from error
    faults = _tabs(text)
    reader = _Reader()
    try:
        faults += _marked(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        tree = None if node is None else reader.tree(node, ())
    except yaml.YAMLError as error:
        faults.append(_of(error))
        tree = None
    else:
        if node is None:
            faults.append(RawError("yaml-form", "an empty document", 1, 1))
    faults += reader.faults
    if faults:
        faults.sort(key=lambda fault: (fault.line, fault.column))
        faults[0].others = tuple(faults[1:])
        raise faults[0]
    return Raw(tree, reader.marks, reader.keys)


def _of(error: yaml.YAMLError) -> RawError:
    mark = getattr(error, "problem_mark", None)
    message = str(getattr(error, "problem", None) or error)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return RawError("yaml-form", message, line, column)


def _tabs(text: str) -> list[RawError]:
    return [
        RawError("yaml-form", "a tab; use spaces", number, written.index("\t") + 1)
        for number, written in enumerate(text.split("\n"), 1)
        if "\t" in written
    ]


def _marked(text: str) -> list[RawError]:
    """Anchors, aliases and tags, each with its place."""
    found = []
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        mark: Any = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            said = "an alias; write the value out"
        elif getattr(event, "anchor", None):
            said = "an anchor; remove it"
        elif getattr(event, "tag", None):
            said = "a tag; remove it"
        else:
            continue
        found.append(RawError("yaml-form", said, mark.line + 1, mark.column + 1))
    return found


class _Reader:
    """Nodes to texts; keeps marks and the faults of keys."""

    def __init__(self) -> None:
        self.marks: dict[Path, Mark] = {}
        self.keys: dict[Path, Mark] = {}
        self.faults: list[RawError] = []
        self._open: set[int] = set()

    def tree(self, node: Any, path: Path) -> Any:
        self.marks[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if id(node) in self._open:
            return ""  # an alias that leads back to itself: refused by its mark
        self._open.add(id(node))
        if isinstance(node, yaml.MappingNode):
            made: Any = self._mapping(node, path)
        else:
            made = [self.tree(each, (*path, place)) for place, each in enumerate(node.value)]
        self._open.discard(id(node))
        return made

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in node.value:
            line, column = key.start_mark.line + 1, key.start_mark.column + 1
            if not isinstance(key, yaml.ScalarNode):
                self.faults.append(RawError("yaml-form", "a key is text", line, column))
                continue
            if key.value in made:
                said = f"the key {key.value!r} comes twice; keep one"
                self.faults.append(RawError("yaml-form", said, line, column))
                continue
            self.keys[*path, key.value] = (line, column)
            made[key.value] = self.tree(value, (*path, key.value))
        return made
