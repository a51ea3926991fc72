"""Credits, pools and rights in plain sentences (terms.md 6)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from schemas import explain_words as say
from schemas.explain_words import Said
from schemas.lint_layout import Layout, Node, Steps
from schemas.lint_values import amount_of, unit_of

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
_LOOKS_AT = {
    "uptime": "the percentage of {}",
    "net_downtime": "the net downtime of {}",
    "longest_outage": "the longest outage of {}",
    "breaches": "the number of breaches of {}",
}
_STEPS = {
    "floor": "every full {}",
    "ceil": "every {}, begun ones included,",
    "exact": "every {}, and in proportion for a part of them,",
}
_ANNUAL = {
    "twelfth": "a yearly fee counts with one twelfth for a month",
    "days": "a yearly fee counts by the days of the month",
    "term_months": "the fee of a term is shared by its months",
}
_ROUNDED = {"half_up": "half up", "half_even": "half to even", "down": "down"}
_CAPPED = {
    "month_fee": "the fee of a month", "term_fee": "the fee of the term",
    "invoice": "the invoice",
}  # fmt: skip
_PER = {
    "period": "in a period", "month": "in a month", "invoice": "on one invoice",
    "term": "in a term", "rolling_12_months": "in any 12 months",
}  # fmt: skip
_TAKE = {
    "largest": "only the largest is paid",
    "sum": "the sum is paid",
    "claimed": "the one that is claimed is paid",
}


def credits_said(layout: Layout) -> Iterator[Said]:
    """The money of a layout, each sentence with its clause."""
    for _, credit in layout.each("credits"):
        named = credit.get("eligibility", {}).get("plans")
        clocks = [each for each in credit["for"] if each in layout.named("clocks")]
        live = clocks or [each for each in credit["for"] if each in layout.named("availability")]
        if live and credit["formula"] != "none" and (named is None or layout.plan in named):
            of = credit | {"for": live}
            yield from _credit(layout, of, of_clocks=bool(clocks))
    for _, pool in layout.each("pools"):
        rules = [f"`{pool['id']}`: of {say.names(pool['credits'])} {_TAKE[pool['take']]}"]
        text = "; ".join([*rules, *_caps(pool, "the largest of their bases")])
        yield Said(text, pool.get("clause"), ("pools", pool["id"]))
    for _, right in layout.each("rights"):
        end = right["exercise_within"]
        until = "it has no end" if end == "none" else f"it lasts {say.duration(end)}"
        when = _when(layout, right["when"])
        text = f"`{right['id']}`: the customer may {right['text']} when {when}"
        yield Said(f"{text}; {until}", right.get("clause"), ("rights", right["id"]))


def _credit(layout: Layout, credit: Node, *, of_clocks: bool) -> Iterator[Said]:
    clause, name = credit.get("clause"), credit["id"]
    about: Steps = ("credits", name)
    for text in _formula(credit, "breaches" if of_clocks else credit.get("on", "uptime")):
        yield Said(f"`{name}` pays {text}", clause, about)
    period = [f"it is worked out for every {say.period(credit.get('period', 'month'))}"]
    several = list(_several(layout, credit))
    rules = [*(period if of_clocks else []), *_rules(credit, several, of_clocks=of_clocks)]
    yield Said(f"`{name}`{say.RULES}{'; '.join(rules)}", clause, (*about, "rules"))


def _formula(credit: Node, on: str) -> Iterator[str]:
    what = _LOOKS_AT[on].format(say.names(credit["for"], "or"))
    unit = " %" if on == "uptime" else ""
    for band in credit.get("bands", []):
        yield f"{_paid(credit, band)} when {what} is {say.edges(band, unit)}"
    if "per_step" in credit:
        step = credit["per_step"]
        yield f"{_paid(credit, step)} for {_stepped(step, on, what, credit['for'])}"
    if "downtime_price" in credit:
        price = credit["downtime_price"]
        time = "the unweighted down time" if price.get("time") == "clock" else "the net down time"
        month = ", month by month" if price.get("spread") == "month" else ""
        times = f"{price['factor']} times what {time} costs in {_base(credit)}{month}"
        yield f"{times}, once {what} is below {_level(price['below'])}"
    if "each" in credit:
        paid = _paid(credit, credit["each"])
        yield f"{paid} for every breach of {say.names(credit['for'], 'or')}"


def _stepped(step: Node, on: str, what: str, names: list[str]) -> str:
    """`every full 0.1 percentage points that ... is below the target`, `every breach of ...`."""
    per, above = step["per"], step.get("above", "0")
    begins = amount_of(above) if unit_of(above) else Fraction(above)
    if on == "breaches":
        size = say.many(per, "breach")
        steps = "every breach" if per == "1" else _STEPS[step["rounding"]].format(size)
        return f"{steps} of {say.names(names, 'or')}{f' beyond {above}' if begins else ''}"
    size = say.duration(per) if unit_of(per) else say.many(per, "percentage point")
    steps = _STEPS[step["rounding"]].format(size)
    if on == "uptime":
        return f"{steps} that {what} is below {_level(step.get('below', '0'))}"
    return f"{steps} that {what} is above {say.duration(above)}" if begins else f"{steps} of {what}"


def _paid(credit: Node, row: Node) -> str:
    of = f" of {_base(credit)}" if "percent" in row and "base" in credit else ""
    return say.pays(row) + of


def _level(below: str) -> str:
    return "the target" if below == "target" else f"{below} %"


def _base(credit: Node) -> str:
    base = credit["base"]
    fee = "what was charged" if base["fee"] == "charged" else "the recurring fee"
    services = "" if base["services"] == "all" else " for the affected service"
    return f"{fee}{services} {_over(base['over'])}"


def _over(over: Any) -> str:
    if isinstance(over, dict):
        return f"over the {say.many(over['days'], 'day')} before the claim"
    return {"period": "over the period", "month_before": "over the month before"}[over]


def _several(layout: Layout, credit: Node) -> Iterator[str]:
    """What happens where a credit meets several lines (S8.45); nothing where there is one."""
    measured = [each for _, each in layout.each("availability") if each["id"] in credit["for"]]
    one = all(each["measure"] == "attainment" or each.get("across") == "sum" for each in measured)
    if not measured or (one and len(measured) == 1):
        return
    what = "services" if len(measured) == 1 else "promises or services"
    if credit.get("several") == "sum":
        yield f"several {what} are added up"
    elif "several" in credit:
        yield f"of several {what} the largest counts"
    else:
        yield "of several resources of a customer's own the largest counts"


def _rules(credit: Node, several: list[str], *, of_clocks: bool) -> Iterator[str]:
    eligible = say.listing(_eligible(credit.get("eligibility", {})))
    if eligible:
        yield f"it is only for {eligible}"
    base = credit.get("base", {})
    if base.get("fee") == "recurring":
        yield _ANNUAL[base.get("annual", "twelfth")]
    yield from several
    yield from _caps(credit) or ["it has no cap"]
    if "minimum" in credit:
        word, least = next(iter(credit["minimum"].items()))
        amounts = say.listing([least] if isinstance(least, str) else least, "or")
        yield f"it is paid only when it is {say.EDGES[word]} {amounts}"
    yield f"it is rounded {_ROUNDED[credit['rounding']]} to the minor unit of its currency"
    yield from _claim(credit.get("claim", "none"), "breach" if of_clocks else "incident")
    settle = credit["settle"]
    yield f"it is paid {_WHEN[settle['when']]}{_at_most(settle)}"
    lapse = settle["leftover"] == "lapse"
    yield f"what is left at the end of the subscription {'lapses' if lapse else 'is paid out'}"


def _eligible(told: Node) -> Iterator[str]:
    """Whom a credit is for, the plans left aside: it is said of those alone."""
    if "billing" in told:
        yield f"fees agreed per {told['billing']}"
    if "signed" in told:
        yield f"subscriptions {'with' if told['signed'] == 'true' else 'without'} a signed contract"
    if "standing" in told:
        yield f"accounts in {told['standing']} standing"
    if told.get("affected") == "true":
        yield "customers whom counted downtime hit"


def _at_most(settle: Node) -> str:
    if "at_most" not in settle:
        return ""
    rest = "lapses" if settle.get("rest") == "lapse" else "goes on the next invoice"
    return f", up to {settle['at_most']['percent']} % of it; what does not fit {rest}"


def _caps(element: Node, base: str = "the same base") -> list[str]:
    caps = element.get("caps", "none")
    if caps == "none" or not caps:
        return []
    of = _CAPPED | {"base": base}
    shown = (
        f"at most {say.pays(cap)}{' of ' + of[cap['of']] if 'of' in cap else ''}"
        f" {_PER[cap['per']]}"
        for cap in caps
    )
    return [f"it is {say.listing(shown)}"]


def _claim(claim: Any, what_for: str) -> Iterator[str]:
    if claim == "none" or claim["required"] != "true":
        yield "it is due without a claim"
        return
    how = "in writing" if claim.get("written") == "true" else "in any form"
    channels = claim.get("channels", ["any"])
    where = "" if "any" in channels else f", by {say.names(channels, 'or')}"
    yield f"it must be claimed {how}{where}"
    alone = claim.get("scope") == "incident"
    yield f"one claim opens {f'its own {what_for} alone' if alone else 'the whole period'}"
    for each in claim.get("deadlines", []):
        what = "a notice" if each.get("by") == "notice" else "the claim"
        on = f" of the calendar `{each['calendar']}`" if unit_of(each["within"]) == "bd" else ""
        start = _STARTS[each["from"]]
        if what_for == "breach" and each["from"].startswith("incident"):
            start = "deadline that was missed"
        after = f"{say.duration(each['within'])}{on} after the {start}"
        yield f"{what} must come no later than {after}"


def _when(layout: Layout, tree: Node) -> str:
    if "any" in tree or "all" in tree:
        several = [_inner(layout, each) for each in tree.get("any") or tree.get("all") or []]
        if "all" in tree:
            return say.listing(several)
        return say.listing([*several[:1], *(f"when {each}" for each in several[1:])], "or")
    if "net_downtime" in tree:
        what = _LOOKS_AT["net_downtime"].format(f"`{tree['net_downtime']}`")
    else:
        what = _LOOKS_AT["breaches"].format(say.names(tree["breached"], "or"))
    claimed = ", each claimed in time" if tree.get("claimed") == "true" else ""
    number = say.edges(tree) or "at least 1"
    return f"{what} is {number} {_in_periods(tree, _counted_by(layout, tree))}{claimed}"


def _inner(layout: Layout, tree: Node) -> str:
    """A condition inside another; one of several conditions stands in brackets."""
    text = _when(layout, tree)
    return f"({text})" if len(tree.get("any") or tree.get("all") or ()) > 1 else text


def _counted_by(layout: Layout, tree: Node) -> str:
    """What a condition counts in: the period of its availability, of clocks the month (S8.110)."""
    known = layout.named("availability")
    named = [tree["net_downtime"]] if "net_downtime" in tree else tree["breached"]
    written = next((known[name]["period"] for name in named if name in known), "month")
    return say.period(written) if isinstance(written, str) else "period"


def _in_periods(tree: Node, period: str) -> str:
    last, times = tree.get("of_last", "1"), tree.get("times", "1")
    if last == "1":
        return f"in the last {period}"
    if tree.get("in_all") == "true":
        return f"over the last {say.many(last, period)} together"
    if last == times:
        return f"in each of the last {say.many(last, period)}"
    return f"in at least {times} of the last {say.many(last, period)}"
