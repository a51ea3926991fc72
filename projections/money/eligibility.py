"""Who gets a credit and what of its part is claimed: eligibility, claims, leaving outages.

Outages are told by availability, line and start; breaches by their number. Rules S8.70 to S8.88.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from projections.money import claim_facts
from projections.money.claims import Claim, Countable, Standing, stand
from projections.money.clauses import ANY_CLAIM, CreditTerms
from projections.money.fee_facts import fee_of
from projections.sweep import uptime

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.sweep.measured import LineUptime, Outage
    from projections.terms.parts import Part

OUTAGE_MEASURES = ("downtime", "weighted_downtime")
WHOLE_PERIOD = ""
"""Where the period itself leaves (S8.75), of measures without outages."""
NOTHING_CLAIMED = Standing((), frozenset(), claimable=True, expired=False, deadline=None)


@dataclass(frozen=True, slots=True)
class Counted:
    """An outage that counts, or a breach, and where it belongs (S8.75).

    `availability` None: a breach, `number` is its place among the part's; else `line`, `start`.
    """

    availability: str | None
    line: str
    start: int
    end: int | None
    number: int = 0
    ticket: str | None = None

    @property
    def key(self) -> Any:
        """What names it in what leaves a computation."""
        return self.number if self.availability is None else (self.line, self.start)


@dataclass(frozen=True, slots=True)
class Tested:
    """A part and a credit after eligibility and claims.

    `refused` are the reasons for which nothing is paid, `eligible` whether it may be paid;
    `leaves` what leaves the computation, per availability; `counts` what is left to be claimed.
    """

    eligible: bool
    refused: frozenset[str]
    leaves: dict[str | None, frozenset[Any]]
    standing: Standing
    counts: tuple[Counted, ...]


def examine(
    book: Book,
    part: Part,
    terms: CreditTerms,
    named: frozenset[str],
    spent: frozenset[Any] = frozenset(),
    *,
    before_claims: bool = False,
) -> Tested:
    """Eligibility, then claims; `named` are those whose claims are for this one too (S8.79).

    `spent` are outages counted by paid rows of earlier windows (S8.86). `before_claims` works as
    if nothing had been claimed and no claim were asked (S8.11).
    """
    every = counted(book, part, terms)
    mine = [each for each in every if (each.availability, each.line, each.start) not in spent]
    refused: set[str] = set()
    kept = [each for each in mine if _at_start(book, part, terms, each.start, refused)]
    if kept or (not every and _at_start(book, part, terms, part.end - 1, refused)):
        refused.clear()
    if terms.eligibility.plans is not None and part.terms.plan not in terms.eligibility.plans:
        refused.add("plan")
    if not _affected(book, part, terms, every):
        refused.add("not_affected")
    if (terms.claim is None or before_claims) and not _good_at_end(book, part, terms):
        refused.add("standing")
    eligible = not refused and bool(kept or not every)
    gone = [each for each in every if each not in kept]
    gone += _unagreed_in_worst(book, part, terms)
    if before_claims:
        return Tested(eligible, frozenset(refused), _leaves(gone), NOTHING_CLAIMED, tuple(mine))
    standing, by_outage = claimed(book, part, terms, mine, named, none_counts=not every)
    if by_outage:
        gone += [mine[number] for number in standing.leaves]
    leaves = _leaves(gone)
    if standing.leaves and not by_outage:
        leaves[WHOLE_PERIOD] = standing.leaves
    return Tested(eligible, frozenset(refused), leaves, standing, tuple(mine))


def counted(book: Book, part: Part, terms: CreditTerms) -> list[Counted]:
    """The outages with net downtime (best), or the breaches, of a part (S8.75)."""
    if terms.clocks:
        return [
            Counted(None, each.ticket, each.due, each.due, number, each.ticket)
            for number, each in enumerate(book.breaches(part, terms.clocks))
        ]
    return [
        Counted(name, outage.line, outage.start, None if outage.running else outage.end)
        for name in terms.availabilities
        for line in book.measure(part, name)
        if _has_outages(line)
        for outage in line.best.outages
        if outage.net > 0
    ]


def _leaves(gone: Sequence[Counted]) -> dict[str | None, frozenset[Any]]:
    found: dict[str | None, set[Any]] = {}
    for each in gone:
        found.setdefault(each.availability, set()).add(each.key)
    return {name: frozenset(keys) for name, keys in found.items()}


def _at_start(book: Book, part: Part, terms: CreditTerms, instant: int, refused: set[str]) -> bool:
    """`signed` and `billing` as they were at an instant (S8.72); who is not active is neither."""
    wanted = terms.eligibility
    if wanted.signed is None and wanted.billing is None:
        return True
    span = book.agreements.at(part.subscription, instant)
    fee = None if span is None else fee_of(span.fee)
    failed = set()
    if wanted.signed is not None and (span is None or span.signed != wanted.signed):
        failed.add("signature")
    if wanted.billing is not None and (fee is None or fee.per != wanted.billing):
        failed.add("billing")
    refused |= failed
    return not failed


def _unagreed_in_worst(book: Book, part: Part, terms: CreditTerms) -> Iterator[Counted]:
    """Outages that worst alone knows and that begin unsigned or billed otherwise: they leave it.

    The order of S8.1 is walked for worst too, so S8.72 looks at the outages of worst there.
    """
    if terms.eligibility.signed is None and terms.eligibility.billing is None:
        return
    for name in terms.availabilities:
        for line in book.measure(part, name):
            if not _has_outages(line) or line.worst is line.best:
                continue
            for outage in line.worst.outages:
                inside = [each for each in line.best.outages if _within(each, outage)]
                known = outage.net <= 0 or any(each.net > 0 for each in inside)
                if not known and not _at_start(book, part, terms, outage.start, set()):
                    for start in {outage.start, *(each.start for each in inside)}:
                        yield Counted(name, outage.line, start, None)


def _within(one: Outage, other: Outage) -> bool:
    return one.line == other.line and other.start <= one.start < other.end


def _affected(book: Book, part: Part, terms: CreditTerms, every: Sequence[Counted]) -> bool:
    """Some net downtime hit this customer; not tested without outages nor on breaches (S8.71)."""
    if not terms.eligibility.affected or terms.clocks or not every:
        return True
    return any(
        uptime.affected(book.view, line)
        for name in terms.availabilities
        for line in book.measure(part, name)
        if _has_outages(line)
    )


def _has_outages(line: LineUptime) -> bool:
    return str(line.availability.measure) in OUTAGE_MEASURES


def _good_at_end(book: Book, part: Part, terms: CreditTerms) -> bool:
    """Standing without a claim clause: at the period's end or `at`, the earlier (S8.73, S8.74)."""
    if not terms.eligibility.standing:
        return True
    return book.agreements.standing(part.customer, min(part.period.end, book.at))


def claimed(
    book: Book,
    part: Part,
    terms: CreditTerms,
    fresh: Sequence[Counted],
    named: frozenset[str],
    *,
    none_counts: bool,
) -> tuple[Standing, bool]:
    """The claims of a part judged, and whether by its outages or by the period itself (S8.75).

    `none_counts`: there is no outage that counts, not even one spent on an earlier window.
    """
    clause = terms.claim or ANY_CLAIM
    dates = book.dates(part)
    outages: list[Countable] = [
        Countable(
            each.line, each.start, each.end,
            dates.limits(clause, part, each.start, each.end, whole=False), each.ticket,
        )
        for each in fresh
    ]  # fmt: skip
    if none_counts and _measures_without_outages(book, part, terms):
        outages = [claim_facts.countable_period(dates, clause, part, book.at)]
    impacts = book.impacts(part.customer)
    told = claim_facts.part_claims(
        book.claims(part.subscription), part, outages, terms=clause, named=named,
        good=lambda customer, at: not terms.eligibility.standing
        or book.agreements.standing(customer, at),
        impacts=impacts, zone=book.zone(part),
    )  # fmt: skip
    notices = claim_facts.part_notices(
        book.notices(part.subscription), part, outages,
        terms=clause, named=named, impacts=impacts,
    )  # fmt: skip
    scope = "period" if terms.claim is None else clause.scope
    by_outage = not any(outage.whole_period for outage in outages)
    return stand(outages, told, notices, at=book.at, scope=scope), by_outage


def _measures_without_outages(book: Book, part: Part, terms: CreditTerms) -> bool:
    """Whether some line of the credit is measured without outages; one without lines is not."""
    return any(
        not _has_outages(line) for name in terms.availabilities for line in book.measure(part, name)
    )


def named_first(standing: Standing, among: Sequence[str]) -> str | None:
    """The credit that the first claim to name one of them names (S8.61 `claimed`)."""
    for each in standing.judged:
        if each.state in ("submitted", "accepted") and each.claim.credit in among:
            return each.claim.credit
    return None


def own_claims(standing: Standing, credit: str) -> tuple[Claim, ...]:
    """The claims that name this credit or none: what a row shows whose credit does not stand."""
    return tuple(each.claim for each in standing.judged if each.claim.credit in (None, credit))
