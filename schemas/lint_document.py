"""The document as written: plans that wrappers name, readings that nobody uses (terms.md 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas.lint_layout import Layout, Node, Steps, Told
from schemas.terms_meant import nearest
from schemas.terms_wrappers import BY_PLAN, READING, interpretations, is_wrapper, options_of
from schemas.terms_wrappers import readings_of as chosen_of

_EVERY_PLAN = ("zones", "plan_change", "severity_change", "calendars")
Options = tuple[tuple[str, str], ...]


def document_findings(tree: Node) -> Iterator[tuple[Told, Options]]:
    """Each finding with the options, not chosen, under which alone it is one."""
    yield from _plans(tree)
    for told in _interpretations(tree):
        yield told, ()


def _plans(tree: Node) -> Iterator[tuple[Told, Options]]:
    plans = set(tree.get("plans", {}))
    for name, value in tree.items():
        if name == "interpretations":
            continue
        for steps, wrapper, options in _wrappers(tree, value, (name,), ()):
            told = wrapper[BY_PLAN]
            for plan in told:
                if plan not in plans:
                    here = (*steps, BY_PLAN, plan)
                    message = f"there is no plan `{plan}`"
                    yield Told("unknown-plan", here, message, nearest(plan, plans)), options
            missing = sorted(plans - set(told))
            if name in _EVERY_PLAN and missing:
                message = "left out: " + ", ".join(f"`{plan}`" for plan in missing)
                yield Told("by-plan-incomplete", steps, message, "list every plan"), options


def _wrappers(
    tree: Node, value: Any, at: Steps, under: Options
) -> Iterator[tuple[Steps, Node, Options]]:
    """Every `by_plan` that a place leads to, with the options not chosen on the way."""
    if is_wrapper(value) and READING in value:
        name = value[READING]
        place = next(n for n, each in interpretations(tree) if each["id"] == name)
        for option, answer in options_of(tree)[name].items():
            here = ("interpretations", place, "options", option)
            other = () if chosen_of(tree)[name] == option else ((name, option),)
            yield from _wrappers(tree, answer, here, (*under, *other))
        return
    if is_wrapper(value):
        yield at, value, under
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _wrappers(tree, each, (*at, name), under)
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from _wrappers(tree, each, (*at, place), under)


def _interpretations(tree: Node) -> Iterator[Told]:
    used = _used(tree)
    for place, each in interpretations(tree):
        if each["id"] in used:
            continue
        at: Steps = ("interpretations", place)
        if len(each["options"]) > 1:
            message = f"no reading uses `{each['id']}`"
            yield Told("unused-interpretation", at, message, "remove it, or use it")
        else:
            message = f"`{each['id']}` is decided for the record"
            yield Told("recorded-only", at, message, "none is needed")


def _used(tree: Node) -> set[str]:
    """The interpretations that the document reads, through options of others too."""
    options = options_of(tree)
    ahead = list(_readings({name: x for name, x in tree.items() if name != "interpretations"}))
    used = set[str]()
    while ahead:
        name = ahead.pop()
        if name not in used:
            used.add(name)
            ahead += _readings(options.get(name, {}))
    return used


def _readings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if is_wrapper(value) and READING in value:
            yield value[READING]
        else:
            for each in value.values():
                yield from _readings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _readings(each)


def eligible_plans(layout: Layout) -> Iterator[Told]:
    """Plans that `eligibility` names and the document does not have."""
    plans = layout.written.get("plans", {})
    for at, credit in layout.each("credits"):
        for place, plan in enumerate(credit.get("eligibility", {}).get("plans", [])):
            if plan not in plans:
                here = (*at, "eligibility", "plans", place)
                message = f"there is no plan `{plan}`"
                yield Told("unknown-plan", here, message, nearest(plan, plans))
