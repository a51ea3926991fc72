"""Pools of credits, and what repeated misses give (terms.md 2.22, 2.23)."""

# ruff: noqa: RUF009 - need() and may() make dataclass fields, new ones for each member
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.terms_credits import Cap, a_cap_list, number_or_length
from schemas.terms_edges import ONE_OF_A_SIDE, SOME_WORD, check_edge
from schemas.terms_reading import At, Reader, exactly_one, listed, may, need, part
from schemas.terms_shapes import only_one, shaped, told, without
from schemas.terms_values import (
    a_text,
    boolean,
    duration,
    either,
    ident,
    length,
    positive,
    ref,
    refs,
    whole,
    word,
)


@dataclass(frozen=True)
class Pool:
    """Credits that meet each other."""

    id: str = need(ident)
    credits: tuple[str, ...] = need(refs("credit"))
    take: str = need(word("largest", "sum", "claimed"))
    caps: tuple[Cap, ...] | None = may(a_cap_list)
    clause: str | None = may(a_text)


@shaped(lambda draw: draw.here(listed(_right_condition)))
def _conditions(raw: Any, at: At) -> Any:
    return listed(_right_condition)(raw, at)


@dataclass(frozen=True)
class RightCondition:
    """A test of periods, or several tests of which any or all must hold."""

    any: tuple[RightCondition, ...] | None = may(_conditions)
    all: tuple[RightCondition, ...] | None = may(_conditions)
    net_downtime: str | None = may(ref("availability"))
    breached: tuple[str, ...] | None = may(refs("clock or availability"))
    below: str | None = may(number_or_length)
    at_most: str | None = may(number_or_length)
    at_least: str | None = may(number_or_length)
    above: str | None = may(number_or_length)
    times: str | None = may(whole, "1")
    of_last: str | None = may(positive(whole), "1")
    in_all: bool | None = may(boolean, "false")
    claimed: bool | None = may(boolean, "false")


_TEST = ("below", "at_most", "at_least", "above", "times", "of_last", "in_all", "claimed")


def _one_test(made: RightCondition, at: At) -> RightCondition:
    found = exactly_one(made, at, ("net_downtime", "breached", "any", "all"))
    if found in ("any", "all"):
        for name_ in filter(lambda each: (*at.steps, each) in at.where.origins, _TEST):
            message = f"`{name_}` goes with a test, not with `{found}`"
            at.down(name_).report("wrong-value", message, "put it into a test")
    elif found is not None:
        unit = length if found == "net_downtime" else whole
        check_edge(made, at, unit, required=found == "net_downtime")
    return made


_right_condition: Reader = part(
    RightCondition,
    _one_test,
    only_one("net_downtime", "breached", "any", "all"),
    {"if": told("net_downtime"), "then": SOME_WORD},
    {"if": {"anyOf": [told("any"), told("all")]}, "then": without(*_TEST)},
    *ONE_OF_A_SIDE,
)


@dataclass(frozen=True)
class Right:
    """What repetition gives."""

    id: str = need(ident)
    text: str = need(a_text)
    when: RightCondition = need(_right_condition)
    exercise_within: str = need(either(duration("d"), "none"))
    clause: str | None = may(a_text)
