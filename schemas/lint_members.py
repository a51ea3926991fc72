"""Members that are refused, that have no effect, and defaults that are in use (terms.md 2, 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from schemas import terms_matrices as matrices
from schemas.lint_layout import Layout, Node, Steps, Told
from schemas.lint_values import unit_of

_DEFAULTS = {
    "clocks": {"on_merge": "keep_earliest"},
    "availability": {
        "across": "each", "view": "customer", "minimum_duration": "0s", "count": "exact",
        "measured_in": "always",
    },
    "credits": {"on": "uptime", "period": "month"},
    "calendars": {"zone": "zones.deadlines", "holidays": "none", "business_day": "same_time"},
}  # fmt: skip


class Judged(NamedTuple):
    """An element with the columns of the matrices that hold for it."""

    at: Steps
    element: Node
    section: str
    kind: str
    columns: tuple[tuple[matrices.Matrix, int], ...]


def _judged(layout: Layout) -> Iterator[Judged]:
    for at, clock in layout.each("clocks"):
        column = matrices.CLOCK_KINDS.index(clock["kind"])
        yield Judged(at, clock, "clocks", clock["kind"], ((matrices.CLOCKS, column),))
    for at, each in layout.each("availability"):
        column = matrices.MEASURES.index(each["measure"])
        yield Judged(at, each, "availability", each["measure"], ((matrices.AVAILABILITY, column),))
    for at, each in layout.each("exclusions"):
        column = matrices.EXCLUSION_KINDS.index(each["kind"])
        yield Judged(at, each, "exclusions", each["kind"], ((matrices.EXCLUSIONS, column),))
    clocks = layout.named("clocks")
    for at, credit in layout.each("credits"):
        column = matrices.FORMULAS.index(credit["formula"])
        of_clocks = any(name in clocks for name in credit["for"])
        second = matrices.OF_CLOCKS if of_clocks else matrices.OF_AVAILABILITIES
        both = ((matrices.CREDITS, column), (second, column))
        yield Judged(at, credit, "credits", credit["formula"], both)
    for name, calendar in layout.calendars.items():
        form = next((each for each in ("always", "weekly") if each in calendar), "composed")
        column = matrices.CALENDAR_FORMS.index(form)
        at = ("calendars", name)
        yield Judged(at, calendar, "calendars", form, ((matrices.CALENDARS, column),))


def refused(layout: Layout) -> Iterator[Told]:
    """Members that the matrices refuse in this layout."""
    for judged in _judged(layout):
        for matrix, column in judged.columns:
            for name, signs in matrix.items():
                if name in judged.element and signs[column] == ".":
                    yield _refused(judged.at, name, f"`{judged.kind}` has no `{name}`")
        if judged.section == "clocks" and judged.kind != "resolution":
            word = judged.element.get("on_reopen", "ignore")
            if word != "ignore":
                message = f"`{judged.kind}` does not begin anew: `on_reopen: {word}`"
                yield _refused(judged.at, "on_reopen", message)
    for at, credit in layout.each("credits"):
        yield from _refused_money(layout, at, credit)
    for at, pool in layout.each("pools"):
        yield from _refused_caps(at, pool.get("caps", []))


def _refused(at: Steps, name: str, message: str) -> Told:
    return Told("refused-member", (*at, name), message, "remove it")


def _refused_money(layout: Layout, at: Steps, credit: Node) -> Iterator[Told]:
    yield from _refused_caps(at, credit.get("caps", []))
    settle = credit.get("settle", {})
    if "rest" in settle and "at_most" not in settle:
        yield _refused((*at, "settle"), "rest", "`rest` goes with `at_most`")
    step = credit.get("per_step", {})
    clocks = layout.named("clocks")
    of_clocks = any(name in clocks for name in credit["for"])
    on = credit.get("on", "breaches" if of_clocks else "uptime")
    other = "above" if on == "uptime" else "below"
    if other in step:
        yield _refused((*at, "per_step"), other, f"steps on `{on}` have no `{other}`")


def _refused_caps(at: Steps, caps: object) -> Iterator[Told]:
    for place, cap in enumerate(caps if isinstance(caps, list) else []):
        if "amount" in cap and "of" in cap:
            yield _refused((*at, "caps", place), "of", "an amount is of nothing")


def without_effect(layout: Layout) -> Iterator[Told]:
    """Members that stand and change nothing."""
    for judged in _judged(layout):
        for matrix, column in judged.columns:
            for name, signs in matrix.items():
                if name in judged.element and signs[column] == "n":
                    if name == "on_reopen" and judged.element[name] != "ignore":
                        continue
                    yield _idle((*judged.at, name), f"`{name}` of `{judged.kind}`")
    for at, credit in layout.each("credits"):
        base = credit.get("base", {})
        if base.get("fee") == "charged" and "annual" in base:
            yield _idle((*at, "base", "annual"), "`annual` of what was charged")
        claim = credit.get("claim", "none")
        for place, each in enumerate(claim.get("deadlines", []) if claim != "none" else []):
            if "calendar" in each and unit_of(each["within"]) != "bd":
                here = (*at, "claim", "deadlines", place, "calendar")
                yield _idle(here, f"`calendar` beside `{each['within']}`")
    for at, pool in layout.each("pools"):
        if "caps" in pool and pool["take"] in ("largest", "claimed"):
            yield _idle((*at, "caps"), f"`caps` of a pool that takes the `{pool['take']}`")
    for at, right in layout.each("rights"):
        for here, test in _tests((*at, "when"), right["when"]):
            if test.get("in_all") == "true" and "times" in test:
                yield _idle((*here, "times"), "`times` beside `in_all`")


def _idle(at: Steps, what: str) -> Told:
    return Told("no-effect", at, f"{what} has no effect", "remove it")


def _tests(at: Steps, when: Node) -> Iterator[tuple[Steps, Node]]:
    if "any" not in when and "all" not in when:
        yield at, when
    for word in ("any", "all"):
        for place, each in enumerate(when.get(word, [])):
            yield from _tests((*at, word, place), each)


def defaults(layout: Layout) -> Iterator[Told]:
    """Every default in use, with its value."""
    for judged in _judged(layout):
        known = _DEFAULTS.get(judged.section, {})
        for matrix, column in judged.columns:
            usable = [name for name in known if name in matrix and matrix[name][column] == "="]
            yield from _left_out(judged.at, judged.element, {x: known[x] for x in usable})
    yield from _left_out((), layout.tree, {"plan_change": "cut"})
    change = {"raise": "from_start", "lower": "from_start"}
    yield from _left_out(("severity_change",), layout.tree.get("severity_change", {}), change)
    for at, exclusion in layout.each("exclusions"):
        if isinstance(exclusion.get("notice"), dict):
            notice = exclusion["notice"]
            yield from _left_out((*at, "notice"), notice, {"channels": "{any: [any]}"})
    for at, credit in layout.each("credits"):
        if credit["formula"] != "none":
            yield from _money(at, credit)
    for at, right in layout.each("rights"):
        for here, test in _tests((*at, "when"), right["when"]):
            yield from _test(here, test)


def _money(at: Steps, credit: Node) -> Iterator[Told]:
    base = credit.get("base", {})
    if base and base["fee"] != "charged":
        yield from _left_out((*at, "base"), base, {"annual": "twelfth"})
    if "downtime_price" in credit:
        usual = {"time": "net", "spread": "period"}
        yield from _left_out((*at, "downtime_price"), credit["downtime_price"], usual)
    if credit.get("on", "uptime") != "uptime" and "per_step" in credit:
        yield from _left_out((*at, "per_step"), credit["per_step"], {"above": "0"})
    claim = credit.get("claim", "none")
    if claim != "none" and claim["required"] == "true":
        yield from _left_out((*at, "claim"), claim, {"scope": "period"})
        for place, each in enumerate(claim.get("deadlines", [])):
            yield from _left_out((*at, "claim", "deadlines", place), each, {"by": "claim"})


def _test(at: Steps, test: Node) -> Iterator[Told]:
    usual = {"of_last": "1", "in_all": "false", "claimed": "false"}
    if test.get("in_all") != "true":
        usual["times"] = "1"
    if "breached" in test and not {"below", "at_most", "at_least", "above"} & set(test):
        usual["at_least"] = "1"
    yield from _left_out(at, test, usual)


def _left_out(at: Steps, element: Node, usual: Mapping[str, str]) -> Iterator[Told]:
    for name, value in usual.items():
        if name not in element:
            message = f"`{name}` is not written: {value}"
            yield Told("default-used", (*at, name), message, f"{name}: {value}")
