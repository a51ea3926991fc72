"""In which state a credit row is (S8.90 to S8.100)."""

from __future__ import annotations

from typing import Any

from tests.reference.credit_rows import Result
from tests.reference.intervals import both
from tests.reference.knowing import Fact
from tests.reference.parts import Part
from tests.reference.pools import Pools

STEPS = ("proposed", "approved", "issued", "applied", "reversed")


class States(Pools):
    """The first rule that fits."""

    latest: dict[tuple[str, str, int, str], str]

    def _determinations(self) -> dict[tuple[str, str, int, str], str]:
        """S8.90: the latest determination of each row."""
        rows: dict[str, tuple[str, str, int, str]] = {}
        steps: dict[tuple[str, str, int, str], Fact] = {}
        known = self.agreements.known
        for fact in known.of("credit.proposed"):
            rows.setdefault(
                fact.subject,
                (
                    fact.get("subscription"),
                    fact.get("period"),
                    int(fact.get("part")),
                    fact.get("credit"),
                ),
            )
        for fact in known.facts:
            word = fact.type.removeprefix("credit.")
            if fact.type.startswith("credit.") and word in STEPS and fact.subject in rows:
                steps[rows[fact.subject]] = fact
        return {key: fact.type.removeprefix("credit.") for key, fact in steps.items()}

    def _state(self, result: Result) -> str:
        part, best, clause = result.part, result.best, result.clause
        key = (part.subscription, part.period.name, part.number, result.credit.id)
        if key in self.latest:  # S8.90
            return self.latest[key]
        if self.at < part.period.end:  # S8.91
            return "provisional"
        if best.amount is None or "currency" in best.reasons:  # S8.92
            return "indeterminate"
        if not best.eligible:  # S8.93
            return "none"
        if best.expired:  # S8.94
            return "expired"
        if best.final != result.worst.final:  # S8.95
            return "indeterminate"
        if best.final == 0:  # S8.96
            return "none"
        if clause.spec is None:  # S8.97
            return "due"
        states = {clause.state(claim) for claim in clause.mine}
        for state, word in (
            ("accepted", "accepted"),
            ("submitted", "claimed"),
            ("rejected", "rejected"),
        ):  # S8.98
            if state in states:
                return word
        if any(clause.can_be_claimed(one) for one in result.events):  # S8.99
            return "claimable"
        return "expired"

    def _stale(self, part: Part, credit: Any) -> bool:
        """S6.13: does it rest on an impact that nobody has ended?"""
        for line in self._measured(part, credit):
            for sweep in line.sweeps:
                leaves = sweep._leaves(sweep.availability.down_when)
                for one in sweep.seen.impacts:
                    signal = any(sweep._matches(leaf, one) for leaf in leaves)
                    if signal and one.open and self.observed.is_stale(one.name):
                        if both(one.spans, both(sweep.inside, sweep.down)):
                            return True
        return False
