"""Clocks and their targets in plain sentences, and as a table (terms.md 6)."""

from __future__ import annotations

from collections.abc import Iterator

from schemas import explain_words as say
from schemas.explain_words import Said
from schemas.lint_clocks import unreached
from schemas.lint_layout import Layout, Node, Steps

_KINDS = {
    "first_response": "the first response comes",
    "next_response": "every next response comes",
    "update_cadence": "each update is followed by the next",
    "resolution": "the ticket is resolved",
    "closure": "the ticket is closed",
    "slot_offered": "a slot for the meeting is offered",
    "slot_held": "the meeting is held",
}
_PAUSES = {
    "awaiting_customer": "the customer is awaited",
    "awaiting_third_party": "a third party is awaited",
    "customer_duty_unmet": "a duty of the customer is unmet",
    "on_hold": "the ticket is on hold",
}
_REOPENED = {
    "ignore": "a reopening changes nothing",
    "continue": "after a reopening its time goes on",
    "new_instance": "a reopening starts a new clock",
}
_MERGED = {
    "keep_earliest": "of merged tickets the earliest start holds",
    "keep_own": "after a merge the ticket that remains keeps its own start",
}
_CONFIRMED = {
    "none": "the customer need not confirm the resolution",
    "required": "a resolution stands only once the customer has confirmed it",
}
_STOPPED = {
    "slot_offered": "it stops when a slot is offered",
    "slot_held": "it stops when the meeting is held",
}


def clocks_said(layout: Layout) -> Iterator[Said]:
    """The clocks of a layout and their targets, each with its clause."""
    for at, clock in layout.each("clocks"):
        if clock["targets"]:
            text = f"the clock `{clock['id']}` is {say.STRENGTH[clock['strength']]}"
            about: Steps = ("clocks", clock["id"])
            yield Said("; ".join([text, *_rules(clock)]), clock.get("clause"), about)
            behind = unreached(clock["targets"])
            for place, cell in enumerate(clock["targets"]):
                here = (*about, *layout.origin((*at, "targets", place)))
                text, idle = _cell(clock, cell, place), place in behind
                text += "; it is never reached: an earlier target stands before it" if idle else ""
                yield Said(text, cell.get("clause"), here, idle)


def _rules(clock: Node) -> Iterator[str]:
    yield f"it runs for {_tickets(clock['kind'], clock.get('only', {}))}"
    pauses = say.listing((_PAUSES[each] for each in clock["pauses"]), "or")
    yield f"it pauses while {pauses}" if pauses else "nothing pauses it"
    if clock["kind"] in ("first_response", "next_response", "update_cadence"):
        yield f"what stops it is {say.message(clock['satisfied_by'])}"
    if clock["kind"] == "meeting_slot":
        yield _STOPPED[clock["stops_on"]]
    if clock["kind"] == "resolution":
        yield _CONFIRMED[clock["confirmation"]]
        yield _REOPENED[clock["on_reopen"]]
    if clock["kind"] in ("first_response", "resolution"):
        yield _MERGED[clock.get("on_merge", "keep_earliest")]


def _tickets(kind: str, only: Node) -> str:
    """A meeting starts the clocks of meetings alone, another ticket all the others (S5.3)."""
    own = "meeting" if kind == "meeting_slot" else "support"
    if own not in (only.get("kinds") or [own]):
        return "no ticket: it is for tickets that never start such a clock"
    others = {name: each for name, each in only.items() if name != "kinds"}
    if say.tickets(others):
        return say.tickets(others | {"kinds": [own]})
    return f"every ticket that asks for {say.KINDS[own]}"


def _cell(clock: Node, cell: Node, place: int) -> str:
    earlier = any("severity" in each for each in clock["targets"][:place])
    every = "every other severity" if earlier else "every severity"
    who = f"`{cell['severity']}`" if "severity" in cell else every
    tickets = say.tickets(cell.get("only", {}))
    begin = f"for {who}" + (f", for {tickets}," if tickets else "")
    kind: str = clock["stops_on"] if clock["kind"] == "meeting_slot" else clock["kind"]
    if cell["within"] == "none":
        return f"{begin} the clock `{clock['id']}` does not run"
    if cell["within"] == "best_effort":
        on = f", measured on the calendar `{cell['calendar']}`" if "calendar" in cell else ""
        return f"{begin} {_KINDS[kind]} by best effort, without a number{on}"
    strength = f"; that is {say.STRENGTH[cell['strength']]}" if "strength" in cell else ""
    return f"{begin} {_KINDS[kind]} {say.within(cell['within'], cell.get('calendar'))}{strength}"


def target_table(chosen: list[Layout]) -> list[str]:
    """The resulting table of targets: plan by severity and channel."""
    rows = [("plan", "severity", "channel", "clock", "target", "calendar", "strength")]
    for layout in chosen:
        for _, clock in layout.each("clocks"):
            behind = unreached(clock["targets"])
            rows += [
                _row(layout, clock, cell)
                for place, cell in enumerate(clock["targets"])
                if place not in behind
            ]
    if len(rows) == 1:
        return []
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _row(layout: Layout, clock: Node, cell: Node) -> tuple[str, str, str, str, str, str, str]:
    only, own = clock.get("only", {}), cell.get("only", {})
    channels = own.get("channels") or only.get("channels")
    shown = "any" if not channels or "any" in channels else ", ".join(channels)
    tags = own.get("tags") or only.get("tags")
    if tags:
        shown += f" (tag {say.listing(tags, 'or')})"
    return (
        layout.plan, str(cell.get("severity", "every")), shown, str(clock["id"]),
        say.length_of(cell["within"]), str(cell.get("calendar", "")),
        say.plain(cell.get("strength", clock["strength"])),
    )  # fmt: skip
