"""A contract's raw tree: mappings, lists and source text, nothing else (terms.md 1.1, 1.2).

A scalar is read as its source text and typed by who reads the tree, so `no` is a word, `09:00` a
time and `99.50` exactly what was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from schemas.terms_overrides import as_text
from schemas.terms_reading import Steps, TermsError, path_text

_DEEPEST = 64
_READABLE = (
    "close what was opened, begin the members of one mapping in one column, and put quotes around"
    " a text with `: `, ` #`, `?` or `,` in it"
)


class RawError(TermsError):
    """A document that has no raw tree; the line and column count from 1."""

    def __init__(
        self, code: str, message: str, fix: str, place: tuple[int, int], path: str = ""
    ) -> None:
        super().__init__(code, path, message, fix)
        self.line, self.column = place


@dataclass(frozen=True)
class Raw:
    """A raw tree with the place of every value and key: path to (line, column), both from 1."""

    tree: Any
    marks: Mapping[Steps, tuple[int, int]] = field(default_factory=dict)

    def place(self, steps: Steps) -> tuple[int, int]:
        """The place of the nearest value that the path names."""
        while steps and steps not in self.marks:
            steps = steps[:-1]
        return self.marks.get(steps, (1, 1))


def read_json(tree: Mapping[str, Any]) -> dict[str, Any]:
    """The raw tree of a published document: whole numbers and booleans as their text.

    TermsError `json-number` for a fraction, an exponent or a null.
    """
    found: dict[str, Any] = as_text(tree)
    return found


def read_yaml(source: bytes | str) -> Raw:
    """The raw tree of one YAML document.

    RawError: not one document in UTF-8, a repeated key, an anchor, an alias, a tag, a tab, an
    empty value.
    """
    try:
        text = source.decode("utf-8") if isinstance(source, bytes) else source
    except UnicodeDecodeError as fault:
        before = fault.object[: fault.start].rpartition(b"\n")
        place = (fault.object.count(b"\n", 0, fault.start) + 1, len(before[2]) + 1)
        message = f"no UTF-8: {fault.reason}"
        raise RawError("yaml-form", message, "save the file as UTF-8", place, "") from None
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            place = (number, line.index("\t") + 1)
            raise RawError("yaml-form", "a tab", "use spaces", place, "")
    try:
        return _Build(yaml.parse(text, Loader=yaml.SafeLoader)).document()
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message = f"no YAML: {fault.problem or fault.context}"
        raise RawError("yaml-form", message, _READABLE, place, "") from None
    except yaml.YAMLError as fault:
        raise RawError("yaml-form", f"no YAML: {fault}", "remove it", (1, 1), "") from None


class _Build:
    """Makes the tree from the parser's events, in one pass."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.marks: dict[Steps, tuple[int, int]] = {}

    def document(self) -> Raw:
        event = self._next()
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            raise self._refused(event, (), "yaml-form", "an empty document", "write a contract")
        tree = self._value(event, ())
        self._next()
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._refused(after, (), "yaml-form", "a second document", "remove it")
        return Raw(tree, self.marks)

    def _next(self) -> yaml.Event:
        return next(self.events)

    def _refused(
        self, event: yaml.Event, steps: Steps, code: str, message: str, fix: str
    ) -> RawError:
        return RawError(code, message, fix, _place(event), path_text(None, steps))

    def _value(
        self, event: yaml.Event, steps: Steps, key_end: tuple[int, int] | None = None
    ) -> Any:
        self._bare(event, steps)
        self.marks.setdefault(steps, _place(event))
        if len(steps) > _DEEPEST:
            raise self._refused(event, steps, "yaml-form", "nested too deep", "flatten it")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(steps)
        if isinstance(event, yaml.SequenceStartEvent):
            found: list[Any] = []
            while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                found.append(self._value(event, (*steps, len(found))))
            return found
        if not isinstance(event, yaml.ScalarEvent):
            raise self._refused(event, steps, "yaml-form", "no value", "write one")
        if event.value == "" and event.style is None:
            fix, place = "leave the member out", _place(event)
            if place == key_end:  # no colon behind the key: a comma ended the value before
                fix = "a point in a number, quotes around a text with a comma"
                place = self.marks[steps]
            path = path_text(None, steps)
            raise RawError("wrong-value", "an empty value", fix, place, path)
        return str(event.value)

    def _mapping(self, steps: Steps) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            self._bare(event, steps)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(event, steps, "yaml-form", "a key that is no text", "name it")
            key = event.value
            if key in made:
                message = f"the key `{key}` stands twice"
                raise self._refused(event, (*steps, key), "yaml-form", message, "remove one")
            self.marks[*steps, key] = _place(event)
            made[key] = self._value(self._next(), (*steps, key), _place(event, end=True))
        return made

    def _bare(self, event: yaml.Event, steps: Steps) -> None:
        """Refuse an anchor, an alias, a tag."""
        if isinstance(event, yaml.AliasEvent):
            raise self._refused(event, steps, "yaml-form", "an alias", "write the value out")
        if getattr(event, "anchor", None) is not None:
            raise self._refused(event, steps, "yaml-form", "an anchor", "remove it")
        if getattr(event, "tag", None) is not None:
            raise self._refused(event, steps, "yaml-form", "a tag", "remove it")


def _place(event: yaml.Event, *, end: bool = False) -> tuple[int, int]:
    mark = event.end_mark if end else event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
