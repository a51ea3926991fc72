"""A contract laid out for one plan and one choice of options, every value with its raw place.

The linter reads plain mappings, lists and texts: what it says of a value is said of the place where
it is written. A document with an error of form is not laid out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schemas.terms_wrappers import BY_PLAN, READING, interpretations, is_wrapper, options_of
from schemas.terms_wrappers import readings_of as chosen_of

Steps = tuple[str | int, ...]
Node = dict[str, Any]


class Told(NamedTuple):
    """What a check says of a place of a layout: the code tells the level."""

    code: str
    steps: Steps
    message: str
    fix: str


class _Off(Exception):  # noqa: N818 - no error: the plan has no such element
    """A `by_plan` that does not list the plan."""


@dataclass(frozen=True)
class Layout:
    """The plain document of a plan; `other` is the one option that differs from the chosen."""

    plan: str
    other: tuple[str, str] | None
    tree: Node
    origins: Mapping[Steps, Steps] = field(default_factory=dict)
    written: Node = field(default_factory=dict)

    def origin(self, steps: Steps) -> Steps:
        """Where a plain place is written; a missing member at the end stays."""
        beyond: Steps = ()
        while steps and steps not in self.origins:
            steps, beyond = steps[:-1], (steps[-1], *beyond)
        return self.origins.get(steps, ()) + beyond

    def each(self, name: str) -> Iterator[tuple[Steps, Node]]:
        """The elements of a list of the document, with their places."""
        for place, element in enumerate(self.tree.get(name, [])):
            yield (name, place), element

    def named(self, name: str) -> dict[str, Node]:
        """The elements of a list by their ids."""
        return {element["id"]: element for _, element in self.each(name)}

    @property
    def calendars(self) -> dict[str, Node]:
        """The calendars by their ids."""
        found: dict[str, Node] = self.tree.get("calendars", {})
        return found


def layouts(tree: Node) -> Iterator[Layout]:
    """Every plan with the chosen options, then with each other option, changed alone."""
    chosen = chosen_of(tree)
    others: list[tuple[str, str] | None] = [None]
    for name, options in options_of(tree).items():
        others += [(name, option) for option in options if option != chosen.get(name)]
    plans = list(tree.get("plans") or {"": {}})
    for other in others:
        taken = {**chosen, **({other[0]: other[1]} if other else {})}
        for plan in plans:
            laid = _Walk(tree, plan, taken).layout(other)
            if laid is not None:
                yield laid


class _Walk:
    def __init__(self, tree: Node, plan: str, taken: Mapping[str, str]) -> None:
        self.tree, self.plan, self.taken = tree, plan, taken
        self.options = options_of(tree)
        self.places = {each["id"]: place for place, each in interpretations(tree)}
        self.origins: dict[Steps, Steps] = {}

    def layout(self, other: tuple[str, str] | None) -> Layout | None:
        """The layout; none where zones or calendars leave the plan out."""
        plain = {}
        for name, value in self.tree.items():
            if name == "interpretations":
                continue
            try:
                plain[name] = self.laid(value, (name,), (name,))
            except _Off:
                if name in ("zones", "calendars"):
                    return None
        return Layout(self.plan, other, plain, self.origins, self.tree)

    def laid(self, value: Any, at: Steps, origin: Steps) -> Any:
        while is_wrapper(value):
            if READING in value:
                name = value[READING]
                option = self.taken[name]
                value = self.options[name][option]
                origin = ("interpretations", self.places[name], "options", option)
            elif self.plan in value[BY_PLAN]:
                value = value[BY_PLAN][self.plan]
                origin = (*origin, BY_PLAN, self.plan)
            else:
                raise _Off
        self.origins[at] = origin
        if isinstance(value, dict):
            return {name: self.laid(x, (*at, name), (*origin, name)) for name, x in value.items()}
        if isinstance(value, list):
            return self._list(value, at, origin)
        return value

    def _list(self, value: list[Any], at: Steps, origin: Steps) -> list[Any]:
        kept: list[Any] = []
        for place, element in enumerate(value):
            known, self.origins = self.origins, {}
            try:
                kept.append(self.laid(element, (*at, len(kept)), (*origin, place)))
                known.update(self.origins)
            except _Off:
                continue
            finally:
                self.origins = known
        return kept
