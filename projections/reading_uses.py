"""Where contracts use their readings: which of them may touch money (terms.md 1.5).

Read from the documents as written, so that a reading inside an option that is not chosen counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schemas.terms_wrappers import READING, is_wrapper, options_of

if TYPE_CHECKING:
    from projections.terms import Agreements, Span

_NEVER_PAYS = frozenset({"rights", "obligations"})
_ONLY_CLOCKS = frozenset({"clocks", "severities", "severity_change"})
_NO_CLOCKS = frozenset({"availability", "credits", "exclusions", "plan_change", "pools"})
_OPTIONS = "interpretations"
_DATES = frozenset({"measured_in", "calendar"})
"""Members that name a calendar where no clock does: open hours and business days of claims."""


@dataclass(frozen=True, slots=True)
class MayPay:
    """Readings on which some credit may rest, and those of them on which a paying clock may."""

    readings: frozenset[str]
    of_clocks: frozenset[str]


def may_pay(agreements: Agreements, subscriptions: Collection[str]) -> MayPay:
    """The readings in the contracts of some subscriptions that may touch a credit.

    Clocks, and what only clocks look at, count where a credit or an attainment names a clock.
    """
    readings: set[str] = set()
    of_clocks: set[str] = set()
    for laid in _documents(agreements, subscriptions):
        clocks = _clocks_pay(laid)
        dates = clocks or _names_calendar(laid)
        for name, sections in uses(laid).items():
            pays = sections - _NEVER_PAYS - (frozenset() if dates else {"calendars"})
            if pays - (frozenset() if clocks else _ONLY_CLOCKS):
                readings.add(name)
            if clocks and pays - _NO_CLOCKS:
                of_clocks.add(name)
    return MayPay(frozenset(readings), frozenset(of_clocks))


def open_readings(
    agreements: Agreements, subscriptions: Collection[str], wanted: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """The options of each interpretation wanted, without the one that always held."""
    options: dict[str, set[str]] = {}
    held: dict[str, set[str | None]] = {}
    for span in _spans(agreements, subscriptions):
        assert span.published is not None
        for name, several in options_of(span.published.data["terms"]).items():
            options.setdefault(name, set()).update(several)
        told = agreements.decisions(span.contract, span.customer)
        for moment in {span.start, *(fact.effective_at for fact in told)}:
            terms = agreements.terms(span, moment)
            for name in options:
                taken = None if terms is None else terms.readings.get(name)
                held.setdefault(name, set()).add(taken)
    found = {}
    for name in sorted(options.keys() & set(wanted)):
        always = held[name] if len(held[name]) == 1 else set()
        others = tuple(sorted(options[name] - always))
        if others:
            found[name] = others
    return found


def uses(document: Mapping[str, Any]) -> dict[str, set[str]]:
    """The members of a contract in which each reading stands, also inside other readings."""
    direct: dict[str, set[str]] = {}
    inside: dict[str, set[str]] = {}
    for section, tree in document.items():
        if section != _OPTIONS:
            for name in _named(tree):
                direct.setdefault(name, set()).add(section)
    for name, several in options_of(document).items():
        for other in _named(several):
            inside.setdefault(other, set()).add(name)
    while True:
        before = sum(map(len, direct.values()))
        for other, names in inside.items():
            for name in names:
                direct.setdefault(other, set()).update(direct.get(name, ()))
        if sum(map(len, direct.values())) == before:
            return direct


def _spans(agreements: Agreements, subscriptions: Collection[str]) -> Iterator[Span]:
    for name in sorted(subscriptions):
        yield from (each for each in agreements.spans_of(name) if each.published is not None)


def _documents(
    agreements: Agreements, subscriptions: Collection[str]
) -> Iterator[Mapping[str, Any]]:
    """Every document that ever bound, with the values of its overrides beside its members."""
    seen: set[Any] = set()
    for span in _spans(agreements, subscriptions):
        assert span.published is not None
        key = span.published.order, repr(span.overrides)
        if key in seen:
            continue
        seen.add(key)
        document: dict[str, Any] = dict(span.published.data["terms"])
        for number, each in enumerate(span.overrides):
            section = str(each["path"]).split(".")[0].split("[")[0]
            if section != _OPTIONS:
                written = document.get(section)
                document[section] = {"written": written, f"override-{number}": each["value"]}
        yield document


def _named(tree: Any) -> Iterator[str]:
    """The readings that a tree names."""
    if is_wrapper(tree) and READING in tree:
        yield str(tree[READING])
    elif isinstance(tree, Mapping):
        for each in tree.values():
            yield from _named(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from _named(each)


def _clocks_pay(document: Mapping[str, Any]) -> bool:
    """Whether a credit may be for a clock, or an availability counts what clocks attain."""
    clocks = {str(each) for name, each in _members(document.get("clocks")) if name == "id"}
    named = set(_texts([document.get("credits"), document.get(_OPTIONS)]))
    measured = _members([document.get("availability"), document.get(_OPTIONS)])
    return bool(clocks & named) or any(name == "attainment" for name, _ in measured)


def _names_calendar(document: Mapping[str, Any]) -> bool:
    told = [document.get(name) for name in ("availability", "credits", _OPTIONS)]
    return any(name in _DATES and each != "always" for name, each in _members(told))


def _members(tree: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, Mapping):
        for name, each in tree.items():
            yield str(name), each
            yield from _members(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from _members(each)


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for each in tree.values():
            yield from _texts(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from _texts(each)
    elif isinstance(tree, str):
        yield tree
