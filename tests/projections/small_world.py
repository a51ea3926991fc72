"""A small world for credits: parts, outages and events at hand, no ledger and no sweep.

`World` stands in for a view; what the engine and the sweep would give is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import pyarrow as pa
import pytest

from projections.facts import Fact
from projections.members import members
from projections.money import book as book_module
from projections.rows import ClockRow
from projections.sweep.measured import LineUptime, Measured, Outage
from projections.terms import FAR, Span, Terms, resources
from projections.terms.parts import Line, Part, Period
from schemas.instant import AsOf, Interval, format_instant, parse_instant

HOUR = 3_600_000_000
DAY = 24 * HOUR


class Plain:
    """A resolved element: members by name, absent ones are None; `from` and `for` get a tail."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        for name, value in members.items():
            tail = "_" if name in ("from", "for") else ""
            setattr(self, name + tail, plain(value))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None


def plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Plain(value)
    if isinstance(value, list):
        return tuple(plain(each) for each in value)
    return value


def us(text: str) -> int:
    return parse_instant(text if "T" in text else f"{text}T00:00:00Z")


BASE = {"fee": "recurring", "services": "all", "over": "period"}
UPTIME = {
    "id": "uptime", "services": ["app"], "measure": "downtime", "period": "month",
    "target": {"at_least": "99.5"},
}  # fmt: skip


def credit(**members: Any) -> dict[str, Any]:
    """A credit that pays 10 % below 99.9 without being asked, with members replaced."""
    return {
        "id": "c", "for": ["uptime"], "formula": "bands",
        "bands": [{"below": "99.9", "percent": "10"}], "base": BASE, "caps": "none",
        "rounding": "half_up", "claim": "none",
    } | members  # fmt: skip


def document(*paying: dict[str, Any], **members: Any) -> Any:
    """A contract with these credits (the name is that of terms.md)."""
    return plain({
        "zones": {"period": "UTC", "deadlines": "UTC"}, "availability": [UPTIME], "clocks": [],
        "credits": list(paying), "pools": [], "rights": [], "interpretations": [],
    } | members)  # fmt: skip


@dataclass(eq=False)
class World:
    """One subscription `s1` of customer `ann` from 2026, its outages by line and its events."""

    document: Any
    at: str = "2026-07-05"
    fee: dict[str, str] = field(
        default_factory=lambda: {"amount": "1000.00", "currency": "EUR", "per": "month"}
    )
    started: str = "2026-01-01"
    plan: str = "gold"
    signed: bool = True
    services: tuple[Any, ...] | None = None
    outages: list[tuple[str, str, float]] = field(default_factory=list)
    worst: list[tuple[str, str, float]] = field(default_factory=list)
    lines: tuple[Line, ...] = ()
    events: list[Fact] = field(default_factory=list)
    bad_days: tuple[str, ...] = ()
    breaches: list[tuple[str, str, str]] = field(default_factory=list)
    cuts: tuple[str, ...] = ()

    # the view

    @property
    def subscriptions(self) -> None:
        return None

    @property
    def as_of(self) -> AsOf:
        return AsOf(us(self.at), us(self.at))

    @cached_property
    def agreements(self) -> Agreed:
        return Agreed(self)

    def clocks(self) -> pa.Table:
        kinds = {"text": pa.string(), "instant": pa.int64(), "seconds": pa.int64(),
                 "whole": pa.int64(), "bool": pa.bool_()}  # fmt: skip
        columns = [(each.attribute, kinds[each.kind]) for each in members(ClockRow)]
        return pa.Table.from_pylist(
            [
                {"customer": "ann", "subscription": "s1", "clock": clock, "ticket": ticket,
                 "instance": 1, "severity": "P1", "started_at": us(due) - HOUR,
                 "provisional": False, "deadline_at": us(due), "verdict": "breached",
                 "strength": "contractual"}
                for clock, ticket, due in self.breaches
            ],
            schema=pa.schema(columns),
        )  # fmt: skip

    def parts(self, month: str) -> list[Part]:
        first = us(f"{month}-01")
        year, number = int(month[:4]), int(month[5:])
        end = us(f"{year + number // 12}-{number % 12 + 1:02d}-01")
        period = Period(month, first, end, month, "month")
        bounds = [max(first, us(self.started)), *map(us, self.cuts), end]
        bounds = sorted({each for each in bounds if max(first, us(self.started)) <= each <= end})
        terms = Terms("k", "demo", "1", self.plan, self.document, {}, None)  # type: ignore[arg-type]
        return [
            Part("ann", "s1", period, number, (Interval(start, stop),), start, stop, terms,
                 self.span, (Interval(bounds[0], end),))
            for number, (start, stop) in enumerate(zip(bounds, bounds[1:], strict=False), 1)
        ]  # fmt: skip

    @property
    def span(self) -> Span:
        start = us(self.started)
        return Span(
            "s1", "ann", 1, start, start, FAR, "demo", "1", self.plan, (), self.fee, self.signed,
            self.services, None, (), start, None, None,
        )  # fmt: skip

    # the sweep

    def line(self, part: Part, availability: Any, line: str, leave: frozenset[Any]) -> LineUptime:
        end = min(part.end, us(self.at))
        best = self._measured(part.start, end, line, self.outages, leave)
        worst = self._measured(part.start, end, line, self.outages + self.worst, leave)
        over = part.period.end <= us(self.at)
        at_best = None if over else self._measured(part.start, part.end, line, self.outages, leave)
        return LineUptime(
            part, availability, line, (line,), part.start, part.end, part.end - part.start,
            best, worst, at_best, "",
        )  # fmt: skip

    def _measured(
        self, start: int, end: int, line: str, told: list[tuple[str, str, float]], leave: Any
    ) -> Measured:
        found = []
        for name, begin, hours in told:
            first, last = us(begin), us(begin) + int(hours * HOUR)
            net = max(0, min(last, end) - max(first, start))
            if name == line and (line, first) not in leave and net:
                running = last >= us(self.at)
                found.append(Outage(line, first, last, running, Fraction(net), net))
        net = sum(outage.net_clock for outage in found)
        time = end - start
        uptime = Fraction(time - net, time) if time else Fraction(1)
        return Measured(
            Fraction(net), {}, Fraction(net), Fraction(time), uptime, net, time, tuple(found)
        )


@dataclass(eq=False)
class Agreed:
    """What was agreed in a world."""

    world: World

    @property
    def spans(self) -> list[Span]:
        return [self.world.span]

    @property
    def holidays(self) -> list[Fact]:
        return []

    @property
    def resources(self) -> resources.Resources:
        return resources.walk([])

    @property
    def subscriptions(self) -> list[str]:
        return ["s1"]

    def spans_of(self, subscription: str) -> list[Span]:
        return self.spans if subscription == "s1" else []

    def at(self, subscription: str, instant: int) -> Span | None:
        return self.world.span if instant >= us(self.world.started) else None

    def terms(self, span: Span, instant: int) -> Terms:
        return Terms("k", "demo", "1", self.world.plan, self.world.document, {}, None)  # type: ignore[arg-type]

    def facts(self, event_type: str) -> list[Fact]:
        return [
            fact
            for fact in self.world.events
            if fact.type == event_type and fact.effective_at <= us(self.world.at)
        ]

    def standing(self, customer: str, instant: int) -> bool:
        return format_instant(instant)[:10] not in self.world.bad_days


@pytest.fixture
def sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the book measure a `World`."""

    def measure(view: World, part: Part, availability: Any, *, leave_out: Any) -> list[LineUptime]:
        names = [each.id for each in view.lines] or list(availability.services)
        return [view.line(part, availability, name, leave_out) for name in sorted(names)]

    def lines(agreed: Agreed, part: Part, availability: Any) -> list[Line]:
        return list(agreed.world.lines) or [
            Line(name, name, False, part.coverage) for name in availability.services
        ]

    def impacts(world: World, incident: str, customer: str) -> dict[str, list[Interval]]:
        _, begin, hours = world.outages[int(incident[1:]) - 1]
        name = world.outages[int(incident[1:]) - 1][0]
        return {name: [Interval(us(begin), us(begin) + int(hours * HOUR))]}

    monkeypatch.setattr(book_module.uptime, "measure", measure)
    monkeypatch.setattr(book_module.uptime, "impacts_of", impacts)
    monkeypatch.setattr(book_module.uptime, "rows", lambda view, months: [])
    monkeypatch.setattr(book_module.uptime, "problems", lambda view, months: [])
    monkeypatch.setattr(book_module.part_lines, "lines", lines)


def event(kind: str, subject: str, time: str, **data: Any) -> Fact:
    """An event `sla.KIND.v1` recorded as it happened."""
    said = {name.rstrip("_"): value for name, value in data.items()}
    instant = us(time)
    return Fact(
        f"sla.{kind}.v1", subject, "/test", f"{subject}-{time}", instant, instant, "t", 0, instant,
        "file-0", said.get("customer"), said,
    )  # fmt: skip


CHARGED_JUNE = event(
    "subscription.charged", "s1", "2026-06-01", amount="60.00", currency="EUR", invoice="i1",
    **{"from": "2026-06-01T00:00:00Z", "to": "2026-07-01T00:00:00Z"},
)  # fmt: skip
"""A charge of 60 for June on invoice `i1`."""
