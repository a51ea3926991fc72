"""Clocks, whom they are for, and their targets (terms.md 2.6 to 2.9)."""

# ruff: noqa: RUF009 - need() and may() make dataclass fields, new ones for each member
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from schemas.terms_matrices import CLOCK_KINDS, CLOCKS, judged
from schemas.terms_reading import At, Reader, exactly_one, listed, may, need, part
from schemas.terms_shapes import Schema, by_word, like, only_one, shaped, told
from schemas.terms_values import (
    a_name,
    a_text,
    boolean,
    ident,
    ref,
    target_duration,
    unit_of,
    word,
    words,
)

AUTHORS = ("customer", "agent", "automation")
a_strength: Reader = word("contractual", "target", "best_effort")


@dataclass(frozen=True)
class Only:
    """Which openings a clock or a cell is for."""

    channels: tuple[str, ...] | None = may(listed(a_name))
    tags: tuple[str, ...] | None = may(listed(a_name))
    kinds: tuple[str, ...] | None = may(words("support", "meeting"))
    opened_by: tuple[str, ...] | None = may(words(*AUTHORS))


_one_author, _authors = word(*AUTHORS), words(*AUTHORS)


@shaped(lambda draw: {"anyOf": [draw.here(_one_author), draw.at("anyOf", "1").here(_authors)]})
def _author(raw: Any, at: At) -> Any:
    return _authors(raw, at) if isinstance(raw, list) else _one_author(raw, at)


@dataclass(frozen=True)
class SatisfiedBy:
    """Which message counts."""

    author: str | tuple[str, ...] = need(_author)
    public: bool | None = may(boolean)
    content: tuple[str, ...] | None = may(
        words("solution", "question", "update", "acknowledgement", "other")
    )


@dataclass(frozen=True)
class WithinEdge:
    """A target with its edge word: `at_most`, or `below` (reached exactly is too late)."""

    at_most: str | None = may(target_duration)
    below: str | None = may(target_duration)


def _one_edge(made: WithinEdge, at: At) -> WithinEdge:
    exactly_one(made, at, ("at_most", "below"))
    return made


_edge_within = part(WithinEdge, _one_edge, only_one("at_most", "below"))
_NO_NUMBER = ("best_effort", "none")


@shaped(
    lambda draw: {
        "anyOf": [{"enum": list(_NO_NUMBER)}, draw.here(target_duration), draw.here(_edge_within)]
    }
)
def _within(raw: Any, at: At) -> Any:
    if isinstance(raw, dict):
        return _edge_within(raw, at)
    return raw if raw in _NO_NUMBER else target_duration(raw, at)


@dataclass(frozen=True)
class Cell:
    """A target for some severity and openings: the first cell that fits is taken.

    `off`: the plan switches it off (S3.20).
    """

    severity: str | None = may(ref("severity"))
    only: Only | None = may(part(Only))
    within: str | WithinEdge = need(_within)
    calendar: str | None = may(ref("calendar"))
    strength: str | None = may(a_strength)
    clause: str | None = may(a_text)
    off: bool = False


def _on_calendar(made: Cell, at: At) -> Cell:
    within = made.within
    if isinstance(within, WithinEdge):
        within = within.at_most or within.below or ""
    unit = unit_of(within or "")
    if unit in ("bm", "bh", "bd") and (*at.steps, "calendar") not in at.where.origins:
        at.report("business-unit-without-calendar", f"`{unit}` of which calendar?", "name one")
    return made


_IN_OPEN_TIME: Schema = {"type": "string", "pattern": "b[mhd]$"}
_EDGES_IN_OPEN_TIME: list[Schema] = [
    {"type": "object", "properties": {each: _IN_OPEN_TIME}} | told(each)
    for each in ("at_most", "below")
]
_CALENDAR_OF_UNIT: Schema = {
    "if": {"properties": {"within": {"anyOf": [_IN_OPEN_TIME, *_EDGES_IN_OPEN_TIME]}}}
    | told("within"),
    "then": told("calendar"),
}
_cell = part(Cell, _on_calendar, _CALENDAR_OF_UNIT)
_only = part(Only)
_severity = ref("severity")
OFF = "off"
"""The one member of a cell that no document can write: the resolver sets it to `OFF_MARK`."""
OFF_MARK = ("off",)


@shaped(like(_cell))
def _one_cell(raw: Any, at: At) -> Any:
    if isinstance(raw, dict) and raw.get(OFF) is OFF_MARK:
        only = raw.get("only")
        severity = raw.get("severity")
        return Cell(
            severity=None if severity is None else _severity(severity, at.down("severity")),
            only=None if only is None else _only(only, at.down("only")),
            off=True,
        )
    return _cell(raw, at)


@dataclass(frozen=True)
class Clock:
    """A timed promise about tickets."""

    id: str = need(ident)
    kind: str | None = need(word(*CLOCK_KINDS))
    only: Only | None = may(part(Only))
    satisfied_by: SatisfiedBy | None = may(part(SatisfiedBy))
    confirmation: str | None = may(word("none", "required"))
    stops_on: str | None = may(word("slot_offered", "slot_held"))
    pauses: tuple[str, ...] = need(
        words("awaiting_customer", "awaiting_third_party", "customer_duty_unmet", "on_hold")
    )
    on_reopen: str | None = may(word("ignore", "continue", "new_instance"))
    on_merge: str | None = may(word("keep_earliest", "keep_own"), "keep_earliest")
    strength: str = need(a_strength)
    targets: tuple[Cell, ...] = need(listed(_one_cell))
    clause: str | None = may(a_text)


def _by_kind(made: Clock, at: At) -> Clock:
    if made.kind is None:
        return made
    made = judged(made, at, CLOCKS, CLOCK_KINDS.index(made.kind))
    if made.kind != "resolution" and made.on_reopen not in (None, "ignore"):
        at.refuse("on_reopen")
        return replace(made, on_reopen=None)
    return made


clock: Reader = part(Clock, _by_kind, *by_word("kind", CLOCK_KINDS, CLOCKS))
