"""Wrappers in the raw tree: where they may stand and what they name (terms.md 1.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.terms_meant import nearest
from schemas.terms_reading import Steps, TermsError, path_text
from schemas.terms_shapes import FOR_PEOPLE, PLAIN

READING, BY_PLAN = "reading", "by_plan"


def is_wrapper(tree: Any) -> bool:
    """Whether a mapping stands for a value."""
    return isinstance(tree, dict) and len(tree) == 1 and (READING in tree or BY_PLAN in tree)


def interpretations(tree: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The interpretations that can be named, with their numbers."""
    several = tree.get("interpretations") if isinstance(tree, dict) else None
    for place, each in enumerate(several if isinstance(several, list) else ()):
        if isinstance(each, dict) and isinstance(each.get("id"), str):
            yield place, each


def options_of(tree: Any) -> dict[str, dict[str, Any]]:
    """Every option of every interpretation."""
    return {
        each["id"]: each["options"] if isinstance(each.get("options"), dict) else {}
        for _, each in interpretations(tree)
    }


def readings_of(tree: Any) -> dict[str, str]:
    """The option that the document itself chooses, by interpretation."""
    return {
        each["id"]: each["chosen"]
        for _, each in interpretations(tree)
        if isinstance(each.get("chosen"), str)
    }


def wrapper_errors(tree: Any) -> list[TermsError]:
    """What keeps the wrappers of a raw tree from being resolved."""
    if not isinstance(tree, dict):
        return [TermsError("wrong-value", "", "a contract is a mapping", "write its members")]
    check = _Check(tree)
    for name, value in tree.items():
        if name in PLAIN:
            check.plain(value, (name,))
        elif name == "interpretations":
            check.questions(value)
        else:
            check.walk(value, (name,))
    check.wrapper_shape(tree, ())
    check.circles()
    return check.errors


class _Check:
    """Gathers faults while it goes through one tree."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        self.options = options_of(tree)
        self.errors: list[TermsError] = []

    def note(self, code: str, steps: Steps, message: str, fix: str) -> None:
        path = path_text(self.tree, steps)
        self.errors.append(TermsError(code, path, message, fix, steps))

    def plain(self, tree: Any, steps: Steps) -> None:
        """A place where no wrapper may stand, however deep."""
        if isinstance(tree, dict):
            if READING in tree or BY_PLAN in tree:
                self.note(
                    "wrapper-misplaced", steps, "a wrapper may not stand here", "write it plain"
                )
                return
            for name, value in tree.items():
                self.plain(value, (*steps, name))
        elif isinstance(tree, list):
            for place, value in enumerate(tree):
                self.plain(value, (*steps, place))

    def questions(self, tree: Any) -> None:
        if not isinstance(tree, list):
            self.plain(tree, ("interpretations",))
            return
        for place, each in enumerate(tree):
            steps: Steps = ("interpretations", place)
            options = each.get("options") if isinstance(each, dict) else None
            if not isinstance(options, dict) or READING in options or BY_PLAN in options:
                self.plain(each, steps)
                continue
            self.plain({name: each[name] for name in each if name != "options"}, steps)
            for option, value in options.items():
                self.walk(value, (*steps, "options", option))
            chosen = each.get("chosen")
            if isinstance(chosen, str) and chosen not in options:
                message = f"`{chosen}` is no option"
                self.note("chosen-unknown", (*steps, "chosen"), message, nearest(chosen, options))

    def walk(self, tree: Any, steps: Steps) -> None:
        """A place where wrappers may stand."""
        if isinstance(tree, list):
            for place, value in enumerate(tree):
                self.walk(value, (*steps, place))
        if not isinstance(tree, dict) or not self.wrapper_shape(tree, steps):
            return
        for name, value in tree.items():
            below = (*steps, name)
            if name in FOR_PEOPLE and steps != ("calendars",):
                self.plain(value, below)
            elif name == BY_PLAN:
                for plan, each in value.items():
                    self.walk(each, (*below, plan))
            elif name != READING:
                self.walk(value, below)

    def wrapper_shape(self, tree: dict[str, Any], steps: Steps) -> bool:
        """Whether a mapping is none, or a wrapper that can be resolved."""
        told = [name for name in (READING, BY_PLAN) if name in tree]
        if not told:
            return True
        if len(tree) > 1 or not steps:
            message = f"`{told[0]}` stands beside other members"
            self.note("wrapper-misplaced", steps, message, "a wrapper stands alone")
            return False
        value, below = tree[told[0]], (*steps, told[0])
        if told[0] == READING:
            return self._named(value, below)
        if not isinstance(value, dict):
            self.note("wrong-value", below, "a mapping of plans is asked", "{by_plan: {PLAN: X}}")
            return False
        if is_wrapper(value):
            self.note("wrapper-misplaced", below, "the plans stand here themselves", "name them")
            return False
        return True

    def _named(self, value: Any, steps: Steps) -> bool:
        if not isinstance(value, str):
            message = "the id of an interpretation is asked"
            code = "wrapper-misplaced" if isinstance(value, dict) else "wrong-value"
            self.note(code, steps, message, "{reading: ID}")
            return False
        if value not in self.options:
            message = f"no interpretation `{value}`"
            fix = nearest(value, self.options) if self.options else "add the interpretation"
            self.note("unknown-reading", steps, message, fix)
            return False
        return True

    def circles(self) -> None:
        """Options that lead back to themselves."""
        leads = {
            name: set().union(*(_readings(value) for value in options.values()))
            for name, options in self.options.items()
        }
        for place, each in interpretations(self.tree):
            reached, ahead = set[str](), [each["id"]]
            while ahead:
                for name in leads.get(ahead.pop(), set()) - reached:
                    reached.add(name)
                    ahead.append(name)
            if each["id"] in reached:
                message = f"the options of `{each['id']}` lead back to it"
                self.note("reading-circle", ("interpretations", place), message, "break the circle")


def _readings(tree: Any) -> set[str]:
    """The interpretations that a value names."""
    if isinstance(tree, dict):
        if is_wrapper(tree) and isinstance(tree.get(READING), str):
            return {tree[READING]}
        return set().union(*(_readings(each) for each in tree.values()))
    return set().union(*(_readings(each) for each in tree)) if isinstance(tree, list) else set()
