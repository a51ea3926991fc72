"""Errors of form: what makes a contract document invalid (terms.md 1.7).

A document is read for every plan with the chosen options, then for each other option, changed
alone: wrong anywhere is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from schemas.resolve import Resolved, resolve
from schemas.terms_reading import Steps, TermsError
from schemas.terms_wrappers import options_of, readings_of, wrapper_errors


def form_errors(tree: Any) -> TermsError | None:
    """The first error of form, None where there is none."""
    return next(iter(all_form_errors(tree)), None)


def all_form_errors(tree: Any) -> tuple[TermsError, ...]:
    """Every error of form, each place and code once, those of the chosen options first."""
    return _found(json.dumps(tree))


@lru_cache(maxsize=256)
def _found(written: str) -> tuple[TermsError, ...]:
    tree = json.loads(written)
    told = wrapper_errors(tree)
    if told:
        return tuple(told)
    found: dict[tuple[str, Steps, str], TermsError] = {}
    for _, resolved in variants(tree):
        for each in resolved.errors:
            found.setdefault((each.code, each.steps, each.path), each)
    return tuple(found.values())


def variants(tree: Any) -> Iterator[tuple[tuple[str, dict[str, str]], Resolved]]:
    """(plan, options that differ from the chosen) and the document so resolved.

    A contract without plans is read once, for a plan without a name.
    """
    plans = tree.get("plans")
    several = list(plans) if isinstance(plans, dict) and plans else [""]
    chosen = readings_of(tree)
    others: list[dict[str, str]] = [{}]
    for name, options in options_of(tree).items():
        others += [{name: option} for option in options if option != chosen.get(name)]
    for other in others:
        for plan in several:
            yield (plan, other), resolve(tree, plan, other)
