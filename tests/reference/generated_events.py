"""Money and mistakes by chance: claims, determinations, repeats, corrections, retractions."""

from __future__ import annotations

import json
from typing import Any

from schemas.instant import format_instant
from tests.reference.generated_agreements import DAY, HOUR
from tests.reference.generated_clocks import SERVICES
from tests.reference.generated_service import Served

Line = dict[str, Any]


class Happenings(Served):
    """Everything that may be said, and said wrongly."""

    def billing(self) -> None:
        """Charges, claims, decisions, standing, determinations, disputes, exercises."""
        c = self.chance
        for name, customer in self.subscriptions.items():
            for number in range(c.pick([0, 0, 1, 3])):
                start = c.pick([c.pick(self.grid), self.centre - 35 * DAY])
                data: Line = {
                    "amount": c.pick(["500.00", "1000.005", "-20.00"]),
                    "currency": "USD",
                    "from": format_instant(start),
                    "to": format_instant(start + 30 * DAY),
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
                "subscription": subscription,
                "period": month,
                "ledger_version": 1,
                "known_at": format_instant(time),
                "inputs_sha256": "0" * 64,
                "rows": [],
                "readings": {},
                "contract_version": "1",
            }
            self.say("statement.sealed", f"{subscription}/{month}/1", time, sealed)
        data = {
            "subscription": subscription,
            "period": month,
            "part": 1,
            "credit": "c1",
            "amount": "10.00",
            "currency": "USD",
            "statement": f"{subscription}/{month}/1",
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
                "incident": c.pick(["i0", "i1"]),
                "exclusion": c.pick(["x1", "x2"]),
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
            self.say(
                "event.retracted",
                "none-such",
                c.pick(self.grid),
                {"source": "/a", "reason": "unknown"},
            )

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
            "specversion": "1.0",
            "id": f"e{len(self.events)}",
            "source": event["source"] if c.often(0.8) else "/a",
            "type": "sla.event.retracted.v1",
            "subject": event["id"],
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
