"""A contract in plain sentences, each with the words of its source (terms.md 6).

What is the same for every plan is said once; what differs is said for each plan that it is for.
Values are those of the chosen options; the open questions follow, with what each option would say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from schemas import explain_words as say
from schemas.explain_money import credits_said
from schemas.explain_promises import clocks_said, target_table
from schemas.explain_questions import for_plans, questions
from schemas.explain_services import services_said
from schemas.explain_words import Said
from schemas.lint_layout import Layout, Node, Steps, layouts

Part = tuple[str, Callable[[Layout], Iterator[Said]]]


@dataclass
class Line:
    """One sentence with its clause, the place that it is about, and for which plans it holds."""

    text: str
    clause: str | None
    about: Steps
    plans: list[str] = field(default_factory=list)


def explain(tree: Node) -> str:
    """The whole contract as text. The tree has no error of form."""
    laid = list(layouts(tree))
    chosen = [layout for layout in laid if layout.other is None]
    pieces = [_head(tree)]
    for title, part in _PARTS:
        lines = _lines(chosen, part)
        if lines:
            pieces.append("\n".join([title, *_shown(lines, chosen)]))
    table = target_table(chosen)
    if table:
        pieces.append("\n".join(["Targets, plan by severity and channel", *table]))
    asked = list(questions(tree, laid, _spoken))
    if asked:
        pieces.append("\n".join(["Open questions; the answer chosen is marked with *", *asked]))
    return "\n\n".join(pieces)


def targets(tree: Node) -> str:
    """The table of targets alone: plan by severity and channel. The tree has no error of form."""
    return "\n".join(target_table([each for each in layouts(tree) if each.other is None]))


def _spoken(layout: Layout) -> Iterator[str]:
    return (said.text for _, part in _PARTS for said in part(layout) if not said.idle)


def _head(tree: Node) -> str:
    source = tree["source"]
    begins = tree["effective"].get("from")
    title = f"{source['title']} of {tree['provider']}"
    found = [
        f"{title}: contract {tree['contract']}, version {tree['version']}.",
        f"It takes force {'when it is published' if begins is None else _moment(begins)}.",
    ]
    if source["document"] != "none":
        mark = f", with the SHA-256 {source['text_sha256']}"
        known = "" if source["text_sha256"] == "none" else mark
        found.append(f"Its text is the document {source['document']}{known}.")
    frozen = tree["supersession"] == "frozen_for_term"
    found.append(
        "A later version binds a running subscription only from its next term on."
        if frozen
        else "A later version binds a running subscription as soon as it takes force."
    )
    return "\n".join(found)


def _moment(written: str) -> str:
    date, time, offset = written[:10], written[11:19], written[19:]
    if not time:
        return f"on {date}"
    zone = "UTC" if offset in ("Z", "z") else f"at the offset {offset}"
    return f"on {date} at {time.removesuffix(':00')} ({zone})"


def _lines(chosen: list[Layout], part: Callable[[Layout], Iterator[Said]]) -> list[Line]:
    """The sentences of all plans: what is said of one element stands together, plan by plan.

    What a plan never comes to is said only where no other plan does.
    """
    every = [list(part(layout)) for layout in chosen]
    live = {each.about for sentences in every for each in sentences if not each.idle}
    said = [[each for each in all_ if not each.idle or each.about not in live] for all_ in every]
    found: dict[tuple[Steps, str, str | None], Line] = {}
    for layout, sentences in zip(chosen, said, strict=True):
        for text, clause, about, _ in sentences:
            line = found.setdefault((about[:2], text, clause), Line(text, clause, about))
            if layout.plan not in line.plans:
                line.plans.append(layout.plan)
    elements = merged([[each.about[:2] for each in sentences] for sentences in said])
    places = merged([[each.about for each in sentences] for sentences in said])
    order = {about: place for place, about in enumerate(places)}
    first = {element: place for place, element in enumerate(elements)}
    return sorted(found.values(), key=lambda line: (first[line.about[:2]], order[line.about]))


def merged(sequences: list[list[Steps]]) -> list[Steps]:
    """One order for all: what only a later one has stands before what follows it there."""
    order: list[Steps] = []
    for sequence in sequences:
        behind = len(order)
        for each in reversed(sequence):
            if each in order:
                behind = order.index(each)
            else:
                order.insert(behind, each)
    return order


def _shown(lines: list[Line], chosen: list[Layout]) -> Iterator[str]:
    """The sentences; a clause that several in a row come from stands once, behind the last."""
    for place, line in enumerate(lines):
        everybody = len(line.plans) == len(chosen)
        only = "" if everybody else for_plans(line.plans)
        yield f"- {say.sentence(only + line.text)}"
        following = lines[place + 1].clause if place + 1 < len(lines) else None
        if line.clause and line.clause != following:
            yield f'    "{line.clause}"'


def _frame(layout: Layout) -> Iterator[Said]:
    zones = layout.tree["zones"]
    begins = f"months and other periods begin by the time of the zone {zones['period']}"
    yield Said(begins, None, ("zones", "period"))
    dates = f"deadlines in days are dates of the zone {zones['deadlines']}"
    yield Said(dates, None, ("zones", "deadlines"))
    change = {
        "cut": "a change of plan inside a period cuts it; each part is judged by itself",
        "whole_period_best": "after a change of plan the whole period is judged by the better one",
        "whole_period_last": "after a change of plan the whole period is judged by the last one",
    }
    yield Said(change[layout.tree.get("plan_change", "cut")], None, ("plan_change",))
    for name, plan in layout.written.get("plans", {}).items():
        text = f"one of the plans is `{name}`"
        text += f": {plan['text']}" if "text" in plan else ""
        yield Said(text, plan.get("clause"), ("plans", name))


def _calendars(layout: Layout) -> Iterator[Said]:
    for name, calendar in layout.calendars.items():
        text = f"`{name}` {_hours(layout, calendar)}"
        yield Said(text, calendar.get("clause"), ("calendars", name))


def _hours(layout: Layout, calendar: Node) -> str:
    if "always" in calendar:
        return "is open at every hour of every day"
    zone = calendar.get("zone", layout.tree["zones"]["deadlines"])
    if calendar.get("weekly") == []:
        hours = "is never open"
    elif "weekly" in calendar:
        windows = [
            f"{_on(each['days'])} from {each['from']} to {_closes(each)}"
            for each in calendar["weekly"]
        ]
        hours = f"is open {say.listing(windows)}, by the time of the zone {zone}"
    else:
        word = "any" if "any" in calendar else "all"
        while_ = "while one of these calendars is" if word == "any" else "while each of these is"
        hours = f"is open {while_}: {say.names(calendar[word])}; its dates are those of {zone}"
    day = {
        "same_time": "a business day ends at the same time on the next open date",
        "hours": "a business day is the open hours of one date",
        "end_of_day": "a business day ends when the next open date closes",
    }[calendar.get("business_day", "same_time")]
    free = _holidays(calendar.get("holidays", "none"))
    if "weekly" in calendar:
        closed = f"on {free} it is closed, unless they have hours of their own"
        return f"{hours}; {closed if free else 'holidays are days like others'}; {day}"
    counted = say.days(calendar["days"]) if "days" in calendar else "all days"
    without = f" without {free}" if free else ", holidays included"
    return f"{hours}; its business days are {counted}{without}; {day}"


def _closes(window: Node) -> str:
    ahead = window["to"] <= window["from"]
    return f"{window['to']} of the next date" if ahead else str(window["to"])


def _on(days: list[str]) -> str:
    """`Monday to Friday`, `on Sunday`."""
    said = say.days(days)
    return said if " to " in said else f"on {said}"


def _holidays(written: Node | str) -> str:
    """The holidays of a calendar; empty where it has none."""
    if written == "none":
        return ""
    if isinstance(written, str):
        return f"the holidays of `{written}`"
    if "any" in written:
        return f"the holidays of {say.names(written['any'], 'or')}"
    return f"the holidays that {say.names(written['all'])} share"


def _severities(layout: Layout) -> Iterator[Said]:
    for _, each in layout.each("severities"):
        text = f"`{each['id']}` means: {each['text']}" if "text" in each else ""
        text = text or f"`{each['id']}` has no definition"
        yield Said(text, each.get("clause"), ("severities", each["id"]))
    change = layout.tree.get("severity_change", {})
    words = {
        "from_start": "takes the new target from the start",
        "forward": "takes the new target from then on",
        "keep": "keeps its target",
    }
    if layout.tree.get("severities"):
        up, down = (words[change.get(name, "from_start")] for name in ("raise", "lower"))
        text = f"a ticket that is made graver {up}; a ticket that is made less grave {down}"
        yield Said(text, None, ("severity_change",))


def _obligations(layout: Layout) -> Iterator[Said]:
    for _, each in layout.each("obligations"):
        yield Said(each["text"], each.get("clause"), ("obligations", each["id"]))


_PARTS: tuple[Part, ...] = (
    ("The frame", _frame),
    ("Calendars", _calendars),
    ("Severities", _severities),
    ("Promises about tickets", clocks_said),
    ("Promises about services", services_said),
    ("Money and rights", credits_said),
    ("Promises without a number", _obligations),
)
