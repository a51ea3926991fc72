"""The rows of a credit's table: gaps, overlaps, order (terms.md 5).

A row is an interval between two cuts. A cut is a number and a side: 0 just before the number, 1
just behind it; so `at_most: 99` and `above: 99` meet in one cut, and no value is lost or twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from schemas.lint_layout import Layout, Node, Steps, Told
from schemas.lint_values import number_of

Cut = tuple[Fraction, int]
_LEAST: Cut = (Fraction(-1), 0)
_MOST: Cut = (Fraction(10**30), 0)
_NOTHING: Cut = (Fraction(0), 0)
_ALL: Cut = (Fraction(100), 1)
PAYS = ("percent", "amount", "days")


class Row(NamedTuple):
    """One row, from one cut to another."""

    start: Cut
    end: Cut
    steps: Steps
    band: Node

    @property
    def point(self) -> bool:
        """A row for exactly one number."""
        return self.start[0] == self.end[0]


def on_of(credit: Node, of_clocks: bool) -> str:
    """What bands and steps look at."""
    return str(credit.get("on", "breaches" if of_clocks else "uptime"))


def rows_of(credit: Node, at: Steps, on: str, target: Fraction | None) -> list[Row] | None:
    """The rows by their start; none where an edge names a target that is none."""
    found = []
    for place, band in enumerate(credit.get("bands", [])):
        cuts = {"start": _LEAST, "end": _MOST}
        for word, (side, behind) in _WORDS.items():
            if word not in band:
                continue
            value = target if band[word] == "target" else number_of(band[word])
            if value is None:
                return None
            whole = on == "breaches" and behind  # there is nothing between 2 and 3 breaches
            cuts[side] = (value + 1, 0) if whole else (value, behind)
        found.append(Row(cuts["start"], cuts["end"], (*at, "bands", place), band))
    return sorted(found, key=lambda row: (row.start, row.end))


_WORDS: Mapping[str, tuple[str, int]] = {
    "below": ("end", 0), "at_most": ("end", 1), "at_least": ("start", 0), "above": ("start", 1),
}  # fmt: skip


def band_findings(credit: Node, at: Steps, on: str, target: Fraction | None) -> Iterator[Told]:
    """Gaps, overlaps and order of one table."""
    found = rows_of(credit, at, on, target)
    if not found:
        return
    for row in found:
        if row.end <= max(row.start, _NOTHING):
            message = f"no value is {_between(row.start, row.end)}"
            yield Told("band-gap", row.steps, message, "change an edge, or remove the row")
    top = _ALL if on == "uptime" else _MOST  # above 100 per cent: `percent-above-100`
    rows = [row for row in found if row.start < top and max(row.start, _NOTHING) < row.end]
    if not rows:
        return
    yield from _outermost(rows, on)
    reached = rows[0].end
    for row in rows[1:]:
        if row.start > reached:
            message = f"no row has the {_values(reached, row.start)}"
            yield Told("band-gap", row.steps, message, "close it, or write the point as a row")
        elif row.start < reached:
            message = f"two rows have the {_values(row.start, min(reached, row.end))}"
            yield Told("band-overlap", row.steps, message, "change an edge word")
        reached = max(reached, row.end)
    yield from _order(rows, on)


def _outermost(rows: list[Row], on: str) -> Iterator[Told]:
    """Uptime ends at 0, down time and breaches have no end: the worst row is open there."""
    if on == "uptime" and rows[0].start > (Fraction(0), 0):
        message = f"no row has the values below {_number(rows[0].start[0])}"
        yield Told("band-gap", rows[0].steps, message, "leave the lower edge of this row out")
    last = max(rows, key=lambda row: row.end)
    if on != "uptime" and last.end < _MOST:
        message = f"no row has the values beyond {_number(last.end[0])}"
        yield Told("band-gap", last.steps, message, "leave the upper edge of this row out")


def _order(rows: list[Row], on: str) -> Iterator[Told]:
    kept = [row for row in rows if not row.point]
    for low, high in pairwise(kept):
        kind = next((each for each in PAYS if each in low.band and each in high.band), None)
        if kind is None:
            continue
        less, more = _paid(low.band[kind]), _paid(high.band[kind])
        if less[1] != more[1]:
            continue
        if on == "uptime" and less[0] < more[0]:
            message = "the credit falls as uptime falls"
            yield Told("band-order", low.steps, message, "sort the rows")
        if on != "uptime" and more[0] < less[0]:
            message = "the credit falls as what is counted rises"
            yield Told("band-order", high.steps, message, "sort the rows")


def _paid(text: str) -> tuple[Fraction, str]:
    value, _, currency = text.partition(" ")
    return Fraction(value), currency


def _values(start: Cut, end: Cut) -> str:
    point = start[0] == end[0]
    return f"value {_number(start[0])}" if point else f"values {_between(start, end)}"


def _between(start: Cut, end: Cut) -> str:
    if start <= _NOTHING:
        return f"{'below' if end[1] == 0 else 'at most'} {_number(end[0])}"
    left = ("from " if start[1] == 0 else "above ") + _number(start[0])
    return f"{left} {'to below' if end[1] == 0 else 'to'} {_number(end[0])}"


def _number(value: Fraction) -> str:
    if value >= _MOST[0]:
        return "any number"
    text = format(value.numerator, "d")
    if value.denominator == 1:
        return text
    scaled = value * 10**12
    whole, rest = divmod(int(scaled), 10**12)
    return f"{whole}.{rest:012d}".rstrip("0").rstrip(".")


def worth(tree: Any) -> Fraction | None:
    """The number of a target, none where there is none."""
    if not isinstance(tree, dict):
        return None
    return next((Fraction(tree[word]) for word in ("at_least", "above") if word in tree), None)


def target_of(layout: Layout, credit: Node) -> Fraction | None:
    """The number that `target` stands for in a credit's rows: of the first that it is for."""
    known = layout.named("availability")
    for name in credit.get("for", []):
        if name in known:
            return worth(known[name].get("target"))
    return None
