"""Availabilities and exclusions in plain sentences (terms.md 6)."""

from __future__ import annotations

from collections.abc import Iterator

from schemas import explain_words as say
from schemas.explain_words import Said
from schemas.lint_layout import Layout, Node, Steps
from schemas.lint_values import amount_of

_GAPS = {"unknown": "leaves the answer open", "up": "counts as up", "down": "counts as down"}
_VIEWS = {
    "customer": "only what hit this customer counts",
    "everyone": "what hit anybody counts",
}
_EXCUSED = {
    "counted_as_up": "counts as up",
    "removed": "leaves the period",
    "removed_window": "leaves the period, with the whole interval that was proven",
}
_CAUSES = {
    "provider": "the provider", "customer": "the customer", "third_party": "a third party",
    "upstream": "an upstream provider", "force_majeure": "force majeure",
    "connectivity": "the connectivity of the customer", "suspension": "a suspension",
    "beta": "a beta feature",
}  # fmt: skip
_REPORTED = {
    "published": "counted from the time of publication",
    "claimed": "counted by the times that it claims",
}


def services_said(layout: Layout) -> Iterator[Said]:
    """What is promised and measured of services, and what is excused, each with its clause."""
    for _, each in layout.each("availability"):
        about: Steps = ("availability", each["id"])
        yield Said(_promise(layout, each), each.get("clause"), about)
        yield Said("; ".join(_measured(each)), None, (*about, "measure"))
    for _, each in layout.each("exclusions"):
        yield Said(_exclusion(each), each.get("clause"), ("exclusions", each["id"]))


def _promise(layout: Layout, each: Node) -> str:
    known = layout.named("services")
    shown = [
        f"`{name}`" + (f" ({known[name]['text']})" if "text" in known[name] else "")
        for name in each.get("services", [])
    ]
    of = f" of {say.listing(shown)}" if shown and each["measure"] != "attainment" else ""
    if len(shown) > 1:
        of += ", added up," if each.get("across") == "sum" else ", each for itself,"
    period, target = say.period(each["period"]), each["target"]
    if target == "none":
        return f"`{each['id']}`{of} is measured in every {period} and reported, without a target"
    promised = f"`{each['id']}`{of} is {say.edges(target, ' %')} in every {period}"
    return f"{promised}; it is {say.STRENGTH[each['strength']]}"


def _measured(each: Node) -> Iterator[str]:
    yield f"`{each['id']}` is {_measure(each)}"
    if "down_when" in each:
        yield f"the service is down while {condition(each['down_when'])}"
        least = each.get("minimum_duration", "0s")
        some = f"an outage counts from {say.duration(least)} on"
        yield "every outage counts, however short" if least.startswith("0s") else some
    if isinstance(each.get("count"), dict):
        count = each["count"]
        unit = f"a unit of {say.duration(count['unit'])} with {say.edges(count['down'])} of it down"
        yield f"{unit} is down throughout, another not at all"
    if each["measure"] == "attainment":
        return
    if each.get("measured_in", "always") != "always":
        yield f"only the open hours of the calendar `{each['measured_in']}` count"
    yield _VIEWS[each.get("view", "customer")]
    yield f"a gap in the monitoring {_GAPS[each['no_data']]}"
    yield f"excused time {_EXCUSED[each['excused']]}"


def _measure(each: Node) -> str:
    measure = each["measure"]
    if measure == "attainment":
        clocks = say.names(each["attainment"]["clocks"])
        return f"the share of the deadlines of {clocks} that are met"
    if measure == "request_ratio":
        counter = each["request_ratio"]["counter"]
        return f"the share of the requests of the counter `{counter}` that did not fail"
    if measure == "interval_average":
        of = each["interval_average"]
        idle = "counts as up" if of["no_traffic"] == "up" else "is left out"
        return (
            f"the mean of the success rates of the counter `{of['counter']}` over intervals of"
            f" {say.duration(of['interval'])}; an interval without traffic {idle}"
        )
    if measure == "weighted_downtime":
        weight = each["degraded_weight"]
        return f"the share of the time without downtime; degraded time weighs {weight} of an outage"
    return "the share of the time without downtime"


def condition(tree: Node) -> str:
    """When something is down."""
    for word, joint in (("any", "or"), ("all", "and")):
        if word in tree:
            return say.listing(map(_part, tree[word]), joint)
    if "of" in tree:
        several = say.listing(map(_part, tree["of"]))
        return f"at least {tree['at_least']} of these hold: {several}"
    if "incident" in tree:
        share = f" for {say.edges(tree['share'], ' %')} of the users" if "share" in tree else ""
        levels = say.listing((say.LEVELS[each] for each in tree["incident"]), "or")
        return f"an incident reports {levels}{share}"
    if "probe" in tree:
        return f"the probe `{tree['probe']}` fails"
    counted = tree["counted"]
    longest = f" of at most {say.duration(counted['window'])}" if "window" in counted else ""
    text = f"the failures of the counter `{counted['counter']}` are {say.edges(counted, ' %')}"
    least = counted.get("minimum_total")
    more = f" with at least {say.many(least, 'request')}" if least else ""
    return f"{text} in a window{longest}{more}"


def _part(tree: Node) -> str:
    """A condition inside another; one of several conditions stands in brackets."""
    inner = tree.get("any") or tree.get("all") or tree.get("of") or ()
    return f"({condition(tree)})" if len(inner) > 1 else condition(tree)


def _exclusion(each: Node) -> str:
    if each["kind"] == "upstream_marker":
        text = "what is marked as upstream"
    elif each["kind"] == "cause":
        parties = f" ({say.names(each['parties'], 'or')})" if "parties" in each else ""
        text = f"what {_CAUSES[each['cause']]}{parties} causes"
    else:
        emergency = each["maintenance"] == "emergency"
        text = f"{each['maintenance']} maintenance {_notice(each.get('notice'), emergency)}"
    if "while_party_reports" in each:
        reports = each["while_party_reports"]
        states = say.listing((say.LEVELS[state] for state in reports["states"]), "or")
        about = f" of {say.names(reports['components'], 'or')}" if "components" in reports else ""
        text += f", while that party itself reports {states}{about}, {_REPORTED[reports['as']]}"
    if each.get("requires_up"):
        word = "probes" if len(each["requires_up"]) > 1 else "probe"
        text += f", while the {word} {say.names(each['requires_up'])} shows the service up"
    tests = list(_tests(each.get("tests", {})))
    if tests:
        text += f", when the announcement {say.listing(tests)}"
    of = f" from {say.names(each['for'])}" if each.get("for") else ""
    return "; ".join([f"`{each['id']}` excuses{of} {text}", *_bounds(each)])


def _bounds(each: Node) -> Iterator[str]:
    if "quota" in each:
        hours, per = each["quota"]["hours"], each["quota"]["per"]
        yield f"it excuses at most {say.many(hours, 'hour')} in a calendar {per}"
    if "excused" in each:
        yield f"the time that it excuses {_EXCUSED[each['excused']]}"


def _tests(tests: Node) -> Iterator[str]:
    if tests.get("cause_recorded") == "true":
        yield "gives a reason"
    if "minimum_customers" in tests:
        yield f"names at least {say.many(tests['minimum_customers'], 'customer')}, or none by name"


def _notice(notice: object, emergency: bool) -> str:
    if notice == "none":
        return "announced at any time"
    if not isinstance(notice, dict):
        return f"announced before it {'ends' if emergency else 'begins'}"
    word, channels = next(iter(notice.get("channels", {"any": ["any"]}).items()))
    several = "each of the channels " if word == "all" and len(channels) > 1 else ""
    where = f" on {several}{say.names(channels, 'or' if word == 'any' else 'and')}"
    lengths = {name: notice[name] for name in ("at_least", "above") if name in notice}
    ahead = f"{say.edges(lengths)} ahead"
    if "at_least" in lengths and not amount_of(lengths["at_least"]):
        ahead = "before it begins"
    return f"announced {ahead}{'' if 'any' in channels else where}"
