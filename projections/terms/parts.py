"""Periods, parts, coverage and lines: what is judged alone (S3.30 to S3.55)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from projections.calendar import dates
from projections.calendar.dates import BillingDay, PeriodSpan
from projections.calendar.wall_time import date_start, local_date
from projections.terms import Agreements, Span, Terms, resources
from schemas.instant import Interval, intersect, union

SUBMITTED = "sla.claim.submitted.v1"
WITHDRAWN = "sla.claim.withdrawn.v1"
_BEFORE_ALL = -(2**63)
"""An instant before every event."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period [start, end) by name, stated with `month` (S3.39); `spec` as the terms write it."""

    name: str
    start: int
    end: int
    month: str
    spec: Any


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of a period that is judged alone under its own terms (S3.41 to S3.44).

    `coverage` is the life within it, [start, end) its hull; `span` holds its last covered instant;
    `of_period` is the covered time of the whole period (S3.40), parts without terms included.
    """

    customer: str
    subscription: str
    period: Period
    number: int
    coverage: tuple[Interval, ...]
    start: int
    end: int
    terms: Terms
    span: Span
    of_period: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What an availability is measured on (S3.50): a service, or a resource of some kind."""

    id: str
    kind_id: str
    is_resource: bool
    coverage: tuple[Interval, ...]


Total = Callable[[Part], Fraction]
"""The sum of a part's credits before claims (S8.11), for `whole_period_best` (S3.44)."""


def parts(
    agreements: Agreements, month: str, at: int, total: Total, subscription: str | None = None
) -> list[Part]:
    """The parts of all periods stated with a month that begin before `at` (S3.46).

    By subscription, end and name of the period, number; of one subscription alone where asked.
    """
    names = agreements.subscriptions if subscription is None else [subscription]
    found: list[Part] = []
    for name in names:
        told = _Periods(agreements, name, month)
        mine: list[Part] = []
        for kind in told.kinds():
            for period, life in told.found(*kind):
                mine += _Cut(agreements, period, kind[1], life, told.bound).parts(total)
        found += [part for part in _numbered(mine) if part.start < at and told.counts(part)]
    return found


def _numbered(told: list[Part]) -> list[Part]:
    """The parts of periods of one name and kind as one, where terms have them in several zones.

    Else two parts of one name could have one number, and no two rows have equal keys (I3).
    """
    zones: dict[tuple[str, str], dict[tuple[int, int], list[Part]]] = {}
    for part in told:
        alike = zones.setdefault((part.period.name, repr(part.period.spec)), {})
        alike.setdefault((part.period.start, part.period.end), []).append(part)
    again = {
        id(part): number
        for alike in zones.values()
        if len(alike) > 1
        for number, part in enumerate(
            sorted((one for parts_ in alike.values() for one in parts_), key=_begins), start=1
        )
    }
    if not again:
        return told
    return [replace(part, number=again.get(id(part), part.number)) for part in told]


def _begins(part: Part) -> int:
    return part.start


def calendar_month(agreements: Agreements, month: str, at: int, subscription: str) -> list[Part]:
    """The parts of the calendar month itself, whether any clause of the terms goes by it or not.

    A statement is a month's (I4), also where there are clocks alone, or quarters.
    """
    told = _Periods(agreements, subscription, month, also=("month",))
    return [
        part
        for spec, zone in told.kinds()
        if spec == "month"
        for period, life in told.found(spec, zone)
        for part in _Cut(agreements, period, zone, life, told.bound).parts(_nothing)
        if part.start < at
    ]


def _nothing(_: Part) -> Fraction:
    """No credit goes by a month that no clause names."""
    return Fraction(0)


@dataclass
class _Periods:
    """The periods of one subscription that are stated with a month."""

    agreements: Agreements
    subscription: str
    month: str
    also: tuple[Any, ...] = ()
    bound: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        spans = self.agreements.spans_of(self.subscription)
        self.bound = [span for span in spans if span.published is not None]

    def counts(self, part: Part) -> bool:
        """Whether a part's terms name its kind of period; it has its number in any case (S3.41).

        A right counts the breaches of every part of a month, whatever terms it is under (S8.111).
        """
        if part.period.spec == "month" and self._gives_rights():
            return True
        return any(spec == part.period.spec for spec in part.terms.period_kinds)

    def _gives_rights(self) -> bool:
        return self.agreements.remembered(
            ("rights", self.subscription),
            lambda: any(terms.document.rights for terms in self._every()),
        )

    def kinds(self) -> list[tuple[Any, str]]:
        """Every kind of period with every period zone that some terms of the life name."""
        key = "kinds", self.subscription, self.also
        return self.agreements.remembered(key, self._kinds)

    def _kinds(self) -> list[tuple[Any, str]]:
        specs = {repr(spec): spec for spec in self.also}
        zones: set[str] = set()
        for terms in self._every():
            zones.add(str(terms.document.zones.period))
            specs |= {repr(spec): spec for spec in terms.period_kinds}
        return [(specs[name], zone) for name in sorted(specs) for zone in sorted(zones)]

    def _every(self) -> Iterator[Terms]:
        """By the readings of every moment: a period may start long before what is covered of it."""
        for span in self.bound:
            told = self.agreements.decisions(span.contract, span.customer)
            for moment in {_BEFORE_ALL, *(fact.effective_at for fact in told)}:
                terms = self.agreements.terms(span, moment)
                if terms is not None:
                    yield terms

    def found(self, spec: Any, zone: str) -> list[tuple[Period, list[Interval]]]:
        """The periods of one kind, each with the life in it (S3.40); of one name as one."""
        lives: dict[int, list[Span]] = {}
        for span in self.agreements.spans_of(self.subscription):
            lives.setdefault(span.life, []).append(span)
        found: dict[str, tuple[Period, list[Interval]]] = {}
        claims = self._claims(zone) if _by_claim(spec) else ()
        for spans in lives.values():
            life = union(Interval(span.start, span.end) for span in spans)
            billing = _billing(spans) if spec == "billing_cycle" else ()
            for each in _stated(spec, zone, self.month, billing, claims):
                covered = intersect(life, [Interval(each.start, each.end)])
                if covered:
                    period, known = found.get(each.name, (_period(each, spec), []))
                    found[each.name] = period, union([*known, *covered])
        return sorted(found.values(), key=lambda each: (each[0].end, each[0].name))

    def _claims(self, zone: str) -> Sequence[date]:
        """The local dates with a claim of the subscription that is not withdrawn (S3.36)."""
        gone = {fact.subject for fact in self.agreements.facts(WITHDRAWN)}
        return sorted(
            {
                local_date(fact.effective_at, zone)
                for fact in self.agreements.facts(SUBMITTED)
                if fact.data["subscription"] == self.subscription and fact.subject not in gone
            }
        )


def _stated(
    spec: Any, zone: str, month: str, billing: Sequence[BillingDay], claims: Sequence[date]
) -> Sequence[PeriodSpan]:
    """The periods of a kind that are stated with a month; those of everybody once for all."""
    if isinstance(spec, str) and not billing:
        return _of_everybody(spec, zone, month)
    return dates.periods(spec, zone, month, billing=billing, claims=claims)


@lru_cache(maxsize=1024)
def _of_everybody(spec: str, zone: str, month: str) -> tuple[PeriodSpan, ...]:
    return tuple(dates.periods(spec, zone, month))


@lru_cache(maxsize=4096)
def _start_in_utc(start: int, zone: str) -> int:
    """The instant at which a period that starts there in its zone would start in UTC (S3.12)."""
    return date_start(local_date(start, zone), "UTC")


def _period(span: PeriodSpan, spec: Any) -> Period:
    return Period(span.name, span.start, span.end, span.month, spec)


def _billing(spans: Sequence[Span]) -> list[BillingDay]:
    """The billing days of a life, the first at its `started` (S3.37)."""
    found: list[BillingDay] = []
    for span in spans:
        if not found or found[-1].day != span.billing_day:
            found.append(BillingDay(span.start, span.billing_day))
    return found


def _by_claim(spec: Any) -> bool:
    ending = spec.get("ending") if isinstance(spec, Mapping) else getattr(spec, "ending", None)
    return str(ending) == "claim"


@dataclass
class _Cut:
    """One period of one subscription, to be cut into parts."""

    agreements: Agreements
    period: Period
    zone: str
    life: list[Interval]
    bound: list[Span]

    def parts(self, total: Total) -> list[Part]:
        """The parts by number under terms of this zone, of this kind or not (S3.41 to S3.45)."""
        inside = [span for span in self.bound if _meets(span, self.life)]
        if not inside:
            return []
        runs = _runs(inside)
        last = runs[-1]
        terms = self._terms(last[-1], self._covered(last)[0].start)
        word = "cut" if terms is None else str(terms.document.plan_change or "cut")
        if word == "cut":
            numbered = [self._part(run, number) for number, run in enumerate(runs, start=1)]
            found = [part for part in numbered if part is not None]
        else:
            found = self._whole(inside, total, best=word == "whole_period_best")
        return [part for part in found if str(part.terms.document.zones.period) == self.zone]

    def _part(self, spans: Sequence[Span], number: int) -> Part | None:
        covered = self._covered(spans)
        terms = self._terms(spans[-1], covered[0].start)
        return None if terms is None else self._made(spans, covered, number, terms)

    def _made(
        self, spans: Sequence[Span], covered: Sequence[Interval], number: int, terms: Terms
    ) -> Part:
        last = spans[-1]
        start, end = covered[0].start, covered[-1].end
        return Part(
            last.customer, last.subscription, self.period, number, tuple(covered), start, end,
            terms, last, tuple(self.life),
        )  # fmt: skip

    def _whole(self, inside: Sequence[Span], total: Total, *, best: bool) -> list[Part]:
        """One part, under the last terms or under those with the largest sum (S3.43, S3.44)."""
        covered = self._covered(inside)
        held: dict[str, Terms] = {}
        for span in inside:
            terms = self._terms(span, covered[0].start)
            if terms is not None:
                held.pop(terms.key, None)
                held[terms.key] = terms
        if not held:
            return []
        tried = [self._made(inside, covered, 1, terms) for terms in held.values()]
        if not best or len(tried) == 1:
            return tried[-1:]
        sums = [total(part) for part in tried]
        latest = max(range(len(tried)), key=lambda place: (sums[place], place))
        return [tried[latest]]

    def _covered(self, spans: Sequence[Span]) -> list[Interval]:
        return intersect(union(Interval(span.start, span.end) for span in spans), self.life)

    def _terms(self, span: Span, begins: int) -> Terms | None:
        return self.agreements.terms(span, begins, _start_in_utc(self.period.start, self.zone))


def _meets(span: Span, life: Sequence[Interval]) -> bool:
    return bool(intersect([Interval(span.start, span.end)], life))


def _runs(spans: Iterable[Span]) -> list[list[Span]]:
    """Spans side by side under the same plan, contract, version, overrides and customer (S3.41)."""
    runs: list[list[Span]] = []
    for span in spans:
        if runs and runs[-1][-1].end == span.start and _same(runs[-1][-1], span):
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


def _same(one: Span, other: Span) -> bool:
    return one.published is other.published and all(
        getattr(one, name) == getattr(other, name)
        for name in ("plan", "contract", "overrides", "customer", "life")
    )


def lines(agreements: Agreements, part: Part, availability: Any) -> list[Line]:
    """The lines of an availability within a part, by id (S3.50, S3.51)."""
    kinds = tuple(dict.fromkeys(str(each) for each in availability.services or ()))
    zone = str(part.terms.document.zones.period)
    found = []
    for name, kind, is_resource, coverage in agreements.remembered(
        ("held", part.subscription, kinds, zone),
        lambda: list(_held(agreements, part.subscription, kinds, zone)),
    ):
        covered = intersect(coverage, part.coverage)
        if covered:
            found.append(Line(name, kind, is_resource=is_resource, coverage=tuple(covered)))
    return sorted(found, key=lambda line: line.id)


def _held(
    agreements: Agreements, subscription: str, kinds: Sequence[str], zone: str
) -> Iterator[tuple[str, str, bool, list[Interval]]]:
    """The lines of some kinds that a subscription ever has: id, kind, whether a resource, when."""
    spans = agreements.spans_of(subscription)
    for kind in kinds:
        holding = union(
            Interval(span.start, span.end)
            for span in spans
            if span.services is None or kind in span.services
        )
        yield kind, kind, False, holding
    own = resources.held(agreements, subscription, frozenset(kinds), zone)
    for name, (kind, coverage) in own.items():
        yield name, kind, True, coverage
