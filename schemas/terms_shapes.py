"""What the readers of terms take, drawn as JSON Schema: a reader carries its shape with it.

The schema describes the raw tree (terms.md 1.5): at every place the plain type or a wrapper. It is
for editors, which see YAML 1.2: a number or `true` without quotes is no text there, so a shape
takes both. It keeps to draft 07, the newest that editors of YAML take whole. What it refuses is an
error of form (but for the bare word `null`, which editors see as no value); what only the whole
document can tell (ids that do not exist, circles, types of options) is left to the linter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

Schema = dict[str, Any]
Shape = Callable[["Drawing"], Schema]
R = TypeVar("R", bound=Callable[..., Any])

PLAIN = ("contract", "version", "provider", "source", "effective", "supersession", "plans")
"""Members of a contract in which no wrapper may stand."""
FOR_PEOPLE = ("id", "text", "clause")
"""Members of any model in which no wrapper may stand."""
UNQUOTED: Schema = {"type": ["number", "boolean"]}
"""What an editor sees where a text happens to look like a number or a boolean."""
_READING: Schema = {
    "title": "reading",
    "description": "The answer to an open question: the value of the option that holds of the"
    " interpretation named.",
    "type": "object",
    "properties": {"reading": {"$ref": "#/definitions/id"}},
    "required": ["reading"],
    "additionalProperties": False,
}
_BY_PLAN = "A value for each plan; where a plan is not listed, the clause does not hold for it."


def shaped(shape: Shape) -> Callable[[R], R]:
    """Give a reader its shape."""

    def give(reader: R) -> R:
        reader.__dict__["shape"] = shape
        return reader

    return give


def like(reader: Callable[..., Any]) -> Shape:
    """The shape of another reader."""
    return lambda draw: draw.here(reader)


def named(name: str, description: str, schema: Schema) -> Shape:
    """A shape that is drawn once, under its name."""
    part = {"title": name, "description": description} | schema
    return lambda draw: draw.part(name, lambda _: part)


def text_like(pattern: str, *unquoted: Schema) -> Schema:
    """A text of a pattern, or what an editor sees where it is written without quotes."""
    text: Schema = {"type": "string", "pattern": f"^(?:{pattern})$"}
    return {"anyOf": [text, *unquoted]} if unquoted else text


def one_of(first: Callable[..., Any], *words: str) -> Shape:
    """A value, or one of some words in its place."""
    return lambda draw: {"anyOf": [{"enum": list(words)}, draw.at("anyOf", "1").here(first)]}


def list_of(reader: Callable[..., Any]) -> Shape:
    """A list, each element in a place of its own."""
    return lambda draw: {"type": "array", "items": draw.place(reader, "items")}


def mapping_of(reader: Callable[..., Any]) -> Shape:
    """A mapping whose keys are ids."""
    return lambda draw: {
        "type": "object",
        "propertyNames": {"$ref": "#/definitions/id"},
        "additionalProperties": draw.place(reader, "additionalProperties"),
    }


@dataclass(frozen=True)
class Drawing:
    """A place of the schema that is drawn: where it is, and whether wrappers may stand there."""

    parts: dict[str, Schema]
    pointer: str = "#"
    wrapped: bool = True
    plain: tuple[str, ...] = ()
    """Members of the whole document in which no wrapper may stand."""

    def at(self, *steps: str) -> Drawing:
        return replace(self, pointer="/".join((self.pointer, *steps)), plain=())

    def member(self, name: str) -> Drawing:
        """The same place for a member of its model."""
        plain = name in self.plain or name in FOR_PEOPLE
        return replace(self, wrapped=False) if plain else self

    def here(self, reader: Callable[..., Any]) -> Schema:
        """What a reader takes, no wrapper."""
        shape: Shape = reader.__dict__["shape"]
        return shape(self)

    def place(self, reader: Callable[..., Any], *steps: str) -> Schema:
        """What may stand in a place: what a reader takes or, where they may, a wrapper of it."""
        place = self.at(*steps)
        if not self.wrapped:
            return place.here(reader)
        self.parts.setdefault("reading", _READING)
        by_plan = {
            "description": _BY_PLAN,
            "type": "object",
            "properties": {
                "by_plan": {
                    "type": "object",
                    "propertyNames": {"$ref": "#/definitions/id"},
                    "additionalProperties": {"$ref": place.pointer},
                }
            },
            "required": ["by_plan"],
            "additionalProperties": False,
        }
        plain = place.at("anyOf", "0").here(reader)
        return {"anyOf": [plain, {"$ref": "#/definitions/reading"}, by_plan]}

    def part(self, name: str, shape: Shape) -> Schema:
        """A reference to a part, which is drawn where it is met first."""
        if name not in self.parts:
            self.parts[name] = {}  # it may hold itself
            there = replace(self, pointer=f"#/definitions/{name}")
            self.parts[name].update(shape(there))
        return {"$ref": f"#/definitions/{name}"}


def told(*names: str) -> Schema:
    """That members are there."""
    return {"required": list(names)}


def only_one(*names: str) -> Schema:
    """Exactly one of some members."""
    return {"oneOf": [told(name) for name in names]}


def with_its(member: str, *others: str) -> Schema:
    """A member that asks for others."""
    return {"if": told(member), "then": told(*others)}


def without(*names: str) -> Schema:
    """That none of some members is there."""
    return {"not": {"anyOf": [told(name) for name in names]}}


def by_word(member: str, words: Sequence[str], matrix: Mapping[str, str]) -> list[Schema]:
    """What a matrix requires for each word of a member; a wrapper there leaves it open."""
    asked = {
        word: [name for name, signs in matrix.items() if signs[column] == "R"]
        for column, word in enumerate(words)
    }
    return [
        {"if": {"properties": {member: {"const": word}}} | told(member), "then": told(*names)}
        for word, names in asked.items()
        if names
    ]
