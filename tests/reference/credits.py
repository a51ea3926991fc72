"""Credits (S8.1 to S8.14, S8.45 to S8.74, S8.90 to S8.103): lines, caps, pools, states."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from schemas.money import round_minor
from tests.reference.binding import Agreements, Part
from tests.reference.caps import Limits
from tests.reference.claims import Claims, Clause, Event
from tests.reference.downtime import Figures, Outage, Sweep, added
from tests.reference.fees import Fees, Sum
from tests.reference.formulas import Paid, Value, pay
from tests.reference.intervals import both, length
from tests.reference.knowing import Fact, Problem
from tests.reference.periods import Period, add_months, months_between
from tests.reference.ratios import contractual
from tests.reference.signals import Observed
from tests.reference.terms_view import edge_fits, money_of, without_claims
from tests.reference.uptime import Measured, Uptime
from tests.reference.zones import local_date

PAID = ("due", "accepted", "proposed", "approved", "issued", "applied")
STEPS = ("proposed", "approved", "issued", "applied", "reversed")


@dataclass
class Worked:
    """One credit on one part in one mode, as far as the steps have come."""

    paid: Paid
    amount: Fraction | None
    before: Fraction | None
    caps: list[dict[str, Any]] = field(default_factory=list)
    eligible: bool = True
    expired: bool = False
    reasons: set[str] = field(default_factory=set)
    final: Fraction = Fraction(0)
    days: Fraction | None = None


@dataclass(eq=False)
class Result:
    """A row to be."""

    part: Part
    credit: Any
    clause: Clause
    events: list[Event]
    best: Worked
    worst: Worked
    currency: str | None
    state: str = ""
    stale: bool = False
    counted: list[Outage] = field(default_factory=list)

    @property
    def minor(self) -> Fraction:
        """The final amount (best)."""
        return self.best.final


class Credits:
    """All credits of one pair of moments."""

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
        for part in self.agreements.parts(subscription, month):
            for credit in part.terms.document.credits:
                if part.terms.document.credit_spec(credit) != part.period.spec:
                    continue
                if credit.formula == "none" or not self._lines_exist(part, credit):
                    continue
                if part.period.spec[-1] == "every_day":
                    windows.setdefault((credit.id, part.number), []).append((part, credit))
                else:
                    key = (part.period.end, part.period.name, part.number, part.period.zone)
                    plain.setdefault(key, []).append((part, credit))
        for several in windows.values():  # S8.102
            part, credit = self._worst_window(several)
            key = (part.period.end, part.period.name, part.number, "every_day")
            plain.setdefault(key, []).append((part, credit))
        return [plain[key] for key in sorted(plain)]

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

    def _worst_window(self, several: list[tuple[Part, Any]]) -> tuple[Part, Any]:
        ended = [pair for pair in several if pair[0].period.end <= self.at]
        if not ended:
            return min(several, key=lambda pair: pair[0].period.start)

        def lowest(pair: tuple[Part, Any]) -> tuple[Fraction, int]:
            values = [one.best for one in self._measured(*pair)]
            return (min(values, default=Fraction(1)), pair[0].period.start)

        return min(ended, key=lowest)

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
        if part.period.spec[-1] == "claim":
            events, counted = self._not_yet_counted(credit, part, events, counted, before)
        clause = Clause(self.claims, part, credit, names, events)
        worked = [self._work(part, credit, clause, before, worst=bad) for bad in (False, True)]
        result = Result(part, credit, clause, events, worked[0], worked[1], worked[0].paid.currency)
        result.counted = counted
        result.stale = self._stale(part, credit)
        return result

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
            events = [Event("period", None, part.start, part.end)]
        return events, outages

    def _breaches(self, part: Part, clocks: list[str]) -> list[dict[str, Any]]:
        """S8.13."""
        rows = contractual(self.clock_rows, part, clocks)
        return [row for row in rows if row["verdict"] == "breached"]

    def _not_yet_counted(
        self,
        credit: Any,
        part: Part,
        events: list[Event],
        counted: list[Outage],
        before: list[Result],
    ) -> tuple[list[Event], list[Outage]]:
        """S8.86: an outage counted by a paid row of an earlier window leaves this one."""
        earlier = [
            (one.line, one.start, one.end)
            for result in self._earlier(part.subscription, part.period, before)
            if result.credit.id == credit.id and result.state in PAID
            for one in result.counted
        ]
        return (
            [one for one in events if (one.line, one.start, one.end) not in earlier],
            [one for one in counted if (one.line, one.start, one.end) not in earlier],
        )

    def _earlier(self, subscription: str, period: Period, before: list[Result]) -> list[Result]:
        """S8.58: the rows of periods before this one, by end, then name."""
        found = list(before)
        lives = self.agreements.subscriptions.lives(subscription)
        if lives:
            for month in months_between(lives[0][1], max(period.end, lives[0][1] + 1), period.zone):
                if month < period.month:
                    found.extend(self.results(subscription, month))
        key = (period.end, period.name)
        return [one for one in found if (one.part.period.end, one.part.period.name) < key]

    # S8.2 to S8.5

    def _work(
        self, part: Part, credit: Any, clause: Clause, before: list[Result], *, worst: bool
    ) -> Worked:
        leaving, failed, expired = self._leaving(part, credit, clause, before, worst=worst)
        lines = self._lines(part, credit, clause, leaving, worst=worst)
        paid = self._several(credit, part, lines)
        worked = Worked(paid, paid.amount, paid.amount, expired=expired)
        if paid.base is None and paid.amount is None:
            worked.reasons.add("no_charges")
        for name in self._fails(part, credit, clause, failed, worst=worst):
            worked.eligible = False
            if name:
                worked.reasons.add(name)
        if not worked.eligible:  # S8.103
            worked.amount = worked.before = Fraction(0)
        elif worked.amount is not None:
            limits = Limits(self, part, credit, before)
            worked.amount, worked.caps = limits.cut(
                credit.caps, paid, worked.amount, [credit.id], worst=worst
            )
            if limits.foreign is not None:
                paid.foreign = paid.foreign or limits.foreign
        if paid.foreign is not None:  # S8.43
            worked.reasons.add("currency")
            if not worst:
                self.problems.add(
                    Problem("currency", part.subscription, paid.foreign, part.customer)
                )
            worked.amount = Fraction(0)
        worked.days = paid.days
        return worked

    def _leaving(
        self, part: Part, credit: Any, clause: Clause, before: list[Result], *, worst: bool
    ) -> tuple[set[Event], list[str], bool]:
        """What leaves the computation: S8.72, S8.82 to S8.84, S8.86."""
        events = self._mode_events(part, credit, worst=worst)
        leaving: set[Event] = set()
        failed: list[str] = []
        eligibility = credit.eligibility
        for name in ("signed", "billing"):
            if eligibility is None or getattr(eligibility, name) is None:
                continue
            timed = [one for one in events if one.kind != "period"]
            bad = [one for one in timed if not self._agreed(part, credit, name, one.start)]
            leaving |= set(bad)
            reason = "signature" if name == "signed" else name
            if timed and len(bad) == len(timed):
                failed.append(reason)
            elif not timed and not self._agreed(part, credit, name, part.end - 1):
                failed.append(reason)
        if part.period.spec[-1] == "claim":
            staying = {(one.line, one.start, one.end) for one in clause.events}
            gone = [e for e in events if (e.line, e.start, e.end) not in staying]
            leaving |= set(gone)
            if events and len(gone) == len(events):
                failed.append("")
        expired = False
        if clause.spec is not None and clause.scope == "incident":
            claimed = clause.claimed()
            if claimed is None:  # S8.84
                lost = [one for one in events if not clause.can_be_claimed(one)]
                expired = bool(events) and len(lost) == len(events)
                leaving |= set(lost)
            else:
                leaving |= {one for one in events if one not in claimed}
        return leaving, failed, expired

    def _mode_events(self, part: Part, credit: Any, *, worst: bool) -> list[Event]:
        if not worst or any(one.id in credit.for_ for one in part.terms.document.clocks):
            return self._events(part, credit)[0]
        found = [
            Event("outage", o.line, o.start, o.end, o.running)
            for line in self._measured(part, credit)
            for sweep in line.sweeps_worst
            for o in sweep.counting_outages()
        ]
        return found or self._events(part, credit)[0]

    def _agreed(self, part: Part, credit: Any, name: str, instant: int) -> bool:
        """S8.72: at the start of an outage."""
        state = self.agreements.subscriptions.at(part.subscription, instant)
        if state is None:
            return False
        if name == "signed":
            return bool(state.data.get("signed", True)) == bool(credit.eligibility.signed)
        return bool(state.fee and state.fee["per"] == credit.eligibility.billing)

    def _fails(
        self, part: Part, credit: Any, clause: Clause, failed: list[str], *, worst: bool
    ) -> list[str]:
        """S8.70 to S8.74: the tests that make the whole row not eligible."""
        eligibility = credit.eligibility
        found = list(failed)
        if eligibility is None:
            return found
        if eligibility.plans is not None and part.terms.plan not in eligibility.plans:
            found.append("plan")
        if eligibility.affected and not self._affected(part, credit, worst=worst):
            found.append("not_affected")
        if eligibility.standing is not None and clause.spec is None:
            moment = min(part.period.end, self.at)
            if not self.claims.good(part.customer, moment):
                found.append("standing")
        return found

    def _affected(self, part: Part, credit: Any, *, worst: bool) -> bool:
        """S8.71, S8.74."""
        sweeps = [
            sweep
            for line in self._measured(part, credit)
            for sweep in (line.sweeps_worst if worst else line.sweeps)
        ]
        if not any(sweep.counting_outages() for sweep in sweeps):
            return True
        for sweep in sweeps:
            own = Sweep(
                self.agreements,
                self.observed,
                part,
                _as_customer(sweep.availability),
                sweep.line,
                worst=worst,
            )
            if both(both(sweep.left, sweep.inside), own.down):
                return True
        return False

    def _lines(
        self, part: Part, credit: Any, clause: Clause, leaving: set[Event], *, worst: bool
    ) -> list[Paid]:
        """S8.1, S8.2."""
        clocks = [one.id for one in part.terms.document.clocks if one.id in credit.for_]
        claimed_at = clause.first_claim()
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
                else [one.id for one in self.agreements.lines(part, line.availability.services or [])]
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
        amount = self._not_negative(part, credit, base) if base.found else None
        paid = Paid(line.service if line else None, value.uptime, amount, None)
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
        from tests.reference.periods import month_span

        zone = part.terms.document.period_zone
        over = part.period.end <= self.at
        amount: Fraction | None = Fraction(0)
        bases: Fraction | None = Fraction(0)
        for month in months_between(part.start, part.end, zone):
            base = self._base(part, credit, line, claimed_at, month)
            figures = self._figures(line, leaving, worst=worst, month=month_span(month, zone))
            value = self._value(part, line, figures, 0, leaving, over, worst=worst)
            value.uptime = whole.uptime
            one = Paid(None, None, base.amount if base.found else None, paid.currency)
            pay(credit, value, one)
            if one.amount is None or amount is None or bases is None:
                amount = bases = None
            else:
                amount, bases = amount + one.amount, bases + (one.base or 0)
        paid.amount, paid.base = amount, bases

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
                for one in sweep.counting_outages()
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

    def _not_negative(self, part: Part, credit: Any, base: Sum) -> Fraction:
        """S8.42."""
        if base.amount >= 0:
            return base.amount
        self.problems.add(
            Problem(
                "negative_base",
                part.subscription,
                f"{part.period.name} {part.number} {credit.id}",
                part.customer,
            )
        )
        return Fraction(0)

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
        if others:
            paid.foreign = others[0]
        return own

    # S8.45, S8.46

    def _several(self, credit: Any, part: Part, lines: list[Paid]) -> Paid:
        if not lines:
            return Paid(None, None, Fraction(0), None)
        unknown = [one for one in lines if one.base is None]
        if unknown:
            return unknown[0]
        word = credit.several or "largest"
        paying = [one for one in lines if one.amount]
        lowest = min(lines, key=lambda one: one.uptime if one.uptime is not None else Fraction(1))
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
        result.foreign = next((one.foreign for one in lines if one.foreign), None)
        if len(paying) > 1:
            result.service = result.uptime = result.band = result.percent = None
            given = [one.days for one in paying if one.days is not None]
            result.days = sum(given, Fraction(0)) if given else None
        return result

    # S8.60 to S8.62

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
        if not eligible:
            return
        if pool.take == "sum":
            self._pool_sum(pool, eligible, before, worst=worst)
            return
        standing = max(eligible, key=lambda one: of(one).amount or Fraction(0))
        if pool.take == "claimed":
            standing = self._first_named(eligible) or standing
        for one in eligible:
            if one is not standing:
                of(one).amount = Fraction(0)
                of(one).reasons.add("pool")

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

    # S8.65, S8.66, S8.101

    def _finish(self, result: Result, worked: Worked) -> None:
        if worked.amount is None:
            return
        if worked.days is not None and worked.before is not None:
            ratio = worked.amount / worked.before if worked.before else Fraction(1)
            worked.days *= ratio
            if not worked.eligible:
                worked.days = Fraction(0)
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

    # S8.90 to S8.100

    def _determinations(self) -> dict[tuple[str, str, int, str], str]:
        """S8.90: the latest determination of each row."""
        rows: dict[str, tuple[str, str, int, str]] = {}
        steps: dict[tuple[str, str, int, str], Fact] = {}
        known = self.agreements.known
        for fact in known.of("credit.proposed"):
            rows.setdefault(
                fact.subject,
                (
                    fact.get("subscription"),
                    fact.get("period"),
                    int(fact.get("part")),
                    fact.get("credit"),
                ),
            )
        for fact in known.facts:
            word = fact.type.removeprefix("credit.")
            if fact.type.startswith("credit.") and word in STEPS and fact.subject in rows:
                steps[rows[fact.subject]] = fact
        return {key: fact.type.removeprefix("credit.") for key, fact in steps.items()}

    def _state(self, result: Result) -> str:
        part, best, clause = result.part, result.best, result.clause
        key = (part.subscription, part.period.name, part.number, result.credit.id)
        if key in self.latest:  # S8.90
            return self.latest[key]
        if self.at < part.period.end:  # S8.91
            return "provisional"
        if best.amount is None or "currency" in best.reasons:  # S8.92
            return "indeterminate"
        if not best.eligible:  # S8.93
            return "none"
        if best.expired:  # S8.94
            return "expired"
        if best.final != result.worst.final:  # S8.95
            return "indeterminate"
        if best.final == 0:  # S8.96
            return "none"
        if clause.spec is None:  # S8.97
            return "due"
        states = {clause.state(claim) for claim in clause.mine}
        for state, word in (
            ("accepted", "accepted"),
            ("submitted", "claimed"),
            ("rejected", "rejected"),
        ):  # S8.98
            if state in states:
                return word
        if any(clause.can_be_claimed(one) for one in result.events):  # S8.99
            return "claimable"
        return "expired"

    def _stale(self, part: Part, credit: Any) -> bool:
        """S6.13: does it rest on an impact that nobody has ended?"""
        for line in self._measured(part, credit):
            for sweep in line.sweeps:
                for one in sweep.seen.impacts:
                    if one.open and self.observed.is_stale(one.name):
                        if both(one.spans, both(sweep.inside, sweep.down)):
                            return True
        return False

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
        return sum((one.best.final for one in self._group(found, [])), Fraction(0))


def _gone(sweep: Sweep, leaving: set[Event]) -> list[Outage]:
    keys = {(one.line, one.start, one.end) for one in leaving}
    return [one for one in sweep.outages if (one.line, one.start, one.end) in keys]


def _as_customer(availability: Any) -> Any:
    return availability.changed(view="customer")


def minimum_word(minimum: Any) -> str:
    """`at_least` or `above`."""
    return "above" if minimum.above is not None else "at_least"


def minimum_amounts(minimum: Any) -> dict[str, Fraction]:
    """S8.65: one amount per currency."""
    several = getattr(minimum, minimum_word(minimum))
    found = several if isinstance(several, (list, tuple)) else [several]
    return {currency: size for size, currency in (money_of(one) for one in found)}


__all__ = ["Credits", "Result", "add_months", "edge_fits", "local_date"]
