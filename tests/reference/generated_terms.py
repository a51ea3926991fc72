"""Contracts by chance: every member of terms.md that two readers could read differently."""

from __future__ import annotations

from typing import Any

from tests.reference.chance import Chance
from tests.reference.generated_clocks import (
    CAUSES,
    PLANS,
    SERVICES,
    SEVERITIES,
    ZONES,
    ClockTerms,
    Tree,
)


class Contracts(ClockTerms):
    """Writes one contract after the other from one source of chance."""

    def __init__(self, chance: Chance, *, money: bool, tickets: bool, service: bool) -> None:
        super().__init__(chance)
        self.money, self.tickets, self.service = money, tickets, service

    def contract(self, name: str, version: str, effective: str | None) -> Tree:
        """A document that has no error of form."""
        c = self.chance
        self.readings = {}
        zone, other = c.pick(ZONES), c.pick(ZONES)
        tree: Tree = {
            "contract": name,
            "version": version,
            "provider": "Chance",
            "source": {"title": "Invented", "document": "none", "text_sha256": "none"},
            "effective": {} if effective is None else {"from": effective},
            "supersession": c.pick(["frozen_for_term", "on_notice"]),
            "plan_change": c.pick(["cut", "cut", "cut", "whole_period_last", "whole_period_best"]),
            "zones": {
                "period": self.maybe_reading("zone", {"one": zone, "two": other}, 0.15),
                "deadlines": zone if c.often(0.5) else c.pick(ZONES),
            },
            "calendars": self.calendars(),
            "severities": [{"id": one} for one in SEVERITIES],
            "severity_change": {
                "raise": c.pick(["from_start", "forward", "keep"]),
                "lower": c.pick(["from_start", "forward", "keep"]),
            },
            "plans": {plan: {} for plan in PLANS},
            "services": [{"id": one} for one in SERVICES],
        }
        if self.tickets:
            tree["clocks"] = self.clocks()
        if self.service:
            tree["availability"] = self.availability([one["id"] for one in tree.get("clocks", [])])
            tree["exclusions"] = self.exclusions([one["id"] for one in tree["availability"]])
        if self.money:
            self.credits(tree)
        if self.money and c.often(0.4):
            tree["rights"] = self.rights(tree)
        if self.readings:
            tree["interpretations"] = list(self.readings.values())
        return tree

    def period(self) -> Any:
        """Every kind of period, the month most often."""
        c = self.chance
        return c.pick(
            ["month"] * 8
            + [
                "quarter",
                "year",
                {"quarter": {"first": c.pick(["feb", "dec"])}},
                "billing_cycle",
                "billing_cycle",
                {"days": 30, "ending": "month_end"},
                {"days": 7, "ending": "every_day"},
                {"days": 10, "ending": "claim"},
            ]
        )

    def condition(self, depth: int = 0) -> Tree:
        """Incidents, probes and counts, nested."""
        c = self.chance
        leaves: list[Tree] = [
            {"incident": ["outage"]},
            {"incident": ["outage", "degraded"]},
            {"incident": ["outage", "degraded"], "share": {c.pick(["above", "at_least"]): 50}},
            {"probe": "health"},
            {"probe": "synthetic"},
            {
                "counted": {
                    "counter": "reads",
                    c.pick(["above", "at_least"]): 5,
                    "minimum_total": 10,
                    **({"window": "5m"} if c.often(0.5) else {}),
                }
            },
        ]
        few = [c.pick(leaves) for _ in range(c.whole(1, 3))]
        if depth == 0 and c.often(0.2):
            few.append(self.condition(1))
        if depth == 0 and c.often(0.6):
            return {"any": [{"incident": ["outage", "degraded"]}, *few]}
        if len(few) > 1 and c.often(0.2):
            return {"at_least": 2, "of": few}
        return {c.pick(["any", "any", "any", "any", "all"]): few}

    def availability(self, clocks: list[str]) -> list[Tree]:
        """One to three measures."""
        c = self.chance
        kinds = ["downtime"] * 5 + ["weighted_downtime"] * 2 + ["interval_average", "request_ratio"]
        if clocks:
            kinds.append("attainment")
        return [self.measure(f"a{n}", c.pick(kinds), clocks) for n in range(1, c.whole(1, 3) + 1)]

    def measure(self, name: str, measure: str, clocks: list[str]) -> Tree:
        """One availability."""
        c = self.chance
        one: Tree = {
            "id": name,
            "period": self.period(),
            "measure": measure,
            "no_data": c.pick(["unknown", "unknown", "up", "down"]),
            "excused": self.maybe_reading(
                "denominator", {"up": "counted_as_up", "out": "removed"}, 0.3
            ),
            "target": self.by_plan(
                lambda: c.pick(
                    [
                        "none",
                        {"at_least": "99.5"},
                        {"above": "99.5"},
                        {"at_least": "99.9"},
                        {"at_least": 99},
                    ]
                ),
                0.2,
            ),
            "strength": "contractual",
        }
        if measure == "attainment":
            one["attainment"] = {"clocks": clocks[:2]}
            return one
        one["services"] = c.pick([["app"], ["app"], ["app", "api"], ["api"]])
        one["across"] = c.pick(["each", "each", "sum"])
        one["view"] = c.pick(["customer", "customer", "everyone"])
        one["measured_in"] = c.pick(["always", "always", "always", "office", "night", "team"])
        if measure in ("downtime", "weighted_downtime"):
            one["down_when"] = self.condition()
            one["minimum_duration"] = self.maybe_reading(
                "sustained", {"none": "0s", "five": "5m", "half": "30m"}, 0.5
            )
            if measure == "weighted_downtime":
                one["degraded_weight"] = c.pick(["0.5", "0.25", 1, 0])
            elif c.often(0.3):
                one["count"] = {
                    "unit": c.pick(["1m", "1h", "15m"]),
                    "down": c.pick([{"above": "0s"}, {"at_least": "1m"}, {"above": "30s"}]),
                }
        elif measure == "interval_average":
            one["interval_average"] = {
                "interval": c.pick(["12h", "24h"]),
                "counter": "reads",
                "no_traffic": c.pick(["up", "skip"]),
            }
        else:
            one["request_ratio"] = {"counter": "reads"}
        return one

    def exclusions(self, names: list[str]) -> list[Tree]:
        """A few, in any order."""
        c = self.chance
        found = [self.exclusion(f"x{n}") for n in range(1, c.whole(1, 4) + 1)]
        for one in found:
            if c.often(0.2):
                one["for"] = c.some(names, 1)
            if c.often(0.2):
                one["excused"] = c.pick(["counted_as_up", "removed", "removed_window"])
            if c.often(0.2):
                one["quota"] = {
                    "hours": c.pick(["0.5", 1, "1.5"]),
                    "per": c.pick(["month", "year"]),
                }
        return found

    def exclusion(self, name: str) -> Tree:
        """One, of any kind."""
        c = self.chance
        kind = c.pick(["maintenance", "maintenance", "cause", "cause", "upstream_marker"])
        one: Tree = {"id": name, "kind": kind}
        if kind == "maintenance":
            one["maintenance"] = c.pick(["scheduled", "scheduled", "emergency"])
            notice = c.pick(["absent", "absent", "none", "edge", "edge", "edge"])
            if notice == "none":
                one["notice"] = "none"
            elif notice == "edge":
                one["notice"] = {c.pick(["at_least", "above"]): c.pick(["24h", "48h"])}
                if c.often(0.8):
                    one["notice"]["channels"] = c.pick(
                        [
                            {"any": ["any"]},
                            {"all": ["any"]},
                            {"all": ["email", "status_page"]},
                            {"any": ["email"]},
                        ]
                    )
            if c.often(0.2):
                one["tests"] = {"cause_recorded": True, "minimum_customers": 2}
        elif kind == "cause":
            one["cause"] = c.pick(CAUSES[:3])
            if c.often(0.4):
                one["parties"] = ["stripe", "aws"]
            if c.often(0.4):
                one["while_party_reports"] = {
                    "states": c.pick([["outage"], ["outage", "degraded"]]),
                    "as": c.pick(["published", "claimed"]),
                }
                if c.often(0.3):
                    one["while_party_reports"]["components"] = ["cards"]
        elif c.often(0.8):
            one["requires_up"] = c.pick([["health"], ["health", "synthetic"]])
        return one

    def credits(self, tree: Tree) -> None:
        """Credits for what there is, perhaps in pools."""
        from tests.reference.generated_credits import credits_of, pools_of

        tree["credits"] = credits_of(self, tree)
        pools = pools_of(self, tree)
        if pools:
            tree["pools"] = pools

    def rights(self, tree: Tree) -> list[Tree]:
        """One right with a condition or two."""
        from tests.reference.generated_credits import right_of

        return [right_of(self, tree)]
