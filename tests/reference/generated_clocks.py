"""Clocks and their calendars by chance, and what all clauses of a contract by chance share."""

from __future__ import annotations

from typing import Any

from tests.reference.chance import Chance

ZONES = [
    "America/Los_Angeles",
    "America/New_York",
    "Europe/London",
    "UTC",
    "-05:00",
    "Australia/Sydney",
    "+05:30",
]
PLANS = ["basic", "pro"]
SEVERITIES = ["P1", "P2", "P3"]
SERVICES = ["app", "api"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
REASONS = ["awaiting_customer", "awaiting_third_party", "customer_duty_unmet", "on_hold"]
CAUSES = ["third_party", "force_majeure", "customer", "provider"]
CHANNELS = ["email", "status_page", "portal"]
KINDS = [
    "first_response",
    "next_response",
    "update_cadence",
    "resolution",
    "closure",
    "meeting_slot",
]
Tree = dict[str, Any]


class ClockTerms:
    """Writes clocks and calendars; `readings` are the questions that a document has left open."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.readings: dict[str, Tree] = {}

    def maybe_reading(self, name: str, options: Tree, chance: float) -> Any:
        """A value, or a reading of it."""
        if not self.chance.often(chance):
            return self.chance.pick(options.values())
        if name not in self.readings:
            self.readings[name] = {
                "id": name,
                "question": "Which?",
                "options": options,
                "chosen": self.chance.pick(options),
            }
        return {"reading": name}

    def by_plan(self, make: Any, chance: float = 0.2) -> Any:
        """A value, or one by plan, sometimes not for every plan."""
        if not self.chance.often(chance):
            return make()
        return {"by_plan": {plan: make() for plan in self.chance.some(PLANS, 1)}}

    def calendars(self) -> Tree:
        """Weekly in several zones, over night, in two halves; composed; always."""
        c = self.chance

        def weekly(windows: list[Tree], word: str) -> Tree:
            one: Tree = {"zone": c.pick(ZONES), "weekly": windows, "holidays": self.holidays()}
            one["business_day"] = self.maybe_reading(
                f"day-{word}", {"same": "same_time", "hours": "hours", "end": "end_of_day"}, 0.4
            )
            if c.often(0.15):
                del one["zone"]
            return one

        found = {
            "always": {"always": True},
            "office": weekly([{"days": WEEKDAYS, "from": "09:00", "to": "18:00"}], "office"),
            "halves": weekly(
                [
                    {"days": WEEKDAYS, "from": "09:00", "to": "12:00"},
                    {"days": [*WEEKDAYS, "sat"], "from": "13:00", "to": "17:30"},
                ],
                "halves",
            ),
            "night": weekly(
                [{"days": [*WEEKDAYS, "sun"], "from": "22:00", "to": "06:00"}], "night"
            ),
            "whole": weekly(
                [{"days": [*WEEKDAYS, "sun"], "from": "00:00", "to": "24:00"}], "whole"
            ),
            "team": {
                c.pick(["any", "all"]): ["office", "halves"],
                "zone": c.pick(ZONES),
                "days": WEEKDAYS,
                "holidays": self.holidays(),
                "business_day": c.pick(["same_time", "end_of_day"]),
            },
        }
        return found

    def holidays(self) -> Any:
        """None, one set, or two."""
        c = self.chance
        return c.pick(["none", "none", "h1", "h2", {"any": ["h1", "h2"]}, {"all": ["h1", "h2"]}])

    def within(self) -> tuple[Any, str | None]:
        """A target and the calendar that it may name."""
        c = self.chance
        calendars = ["office", "halves", "night", "whole", "team", "always"]
        kind = c.pick(["wall", "wall", "wall", "bh", "bh", "bh", "bd", "bd", "d", "best", "none"])
        if kind == "best":
            return "best_effort", c.pick([None, "office", "night"])
        if kind == "none":
            return "none", None
        text = {
            "wall": c.pick(["30m", "1h", "4h", "90m", "7.2h", "24h"]),
            "bh": c.pick(["1bh", "4bh", "90bm", "9bh", "24bh"]),
            "bd": c.pick(["1bd", "2bd", "3bd"]),
            "d": c.pick(["1d", "2d"]),
        }[kind]
        calendar = c.pick(calendars) if kind in ("bh", "bd") else c.pick([None, None, "office"])
        edge = c.pick([None, None, None, "below", "at_most"])
        return (text if edge is None else {edge: text}), calendar

    def only(self) -> Tree:
        """Tests of the opening."""
        c = self.chance
        found: Tree = {}
        if c.often(0.5):
            found["channels"] = c.pick([["email"], ["portal", "email"], ["any"], []])
        if c.often(0.3):
            found["tags"] = c.pick([["vip"], []])
        if c.often(0.2):
            found["opened_by"] = c.some(["customer", "agent", "automation"], 1)
        return found

    def clocks(self) -> list[Tree]:
        """Three to five kinds."""
        c = self.chance
        return [self.clock(kind) for kind in c.some(KINDS, 3, 5)]

    def clock(self, kind: str) -> Tree:
        """One clock with its cells."""
        c = self.chance
        one: Tree = {
            "id": kind.replace("_", "-"),
            "kind": kind,
            "pauses": c.some(REASONS, 0, 3),
            "strength": self.by_plan(
                lambda: c.pick(["contractual", "contractual", "target"]), 0.15
            ),
            "targets": self.cells(),
        }
        if c.often(0.15):
            one["only"] = self.only()
        if kind in ("first_response", "next_response", "update_cadence"):
            author = c.pick(["agent", "agent", ["agent", "automation"], ["agent", "customer"]])
            one["satisfied_by"] = {"author": author}
            if c.often(0.5):
                one["satisfied_by"]["public"] = c.often(0.8)
            if c.often(0.3):
                one["satisfied_by"]["content"] = ["solution", "update", "question"]
        if kind == "resolution":
            one["confirmation"] = c.pick(["none", "required"])
            one["on_reopen"] = c.pick(["ignore", "continue", "new_instance"])
        if kind in ("first_response", "resolution") and c.often(0.5):
            one["on_merge"] = c.pick(["keep_earliest", "keep_own"])
        if kind == "meeting_slot":
            one["stops_on"] = c.pick(["slot_offered", "slot_held"])
        return one

    def cells(self) -> list[Tree]:
        """Some by severity, perhaps one for all."""
        c = self.chance
        found = []
        for severity in c.some(SEVERITIES, 2):
            found.append(self.cell(severity))
            if c.often(0.15):
                found.insert(-1, {**self.cell(severity), "only": self.only()})
        if c.often(0.7):
            found.append(self.cell(None))
        return found

    def cell(self, severity: str | None) -> Tree:
        """One cell."""
        c = self.chance
        within, calendar = self.within()
        one: Tree = {}
        if severity is not None:
            one["severity"] = severity
        plain = within if c.often(0.8) else None
        one["within"] = plain or {"by_plan": dict.fromkeys(c.some(PLANS, 1), within)}
        if calendar is not None:
            one["calendar"] = calendar
        if c.often(0.1):
            one["strength"] = c.pick(["contractual", "best_effort"])
        return one
