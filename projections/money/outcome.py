"""A part's credits from their own amounts to the last rounding and the state (S8.1-S8.8, S8.90).

`outcomes` tells the story: each credit for itself up to its caps, the pools choose, the minimum,
one rounding, then the state. All of it is walked for best and for worst (S6.80).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from projections import money
from projections.money import Cut, eligibility, history, limits, lines, states
from projections.money.book import part_key
from projections.money.claims import Judged
from projections.money.clauses import CreditTerms, PoolTerms
from projections.money.eligibility import Tested
from projections.money.fee_facts import fee_of
from projections.money.lines import Whole
from schemas.money import minor_unit, round_minor

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.terms.parts import Part

ZERO = Fraction(0)
MODES = ("best", "worst")


@dataclass
class Walk:
    """One credit in one mode: before caps, after them, after the pool, to be paid, in minor units.

    `after` is what its own caps leave, `shared` what the pool leaves of that, `final` what is paid
    of it once eligibility and minimum are looked at.
    """

    whole: Whole
    cuts: tuple[Cut, ...] = ()
    after: Fraction = ZERO
    shared: Fraction = ZERO
    final: Fraction = ZERO
    minor: int | None = 0


@dataclass
class Outcome:
    """A credit and part decided; `reasons` are those of best, `currencies` what else was met."""

    part: Part
    terms: CreditTerms
    tested: Tested
    currency: str | None
    walks: dict[str, Walk]
    stands: bool = True
    reasons: set[str] = field(default_factory=set)
    currencies: set[str] = field(default_factory=set)
    state: str = ""

    @property
    def best(self) -> Walk:
        """What the row shows."""
        return self.walks["best"]

    @property
    def judged(self) -> tuple[Judged, ...]:
        """The claims of the row: one that names a pool mate only where this credit stands."""
        told = self.tested.standing.judged
        if self.stands:
            return told
        return tuple(each for each in told if each.claim.credit in (None, self.terms.id))

    def amount(self, mode: str = "best") -> Fraction:
        """The final amount of a mode in units of the currency; unknown counts as 0."""
        minor = self.walks[mode].minor
        if not minor or self.currency is None:
            return ZERO
        return Fraction(minor, 10 ** minor_unit(self.currency))


def outcomes(book: Book, part: Part, *, before_claims: bool = False) -> dict[str, Outcome]:
    """All credits of a part, by id in the document's order."""
    key = (part_key(part), part.terms.key, part.start, before_claims)
    if key not in book.outcomes:
        found = {
            terms.id: _own(book, part, terms, before_claims=before_claims)
            for terms in book.terms(part)[0]
            if history.has_row(book, part, terms)
        }
        pools = book.terms(part)[1]
        rows = history.rows_among_windows(book, part) if pools and not before_claims else None
        for pool in pools:
            _choose(book, part, pool, found, rows)
        for outcome in found.values():
            _finish(outcome)
            outcome.state = states.state_of(book, outcome)
        book.outcomes[key] = found
    found_before: dict[str, Outcome] = book.outcomes[key]
    return found_before


def _own(book: Book, part: Part, terms: CreditTerms, *, before_claims: bool) -> Outcome:
    """A credit for itself, up to its own caps: 0 where currencies meet (S8.1 to S8.5, S8.43)."""
    mates = _mates(book.terms(part)[1], terms.id)
    spent = frozenset() if before_claims else history.spent(book, outcomes, part, terms)
    tested = eligibility.examine(book, part, terms, mates, spent, before_claims=before_claims)
    first = tested.standing.first_in_time()
    claimed_at = first.submitted_at if first else min(part.period.end, book.at)
    walks = {
        mode: Walk(
            lines.whole_of(
                book, part, terms, tested.leaves, worst=mode == "worst", claimed_at=claimed_at
            )
        )
        for mode in MODES
    }
    outcome = Outcome(part, terms, tested, _currency(part, walks["best"].whole), walks)
    outcome.reasons |= tested.refused
    for mode, walk in walks.items():
        _cap(book, outcome, mode, walk)
    _mark(outcome)
    if outcome.currencies or outcome.tested.standing.expired:  # S8.43, S8.84: 0.00, in a pool too
        for walk in walks.values():
            walk.after = walk.shared = ZERO
    return outcome


def _mates(pools: Sequence[PoolTerms], credit: str) -> frozenset[str]:
    for pool in pools:
        if credit in pool.credits:
            return frozenset(pool.credits)
    return frozenset({credit})


def _currency(part: Part, whole: Whole) -> str | None:
    """The fee's at the part's last covered instant, for `charged` the first charge's (S8.43)."""
    if whole.charged is not None:
        return whole.charged
    fee = fee_of(part.span.fee)
    return None if fee is None else fee.currency


def _cap(book: Book, outcome: Outcome, mode: str, walk: Walk) -> None:
    part, terms, whole = outcome.part, outcome.terms, walk.whole
    outcome.currencies |= set(whole.currencies)
    if not outcome.tested.eligible or whole.amount is None:
        return
    caps, met = limits.ready(
        book, part, terms.caps, frozenset({terms.id}),
        currency=outcome.currency, base=whole.base or ZERO, annual=terms.base.annual,
        shared=_earlier_parts(book, part, (terms.id,), mode),
        paid=lambda *asked: history.paid(book, outcomes, *asked),
    )  # fmt: skip
    outcome.currencies |= set(met)
    walk.after, walk.cuts = money.capped(whole.amount, caps)
    walk.shared = walk.after


def _earlier_parts(book: Book, part: Part, names: Sequence[str], mode: str) -> Fraction:
    """The final amounts of the earlier parts of the period, whatever its zone (S8.59, S8.102)."""
    total = ZERO
    if part.number == 1:
        return total
    month = part.period.month
    for other in book.parts(month, part.subscription):
        same = (other.period.name, other.period.spec) == (part.period.name, part.period.spec)
        if not same or other.number >= part.number:
            continue
        found, rows = outcomes(book, other), history.rows_among_windows(book, other)
        for name in names:
            if name in found and (rows is None or name in rows):
                total += found[name].amount(mode)
    return total


def _mark(outcome: Outcome) -> None:
    """Reasons that the base gives, and the currencies that are not the row's (S8.41 to S8.43)."""
    terms, whole = outcome.terms, outcome.best.whole
    if whole.amount is None:
        outcome.reasons.add("no_charges")
    if whole.below is not None:
        outcome.reasons.add("negative_base")
    minimums = {currency for currency, _ in terms.minimum}
    if minimums and outcome.currency not in minimums:
        outcome.currencies |= minimums
    outcome.currencies.discard(outcome.currency or "")
    if outcome.currencies:
        outcome.reasons.add("currency")


def _choose(
    book: Book, part: Part, pool: PoolTerms, found: dict[str, Outcome], rows: frozenset[str] | None
) -> None:
    """The pool takes the largest, the one claimed, or the sum of the eligible (S8.60 to S8.62).

    Of windows that end every day only those meet in it that are `rows` (S8.102; None: all).
    """
    among = [
        found[name]
        for name in pool.credits
        if name in found
        and (rows is None or name in rows)
        and found[name].tested.eligible
        and found[name].best.whole.amount is not None
    ]
    if not among:
        return
    for mode in MODES:
        if pool.take == "sum":
            _share(book, part, pool, among, mode)
        else:
            _take_one(book, pool, among, mode)


def _take_one(book: Book, pool: PoolTerms, among: Sequence[Outcome], mode: str) -> None:
    chosen = _first_named(book, among) if pool.take == "claimed" else None
    if chosen is None:
        chosen = among[money.largest([each.walks[mode].after for each in among])]
    for each in among:
        if each is not chosen:
            each.walks[mode].shared = ZERO
            if mode == "best":
                each.stands = False
                each.reasons.add("pool")


def _first_named(book: Book, among: Sequence[Outcome]) -> Outcome | None:
    """The credit that the first claim, submitted or accepted, to name a credit names (S8.61)."""
    order = {claim.id: place for place, claim in enumerate(book.claims(among[0].part.subscription))}
    named = [
        (order[each.claim.id], number)
        for number, outcome in enumerate(among)
        for each in outcome.tested.standing.judged
        if each.claim.credit == outcome.terms.id and each.state in ("submitted", "accepted")
    ]
    return among[min(named)[1]] if named else None


def _share(book: Book, part: Part, pool: PoolTerms, among: Sequence[Outcome], mode: str) -> None:
    amounts = [each.walks[mode].after for each in among]
    bases = [each.walks[mode].whole.base or ZERO for each in among]
    leading = among[money.largest(bases)]
    caps, met = limits.ready(
        book, part, pool.caps, frozenset(pool.credits),
        currency=leading.currency, base=max(bases), annual=leading.terms.base.annual,
        shared=_earlier_parts(book, part, pool.credits, mode),
        paid=lambda *asked: history.paid(book, outcomes, *asked),
    )  # fmt: skip
    total, _ = money.capped(sum(amounts, ZERO), caps)
    for each, share in zip(among, money.filled(amounts, total), strict=True):
        each.currencies |= set(met) - {each.currency or ""}
        if each.currencies:
            each.reasons.add("currency")
        if share < each.walks[mode].after and mode == "best":
            each.reasons.add("pool_cap")
        each.walks[mode].shared = share


def _finish(outcome: Outcome) -> None:
    """The minimum, then the one rounding (S8.65, S8.66); what is not to be paid is 0."""
    for mode, walk in outcome.walks.items():
        if walk.whole.amount is None or outcome.currency is None:
            walk.minor = None if walk.whole.amount is None else 0
            continue
        nothing = not outcome.tested.eligible or outcome.currencies
        walk.final = ZERO if nothing else walk.shared
        edge = next(
            (edge for name, edge in outcome.terms.minimum if name == outcome.currency), None
        )
        limit = None if edge is None else edge.against(None)
        if not money.fits_minimum(walk.final, limit):
            walk.final = ZERO
            if mode == "best":
                outcome.reasons.add("minimum")
        walk.minor = round_minor(walk.final, outcome.currency, outcome.terms.rounding)
