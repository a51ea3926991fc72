"""Which readings of the contracts that bind in some months could be others (S3.10, S3.11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from projections.rows import ClockRow, CreditRow, UptimeRow
from projections.supposition import SupposedReading, Supposition

if TYPE_CHECKING:
    from projections.terms import Agreements, Span, Terms
    from projections.terms.parts import Part
    from projections.view import View

MONEY = frozenset(("credits", "pools", "rights"))
_NO_CLOCKS = MONEY | {"availability", "exclusions", "obligations", "plan_change"}
_SAYS_NOTHING = frozenset(("interpretations", "refused", "provider", "source"))
_OPENED = "sla.ticket.opened.v1"
Row = ClockRow | UptimeRow | CreditRow


@dataclass(frozen=True, slots=True)
class Other:
    """An option in the place of the chosen one: whom it concerns and what of the terms it moves."""

    reading: SupposedReading
    subscriptions: frozenset[str]
    sections: frozenset[str]

    @property
    def supposition(self) -> Supposition:
        """It alone."""
        return Supposition((self.reading,))

    @property
    def moves_clocks(self) -> bool:
        """Whether a clock may rest on it; credits of clocks are not clocks."""
        return not self.sections <= _NO_CLOCKS

    @property
    def moves_uptime(self) -> bool:
        """Whether an uptime may rest on it."""
        return not self.sections <= MONEY


class Choices:
    """The versions that bind the rows of some months, and what they chose.

    `versions` are those that the clocks of the months name; the others are those of the parts.
    """

    def __init__(
        self, view: View, months: Sequence[str], versions: Iterable[tuple[str, str]]
    ) -> None:
        self._view = view
        self._agreements: Agreements = view.agreements
        self._parts: dict[tuple[str, str, int], list[Part]] = {}
        bound = set(versions)
        for month in months:
            for part in view.parts(month):
                key = part.subscription, part.period.name, part.number
                self._parts.setdefault(key, []).append(part)
                bound.add((part.terms.contract, part.terms.version))
        self._bound = sorted(bound)

    def others(self) -> Iterator[Other]:
        """Every option of every interpretation of a bound version that would change some terms."""
        for contract, version in self._bound:
            spans = self._spans(contract, version)
            options: dict[str, set[str]] = {}
            for each in self._agreements.versions.published.get(contract, ()):
                if each.name == version:
                    for name, told in each.options().items():
                        options.setdefault(name, set()).update(told)
            for name in sorted(options):
                for option in sorted(options[name]):
                    reading = SupposedReading(name, option, contract, version)
                    other = self._other(reading, spans)
                    if other.subscriptions:
                        yield other

    def _spans(self, contract: str, version: str) -> list[Span]:
        """The spans under a version, of subscriptions that the view's customer ever held."""
        spans, only = self._agreements.spans, self._view.customer
        held = {span.subscription for span in spans if only in {None, span.customer}}
        return [
            span
            for span in spans
            if (span.contract, span.version) == (contract, version) and span.subscription in held
        ]

    def _other(self, reading: SupposedReading, spans: Sequence[Span]) -> Other:
        """Whose terms change and where, at any moment at which their readings may differ."""
        supposed = self._agreements.supposing(Supposition((reading,)))
        subscriptions: set[str] = set()
        sections: set[str] = set()
        for span in spans:
            told = self._agreements.decisions(span.contract, span.customer)
            for moment in {span.start, *(fact.effective_at for fact in told)}:
                one, other = self._agreements.terms(span, moment), supposed.terms(span, moment)
                differing = _sections(one, other)
                if differing:
                    subscriptions.add(span.subscription)
                    sections |= differing
        return Other(reading, frozenset(subscriptions), frozenset(sections))

    def chosen(self, answer: str, row: Row, reading: SupposedReading) -> str:
        """The option that holds for a row: that of its part, or of its ticket's opening.

        For a row that another version binds: what the subscription's latest terms of this version
        choose.
        """
        found = self._of_clock(row, reading) if answer == "clocks" else self._of_part(row, reading)
        return found if found is not None else self._latest(row, reading)

    def _of_part(self, row: Any, reading: SupposedReading) -> str | None:
        for part in self._parts.get((row.subscription, row.period, row.part), ()):
            if reading.concerns(part.terms.contract, part.terms.version):
                return part.terms.readings[reading.interpretation]
        return None

    def _of_clock(self, row: Any, reading: SupposedReading) -> str | None:
        if row.contract is None or not reading.concerns(row.contract, row.contract_version):
            return None
        chosen = set(self._choices(row.subscription, reading))
        if len(chosen) == 1:
            return chosen.pop()
        opened = self._opened_at.get(row.ticket, row.started_at)
        span = self._agreements.at(row.subscription, opened)
        terms = None if span is None else self._agreements.terms(span, opened)
        return None if terms is None else terms.readings.get(reading.interpretation)

    def _latest(self, row: Row, reading: SupposedReading) -> str:
        return self._choices(row.subscription, reading)[-1]

    def _choices(self, subscription: str | None, reading: SupposedReading) -> list[str]:
        """What a subscription's terms of the version choose, in time."""
        found: list[str] = []
        for span in self._agreements.spans_of(subscription or ""):
            if reading.contract != span.contract or reading.version != span.version:
                continue
            told = self._agreements.decisions(span.contract, span.customer)
            inside = {fact.effective_at for fact in told if span.start < fact.effective_at}
            for moment in sorted({span.start, *inside}):
                terms = self._agreements.terms(span, moment)
                if terms is not None:
                    found.append(terms.readings[reading.interpretation])
        return found

    @cached_property
    def _opened_at(self) -> dict[str, int]:
        """When each ticket was opened (S5.1); asked only where decisions tell tickets apart."""
        found: dict[str, int] = {}
        for fact in self._view.facts([_OPENED]):
            found.setdefault(fact.subject, fact.effective_at)
        return found


def _sections(one: Terms | None, other: Terms | None) -> set[str]:
    """The members of the contract that differ; those that decide nothing are left out."""
    if one is other or (one is not None and other is not None and one.key == other.key):
        return set()
    if one is None or other is None:
        return {"zones"}
    return {
        each.name
        for each in fields(one.document)
        if each.name not in _SAYS_NOTHING
        and getattr(one.document, each.name) != getattr(other.document, each.name)
    }
