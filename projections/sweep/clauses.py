"""An availability and its exclusions, read from a resolved contract into plain values (terms 2.11).

What is asked of the sweep is here; what happened is in `signals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from projections.money.clauses_read import exact, member
from projections.sweep.plan import Leaf, Node, Plan, Unit

Edge = tuple[tuple[str, Fraction], ...]
"""Edge words with their numbers; all of them hold together."""
_LONGEST = 2**61
"""Microseconds, longer than all instants: a longer unit is no other."""
_WORDS = ("below", "at_most", "at_least", "above")


def edge(element: Any) -> Edge:
    """The edge words of an element, lengths in microseconds."""
    return tuple(
        (word, exact(member(element, word))) for word in _WORDS if member(element, word) is not None
    )


def fits(words: Edge, value: Fraction) -> bool:
    """Whether a value fits all words of an edge."""
    tests = {
        "below": value.__lt__,
        "at_most": value.__le__,
        "at_least": value.__ge__,
        "above": value.__gt__,
    }
    return all(tests[word](limit) for word, limit in words)


@dataclass(frozen=True, slots=True)
class IncidentLeaf:
    """Down while an incident has an impact of a listed level and a share that fits (S6.11)."""

    levels: frozenset[str]
    share: Edge


@dataclass(frozen=True, slots=True)
class ProbeLeaf:
    """Down while this probe fails."""

    probe: str


@dataclass(frozen=True, slots=True)
class CountedLeaf:
    """Down in windows of a counter whose failure rate fits (S6.16, S6.18)."""

    counter: str
    rate: Edge
    minimum_total: int
    window: int | None


AnyLeaf = IncidentLeaf | ProbeLeaf | CountedLeaf


@dataclass(frozen=True, slots=True)
class Notice:
    """How long before a stretch it must be published, and where (S7.13)."""

    length: Edge
    every: bool
    channels: frozenset[str] | None  # None: any channel, or every one that has published


@dataclass(frozen=True, slots=True)
class Reports:
    """`while_party_reports` (S7.27, S7.28)."""

    states: frozenset[str]
    claimed: bool
    components: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One exclusion for one availability; `how` is its own `excused`, else the availability's."""

    id: str
    kind: str
    how: str
    quota: int | None
    quota_per: str
    maintenance: str | None
    notice: Notice | str | None
    cause_recorded: bool
    minimum_customers: int | None
    cause: str | None
    parties: frozenset[str] | None
    reports: Reports | None
    requires_up: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """An availability as the sweep asks it."""

    id: str
    measure: str
    plan: Plan
    leaves: tuple[AnyLeaf, ...]
    exclusions: tuple[Exclusion, ...]
    everyone: bool
    no_data: str
    degraded_weight: Fraction
    calendar: str | None
    counter: str | None
    interval: int
    skips: bool
    clocks: tuple[str, ...]
    target: Edge
    target_text: str | None
    summed: bool

    @property
    def ratio(self) -> bool:
        """A measure without downtime (S6.91)."""
        return self.measure in ("interval_average", "request_ratio", "attainment")


def asked(document: Any, availability: Any) -> Asked:
    """An availability of a resolved document with the exclusions that are for it (S7.2)."""
    leaves: list[AnyLeaf] = []
    measure = str(availability.measure)
    condition = member(availability, "down_when")
    has_downtime = condition is not None and measure in ("downtime", "weighted_downtime")
    tree = _tree(condition, leaves) if has_downtime else Node(1, ())
    exclusions = tuple(
        _exclusion(one, str(availability.excused))
        for one in document.exclusions or ()
        if not member(one, "for_") or str(availability.id) in {str(each) for each in one.for_}
    )
    minimum = member(availability, "minimum_duration")
    plan = Plan(
        tree,
        len(leaves),
        tuple(one.id for one in exclusions),
        tuple(one.how for one in exclusions),
        0 if minimum is None else int(exact(minimum)),
        _unit(member(availability, "count")),
        measure == "weighted_downtime",
    )
    average, ratio = member(availability, "interval_average"), member(availability, "request_ratio")
    attained = member(availability, "attainment")
    of_measure = average if measure == "interval_average" else ratio
    weight = member(availability, "degraded_weight")
    calendar = member(availability, "measured_in")
    words = edge(availability.target) if _is_edge(availability.target) else ()
    return Asked(
        str(availability.id),
        measure,
        plan,
        tuple(leaves),
        exclusions,
        str(member(availability, "view") or "customer") == "everyone",
        str(availability.no_data),
        Fraction(1) if weight is None else exact(weight),
        None if calendar is None or str(calendar) == "always" else str(calendar),
        None if of_measure is None else str(member(of_measure, "counter")),
        0 if average is None else int(exact(average.interval)),
        average is not None and str(average.no_traffic) == "skip",
        () if attained is None else tuple(str(one) for one in attained.clocks),
        words,
        _edge_text(availability.target) if words else None,
        str(member(availability, "across") or "each") == "sum",
    )


def _is_edge(target: Any) -> bool:
    return not isinstance(target, str) and any(member(target, w) is not None for w in _WORDS)


def _edge_text(element: Any) -> str:
    """An edge as the contract writes it, its word in front (I3)."""
    said = [(word, member(element, word)) for word in _WORDS if member(element, word) is not None]
    return " ".join(f"{word} {getattr(value, 'text', value)}" for word, value in said)


def _tree(condition: Any, leaves: list[AnyLeaf]) -> Leaf | Node:
    inner = [member(condition, name) for name in ("any", "all", "of")]
    for place, several in enumerate(inner):
        if several is None:
            continue
        of = tuple(_tree(one, leaves) for one in several)
        need = (1, len(of), 0)[place]
        return Node(int(exact(condition.at_least)) if place == 2 else need, of)
    leaves.append(_leaf(condition))
    return Leaf(len(leaves) - 1)


def _leaf(condition: Any) -> AnyLeaf:
    if member(condition, "probe") is not None:
        return ProbeLeaf(str(condition.probe))
    counted = member(condition, "counted")
    if counted is not None:
        total, window = member(counted, "minimum_total"), member(counted, "window")
        return CountedLeaf(
            str(counted.counter),
            edge(counted),
            0 if total is None else int(exact(total)),
            None if window is None else int(exact(window)),
        )
    share = member(condition, "share")
    levels = frozenset(str(one) for one in condition.incident)
    return IncidentLeaf(levels, () if share is None else edge(share))


def _unit(count: Any) -> Unit | None:
    if count is None or member(count, "unit") is None:
        return None
    words = {word: min(int(limit), _LONGEST) for word, limit in edge(count.down)}
    return Unit(min(int(exact(count.unit)), _LONGEST), **words)


def _names(listed: Any) -> frozenset[str] | None:
    return frozenset(str(one) for one in listed) if listed else None  # an empty list says nothing


def _exclusion(one: Any, how: str) -> Exclusion:
    quota, tests = member(one, "quota"), member(one, "tests")
    reports = member(one, "while_party_reports")
    minimum = None if tests is None else member(tests, "minimum_customers")
    return Exclusion(
        str(one.id),
        str(one.kind),
        str(member(one, "excused") or how),
        None if quota is None else int(exact(quota.hours) * 3_600_000_000),
        "month" if quota is None else str(quota.per),
        None if member(one, "maintenance") is None else str(one.maintenance),
        _notice(member(one, "notice")),
        tests is not None and str(member(tests, "cause_recorded")).lower() == "true",
        None if minimum is None else int(exact(minimum)),
        None if member(one, "cause") is None else str(one.cause),
        _names(member(one, "parties")),
        None if reports is None else _reports(reports),
        _names(member(one, "requires_up")) or frozenset(),
    )


def _reports(reports: Any) -> Reports:
    # `as` is a word of Python: the model may write it with a tail
    how = member(reports, "as_") or member(reports, "as")
    states = frozenset(str(state) for state in reports.states)
    return Reports(states, str(how) == "claimed", _names(member(reports, "components")))


def _notice(notice: Any) -> Notice | str | None:
    if notice is None:
        return None
    if not any(member(notice, word) is not None for word in ("at_least", "above")):
        return "none"
    channels = member(notice, "channels")
    every = channels is not None and member(channels, "all") is not None
    listed = None if channels is None else member(channels, "all" if every else "any")
    names = _names(listed)
    return Notice(edge(notice), every, None if names is None or "any" in names else names)
