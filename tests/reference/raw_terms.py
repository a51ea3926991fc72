"""From the document as written to plain nodes: overrides, readings, plans (terms.md 1.5, 1.6).

Read anew rather than taken from `schemas.resolve`, so that the two can be compared as well.
"""

from __future__ import annotations

import copy
import re
from typing import Any

_STEP = re.compile(r"\[([^\]]*)\]|\.?([^.\[\]]+)")
_PATH = re.compile(r"[^.\[\]]+(\.[^.\[\]]+|\[[^\]]*\])*")
BOOLS = frozenset(
    {
        "public",
        "required",
        "written",
        "signed",
        "affected",
        "cause_recorded",
        "in_all",
        "claimed",
        "always",
    }
)


class Off(Exception):
    """A `by_plan` that does not list the plan (S3.13)."""


class Node:
    """A mapping whose members are attributes; one that is left out is None."""

    def __init__(self, members: dict[str, Any]) -> None:
        self._members = members

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._members.get(name.removesuffix("_"))

    def has(self, name: str) -> bool:
        """Is the member written?"""
        return name in self._members

    def names(self) -> list[str]:
        """The members written."""
        return list(self._members)

    def changed(self, **members: Any) -> Node:
        """The same with other members."""
        return Node({**self._members, **members})


def as_text(tree: Any) -> Any:
    """JSON's whole numbers and booleans are read as their text (terms.md 1.2)."""
    if isinstance(tree, dict):
        return {name: as_text(value) for name, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [as_text(value) for value in tree]
    if isinstance(tree, bool):
        return "true" if tree else "false"
    return str(tree)


def overridden(raw: Any, overrides: list[dict[str, Any]]) -> tuple[Any, list[str]]:
    """S3.14: laid over the document in order; the paths that meet nothing."""
    tree = as_text(raw)
    missed = []
    for one in overrides:
        steps = [key if key is not None else name for key, name in _steps(one["path"])]
        kinds = [key is not None for key, _ in _steps(one["path"])]
        hit = _replace(tree, list(zip(steps, kinds, strict=True)), as_text(one["value"]))
        if not hit:
            missed.append(one["path"])
    return tree, missed


def _steps(path: str) -> list[tuple[str | None, str | None]]:
    """None for what the grammar of terms.md 1.6 does not write."""
    if _PATH.fullmatch(path) is None:
        return []
    return [(found[1], found[2]) for found in _STEP.finditer(path)]


def _replace(tree: Any, steps: list[tuple[Any, bool]], value: Any) -> bool:
    if not steps:  # a path that is none
        return False
    (name, bracket), rest = steps[0], steps[1:]
    if isinstance(tree, dict):
        places: list[Any] = [name] if name in tree else []
    elif isinstance(tree, list) and bracket:
        places = [
            n
            for n, one in enumerate(tree)
            if isinstance(one, dict) and name in (one.get("id"), one.get("severity"))
        ]
        if not places and name.isascii() and name.isdigit() and int(name) < len(tree):
            places = [int(name)]
    else:
        return False
    hit = False
    for place in places:
        if rest:
            hit = _replace(tree[place], rest, value) or hit
        else:
            tree[place] = copy.deepcopy(value)
            hit = True
    return hit


def options(tree: Any) -> dict[str, dict[str, Any]]:
    """Each interpretation with its options."""
    return {one["id"]: one.get("options", {}) for one in tree.get("interpretations", [])}


class Resolver:
    """Wrappers from the outside in, until none is left (terms.md 1.5)."""

    def __init__(self, tree: Any, plan: str, readings: dict[str, str]) -> None:
        self.plan = plan
        self.options = options(tree)
        self.chosen = {one["id"]: one["chosen"] for one in tree.get("interpretations", [])}
        self.chosen.update(readings)

    def plain(self, tree: Any, *, cells: bool = False) -> Any:
        """A value without wrappers; Off where the plan switches it off."""
        if isinstance(tree, dict):
            if list(tree) == ["reading"]:
                name = tree["reading"]
                return self.plain(self.options[name][self.chosen[name]], cells=cells)
            if list(tree) == ["by_plan"]:
                if self.plan not in tree["by_plan"]:
                    raise Off
                return self.plain(tree["by_plan"][self.plan], cells=cells)
            members = {
                name: self.plain(value, cells=name == "targets") for name, value in tree.items()
            }
            return Node({name: _typed(name, value) for name, value in members.items()})
        if isinstance(tree, list):
            return self._list(tree, cells)
        return tree

    def _list(self, tree: list[Any], cells: bool) -> list[Any]:
        result = []
        for one in tree:
            try:
                result.append(self.plain(one))
            except Off:
                if cells:  # S3.20: passed over and remembered
                    result.append(self._remembered(one))
        return result

    def _remembered(self, cell: Any) -> Node:
        members = {"off": True}
        for name in ("severity", "only"):
            try:
                if isinstance(cell, dict) and name in cell:
                    members[name] = self.plain(cell[name])
            except Off:
                pass
        return Node(members)

    def member(self, tree: Any, name: str) -> Any:
        """One member of the document."""
        return self.plain({name: tree[name]}) if name in tree else Node({})


def _typed(name: str, value: Any) -> Any:
    if name in BOOLS and value in ("true", "false"):
        return value == "true"
    return value
