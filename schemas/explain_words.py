"""Parts of a contract in words that read well aloud (terms.md 6): durations, edges, lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schemas.lint_values import amount_of, unit_of

Said = tuple[str, str | None]
"""A sentence, and the clause that it comes from."""

_UNITS = {
    "s": "second", "m": "minute", "h": "hour", "d": "day", "bm": "business minute",
    "bh": "business hour", "bd": "business day", "mo": "month",
}  # fmt: skip
_EDGES = {"below": "below", "at_most": "at most", "at_least": "at least", "above": "above"}
_DAYS = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
    "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip


def listing(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    several = list(words)
    if len(several) < 2:
        return "".join(several)
    return f"{', '.join(several[:-1])} {last} {several[-1]}"


def duration(text: str) -> str:
    """`4bh` as `4 business hours`; a word as itself."""
    unit = unit_of(text)
    if not unit:
        return plain(text)
    number = text.removesuffix(unit)
    return f"{number} {_UNITS[unit]}{'' if amount_of(text) == 1 else 's'}"


def within(value: Any) -> str:
    """A target of a cell."""
    if isinstance(value, dict):
        word, text = next(iter(value.items()))
        return f"less than {duration(text)}" if word == "below" else duration(text)
    known = {"best_effort": "best effort, without a number", "none": "no clock"}
    return known.get(value) or duration(value)


def edges(element: dict[str, Any], unit: str = "") -> str:
    """`at least 99.0 % and below the target`."""
    found = []
    for word in ("at_least", "above", "at_most", "below"):
        if word in element:
            value = str(element[word])
            shown = duration(value) if unit_of(value) else f"{value}{unit}"
            found.append(f"{_EDGES[word]} {'the target' if value == 'target' else shown}")
    return " and ".join(found)


def pays(element: dict[str, Any]) -> str:
    """What a row or a cap is worth."""
    if "percent" in element:
        return f"{element['percent']} %"
    if "amount" in element:
        return str(element["amount"])
    return f"{element['days']} days of service"


def days(names: list[str]) -> str:
    """Weekdays; a run of them by its ends."""
    order = list(_DAYS)
    places = [order.index(name) for name in names]
    if len(places) > 2 and places == list(range(places[0], places[0] + len(places))):
        return f"{_DAYS[names[0]]} to {_DAYS[names[-1]]}"
    return listing(_DAYS[name] for name in names)


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
