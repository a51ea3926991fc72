"""The answers as the text of I3 and I4: what `compare` and the scenarios look at."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import Any

from schemas.envelope import Event
from schemas.instant import format_instant
from schemas.money import amount_text, minor_text, shortest
from tests.reference.applied import over_applied
from tests.reference.claims import Claim
from tests.reference.clocks import Clocks
from tests.reference.credit_rows import Result
from tests.reference.credits import Credits
from tests.reference.knowing import Entry, Known, Problem, know
from tests.reference.orphans import orphans
from tests.reference.parts import Agreements
from tests.reference.periods import months_between
from tests.reference.rights import rights_rows
from tests.reference.signals import Observed
from tests.reference.statements import statement_rows
from tests.reference.terms_view import band_text
from tests.reference.uptime import Uptime

Row = dict[str, Any]
DAY = 86_400_000_000


class World:
    """Everything that one pair of moments sees, each step once."""

    def __init__(self, entries: Iterable[Entry], known_at: int, at: int) -> None:
        self.entries = list(entries)
        self.known_at, self.at = known_at, at

    @cached_property
    def known(self) -> Known:
        """S2."""
        return know(self.entries, self.known_at, self.at)

    @cached_property
    def agreements(self) -> Agreements:
        """S3."""
        found = Agreements(self.known)
        found.sum_before_claims = lambda part: self.credit_book.sum_before_claims(part)
        return found

    @cached_property
    def ticket_clocks(self) -> Clocks:
        """S5."""
        return Clocks(self.agreements)

    @cached_property
    def clock_values(self) -> list[Row]:
        """The clock rows before they are text."""
        return self.ticket_clocks.rows()

    @cached_property
    def observed(self) -> Observed:
        """S6.10 to S6.23."""
        return Observed(self.known)

    @cached_property
    def measures(self) -> Uptime:
        """S6."""
        return Uptime(self.agreements, self.observed, self.clock_values)

    @cached_property
    def credit_book(self) -> Credits:
        """S8."""
        return Credits(self.agreements, self.observed, self.measures, self.clock_values)

    # the answers

    def clocks(self) -> list[Row]:
        """I4, every instance."""
        rows = [_shown(row) for row in self.clock_values]
        return _sorted(rows, "customer", "subscription", "ticket", "clock", "instance")

    def uptime(self, month: str) -> list[Row]:
        """I4, the rows stated with a month."""
        rows = [_shown(row) for row in self.measures.rows(month)]
        return _sorted(
            rows, "customer", "subscription", "availability", "service", "period", "part"
        )

    def credits(self, month: str) -> list[Row]:
        """I4, the rows stated with a month."""
        rows = [
            self._credit(result)
            for subscription in sorted(self.agreements.subscriptions.states)
            for result in self.credit_book.results(subscription, month)
        ]
        return _sorted(rows, "customer", "subscription", "period", "credit", "part")

    def rights(self) -> list[Row]:
        """I4, every right that arose."""
        rows = [_shown(row) for row in rights_rows(self)[0]]
        return _sorted(rows, "customer", "subscription", "right", "arose_at")

    def statement(self, month: str) -> list[Row]:
        """I4, of each statement its disputes."""
        return _sorted(statement_rows(self, month), "customer", "subscription")

    def supposing(self, events: Iterable[Event]) -> World:
        """The same moments as if these events had been told last of all."""
        more = [
            Entry(event, self.known_at, "~", 0, number, "~") for number, event in enumerate(events)
        ]
        return World([*self.entries, *more], self.known_at, self.at)

    def problems(self) -> list[Row]:
        """I8, without the entries; what shows in an evaluation is looked for in every month."""
        found: set[Problem] = set(self.known.problems) | orphans(self.known)
        self.clocks()
        for month in self.months():
            self.uptime(month)
            self.credits(month)
        found |= rights_rows(self)[1] | set(over_applied(self.agreements))
        found |= self.agreements.every_problem() | self.ticket_clocks.problems
        found |= self.observed.problems | self.measures.problems | self.credit_book.problems
        unique = {(one.kind, one.subject, one.detail): one for one in found}
        rows = [
            {
                "kind": one.kind,
                "subject": one.subject,
                "detail": one.detail,
                "customer": one.customer,
            }
            for one in unique.values()
        ]
        return _sorted(rows, "kind", "subject", "detail")

    def months(self) -> list[str]:
        """Every month from the first subscription's start to that of `at`.

        West of UTC the first may have begun in the month before.
        """
        starts = [
            state.start
            for several in self.agreements.subscriptions.states.values()
            for state in several
        ]
        if not starts or min(starts) > self.at:
            return []
        return months_between(min(starts) - DAY, self.at + 1, "UTC")

    def _credit(self, result: Result) -> Row:
        best, part, clause = result.best, result.part, result.clause
        paid = best.paid
        currency = result.currency
        known = best.amount is not None
        reasons = set(best.reasons)
        if result.stale:
            reasons.add("open_impact")
        return {
            "customer": part.customer,
            "subscription": part.subscription,
            "period": part.period.name,
            "part": part.number,
            "credit": result.credit.id,
            "service": paid.service,
            "uptime_percent": None if paid.uptime is None else percent_text(paid.uptime),
            "band": None if paid.band is None else band_text(paid.band),
            "base": _money(paid.base, currency),
            "percent": None if paid.percent is None else shortest(paid.percent),
            "days": None if best.days is None else shortest(best.days),
            "amount_before_caps": _money(best.before, currency) if known else None,
            "caps_applied": [
                {
                    "cap": band_text(one["cap"]),
                    "before": _money(one["before"], currency),
                    "after": _money(one["after"], currency),
                }
                for one in best.caps
            ],
            "amount": minor_text(int(best.final), currency) if known and currency else None,
            "currency": currency,
            "state": result.state,
            "claim_deadline": _instant(clause.deadline()),
            "claims": [
                self._claim(result, claim)
                for claim in sorted(clause.mine, key=lambda one: one.submitted.order)
            ],
            "reasons": sorted(reasons),
        }

    def _claim(self, result: Result, claim: Claim) -> Row:
        return {
            "claim": claim.id,
            "submitted_at": _instant(claim.time),
            "timely": result.clause.timely(claim),
            "state": result.clause.state(claim),
        }


def percent_text(ratio: Fraction) -> str:
    """S1.5: cut to four decimals, all four shown."""
    scaled = ratio * 1_000_000
    whole = scaled.numerator // scaled.denominator
    return f"{whole // 10_000}.{whole % 10_000:04d}"


def _money(value: Fraction | None, currency: str | None) -> str | None:
    return None if value is None or currency is None else amount_text(value, currency)


def _instant(value: int | None) -> str | None:
    return None if value is None else format_instant(value)


def seconds_text(value: Fraction | int) -> str:
    """S1.7: shortest, cut to the microsecond."""
    exact = Fraction(value)
    micros = abs(exact.numerator) // exact.denominator
    text = shortest(Fraction(micros, 1_000_000), 6)
    return f"-{text}" if exact < 0 and micros else text


def _shown(row: Row) -> Row:
    """Values to the text of I3, by the name of the member."""
    result: Row = {}
    for name, value in row.items():
        if value is None or isinstance(value, bool):
            result[name] = value
        elif name == "excused":
            result[name] = [
                {"exclusion": one["exclusion"], "seconds": seconds_text(one["seconds"])}
                for one in value
            ]
        elif name.endswith("_seconds"):
            result[name] = seconds_text(value)
        elif name.endswith("_percent"):
            result[name] = percent_text(value)
        elif name.endswith("_at") or name in (
            "period_start",
            "period_end",
            "part_start",
            "part_end",
            "until",
        ):
            result[name] = format_instant(value)
        else:
            result[name] = value
    return result


def _sorted(rows: list[Row], *keys: str) -> list[Row]:
    """I3: the first key first, null before everything."""

    def key(row: Row) -> list[tuple[bool, Any]]:
        return [(row[name] is not None, "" if row[name] is None else row[name]) for name in keys]

    return sorted(rows, key=key)
