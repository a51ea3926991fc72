"""Percentages beyond 100: of uptime, of failures, of users, of money (terms.md 5).

A sign is an error of form already, so nothing is below 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from schemas.lint_bands import on_of
from schemas.lint_layout import Layout, Node, Steps, Told

_EDGES = ("below", "at_most", "at_least", "above")
_LONG = ("term", "rolling_12_months")


def percent_findings(layout: Layout) -> Iterator[Told]:
    """Every percentage of a layout that is more than all there is."""
    for at, availability in layout.each("availability"):
        yield from _edge((*at, "target"), availability.get("target"))
        yield from _condition((*at, "down_when"), availability.get("down_when", {}))
    clocks = layout.named("clocks")
    for at, credit in layout.each("credits"):
        if credit["formula"] != "none":
            of_clocks = any(name in clocks for name in credit["for"])
            yield from _paid(at, credit)
            yield from _thresholds(at, credit, on_of(credit, of_clocks))
            yield from _caps(at, credit.get("caps", []))
    for at, pool in layout.each("pools"):
        yield from _caps(at, pool.get("caps", []))


def _condition(at: Steps, condition: Node) -> Iterator[Told]:
    for name in ("share", "counted"):
        yield from _edge((*at, name), condition.get(name))
    for word in ("any", "all", "of"):
        for place, each in enumerate(condition.get(word, [])):
            yield from _condition((*at, word, place), each)


def _thresholds(at: Steps, credit: Node, on: str) -> Iterator[Told]:
    """The percentages of uptime that a credit looks at."""
    if on == "uptime":
        for place, band in enumerate(credit.get("bands", [])):
            yield from _edge((*at, "bands", place), band)
        yield from _edge((*at, "per_step"), credit.get("per_step"))
    yield from _edge((*at, "downtime_price"), credit.get("downtime_price"))


def _paid(at: Steps, credit: Node) -> Iterator[Told]:
    """The percentages of money that a credit pays."""
    for place, band in enumerate(credit.get("bands", [])):
        yield from _beyond((*at, "bands", place, "percent"), band.get("percent"))
    for name in ("per_step", "each"):
        yield from _beyond((*at, name, "percent"), credit.get(name, {}).get("percent"))
    at_most = credit.get("settle", {}).get("at_most", {})
    yield from _beyond((*at, "settle", "at_most", "percent"), at_most.get("percent"))


def _caps(at: Steps, caps: Any) -> Iterator[Told]:
    """Caps: those of the fee of one month for a longer time may be more than that fee."""
    for place, cap in enumerate(caps if isinstance(caps, list) else []):
        if cap.get("of") != "month_fee" or cap["per"] not in _LONG:
            yield from _beyond((*at, "caps", place, "percent"), cap.get("percent"))


def _edge(at: Steps, edge: Any) -> Iterator[Told]:
    if isinstance(edge, dict):
        for word in _EDGES:
            yield from _beyond((*at, word), edge.get(word), strictly=word == "above")


def _beyond(at: Steps, value: Any, *, strictly: bool = False) -> Iterator[Told]:
    """A percentage of more than all; what must lie above it (`strictly`) does so from 100 on."""
    if not isinstance(value, str) or value == "target":
        return
    if Fraction(value) > 100:
        yield Told("percent-above-100", at, f"{value} per cent is more than all", "100 or less")
    elif strictly and Fraction(value) == 100:
        message = f"nothing is above {value} per cent"
        yield Told("percent-above-100", at, message, "`at_least: 100`, or less than 100")
