"""A contract as plain frozen models, wrappers gone (terms.md 2).

Members are named as in terms.md (`from_`, `for_`, `raise_`, `as_` where Python has the word).
Scalars are their source text, so that answers can show what the contract says; booleans are bool.
What is left out is None, a list of elements is empty.
"""

# ruff: noqa: RUF009 - need() and may() make dataclass fields, new ones for each member
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from schemas.terms_calendars import Calendar, Zones, by_id, calendars
from schemas.terms_clocks import Clock, clock
from schemas.terms_credits import Credit, credit
from schemas.terms_meant import nearest
from schemas.terms_measures import (
    Availability,
    Exclusion,
    Service,
    availability,
    exclusion,
)
from schemas.terms_reading import (
    At,
    Steps,
    TermsError,
    Where,
    elements,
    may,
    members,
    need,
    part,
    unique,
)
from schemas.terms_rights import Pool, Right
from schemas.terms_shapes import PLAIN, Drawing, Schema, named, shaped, told
from schemas.terms_values import a_text, ident, moment, text_hash, word

__all__ = ["Contract", "TermsError", "read_contract"]


@dataclass(frozen=True)
class Source:
    """Where the words come from."""

    title: str = need(a_text)
    document: str = need(a_text)
    text_sha256: str = need(text_hash)


@dataclass(frozen=True)
class Effective:
    """When a version takes force."""

    from_: str | None = may(moment)


@dataclass(frozen=True)
class Severity:
    """A word that tickets carry."""

    id: str = need(ident)
    text: str | None = may(a_text)
    clause: str | None = may(a_text)


_HOW = word("from_start", "forward", "keep")


@dataclass(frozen=True)
class SeverityChange:
    """What a change of a ticket's severity does."""

    raise_: str | None = may(_HOW, "from_start")
    lower: str | None = may(_HOW, "from_start")


@dataclass(frozen=True)
class Plan:
    """What can be subscribed."""

    text: str | None = may(a_text)
    clause: str | None = may(a_text)


@dataclass(frozen=True)
class Obligation:
    """A promise without a number."""

    id: str = need(ident)
    text: str = need(a_text)
    clause: str | None = may(a_text)


_ANSWER: Schema = {"$ref": "#/definitions/answer"}
_ANSWER_SHAPE: Schema = {
    "type": ["string", "number", "boolean", "array", "object"],
    "items": _ANSWER,
    "additionalProperties": _ANSWER,
    "if": {"type": "object", "anyOf": [told("reading"), told("by_plan")]},
    "then": {
        "properties": {"reading": {"$ref": "#/definitions/id"}, "by_plan": {"type": "object"}},
        "maxProperties": 1,
    },
}


@shaped(named("answer", "Of the type of every place where the reading stands.", _ANSWER_SHAPE))
def _as_written(raw: Any, _at: At) -> Any:
    return raw


@dataclass(frozen=True)
class Interpretation:
    """An open question and its answers; the answers stay as written."""

    id: str = need(ident)
    clause: str | None = may(a_text)
    question: str = need(a_text)
    options: Mapping[str, Any] = need(by_id(_as_written))
    chosen: str = need(ident)
    basis: str | None = may(a_text)


@dataclass(frozen=True, eq=False)
class Contract:
    """One version of a contract for one plan, under one choice of readings.

    `refused` are the places (in the document as written) of members that a matrix refuses: they
    are read and have no effect (1.7).
    """

    contract: str = need(ident)
    version: str = need(ident)
    provider: str = need(a_text)
    source: Source = need(part(Source))
    effective: Effective = need(part(Effective))
    supersession: str = need(word("frozen_for_term", "on_notice"))
    plan_change: str | None = may(word("cut", "whole_period_best", "whole_period_last"), "cut")
    zones: Zones = need(part(Zones, None, told("deadlines")))
    calendars: Mapping[str, Calendar] | None = may(calendars)
    severities: tuple[Severity, ...] = may(elements(part(Severity)), empty=())
    severity_change: SeverityChange | None = may(part(SeverityChange))
    plans: Mapping[str, Plan] | None = may(by_id(part(Plan)))
    clocks: tuple[Clock, ...] = may(elements(clock), empty=())
    services: tuple[Service, ...] = may(elements(part(Service)), empty=())
    availability: tuple[Availability, ...] = may(elements(availability), empty=())
    exclusions: tuple[Exclusion, ...] = may(elements(exclusion), empty=())
    credits: tuple[Credit, ...] = may(elements(credit), empty=())
    pools: tuple[Pool, ...] = may(elements(part(Pool)), empty=())
    rights: tuple[Right, ...] = may(elements(part(Right)), empty=())
    obligations: tuple[Obligation, ...] = may(elements(part(Obligation)), empty=())
    interpretations: tuple[Interpretation, ...] = may(elements(part(Interpretation)), empty=())
    refused: tuple[Steps, ...] = ()


def _whole(made: Contract, at: At) -> Contract:
    """What concerns several members: one name space, and the zone that claims need."""
    tree = at.where.tree
    origins = at.where.origins
    if ("zones",) in origins and ("zones", "deadlines") not in origins:
        if any(each.claim not in (None, "none") for each in made.credits or ()):
            message = "claims have deadlines, and no zone gives their dates"
            at.down("zones").report("claim-without-zone", message, "name `zones.deadlines`")
        else:
            at.down("zones").missing("deadlines")
    if isinstance(tree, dict) and made.clocks:
        taken = {each.id for each in made.clocks if each.id is not None}
        again = [{"id": each.id if each.id in taken else None} for each in made.availability or ()]
        unique(again, at.down("availability"), taken)
    return replace(made, refused=tuple(at.where.refused))


_contract = part(Contract, _whole)


def contract_schema() -> Schema:
    """JSON Schema of a contract as it is written, for editors."""
    parts: dict[str, Schema] = {}
    contract = Drawing(parts, plain=(*PLAIN, "interpretations")).here(_contract)
    return (
        {"$schema": "http://json-schema.org/draft-07/schema#"}
        | contract
        | {"definitions": dict(sorted(parts.items()))}
    )


def read_contract(plain: Any, where: Where) -> Contract | None:
    """The contract of a plain tree; None, and the faults in `where.errors`, where it has any."""
    made: Contract | None = _contract(plain, At(where))
    return None if where.errors else made


def read_sections(
    plain: Mapping[str, Any], where: Where, numbers: Mapping[str, int], kept: dict[Any, Any]
) -> None:
    """Gather in `where.errors` what `read_contract` would.

    Members of one number are alike; with the same ids around them they are read once.
    """
    at, known = At(where), members(Contract)
    around = tuple(
        (kind, frozenset(ids))
        for names in (where.live, where.written)
        for kind, ids in names.items()
    )
    values: dict[str, Any] = {}
    for name, value in plain.items():
        if name not in known:
            fix = nearest(name, known)
            at.down(name).report("unknown-member", f"`{name}` is no member here", fix)
            continue
        label, reader, _ = known[name]
        key = (name, numbers.get(name), around)
        if key not in kept:
            before = len(where.errors)
            kept[key] = reader(value, at.down(name)), tuple(where.errors[before:])
        else:
            where.errors += kept[key][1]
        values[label] = kept[key][0]
    for name, (_, _, required) in known.items():
        if required and name not in plain:
            at.missing(name)
    _whole(Contract(**values), at)
