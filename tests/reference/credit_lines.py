"""What the lines of a credit pay before caps, and what leaves first (S8.2, S8.70 to S8.75)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.reference.claims import Claims, Clause, Event
from tests.reference.downtime import Figures, Outage, Sweep, added
from tests.reference.fees import Fees, Sum
from tests.reference.formulas import Paid, Value, pay
from tests.reference.intervals import length
from tests.reference.knowing import Problem
from tests.reference.parts import Agreements, Part
from tests.reference.periods import month_span, months_between
from tests.reference.ratios import contractual
from tests.reference.signals import Observed
from tests.reference.terms_view import money_of
from tests.reference.uptime import Measured, Uptime


class CreditLines:
    """The lines of every credit of one pair of moments."""

    def __init__(
        self,
        agreements: Agreements,
        observed: Observed,
        uptime: Uptime,
        clock_rows: list[dict[str, Any]],
    ) -> None:
        self.agreements, self.observed, self.uptime = agreements, observed, uptime
        self.clock_rows = clock_rows
        self.at = agreements.known.at
        self.fees = Fees(agreements)
        self.claims = Claims(agreements, observed)
        self.problems: set[Problem] = set()

    def _lines_exist(self, part: Part, credit: Any) -> bool:
        document = part.terms.document
        names = set(credit.for_ or [])
        if any(clock.id in names for clock in document.clocks):
            return True
        return bool(self._measured(part, credit))

    def _measured(self, part: Part, credit: Any) -> list[Measured]:
        """S8.12: the lines, in the document's order, then by id."""
        return [
            one
            for availability in part.terms.document.availability
            if availability.id in (credit.for_ or [])
            for one in self.uptime.measured(part, availability)
        ]

    def _events(self, part: Part, credit: Any) -> tuple[list[Event], list[Outage]]:
        """S8.75."""
        clocks = [one.id for one in part.terms.document.clocks if one.id in credit.for_]
        if clocks:
            return [
                Event("breach", None, row["deadline_at"], row["deadline_at"], False, row["ticket"])
                for row in self._breaches(part, clocks)
            ], []
        measured = self._measured(part, credit)
        outages = [one for line in measured for one in line.counting]
        events = [Event("outage", o.line, o.start, o.end, o.running) for o in outages]
        if not events and any(not line.sweeps for line in measured):
            events = [Event("period", None, part.period.start, part.period.end)]
        return events, outages

    def _breaches(self, part: Part, clocks: list[str]) -> list[dict[str, Any]]:
        """S8.13."""
        rows = contractual(self.clock_rows, part, clocks)
        return [row for row in rows if row["verdict"] == "breached"]

    def _lines(
        self, part: Part, credit: Any, clause: Clause, leaving: set[Event], *, worst: bool
    ) -> list[Paid]:
        """S8.1, S8.2."""
        clocks = [one.id for one in part.terms.document.clocks if one.id in credit.for_]
        claimed_at = None if self.before_claims else clause.first_claim()  # S8.11
        if clocks:
            gone = {(one.ticket, one.start) for one in leaving}
            breaches = [
                row
                for row in self._breaches(part, clocks)
                if (row["ticket"], row["deadline_at"]) not in gone
            ]
            base = self._base(part, credit, None, claimed_at, None)
            return [self._pay(part, credit, None, None, base, len(breaches))]
        result = []
        for line in self._measured(part, credit):
            base = self._base(part, credit, line, claimed_at, None)
            figures = self._figures(line, leaving, worst=worst)
            result.append(
                self._pay(part, credit, line, figures, base, 0, leaving, claimed_at, worst=worst)
            )
        return result

    def _figures(
        self, line: Measured, leaving: set[Event], *, worst: bool, month: Any = None
    ) -> Figures | None:
        sweeps = line.sweeps_worst if worst else line.sweeps
        if not sweeps:
            return None
        return added([one.figures(_gone(one, leaving), month) for one in sweeps])

    def _base(
        self,
        part: Part,
        credit: Any,
        line: Measured | None,
        claimed_at: int | None,
        month: str | None,
    ) -> Sum:
        """S8.30 to S8.35."""
        base = credit.base
        affected = base.services == "affected"
        own = part.coverage
        ids: list[str] = []
        if line is not None and affected:
            ids = [sweep.line.id for sweep in line.sweeps] or (
                [line.service]
                if line.service
                else [
                    one.id for one in self.agreements.lines(part, line.availability.services or [])
                ]
            )
            own = sorted(set(line.coverage)) if base.fee == "recurring" else own
        time, share = self.fees.time(part, base.over, own, claimed_at, month)
        if base.fee == "charged":
            total = self.fees.charged(part, time, ids if affected else None)
        elif affected:
            total = self.fees.of_resources(part, ids, time, base.annual or "twelfth")
        else:
            total = self.fees.recurring(part, time, base.annual or "twelfth")
        total.amount *= share
        return total

    def _pay(
        self,
        part: Part,
        credit: Any,
        line: Measured | None,
        figures: Figures | None,
        base: Sum,
        breaches: int,
        leaving: set[Event] | None = None,
        claimed_at: int | None = None,
        *,
        worst: bool = False,
    ) -> Paid:
        over = part.period.end <= self.at
        value = self._value(part, line, figures, breaches, leaving or set(), over, worst=worst)
        amount = max(base.amount, Fraction(0)) if base.found else None
        paid = Paid(line.service if line else None, value.uptime, amount, None)
        paid.negative = base.amount if base.found and base.amount < 0 else None
        paid.currency = self._currency(part, credit, base, paid)
        price = credit.downtime_price
        if credit.formula == "downtime_price" and price.spread == "month" and line:
            self._month_by_month(
                part, credit, line, leaving or set(), claimed_at, paid, value, worst=worst
            )
        else:
            pay(credit, value, paid)
        return paid

    def _month_by_month(
        self,
        part: Part,
        credit: Any,
        line: Measured,
        leaving: set[Event],
        claimed_at: int | None,
        paid: Paid,
        whole: Value,
        *,
        worst: bool,
    ) -> None:
        """S8.20: the sum over calendar months, each its own base, net and denominator."""
        zone = part.terms.document.period_zone
        over = part.period.end <= self.at
        amount: Fraction | None = Fraction(0)
        bases: Fraction | None = Fraction(0)
        below = Fraction(0)
        for month in months_between(part.start, part.end, zone):
            base = self._base(part, credit, line, claimed_at, month)
            figures = self._figures(line, leaving, worst=worst, month=month_span(month, zone))
            value = self._value(part, line, figures, 0, leaving, over, worst=worst)
            value.uptime = whole.uptime
            own = max(base.amount, Fraction(0)) if base.found else None  # S8.42, of each month
            below += min(base.amount, Fraction(0)) if base.found else 0
            one = Paid(None, None, own, paid.currency)
            pay(credit, value, one)
            if one.amount is None or amount is None or bases is None:
                amount = bases = None
            else:
                amount, bases = amount + one.amount, bases + (one.base or 0)
        paid.amount, paid.base, paid.negative = amount, bases, below or None

    def _value(
        self,
        part: Part,
        line: Measured | None,
        figures: Figures | None,
        breaches: int,
        leaving: set[Event],
        over: bool,
        *,
        worst: bool,
    ) -> Value:
        part_us = length(part.coverage)
        if line is None:
            return Value(None, Fraction(0), Fraction(0), 0, 0, 0, breaches, part_us, None)
        if figures is None:
            low = line.worst if worst else line.headline(over=over)
            if any(one.kind == "period" for one in leaving):
                low = Fraction(1)
            return Value(
                low, Fraction(0), Fraction(0), 0, 0, 0, 0, part_us, line.availability.target
            )
        sweeps = line.sweeps_worst if worst else line.sweeps
        gone = {(one.line, one.start, one.end) for one in leaving}
        longest = max(
            (
                one.net
                for sweep in sweeps
                for one in sweep.net_outages()
                if (one.line, one.start, one.end) not in gone
            ),
            default=0,
        )
        uptime = figures.uptime if over else figures.at_best
        time = figures.time if over else figures.time_at_best
        clock = figures.time_clock if over else figures.clock_at_best
        return Value(
            uptime,
            figures.net,
            time,
            figures.net_clock,
            clock,
            longest,
            0,
            part_us,
            line.availability.target,
        )

    def _currency(self, part: Part, credit: Any, base: Sum, paid: Paid) -> str | None:
        """S8.43."""
        fee = part.state.fee
        own = str(fee["currency"]) if fee else None
        if credit.base.fee == "charged" and base.currencies:
            own = base.currencies[0]
        others = [one for one in base.currencies if one != own]
        minimum = credit.minimum
        if minimum is not None:
            amounts = minimum_amounts(minimum)
            if own not in amounts:
                others.extend(amounts)
        paid.others |= set(others)
        return own

    # S8.45, S8.46

    def _several(self, credit: Any, part: Part, lines: list[Paid]) -> Paid:
        if not lines:
            return Paid(None, None, Fraction(0), None)
        unknown = [one for one in lines if one.base is None]
        if unknown:
            return min(unknown, key=_uptime_of)
        word = credit.several or "largest"
        paying = [one for one in lines if one.amount]
        lowest = min(lines, key=_uptime_of)
        if word == "largest" or len(lines) == 1:
            if not paying:
                return lowest
            return max(lines, key=lambda one: one.amount or Fraction(0))
        total = sum((one.amount or Fraction(0) for one in lines), Fraction(0))
        base = lines[0].base
        if credit.base.services == "affected":
            base = sum((one.base or Fraction(0) for one in paying), Fraction(0))
        shown = paying[0] if len(paying) == 1 else lowest
        result = Paid(
            shown.service,
            shown.uptime,
            base,
            shown.currency,
            total,
            shown.band,
            shown.percent,
            shown.days,
        )
        result.negative = next((one.negative for one in lines if one.negative), None)
        result.others = {name for one in lines for name in one.others}
        if len(paying) > 1:
            result.service = result.uptime = result.band = result.percent = None
            given = [one.days for one in paying if one.days is not None]
            result.days = sum(given, Fraction(0)) if given else None
        return result


def _gone(sweep: Sweep, leaving: set[Event]) -> list[Outage]:
    keys = {(one.line, one.start, one.end) for one in leaving}
    return [one for one in sweep.outages if (one.line, one.start, one.end) in keys]


def minimum_word(minimum: Any) -> str:
    """`at_least` or `above`."""
    return "above" if minimum.above is not None else "at_least"


def minimum_amounts(minimum: Any) -> dict[str, Fraction]:
    """S8.65: one amount per currency."""
    several = getattr(minimum, minimum_word(minimum))
    found = several if isinstance(several, (list, tuple)) else [several]
    return {currency: size for size, currency in (money_of(one) for one in found)}


def _uptime_of(one: Paid) -> Fraction:
    """For the line with the lowest uptime (S8.45)."""
    return Fraction(1) if one.uptime is None else one.uptime
