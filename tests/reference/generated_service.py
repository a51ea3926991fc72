"""Tickets, incidents, probes, counts, reports and maintenance by chance."""

from __future__ import annotations

from typing import Any

from schemas.instant import format_instant
from tests.reference.generated_agreements import HOUR, Agreed
from tests.reference.generated_clocks import CAUSES, CHANNELS, REASONS, SEVERITIES

Line = dict[str, Any]


class Served(Agreed):
    """What happens to services and tickets."""

    def tickets(self) -> None:
        """One to three tickets with everything that may happen to them."""
        c = self.chance
        names = [f"t{n}" for n in range(c.whole(1, 3))]
        for name in names:
            customer = c.pick(self.subscriptions.values())
            if c.often(0.05):
                customer = c.pick(self.customers)
            opened = c.pick(self.grid[: len(self.grid) // 2])
            data: Line = {
                "customer": customer,
                "severity": c.pick([*SEVERITIES, *SEVERITIES, "odd"]),
            }
            mine = [one for one, of in self.subscriptions.items() if of == customer]
            if mine and c.often(0.9):
                data["subscription"] = c.pick(mine)
            if c.often(0.03):
                data["subscription"] = c.pick(["s0", "s9"])
            if c.often(0.6):
                data["channel"] = c.pick(CHANNELS)
            if c.often(0.2):
                data["kind"] = "meeting"
            if c.often(0.3):
                data["tags"] = c.some(["vip", "slow"])
            if c.often(0.2):
                data["by"] = c.pick(["agent", "automation"])
            self.say("ticket.opened", name, opened, data)
            for _ in range(c.whole(3, 12)):
                self.act(name, names, opened)
            if c.often(0.05):
                self.say("ticket.opened", name, c.pick(self.grid), data)

    def act(self, name: str, names: list[str], opened: int) -> None:
        """One thing that happens to a ticket, seldom before it is opened."""
        c = self.chance
        times = [one for one in self.grid if one >= opened] or [opened]
        time = c.pick(times) if c.often(0.95) else c.pick(self.grid)
        message = {"author": c.pick(["agent", "agent", "customer", "customer", "automation"])}
        if c.often(0.3):
            message["content"] = c.pick(["solution", "acknowledgement", "update"])
        words = [
            *[("message", message)] * 8,
            ("classified", {"severity": c.pick([*SEVERITIES, "odd"])}),
            ("classified", {"severity": c.pick(SEVERITIES)}),
            ("paused", {"reason": c.pick(REASONS)}),
            ("paused", {"reason": c.pick(REASONS)}),
            ("resumed", {"reason": c.pick(REASONS)}),
            ("resumed", {"reason": c.pick(REASONS)}),
            ("resolved", {}),
            ("resolved", {}),
            ("resolution_confirmed", {}),
            ("resolution_refused", {}),
            ("closed", {}),
            ("reopened", {}),
            ("reopened", {}),
            ("slot_offered", {}),
            ("slot_held", {}),
            (
                "due_agreed",
                {
                    "clock": c.pick(["resolution", "first-response"]),
                    "due": format_instant(c.pick(self.grid)),
                },
            ),
        ]
        word, data = c.pick(words)
        if c.often(0.05):
            into = c.pick([*[n for n in names if n != name], "t9"])
            word, data = "merged", {"into": into}
        if word == "message" and c.often(0.2):
            data = {**data, "public": c.often(0.5)}
        if c.often(0.03):
            data = {**data, "customer": c.pick(self.customers)}
        self.say(f"ticket.{word}", name, time, data)

    # service

    def span(self) -> tuple[int, int]:
        """Two moments, the first before the other."""
        one, other = self.chance.pick(self.grid), self.chance.pick(self.grid)
        if one == other:
            other = one + self.chance.pick([4, 5, 6, 30, 60]) * 60_000_000
        return min(one, other), max(one, other)

    def incidents(self) -> None:
        """Impacts, causes, failures, gaps, counts, reports."""
        c = self.chance
        services = ["app", "app", "app", "api", "m1", "m2", "m2-s1"]
        for number in range(c.whole(2, 4)):
            name = f"i{number}"
            for _ in range(c.pick([1, 1, 2])):
                start, end = self.span()
                service = c.pick(services)
                data: Line = {
                    "service": service,
                    "impact": c.pick(["outage", "outage", "degraded"]),
                }
                if c.often(0.3):
                    data["share"] = c.pick(["0.5", "0.25", "0.75", "0"])
                if c.often(0.25):
                    data["customers"] = c.some(self.customers, 1)
                self.say("incident.impact_started", name, start, data)
                if c.often(0.85):
                    self.say("incident.impact_ended", name, end, {"service": service})
            if c.often(0.5):
                self.say("incident.resolved", name, c.pick(self.grid), {})
            for _ in range(c.pick([1, 1, 1, 2, 3])):
                self.cause(name)
        for _ in range(c.whole(0, 5)):
            self.probe(services)
        if c.often(0.6):
            self.counts(services)
        for _ in range(c.pick([0, 0, 1, 2])):
            self.report()

    def cause(self, name: str) -> None:
        """A cause painted over an incident or a part of it."""
        c = self.chance
        data: Line = {"cause": c.pick(CAUSES)}
        if c.often(0.5):
            data["party"] = c.pick(["stripe", "aws"])
        if c.often(0.3):
            data["service"] = c.pick(["app", "app", "api"])
        if c.often(0.4):
            start, end = self.span()
            data["from"], data["to"] = format_instant(start), format_instant(end)
            if c.often(0.3):
                del data[c.pick(["from", "to"])]
        self.say("incident.cause_assigned", name, c.pick(self.grid), data)

    def probe(self, services: list[str]) -> None:
        """A failure or a gap of a probe."""
        c = self.chance
        name, service = c.pick(["health", "synthetic"]), c.pick(services[:3])
        start, end = self.span()
        data: Line = {"service": service}
        if c.often(0.35):
            self.say("probe.gap_started", c.pick([name, name, "reads"]), start, data)
            if c.often(0.8):
                self.say("probe.gap_ended", name, end, data)
            return
        if c.often(0.2):
            data["customer"] = c.pick(self.customers)
        marked = {**data, "marker": c.pick(["own", "upstream"])} if c.often(0.6) else data
        self.say("probe.failed", name, start, marked)
        if c.often(0.2):
            middle = {**data, "marker": c.pick(["own", "upstream"])}
            self.say("probe.failed", name, (start + end) // 2, middle)
        if c.often(0.85):
            self.say("probe.recovered", name, end, data)

    def counts(self, services: list[str]) -> None:
        """Windows of a counter, mostly one after the other."""
        c = self.chance
        service = c.pick(services)
        at = c.pick(self.grid)
        for _ in range(c.whole(1, 5)):
            size = c.pick([1, 5, 5, 10, 30]) * 60_000_000
            total = c.pick([0, 5, 100, 100])
            data: Line = {
                "service": service,
                "from": format_instant(at),
                "to": format_instant(at + size),
                "total": total,
                "failed": min(total, c.pick([0, 4, 5, 6, 50])),
            }
            if c.often(0.25):
                data["customer"] = c.pick(self.customers)
            self.say("probe.counted", "reads", at + size, data)
            at += c.pick([size, size, 2 * size, 12 * HOUR])

    def report(self) -> None:
        """What a party says of itself."""
        c = self.chance
        start, end = self.span()
        data: Line = {"state": c.pick(["outage", "degraded", "operational"])}
        if c.often(0.5):
            data["component"] = c.pick(["cards", "mail"])
        if c.often(0.4):
            data["claimed_from"] = format_instant(start)
            if c.often(0.5):
                data["claimed_to"] = format_instant(end)
        self.say("party.reported", c.pick(["stripe", "aws"]), c.pick(self.grid), data)

    def maintenance(self) -> None:
        """Announced on some channels, rescheduled, cancelled."""
        c = self.chance
        for number in range(c.pick([1, 1, 2])):
            name = f"m-{number}"
            start, end = self.span()
            data: Line = {
                "services": c.pick([["app"], ["app", "api"], ["app", "m1"], ["api"]]),
                "kind": c.pick(["scheduled", "scheduled", "emergency"]),
                "window": {"from": format_instant(start), "to": format_instant(end)},
            }
            if c.often(0.3):
                data["customers"] = c.some(self.customers, 1)
            if c.often(0.4):
                data["reason"] = "disk"
            for channel in c.some(CHANNELS, 1):
                before = c.pick([72 * HOUR, 48 * HOUR, 48 * HOUR + 1, 24 * HOUR, 0, -HOUR])
                self.say(
                    "maintenance.announced", name, start - before, {**data, "channel": channel}
                )
            if c.often(0.35):
                again, until = self.span()
                window = {"from": format_instant(again), "to": format_instant(until)}
                self.say(
                    "maintenance.rescheduled",
                    name,
                    again - c.pick([50, 48, 24, 0]) * HOUR,
                    {"window": window, "channel": c.pick(CHANNELS)},
                )
            if c.often(0.1):
                self.say("maintenance.cancelled", name, c.pick(self.grid), {})
