"""Errors of form: what makes a contract document invalid (terms.md 1.7).

A document is read for every plan with the chosen options, then for each other option, changed
alone: wrong anywhere is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from schemas.resolve import Kept, errors_under
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
    for errors in _variants(tree):
        for each in errors:
            found.setdefault((each.code, each.steps, each.path), each)
    return tuple(found.values())


def _variants(tree: Any) -> Iterator[tuple[TermsError, ...]]:
    """The errors for every plan under the chosen options, then under each other option alone.

    A contract without plans is read once, for a plan without a name. A plan that never meets a
    reading is not read again for its options.
    """
    plans = tree.get("plans")
    several = list(plans) if isinstance(plans, dict) and plans else [""]
    chosen = readings_of(tree)
    met: dict[str, frozenset[str]] = {}
    kept = Kept()
    for plan in several:
        told, met[plan] = errors_under(tree, plan, {}, kept)
        yield told
    for name, options in options_of(tree).items():
        for option in options:
            if option != chosen.get(name):
                for plan in several:
                    if name in met[plan]:
                        yield errors_under(tree, plan, {name: option}, kept)[0]
