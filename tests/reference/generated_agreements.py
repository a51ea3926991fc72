"""Agreements and tickets by chance."""

from __future__ import annotations

from typing import Any

from schemas.instant import format_instant
from tests.reference.chance import Chance
from tests.reference.generated_clocks import PLANS, SERVICES
from tests.reference.generated_terms import Contracts

HOUR = 3_600_000_000
DAY = 24 * HOUR
Line = dict[str, Any]
TOPICS = {
    "ticket": "archive-tickets",
    "incident": "archive-incidents",
    "probe": "archive-incidents",
    "party": "archive-incidents",
    "maintenance": "archive-maintenance",
}


class Agreed:
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
            "specversion": "1.0",
            "id": f"e{len(self.events)}",
            "source": "/a",
            "type": f"sla.{word}.v1",
            "subject": subject,
            "time": format_instant(time),
            "recordedtime": format_instant(time + delay),
            "data": data,
            **more,
        }
        if c.often(0.15):
            event["source"] = "/b"
        log = TOPICS.get(word.split(".", maxsplit=1)[0], "archive-agreements")
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
                        one["hours"] = [
                            {"from": "10:00", "to": c.pick(["13:00", "16:00", "02:00"])}
                        ]
                    holidays.append(one)
                data: Line = {"holidays": holidays}
                if c.often(0.5):
                    data["effective_from"] = format_instant(c.pick([begin, c.pick(self.grid)]))[:10]
                self.say("calendar.published", name, c.pick([begin, c.pick(self.grid)]), data)

    def fee(self) -> Line:
        """What is paid."""
        c = self.chance
        return {
            "amount": c.pick(["1000.00", "3000.00", "12000.00", "99.99"]),
            "currency": "USD",
            "per": c.pick(["month", "month", "year", "term"]),
        }

    def services(self) -> list[Any]:
        """Kinds, and resources of one's own."""
        c = self.chance
        found: list[Any] = c.pick([["app"], ["app", "api"], ["api"], []])
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
            "customer": customer,
            "contract": c.pick(self.contracts),
            "plan": c.pick(PLANS),
            "fee": self.fee(),
        }
        if c.often(0.3):
            data["signed"] = c.often(0.5)
        if c.often(0.25):
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
            own = "m2" if name == "s0" or c.often(0.08) else f"m2-{name}"
            for _ in range(c.pick([1, 1, 1, 2])):
                self.say("resource.added", own, c.pick(self.grid), added)
                if c.often(0.5):
                    self.say("resource.removed", own, c.pick(self.grid), {})

    def change(self, name: str) -> None:
        """Members that change."""
        c = self.chance
        data: Line = {}
        for member, value in (
            ("plan", c.pick(PLANS)),
            ("contract", c.pick(self.contracts)),
            ("fee", self.fee()),
            ("services", self.services()),
            ("signed", c.often(0.5)),
            ("billing_day", c.pick([5, 10, 31])),
            ("customer", c.pick(self.customers)),
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
