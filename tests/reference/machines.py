"""Starts and stops of one clock on one ticket, event by event (S5.10 to S5.38)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.reference.intervals import Spans
from tests.reference.knowing import Fact

NO_CLOCK = "none"
"""S3.20: the search for a cell ended without a clock."""


@dataclass(eq=False)
class Instance:
    """What becomes a row (S5.4): a start, perhaps an end, the cell that it is judged by."""

    start: int
    severity: str
    cell: Any
    stop: int | None = None
    cancel: int | None = None
    provisional: bool = False
    agreed: int | None = None
    left_out: Spans = field(default_factory=list)


class Run:
    """One instance of the tables of S5, in as many rows as severity makes of it (S5.30)."""

    def __init__(self, machine: Machine, time: int) -> None:
        self.machine = machine
        self.severity = machine.severity
        self.left_out: Spans = []
        self.stopped: int | None = None
        self.waiting: list[tuple[int, str]] = []
        self.instance: Instance | None = None
        self.bare_since = time
        cell = machine.cell(self.severity)
        if cell != NO_CLOCK:
            self._begin(time, cell)

    def _begin(self, time: int, cell: Any) -> None:
        self.instance = Instance(time, self.severity, cell, left_out=self.left_out)
        self.machine.instances.append(self.instance)

    def stop(self, time: int, *, provisional: bool = False) -> None:
        """The stop stands until it is taken back."""
        self.stopped = time
        if self.instance is not None:
            self.instance.stop = time
            self.instance.provisional = provisional

    def confirm(self) -> None:
        """S5.20f: the stop is final."""
        if self.instance is not None:
            self.instance.provisional = False

    def cancel(self, time: int) -> None:
        """Ended without a stop."""
        self.stopped = time
        if self.instance is not None:
            self.instance.cancel = time

    def take_back(self) -> None:
        """S5.20g, S5.20i: it runs again, and the steps that waited are taken (S5.30)."""
        self.stopped = None
        if self.instance is not None:
            self.instance.stop = None
            self.instance.provisional = False
        waiting, self.waiting = self.waiting, []
        for time, severity in waiting:
            self.step(time, severity)

    def classify(self, time: int, severity: str) -> None:
        """S5.30: a step now, or once the stop is taken back."""
        if self.stopped is None:
            self.step(time, severity)
        else:
            self.waiting.append((time, severity))

    def step(self, time: int, to: str) -> None:
        """S5.31 to S5.37, the first guard that fits."""
        if to == self.severity:  # S5.31
            return
        word = self.machine.word(self.severity, to)
        if word == "keep":  # S5.32
            return
        cell = self.machine.cell(to)
        was_bare = self.instance is None
        self.severity = to
        if cell == NO_CLOCK:  # S5.33
            if self.instance is not None:
                self.instance.cancel = time
                self.instance, self.bare_since = None, time
        elif was_bare:  # S5.34, S5.35
            self._begin(self.bare_since if word == "from_start" else time, cell)
        elif word == "from_start":  # S5.36
            assert self.instance is not None
            self.instance.severity, self.instance.cell = to, cell
        else:  # S5.37
            assert self.instance is not None
            self.instance.cancel = time
            self._begin(time, cell)


class Machine:
    """One clock on one ticket."""

    def __init__(
        self,
        clock: Any,
        severity: str,
        cell: Callable[[str], Any],
        word: Callable[[str, str], str],
    ) -> None:
        self.clock = clock
        self.severity = severity
        self.cell = cell
        self.word = word
        self.instances: list[Instance] = []
        self.run: Run | None = None
        self.state = "-"
        self.confirmed = False
        self.matched = False
        self.problems: list[tuple[str, str]] = []

    @property
    def running(self) -> Instance | None:
        """The instance that runs now, None in a stretch without a clock."""
        if self.run is None or self.run.stopped is not None:
            return None
        return self.run.instance

    def start(self, time: int) -> None:
        """A new instance starts."""
        self.run = Run(self, time)
        self.state = "running"

    def classified(self, time: int, severity: str) -> None:
        """The ticket's severity from now on."""
        self.severity = severity
        if self.run is not None:
            self.run.classify(time, severity)

    def merged(self, time: int) -> None:
        """S5.14, S5.70."""
        if self.run is not None and self.run.stopped is None:
            self.run.cancel(time)

    def opened(self, time: int) -> None:
        """S5.16a, S5.17a, S5.19a, S5.20a; S5.21: `open`."""
        if self.clock.kind == "closure":
            self.state = "open"
        elif self.clock.kind != "next_response":
            self.start(time)

    def apply(self, fact: Fact) -> None:
        """Every other event, by the table of the clock's kind."""
        getattr(self, "_" + self.clock.kind)(fact, fact.type.removeprefix("ticket."))

    def matches(self, fact: Fact) -> bool:
        """S5.5: a message that fits every member of `satisfied_by`; an empty list says nothing."""
        wanted = self.clock.satisfied_by
        authors = [wanted.author] if isinstance(wanted.author, str) else list(wanted.author)
        if fact.type != "ticket.message" or (authors and fact.get("author") not in authors):
            return False
        if wanted.public is not None and wanted.public != fact.data.get("public", True):
            return False
        return not wanted.content or fact.data.get("content", "other") in wanted.content

    def _first_response(self, fact: Fact, _: str) -> None:
        if self.state == "running" and self.matches(fact) and self.run:  # S5.16b
            self.run.stop(fact.time)
            self.state = "stopped"

    def _meeting_slot(self, fact: Fact, word: str) -> None:
        if self.state == "running" and word == self.clock.stops_on and self.run:  # S5.17b
            self.run.stop(fact.time)
            self.state = "stopped"

    def _next_response(self, fact: Fact, word: str) -> None:
        match = self.matches(fact)
        if match and self.state == "running" and self.run:  # S5.18c
            self.run.stop(fact.time)
            self.state = "-"
        elif match:  # S5.18a
            self.matched = True
        elif word == "message" and fact.get("author") == "customer":
            if self.state == "-" and self.matched:  # S5.18b
                self.start(fact.time)
        elif word == "closed" and self.state == "running" and self.run:  # S5.18d
            self.run.cancel(fact.time)
            self.state = "-"

    def _update_cadence(self, fact: Fact, word: str) -> None:
        if self.state == "running" and self.run:
            if self.matches(fact):  # S5.19b
                self.run.stop(fact.time)
                self.start(fact.time)
            elif word in ("resolved", "closed"):  # S5.19c
                self.run.cancel(fact.time)
                self.state = "ended"
        elif word in ("reopened", "resolution_refused") and self.state == "ended":  # S5.19e
            self.start(fact.time)

    def _resolution(self, fact: Fact, word: str) -> None:
        required = self.clock.confirmation == "required"
        if self.run is None:
            return
        stopped = self.state in ("stopped", "provisional", "confirmed")
        if word in ("resolved", "closed") and self.state == "running" and not required:
            self.run.stop(fact.time)  # S5.20b, S5.20d
            self.state = "stopped"
        elif word == "resolved" and self.state == "running":  # S5.20c
            self.run.stop(fact.time, provisional=True)
            self.state = "provisional"
        elif word == "closed" and required and self.state in ("running", "provisional"):
            self.problems.append(("closed_unconfirmed", fact.id))  # S5.20e
        elif word == "resolution_confirmed" and self.state in ("stopped", "provisional"):
            self.run.confirm()  # S5.20f
            self.state = "confirmed"
        elif word == "resolution_refused" and self.state in ("stopped", "provisional"):
            self.run.take_back()  # S5.20g
            self.state = "running"
        elif word == "resolution_refused" and self.state == "confirmed":  # S5.20h
            self.problems.append(("refused_after_confirmation", fact.id))
        elif word == "reopened" and stopped:
            self._reopened(fact)

    def _reopened(self, fact: Fact) -> None:
        assert self.run is not None
        if self.clock.on_reopen == "continue":  # S5.20i
            assert self.run.stopped is not None
            if self.run.stopped < fact.time:
                self.run.left_out.append((self.run.stopped, fact.time))
            self.run.take_back()
            self.state = "running"
        elif self.clock.on_reopen == "new_instance":  # S5.20j
            self.start(fact.time)

    def _closure(self, fact: Fact, word: str) -> None:
        if self.state == "open":
            if word == "resolved":  # S5.21a
                self.confirmed = False
                self.start(fact.time)
            elif word == "closed":  # S5.21b
                self.confirmed = False
                self.state, self.run = "closed", None
        elif word == "closed" and self.state == "running" and self.run:  # S5.21c
            self.run.stop(fact.time)
            self.state = "closed"
        elif word == "resolution_confirmed":  # S5.21d
            self.confirmed = True
        elif word == "reopened" or (word == "resolution_refused" and not self.confirmed):
            self.merged(fact.time)  # S5.21e, S5.21f: cancel an instance that runs
            self.state = "open"
