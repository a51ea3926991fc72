"""From the raw contract tree to a plain contract: overrides, readings, plans (terms.md 1.5, 1.6).

The raw tree holds mappings, lists and texts alone. Wrappers are resolved on it from the outside
in; what a `by_plan` leaves out switches off the smallest element that holds it. Then the plain
models are validated: nothing below knows a wrapper any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from schemas import canonical
from schemas.overrides import Path, Tree, as_text, overridden
from schemas.terms import Contract

__all__ = ["Resolved", "as_text", "options_of", "overridden", "readings_of", "resolve"]

_LENIENT = frozenset({"zones", "plan_change", "severity_change", "calendars"})
"""Here a plan that is not listed switches nothing off; every plan must be listed (lint)."""
_SECTIONS = ("clocks", "availability", "credits")


class Off(Exception):  # noqa: N818 - no error: the plan has no such element
    """A `by_plan` that does not list the plan (S3.13)."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A document laid out for one plan.

    `contract` None: no document comes out of it. `sha256` names the plain document. Of each
    override that changed nothing, or broke a rule of form, `override_problems` holds the detail.
    `tree` is the plain document as texts, `origins` the place in the raw tree of each of its
    places.
    """

    contract: Contract | None
    sha256: str
    override_problems: tuple[str, ...] = ()
    tree: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[Path, Path] = field(default_factory=dict)


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
    """The contract for a plan: overrides, then readings (decisions over `chosen`), then plans.

    If the overrides break a rule of form all of them are void (1.6).
    """
    laid, missed = overridden(tree, overrides)
    if overrides:
        from schemas.form_errors import form_errors  # noqa: PLC0415 - they resolve through here

        broken = form_errors(laid)
        if broken is not None:
            laid, missed = tree, [*missed, f"{broken.code} {broken.path}"]
    made, origins = plain(laid, plan, readings)
    try:
        contract = Contract.model_validate(made)
    except ValidationError:
        return Resolved(None, "", tuple(missed), made, origins)
    shown = canonical.value(made).encode()
    return Resolved(contract, hashlib.sha256(shown).hexdigest(), tuple(missed), made, origins)


def plain(
    tree: Tree, plan: str, readings: Mapping[str, str] | None = None
) -> tuple[dict[str, Any], dict[Path, Path]]:
    """The document without wrappers, as texts, and where each of its places was written."""
    walk = _Walk(tree, plan, readings or {})
    return walk.document(), walk.origins


class _Walk:
    """Resolves one document for one plan."""

    def __init__(self, tree: Tree, plan: str, readings: Mapping[str, str]) -> None:
        self.tree = tree
        # a plan that the contract does not know is one that no wrapper lists (S3.13)
        self.plan = plan if plan in tree.get("plans", {}) else None
        self.places = {
            each["id"]: place for place, each in enumerate(tree.get("interpretations", ()))
        }
        self.options = options_of(tree)
        self.chosen = {**readings_of(tree), **readings}
        self.origins: dict[Path, Path] = {}

    def document(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, value in self.tree.items():
            self.origins[name,] = (name,)
            if name in ("interpretations", "plans"):
                made[name] = value
                continue
            try:
                made[name] = self.value(value, (name,), (name,), lenient=name in _LENIENT)
            except Off:
                continue
        self._pass_over(made)
        return made

    def value(self, tree: Tree, at: Path, out: Path, *, lenient: bool = False) -> Any:
        """A value without wrappers; Off where the plan switches it off."""
        tree, at = self._unwrapped(tree, at)
        self.origins[out] = at
        if isinstance(tree, dict):
            made = {}
            for name, each in tree.items():
                try:
                    made[name] = self.value(each, (*at, name), (*out, name), lenient=lenient)
                except Off:
                    if not lenient:
                        raise
            return made
        if isinstance(tree, list):
            return self._list(tree, at, out)
        return tree

    def _unwrapped(self, tree: Tree, at: Path) -> tuple[Tree, Path]:
        while isinstance(tree, dict):
            if "reading" in tree:
                name = tree["reading"]
                chosen = self.chosen[name]
                at = ("interpretations", self.places[name], "options", chosen)
                tree = self.options[name][chosen]
            elif "by_plan" in tree:
                if self.plan is None or self.plan not in tree["by_plan"]:
                    raise Off
                at = (*at, "by_plan", self.plan)
                tree = tree["by_plan"][self.plan]
            else:
                break
        return tree, at

    def _list(self, tree: list[Tree], at: Path, out: Path) -> list[Any]:
        kept: list[Any] = []
        cells = out[-1] == "targets"
        for place, each in enumerate(tree):
            here, there = (*at, place), (*out, len(kept))
            try:
                kept.append(self.value(each, here, there))
            except Off:
                if cells:
                    kept.append(self._remembered(each, here, there))
        return kept

    def _remembered(self, cell: Tree, at: Path, out: Path) -> dict[str, Any]:
        """A cell that is switched off: passed over and remembered (S3.20)."""
        made: dict[str, Any] = {"within": "none", "off": "true"}
        for name in ("severity", "only"):
            try:
                if isinstance(cell, dict) and name in cell:
                    made[name] = self.value(cell[name], (*at, name), (*out, name))
            except Off:
                continue
        self.origins[out] = at
        return made

    def _pass_over(self, made: dict[str, Any]) -> None:
        """Names of elements that are off are passed over (1.5).

        An exclusion keeps its names: one for an element that is off is for nothing, and an empty
        `for` would mean everything.
        """
        gone = self._gone(made)
        if not gone:
            return
        for each in made.get("credits", ()):
            if "for" in each:
                each["for"] = [one for one in each["for"] if one not in gone]
        for pool in made.get("pools", ()):
            pool["credits"] = [one for one in pool["credits"] if one not in gone]
        for each in made.get("availability", ()):
            share = each.get("attainment")
            if share:
                share["clocks"] = [one for one in share["clocks"] if one not in gone]
        for right in made.get("rights", ()):
            _pass_over_breached(right.get("when"), gone)

    def _gone(self, made: Mapping[str, Any]) -> set[str]:
        """The ids of elements that the plan switched off."""
        gone: set[str] = set()
        for name in _SECTIONS:
            left = {each.get("id") for each in made.get(name, ()) if isinstance(each, dict)}
            gone |= ids_in(self.tree.get(name), self.options) - left
        return gone


def ids_in(section: Tree, options: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """The ids of every element that a top-level list may hold, for any plan and reading."""
    if isinstance(section, list):
        return set().union(*(ids_in(each, options) for each in section)) if section else set()
    if not isinstance(section, dict):
        return set()
    if "reading" in section:
        held = options.get(section["reading"], {})
        return set().union(*(ids_in(each, options) for each in held.values())) if held else set()
    if "by_plan" in section:
        held = section["by_plan"]
        return set().union(*(ids_in(each, options) for each in held.values())) if held else set()
    return {section["id"]} if isinstance(section.get("id"), str) else set()


def _pass_over_breached(condition: Any, gone: set[str]) -> None:
    if not isinstance(condition, dict):
        return
    if "breached" in condition:
        condition["breached"] = [one for one in condition["breached"] if one not in gone]
    for word in ("any", "all"):
        for each in condition.get(word, ()):
            _pass_over_breached(each, gone)
