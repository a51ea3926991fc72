"""Credits (S8.1 to S8.12, S8.65, S8.66, S8.101, S8.102): the steps in their order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from schemas.money import amount_text, round_minor
from tests.reference.caps import Limits
from tests.reference.claims import Clause, Spent
from tests.reference.credit_lines import minimum_amounts, minimum_word
from tests.reference.credit_rows import PAID, Result, Worked
from tests.reference.credit_states import States
from tests.reference.knowing import Problem
from tests.reference.parts import Part
from tests.reference.periods import Period, months_between
from tests.reference.terms_view import without_claims


class Credits(States):
    """All credits of one pair of moments."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._months: dict[tuple[str, str], list[Result]] = {}
        self.latest = self._determinations()

    # which rows there are

    def results(self, subscription: str, month: str) -> list[Result]:
        """The rows of the periods stated with a month, period by period, part by part."""
        key = (subscription, month)
        if key not in self._months:
            found: list[Result] = []
            self._months[key] = found
            for several in self._groups(subscription, month):
                found.extend(self._group(several, found))
        return self._months[key]

    def _groups(self, subscription: str, month: str) -> list[list[tuple[Part, Any]]]:
        """What meets in a pool: the credits of one part, in the order of periods and parts."""
        plain: dict[tuple[Any, ...], list[tuple[Part, Any]]] = {}
        windows: dict[tuple[str, int], list[tuple[Part, Any]]] = {}
        ends = self._ends(subscription, month)
        for part in self.agreements.parts(subscription, month):
            for credit in part.terms.document.credits:
                if part.terms.document.credit_spec(credit) != part.period.spec:
                    continue
                if credit.formula == "none" or not self._lines_exist(part, credit):
                    continue
                if part.period.spec[-1] == "every_day":
                    windows.setdefault((credit.id, part.number), []).append((part, credit))
                else:
                    key = (ends[part.period.name], part.period.name, part.number, part.period.zone)
                    plain.setdefault(key, []).append((part, credit))
        for several in windows.values():  # S8.102
            part, credit = self._worst_window(several)
            key = (ends[part.period.name], part.period.name, part.number, "every_day")
            plain.setdefault(key, []).append((part, credit))
        return [plain[key] for key in sorted(plain)]

    def _worst_window(self, several: list[tuple[Part, Any]]) -> tuple[Part, Any]:
        ended = [pair for pair in several if pair[0].period.end <= self.at]
        if not ended:
            return min(several, key=lambda pair: pair[0].period.start)

        def lowest(pair: tuple[Part, Any]) -> tuple[Fraction, int]:
            values = [one.best for one in self._measured(*pair)]
            return (min(values, default=Fraction(1)), pair[0].period.start)

        return min(ended, key=lowest)

    def of_part(self, part: Part) -> list[Result]:
        """The credits of a part, of a window that gives no row too (S8.102, S8.111)."""
        if part.period.spec[-1] != "every_day":
            told = self.results(part.subscription, part.period.month)
            return [one for one in told if one.part.id == part.id]
        document = part.terms.document
        with self._unsaid():
            return [
                self._one(part, credit, [])
                for credit in document.credits
                if document.credit_spec(credit) == part.period.spec
                and credit.formula != "none"
                and self._lines_exist(part, credit)
            ]

    @contextmanager
    def _unsaid(self) -> Iterator[None]:
        """What gives no row, or is only tried, is no problem."""
        problems, self.problems = self.problems, set()
        try:
            yield
        finally:
            self.problems = problems

    # one part

    def _group(self, several: list[tuple[Part, Any]], before: list[Result]) -> list[Result]:
        results = [self._one(part, credit, before) for part, credit in several]
        self._pools(results, before)
        for result in results:
            for worked in (result.best, result.worst):
                self._finish(result, worked)
            result.state = self._state(result)
        return results

    def _one(self, part: Part, credit: Any, before: list[Result]) -> Result:
        pool = part.terms.document.pool_of(credit.id)
        names = list(pool.credits) if pool else []
        events, counted = self._events(part, credit)
        spent = self._spent(part, credit, before)
        events = [one for one in events if (one.line, one.start, one.end) not in spent]
        counted = [one for one in counted if (one.line, one.start, one.end) not in spent]
        clause = Clause(self.claims, part, credit, names, events, spent)
        worked = [self._work(part, credit, clause, before, worst=bad) for bad in (False, True)]
        result = Result(part, credit, clause, events, worked[0], worked[1], worked[0].paid.currency)
        result.counted = counted
        result.stale = self._stale(part, credit)
        return result

    def _spent(self, part: Part, credit: Any, before: list[Result]) -> Spent:
        """S8.86: what a paid row of an earlier window has counted leaves this one."""
        if part.period.spec[-1] != "claim":
            return set()
        return {
            (one.line, one.start, one.end)
            for result in self._earlier(part.subscription, part.period, before)
            if result.credit.id == credit.id and result.state in PAID
            for one in result.counted
        }

    def _earlier(self, subscription: str, period: Period, before: list[Result]) -> list[Result]:
        """S8.58: the rows of periods before this one, by end, then name."""
        found = list(before)
        lives = self.agreements.subscriptions.lives(subscription)
        if lives:
            for month in months_between(lives[0][1], max(period.end, lives[0][1] + 1), period.zone):
                if month < period.month:
                    found.extend(self.results(subscription, month))

        def place(period: Period) -> tuple[int, str]:
            return self._ends(subscription, period.month).get(period.name, period.end), period.name

        return [one for one in found if place(one.part.period) < place(period)]

    def _ends(self, subscription: str, month: str) -> dict[str, int]:
        """One name is one period, also in two zones: it ends with the last of them."""
        ends: dict[str, int] = {}
        for part in self.agreements.parts(subscription, month):
            ends[part.period.name] = max(part.period.end, ends.get(part.period.name, 0))
        return ends

    # S8.2 to S8.5

    def _work(
        self, part: Part, credit: Any, clause: Clause, before: list[Result], *, worst: bool
    ) -> Worked:
        leaving, failed, expired = self._leaving(part, credit, clause, worst=worst)
        lines = self._lines(part, credit, clause, leaving, worst=worst)
        paid = self._several(credit, part, lines)
        worked = Worked(paid, paid.amount, paid.amount, expired=expired)
        if paid.base is None and paid.amount is None:
            worked.reasons.add("no_charges")
        if paid.negative is not None:
            worked.reasons.add("negative_base")
            shown = amount_text(paid.negative, paid.currency or "")
            detail = f"{part.period.name} {part.number} {credit.id} {shown}"
            if not worst:
                self.problems.add(
                    Problem("negative_base", part.subscription, detail, part.customer)
                )
        for name in self._fails(part, credit, clause, failed, worst=worst):
            worked.eligible = False
            if name:
                worked.reasons.add(name)
        if worked.amount is not None and not worked.eligible:  # S8.103
            worked.amount = worked.before = Fraction(0)
        elif worked.amount is not None:  # else S8.41, before all others (S8.92)
            limits = Limits(self, part, credit, before)
            worked.amount, worked.caps = limits.cut(
                credit.caps, paid, worked.amount, [credit.id], worst=worst
            )
            paid.others |= limits.met - {paid.currency}
        self._meet(part, worked, worst=worst)
        if expired and worked.amount is not None:  # S8.84
            worked.amount = Fraction(0)
        worked.days = paid.days
        return worked

    # S8.65, S8.66, S8.101

    def _finish(self, result: Result, worked: Worked) -> None:
        if worked.days is not None and not worked.eligible:
            worked.days = Fraction(0)
        if worked.amount is None:
            return
        if worked.days is not None and worked.before is not None:
            worked.days *= worked.amount / worked.before if worked.before else Fraction(1)
        currency = worked.paid.currency
        minimum = result.credit.minimum
        if minimum is not None and worked.amount > 0 and currency is not None:
            amounts = minimum_amounts(minimum)
            edge = amounts.get(currency)
            if edge is not None:
                fits = (
                    worked.amount > edge
                    if minimum_word(minimum) == "above"
                    else (worked.amount >= edge)
                )
                if not fits:
                    worked.amount = Fraction(0)
                    worked.reasons.add("minimum")
        if currency is not None:
            rounding = str(result.credit.rounding)
            worked.final = Fraction(round_minor(worked.amount, currency, rounding))  # type: ignore[arg-type]

    # S8.11

    def sum_before_claims(self, part: Part) -> Fraction:
        """The credits as if nothing had been claimed or notified and no claim were asked."""
        found = [
            (part, without_claims(credit))
            for credit in part.terms.document.credits
            if part.terms.document.credit_spec(credit) == part.period.spec
            and credit.formula != "none"
            and self._lines_exist(part, credit)
        ]
        if not found:
            return Fraction(0)
        before, self.before_claims = self.before_claims, True
        try:
            with self._unsaid():
                return sum((one.best.final for one in self._group(found, [])), Fraction(0))
        finally:
            self.before_claims = before
