"""The book of one view: what its credits rest on, each read or measured once.

Everything that touches the engine, the agreements or the sweep on behalf of credits is here; what
is reckoned from it lies in `lines`, `eligibility`, `limits` and `outcome`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from projections.calendar.counted_dates import counted_dates
from projections.calendar.dates import month_at
from projections.calendar.spec import published_sets
from projections.money import claim_facts
from projections.money.bases import Ground
from projections.money.claim_facts import ClaimFacts, CountDates, Dates, Impacts
from projections.money.clauses import CreditTerms, PoolTerms
from projections.money.clauses_read import read_credits, read_pools, read_rights
from projections.money.limits import months_between
from projections.money.right_terms import RightTerms
from projections.sweep import uptime
from projections.terms import parts as part_lines

if TYPE_CHECKING:
    from projections.sweep.measured import LineUptime
    from projections.terms import Agreements, Fact
    from projections.terms.parts import Line, Part
    from projections.view import View
    from schemas.instant import Interval

DAY = 86_400_000_000
PartKey = tuple[str, str, int, int, str, int]
LeftOut = frozenset[tuple[str, int]]


def part_key(part: Part) -> PartKey:
    """What tells one part of a view from another."""
    period = part.period
    return (
        part.subscription, period.name, period.start, period.end, repr(period.spec), part.number,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Breach:
    """A contractual breach: its clock, its ticket and the deadline that was missed (S8.13)."""

    clock: str
    ticket: str
    due: int


class Book:
    """Memory of one view; `outcomes` and `rows` are filled by `outcome`."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.at: int = view.as_of.at
        self.outcomes: dict[Any, Any] = {}
        self._parts: dict[str, tuple[dict[str, list[Part]], list[Part] | None]] = {}
        self._terms: dict[Any, tuple[tuple[CreditTerms, ...], tuple[PoolTerms, ...]]] = {}
        self._measured: dict[Any, list[LineUptime]] = {}
        self._grounds: dict[tuple[PartKey, str], Ground] = {}
        self._claims: dict[str, list[ClaimFacts]] = {}
        self._rights: dict[str, tuple[RightTerms, ...]] = {}
        self._impacts: dict[tuple[str, str], dict[str, list[Interval]]] = {}

    @cached_property
    def agreements(self) -> Agreements:
        """What was agreed, as of the view."""
        return self.view.agreements

    def parts(self, month: str, subscription: str | None = None) -> list[Part]:
        """The parts of all periods stated with a month, of one subscription where named."""
        told = self.view.parts(month)
        if subscription is None:
            return told
        grouped, of = self._parts.get(month, ({}, None))
        if of is not told:
            grouped = {}
            for part in told:
                grouped.setdefault(part.subscription, []).append(part)
            self._parts[month] = grouped, told
        return grouped.get(subscription, [])

    def facts(self, *types: str) -> list[Fact]:
        """The facts of some types, in the order of S2.10."""
        told = [fact for each in types for fact in self.agreements.facts(each)]
        return sorted(told, key=lambda fact: fact.order)

    def terms(self, part: Part) -> tuple[tuple[CreditTerms, ...], tuple[PoolTerms, ...]]:
        """The credits of the part's contract that go by the part's period, and its pools."""
        key = (part.terms.key, repr(part.period.spec))
        if key not in self._terms:
            document = part.terms.document
            meant = tuple(
                credit for credit in read_credits(document) if credit.period == part.period.spec
            )
            self._terms[key] = meant, read_pools(document)
        return self._terms[key]

    def zone(self, part: Part) -> str:
        """The period zone of the part's terms."""
        return str(part.terms.document.zones.period)

    def deadline_zone(self, part: Part) -> str:
        """The deadline zone of the part's terms."""
        return str(part.terms.document.zones.deadlines)

    def ground(self, part: Part) -> Ground:
        """The money facts of a part."""
        key = part_key(part), self.zone(part)
        if key not in self._grounds:
            self._grounds[key] = Ground.of(self.agreements, part, self.zone(part))
        return self._grounds[key]

    def availability(self, part: Part, name: str) -> Any:
        """An availability of the part's contract by its id."""
        for each in part.terms.document.availability:
            if each.id == name:
                return each
        raise KeyError(name)

    def lines(self, part: Part, availability: Any) -> list[Line]:
        """The lines of an availability in a part (S3.50)."""
        return part_lines.lines(self.agreements, part, availability)

    def measure(self, part: Part, name: str, leave: LeftOut = frozenset()) -> list[LineUptime]:
        """The lines of an availability, measured without the outages that leave (S6)."""
        key = (part_key(part), part.terms.key, name, leave)
        if key not in self._measured:
            availability = self.availability(part, name)
            self._measured[key] = uptime.measure(self.view, part, availability, leave_out=leave)
        return self._measured[key]

    @cached_property
    def _breaches(self) -> dict[str, list[Breach]]:
        rows = self.view.clocks()
        breached = pc.equal(rows["verdict"], "breached")
        rows = rows.filter(pc.and_(breached, pc.equal(rows["strength"], "contractual")))
        found: dict[str, list[Breach]] = {}
        for each in rows.select(["subscription", "clock", "ticket", "deadline_at"]).to_pylist():
            breach = Breach(each["clock"], each["ticket"], each["deadline_at"])
            found.setdefault(each["subscription"], []).append(breach)
        for breaches in found.values():
            breaches.sort(key=lambda breach: (breach.due, breach.clock, breach.ticket))
        return found

    def breaches(self, part: Part, clocks: tuple[str, ...]) -> list[Breach]:
        """The contractual breaches of some clocks whose deadline lies in the part (S8.13)."""
        return [
            breach
            for breach in self._breaches.get(part.subscription, [])
            if breach.clock in clocks
            and any(start <= breach.due < end for start, end in part.coverage)
        ]

    def claims(self, subscription: str) -> list[ClaimFacts]:
        """The claims of a subscription."""
        if subscription not in self._claims:
            self._claims[subscription] = claim_facts.claims_of(self.agreements, subscription)
        return self._claims[subscription]

    def notices(self, subscription: str) -> list[Fact]:
        """The notices of a subscription."""
        return claim_facts.notices_of(self.agreements, subscription)

    def impacts(self, customer: str) -> Impacts:
        """Of an incident, where it reaches a customer."""

        def reaching(incident: str) -> dict[str, list[Interval]]:
            key = incident, customer
            if key not in self._impacts:
                self._impacts[key] = uptime.impacts_of(self.view, incident, customer)
            return self._impacts[key]

        return reaching

    def dates(self, part: Part) -> Dates:
        """What a part's claim deadlines count by."""
        issued = claim_facts.first_sealed(self.agreements, part.subscription, part.period.month)
        return Dates(self.deadline_zone(part), self.zone(part), self._counted(part), issued)

    def _counted(self, part: Part) -> CountDates:
        """The Nth date that a calendar of the part's contract counts (S8.77)."""
        return counted_dates(part.terms.document, published_sets(self.agreements.holidays))

    def rights(self, part: Part) -> tuple[RightTerms, ...]:
        """The rights of the part's contract."""
        if part.terms.key not in self._rights:
            self._rights[part.terms.key] = read_rights(part.terms.document)
        return self._rights[part.terms.key]

    def months_since_start(self, subscription: str) -> list[str]:
        """The months from a subscription's first start to `at`, a day wider at both ends.

        Its last periods may end long after it did.
        """
        spans = self.agreements.spans_of(subscription)
        if not spans:
            return []
        first = min(span.start for span in spans) - DAY
        return months_between(month_at(first, "UTC"), month_at(self.at + DAY, "UTC"))


def book_of(view: View) -> Book:
    """The book of a view: it lies with the view and goes with it."""
    held = vars(view)
    if "money_book" not in held:
        held["money_book"] = Book(view)
    book: Book = held["money_book"]
    return book
