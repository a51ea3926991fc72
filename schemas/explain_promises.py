"""Clocks, availabilities and exclusions in plain sentences (terms.md 6)."""

from __future__ import annotations

from collections.abc import Iterator

from schemas import explain_words as say
from schemas.explain_words import Said
from schemas.lint_layout import Layout, Node

_KINDS = {
    "first_response": "the first response comes",
    "next_response": "every next response comes",
    "update_cadence": "an update comes again",
    "resolution": "the ticket is resolved",
    "closure": "the ticket is closed",
    "meeting_slot": "the meeting slot is there",
}
_STRENGTH = {
    "contractual": "a contractual promise",
    "target": "a target, not a contractual promise",
    "best_effort": "best effort",
}


def promises_said(layout: Layout) -> Iterator[Said]:
    """The promises of a layout, each with its clause."""
    for _, clock in layout.each("clocks"):
        yield from _clock(clock)
    for _, each in layout.each("availability"):
        yield from _availability(layout, each)
    for _, each in layout.each("exclusions"):
        yield _exclusion(each), each.get("clause")


def _clock(clock: Node) -> Iterator[Said]:
    if not clock["targets"]:
        return
    paused = clock["pauses"]
    pauses = f"it pauses while {say.listing(map(say.plain, paused), 'or')}" if paused else (
        "nothing pauses it"
    )  # fmt: skip
    text = f"`{clock['id']}` is {_STRENGTH[clock['strength']]}; {pauses}"
    for name, words in (("stops_on", "it stops on"), ("confirmation", "confirmation:")):
        if name in clock:
            text += f"; {words} {say.plain(clock[name])}"
    if "satisfied_by" in clock:
        text += f"; what counts: {say.plain(clock['satisfied_by'])}"
    if any(clock.get("only", {}).values()):
        text += f"; it is only for {say.plain(clock['only'])}"
    yield text, clock.get("clause")
    for cell in clock["targets"]:
        yield _cell(clock, cell), cell.get("clause")


def _cell(clock: Node, cell: Node) -> str:
    who = cell.get("severity", "every severity")
    on = f", on the calendar {cell['calendar']}" if "calendar" in cell else ""
    only = f", only for {say.plain(cell['only'])}" if any(cell.get("only", {}).values()) else ""
    if cell["within"] in ("none", "best_effort"):
        return f"`{clock['id']}`, {who}: {say.within(cell['within'])}{on}{only}"
    strength = f"; {_STRENGTH[cell['strength']]}" if "strength" in cell else ""
    what = _KINDS[clock["kind"]]
    return f"{who}: {what} within {say.within(cell['within'])}{on}{only}{strength}"


def _availability(layout: Layout, each: Node) -> Iterator[Said]:
    known = layout.named("services")
    services = say.listing(known[name].get("text", name) for name in each.get("services", []))
    what = services or say.listing(each.get("attainment", {}).get("clocks", []))
    target = each["target"]
    promised = "is measured, without a target" if target == "none" else (
        f"is {say.edges(target, ' %')} in every {say.plain(each['period'])}"
    )  # fmt: skip
    yield (
        f"`{each['id']}` of {what} {promised}; {_STRENGTH[each['strength']]}",
        each.get("clause"),
    )
    found = [f"`{each['id']}` is measured by {say.plain(each['measure'])}"]
    if "down_when" in each:
        found.append(f"it is down when {condition(each['down_when'])}")
    if each.get("minimum_duration", "0s") != "0s":
        found.append(f"an outage counts from {say.duration(each['minimum_duration'])} on")
    if isinstance(each.get("count"), dict):
        count = each["count"]
        found.append(f"units of {count['unit']} are down that have {say.edges(count['down'])}")
    measured = ("interval_average", "request_ratio")
    found += [say.plain(each[name]) for name in measured if name in each]
    if each.get("measured_in", "always") != "always":
        found.append(f"only the hours of {each['measured_in']} count")
    gap = {"unknown": "leaves the answer open", "up": "counts as up", "down": "counts as down"}
    found.append(f"a gap in the monitoring {gap[each['no_data']]}")
    up = each["excused"] == "counted_as_up"
    found.append(f"excused time {'counts as up' if up else 'leaves the period'}")
    yield "; ".join(found), None


def condition(tree: Node) -> str:
    """When something is down."""
    for word, joint in (("any", "or"), ("all", "and")):
        if word in tree:
            return say.listing(map(condition, tree[word]), joint)
    if "of" in tree:
        return f"{tree['at_least']} of these: " + "; ".join(map(condition, tree["of"]))
    if "incident" in tree:
        share = f" of {say.edges(tree['share'], ' %')} of users" if "share" in tree else ""
        return f"an incident says {say.listing(tree['incident'], 'or')}{share}"
    if "probe" in tree:
        return f"the probe {tree['probe']} fails"
    counted = tree["counted"]
    more = f" with {counted['minimum_total']} or more" if "minimum_total" in counted else ""
    window = f" in a window of {counted['window']}" if "window" in counted else ""
    return f"failures of {counted['counter']} are {say.edges(counted, ' %')}{more}{window}"


def _exclusion(each: Node) -> str:
    of = f" of {say.listing(each['for'])}" if each.get("for") else ""
    if each["kind"] == "upstream_marker":
        text = "what is marked as upstream"
    elif each["kind"] == "cause":
        parties = f" by {say.listing(each['parties'], 'or')}" if "parties" in each else ""
        text = f"what is caused by {say.plain(each['cause'])}{parties}"
    else:
        text = f"{each['maintenance']} maintenance{_notice(each.get('notice'))}"
    if "while_party_reports" in each:
        reports = each["while_party_reports"]
        states, when = say.listing(reports["states"], "or"), reports["as"]
        text += f", while that party itself reports {states}, by the time {when}"
        if "components" in reports:
            text += f" for {say.listing(reports['components'], 'or')}"
    if each.get("requires_up"):
        text += f", while {say.listing(each['requires_up'])} answer"
    if "tests" in each:
        text += f", when the announcement shows {say.plain(each['tests'])}"
    if "quota" in each:
        text += f", at most {each['quota']['hours']} hours a {each['quota']['per']}"
    return f"`{each['id']}`: excused{of} is {text}"


def _notice(notice: object) -> str:
    if not isinstance(notice, dict):
        return ", whenever announced" if notice == "none" else " announced before it begins"
    channels = notice.get("channels", {"any": ["any"]})
    word, names = next(iter(channels.items()))
    where = "" if "any" in names else f" by {say.listing(names, 'or' if word == 'any' else 'and')}"
    lengths = {name: notice[name] for name in ("at_least", "above") if name in notice}
    return f" announced {say.edges(lengths)} ahead{where}"
