"""Clocks (S5): tickets walked event by event, then elapsed, deadline and verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.reference.binding import Terms
from tests.reference.knowing import Fact, Problem
from tests.reference.machines import NO_CLOCK, Instance, Machine
from tests.reference.parts import Agreements
from tests.reference.subscriptions import State
from tests.reference.terms_view import Document, cells, fits_only, target_of
from tests.reference.verdicts import judge

Row = dict[str, Any]


@dataclass(eq=False)
class Ticket:
    """One ticket as the walk goes."""

    opened: Fact
    severity: str
    severity_then: str
    state: State | None = None
    terms: Terms | None = None
    machines: list[Machine] = field(default_factory=list)
    pauses: list[tuple[str, int, int | None]] = field(default_factory=list)
    merged_into: str | None = None


class Clocks:
    """All tickets of one pair of moments."""

    def __init__(self, agreements: Agreements) -> None:
        self.agreements = agreements
        self.at = agreements.known.at
        self.tickets: dict[str, Ticket] = {}
        self.problems: set[Problem] = set()
        facts = [fact for fact in agreements.known.facts if fact.type.startswith("ticket.")]
        openings: dict[str, Fact] = {}
        for fact in facts:
            if fact.type == "ticket.opened":
                openings.setdefault(fact.subject, fact)  # S5.1: the first in order stands
        self.openings = openings
        self._told_at_opening: dict[str, list[Fact]] = {}
        for fact in sorted(facts, key=self._place):
            self._walk(fact)

    def _place(self, fact: Fact) -> tuple[Any, ...]:
        """S2.10; but what is at the instant of the opening comes after it (S5.1)."""
        opened = self.openings.get(fact.subject)
        if opened is None or fact.time != opened.time or fact.order >= opened.order:
            return (fact.order, 0)
        if fact.type == "ticket.classified" and self._is_of(fact, opened):
            self._told_at_opening.setdefault(fact.subject, []).append(fact)
        return (opened.order, 1, fact.order)

    @staticmethod
    def _is_of(fact: Fact, opened: Fact) -> bool:
        return fact.get("customer") in (None, opened.get("customer"))

    def _walk(self, fact: Fact) -> None:
        opened = self.openings.get(fact.subject)
        if opened is None or fact in self._told_at_opening.get(fact.subject, ()):
            return
        if fact is opened:
            self._open(fact)
            return
        ticket = self.tickets.get(fact.subject)
        if fact.type == "ticket.opened":
            self._problem("second_opening", fact)
        elif not self._is_of(fact, opened):  # E6
            self._problem("customer_mismatch", fact)
        elif ticket is None:
            self._problem("before_opening", fact)
        elif ticket.merged_into is not None:  # S5.2
            self._problem("after_merge", fact)
        else:
            self._apply(ticket, fact)

    def _problem(self, kind: str, fact: Fact, detail: str | None = None) -> None:
        customer = self.openings[fact.subject].get("customer")
        self.problems.add(Problem(kind, fact.subject, detail or fact.id, customer))

    def _open(self, fact: Fact) -> None:
        early = self._told_at_opening.get(fact.subject, [])
        severity = next((one.get("severity") for one in reversed(early)), fact.get("severity"))
        ticket = Ticket(fact, severity, severity)
        self.tickets[fact.subject] = ticket
        ticket.state = self._subscription(fact)
        piece = None
        if ticket.state is not None:
            piece = self.agreements.piece_at(ticket.state.subscription, fact.time)
        if piece is None:
            return
        ticket.terms = self.agreements.terms(piece, fact.time)
        document = ticket.terms.document
        for clock in document.clocks:
            meeting = fact.data.get("kind", "support") == "meeting"
            if meeting != (clock.kind == "meeting_slot"):  # S5.3
                continue
            if not fits_only(clock.only, fact):  # S3.21
                continue
            machine = Machine(
                clock,
                ticket.severity,
                partial(find_cell, clock, opened=fact),
                partial(severity_word, document),
            )
            ticket.machines.append(machine)
            machine.opened(fact.time)

    def _subscription(self, opened: Fact) -> State | None:
        """S3.60, S3.61."""
        of = self.agreements.subscriptions
        named = opened.get("subscription")
        if named is not None:
            state = of.at(named, opened.time)
            mine = state is not None and state.customer == opened.get("customer")
            return state if mine else None
        active = of.active_of(opened.get("customer"), opened.time)
        return active[0] if len(active) == 1 else None

    def _apply(self, ticket: Ticket, fact: Fact) -> None:
        word = fact.type.removeprefix("ticket.")
        if word in ("paused", "resumed"):
            self._pause(ticket, fact, word)
        elif word == "classified":
            if fact.order > ticket.opened.order:
                ticket.severity = fact.get("severity")
                for machine in ticket.machines:
                    machine.classified(fact.time, ticket.severity)
        elif word == "due_agreed":
            self._agreed(ticket, fact)
        elif word == "merged":
            self._merge(ticket, fact)
        else:
            self._outlived(ticket, fact)
            for machine in ticket.machines:
                machine.apply(fact)
                for kind, detail in machine.problems:
                    self._problem(kind, fact, detail)
                machine.problems.clear()

    def _pause(self, ticket: Ticket, fact: Fact, word: str) -> None:
        """S5.10 to S5.12."""
        reason = fact.get("reason")
        running = [one for one in ticket.pauses if one[0] == reason and one[2] is None]
        if word == "paused" and not running:
            ticket.pauses.append((reason, fact.time, None))
            self._paused_by = {**getattr(self, "_paused_by", {}), (fact.subject, reason): fact.id}
        elif word == "resumed" and running:
            place = ticket.pauses.index(running[0])
            ticket.pauses[place] = (reason, running[0][1], fact.time)

    def _outlived(self, ticket: Ticket, fact: Fact) -> None:
        """S5.13."""
        waiting = any(one[0] == "awaiting_customer" and one[2] is None for one in ticket.pauses)
        if waiting and fact.type == "ticket.message" and fact.get("author") == "customer":
            by = self._paused_by[fact.subject, "awaiting_customer"]
            self._problem("pause_outlives_reply", fact, by)

    def _agreed(self, ticket: Ticket, fact: Fact) -> None:
        """S5.47."""
        mine = [one for one in ticket.machines if one.clock.id == fact.get("clock")]
        if not mine or mine[0].running is None:
            self._problem("no_running_instance", fact)
        else:
            mine[0].running.agreed = fact.instant("due")

    def _merge(self, ticket: Ticket, fact: Fact) -> None:
        """S5.70 to S5.72."""
        surviving = self.tickets.get(fact.get("into"))
        if surviving is not None and surviving.merged_into is None:
            same = surviving.terms and ticket.terms
            same = same and surviving.terms.contract == ticket.terms.contract
            theirs = {one.clock.id: one for one in ticket.machines if same}
            for machine in surviving.machines:
                clock = machine.clock
                other = theirs.get(clock.id)
                passes = clock.kind in ("first_response", "resolution")
                keeps = (clock.on_merge or "keep_earliest") == "keep_earliest"
                if passes and keeps and other and machine.running and other.running:
                    machine.running.start = min(machine.running.start, other.running.start)
        for machine in ticket.machines:
            machine.merged(fact.time)
        ticket.merged_into = fact.get("into")

    def rows(self) -> list[Row]:
        """One row an instance (S5.4), one a ticket without terms (S3.61)."""
        result = []
        for name, ticket in sorted(self.tickets.items()):
            if ticket.terms is None or ticket.state is None:
                result.append(self._no_terms(name, ticket))
                continue
            for machine in ticket.machines:
                ordered = sorted(machine.instances, key=lambda one: one.start)
                for number, instance in enumerate(ordered, start=1):
                    result.append(self._row(name, ticket, machine, number, instance))
        return result

    def _no_terms(self, name: str, ticket: Ticket) -> Row:
        opened, state = ticket.opened, ticket.state
        return {
            "customer": opened.get("customer"),
            "subscription": state.subscription if state else opened.get("subscription"),
            "ticket": name,
            "clock": None,
            "kind": None,
            "instance": 1,
            "severity": ticket.severity_then,
            "plan": state.plan if state else None,
            "contract": state.contract if state else None,
            "contract_version": None,
            "strength": None,
            "target": None,
            "calendar": None,
            "started_at": opened.time,
            "stopped_at": None,
            "provisional": False,
            "deadline_at": None,
            "projected_deadline_at": None,
            "elapsed_seconds": None,
            "target_seconds": None,
            "paused_seconds": None,
            "verdict": "no_terms",
        }

    def _row(
        self, name: str, ticket: Ticket, machine: Machine, number: int, instance: Instance
    ) -> Row:
        assert ticket.terms is not None and ticket.state is not None
        judged = judge(machine, instance, ticket, self.at)
        cell, clock = instance.cell, machine.clock
        return {
            "customer": ticket.opened.get("customer"),
            "subscription": ticket.state.subscription,
            "ticket": name,
            "clock": clock.id,
            "kind": clock.kind,
            "instance": number,
            "severity": instance.severity,
            "plan": ticket.state.plan,
            "contract": ticket.terms.contract,
            "contract_version": ticket.terms.version,
            "strength": (cell.strength if cell else None) or clock.strength,
            "target": target_of(cell).text if cell else None,
            "calendar": cell.calendar if cell else None,
            "started_at": instance.start,
            "stopped_at": instance.stop,
            "provisional": instance.provisional,
            **judged,
        }


def find_cell(clock: Any, severity: str, opened: Fact) -> Any:
    """S3.20: the cell, NO_CLOCK, or None where no target fits."""
    remembered = False
    for cell in cells(clock):
        if cell.severity not in (None, severity) or not fits_only(cell.only, opened):
            continue
        if cell.off:
            remembered = True
        elif target_of(cell).word == "none":
            return NO_CLOCK
        else:
            return cell
    return NO_CLOCK if remembered else None


def severity_word(document: Document, one: str, other: str) -> str:
    """S5.30, S3.23: raise or lower by the order written; unknown ones rank last."""
    order = [severity.id for severity in document.contract.severities or []]

    def rank(severity: str) -> int:
        return order.index(severity) if severity in order else len(order)

    change = document.contract.severity_change
    raised = rank(other) < rank(one)
    word = (change.raise_ if raised else change.lower) if change else None
    return str(word or "from_start")
