"""Comparisons of terms: the four words and what may stand together (terms.md 1.3)."""

# ruff: noqa: RUF009 - need() and may() make dataclass fields, new ones for each member
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.terms_reading import At, Reader, may, part
from schemas.terms_values import a_percent, length, whole

WORDS = ("below", "at_most", "at_least", "above")


def unread(raw: Any, _at: At) -> Any:
    """A value whose type another member tells; it is read with the whole."""
    return raw


@dataclass(frozen=True)
class Edge:
    """One or two of the words, values as written."""

    below: Any = may(unread)
    at_most: Any = may(unread)
    at_least: Any = may(unread)
    above: Any = may(unread)


def check_edge(made: Any, at: At, reader: Reader, *, required: bool = True) -> None:
    """Read the values of an edge and refuse two words of one side."""
    told = [word for word in WORDS if getattr(made, word, None) is not None]
    for word in told:
        reader(getattr(made, word), at.down(word))
    for one, other in (("below", "at_most"), ("at_least", "above")):
        if one in told and other in told:
            message = f"`{one}` and `{other}` stand together"
            at.report("wrong-value", message, "keep one of them")
    if required and not told:
        at.missing(" or ".join(WORDS), "write at_least, above, at_most or below")


def edge(reader: Reader) -> Reader:
    """The reader of an edge of values of one type."""

    def check(made: Edge, at: At) -> Edge:
        check_edge(made, at, reader)
        return made

    return part(Edge, check)


edge_of_percent = edge(a_percent)
edge_of_length = edge(length)
edge_of_whole = edge(whole)
