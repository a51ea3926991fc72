"""Rights (S8.110 to S8.114): asked at the end of each period that is over."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.reference.intervals import holds
from tests.reference.knowing import Problem
from tests.reference.parts import Part
from tests.reference.periods import Period
from tests.reference.terms_view import edge_fits, edge_fits_us, length_of
from tests.reference.zones import first_instant

if TYPE_CHECKING:
    from tests.reference.answers import Row, World


def _lateness(part: Part) -> tuple[int, int]:
    return part.end, part.number


class Rights:
    """The rights of one subscription."""

    def __init__(self, world: World, subscription: str) -> None:
        self.world, self.subscription = world, subscription
        self.by_period: dict[tuple[Any, ...], tuple[Period, list[Part]]] = {}
        for month in world.months():
            for part in world.agreements.parts(subscription, month):
                if part.period.end <= world.at:
                    key = (part.period.end, part.period.name, part.period.spec, part.period.zone)
                    self.by_period.setdefault(key, (part.period, []))[1].append(part)
        self.order = [self.by_period[key] for key in sorted(self.by_period, key=str)]
        self.order.sort(key=lambda pair: (pair[0].end, pair[0].name))

    def arising(self) -> list[dict[str, Any]]:
        """S8.113: the right arises at the end of the period that completes it."""
        found: dict[tuple[str, int], dict[str, Any]] = {}
        for period, parts in self.order:
            part = max(parts, key=_lateness)
            document = part.terms.document
            for right in document.rights:
                if not self._holds(right.when, period.end, document):
                    continue
                until = None
                if str(right.exercise_within) != "none":
                    number, _ = length_of(right.exercise_within)
                    until = first_instant(
                        period.last + timedelta(number + 1), document.deadline_zone
                    )
                found.setdefault(
                    (right.id, period.end),
                    {
                        "customer": part.customer,
                        "subscription": self.subscription,
                        "right": right.id,
                        "arose_at": period.end,
                        "until": until,
                    },
                )
        return sorted(found.values(), key=lambda row: (row["arose_at"], row["right"]))

    def _holds(self, when: Any, end: int, document: Any) -> bool:
        """S8.110: `any` and `all` nest; a condition holds only where a period of its kind ends."""
        if when.any is not None:
            return any(self._holds(one, end, document) for one in when.any)
        if when.all is not None:
            return all(self._holds(one, end, document) for one in when.all)
        on = {str(one.id) for one in (*document.availability, *document.clocks)}  # terms.md 1.5
        names = [when.net_downtime] if when.net_downtime is not None else list(when.breached or [])
        names = [name for name in names if str(name) in on]
        if not names:
            return False
        named = [one for one in document.availability if one.id in names]
        spec = document.spec_of(named[0].period) if named else ("month",)
        same = [pair for pair in self.order if pair[0].spec == spec and pair[0].end <= end]
        if not same or same[-1][0].end != end:
            return False
        last = int(when.of_last or 1)
        numbers = [self._number(when, names, parts) for _, parts in same[-last:]]
        known = [one for one in numbers if one is not None]
        if when.in_all:  # S8.112
            return bool(known) and self._fits(when, sum(known, Fraction(0)))
        return sum(self._fits(when, one) for one in known) >= int(when.times or 1)

    @staticmethod
    def _fits(when: Any, number: Fraction) -> bool:
        if when.net_downtime is not None:
            return edge_fits_us(when, number)
        words = (when.below, when.at_most, when.at_least, when.above)
        return number >= 1 if not any(words) else edge_fits(when, number)

    def _number(self, when: Any, names: list[str], several: list[Part]) -> Fraction | None:
        """S8.111: the number of a period, parts and services added; None: no part is claimed."""
        total = Fraction(0)
        if when.claimed:
            several = [part for part in several if self._claimed(part)]
            if not several:
                return None
        for part in several:
            document = part.terms.document
            for availability in document.availability:
                if availability.id not in names:
                    continue
                if document.spec_of(availability.period) != part.period.spec:
                    continue
                for one in self.world.measures.measured(part, availability):
                    if when.net_downtime is not None:
                        total += one.figures.net if one.figures else 0
                    elif availability.target != "none":
                        total += not edge_fits(availability.target, one.best * 100)
            for row in self.world.clock_values:
                mine = row["subscription"] == part.subscription and row["clock"] in names
                due = row["deadline_at"] is not None and holds(part.coverage, row["deadline_at"])
                if mine and due and row["verdict"] == "breached":
                    total += row["strength"] == "contractual"
        return total

    def _claimed(self, part: Part) -> bool:
        """S8.111: some credit of the part is claimed in time."""
        for result in self.world.credit_book.of_part(part):
            states = {result.clause.state(claim) for claim in result.clause.mine}
            if states & {"submitted", "accepted"}:
                return True
        return False


def rights_rows(world: World) -> tuple[list[Row], set[Problem]]:
    """All rights with their states (S8.114), and exercises that met none open."""
    rows: list[Row] = []
    problems: set[Problem] = set()
    exercised = {fact.subject for fact in world.known.of("right.exercised")}
    for subscription in sorted({*world.agreements.subscriptions.states, *exercised}):
        mine = Rights(world, subscription).arising()
        taken: set[tuple[str, int]] = set()
        for fact in world.known.of("right.exercised"):
            if fact.subject != subscription:
                continue
            for row in mine:
                key = (row["right"], row["arose_at"])
                until = row["until"]
                fits = row["arose_at"] <= fact.time and (until is None or fact.time < until)
                if row["right"] == fact.get("right") and fits and key not in taken:
                    taken.add(key)
                    break
            else:
                last = world.agreements.subscriptions.last(subscription, fact.time)
                customer = None if last is None else last.customer
                problems.add(
                    Problem(
                        "right_not_open", subscription, f"{fact.get('right')} {fact.id}", customer
                    )
                )
        for row in mine:
            state = "lapsed"
            if (row["right"], row["arose_at"]) in taken:
                state = "exercised"
            elif row["until"] is None or world.at < row["until"]:
                state = "open"
            rows.append({**row, "state": state})
    return rows, problems
