"""Parts of a contract in words that read well aloud (terms.md 6): durations, edges, lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from schemas.lint_layout import Steps
from schemas.lint_values import amount_of, unit_of


class Said(NamedTuple):
    """A sentence, its parts joined by semicolons, and the clause that it comes from.

    `about` leads to what it tells of: the list, the id of the element, and places inside it.
    `idle`: the plan has it written and never comes to it.
    """

    text: str
    clause: str | None
    about: Steps
    idle: bool = False


_UNITS = {
    "s": "second", "m": "minute", "h": "hour", "d": "day", "bm": "business minute",
    "bh": "business hour", "bd": "business day", "mo": "month",
}  # fmt: skip
EDGES = {"below": "below", "at_most": "at most", "at_least": "at least", "above": "more than"}
_LENGTHS = EDGES | {"below": "less than"}
_DAYS = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
    "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip
_MONTHS = {
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May",
    "jun": "June", "jul": "July", "aug": "August", "sep": "September", "oct": "October",
    "nov": "November", "dec": "December",
}  # fmt: skip
PEOPLE = {"customer": "the customer", "agent": "an agent", "automation": "an automation"}
LEVELS = {"outage": "an outage", "degraded": "a degradation"}
KINDS = {"support": "support", "meeting": "a meeting"}
_CONTENT = {
    "solution": "a solution", "question": "a question", "update": "an update",
    "acknowledgement": "an acknowledgement", "other": "anything else",
}  # fmt: skip
_PERIODS = {
    "month": "calendar month", "quarter": "calendar quarter", "year": "calendar year",
    "billing_cycle": "billing cycle",
}  # fmt: skip
_ENDING = {
    "month_end": "stretch of {} dates that ends with a month",
    "every_day": "stretch of {} dates, of which the worst of a month is stated",
    "claim": "stretch of {} dates before a claim",
}
RULES = " is worked out and paid so: "
"""Between a credit and its rules."""
STRENGTH = {
    "contractual": "a contractual promise",
    "target": "a target, not a contractual promise",
    "best_effort": "best effort, not a contractual promise",
}


def listing(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    several = list(words)
    if len(several) < 2:
        return "".join(several)
    return f"{', '.join(several[:-1])} {last} {several[-1]}"


def names(several: Iterable[str], last: str = "and") -> str:
    """Ids and names of the contract, each as it is written."""
    return listing((f"`{each}`" for each in several), last)


def many(number: str, word: str) -> str:
    """`1 business hour`, `4 business hours`."""
    ending = "es" if word.endswith("ch") else "s"
    return f"{number} {word}" if number == "1" else f"{number} {word}{ending}"


def duration(text: str) -> str:
    """`4bh` as `4 business hours`; a word as itself."""
    unit = unit_of(text)
    if not unit:
        return plain(text)
    number = text.removesuffix(unit)
    return f"{number} {_UNITS[unit]}{'' if amount_of(text) == 1 else 's'}"


def length_of(within: Any) -> str:
    """A target of a cell as it stands in the table."""
    if isinstance(within, dict):
        word, text = next(iter(within.items()))
        return f"less than {duration(text)}" if word == "below" else duration(text)
    return {"none": "no clock"}.get(within) or duration(within)


def within(value: Any, calendar: str | None) -> str:
    """A target of a cell, with the time in which it is counted."""
    text = next(iter(value.values())) if isinstance(value, dict) else value
    before = "in" if isinstance(value, dict) and "below" in value else "within"
    unit, on = unit_of(text), f"the calendar `{calendar}`" if calendar else "the deadline zone"
    counted = f", by the dates of {on}" if unit == "d" else ", around the clock"
    if unit in ("bm", "bh", "bd"):
        counted = f" of {on}"
    return f"{before} {length_of(value)}{counted}"


def edges(element: dict[str, Any], unit: str = "") -> str:
    """`at least 99.0 % and below the target`."""
    found = []
    for word in ("at_least", "above", "at_most", "below"):
        if word in element:
            value = str(element[word])
            shown = duration(value) if unit_of(value) else f"{value}{unit}"
            edge = (_LENGTHS if unit_of(value) else EDGES)[word]
            found.append(f"{edge} {'the target' if value == 'target' else shown}")
    return " and ".join(found)


def pays(element: dict[str, Any]) -> str:
    """What a row or a cap is worth."""
    if "percent" in element:
        return f"{element['percent']} %"
    if "amount" in element:
        return str(element["amount"])
    return f"{many(element['days'], 'day')} of service"


def days(several: list[str]) -> str:
    """Weekdays; a run of them by its ends."""
    order = list(_DAYS)
    places = [order.index(name) for name in several]
    if len(places) > 2 and places == list(range(places[0], places[0] + len(places))):
        return f"{_DAYS[several[0]]} to {_DAYS[several[-1]]}"
    return listing(_DAYS[name] for name in several)


def period(written: Any) -> str:
    """A period: `calendar month`."""
    if isinstance(written, str):
        return _PERIODS[written]
    if "quarter" in written:
        return f"quarter of a year that begins in {_MONTHS[written['quarter']['first']]}"
    return _ENDING[written["ending"]].format(written["days"])


def tickets(only: dict[str, Any]) -> str:
    """Which tickets an `only` is for; empty where it leaves none out."""
    found = []
    channels = only.get("channels", [])
    if channels and "any" not in channels:
        found.append(f"come by {names(channels, 'or')}")
    if only.get("tags"):
        found.append(f"carry the tag {names(only['tags'], 'or')}")
    if only.get("kinds"):
        found.append(f"ask for {listing((KINDS[each] for each in only['kinds']), 'or')}")
    if only.get("opened_by"):
        people = listing((PEOPLE[each] for each in only["opened_by"]), "or")
        found.append(f"were opened by {people}")
    return f"tickets that {listing(found)}" if found else ""


def message(satisfied_by: dict[str, Any]) -> str:
    """Which message counts."""
    authors = satisfied_by["author"]
    several = [authors] if isinstance(authors, str) else authors
    kind = {"true": "a public message", "false": "an internal message"}
    what = kind.get(satisfied_by.get("public", ""), "a message")
    text = f"{what} by {listing((PEOPLE[each] for each in several), 'or')}"
    content = listing((_CONTENT[each] for each in satisfied_by.get("content", [])), "or")
    return f"{text} that holds {content}" if content else text


def plain(text: Any) -> str:
    """A word of the grammar without its underscores; structures as short lists."""
    if isinstance(text, dict):
        return listing(f"{plain(name)} {plain(value)}" for name, value in text.items())
    if isinstance(text, list):
        return listing(plain(each) for each in text) if text else "none"
    return str(text) if "/" in str(text) else str(text).replace("_", " ")


def sentence(text: str) -> str:
    """A text with a capital and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
