"""Disputes about what a statement rests on, with its totals under either decision (I4, S7.40).

A decision is tried by telling it: the events of an upheld one are added, everything is read anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from schemas.envelope import Event, read
from schemas.instant import format_instant, parse_instant
from schemas.money import amount_text
from tests.reference.intervals import both, tidy
from tests.reference.knowing import Fact
from tests.reference.parts import Part
from tests.reference.periods import month_span
from tests.reference.rights import rights_rows

if TYPE_CHECKING:
    from tests.reference.answers import World

Row = dict[str, Any]
PAID = ("due", "accepted", "proposed", "approved", "issued", "applied")


def statement_rows(world: World, month: str) -> list[Row]:
    """One row a subscription and customer with a part that has begun.

    Where no clause goes by a period that ends in the month, the parts are those of the month.
    """
    mine: dict[tuple[str, str], list[Part]] = {}
    begun = world.measures.parts(month)
    told = {part.subscription for part in begun}
    for name in sorted({*world.agreements.subscriptions.states} - told):
        begun += world.agreements.calendar_month(name, month)
    for part in begun:
        mine.setdefault((part.customer, part.subscription), []).append(part)
    return [
        {
            "customer": customer,
            "subscription": subscription,
            "month": month,
            "disputes": list(_disputes(world, month, (customer, subscription), parts)),
        }
        for (customer, subscription), parts in mine.items()
    ]


def _disputes(
    world: World, month: str, mine: tuple[str, str], parts: list[Part]
) -> Iterator[Row]:
    first: dict[str, Fact] = {}
    for fact in world.known.of("dispute.opened"):
        first.setdefault(fact.subject, fact)
    for name, opened in sorted(first.items()):
        if opened.get("customer") != mine[0] or not _rests(world, month, mine, parts, opened):
            continue
        decided = [one for one in world.known.of("dispute.decided") if one.subject == name]
        upheld = denied = None
        if not decided:
            upheld, denied = _either(world, month, mine, parts, opened)
        yield {
            "dispute": name,
            "kind": opened.get("about")["kind"],
            "id": opened.get("about")["id"],
            "opened_at": format_instant(opened.time),
            "state": decided[-1].get("decision") if decided else "open",
            "if_upheld": upheld,
            "if_denied": denied,
        }


def _rests(
    world: World, month: str, mine: tuple[str, str], parts: list[Part], opened: Fact
) -> bool:
    kind, name = opened.get("about")["kind"], opened.get("about")["id"]
    if kind == "ticket":
        return any(row["ticket"] == name for row in _clocks(world, month, mine, parts))
    if kind == "statement":
        sealed = [
            fact.subject
            for fact in world.known.of("statement.sealed")
            if (fact.get("subscription"), fact.get("period")) == (mine[1], month)
        ]
        return name == f"{mine[1]}/{month}" or name in sealed
    shown = {row["service"] for row in _own(world.measures.rows(month), mine)}
    covered = tidy(span for part in parts for span in part.coverage)
    if kind == "incident":
        spans = [
            (one.service, (one.start, one.end))
            for one in world.observed.impacts
            if one.name == name and (one.customers is None or mine[0] in one.customers)
        ]
    else:
        spans = _windows(world, name)
    return any(
        (service in shown or None in shown) and both([span], covered) for service, span in spans
    )


def _windows(world: World, name: str) -> list[tuple[str, tuple[int, int]]]:
    told = [
        fact
        for fact in world.known.of("maintenance.announced", "maintenance.rescheduled")
        if fact.subject == name
    ]
    services = {one for fact in told for one in fact.get("services") or ()}
    return [
        (service, (parse_instant(window["from"]), parse_instant(window["to"])))
        for fact in told
        for window in [fact.get("window")]
        for service in fact.get("services") or services
    ]


def _clocks(world: World, month: str, mine: tuple[str, str], parts: list[Part]) -> list[Row]:
    start, end = month_span(month, "UTC")
    covered = tidy(span for part in parts for span in part.coverage)
    return [
        row
        for row in _own(world.clock_values, mine)
        if start <= row["started_at"] < end
        or any(
            row["deadline_at"] is not None and begin <= row["deadline_at"] < stop
            for begin, stop in covered
        )
    ]


def _own(rows: list[Row], mine: tuple[str, str]) -> list[Row]:
    return [row for row in rows if (row["customer"], row["subscription"]) == mine]


# S7.40


def _either(
    world: World, month: str, mine: tuple[str, str], parts: list[Part], opened: Fact
) -> tuple[list[Row] | None, list[Row] | None]:
    """Withdrawn everywhere, else granted everywhere; null where no figure moves."""
    kind, name = opened.get("about")["kind"], opened.get("about")["id"]
    told = {(one.id, one.kind) for part in parts for one in part.terms.document.exclusions}
    exclusions = {one for one, _ in told}
    incidents: set[str] = set()
    if kind == "incident":
        incidents = {name}
    elif kind == "maintenance":
        exclusions = {one for one, each in told if each == "maintenance"}
        windows = _windows(world, name)
        incidents = {
            one.name
            for one in world.observed.impacts
            if one.customers is None or mine[0] in one.customers
            for service, span in windows
            if one.service == service and both([span], one.spans)
        }
    here = _figures(world, month, mine)
    for granted in (False, True):
        ruled = [(one, each) for one in sorted(incidents) for each in sorted(exclusions)]
        other = world.supposing(
            _upheld(world, opened.subject, number, incident, exclusion, granted)
            for number, (incident, exclusion) in enumerate(ruled)
        )
        there = _figures(other, month, mine)
        if there != here:
            return _totals(there[1]), _totals(here[1])
    return None, None


def _upheld(
    world: World, dispute: str, number: int, incident: str, exclusion: str, granted: bool
) -> Event:
    ruled = {"incident": incident, "exclusion": exclusion, "granted": granted}
    told = {
        "specversion": "1.0", "id": f"supposed-{number}", "source": "/supposed",
        "type": "sla.dispute.decided.v1", "subject": dispute, "time": format_instant(world.at),
        "data": {"decision": "upheld", "exclusion": ruled},
    }  # fmt: skip
    found = read(json.dumps(told).encode())
    assert isinstance(found, Event)
    return found


def _figures(world: World, month: str, mine: tuple[str, str]) -> tuple[list[Row], list[Row]]:
    """Uptime and the rights that the month shows, and the credits."""
    start, end = month_span(month, "UTC")
    rights = [
        row
        for row in _own(rights_rows(world)[0], mine)
        if row["arose_at"] < end and (row["until"] is None or row["until"] > start)
    ]
    return [*_own(world.uptime(month), mine), *rights], _own(world.credits(month), mine)


def _totals(rows: list[Row]) -> list[Row]:
    found: dict[str, Fraction] = {}
    for row in rows:
        if row["currency"] is not None and row["amount"] is not None:
            paid = Fraction(row["amount"]) if row["state"] in PAID else Fraction(0)
            found[row["currency"]] = found.get(row["currency"], Fraction(0)) + paid
    return [
        {"currency": currency, "amount": amount_text(amount, currency)}
        for currency, amount in sorted(found.items())
    ]
