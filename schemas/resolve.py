"""From the raw contract tree to a plain one: overrides, readings, plans (terms.md 1.5, 1.6).

The raw tree holds mappings, lists and texts alone. Wrappers are resolved from the outside in; what
a `by_plan` leaves out switches off the smallest element that holds it. The models know no wrapper.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas import canonical
from schemas.terms import Contract, read_contract, read_sections
from schemas.terms_clocks import OFF, OFF_MARK
from schemas.terms_overrides import Tree, overridden
from schemas.terms_reading import Steps, TermsError, Where
from schemas.terms_wrappers import (
    BY_PLAN,
    READING,
    interpretations,
    is_wrapper,
    options_of,
    readings_of,
    wrapper_errors,
)

__all__ = ["Resolved", "options_of", "readings_of", "resolve"]

_ELEMENTS = {
    "severities": "severity",
    "services": "service",
    "clocks": "clock",
    "availability": "availability",
    "credits": "credit",
}
_EVERY_PLAN = ("zones", "calendars")
"""Where a plan that is not listed leaves no document: these have no element to switch off."""


class _Off(Exception):  # noqa: N818 - no error: the plan has no such element
    """A `by_plan` that does not list the plan (S3.13)."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A document laid out for one plan.

    `contract` None: no document comes out of it, `errors` say why where it is a matter of form.
    `sha256` names the plain document, `plain` is it. Of each override that changed nothing, or
    broke a rule of form, `override_problems` holds the detail; `void`: all were left out for that.
    """

    contract: Contract | None
    sha256: str
    override_problems: tuple[str, ...] = ()
    errors: tuple[TermsError, ...] = ()
    plain: Tree = None
    void: bool = False


def resolve(
    tree: Tree,
    plan: str,
    readings: Mapping[str, str] | None = None,
    overrides: Sequence[tuple[str, Any]] = (),
    zones: Mapping[str, str] | None = None,
) -> Resolved:
    """The document for a plan: overrides, then readings (decisions over `chosen`), then plans.

    `zones`, period and deadlines, stand for what the document says there (S3.12).
    """
    laid, missed = overridden(tree, overrides)
    void = False
    if overrides:
        from schemas.form_errors import form_errors  # noqa: PLC0415 - they resolve through here

        broken = form_errors(laid)
        if broken is not None:
            laid, missed = tree, [*missed, f"{broken.code} {broken.path}".rstrip()]
            void = True
    if zones is not None:
        laid = {**laid, "zones": dict(zones)}
    errors = wrapper_errors(laid)
    if errors:
        return Resolved(None, "", tuple(missed), tuple(errors))
    walk = _Walk(laid, plan, readings or {})
    try:
        plain = walk.document()
    except _Off:
        return Resolved(None, "", tuple(missed))
    where = Where(laid, walk.origins, *walk.names(plain))
    contract = read_contract(plain, where)
    if contract is None:
        return Resolved(None, "", tuple(missed), tuple(where.errors), plain)
    digest = hashlib.sha256(canonical.value(plain).encode()).hexdigest()
    return Resolved(contract, digest, tuple(missed), (), plain, void)


@dataclass(frozen=True, slots=True)
class _Section:
    """A member of the document laid out; it holds for these options and, by plans, for one plan."""

    number: int
    plan: str | None
    options: tuple[tuple[str, str | None], ...]
    plain: Tree
    origins: dict[Steps, Steps]
    off: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """Sections laid out for one plan and choice, and what was read in them, for the others."""

    laid: dict[str, list[_Section]] = field(default_factory=dict)
    read: dict[Any, Any] = field(default_factory=dict)


def errors_under(
    tree: Tree, plan: str, readings: Mapping[str, str], kept: Kept
) -> tuple[tuple[TermsError, ...], frozenset[str]]:
    """What `resolve` finds in a tree whose wrappers are good, and the readings it went through.

    Another option of a reading that it did not go through leads to the same document. `kept` are
    the sections that were laid out and read before, of this tree alone.
    """
    walk = _Walk(tree, plan, readings, kept.laid)
    try:
        plain = walk.document()
    except _Off:
        return (), frozenset(walk.met)
    where = Where(tree, walk.origins, *walk.names(plain))
    read_sections(plain, where, walk.sections, kept.read)
    return tuple(where.errors), frozenset(walk.met)


class _Walk:
    """Resolves one document for one plan; `origins` lead from plain places to raw ones."""

    def __init__(
        self,
        tree: dict[str, Any],
        plan: str,
        readings: Mapping[str, str],
        laid: dict[str, list[_Section]] | None = None,
    ) -> None:
        self.tree = tree
        self.plan = plan
        self.options = options_of(tree)
        decided = {name: each for name, each in readings.items() if self._known(name, each)}
        self.chosen = {**readings_of(tree), **decided}
        self.places = {each["id"]: place for place, each in interpretations(tree)}
        self.origins: dict[Steps, Steps] = {(): ()}
        self.met: set[str] = set()
        self.by_plan = False
        self.laid = {} if laid is None else laid
        self.sections: dict[str, int] = {}

    def _known(self, name: str, option: str) -> bool:
        return option in self.options.get(name, {})

    def document(self) -> dict[str, Any]:
        """The plain tree; _Off where zones or a calendar do not list the plan."""
        made: dict[str, Any] = {}
        for name, value in self.tree.items():
            if name == "interpretations":
                self.origins[name,] = (name,)
                made[name] = value
                continue
            try:
                made[name] = self._section(name, value)
            except _Off:
                if name in _EVERY_PLAN:
                    raise
        return made

    def _section(self, name: str, value: Tree) -> Tree:
        """A member of the document, laid out once for all that it is alike for."""
        several = self.laid.setdefault(name, [])
        for each in several:
            if each.plan in (None, self.plan) and all(
                self.chosen.get(reading) == option for reading, option in each.options
            ):
                found = each
                break
        else:
            found = self._lay(name, value, len(several))
            several.append(found)
        self.met.update(reading for reading, _ in found.options)
        self.sections[name] = found.number
        if found.off:
            raise _Off
        self.origins.update(found.origins)
        return found.plain

    def _lay(self, name: str, value: Tree, number: int) -> _Section:
        known, self.origins = self.origins, {}
        met, self.met, self.by_plan = self.met, set(), False
        plain, off = None, False
        try:
            plain = self._apart(value, (name,), (name,))
        except _Off:
            off = True
        found, self.origins = self.origins, known
        asked, self.met = self.met, met
        options = tuple((each, self.chosen.get(each)) for each in sorted(asked))
        return _Section(number, self.plan if self.by_plan else None, options, plain, found, off)

    def _apart(self, tree: Tree, at: Steps, origin: Steps) -> Tree:
        """A value whose places are noted only when it is not switched off."""
        known, self.origins = self.origins, {}
        try:
            made = self._plain(tree, at, origin)
            known.update(self.origins)
        finally:
            self.origins = known
        return made

    def _unwrapped(self, tree: Tree, origin: Steps) -> tuple[Tree, Steps]:
        while is_wrapper(tree):
            if READING in tree:
                name = tree[READING]
                self.met.add(name)
                option = self.chosen.get(name)
                if option is None or not self._known(name, option):
                    raise _Off
                tree = self.options[name][option]
                origin = ("interpretations", self.places[name], "options", option)
            else:
                self.by_plan = True
                if self.plan not in tree[BY_PLAN]:
                    raise _Off
                tree = tree[BY_PLAN][self.plan]
                origin = (*origin, BY_PLAN, self.plan)
        return tree, origin

    def _plain(self, tree: Tree, at: Steps, origin: Steps) -> Tree:
        tree, origin = self._unwrapped(tree, origin)
        self.origins[at] = origin
        if isinstance(tree, dict):
            return {
                name: self._plain(value, (*at, name), (*origin, name))
                for name, value in tree.items()
            }
        if not isinstance(tree, list):
            return tree
        kept: list[Tree] = []
        for place, each in enumerate(tree):
            here, there = (*at, len(kept)), (*origin, place)
            try:
                kept.append(self._apart(each, here, there))
            except _Off:
                if at[0] == "clocks" and at[-1] == "targets":
                    kept.append(self._remembered(each, here, there))
        return kept

    def _remembered(self, cell: Tree, at: Steps, origin: Steps) -> Tree:
        """A cell that is switched off: passed over and remembered (S3.20)."""
        made: dict[str, Any] = {OFF: OFF_MARK}
        self.origins[at] = origin
        for name in ("severity", "only"):
            if isinstance(cell, dict) and name in cell:
                try:
                    made[name] = self._apart(cell[name], (*at, name), (*origin, name))
                except _Off:
                    continue
        return made

    def names(self, plain: dict[str, Any]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """By kind the ids that this plan has, and all that the document has for any plan."""
        calendars = plain.get("calendars")
        live = {"calendar": set(calendars) if isinstance(calendars, dict) else set()}
        written = {"calendar": live["calendar"]}
        for name, kind in _ELEMENTS.items():
            several = plain.get(name)
            live[kind] = {
                each["id"]
                for each in (several if isinstance(several, list) else ())
                if isinstance(each, dict) and isinstance(each.get("id"), str)
            }
            written[kind] = live[kind] | self._any_plan(self.tree.get(name))
        for each in (live, written):
            each["clock or availability"] = each["clock"] | each["availability"]
        return live, written

    def _any_plan(self, tree: Tree) -> set[str]:
        """The ids of the elements of a list, for whichever plan they are."""
        if is_wrapper(tree) and READING in tree:
            self.met.add(tree[READING])
            option = self.chosen.get(tree[READING], "")
            return self._any_plan(self.options[tree[READING]].get(option))
        if is_wrapper(tree):
            return set().union(*(self._any_plan(each) for each in tree[BY_PLAN].values()))
        if isinstance(tree, list):
            return set().union(*(self._any_plan(each) for each in tree))
        if isinstance(tree, dict) and isinstance(tree.get("id"), str):
            return {tree["id"]}
        return set()
