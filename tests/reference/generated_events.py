"""Events by chance, on one contract's ground, with the mistakes that happen on the way."""

from __future__ import annotations

import json
from typing import Any

from schemas.instant import format_instant
from tests.reference.generated_terms import (
    CAUSES,
    CHANNELS,
    PLANS,
    REASONS,
    SERVICES,
    SEVERITIES,
    Chance,
    Contracts,
)

HOUR = 3_600_000_000
DAY = 24 * HOUR
Line = dict[str, Any]
TOPICS = {
    "ticket": "archive-tickets", "incident": "archive-incidents", "probe": "archive-incidents",
    "party": "archive-incidents", "maintenance": "archive-maintenance",
}


class Happenings:
    """Collects events; each has a time, a moment at which it was recorded, and a log."""

    def __init__(self, chance: Chance, grid: list[int], centre: int) -> None:
        self.chance, self.grid, self.centre = chance, grid, centre
        self.events: list[tuple[str, Line]] = []
        self.customers = ["ann", "bob"]
        self.subscriptions: dict[str, str] = {}
        self.contracts: dict[str, Line] = {}

    def say(
        self, word: str, subject: str, time: int, data: Line, *, late: bool = True, **more: str
    ) -> Line:
        """One event; told at once, soon, or much later."""
        c = self.chance
        delay = c.pick([0, 0, 1, 60_000_000, HOUR]) if late else 0
        if late and c.often(0.12):
            delay = c.pick([2 * DAY, 9 * DAY, 40 * DAY])
        event: Line = {
            "specversion": "1.0", "id": f"e{len(self.events)}", "source": "/a",
            "type": f"sla.{word}.v1", "subject": subject, "time": format_instant(time),
            "recordedtime": format_instant(time + delay), "data": data, **more,
        }
        if c.often(0.15):
            event["source"] = "/b"
        log = TOPICS.get(word.split(".")[0], "archive-agreements")
        self.events.append((log, event))
        return event

    # agreements

    def agreements(self, contracts: Contracts, begin: int) -> None:
        """Contracts in one or two versions, decisions, calendars, subscriptions."""
        c = self.chance
        for name in ["k1", "k2"][: c.pick([1, 1, 2])]:
            terms = contracts.contract(name, "1", None)
            self.contracts[name] = terms
            self.say("contract.published", name, begin - 30 * DAY, {"terms": terms}, late=False)
            if c.often(0.3):
                when = c.pick(self.grid)
                effective = c.pick([None, format_instant(when), format_instant(when)[:10]])
                newer = contracts.contract(name, "2", effective)
                self.say("contract.published", name, when - c.pick([0, DAY]), {"terms": newer})
            for reading in terms.get("interpretations", []):
                if c.often(0.5):
                    data = {"interpretation": reading["id"], "chosen": c.pick(reading["options"])}
                    if c.often(0.3):
                        data["customer"] = c.pick(self.customers)
                    if c.often(0.1):
                        data["chosen"] = "nothing"
                    when = c.pick([begin - DAY, c.pick(self.grid)])
                    self.say("interpretation.decided", name, when, data)
        self.calendars(begin)
        for number in range(c.pick([1, 2, 2, 3])):
            self.subscription(f"s{number}", c.pick(self.customers), begin)

    def calendars(self, begin: int) -> None:
        """Holiday sets, some from a date on, some with hours."""
        c = self.chance
        for name in c.some(["h1", "h2"]):
            for _ in range(c.pick([1, 1, 2])):
                days = sorted(
                    {format_instant(c.pick(self.grid))[:10] for _ in range(c.whole(1, 3))}
                )
                holidays = []
                for day in days:
                    one: Line = {"date": day}
                    if c.often(0.3):
                        one["closed"] = c.often(0.5)
                    if c.often(0.3):
                        one["hours"] = [{"from": "10:00", "to": c.pick(["13:00", "16:00", "02:00"])}]
                    holidays.append(one)
                data: Line = {"holidays": holidays}
                if c.often(0.5):
                    data["effective_from"] = format_instant(c.pick([begin, c.pick(self.grid)]))[:10]
                self.say("calendar.published", name, c.pick([begin, c.pick(self.grid)]), data)

    def fee(self) -> Line:
        """What is paid."""
        c = self.chance
        return {
            "amount": c.pick(["1000.00", "3000.00", "12000.00", "99.99"]), "currency": "USD",
            "per": c.pick(["month", "month", "year", "term"]),
        }

    def services(self) -> list[Any]:
        """Kinds, and resources of one's own."""
        c = self.chance
        found: list[Any] = c.some(SERVICES, 0)
        if c.often(0.5):
            one: Line = {"id": "m1", "is": c.pick(SERVICES)}
            if c.often(0.6):
                one["fee"] = self.fee()
            if c.often(0.3):
                one["from"] = format_instant(c.pick(self.grid))[: c.pick([10, 99])]
            found.append(one)
        return found or ["app"]

    def subscription(self, name: str, customer: str, begin: int) -> None:
        """A life, changes of it, perhaps a second life."""
        c = self.chance
        self.subscriptions[name] = customer
        data: Line = {
            "customer": customer, "contract": c.pick(self.contracts), "plan": c.pick(PLANS),
            "fee": self.fee(),
        }
        if c.often(0.3):
            data["signed"] = c.often(0.5)
        if c.often(0.4):
            data["services"] = self.services()
        if c.often(0.4):
            data["billing_day"] = c.pick([1, 2, 15, 30, 31])
        if c.often(0.3):
            data["term"] = {"from": format_instant(begin)[:10]}
            if c.often(0.5):
                data["term"]["to"] = format_instant(begin + c.pick([200, 365, 731]) * DAY)[:10]
        if c.often(0.15):
            data["overrides"] = self.overrides(data["contract"])
        start = c.pick([begin, begin, begin, c.pick(self.grid)])
        self.say("subscription.started", name, start, data, late=False)
        for _ in range(c.pick([0, 0, 1, 2])):
            self.change(name)
        if c.often(0.12):
            end = c.pick(self.grid)
            self.say("subscription.ended", name, end, {})
            if c.often(0.5):
                again = c.pick([end, end + HOUR, end + DAY])
                self.say("subscription.started", name, again, data)
        if c.often(0.3):
            kind = c.pick(SERVICES)
            added: Line = {"subscription": name, "is": kind}
            if c.often(0.6):
                added["fee"] = self.fee()
            self.say("resource.added", "m2", c.pick(self.grid), added)
            if c.often(0.4):
                self.say("resource.removed", "m2", c.pick(self.grid), {})

    def change(self, name: str) -> None:
        """Members that change."""
        c = self.chance
        data: Line = {}
        for member, value in (
            ("plan", c.pick(PLANS)), ("contract", c.pick(self.contracts)), ("fee", self.fee()),
            ("services", self.services()), ("signed", c.often(0.5)),
            ("billing_day", c.pick([5, 10, 31])), ("customer", c.pick(self.customers)),
            ("term", {"from": format_instant(c.pick(self.grid))[:10]}),
        ):
            if c.often(0.4 if member == "plan" else 0.15):
                data[member] = value
        self.say("subscription.changed", name, c.pick(self.grid), data)

    def overrides(self, contract: str) -> list[Line]:
        """Paths that meet something, and some that do not."""
        c = self.chance
        terms = self.contracts[contract]
        found = [{"path": "severities[P9].text", "value": "nothing"}]
        if terms.get("clocks"):
            clock = c.pick(terms["clocks"])["id"]
            found.append({"path": f"clocks[{clock}].targets[0].within", "value": "2h"})
        if terms.get("availability"):
            found.append({"path": "availability[a1].no_data", "value": c.pick(["up", "down"])})
        found.append({"path": "calendars.office.weekly[0].to", "value": "17:00"})
        return c.some(found, 1)

    # tickets

    def tickets(self) -> None:
        """One to three tickets with everything that may happen to them."""
        c = self.chance
        names = [f"t{n}" for n in range(c.whole(1, 3))]
        for name in names:
            customer = c.pick(self.customers)
            if self.subscriptions and c.often(0.7):
                customer = c.pick(self.subscriptions.values())
            opened = c.pick(self.grid[: len(self.grid) // 2])
            data: Line = {"customer": customer, "severity": c.pick([*SEVERITIES, "odd"])}
            mine = [one for one, of in self.subscriptions.items() if of == customer]
            if mine and c.often(0.7):
                data["subscription"] = c.pick(mine)
            if c.often(0.05):
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
            for _ in range(c.whole(2, 10)):
                self.act(name, names, opened)
            if c.often(0.05):
                self.say("ticket.opened", name, c.pick(self.grid), data)

    def act(self, name: str, names: list[str], opened: int) -> None:
        """One thing that happens to a ticket, seldom before it is opened."""
        c = self.chance
        times = [one for one in self.grid if one >= opened] or [opened]
        time = c.pick(times) if c.often(0.95) else c.pick(self.grid)
        message = {"author": c.pick(["agent", "agent", "customer", "automation"])}
        if c.often(0.3):
            message["content"] = c.pick(["solution", "acknowledgement", "update"])
        word, data = c.pick(
            [
                ("message", message), ("message", message), ("message", message),
                ("classified", {"severity": c.pick([*SEVERITIES, "odd"])}),
                ("classified", {"severity": c.pick(SEVERITIES)}),
                ("paused", {"reason": c.pick(REASONS)}), ("resumed", {"reason": c.pick(REASONS)}),
                ("resolved", {}), ("resolved", {}), ("resolution_confirmed", {}),
                ("resolution_refused", {}), ("closed", {}), ("reopened", {}),
                ("merged", {"into": c.pick([*[n for n in names if n != name], "t9"])}),
                ("slot_offered", {}), ("slot_held", {}),
                ("due_agreed", {"clock": c.pick(["resolution", "first-response"]),
                                "due": format_instant(c.pick(self.grid))}),
            ]
        )
        if word == "message" and c.often(0.2):
            data = {**data, "public": c.often(0.5)}
        if c.often(0.05):
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
        services = [*SERVICES, "app", "m1", "m2"]
        for number in range(c.whole(1, 3)):
            name = f"i{number}"
            for _ in range(c.pick([1, 1, 2])):
                start, end = self.span()
                service = c.pick(services)
                data: Line = {"service": service, "impact": c.pick(["outage", "outage", "degraded"])}
                if c.often(0.3):
                    data["share"] = c.pick(["0.5", "0.25", "0.75"])
                if c.often(0.25):
                    data["customers"] = c.some(self.customers, 1)
                self.say("incident.impact_started", name, start, data)
                if c.often(0.85):
                    self.say("incident.impact_ended", name, end, {"service": service})
            if c.often(0.5):
                self.say("incident.resolved", name, c.pick(self.grid), {})
            for _ in range(c.pick([0, 1, 1, 2])):
                self.cause(name)
        for _ in range(c.whole(0, 3)):
            self.probe(services)
        if c.often(0.4):
            self.counts(services)
        for _ in range(c.pick([0, 0, 1, 2])):
            self.report()

    def cause(self, name: str) -> None:
        """A cause painted over an incident or a part of it."""
        c = self.chance
        data: Line = {"cause": c.pick(CAUSES[:5])}
        if c.often(0.5):
            data["party"] = c.pick(["stripe", "aws"])
        if c.often(0.3):
            data["service"] = c.pick(SERVICES)
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
        if c.often(0.25):
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
                "service": service, "from": format_instant(at), "to": format_instant(at + size),
                "total": total, "failed": min(total, c.pick([0, 4, 5, 6, 50])),
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
        for number in range(c.pick([0, 1, 1, 2])):
            name = f"m-{number}"
            start, end = self.span()
            data: Line = {
                "services": c.some([*SERVICES, "m1"], 1), "kind": c.pick(
                    ["scheduled", "scheduled", "emergency"]),
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
                    "maintenance.rescheduled", name, again - c.pick([50, 48, 24, 0]) * HOUR,
                    {"window": window, "channel": c.pick(CHANNELS)},
                )
            if c.often(0.1):
                self.say("maintenance.cancelled", name, c.pick(self.grid), {})

    # money

    def billing(self) -> None:
        """Charges, claims, decisions, standing, determinations, disputes, exercises."""
        c = self.chance
        for name, customer in self.subscriptions.items():
            for number in range(c.pick([0, 0, 1, 3])):
                start = c.pick([c.pick(self.grid), self.centre - 35 * DAY])
                data: Line = {
                    "amount": c.pick(["500.00", "1000.005", "-20.00"]), "currency": "USD",
                    "from": format_instant(start), "to": format_instant(start + 30 * DAY),
                }
                if c.often(0.4):
                    data["service"] = c.pick([*SERVICES, "m1"])
                if c.often(0.5):
                    data["invoice"] = c.pick(["v1", "v2"])
                if c.often(0.1):
                    data["one_time"] = True
                self.say("subscription.charged", name, start, data)
            for number in range(c.pick([0, 1, 1, 2])):
                self.claim(f"q{number}-{name}", name, customer)
            if c.often(0.2):
                self.determination(name)
            if c.often(0.1):
                self.say("right.exercised", name, self.later(), {"right": "leave"})
        if c.often(0.2):
            data = {"good": c.often(0.4)}
            self.say("account.standing_changed", c.pick(self.customers), self.later(), data)
        if c.often(0.2):
            self.dispute()

    def later(self) -> int:
        """A moment of the grid or some days behind it."""
        return int(self.chance.pick(self.grid) + self.chance.pick([0, 0, 1, 5, 20, 33]) * DAY)

    def month(self) -> str:
        """A month in which something happens."""
        return format_instant(self.chance.pick(self.grid))[:7]

    def claim(self, name: str, subscription: str, customer: str) -> None:
        """A claim, a notice before it, what becomes of it."""
        c = self.chance
        data: Line = {"customer": customer, "subscription": subscription}
        if c.often(0.55):
            data["period"] = self.month()
        elif c.often(0.9):
            data["incidents"] = c.some(["i0", "i1", "t0"], 1)
        if c.often(0.3):
            data["credit"] = c.pick(["c1", "c2"])
        if c.often(0.4):
            data["channel"] = c.pick(["portal", "email"])
        if c.often(0.15):
            data["written"] = False
        time = self.later()
        if c.often(0.25):
            self.say("claim.notified", name, time - c.pick([0, HOUR, 3 * DAY]), data)
        self.say("claim.submitted", name, time, data)
        for word in c.some(["withdrawn", "accepted", "rejected"], 0, 1 if c.often(0.8) else 2):
            self.say(f"claim.{word}", name, time + c.pick([0, HOUR, DAY]), {})

    def determination(self, subscription: str) -> None:
        """A credit that was proposed, perhaps issued; perhaps the statement sealed."""
        c = self.chance
        month = self.month()
        name = f"{subscription}/{month}/1/c1/1"
        time = self.later()
        if c.often(0.5):
            sealed = {
                "subscription": subscription, "period": month, "ledger_version": 1,
                "known_at": format_instant(time), "inputs_sha256": "0" * 64, "rows": [],
                "readings": {}, "contract_version": "1",
            }
            self.say("statement.sealed", f"{subscription}/{month}/1", time, sealed)
        data = {
            "subscription": subscription, "period": month, "part": 1, "credit": "c1",
            "amount": "10.00", "currency": "USD", "statement": f"{subscription}/{month}/1",
            "reason": "close",
        }
        self.say("credit.proposed", name, time, data)
        for step in c.some(["approved", "issued", "reversed"], 0, 2):
            self.say(f"credit.{step}", name, time + c.pick([0, 1, HOUR]), {"by": "finance"})

    def dispute(self) -> None:
        """A dispute that grants or withdraws an exclusion."""
        c = self.chance
        customer = c.pick(self.customers)
        about = {"kind": "incident", "id": "i0"}
        time = self.later()
        self.say("dispute.opened", "d1", time, {"customer": customer, "about": about})
        for _ in range(c.pick([1, 1, 2])):
            data: Line = {"decision": c.pick(["upheld", "upheld", "denied"])}
            data["exclusion"] = {
                "incident": c.pick(["i0", "i1"]), "exclusion": c.pick(["x1", "x2"]),
                "granted": c.often(0.5),
            }
            self.say("dispute.decided", "d1", time + c.pick([0, HOUR, DAY]), data)

    # mistakes, S2

    def mistakes(self) -> None:
        """Repeats, conflicts, corrections, retractions, of each other as well."""
        c = self.chance
        for _ in range(c.pick([0, 0, 1, 2, 4])):
            log, event = c.pick(self.events)
            word = c.pick(["repeat", "conflict", "correct", "correct", "retract", "retract"])
            getattr(self, f"_{word}")(log, json.loads(json.dumps(event)))
        if c.often(0.06):
            one = self.say("ticket.closed", "t0", c.pick(self.grid), {}, corrects="none-such")
            one["corrects"] = c.pick(["none-such", one["id"]])
        if c.often(0.05):
            self.say("event.retracted", "none-such", c.pick(self.grid),
                     {"source": "/a", "reason": "unknown"})

    def _later_recorded(self, event: Line) -> None:
        c = self.chance
        told = c.pick(self.grid) + c.pick([0, HOUR, 3 * DAY])
        event["recordedtime"] = format_instant(told)

    def _repeat(self, log: str, event: Line) -> None:
        self._later_recorded(event)
        self.events.append((log, event))

    def _conflict(self, log: str, event: Line) -> None:
        self._later_recorded(event)
        event["time"] = format_instant(self.chance.pick(self.grid))
        self.events.append((log, event))

    def _correct(self, log: str, event: Line) -> None:
        c = self.chance
        self._later_recorded(event)
        event["corrects"], event["id"] = event["id"], f"e{len(self.events)}"
        if c.often(0.6):
            event["time"] = format_instant(c.pick(self.grid))
        self.events.append((log, event))

    def _retract(self, log: str, event: Line) -> None:
        c = self.chance
        retraction: Line = {
            "specversion": "1.0", "id": f"e{len(self.events)}",
            "source": event["source"] if c.often(0.8) else "/a",
            "type": "sla.event.retracted.v1", "subject": event["id"],
            "time": format_instant(c.pick(self.grid)),
            "data": {"source": event["source"], "reason": "wrong"},
        }
        self._later_recorded(retraction)
        self.events.append((log if c.often(0.8) else "archive-agreements", retraction))

    def finished(self) -> list[tuple[str, Line]]:
        """All events; each log in the order told, as an archive would be written."""
        if self.chance.often(0.5):
            self.events.sort(key=lambda pair: pair[1]["recordedtime"])
        return self.events
