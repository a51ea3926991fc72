"""A contract in plain sentences, each with the words of its source (terms.md 6).

What is the same for every plan is said once; what differs is said for each plan that it is for.
Values are those of the chosen options; the open questions follow, with their options.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from schemas import explain_words as say
from schemas.explain_money import credits_said
from schemas.explain_promises import promises_said
from schemas.explain_words import Said
from schemas.lint_layout import Layout, Node, layouts
from schemas.lint_values import bare
from schemas.terms_wrappers import BY_PLAN, READING, interpretations

Part = tuple[str, Callable[[Layout], Iterator[Said]]]


@dataclass
class Line:
    """One sentence, for which plans it holds (empty: for all), and its clause."""

    text: str
    clause: str | None
    plans: list[str] = field(default_factory=list)


def explain(tree: Node) -> str:
    """The whole contract as text. The tree has no error of form."""
    chosen = [layout for layout in layouts(tree) if layout.other is None]
    pieces = [_head(tree)]
    for title, part in _PARTS:
        lines = _lines(chosen, part)
        if lines:
            pieces.append("\n".join([title, *_shown(lines, chosen)]))
    table = target_table(chosen)
    if table:
        pieces.append("\n".join(["Targets, plan by severity and channel", *table]))
    questions = list(_questions(tree))
    if questions:
        pieces.append("\n".join(["Open questions", *questions]))
    return "\n\n".join(pieces)


def _head(tree: Node) -> str:
    source = tree["source"]
    begins = tree["effective"].get("from")
    title = f"{source['title']} of {tree['provider']}"
    found = [
        f"{title}: contract {tree['contract']}, version {tree['version']}.",
        f"It takes force {'when it is published' if begins is None else 'on ' + begins}.",
    ]
    if source["document"] != "none":
        found.append(f"Its text is {source['document']}, SHA-256 {source['text_sha256']}.")
    frozen = tree["supersession"] == "frozen_for_term"
    found.append(
        "A later version binds a running subscription only from its next term on."
        if frozen
        else "A later version binds a running subscription as soon as it takes force."
    )
    return "\n".join(found)


def _lines(chosen: list[Layout], part: Callable[[Layout], Iterator[Said]]) -> list[Line]:
    found: dict[tuple[str, str | None], Line] = {}
    for layout in chosen:
        for text, clause in part(layout):
            line = found.setdefault((text, clause), Line(text, clause))
            if layout.plan not in line.plans:
                line.plans.append(layout.plan)
    return list(found.values())


def _shown(lines: list[Line], chosen: list[Layout]) -> Iterator[str]:
    """The sentences; a clause that several in a row come from stands once, behind the last."""
    for place, line in enumerate(lines):
        everybody = len(line.plans) == len(chosen)
        only = "" if everybody else f"for {say.listing(line.plans)}: "
        yield f"- {say.sentence(only + line.text)}"
        following = lines[place + 1].clause if place + 1 < len(lines) else None
        if line.clause and line.clause != following:
            yield f'    "{line.clause}"'


def _frame(layout: Layout) -> Iterator[Said]:
    zones = layout.tree["zones"]
    yield f"months and other periods begin in the zone {zones['period']}", None
    yield f"deadlines in days are dates of the zone {zones['deadlines']}", None
    change = {
        "cut": "a change of plan inside a period cuts it; each part is judged by itself",
        "whole_period_best": "after a change of plan the whole period is judged by the better one",
        "whole_period_last": "after a change of plan the whole period is judged by the last one",
    }
    yield change[layout.tree.get("plan_change", "cut")], None
    for name, plan in layout.written.get("plans", {}).items():
        yield f"the plan `{name}`: {plan.get('text', 'as it is named')}", plan.get("clause")


def _calendars(layout: Layout) -> Iterator[Said]:
    for name, calendar in layout.calendars.items():
        yield f"`{name}` {_hours(layout, calendar)}", calendar.get("clause")


def _hours(layout: Layout, calendar: Node) -> str:
    if "always" in calendar:
        return "is open at every hour of every day"
    zone = calendar.get("zone", layout.tree["zones"]["deadlines"])
    if "weekly" in calendar:
        windows = [
            f"{say.days(each['days'])} from {each['from']} to {each['to']}"
            for each in calendar["weekly"]
        ]
        hours = f"is open {say.listing(windows)}, time of {zone}"
    else:
        word = "any" if "any" in calendar else "all"
        names = say.listing(calendar[word], "or" if word == "any" else "and")
        both = "while each of them is" if word == "all" else "while one of them is"
        hours = f"is open {both}: {names}; its dates are those of {zone}"
    holidays = calendar.get("holidays", "none")
    free = "no holidays" if holidays == "none" else f"without the holidays {say.plain(holidays)}"
    day = {
        "same_time": "one business day ends at the same time on the next open date",
        "hours": "one business day is a day's open hours",
        "end_of_day": "one business day ends when the next open date closes",
    }[calendar.get("business_day", "same_time")]
    return f"{hours}, {free}; {day}"


def _severities(layout: Layout) -> Iterator[Said]:
    for _, each in layout.each("severities"):
        yield f"`{each['id']}`: {each.get('text', 'without a definition')}", each.get("clause")
    change = layout.tree.get("severity_change", {})
    words = {
        "from_start": "takes the new target from the start",
        "forward": "takes the new target from then on",
        "keep": "keeps its target",
    }
    if layout.tree.get("severities"):
        up, down = (words[change.get(name, "from_start")] for name in ("raise", "lower"))
        yield f"a ticket made graver {up}; one made less grave {down}", None


def _obligations(layout: Layout) -> Iterator[Said]:
    for _, each in layout.each("obligations"):
        yield each["text"], each.get("clause")


_PARTS: tuple[Part, ...] = (
    ("The frame", _frame),
    ("Calendars", _calendars),
    ("Severities", _severities),
    ("Promises", promises_said),
    ("Money and rights", credits_said),
    ("Promises without a number", _obligations),
)


def _questions(tree: Node) -> Iterator[str]:
    for _, each in interpretations(tree):
        about = f'\n    "{each["clause"]}"' if "clause" in each else ""
        yield f"- {each['question']}{about}"
        for option, value in each["options"].items():
            mark = "*" if option == each["chosen"] else " "
            yield f"    {mark} {option}: {_option(value)}"
        if "basis" in each:
            yield f"    because {each['basis']}"


def _option(value: Any) -> str:
    """The answer of an option; wrappers inside it in words."""
    if isinstance(value, str):
        return say.duration(value)
    if isinstance(value, dict) and list(value) == [READING]:
        return f"the answer to `{value[READING]}`"
    if isinstance(value, dict) and list(value) == [BY_PLAN]:
        told = value[BY_PLAN].items()
        return "by plan: " + ", ".join(f"{plan} {_option(each)}" for plan, each in told)
    if isinstance(value, dict):
        return say.listing(f"{say.plain(name)} {_option(each)}" for name, each in value.items())
    return say.listing(map(_option, value)) if value else "none"


def target_table(chosen: list[Layout]) -> list[str]:
    """The resulting table of targets: clock, plan, severity, channel, target."""
    rows = [("clock", "plan", "severity", "channel", "target", "calendar", "strength")]
    for layout in chosen:
        for _, clock in layout.each("clocks"):
            rows += [_row(layout, clock, cell) for cell in clock["targets"]]
    if len(rows) == 1:
        return []
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _row(layout: Layout, clock: Node, cell: Node) -> tuple[str, str, str, str, str, str, str]:
    channels = cell.get("only", {}).get("channels") or clock.get("only", {}).get("channels")
    shown = "any" if not channels or "any" in channels else ", ".join(channels)
    tags = cell.get("only", {}).get("tags")
    if tags:
        shown += f" (tag {say.listing(tags, 'or')})"
    edge = "< " if isinstance(cell["within"], dict) and "below" in cell["within"] else ""
    return (
        str(clock["id"]), layout.plan, str(cell.get("severity", "every")), shown,
        edge + bare(cell["within"]), str(cell.get("calendar", "")),
        str(cell.get("strength", clock["strength"])),
    )  # fmt: skip
