"""Credits that meet each other (S8.60 to S8.62)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.reference.caps import Limits
from tests.reference.credit_rows import Result, Worked
from tests.reference.eligibility import Eligibility
from tests.reference.knowing import Problem
from tests.reference.parts import Part


class Pools(Eligibility):
    """Pools choose among the eligible, whatever their claims."""

    before_claims = False
    """S8.11: as if nothing had been claimed."""

    def _pools(self, results: list[Result], before: list[Result]) -> None:
        seen = set()
        for result in results:
            pool = result.part.terms.document.pool_of(result.credit.id)
            if pool is None or pool.id in seen:
                continue
            seen.add(pool.id)
            order = list(pool.credits)
            mine = sorted(
                (one for one in results if one.credit.id in order),
                key=lambda one: order.index(one.credit.id),
            )
            for worst in (False, True):
                self._pool(pool, mine, before, worst=worst)

    def _pool(self, pool: Any, several: list[Result], before: list[Result], *, worst: bool) -> None:
        def of(one: Result) -> Worked:
            return one.worst if worst else one.best

        eligible = [one for one in several if of(one).eligible and of(one).amount is not None]
        standing: list[Result] = eligible if pool.take == "sum" else []
        if pool.take != "sum" and eligible:
            standing = [self._one_stands(pool, eligible, worst=worst)]
        if pool.take == "sum" and eligible:
            self._pool_sum(pool, eligible, before, worst=worst)
        for one in eligible:
            if one not in standing:
                of(one).amount = Fraction(0)
                of(one).reasons.add("pool")
                if not worst:  # S8.79: a claim for another of the pool is for what stands
                    one.clause.only_own()

    def _one_stands(self, pool: Any, eligible: list[Result], *, worst: bool) -> Result:
        """S8.61: the largest (ties: the first listed), or the one that was claimed."""
        largest = max(
            eligible,
            key=lambda one: (one.worst if worst else one.best).amount or Fraction(0),
        )
        if pool.take == "claimed" and not self.before_claims:
            return self._first_named(eligible) or largest
        return largest

    def _first_named(self, several: list[Result]) -> Result | None:
        """S8.61: the credit that the first claim, submitted or accepted, to name one names."""
        found = []
        for one in several:
            for claim in one.clause.mine:
                named = claim.submitted.get("credit") == one.credit.id
                if named and one.clause.state(claim) in ("submitted", "accepted"):
                    found.append((claim.submitted.order, one))
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def _pool_sum(
        self, pool: Any, several: list[Result], before: list[Result], *, worst: bool
    ) -> None:
        """S8.62."""
        works = [one.worst if worst else one.best for one in several]
        total = sum((one.amount or Fraction(0) for one in works), Fraction(0))
        largest = max(range(len(works)), key=lambda n: works[n].paid.base or Fraction(0))
        result = several[largest]
        limits = Limits(self, result.part, result.credit, before)
        left, _ = limits.cut(pool.caps, works[largest].paid, total, list(pool.credits), worst=worst)
        for work in works:
            amount = work.amount or Fraction(0)
            if amount > left:
                work.amount = left
                work.reasons.add("pool_cap")
            left -= work.amount or Fraction(0)
        for one, work in zip(several, works, strict=True):  # S8.43
            work.paid.others |= limits.met - {work.paid.currency}
            self._meet(one.part, work, worst=worst)

    def _meet(self, part: Part, worked: Worked, *, worst: bool) -> None:
        """S8.43: where another currency meets the row's, it is 0; what nobody knows stays so."""
        if not worked.paid.others:
            return
        worked.reasons.add("currency")
        if worked.amount is not None:
            worked.amount = Fraction(0)
        if not worst:
            self.problems |= {
                Problem("currency", part.subscription, name, part.customer)
                for name in worked.paid.others
            }
