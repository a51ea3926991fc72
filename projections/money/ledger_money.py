"""What was proposed, granted and applied (S8.104, S9.3): money that determinations have moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from projections.calendar.dates import periods
from projections.fact_index import facts_about
from projections.money import fee_facts
from projections.money.claim_facts import SEALED
from projections.money.clauses_read import read_credits
from projections.money.states import GRANTED, STEPS, Proposal, proposals, word
from projections.rows import Granted, ProblemRow
from projections.terms.lives import customer_at
from schemas.money import amount_text

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.terms import Fact

ZERO = Fraction(0)
APPLIED = "sla.credit.applied.v1"


@dataclass(frozen=True, slots=True)
class Grant:
    """Goodwill: its event and what was done with it (`sla.credit.granted.v1`)."""

    fact: Fact
    steps: tuple[Fact, ...]

    @property
    def subscription(self) -> str:
        """Whose grant it is."""
        return str(self.fact.data["subscription"])

    @property
    def amount(self) -> Fraction:
        """What was granted."""
        return Fraction(str(self.fact.data["amount"]))

    @property
    def currency(self) -> str:
        """The currency of the grant."""
        return str(self.fact.data["currency"])

    @property
    def state(self) -> str:
        """The last word on it: granted, approved, issued, applied or reversed."""
        return word(self.steps[-1]) if self.steps else "granted"

    def row(self) -> Granted:
        """As a statement shows it."""
        data = self.fact.data
        shown = amount_text(self.amount, self.currency)
        return Granted(
            self.fact.subject, data["period"], shown, self.currency,
            data["reason"], data.get("by"), self.state,
        )  # fmt: skip


def grants(book: Book) -> list[Grant]:
    """All grants, the first event of a credit id, in the order of facts."""
    if "grants" not in book.outcomes:
        steps: dict[str, list[Fact]] = {}
        for fact in book.facts(*STEPS[1:]):
            steps.setdefault(fact.subject, []).append(fact)
        found: dict[str, Grant] = {}
        for fact in book.facts(GRANTED):
            found.setdefault(fact.subject, Grant(fact, tuple(steps.get(fact.subject, ()))))
        book.outcomes["grants"] = list(found.values())
    known: list[Grant] = book.outcomes["grants"]
    return known


def period_month(name: str) -> str | None:
    """The month with which a period is stated, a quarter read as one of the calendar (S3.39)."""
    if "/" in name:
        last = date.fromisoformat(name.split("/")[1]) - timedelta(days=1)
        return f"{last.year:04d}-{last.month:02d}"
    if len(name) == 4:
        return f"{name}-12"
    if "Q" in name:
        return f"{name[:4]}-{int(name[6]) * 3:02d}"
    return name


def stated_with(book: Book, subscription: str, period: str, month: str) -> bool:
    """Whether a period of a subscription is stated with a month (S3.39).

    A quarter is one of those that the subscription's terms name, else of the calendar (S3.32).
    """
    if "Q" not in period:
        return period_month(period) == month
    kinds = _quarters(book, subscription) or ["quarter"]
    return any(each.name == period for kind in kinds for each in periods(kind, "UTC", month))


def _quarters(book: Book, subscription: str) -> list[Any]:
    """The kinds of quarter by which some terms of a subscription go."""
    found: dict[str, Any] = {}
    for span in book.agreements.spans_of(subscription):
        terms = book.agreements.terms(span, span.start)
        for spec in () if terms is None else terms.period_kinds:
            if spec == "quarter" or getattr(spec, "quarter", None) is not None:
                found[repr(spec)] = spec
    return list(found.values())


def proposed(book: Book, subscription: str, month: str) -> dict[str, Fraction]:
    """Per currency what was proposed for a month, less what was reversed (S9.3)."""
    found: dict[str, Fraction] = {}
    for each in _by_subscription(book).get(subscription, ()):
        if stated_with(book, subscription, each.key[1], month):
            amount = ZERO if each.reversed else each.amount
            found[each.currency] = found.get(each.currency, ZERO) + amount
    return found


def _by_subscription(book: Book) -> dict[str, list[Proposal]]:
    if "proposed" not in book.outcomes:
        index: dict[str, list[Proposal]] = {}
        for each in proposals(book):
            index.setdefault(each.key[0], []).append(each)
        book.outcomes["proposed"] = index
    known: dict[str, list[Proposal]] = book.outcomes["proposed"]
    return known


def over_applied(book: Book) -> Iterator[ProblemRow]:
    """Credits to which more was applied than is left, or than an invoice takes (S8.104)."""
    for each in proposals(book):
        told = [fact for fact in each.steps if fact.type == APPLIED]
        if told and (_beyond(told, each.amount) or _beyond_invoice(book, each, told)):
            customer = _holder(book, each.key[0], told[0])
            yield _over(each.id, customer, told, each.amount, each.currency)
    for grant in grants(book):
        told = [fact for fact in grant.steps if fact.type == APPLIED]
        if told and _beyond(told, grant.amount):
            customer = _holder(book, grant.subscription, told[0])
            yield _over(grant.fact.subject, customer, told, grant.amount, grant.currency)


def _holder(book: Book, subscription: str, fact: Fact) -> str | None:
    return customer_at(book.agreements.spans_of(subscription), fact.effective_at)


def _over(
    name: str, customer: str | None, told: Sequence[Fact], amount: Fraction, currency: str
) -> ProblemRow:
    applied = amount_text(_applied(told, amount), currency)
    detail = f"{applied} {amount_text(amount, currency)}"
    return ProblemRow("over_applied", name, detail, customer, tuple(fact.entry for fact in told))


def _beyond(told: Sequence[Fact], amount: Fraction) -> bool:
    return abs(_applied(told, amount)) > abs(amount)


def _applied(told: Sequence[Fact], amount: Fraction) -> Fraction:
    """The sum of what was applied; an event without an amount applies all that is left."""
    total = ZERO
    for fact in told:
        said = fact.data.get("amount")
        if said is not None:
            total += Fraction(str(said))
        elif abs(total) < abs(amount):
            total = amount
    return total


def _beyond_invoice(book: Book, proposal: Proposal, told: Sequence[Fact]) -> bool:
    """Whether some invoice took more than the contract's percent of what it charges."""
    percent = _at_most(book, proposal)
    if percent is None:
        return False
    subscription = proposal.key[0]
    on_invoice: dict[str, list[Fact]] = {}
    for fact in told:
        if fact.data.get("invoice") is not None:
            on_invoice.setdefault(fact.data["invoice"], []).append(fact)
    charged = fee_facts.charges(book.agreements, subscription)
    for invoice, facts in on_invoice.items():
        whole = [charge.amount for charge in charged if charge.invoice == invoice]
        taken = _applied(facts, proposal.amount)
        if whole and taken > sum(whole, ZERO) * percent / 100:
            return True
    return False


def _at_most(book: Book, proposal: Proposal) -> Fraction | None:
    """The percent of an invoice that the contract allowed as the credit was proposed."""
    instant = proposal.proposed[0].effective_at
    subscription, _, _, name = proposal.key
    spans = book.agreements.spans_of(subscription)
    span = book.agreements.at(subscription, instant) or (spans[-1] if spans else None)
    terms = None if span is None else book.agreements.terms(span, min(instant, span.end - 1))
    if terms is None:
        return None
    return next((each.at_most for each in read_credits(terms.document) if each.id == name), None)


def sealed(book: Book, subscription: str, month: str) -> list[Fact]:
    """The sealings of a statement, the first one first."""
    told = facts_about(book.agreements, SEALED, subscription, "subscription")
    return [fact for fact in told if fact.data["period"] == month]
