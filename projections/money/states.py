"""The state of a credit row: what was determined, else what its claims say (S8.90 to S8.100)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.money.outcome import Outcome
    from projections.terms import Fact

PROPOSED = "sla.credit.proposed.v1"
STEPS = (
    PROPOSED, "sla.credit.approved.v1", "sla.credit.issued.v1",
    "sla.credit.applied.v1", "sla.credit.reversed.v1",
)  # fmt: skip
GRANTED = "sla.credit.granted.v1"
DETERMINED = frozenset({"proposed", "approved", "issued", "applied", "reversed"})
PAID = frozenset({"due", "accepted", "proposed", "approved", "issued", "applied"})
"""The states whose amounts earlier caps have been used up by (S8.58)."""

RowKey = tuple[str, str, int, str]
"""Subscription, period, part, credit."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was proposed for a row under one credit id, and all that was done with it."""

    id: str
    key: RowKey
    proposed: tuple[Fact, ...]
    steps: tuple[Fact, ...]

    @property
    def reversed(self) -> bool:
        """Whether it was taken back."""
        return any(fact.type == STEPS[4] for fact in self.steps)

    @property
    def amount(self) -> Fraction:
        """What was proposed under this id, with its sign."""
        return Fraction(str(self.proposed[0].data["amount"]))

    @property
    def currency(self) -> str:
        """The currency of the proposal."""
        return str(self.proposed[0].data["currency"])


def proposals(book: Book) -> list[Proposal]:
    """All credits proposed, by the order of their first proposal."""
    if "proposals" not in book.outcomes:
        by_id: dict[str, list[Fact]] = {}
        for fact in book.facts(*STEPS):
            by_id.setdefault(fact.subject, []).append(fact)
        found = []
        for name, facts in by_id.items():
            told = tuple(fact for fact in facts if fact.type == PROPOSED)
            if told:
                found.append(Proposal(name, _key(told[0]), told, tuple(facts)))
        book.outcomes["proposals"] = found
    known: list[Proposal] = book.outcomes["proposals"]
    return known


def _key(fact: Fact) -> RowKey:
    data = fact.data
    return data["subscription"], data["period"], int(data["part"]), data["credit"]


def word(fact: Fact) -> str:
    """`issued` of `sla.credit.issued.v1`."""
    return fact.type.split(".")[2]


def determined(book: Book) -> dict[RowKey, str]:
    """The latest determination of each row (S8.90)."""
    if "determined" not in book.outcomes:
        told = [
            (fact.order, each.key, word(fact)) for each in proposals(book) for fact in each.steps
        ]
        book.outcomes["determined"] = {
            key: step for _, key, step in sorted(told, key=lambda each: each[0])
        }
    found: dict[RowKey, str] = book.outcomes["determined"]
    return found


def state_of(book: Book, outcome: Outcome) -> str:
    """The first state that fits (S8.90 to S8.100)."""
    part, terms = outcome.part, outcome.terms
    step = determined(book).get((part.subscription, part.period.name, part.number, terms.id))
    if step is not None:
        return step
    if book.at < part.period.end:
        return "provisional"
    if outcome.reasons & {"no_charges", "currency"}:
        return "indeterminate"
    if not outcome.tested.eligible:
        return "none"
    if terms.claim is not None and outcome.tested.standing.expired:
        return "expired"
    if outcome.walks["best"].minor != outcome.walks["worst"].minor:
        return "indeterminate"
    if not outcome.best.minor:
        return "none"
    return "due" if terms.claim is None else _claim_state(outcome)


def _claim_state(outcome: Outcome) -> str:
    """By the strongest of its claims, else whether it can still be claimed (S8.98 to S8.100)."""
    states = {each.state for each in outcome.judged}
    for state, shown in (("accepted",) * 2, ("submitted", "claimed"), ("rejected",) * 2):
        if state in states:
            return shown
    return "claimable" if outcome.tested.standing.claimable else "expired"
