"""Credits, pools and rights in plain sentences (terms.md 6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schemas import explain_words as say
from schemas.explain_words import Said
from schemas.lint_layout import Layout, Node

_UNITS = {"uptime": " %", "breaches": " breaches"}
_WHEN = {
    "next_invoice": "on the next invoice",
    "following_invoice": "on the following invoice",
    "future_invoices": "on future invoices",
    "term_end": "at the end of the term",
}


_STARTS = {
    "incident_start": "start of the incident",
    "incident_end": "end of the incident",
    "period_end": "end of the period",
    "issued": "issue of the statement",
}


def credits_said(layout: Layout) -> Iterator[Said]:
    """The money of a layout, each sentence with its clause."""
    for _, credit in layout.each("credits"):
        named = credit.get("eligibility", {}).get("plans")
        if credit["formula"] != "none" and (named is None or layout.plan in named):
            yield from _credit(credit)
    for _, pool in layout.each("pools"):
        text = f"`{pool['id']}`: of {say.listing(pool['credits'])} the {pool['take']} stands"
        yield text + _caps(pool), pool.get("clause")
    for _, right in layout.each("rights"):
        end = right["exercise_within"]
        until = "without an end" if end == "none" else f"within {say.duration(end)}"
        yield (
            f"the customer may {right['text']}, {until}, when {_when(right['when'])}",
            right.get("clause"),
        )


def _credit(credit: Node) -> Iterator[Said]:
    clause, name = credit.get("clause"), credit["id"]
    on = credit.get("on", "uptime")
    for band in credit.get("bands", []):
        edges = say.edges(band, _UNITS.get(on, ""))
        text = f"`{name}`: when {say.plain(on)} is {edges}, the credit is {say.pays(band)}"
        yield text + _of(credit, band), clause
    if "per_step" in credit:
        step = credit["per_step"]
        above = f"above {step.get('above', '0')}"
        start = f"below {_level(step['below'])}" if "below" in step else above
        text = f"`{name}`: {step['percent']} % for every {step['per']} {start}"
        yield f"{text}, steps counted {say.plain(step['rounding'])}{_of(credit, step)}", clause
    if "downtime_price" in credit:
        price = credit["downtime_price"]
        text = f"`{name}`: {price['factor']} times the price of the down time, once uptime is"
        yield f"{text} below {_level(price['below'])}", clause
    if "each" in credit:
        yield f"`{name}`: {say.pays(credit['each'])} for every breach", clause
    yield f"`{name}`: {'; '.join(_rules(credit))}", clause


def _level(below: str) -> str:
    return "the target" if below == "target" else f"{below} %"


def _of(credit: Node, row: Node) -> str:
    base = credit.get("base", {})
    if "percent" not in row or not base:
        return ""
    fee = "what was charged" if base["fee"] == "charged" else "the recurring fee"
    services = "" if base["services"] == "all" else " for what was affected"
    return f" of {fee}{services}, over {_over(base['over'])}"


def _over(over: Any) -> str:
    if isinstance(over, dict):
        return f"the {over['days']} days before the claim"
    return {"period": "the period", "month_before": "the month before"}[over]


def _rules(credit: Node) -> Iterator[str]:
    if credit.get("eligibility"):
        yield f"it is for {say.plain(credit['eligibility'])}"
    base = credit.get("base", {})
    if base.get("fee") == "recurring":
        yield f"a yearly fee is made monthly by {say.plain(base.get('annual', 'twelfth'))}"
    if "several" in credit:
        yield f"of several the {credit['several']} counts"
    yield _caps(credit).lstrip(", ") or "there is no cap"
    if "minimum" in credit:
        yield f"it is paid when {say.plain(credit['minimum'])}"
    yield f"it is rounded {say.plain(credit['rounding'])}"
    yield from _claim(credit.get("claim", "none"))
    settle = credit["settle"]
    paid = f"it is paid {_WHEN[settle['when']]}"
    if "at_most" in settle:
        paid += f", at most {settle['at_most']['percent']} % of it, the rest:"
        paid += f" {say.plain(settle['rest'])}"
    lapse = settle["leftover"] == "lapse"
    yield f"{paid}; what is left at the end {'lapses' if lapse else 'is paid out'}"


def _caps(element: Node) -> str:
    caps = element.get("caps", "none")
    if caps == "none" or not caps:
        return ""
    shown = (
        f"{say.pays(cap)}{' of ' + say.plain(cap['of']) if 'of' in cap else ''}"
        f" per {say.plain(cap['per'])}"
        for cap in caps
    )
    return f", at most {say.listing(shown)}"


def _claim(claim: Any) -> Iterator[str]:
    if claim == "none" or claim["required"] != "true":
        yield "it is due without asking"
        return
    how = "in writing" if claim.get("written") == "true" else "in any form"
    channels = claim.get("channels", ["any"])
    where = "" if "any" in channels else f", by {say.listing(channels, 'or')}"
    yield f"it must be claimed {how}{where}"
    for each in claim.get("deadlines", []):
        what = "a notice must come" if each.get("by") == "notice" else "the claim must come"
        yield f"{what} within {say.duration(each['within'])} of the {_STARTS[each['from']]}"


def _when(tree: Node) -> str:
    for word, joint in (("any", "or"), ("all", "and")):
        if word in tree:
            return say.listing(map(_when, tree[word]), joint)
    if "net_downtime" in tree:
        what = f"net downtime of {tree['net_downtime']}"
    else:
        what = f"breaches of {say.listing(tree['breached'], 'or')}"
    edges = say.edges(tree) or "at least 1"
    last = tree.get("of_last", "1")
    many = f"{tree.get('times', '1')} of the last {last} periods"
    if tree.get("in_all") == "true":
        many = f"the last {last} periods together"
    claimed = ", claimed in time" if tree.get("claimed") == "true" else ""
    return f"{what} are {edges} in {many}{claimed}"
