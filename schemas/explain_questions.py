"""Open questions in plain sentences: each option with what would be said under it (terms.md 6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from schemas import explain_words as say
from schemas.lint_layout import Layout, Node
from schemas.terms_wrappers import BY_PLAN, READING, interpretations

Spoken = Callable[[Layout], Iterator[str]]
Plans = dict[str, list[str]]
"""What is said, and for which plans."""
_ABOUT = re.compile(r"(?:the clock )?`[^`]+`")
"""What a sentence is about: the head of each of its statements that stands alone."""


def questions(tree: Node, laid: list[Layout], spoken: Spoken) -> Iterator[str]:
    """Every question with its options: what the one chosen says, and what another would say.

    `laid` are all layouts, `spoken` the sentences of one.
    """
    chosen = [layout for layout in laid if layout.other is None]
    now, every = _said(chosen, spoken), len(chosen)
    under: dict[tuple[str, str], list[Layout]] = {}
    for layout in laid:
        if layout.other is not None:
            under.setdefault(layout.other, []).append(layout)
    plain = {layout.plan: layout.tree for layout in chosen}
    for _, each in interpretations(tree):
        instead: dict[str, Plans] = {}
        for option in each["options"]:
            several = under.get((each["id"], option), [])
            same = all(plain.get(layout.plan) == layout.tree for layout in several)
            instead[option] = {} if same else _said(several, spoken)
        yield from _question(each, now, instead, every)


def _question(each: Node, now: Plans, instead: dict[str, Plans], every: int) -> Iterator[str]:
    yield f"- {each['question']}"
    if "clause" in each:
        yield f'    "{each["clause"]}"'
    given_up: Plans = {}
    for said in filter(None, instead.values()):
        for text, plans in _beyond(now, said).items():
            known = given_up.setdefault(text, [])
            known += [plan for plan in plans if plan not in known]
    for option, value in each["options"].items():
        is_chosen = option == each["chosen"]
        told = given_up if is_chosen else _beyond(instead[option], now)
        lines = [say.sentence(_for(plans, every) + text) for text, plans in told.items()]
        if not lines:
            lost = {} if is_chosen or not instead[option] else _beyond(now, instead[option])
            lines = [_otherwise(value, lost, is_chosen, len(each["options"]) > 1, every)]
        first, *more = lines
        yield f"    {'*' if is_chosen else ' '} {option}: {first}"
        yield from (f"        {line}" for line in more)
    if "basis" in each:
        basis: str = each["basis"]
        yield f"    The reason: {basis}{'' if basis.endswith('.') else '.'}"


def _otherwise(value: Any, lost: Plans, is_chosen: bool, several: bool, every: int) -> str:
    """What is told of an option under which nothing new is said."""
    shown = say.sentence(answer(value))
    if lost:
        gone = "; ".join(_for(plans, every) + text for text, plans in lost.items())
        return f"{shown} This would no longer hold: {say.sentence(gone)}"
    if several and not is_chosen:
        return f"{shown} Nothing changes while the other answers stand."
    return shown


def _said(layouts: list[Layout], spoken: Spoken) -> Plans:
    """The single statements of the sentences, each with whom or what it is about."""
    found: Plans = {}
    for layout in layouts:
        for text in spoken(layout):
            first, *more = text.split("; ")
            about = _ABOUT.match(first)
            head = f"{about[0]}: " if about else ""
            first = first.replace(say.RULES, ": ")
            for statement in [first, *(head + each for each in more)]:
                plans = found.setdefault(statement, [])
                if layout.plan not in plans:
                    plans.append(layout.plan)
    return found


def _beyond(these: Plans, those: Plans) -> Plans:
    """What these say for plans for which those do not."""
    found: Plans = {}
    for text, plans in these.items():
        left = [plan for plan in plans if plan not in those.get(text, ())]
        if left:
            found[text] = left
    return found


def _for(plans: list[str], every: int) -> str:
    return "" if len(plans) == every else for_plans(plans)


def for_plans(plans: list[str]) -> str:
    """The head of what holds for some plans alone."""
    return f"on the plan{'s' if len(plans) > 1 else ''} {say.names(plans)}: "


def answer(value: Any) -> str:
    """The answer of an option; wrappers inside it in words."""
    if isinstance(value, str):
        return say.duration(value)
    if isinstance(value, dict) and list(value) == [READING]:
        return f"the answer to `{value[READING]}`"
    if isinstance(value, dict) and list(value) == [BY_PLAN]:
        told = value[BY_PLAN].items()
        if not told:
            return "for no plan"
        return "by plan: " + ", ".join(f"`{plan}` {answer(each)}" for plan, each in told)
    if isinstance(value, dict):
        return say.listing(f"{say.plain(name)} {answer(each)}" for name, each in value.items())
    return say.listing(map(answer, value)) if value else "none"
