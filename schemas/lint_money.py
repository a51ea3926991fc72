"""Credits and pools: formulas, periods, caps, claims (terms.md 3.3 and 5)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from schemas.lint_bands import band_findings, on_of, target_of, worth
from schemas.lint_clocks import days_missing
from schemas.lint_layout import Layout, Node, Steps, Told
from schemas.lint_values import amount_of, dates_of, unit_of

_TIMED = ("downtime", "weighted_downtime")


def money_findings(layout: Layout) -> Iterator[Told]:
    """The findings of every credit and pool of a layout."""
    for at, credit in layout.each("credits"):
        yield from _credit(layout, at, credit)
    yield from _pools(layout)


def _credit(layout: Layout, at: Steps, credit: Node) -> Iterator[Told]:
    clocks, availabilities = layout.named("clocks"), layout.named("availability")
    of_clocks = [name for name in credit["for"] if name in clocks]
    measured = [availabilities[name] for name in credit["for"] if name in availabilities]
    if of_clocks and measured:
        message = "one credit is for clocks and for availabilities"
        yield Told("formula-mismatch", (*at, "for"), message, "make two credits of it")
        return
    if credit["formula"] == "none":
        return
    on = on_of(credit, bool(of_clocks))
    mismatch = list(_mismatch(at, credit, on, bool(of_clocks), measured))
    yield from mismatch
    if measured and not of_clocks:
        yield from _of_availabilities(at, credit, measured)
    if not mismatch:
        target = target_of(layout, credit)
        yield from band_findings(credit, at, on, target)
        if on == "uptime":
            yield from _repeats(at, credit, target)
    yield from _caps(layout, at, credit)
    yield from _claim(layout, at, credit, measured)


def _mismatch(
    at: Steps, credit: Node, on: str, of_clocks: bool, measured: list[Node]
) -> Iterator[Told]:
    formula = credit["formula"]
    timed = all(each["measure"] in _TIMED for each in measured)
    if of_clocks and formula == "downtime_price":
        yield Told("formula-mismatch", (*at, "formula"), "clocks have no down time", "each")
    elif of_clocks and formula in ("bands", "per_step") and on != "breaches":
        message = f"of clocks breaches are counted, not {on}"
        yield Told("formula-mismatch", (*at, "on"), message, "on: breaches")
    elif measured and formula == "each":
        message = "`each` pays for breaches of clocks"
        yield Told("formula-mismatch", (*at, "formula"), message, "another formula")
    elif measured and formula == "downtime_price" and not timed:
        message = "a measure without down time has no price of it"
        yield Told("formula-mismatch", (*at, "formula"), message, "bands or per_step")
    elif measured and on != "uptime" and (on == "breaches" or not timed):
        if formula in ("bands", "per_step"):
            message = f"`{on}` of a measure that does not have it"
            yield Told("formula-mismatch", (*at, "on"), message, "on: uptime")


def _of_availabilities(at: Steps, credit: Node, measured: list[Node]) -> Iterator[Told]:
    if len({str(each["period"]) for each in measured}) > 1:
        message = "the availabilities of one credit have different periods"
        yield Told("period-mix", (*at, "for"), message, "one period, or two credits")
    one = len(measured) == 1 and (
        len(measured[0].get("services", [])) <= 1
        or measured[0].get("across") == "sum"
        or measured[0]["measure"] == "attainment"
    )
    if not one and "several" not in credit and credit["formula"] != "each":
        message = "several services or availabilities fall under this credit"
        yield Told("several-missing", (*at, "several"), message, "`sum` or `largest`")
    if any(worth(each["target"]) is None for each in measured):
        for place in _target_words(at, credit):
            message = "`target` where an availability has none"
            yield Told("target-missing", place, message, "a number")


def _target_words(at: Steps, credit: Node) -> Iterator[Steps]:
    for place, band in enumerate(credit.get("bands", [])):
        for word in ("below", "at_most", "at_least", "above"):
            if band.get(word) == "target":
                yield (*at, "bands", place, word)
    for name in ("per_step", "downtime_price"):
        if credit.get(name, {}).get("below") == "target":
            yield (*at, name, "below")


def _repeats(at: Steps, credit: Node, target: Fraction | None) -> Iterator[Told]:
    """A top edge that repeats the target's number goes wrong when the target is changed."""
    if target is None:
        return
    tops = [
        (Fraction(band[word]), (*at, "bands", place, word))
        for place, band in enumerate(credit.get("bands", []))
        for word in ("below", "at_most")
        if band.get(word, "target") != "target"
    ]
    named = any(place[-1] in ("below", "at_most") for place in _target_words(at, credit))
    told = [top for top in tops if top[0] == max(value for value, _ in tops)] if tops else []
    told = [] if named else told
    for name in ("per_step", "downtime_price"):
        below = credit.get(name, {}).get("below", "target")
        if below != "target":
            told.append((Fraction(below), (*at, name, "below")))
    for value, place in told:
        if value == target:
            message = "the edge repeats the number of the target"
            yield Told("edge-repeats-target", place, message, "target")


def _caps(layout: Layout, at: Steps, credit: Node) -> Iterator[Told]:
    caps = credit.get("caps", [])
    caps = caps if isinstance(caps, list) else []
    pooled = any(
        pool.get("caps") and pool["take"] == "sum"
        for _, pool in layout.each("pools")
        if credit["id"] in pool["credits"]
    )
    if credit["formula"] in ("downtime_price", "each") and not caps and not pooled:
        message = f"nothing limits what `{credit['formula']}` pays"
        yield Told("no-cap", (*at, "caps"), message, "`caps`, here or on its pool")
    rows = [*credit.get("bands", []), *([credit["each"]] if "each" in credit else [])]
    if "minimum" in credit and any("days" in row for row in rows):
        message = "days of service have no amount that a minimum could be held against"
        yield Told("days-with-minimum", (*at, "minimum"), message, "drop one of the two")
    for place, cap in enumerate(caps):
        for kind in ("percent", "days"):
            most = max((Fraction(row[kind]) for row in rows if kind in row), default=Fraction(0))
            if cap.get("of") == "base" and kind in cap and Fraction(cap[kind]) < most:
                message = "a row of the table pays more than this cap lets through"
                fix = "raise the cap, or lower the row"
                yield Told("cap-under-band", (*at, "caps", place), message, fix)


def _claim(layout: Layout, at: Steps, credit: Node, measured: list[Node]) -> Iterator[Told]:
    claim = credit.get("claim", "none")
    if claim == "none":
        return
    periods = [each["period"] for each in measured] or [credit.get("period", "month")]
    longest = max(dates_of(period) for period in periods)
    for place, deadline in enumerate(claim.get("deadlines", [])):
        here = (*at, "claim", "deadlines", place)
        if unit_of(deadline["within"]) == "bd":
            yield from days_missing(layout, (*here, "calendar"), deadline["calendar"])
        early = deadline["from"] in ("incident_start", "incident_end")
        if early and _dates(deadline["within"]) < longest and claim["required"] == "true":
            message = "the deadline of an early incident ends before its period does"
            fix = "`from: period_end`, or a longer time"
            yield Told("deadline-before-period-end", (*here, "within"), message, fix)


def _dates(within: str) -> Fraction:
    """About how many dates a deadline has: five business days are a week."""
    number = amount_of(within)
    return number * {"d": Fraction(1), "bd": Fraction(7, 5), "mo": Fraction(31)}[unit_of(within)]


def _pools(layout: Layout) -> Iterator[Told]:
    credits_, seen = layout.named("credits"), dict[str, str]()
    for at, pool in layout.each("pools"):
        members = [credits_[name] for name in pool["credits"] if name in credits_]
        if len({_period(layout, each) for each in members}) > 1:
            message = "the credits of one pool have different periods"
            yield Told("period-mix", (*at, "credits"), message, "one period, or two pools")
        for place, name in enumerate(pool["credits"]):
            if seen.setdefault(name, pool["id"]) != pool["id"]:
                message = f"`{name}` is in the pool `{seen[name]}` already"
                yield Told("two-pools", (*at, "credits", place), message, "keep it in one")


def _period(layout: Layout, credit: Node) -> str:
    known = layout.named("availability")
    periods = [str(known[name]["period"]) for name in credit["for"] if name in known]
    return periods[0] if periods else str(credit.get("period", "month"))
