"""A contract's raw tree: mappings, lists and source text, nothing else (terms.md 1.1, 1.2).

A scalar is read as its source text and typed by who reads the tree, so `no` is a word, `09:00` a
time and `99.50` exactly what was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from schemas.resolve import as_text

Path = tuple[str | int, ...]


class RawError(Exception):
    """A document that has no raw tree: code, line and column (from 1), what to mend."""

    def __init__(self, code: str, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.code, self.message, self.line, self.column = code, message, line, column


@dataclass(frozen=True)
class Raw:
    """A raw tree with the place of every value: path to (line, column), both from 1."""

    tree: Any
    marks: Mapping[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path) -> tuple[int, int]:
        """The place of the nearest value that the path names."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, (1, 1))


def read_json(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The raw tree of a published document: whole numbers and booleans as their text."""
    found: dict[str, Any] = as_text(tree)
    return found


def read_yaml(source: bytes | str) -> Raw:
    """The raw tree of one YAML document.

    RawError: not one document, a repeated key, an anchor, alias, tag or tab, an empty value.
    """
    try:
        text = source.decode("utf-8") if isinstance(source, bytes) else source
    except UnicodeDecodeError as error:
        raise RawError("yaml-form", f"not UTF-8: {error}", 1, 1) from error
    for number, written in enumerate(text.splitlines(), 1):
        if "\t" in written[: len(written) - len(written.lstrip())]:
            raise RawError("yaml-form", "a tab; use spaces", number, written.index("\t") + 1)
    marks: dict[Path, tuple[int, int]] = {}
    try:
        _no_marks(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise RawError("yaml-form", f"{error.problem or error}", line, column) from error
    except yaml.YAMLError as error:
        raise RawError("yaml-form", str(error), 1, 1) from error
    if node is None:
        raise RawError("yaml-form", "an empty document", 1, 1)
    return Raw(_tree(node, (), marks), marks)


def _no_marks(text: str) -> None:
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        mark: Any = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if isinstance(event, yaml.AliasEvent):
            raise RawError("yaml-form", "an alias; write the value out", line, column)
        if getattr(event, "anchor", None):
            raise RawError("yaml-form", "an anchor; remove it", line, column)
        if getattr(event, "tag", None):
            raise RawError("yaml-form", "a tag; remove it", line, column)


def _tree(node: Any, path: Path, marks: dict[Path, tuple[int, int]]) -> Any:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    marks[path] = (line, column)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, marks)
    if isinstance(node, yaml.SequenceNode):
        return [_tree(each, (*path, place), marks) for place, each in enumerate(node.value)]
    if node.value == "" and node.style is None:
        raise RawError("wrong-value", "an empty value; leave the member out", line, column)
    return node.value


def _mapping(
    node: yaml.MappingNode, path: Path, marks: dict[Path, tuple[int, int]]
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in node.value:
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        if not isinstance(key, yaml.ScalarNode):
            raise RawError("yaml-form", "a key is text", line, column)
        if key.value in made:
            raise RawError("yaml-form", f"the key {key.value!r} comes twice", line, column)
        made[key.value] = _tree(value, (*path, key.value), marks)
    return made
