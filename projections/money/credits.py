"""Credit rows: each credit of each part, worked out for best and for worst (S8.1 to S8.103).

The reckoning is in `outcome`; here its figures become rows as I3 and I4 show them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from projections.members import ordered
from projections.money import history, open_impacts
from projections.money.book import book_of
from projections.money.outcome import Outcome, outcomes
from projections.rows import CapApplied, ClaimShown, CreditRow, ProblemRow
from schemas.money import amount_text, minor_text, shortest

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.terms.parts import Part
    from projections.view import View

ZERO = Fraction(0)


def rows(view: View, months: Sequence[str]) -> list[CreditRow]:
    """The credit rows of the periods stated with these months (S3.39), in the order of I4."""
    book = book_of(view)
    found: list[CreditRow] = ordered(_row(book, each) for each in of_months(book, months))
    return found


def of_months(book: Book, months: Iterable[str]) -> Iterator[Outcome]:
    """The outcomes behind the rows of some months."""
    for month in dict.fromkeys(months):
        yield from history.rows_of(book, outcomes, month)


def _row(book: Book, outcome: Outcome) -> CreditRow:
    part, whole, eligible = outcome.part, outcome.best.whole, outcome.tested.eligible
    before = whole.amount if eligible or whole.amount is None else ZERO
    currency = outcome.currency
    return CreditRow(
        customer=part.customer,
        subscription=part.subscription,
        period=part.period.name,
        part=part.number,
        credit=outcome.terms.id,
        service=whole.service,
        uptime_percent=None if whole.uptime is None else percent_text(whole.uptime),
        band=whole.band,
        base=_shown(whole.base, currency),
        percent=None if whole.percent is None else shortest(whole.percent),
        days=_days(outcome),
        amount_before_caps=_shown(before, currency),
        caps_applied=_cuts(outcome),
        amount=_final(outcome),
        currency=currency,
        state=outcome.state,
        claim_deadline=None if outcome.terms.claim is None else outcome.tested.standing.deadline,
        claims=tuple(
            ClaimShown(each.claim.id, each.claim.submitted_at, each.timely, each.state)
            for each in outcome.judged
        ),
        reasons=tuple(sorted(outcome.reasons | open_impacts.reasons(book, outcome))),
    )


def percent_text(ratio: Fraction) -> str:
    """An uptime in per cent, cut to four decimals, all four shown (S1.5)."""
    scaled = ratio * 1_000_000
    whole, rest = divmod(scaled.numerator // scaled.denominator, 10_000)
    return f"{whole}.{rest:04d}"


def _shown(amount: Fraction | None, currency: str | None) -> str | None:
    return None if amount is None or currency is None else amount_text(amount, currency)


def _final(outcome: Outcome) -> str | None:
    minor, currency = outcome.best.minor, outcome.currency
    return None if minor is None or currency is None else minor_text(minor, currency)


def _days(outcome: Outcome) -> str | None:
    """The days of service that the amount stands for (S8.101)."""
    whole, walk = outcome.best.whole, outcome.best
    if whole.days is None:
        return None
    if not outcome.tested.eligible:
        return "0"
    if not whole.amount:
        return shortest(whole.days)
    return shortest(whole.days * walk.shared / whole.amount)


def _cuts(outcome: Outcome) -> tuple[CapApplied, ...]:
    """The caps that cut, as the contract writes them; none where nothing is paid (S8.103)."""
    currency = outcome.currency
    if currency is None:
        return ()
    return tuple(
        CapApplied(
            outcome.terms.caps[cut.number].shown,
            amount_text(cut.before, currency),
            amount_text(cut.after, currency),
        )
        for cut in outcome.best.cuts
    )


def problems(view: View, months: Sequence[str]) -> list[ProblemRow]:
    """What the credits of these months cannot decide: `negative_base`, `currency` (I8)."""
    found: list[ProblemRow] = []
    for outcome in of_months(book_of(view), months):
        part = outcome.part
        below = outcome.best.whole.below
        entries = _money_entries(outcome, book_of(view))
        if below is not None:
            shown = _shown(below, outcome.currency) or shortest(below)
            detail = f"{part.period.name} {part.number} {outcome.terms.id} {shown}"
            found.append(
                ProblemRow("negative_base", part.subscription, detail, part.customer, entries)
            )
        found += [
            ProblemRow("currency", part.subscription, name, part.customer, entries)
            for name in sorted(outcome.currencies)
        ]
    return found


def _money_entries(outcome: Outcome, book: Book) -> tuple[str, ...]:
    """The charges that a base rests on, in the order of their facts."""
    part = outcome.part
    if outcome.terms.base.fee != "charged":
        return ()
    return tuple(charge.entry for charge in book.ground(part).charges)


def sum_before_claims(view: View, part: Part) -> Fraction:
    """The sum of a part's credits as if nothing were claimed or asked (S8.11), for S3.44."""
    found = outcomes(book_of(view), part, before_claims=True)
    return sum((each.amount() for each in found.values()), ZERO)
