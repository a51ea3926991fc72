"""Credits, pools and rights by chance, for a contract that has measures and clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.reference.generated_terms import Contracts

Tree = dict[str, Any]
TIMED = ("downtime", "weighted_downtime")


def credits_of(contracts: Contracts, tree: Tree) -> list[Tree]:
    """One for each measure, perhaps two, and one for clocks."""
    c = contracts.chance
    found: list[Tree] = []
    for one in tree.get("availability", []):
        for _ in range(c.pick([1, 1, 2])):
            found.append(_credit(contracts, f"c{len(found) + 1}", one))
    clocks = [one["id"] for one in tree.get("clocks", [])]
    if clocks and c.often(0.5):
        found.append(_clock_credit(contracts, f"c{len(found) + 1}", c.some(clocks, 1)))
    return found


def _rest(contracts: Contracts, credit: Tree) -> Tree:
    """What every paying credit has."""
    c = contracts.chance
    credit["base"] = {
        "fee": c.pick(["recurring", "recurring", "recurring", "recurring", "recurring", "charged"]),
        "services": c.pick(["all", "all", "all", "affected"]),
        "over": c.pick(
            ["period", "period", "period", "month_before", {"days": 10, "before": "claim"}]
        ),
        "annual": c.pick(["twelfth", "days", "term_months"]),
    }
    credit["caps"] = c.pick(
        [[_cap(contracts)], [_cap(contracts)], [_cap(contracts), _cap(contracts)]]
    )
    credit["rounding"] = c.pick(["half_up", "half_even", "down"])
    credit["claim"] = _claim(contracts)
    credit["settle"] = {"when": "next_invoice", "leftover": "lapse"}
    if c.often(0.2):
        credit["eligibility"] = _eligibility(contracts, credit)
    if c.often(0.2):
        credit["minimum"] = {c.pick(["at_least", "above"]): ["20.00 USD", "20.00 EUR"]}
    return credit


def _eligibility(contracts: Contracts, credit: Tree) -> Tree:
    c = contracts.chance
    found: Tree = {}
    if c.often(0.3):
        found["plans"] = ["pro"]
    if c.often(0.3):
        found["billing"] = c.pick(["month", "year"])
    if c.often(0.3):
        found["signed"] = True
    if c.often(0.3):
        found["standing"] = "good"
    if c.often(0.3):
        found["affected"] = True
    return found


def _cap(contracts: Contracts) -> Tree:
    c = contracts.chance
    per = c.pick(["period", "period", "month", "rolling_12_months", "term", "invoice"])
    if c.often(0.3):
        return {"amount": c.pick(["9.00 USD", "70.00 USD"]), "per": per}
    of = c.pick(["base", "base", "month_fee", "term_fee", "invoice"])
    if c.often(0.2):
        return {"days": c.pick(["1", "0.5"]), "of": of, "per": per}
    return {"percent": c.pick(["5", "1", "2.5"]), "of": of, "per": per}


def _claim(contracts: Contracts) -> Any:
    c = contracts.chance
    if c.often(0.4):
        return "none"
    deadlines: list[Tree] = []
    for _ in range(c.pick([0, 1, 1, 1, 2])):
        within = c.pick(["3d", "10d", "30d", "2bd", "5bd", "1mo"])
        one: Tree = {
            "from": c.pick(["incident_start", "incident_end", "period_end", "issued"]),
            "within": within,
        }
        if within.endswith("bd"):
            one["calendar"] = c.pick(["office", "team", "always"])
        if c.often(0.3):
            one["by"] = "notice"
        deadlines.append(one)
    claim: Tree = {"required": c.often(0.95), "scope": c.pick(["period", "incident"])}
    if deadlines:
        claim["deadlines"] = deadlines
    if c.often(0.3):
        claim["written"] = True
    if c.often(0.3):
        claim["channels"] = c.pick([["any"], ["portal"], ["email", "portal"]])
    return claim


def _credit(contracts: Contracts, name: str, one: Tree) -> Tree:
    """For one measure."""
    c = contracts.chance
    timed = one["measure"] in TIMED
    credit: Tree = {"id": name, "for": [one["id"]]}
    if timed and c.often(0.6) or one.get("across") != "sum":
        credit["several"] = c.pick(["largest", "sum"])
    formula = c.pick(["bands", "bands", "per_step", *(["downtime_price"] if timed else [])])
    credit["formula"] = formula
    on = c.pick(["uptime", "uptime", "net_downtime", "longest_outage"]) if timed else "uptime"
    numbered = one["target"] != "none" and "by_plan" not in one["target"]
    top = c.pick(["target", "99.9"]) if numbered else "99.9"
    if formula == "bands":
        credit["on"] = on
        credit["bands"] = _bands(contracts, on, top)
    elif formula == "per_step":
        credit["on"] = on
        step: Tree = {"percent": c.pick([5, "2.5"]), "rounding": c.pick(["floor", "ceil", "exact"])}
        step["per"] = "0.1" if on == "uptime" else c.pick(["10m", "1h"])
        if on == "uptime":
            step["below"] = top
        elif c.often(0.5):
            step["above"] = "10m"
        credit["per_step"] = step
    else:
        credit["downtime_price"] = {
            "factor": c.pick([1, 10, 100]),
            "below": top,
            "time": c.pick(["net", "clock"]),
            "spread": c.pick(["period", "month"]),
        }
    return _rest(contracts, credit)


def _bands(contracts: Contracts, on: str, top: Any) -> list[Tree]:
    c = contracts.chance

    def reward(small: bool) -> Any:
        return c.pick(
            [
                {"percent": 10 if small else 25},
                {"percent": 10 if small else 25},
                {"amount": "5.00 USD" if small else "40.00 USD"},
                {"days": 1 if small else "2.5"},
            ]
        )

    if on == "uptime":
        return [
            {"below": top, "at_least": "99.0", **reward(True)},
            {"below": "99.0", **reward(False)},
        ]
    return [
        {"above": "10m", "at_most": "2h", **reward(True)},
        {"above": "2h", **reward(False)},
    ]


def _clock_credit(contracts: Contracts, name: str, clocks: list[str]) -> Tree:
    c = contracts.chance
    credit: Tree = {"id": name, "for": clocks, "period": c.pick(["month", "month", "quarter"])}
    if c.often(0.5):
        credit["formula"] = "each"
        credit["each"] = c.pick([{"percent": 2}, {"amount": "7.00 USD"}, {"days": "0.5"}])
    else:
        credit["formula"], credit["on"] = "bands", "breaches"
        credit["bands"] = [{"at_least": 1, "at_most": 1, "percent": 1}, {"above": 1, "percent": 3}]
    return _rest(contracts, credit)


def pools_of(contracts: Contracts, tree: Tree) -> list[Tree]:
    """A pool of credits that go by the same period."""
    c = contracts.chance
    periods: dict[str, list[str]] = {}
    by_id = {one["id"]: one for one in tree.get("availability", [])}
    for credit in tree["credits"]:
        if credit["for"][0] in by_id:
            key = str(by_id[credit["for"][0]]["period"])
            periods.setdefault(key, []).append(credit["id"])
    for several in periods.values():
        if len(several) > 1 and c.often(0.5):
            pool: Tree = {
                "id": "pool",
                "credits": several,
                "take": c.pick(["largest", "sum", "claimed"]),
            }
            if pool["take"] == "sum" and c.often(0.7):
                pool["caps"] = [_cap(contracts)]
            return [pool]
    return []


def right_of(contracts: Contracts, tree: Tree) -> Tree:
    """Something to exercise."""
    c = contracts.chance
    timed = [one["id"] for one in tree.get("availability", []) if one["measure"] in TIMED]
    clocks = [one["id"] for one in tree.get("clocks", [])]
    tests: list[Tree] = []
    if timed:
        tests.append({"net_downtime": c.pick(timed), "above": c.pick(["0s", "30m"])})
        tests.append({"breached": [c.pick(timed)]})
    if clocks:
        tests.append({"breached": clocks, "at_least": c.pick([1, 2])})
    for one in tests:
        if c.often(0.4):
            one["of_last"] = 2
            one["times"] = c.pick([1, 2])
        if c.often(0.2):
            one["in_all"] = True
        if c.often(0.2):
            one["claimed"] = True
    few = c.some(tests, 1, 2) or [{"breached": clocks}]
    when = few[0] if len(few) == 1 else {c.pick(["any", "all"]): few}
    return {
        "id": "leave",
        "text": "end it",
        "when": when,
        "exercise_within": c.pick(["10d", "30d", "none"]),
    }
