"""Caps (S8.50 to S8.59): what they are of, what earlier rows have used of them."""

from __future__ import annotations

from calendar import monthrange
from fractions import Fraction
from typing import Any

from tests.reference.credit_rows import PAID, Result
from tests.reference.fees import cap_term, per_month
from tests.reference.formulas import Paid
from tests.reference.intervals import length
from tests.reference.parts import Part
from tests.reference.periods import add_months, month_first
from tests.reference.terms_view import money_of, number_of
from tests.reference.zones import first_instant, local_date

DAY = 86_400_000_000


class Limits:
    """The caps of one credit, or of its pool, on one part."""

    def __init__(self, book: Any, part: Part, credit: Any, before: list[Result]) -> None:
        self.book, self.part, self.credit, self.before = book, part, credit, before
        self.zone = part.terms.document.period_zone
        self.met: set[str] = set()
        """The currencies that the caps rest on."""
        self.instant = part.end - 1
        self.day = local_date(self.instant, self.zone)

    def cut(
        self, caps: Any, paid: Paid, amount: Fraction, names: list[str], *, worst: bool
    ) -> tuple[Fraction, list[dict[str, Any]]]:
        """Each cuts what those listed before left."""
        applied = []
        for cap in [] if caps in (None, "none") else caps:
            limit = self._limit(cap, paid)
            if limit is None:
                continue
            if not (cap.amount is None and cap.of == "base"):  # S8.59
                limit -= self._parts_before(names, worst=worst)
            limit -= self._earlier(cap, names, worst=worst)
            limit = max(limit, Fraction(0))
            if amount > limit:
                applied.append({"cap": cap, "before": amount, "after": limit})
                amount = limit
        return amount, applied

    def _limit(self, cap: Any, paid: Paid) -> Fraction | None:
        """S8.50 to S8.55: percent of W, N x W / D, or the amount."""
        if cap.amount is not None:
            size, currency = money_of(cap.amount)
            self.met.add(currency)
            return size if currency == paid.currency else None
        whole, days, currencies = self._of(cap, paid)
        self.met |= currencies
        if currencies - {paid.currency}:  # S8.43: a limit in another currency cuts nothing
            return None
        if cap.percent is not None:
            return whole * number_of(cap.percent) / 100
        return whole * number_of(cap.days) / days if days else Fraction(0)

    def _of(self, cap: Any, paid: Paid) -> tuple[Fraction, Fraction, set[str]]:
        """W, its days, and the currencies of the fees and charges that it rests on."""
        part, state = self.part, self.part.state
        annual = self.credit.base.annual or "twelfth"
        if cap.of == "base":  # S8.50
            return paid.base or Fraction(0), Fraction(length(part.coverage), DAY), set()
        found = self.book.fees.invoice(part) if cap.of == "invoice" else None
        if found is not None:  # S8.53
            return found[0].amount, found[1], set(found[0].currencies)
        month = self.day.replace(day=1)
        month_days = Fraction(monthrange(month.year, month.month)[1])
        fee = state.fee
        term = cap_term(state, self.instant, self.zone)
        term_days = Fraction((term[1] - term[0]).days)
        if fee is None:
            return Fraction(0), month_days, set()
        own = {str(fee["currency"])}
        if cap.of == "month_fee":  # S8.51
            return per_month(fee, state, annual, month, self.zone), month_days, own
        if cap.of == "term_fee":  # S8.52
            span = (first_instant(term[0], self.zone), first_instant(term[1], self.zone))
            whole = self.book.fees.recurring(part, [span], annual)
            return whole.amount, term_days, own | set(whole.currencies)
        return Fraction(fee["amount"]), month_days if fee["per"] == "month" else term_days, own

    def _final(self, result: Result, *, worst: bool) -> Fraction:
        from schemas.money import minor_unit

        worked = result.worst if worst else result.best
        if result.currency is None:
            return Fraction(0)
        units: int = 10 ** minor_unit(result.currency)
        return worked.final / units

    def _parts_before(self, names: list[str], *, worst: bool) -> Fraction:
        """S8.59: the final amounts of the earlier parts of the period."""
        period = self.part.period
        return sum(
            (
                self._final(one, worst=worst)
                for one in self.before
                if one.part.period.name == period.name
                and one.part.period.spec == period.spec
                and one.part.number < self.part.number
                and one.credit.id in names
            ),
            Fraction(0),
        )

    def _earlier(self, cap: Any, names: list[str], *, worst: bool) -> Fraction:
        """S8.56, S8.58: paid rows of earlier periods."""
        if cap.per in ("period", "invoice"):  # S8.56a
            return Fraction(0)
        period = self.part.period
        term = cap_term(self.part.state, self.instant, self.zone)
        begin = first_instant(term[0], self.zone)
        oldest = f"{add_months(month_first(period.month), -11):%Y-%m}"
        total = Fraction(0)
        for one in self.book._earlier(self.part.subscription, period, self.before):
            if one.credit.id not in names or one.state not in PAID:
                continue
            fits = {
                "month": one.part.period.month == period.month,  # S8.56b
                "rolling_12_months": one.part.period.month >= oldest,  # S8.56c
                "term": one.part.period.end > begin,  # S8.56d
            }[cap.per]
            if fits:
                total += self._final(one, worst=False)
        return total
