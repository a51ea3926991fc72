"""What contracts by chance rarely say, laid over one that is written: a run of its own asks it.

Wrappers at any place, two clauses where there was one, calendars of calendars, credits for several
availabilities, rights that count everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.reference.generated_clocks import PLANS, WEEKDAYS, ZONES, Tree
from tests.reference.generated_credits import TIMED, credits_of, pools_of
from tests.reference.generated_terms import Contracts

WORDS: dict[str, tuple[str, ...]] = {
    "across": ("each", "sum"),
    "annual": ("twelfth", "days", "term_months"),
    "author": ("agent", "customer", "automation"),
    "by": ("claim", "notice"),
    "calendar": ("office", "halves", "night", "whole", "team"),
    "confirmation": ("none", "required"),
    "excused": ("counted_as_up", "removed"),
    "fee": ("recurring", "charged"),
    "lower": ("from_start", "forward", "keep"),
    "measured_in": ("always", "office", "night", "team"),
    "no_data": ("unknown", "up", "down"),
    "on_merge": ("keep_earliest", "keep_own"),
    "on_reopen": ("ignore", "continue", "new_instance"),
    "over": ("period", "month_before"),
    "percent": ("1", "5", "12.5"),
    "raise": ("from_start", "forward", "keep"),
    "rounding": ("half_up", "half_even", "down"),
    "scope": ("period", "incident"),
    "services": ("all", "affected"),
    "several": ("largest", "sum"),
    "strength": ("contractual", "target", "best_effort"),
    "take": ("largest", "sum", "claimed"),
    "view": ("customer", "everyone"),
}
"""Other words for the same member; a member whose value is none of them is left as it is."""

UNWRAPPED = frozenset({"id", "text", "clause", "severity"})
CLAUSES = ("clocks", "availability", "exclusions", "credits", "pools", "rights")


class RareContracts(Contracts):
    """Contracts that say more."""

    def contract(self, name: str, version: str, effective: str | None) -> Tree:
        """A document that has no error of form, with some of what is rare."""
        c = self.chance
        tree = json.loads(json.dumps(super().contract(name, version, effective)))
        for change in (
            self._calendars_of_calendars,
            self._another_clock,
            self._same_day,
            self._measures,
            self._periods,
            self._rights,
        ):
            if c.often(0.3):
                change(tree)
        for _ in range(c.pick([0, 1, 1, 2, 4])):
            self._wrap(tree)
        if self.readings:
            tree["interpretations"] = list(self.readings.values())
        return tree

    # calendars and clocks

    def _calendars_of_calendars(self, tree: Tree) -> None:
        """A calendar of composed ones; windows that overlap, and one of a whole day."""
        c = self.chance
        both: Tree = {c.pick(["any", "all"]): c.pick([["team", "night"], ["whole", "team"]])}
        both["zone"] = c.pick(ZONES)
        both["business_day"] = c.pick(["same_time", "end_of_day"])
        if c.often(0.5):
            both["days"] = [*WEEKDAYS, "sat"]
        if c.often(0.4):
            both["holidays"] = self.holidays()
        tree["calendars"]["both"] = both
        more = c.pick(
            [
                {"days": ["wed", "sat"], "from": "17:00", "to": "03:00"},
                {"days": ["tue"], "from": "06:00", "to": "06:00"},
                {"days": ["mon", "fri"], "from": "11:00", "to": "24:00"},
            ]
        )
        tree["calendars"][c.pick(["office", "halves"])]["weekly"].append(more)
        for cell in _cells(tree):
            if "calendar" in cell and c.often(0.4):
                cell["calendar"] = "both"

    def _another_clock(self, tree: Tree) -> None:
        """Two clocks of one kind."""
        if tree.get("clocks"):
            again = self.clock(self.chance.pick(tree["clocks"])["kind"])
            again["id"] += "-again"
            tree["clocks"].append(json.loads(json.dumps(again)))

    def _same_day(self, tree: Tree) -> None:
        """`0bd` on calendars whose day ends with its last closing."""
        c = self.chance
        tree["calendars"]["office"]["business_day"] = "end_of_day"
        tree["calendars"]["team"]["business_day"] = "end_of_day"
        for cell in _cells(tree):
            if c.often(0.4):
                cell["within"] = c.pick(["0bd", {"below": "0bd"}, {"below": "1bd"}])
                cell["calendar"] = c.pick(["office", "team"])

    # service

    def _measures(self, tree: Tree) -> None:
        """Odd intervals and units, edges on both sides, three of three."""
        c = self.chance
        for one in tree.get("availability", []):
            if "interval_average" in one:
                one["interval_average"]["interval"] = c.pick(["7h", "90m", "1h"])
            if "count" in one:
                one["count"]["unit"] = c.pick(["7m", "1.5h", "1d"])
            for leaf in _leaves(one.get("down_when", {})):
                if "counted" in leaf and c.often(0.5):
                    for word in ("above", "at_least"):
                        leaf["counted"].pop(word, None)
                    edges = [{"at_least": 4, "below": 50}, {"at_most": 5}, {"below": "4.5"}]
                    leaf["counted"].update(c.pick(edges))
        for one in tree.get("exclusions", []):
            if one["kind"] == "cause" and c.often(0.4):
                one["cause"] = c.pick(["provider", "customer", "suspension"])
            if c.often(0.2):
                one["for"] = []

    def _periods(self, tree: Tree) -> None:
        """A period by plan, or an open question, for all that share it."""
        c = self.chance
        several = [*tree.get("availability", []), *_credits_of_clocks(tree)]
        if not several:
            return
        common = c.pick(several).get("period", "month")
        other = self.period()
        if c.often(0.5):
            value: Any = {"by_plan": {"basic": common, "pro": other}}
        else:
            value = self.maybe_reading("span", {"one": common, "two": other}, 1)
        for one in several:
            if one.get("period", "month") == common:
                one["period"] = value

    # money

    def credits(self, tree: Tree) -> None:
        """Credits for several availabilities, without caps, or without a formula."""
        c = self.chance
        tree["credits"] = credits_of(self, tree)
        for one in tree["credits"]:
            if c.often(0.3):
                self._for_several(tree, one)
            if c.often(0.15):
                one["caps"] = "none"
            if c.often(0.3):
                percent = c.pick(["1", "50"])
                one["settle"]["at_most"] = {"percent": percent, "of": "invoice"}
                one["settle"]["rest"] = "lapse"
            if c.often(0.15):
                amounts: list[Any] = ["20.00 USD", "20.00 EUR", ["1.00 EUR", "9.00 USD"]]
                one["minimum"] = {c.pick(["at_least", "above"]): c.pick(amounts)}
        if len(tree["credits"]) > 1 and c.often(0.1):
            tree["credits"][-1]["formula"] = "none"
            for member in ("bands", "per_step", "downtime_price", "each", "on"):
                tree["credits"][-1].pop(member, None)
        pools = pools_of(self, tree)
        if pools:
            tree["pools"] = pools

    def _for_several(self, tree: Tree, credit: Tree) -> None:
        """Two availabilities of one period under one credit."""
        measures = {one["id"]: one for one in tree["availability"]}
        first = measures.get(credit["for"][0])
        if first is None:
            return
        others = [
            one["id"]
            for one in tree["availability"]
            if one is not first
            and (one["measure"] in TIMED) >= (first["measure"] in TIMED)
            and not ("target" in json.dumps(credit) and _without_number(one))
        ]
        if not others:
            return
        other = self.chance.pick(others)
        for one in tree["availability"]:
            one["period"] = first["period"]
        credit["for"] = self.chance.pick([[first["id"], other], [other, first["id"]]])
        credit.setdefault("several", self.chance.pick(["largest", "sum"]))

    def _rights(self, tree: Tree) -> None:
        """Edges downwards, names of both kinds, conditions in conditions, two rights."""
        c = self.chance
        measured = [one["id"] for one in tree.get("availability", [])]
        timed = [one["id"] for one in tree.get("availability", []) if one["measure"] in TIMED]
        clocks = [one["id"] for one in tree.get("clocks", [])]
        if not self.money or not measured:
            return
        tests: list[Tree] = [
            {"breached": [*c.some(measured, 1), *c.some(clocks)], "at_least": c.pick([1, 2])},
            {"breached": c.some(measured, 1), "at_most": 1, "of_last": c.pick([2, 3])},
        ]
        if timed:
            tests.append({"net_downtime": c.pick(timed), "below": "2h", "at_least": "10m"})
            tests.append(
                {"net_downtime": c.pick(timed), "above": "1h", "in_all": True, "of_last": 3}
            )
        for one in tests:
            if c.often(0.25):
                one["claimed"] = True
        nested = {"all": [c.pick(tests), {"any": c.some(tests, 1, 2)}]}
        tree.setdefault("rights", []).append(
            {
                "id": "leave-too",
                "text": "end it as well",
                "when": c.pick([nested, {"any": c.some(tests, 1, 3)}]),
                "exercise_within": c.pick(["5d", "none"]),
            }
        )

    # wrappers

    def _wrap(self, tree: Tree) -> None:
        """A value at any place of the clauses: by plan, for one plan alone, or an open question."""
        c = self.chance
        places = [place for name in CLAUSES for place in _places(tree.get(name, []))]
        places += _places(tree["severity_change"])
        if not places:
            return
        holder, key = c.pick(places)
        value = holder[key]
        plain = not isinstance(value, dict | list)
        words = WORDS.get(key, ()) if isinstance(key, str) and plain else ()
        if str(value) in words and c.often(0.7):
            other: Any = c.pick([word for word in words if word != str(value)])
        elif isinstance(value, list) and len(value) > 1:
            other = value[1:]
        else:
            other = value
        if holder is tree["severity_change"] or c.often(0.4):
            holder[key] = {"by_plan": dict(zip(PLANS, (value, other), strict=True))}
        elif c.often(0.5):
            holder[key] = {"by_plan": {c.pick(PLANS): value}}
        else:
            name = f"open-{len(self.readings)}"
            without = {"by_plan": {c.pick(PLANS): value}}
            options = {"as": value, "other": c.pick([other, without])}
            holder[key] = self.maybe_reading(name, options, 1)


def _without_number(availability: Tree) -> bool:
    return availability["target"] == "none" or "by_plan" in availability["target"]


def _cells(tree: Tree) -> list[Tree]:
    return [cell for clock in tree.get("clocks", []) for cell in clock["targets"]]


def _credits_of_clocks(tree: Tree) -> list[Tree]:
    clocks = {one["id"] for one in tree.get("clocks", [])}
    return [one for one in tree.get("credits", []) if set(one["for"]) <= clocks]


def _leaves(condition: Tree) -> Iterator[Tree]:
    for key in ("any", "all", "of"):
        for inner in condition.get(key, []):
            yield from _leaves(inner)
    yield condition


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place below that may hold a wrapper: who holds it, and its member or number."""
    found: list[tuple[Any, Any]] = []
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        inner = value[key]
        if key in UNWRAPPED or key in ("by_plan", "reading"):
            continue
        whole = isinstance(inner, dict) and "id" in inner
        if not whole:
            found.append((value, key))
        if isinstance(inner, dict | list):
            found += _places(inner)
    return found


