"""Comparisons of terms: the four words and what may stand together (terms.md 1.3)."""

# ruff: noqa: RUF009 - need() and may() make dataclass fields, new ones for each member
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.terms_reading import At, Reader, may, part, unread
from schemas.terms_shapes import Schema, told
from schemas.terms_values import a_percent, length

WORDS = ("below", "at_most", "at_least", "above")


@dataclass(frozen=True)
class Edge:
    """One or two of the words, values as written."""

    below: Any = may(unread)
    at_most: Any = may(unread)
    at_least: Any = may(unread)
    above: Any = may(unread)


ONE_OF_A_SIDE: tuple[Schema, ...] = (
    {"not": told("below", "at_most")},
    {"not": told("at_least", "above")},
)
SOME_WORD: Schema = {"anyOf": [told(word) for word in WORDS]}
"""What `check_edge` asks, in JSON Schema."""


def check_edge(made: Any, at: At, reader: Reader, *, required: bool = True) -> None:
    """Read the values of an edge and refuse two words of one side."""
    found = [word for word in WORDS if getattr(made, word, None) is not None]
    for word in found:
        reader(getattr(made, word), at.down(word))
    for one, other in (("below", "at_most"), ("at_least", "above")):
        if one in found and other in found:
            message = f"`{one}` and `{other}` stand together"
            at.report("wrong-value", message, "keep one of them")
    if required and not found:
        at.missing(" or ".join(WORDS), "write at_least, above, at_most or below")


def edge(reader: Reader, title: str) -> Reader:
    """The reader of an edge of values of one type, under its title."""

    def check(made: Edge, at: At) -> Edge:
        check_edge(made, at, reader)
        return made

    return part(Edge, check, SOME_WORD, *ONE_OF_A_SIDE, title=title, of=reader)


edge_of_percent = edge(a_percent, "EdgeOfPercent")
edge_of_length = edge(length, "EdgeOfLength")
