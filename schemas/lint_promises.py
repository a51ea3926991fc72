"""Availabilities and exclusions: what no credit is for, what no event can prove (terms.md 5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations
from typing import Any

from schemas.lint_layout import Layout, Node, Steps, Told

Signals = frozenset[tuple[str, str]]


def promise_findings(
    layout: Layout, without_billing_day: Collection[str] | None = None
) -> Iterator[Told]:
    """The findings of a layout's availabilities, clocks as promises, and exclusions."""
    yield from _without_credit(layout)
    yield from _shared(layout)
    yield from _billing(layout, without_billing_day)
    for at, exclusion in layout.each("exclusions"):
        yield from _unprovable(at, exclusion)


def _paying(layout: Layout) -> dict[str, list[str]]:
    """The credits with money for each availability and clock."""
    found: dict[str, list[str]] = {}
    for _, credit in layout.each("credits"):
        if credit["formula"] != "none":
            for name in credit["for"]:
                found.setdefault(name, []).append(credit["id"])
    return found


def _without_credit(layout: Layout) -> Iterator[Told]:
    paying = _paying(layout)
    levels = _levels(layout)
    for kind in ("clocks", "availability"):
        for at, promise in layout.each(kind):
            binding = promise["strength"] == "contractual" and promise.get("target") != "none"
            measured = levels.get(promise["id"], [])
            if binding and not any(name in paying for name in (promise["id"], *measured)):
                message = f"the contractual target of `{promise['id']}` has no credit"
                fix = "a credit, or `strength: target`"
                if measured:
                    fix = f"a credit, of its own or of `{measured[0]}`, which counts it"
                yield Told("target-without-credit", at, message, fix)


def _levels(layout: Layout) -> dict[str, list[str]]:
    """The attainments that count each clock: only a contractual one is counted (S6.75)."""
    found: dict[str, list[str]] = {}
    for _, each in layout.each("availability"):
        if each["measure"] == "attainment":
            for name in each["attainment"]["clocks"]:
                found.setdefault(name, []).append(each["id"])
    return found


def signals_of(availability: Node) -> Signals:
    """What an availability is measured by."""
    measure = availability["measure"]
    if measure in ("interval_average", "request_ratio"):
        return frozenset({("counter", str(availability[measure]["counter"]))})
    return frozenset(_signals(availability.get("down_when", {})))


def _signals(condition: Any) -> Iterator[tuple[str, str]]:
    if "incident" in condition:
        yield "incident", ""
    if "probe" in condition:
        yield "probe", condition["probe"]
    if "counted" in condition:
        yield "counter", condition["counted"]["counter"]
    for word in ("any", "all", "of"):
        for each in condition.get(word, []):
            yield from _signals(each)


def _shared(layout: Layout) -> Iterator[Told]:
    paying = _paying(layout)
    pools = [set(pool["credits"]) for _, pool in layout.each("pools")]
    for (_, one), (at, other) in combinations(layout.each("availability"), 2):
        ours, theirs = paying.get(one["id"], []), paying.get(other["id"], [])
        same = set(one.get("services", [])) & set(other.get("services", []))
        if not ours or not theirs or not same or not signals_of(one) & signals_of(other):
            continue
        apart = any(
            mine != yours and not any({mine, yours} <= pool for pool in pools)
            for mine in ours
            for yours in theirs
        )
        if apart:
            message = f"`{one['id']}` and `{other['id']}` may both pay for one outage"
            yield Told("no-shared-pool", at, message, "put their credits into one pool")


def _billing(layout: Layout, without: Collection[str] | None) -> Iterator[Told]:
    for kind in ("availability", "credits"):
        for at, each in layout.each(kind):
            if each.get("period") != "billing_cycle":
                continue
            here: Steps = (*at, "period")
            if without is None:
                message = "whether every subscription has a `billing_day`"
                yield Told("not-checked", here, message, "--ledger")
            elif without:
                message = "no `billing_day` on " + ", ".join(f"`{x}`" for x in sorted(without))
                fix = "write the day on the subscription"
                yield Told("cycle-without-billing-day", here, message, fix)


def _unprovable(at: Steps, exclusion: Node) -> Iterator[Told]:
    places: list[tuple[str, ...]] = []
    if exclusion.get("while_party_reports", {}).get("states") == []:
        places.append(("while_party_reports", "states"))
    notice = exclusion.get("notice", {})
    if isinstance(notice, dict):
        channels = notice.get("channels", {})
        places += [("notice", "channels", word) for word in channels if channels[word] == []]
    for place in places:
        message = "nothing that an event can show fits an empty list"
        fix = "name what events can show"
        yield Told("exclusion-unprovable", (*at, *place), message, fix)
