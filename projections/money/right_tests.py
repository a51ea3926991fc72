"""Whether a right's condition holds at the end of a period (S8.110 to S8.112)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from projections.money.clauses_read import target_edges
from projections.money.outcome import outcomes
from projections.money.right_terms import AllOf, AnyOf, Condition, NumberTest

if TYPE_CHECKING:
    from projections.money.book import Book
    from projections.sweep.measured import LineUptime
    from projections.terms.parts import Part, Period

ZERO = Fraction(0)
CLAIMED = frozenset({"submitted", "accepted"})


PeriodKey = tuple[str, int, int, str]


def period_key(period: Period) -> PeriodKey:
    """What tells one period from another; a `spec` may be an object."""
    return period.name, period.start, period.end, repr(period.spec)


@dataclass
class Past:
    """The periods of one subscription that are over at `at`, with their parts."""

    book: Book
    subscription: str

    def __post_init__(self) -> None:
        self.found: dict[PeriodKey, tuple[Period, list[Part]]] = {}
        for month in self.book.months_since_start(self.subscription):
            for part in self.book.parts(month, self.subscription):
                if part.period.end <= self.book.at:
                    known = self.found.setdefault(period_key(part.period), (part.period, []))
                    known[1].append(part)

    def last_parts(self) -> list[Part]:
        """Of every period its last part, by the period's end and name: under its terms is asked."""
        periods = sorted(self.found.values(), key=lambda told: (told[0].end, told[0].name))
        return [max(parts, key=lambda part: (part.end, part.number)) for _, parts in periods]

    def last(self, test: NumberTest, asked: Part) -> list[Period] | None:
        """The last so many periods of a test's kind; None where none ends with the asked part's."""
        spec, end = self._kind(test, asked), asked.period.end
        kind = sorted(
            (each for each, _ in self.found.values() if each.spec == spec and each.end <= end),
            key=lambda each: (each.end, each.name),
        )
        if not kind or kind[-1].end != end:
            return None
        return kind[-test.of_last :]

    def _kind(self, test: NumberTest, part: Part) -> object:
        """The period of the availability named, for clocks the calendar month (S8.110).

        None where the part's plan switches off all that is named: the condition does not hold.
        """
        names = (test.net_downtime,) if test.net_downtime else test.breached
        for each in part.terms.document.availability:
            if each.id in names:
                return each.period
        return None if test.net_downtime or not names else "month"


def holds(condition: Condition, past: Past, asked: Part) -> bool:
    """Whether a condition holds at the end of a part's period, under its terms (S8.110, S8.112).

    Periods of several kinds may end there; each condition looks at those of its own.
    """
    if isinstance(condition, AnyOf):
        return any(holds(each, past, asked) for each in condition.of)
    if isinstance(condition, AllOf):
        return all(holds(each, past, asked) for each in condition.of)
    periods = past.last(condition, asked)
    if periods is None:
        return False
    numbers = [_number(condition, past, period) for period in periods]
    known = [number for number in numbers if number is not None]
    if condition.in_all:
        return bool(known) and condition.edges.fits(sum(known, ZERO))
    return sum(condition.edges.fits(number) for number in known) >= condition.times


def _number(test: NumberTest, past: Past, period: Period) -> Fraction | None:
    """The number of a period, parts and services added; None: nothing claimed in it (S8.111)."""
    parts = past.found[period_key(period)][1]
    if test.claimed:
        parts = [part for part in parts if _claimed(past.book, part)]
        if not parts:
            return None
    return sum((_of_part(test, past.book, part) for part in parts), ZERO)


def _claimed(book: Book, part: Part) -> bool:
    return any(
        each.state in CLAIMED
        for outcome in outcomes(book, part).values()
        for each in outcome.judged
    )


def _of_part(test: NumberTest, book: Book, part: Part) -> Fraction:
    known = {str(each.id): each.period for each in part.terms.document.availability}
    if test.net_downtime is not None:
        if known.get(test.net_downtime) != part.period.spec:
            return ZERO
        return sum((line.best.net for line in book.measure(part, test.net_downtime)), ZERO)
    missed = sum(
        _misses(line)
        for name in test.breached
        if name in known and known[name] == part.period.spec
        for line in book.measure(part, name)
    )
    clocks = tuple(name for name in test.breached if name not in known)
    return Fraction(missed + len(book.breaches(part, clocks)))


def _misses(line: LineUptime) -> bool:
    """Whether a row (best) misses its target; without one it cannot."""
    edges = target_edges(line.availability)
    return edges is not None and not edges.fits(line.best.uptime * 100)
