"""What was applied beyond what is left of a credit, or beyond what an invoice takes (S8.104)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from schemas.money import amount_text
from tests.reference.knowing import Fact, Known, Problem
from tests.reference.parts import Agreements


def over_applied(agreements: Agreements) -> Iterator[Problem]:
    """One problem a credit, proposed or granted, with the applied and the whole amount."""
    known = agreements.known
    first: dict[str, Fact] = {}
    for fact in known.of("credit.granted"):
        first.setdefault(fact.subject, fact)
    first.update({fact.subject: fact for fact in reversed(known.of("credit.proposed"))})
    for name, begun in first.items():
        told = [fact for fact in known.of("credit.applied") if fact.subject == name]
        if not told:
            continue
        whole = Fraction(begun.get("amount"))
        applied = _sum(told, whole)
        invoices = begun.type == "credit.proposed" and _beyond_invoices(agreements, begun, told)
        if abs(applied) > abs(whole) or invoices:
            last = agreements.subscriptions.last(begun.get("subscription"), told[0].time)
            shown = " ".join(amount_text(one, begun.get("currency")) for one in (applied, whole))
            yield Problem("over_applied", name, shown, None if last is None else last.customer)


def _sum(told: list[Fact], whole: Fraction) -> Fraction:
    """What was applied in all; without an amount, all that is left."""
    total = Fraction(0)
    for fact in told:
        if fact.get("amount") is not None:
            total += Fraction(fact.get("amount"))
        elif abs(total) < abs(whole):
            total = whole
    return total


def _beyond_invoices(agreements: Agreements, proposed: Fact, told: list[Fact]) -> bool:
    percent = _at_most(agreements, proposed)
    if percent is None:
        return False
    known: Known = agreements.known
    for invoice in {fact.get("invoice") for fact in told} - {None}:
        charged = [
            Fraction(fact.get("amount"))
            for fact in known.of("subscription.charged")
            if fact.subject == proposed.get("subscription") and fact.get("invoice") == invoice
        ]
        mine = [fact for fact in told if fact.get("invoice") == invoice]
        taken = _sum(mine, Fraction(proposed.get("amount")))
        if charged and taken > sum(charged, Fraction(0)) * percent / 100:
            return True
    return False


def _at_most(agreements: Agreements, proposed: Fact) -> Fraction | None:
    """The percent of an invoice by the terms in force as it was proposed, else the last ones."""
    subscription, instant = proposed.get("subscription"), proposed.time
    pieces = agreements.pieces(subscription)
    piece = agreements.piece_at(subscription, instant) or (pieces[-1] if pieces else None)
    if piece is None:
        return None
    for credit in agreements.terms(piece, min(instant, piece.end - 1)).document.credits:
        if credit.id == proposed.get("credit") and credit.settle and credit.settle.at_most:
            return Fraction(str(credit.settle.at_most.percent))
    return None
