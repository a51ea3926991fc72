"""Services, what is measured of them, and what is excused (terms.md 2.10 to 2.15)."""

# ruff: noqa: RUF009 - need() and may() make dataclass fields, new ones for each member
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.terms_calendars import Names, Period, a_period, any_or_all
from schemas.terms_clocks import a_strength
from schemas.terms_edges import (
    ONE_OF_A_SIDE,
    SOME_WORD,
    Edge,
    check_edge,
    edge_of_length,
    edge_of_percent,
)
from schemas.terms_matrices import AVAILABILITY, EXCLUSION_KINDS, EXCLUSIONS, MEASURES, judged
from schemas.terms_reading import (
    At,
    Reader,
    exactly_one,
    listed,
    may,
    need,
    part,
    unread,
    word_or,
)
from schemas.terms_shapes import by_word, only_one, shaped, with_its
from schemas.terms_values import (
    a_name,
    a_number,
    a_percent,
    a_text,
    boolean,
    either,
    ident,
    length,
    positive,
    ref,
    refs,
    share_of_one,
    whole,
    word,
    words,
)

LEVELS = ("outage", "degraded")


@dataclass(frozen=True)
class Service:
    """What can be measured."""

    id: str = need(ident)
    text: str | None = may(a_text)
    clause: str | None = may(a_text)


@dataclass(frozen=True)
class Counted:
    """Windows of a counter whose failure rate fits an edge of percent."""

    counter: str = need(a_name)
    below: str | None = may(unread)
    at_most: str | None = may(unread)
    at_least: str | None = may(unread)
    above: str | None = may(unread)
    minimum_total: str | None = may(whole)
    window: str | None = may(length)


def _rate(made: Counted, at: At) -> Counted:
    check_edge(made, at, a_percent)
    return made


@shaped(lambda draw: draw.here(listed(condition)))
def _conditions(raw: Any, at: At) -> Any:
    return listed(condition)(raw, at)


@dataclass(frozen=True)
class Condition:
    """When something is down: one of the rows of 2.13."""

    any: tuple[Condition, ...] | None = may(_conditions)
    all: tuple[Condition, ...] | None = may(_conditions)
    at_least: str | None = may(whole)
    of: tuple[Condition, ...] | None = may(_conditions)
    incident: tuple[str, ...] | None = may(words(*LEVELS))
    share: Edge | None = may(edge_of_percent)
    probe: str | None = may(a_name)
    counted: Counted | None = may(part(Counted, _rate, SOME_WORD, *ONE_OF_A_SIDE, of=a_percent))


def _one_condition(made: Condition, at: At) -> Condition:
    exactly_one(made, at, ("any", "all", "of", "incident", "probe", "counted"))
    for extra, main in (("at_least", "of"), ("share", "incident")):
        if _told(at, extra) and not _told(at, main):
            at.down(extra).report("wrong-value", f"`{extra}` goes with `{main}`", "remove it")
    if _told(at, "of") and not _told(at, "at_least"):
        at.missing("at_least")
    return made


def _told(at: At, member: str) -> bool:
    return (*at.steps, member) in at.where.origins


condition: Reader = part(
    Condition,
    _one_condition,
    only_one("any", "all", "of", "incident", "probe", "counted"),
    with_its("at_least", "of"),
    with_its("of", "at_least"),
    with_its("share", "incident"),
)


@dataclass(frozen=True)
class Count:
    """Clock-aligned units, and when one is down."""

    unit: str = need(positive(length))
    down: Edge = need(edge_of_length)


@dataclass(frozen=True)
class IntervalAverage:
    """The mean of the success rates of intervals."""

    interval: str = need(positive(length))
    counter: str = need(a_name)
    no_traffic: str = need(word("up", "skip"))


@dataclass(frozen=True)
class RequestRatio:
    """Requests that did not fail, of all."""

    counter: str = need(a_name)


@dataclass(frozen=True)
class Attainment:
    """Deadlines of clocks that were met, of all."""

    clocks: tuple[str, ...] = need(refs("clock"))


@dataclass(frozen=True)
class Target:
    """A number with its edge word."""

    at_least: str | None = may(a_percent)
    above: str | None = may(a_percent)


def _one_target(made: Target, at: At) -> Target:
    exactly_one(made, at, ("at_least", "above"))
    return made


@dataclass(frozen=True)
class Availability:
    """A measured promise about services."""

    id: str = need(ident)
    services: tuple[str, ...] | None = may(listed(ref("service")))
    across: str | None = may(word("each", "sum"), "each")
    period: str | Period = need(a_period)
    measure: str | None = need(word(*MEASURES))
    view: str | None = may(word("customer", "everyone"), "customer")
    down_when: Condition | None = may(condition)
    degraded_weight: str | None = may(share_of_one)
    minimum_duration: str | None = may(length, "0s")
    count: str | Count | None = may(word_or(("exact",), part(Count), "exact or a unit"), "exact")
    measured_in: str | None = may(either(ref("calendar"), "always"), "always")
    interval_average: IntervalAverage | None = may(part(IntervalAverage))
    request_ratio: RequestRatio | None = may(part(RequestRatio))
    attainment: Attainment | None = may(part(Attainment))
    no_data: str = need(word("unknown", "up", "down"))
    excused: str = need(word("counted_as_up", "removed"))
    target: str | Target = need(
        word_or(
            ("none",),
            part(Target, _one_target, only_one("at_least", "above")),
            "none, {at_least: 99.9} or {above: 99.9}",
        )
    )
    strength: str = need(a_strength)
    clause: str | None = may(a_text)


def _by_measure(made: Availability, at: At) -> Availability:
    if made.measure is None:
        return made
    return judged(made, at, AVAILABILITY, MEASURES.index(made.measure))


availability: Reader = part(Availability, _by_measure, *by_word("measure", MEASURES, AVAILABILITY))


@dataclass(frozen=True)
class Quota:
    """So many hours are excused, per month or year."""

    hours: str = need(a_number)
    per: str = need(word("month", "year"))


@dataclass(frozen=True)
class Notice:
    """How long before, and where it must be published."""

    at_least: str | None = may(length)
    above: str | None = may(length)
    channels: Names | None = may(any_or_all, "{any: [any]}")


def _one_notice(made: Notice, at: At) -> Notice:
    exactly_one(made, at, ("at_least", "above"))
    return made


@dataclass(frozen=True)
class Tests:
    """What an announcement must show."""

    cause_recorded: bool | None = may(boolean)
    minimum_customers: str | None = may(whole)


@dataclass(frozen=True)
class PartyReports:
    """Only while the party itself reports."""

    states: tuple[str, ...] = need(words(*LEVELS))
    as_: str = need(word("published", "claimed"))
    components: tuple[str, ...] | None = may(listed(a_name))


@dataclass(frozen=True)
class Exclusion:
    """What is excused; names in `for` of what the plan switches off stay, and meet nothing."""

    id: str = need(ident)
    kind: str | None = need(word(*EXCLUSION_KINDS))
    for_: tuple[str, ...] | None = may(listed(ref("availability")))
    excused: str | None = may(word("counted_as_up", "removed", "removed_window"))
    quota: Quota | None = may(part(Quota))
    maintenance: str | None = may(word("scheduled", "emergency"))
    notice: str | Notice | None = may(
        word_or(
            ("none",),
            part(Notice, _one_notice, only_one("at_least", "above")),
            "none or {at_least: 48h}",
        )
    )
    tests: Tests | None = may(part(Tests))
    cause: str | None = may(
        word(
            "provider", "customer", "third_party", "upstream", "force_majeure", "connectivity",
            "suspension", "beta",
        )
    )  # fmt: skip
    parties: tuple[str, ...] | None = may(listed(a_name))
    while_party_reports: PartyReports | None = may(part(PartyReports))
    requires_up: tuple[str, ...] | None = may(listed(a_name))
    clause: str | None = may(a_text)


def _by_kind(made: Exclusion, at: At) -> Exclusion:
    if made.kind is None:
        return made
    return judged(made, at, EXCLUSIONS, EXCLUSION_KINDS.index(made.kind))


exclusion: Reader = part(Exclusion, _by_kind, *by_word("kind", EXCLUSION_KINDS, EXCLUSIONS))
