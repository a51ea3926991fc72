"""What events by chance rarely say: a run of its own asks it, with contracts that say more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.instant import format_instant
from tests.reference.generated_agreements import DAY, HOUR
from tests.reference.generated_clocks import SERVICES, Tree
from tests.reference.generated_events import Happenings, Line

ZONES = (-7, -5, 0, 1, 2, 5.5, 10)
"""Hours by which the midnights of contracts by chance are off, roughly."""


class RareHappenings(Happenings):
    """Events that say more."""

    def fee(self) -> Line:
        """Sometimes in another currency."""
        found = super().fee()
        if self.chance.often(0.08):
            found["currency"] = "EUR"
        return found

    def services(self) -> list[Any]:
        """Resources that end, on a date or at an instant."""
        c = self.chance
        found = super().services()
        for one in found:
            if isinstance(one, dict) and c.often(0.4):
                size = c.pick([10, 99])
                begin, end = sorted([c.pick(self.grid), c.pick(self.grid)])
                one["from"] = format_instant(begin)[:size]
                one["to"] = format_instant(end + DAY)[:size]  # another date
        return found

    def subscription(self, name: str, customer: str, begin: int) -> None:
        """A plan that nobody knows, a fleet by dates, a billing day that changes on a boundary."""
        c = self.chance
        super().subscription(name, customer, begin)
        if c.often(0.08):
            self.say("subscription.changed", name, c.pick(self.grid), {"plan": "gold"})
        if c.often(0.1):
            self.say("subscription.changed", name, c.pick(self.grid), {"overrides": []})
        if c.often(0.2):
            data = {"overrides": self.overrides(c.pick(self.contracts))}
            self.say("subscription.changed", name, c.pick(self.grid), data)
        if c.often(0.2):
            midnight = self.midnight()
            day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=midnight)
            number = c.pick([day.day, (day + timedelta(days=1)).day, 1, 31])
            self.say("subscription.changed", name, midnight, {"billing_day": number}, late=False)
        if c.often(0.2):
            size = c.pick([10, 99])
            begin = format_instant(c.pick(self.grid) - c.pick([0, 2, 40]) * DAY)[:size]
            data = {"subscription": name, "is": c.pick(SERVICES), "from": begin}
            self.say("resource.added", f"m3-{name}", c.pick(self.grid), data)
            if c.often(0.6):
                ending = format_instant(c.pick(self.grid) + c.pick([0, 2]) * DAY)[:size]
                told = c.pick(self.grid)
                self.say("resource.removed", f"m3-{name}", told, {"to": ending})

    def midnight(self) -> int:
        """The first instant of a date somewhere."""
        c = self.chance
        found = c.pick(self.grid) // DAY * DAY - int(c.pick(ZONES) * HOUR)
        return found + c.pick([0, 0, 0, 1, -1])

    def calendars(self, begin: int) -> None:
        """Holidays that are shut by an empty list of hours, or open twice and over midnight."""
        super().calendars(begin)
        c = self.chance
        for _, event in self.events:
            if event["type"] == "sla.calendar.published.v1":
                for one in event["data"]["holidays"]:
                    if c.often(0.25):
                        twice = [{"from": "08:00", "to": "10:00"}, {"from": "21:00", "to": "01:00"}]
                        one["hours"] = c.pick([[], twice])

    def overrides(self, contract: str) -> list[Line]:
        """Paths to any clause, some of them malformed."""
        c = self.chance
        terms = self.contracts[contract]
        found: list[Line] = super().overrides(contract)
        more: list[Line] = [
            {"path": c.pick(["clocks[", "", "a..b", "calendars[office].weekly[9].to"]), "value": "x"},
            {"path": "zones.deadlines", "value": "Asia/Tokyo"},
            {"path": "plan_change", "value": c.pick(["cut", "whole_period_last"])},
            {"path": "calendars.always.always", "value": "false"},
            {"path": "severity_change.raise", "value": "keep"},
        ]
        for one in terms.get("credits", [])[:1]:
            path = f"credits[{one['id']}]"
            more.append({"path": f"{path}.caps", "value": "none"})
            more.append({"path": f"{path}.bands[0].percent", "value": "50"})
            more.append({"path": f"{path}.claim", "value": "none"})
        for one in terms.get("availability", [])[:2]:
            path = f"availability[{one['id']}]"
            more.append({"path": f"{path}.target", "value": {"at_least": "99.99"}})
            more.append({"path": f"{path}.period", "value": "quarter"})
        for one in terms.get("exclusions", [])[:1]:
            more.append({"path": f"exclusions[{one['id']}].kind", "value": one["kind"]})
        for one in terms.get("interpretations", [])[:2]:
            chosen = c.pick(one["options"])
            more.append({"path": f"interpretations[{one['id']}].chosen", "value": chosen})
        return c.pick([found, [*found, *c.some(more, 1, 2)], c.some(more, 1, 3)])

    def billing(self) -> None:
        """Charges in another currency; what was applied, and goodwill."""
        c = self.chance
        before = len(self.events)
        super().billing()
        for _, event in self.events[before:]:
            if event["type"] == "sla.subscription.charged.v1" and c.often(0.1):
                event["data"]["currency"] = "EUR"
        for name in self.subscriptions:
            if c.often(0.1):
                granted = {
                    "subscription": name,
                    "period": self.month(),
                    "amount": "3.00",
                    "currency": "USD",
                    "reason": "goodwill",
                }
                self.say("credit.granted", f"g-{name}", self.later(), granted)

    def determination(self, subscription: str) -> None:
        """Sometimes applied, in parts or too far."""
        c = self.chance
        before = len(self.events)
        super().determination(subscription)
        proposed = [e for _, e in self.events[before:] if e["type"] == "sla.credit.proposed.v1"]
        for event in proposed:
            for _ in range(c.pick([0, 1, 2])):
                data: Tree = {"by": "finance", "invoice": "v1"}
                if c.often(0.6):
                    data["amount"] = c.pick(["4.00", "6.00", "20.00"])
                self.say("credit.applied", event["subject"], self.later(), data)

    def named(self, periods: list[str]) -> None:
        """Claims and determinations for periods that there are, of any kind."""
        c = self.chance
        for _, event in self.events:
            word = event["type"]
            if word.startswith(("sla.claim.submitted", "sla.claim.notified", "sla.credit.proposed")):
                if periods and "period" in event["data"] and c.often(0.6):
                    event["data"]["period"] = c.pick(periods)
