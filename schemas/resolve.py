"""From the raw contract tree to a plain one: overrides, readings, plans (terms.md 1.5, 1.6).

The raw tree holds mappings, lists and texts alone. Wrappers are resolved from the outside in; what
a `by_plan` leaves out switches off the smallest element that holds it. Nothing below knows a
wrapper any more.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas import canonical

Tree = Any
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\]]*)\]")
_WHOLE = ("clocks", "availability", "exclusions", "credits", "pools", "rights")


class Off(Exception):  # noqa: N818 - no error: the plan has no such element
    """A `by_plan` that does not list the plan (S3.13)."""


class Plain(dict[str, Any]):
    """A mapping without wrappers whose members are attributes; what is left out is None.

    `from_`, `for_` and `raise_` stand for the members that Python's words hide.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(name.removesuffix("_"))

    def __hash__(self) -> int:  # type: ignore[override] # plain trees are never changed
        return id(self)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A document laid out for one plan.

    `contract` None: no document comes out of it. `sha256` names the plain document. Of each
    override that changed nothing, or broke a rule of form, `override_problems` holds the detail.
    """

    contract: Plain | None
    sha256: str
    override_problems: tuple[str, ...] = ()


def readings_of(tree: Tree) -> dict[str, str]:
    """The option that the document itself chooses, by interpretation."""
    return {each["id"]: each["chosen"] for each in tree.get("interpretations", ())}


def options_of(tree: Tree) -> dict[str, dict[str, Any]]:
    """Every option of every interpretation."""
    return {each["id"]: each.get("options", {}) for each in tree.get("interpretations", ())}


def resolve(
    tree: Tree,
    plan: str,
    readings: Mapping[str, str] | None = None,
    overrides: Sequence[tuple[str, Any]] = (),
) -> Resolved:
    """The document for a plan: overrides, then readings (decisions over `chosen`), then plans."""
    laid, missed = overridden(tree, overrides)
    if overrides:
        from schemas.form_errors import form_errors  # noqa: PLC0415 - they resolve through here

        broken = form_errors(laid)
        if broken is not None:
            laid, missed = tree, [*missed, f"{broken.code} {broken.path}"]
    walk = _Walk(laid, plan, readings or {})
    try:
        contract = walk.document()
    except (Off, KeyError):
        return Resolved(None, "", tuple(missed))
    shown = canonical.value(contract).encode()
    return Resolved(contract, hashlib.sha256(shown).hexdigest(), tuple(missed))


def overridden(tree: Tree, overrides: Sequence[tuple[str, Any]]) -> tuple[Tree, list[str]]:
    """The tree with overrides laid over it in order, and the paths that met nothing (1.6)."""
    if not overrides:
        return tree, []
    laid = copy.deepcopy(tree)
    missed = []
    for path, value in overrides:
        steps = [
            (found[1] if found[1] is not None else found[2], found[1] is None)
            for found in _STEP.finditer(path)
        ]
        if not steps or not _replace(laid, steps, as_text(value)):
            missed.append(path)
    return laid, missed


def as_text(tree: Any) -> Tree:
    """JSON's whole numbers and booleans as their text (terms.md 1.2)."""
    if isinstance(tree, Mapping):
        return {str(name): as_text(value) for name, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [as_text(value) for value in tree]
    if isinstance(tree, bool):
        return "true" if tree else "false"
    return str(tree)


def _replace(tree: Tree, steps: list[tuple[str, bool]], value: Tree) -> bool:
    (name, bracketed), rest = steps[0], steps[1:]
    hit = False
    for place in _places(tree, name, bracketed=bracketed):
        if rest:
            hit = _replace(tree[place], rest, value) or hit
        else:
            tree[place] = copy.deepcopy(value)
            hit = True
    return hit


def _places(tree: Tree, name: str, *, bracketed: bool) -> list[Any]:
    """Where a step leads: a member, or the elements of that id, severity or number."""
    if isinstance(tree, dict):
        return [name] if name in tree else []
    if not isinstance(tree, list) or not bracketed:
        return []
    named: list[Any] = [
        place
        for place, each in enumerate(tree)
        if isinstance(each, dict) and name in (each.get("id"), each.get("severity"))
    ]
    if not named and name.isdigit() and int(name) < len(tree):
        named = [int(name)]
    return named


class _Walk:
    """Resolves one document for one plan."""

    def __init__(self, tree: Tree, plan: str, readings: Mapping[str, str]) -> None:
        self.tree = tree
        self.plan = plan
        self.options = options_of(tree)
        self.chosen = {**readings_of(tree), **readings}

    def document(self) -> Plain:
        made = Plain()
        for name, value in self.tree.items():
            if name == "interpretations":
                made[name] = [Plain(each) for each in value]
            elif name in _WHOLE:
                made[name] = self._list(self._unwrapped(value))
            else:
                made[name] = self.plain(value)
        gone = self._gone(made)
        for name in ("credits", "exclusions"):
            for each in made.get(name, ()):
                if "for" in each:
                    each["for"] = [one for one in each["for"] if one not in gone]
        for pool in made.get("pools", ()):
            pool["credits"] = [one for one in pool["credits"] if one not in gone]
        return made

    def _gone(self, made: Plain) -> set[str]:
        """The ids of elements that the plan switched off."""
        gone: set[str] = set()
        for name in ("clocks", "availability", "credits"):
            value = self._unwrapped(self.tree.get(name, []))
            written = {each.get("id") for each in value if isinstance(each, dict)}
            left = {each.get("id") for each in made.get(name, ())}
            gone |= {str(each) for each in written - left}
        return gone

    def _unwrapped(self, tree: Tree) -> Tree:
        while isinstance(tree, dict) and len(tree) == 1:
            if "reading" in tree:
                tree = self.options[tree["reading"]][self.chosen[tree["reading"]]]
            elif "by_plan" in tree:
                if self.plan not in tree["by_plan"]:
                    raise Off
                tree = tree["by_plan"][self.plan]
            else:
                break
        return tree

    def plain(self, tree: Tree, name: str = "") -> Any:
        """A value without wrappers; Off where the plan switches it off."""
        tree = self._unwrapped(tree)
        if isinstance(tree, dict):
            return Plain({each: self.plain(value, each) for each, value in tree.items()})
        if isinstance(tree, list):
            return self._list(tree, cells=name == "targets")
        return tree

    def _list(self, tree: list[Tree], *, cells: bool = False) -> list[Any]:
        kept = []
        for each in tree:
            try:
                kept.append(self.plain(each))
            except Off:
                if cells:
                    kept.append(self._remembered(each))
        return kept

    def _remembered(self, cell: Tree) -> Plain:
        """A cell that is switched off: passed over and remembered (S3.20)."""
        made = Plain(off="true")
        for name in ("severity", "only"):
            try:
                if isinstance(cell, dict) and name in cell:
                    made[name] = self.plain(cell[name])
            except Off:
                continue
        return made
