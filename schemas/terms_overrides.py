"""Overrides by path, laid over a raw tree (terms.md 1.6), and JSON as such a tree (1.2)."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

from schemas.strict_json import Number
from schemas.terms_reading import Steps, TermsError, path_text

Tree = Any
"""Mappings, lists and texts alone."""
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\]]*)\]")
_PATH = re.compile(r"[^.\[\]]+(?:\.[^.\[\]]+|\[[^\]]*\])*")
_WHOLE = re.compile(r"-?[0-9]+")


def as_text(raw: Any, steps: Steps = ()) -> Tree:
    """JSON's whole numbers and booleans as their text; TermsError `json-number` for others."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, Mapping):
        return {str(name): as_text(value, (*steps, str(name))) for name, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [as_text(value, (*steps, place)) for place, value in enumerate(raw)]
    if isinstance(raw, bool):
        return "true" if raw else "false"
    text = raw.text if isinstance(raw, Number) else str(raw)
    if raw is not None and _WHOLE.fullmatch(text):
        return text
    fix = "leave the member out" if raw is None else "write it as a string"
    found = "null" if raw is None else f"the number {text[:64]}"
    raise TermsError("json-number", path_text(None, steps), f"{found} inside terms", fix, steps)


def overridden(tree: Tree, overrides: Sequence[tuple[str, Any]]) -> tuple[Tree, list[str]]:
    """The tree with overrides laid over it in order, and the paths that met nothing."""
    if not overrides:
        return tree, []
    laid = copy.deepcopy(tree)
    missed = []
    for path, value in overrides:
        steps = [
            (found[1] if found[1] is not None else found[2], found[1] is None)
            for found in _STEP.finditer(path)
        ]
        if not _PATH.fullmatch(path) or not _replace(laid, steps, as_text(value)):
            missed.append(path)
    return laid, missed


def _replace(tree: Tree, steps: Sequence[tuple[str, bool]], value: Tree) -> bool:
    (name, bracketed), rest = steps[0], steps[1:]
    hit = False
    for place in places(tree, name, bracketed=bracketed):
        if rest:
            hit = _replace(tree[place], rest, value) or hit
        else:
            tree[place] = copy.deepcopy(value)
            hit = True
    return hit


def places(tree: Tree, name: str, *, bracketed: bool) -> list[Any]:
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
    if not named and re.fullmatch(r"[0-9]{1,9}", name) and int(name) < len(tree):
        named = [int(name)]
    return named
