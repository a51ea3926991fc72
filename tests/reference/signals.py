"""What was seen of a service: impacts, failures, gaps and counts (S6.10 to S6.23)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from schemas.instant import format_instant
from tests.reference.intervals import Spans, less, tidy
from tests.reference.knowing import Fact, Known, Problem

DAY = 86_400_000_000


@dataclass(frozen=True, eq=False)
class Source:
    """One signal: an impact, a failure with one marker, a counted window or a gap."""

    kind: str
    name: str
    service: str
    start: int
    end: int
    customers: frozenset[str] | None = None
    level: str | None = None
    share: Fraction = Fraction(1)
    marker: str | None = None
    total: int = 0
    failed: int = 0
    open: bool = False
    facts: tuple[Fact, ...] = field(default=(), repr=False)

    @property
    def spans(self) -> Spans:
        """When it is in force."""
        return tidy([(self.start, self.end)])


class Observed:
    """Every signal of one pair of moments, whatever contract reads it."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.at = known.at
        self.problems: set[Problem] = set()
        self.impacts: list[Source] = []
        self.failures: list[Source] = []
        self.gaps: list[Source] = []
        self.windows: list[Source] = []
        self.first_own: dict[tuple[str, str, str], int] = {}
        self.first_own_window: dict[tuple[str, str, str], int] = {}
        self._open: dict[tuple[Any, ...], Fact] = {}
        self._markers: dict[tuple[Any, ...], tuple[int, str]] = {}
        for fact in known.facts:
            name = "_" + fact.type.replace(".", "_")
            if hasattr(self, name):
                getattr(self, name)(fact)
        self._finish()

    # S6.10

    def _incident_impact_started(self, fact: Fact) -> None:
        self._end_impact((fact.subject, fact.get("service")), fact.time)
        self._open["impact", fact.subject, fact.get("service")] = fact

    def _incident_impact_ended(self, fact: Fact) -> None:
        self._end_impact((fact.subject, fact.get("service")), fact.time)

    def _incident_resolved(self, fact: Fact) -> None:
        for key in [key for key in self._open if key[:2] == ("impact", fact.subject)]:
            self._end_impact(key[1:], fact.time)

    def _end_impact(self, key: tuple[Any, ...], time: int, *, still: bool = False) -> None:
        fact = self._open.pop(("impact", *key), None)
        if fact is None:
            return
        named = fact.get("customers")
        share = fact.get("share")
        self.impacts.append(
            Source(
                "impact",
                fact.subject,
                fact.get("service"),
                fact.time,
                time,
                customers=None if named is None else frozenset(named),
                level=fact.get("impact"),
                share=Fraction(1) if share is None else Fraction(share),
                open=still,
                facts=(fact,),
            )
        )

    # S6.14, S6.15

    def _probe_failed(self, fact: Fact) -> None:
        self._own(fact)
        key = (fact.subject, fact.get("service"), fact.get("customer"))
        marker = fact.get("marker") or "own"
        self._end_failure(key, fact.time)
        self._markers[key] = (fact.time, marker)

    def _probe_recovered(self, fact: Fact) -> None:
        self._own(fact)
        self._end_failure((fact.subject, fact.get("service"), fact.get("customer")), fact.time)

    def _own(self, fact: Fact) -> None:
        if fact.get("customer") is not None:
            key = (fact.subject, fact.get("service"), fact.get("customer"))
            self.first_own.setdefault(key, fact.time)

    def _end_failure(self, key: tuple[Any, ...], time: int, *, still: bool = False) -> None:
        found = self._markers.pop(key, None)
        if found is not None:
            probe, service, customer = key
            named = None if customer is None else frozenset([customer])
            self.failures.append(
                Source(
                    "failure", probe, service, found[0], time, named, marker=found[1], open=still
                )
            )

    # S6.16 to S6.20

    def _probe_counted(self, fact: Fact) -> None:
        customer = fact.get("customer")
        start, end = fact.instant("from"), fact.instant("to")
        assert start is not None and end is not None
        if customer is not None:
            key = (fact.subject, fact.get("service"), customer)
            self.first_own_window.setdefault(key, start)
        self.windows.append(
            Source(
                "window",
                fact.subject,
                fact.get("service"),
                start,
                end,
                None if customer is None else frozenset([customer]),
                total=int(fact.get("total")),
                failed=int(fact.get("failed")),
            )
        )

    def _probe_gap_started(self, fact: Fact) -> None:
        self._open.setdefault(("gap", fact.subject, fact.get("service")), fact)

    def _probe_gap_ended(self, fact: Fact) -> None:
        self._end_gap((fact.subject, fact.get("service")), fact.time)

    def _end_gap(self, key: tuple[Any, ...], time: int, *, still: bool = False) -> None:
        fact = self._open.pop(("gap", *key), None)
        if fact is not None:
            self.gaps.append(
                Source("gap", fact.subject, fact.get("service"), fact.time, time, open=still)
            )

    def _finish(self) -> None:
        """S6.13: whatever is not ended by `at` ends there."""
        for kind, *rest in list(self._open):
            key = tuple(rest)
            if kind == "impact":
                self._stale(self._open["impact", *key])
                self._end_impact(key, self.at, still=True)
            else:
                self._end_gap(key, self.at, still=True)
        for failing in list(self._markers):
            self._end_failure(failing, self.at, still=True)

    def _stale(self, started: Fact) -> None:
        """S6.13: open, and nothing was heard of its incident for a day."""
        if not self.is_stale(started.subject):
            return
        detail = f"{started.get('service')} {format_instant(started.time)}"
        self.problems.add(Problem("open_impact", started.subject, detail))

    def is_stale(self, incident: str) -> bool:
        """No event of the incident in the 24 h before `at`."""
        return not any(
            fact.subject == incident and fact.time >= self.at - DAY
            for fact in self.known.facts
            if fact.type.startswith("incident.")
        )

    # What counts for whom

    def visible(self, service: str, customer: str, view: str) -> list[Source]:
        """S6.12, S6.15, S6.17, S6.20: the signals of a service that count for a customer."""
        result = []
        for source in [*self.impacts, *self.failures, *self.windows, *self.gaps]:
            if source.service != service or (source.start >= source.end and not source.open):
                continue
            if view == "everyone":
                result.append(source)
            elif source.customers is not None:
                if customer in source.customers:
                    result.append(source)
            else:
                result.extend(self._general(source, customer))
        return result

    def _general(self, source: Source, customer: str) -> list[Source]:
        """What is everybody's, as far as it counts for one who has a probe of their own."""
        key = (source.name, source.service, customer)
        if source.kind == "failure" and key in self.first_own:  # S6.15
            until = min(source.end, self.first_own[key])
            if until <= source.start:
                return []
            return [
                Source(
                    "failure",
                    source.name,
                    source.service,
                    source.start,
                    until,
                    marker=source.marker,
                )
            ]
        if source.kind == "window" and source.start >= self.first_own_window.get(key, 2**62):
            return []  # S6.17
        return [source]


Gone = dict[Source, Spans]
"""What exclusions have taken away of each signal (S6.4)."""


def left_of(source: Source, gone: Gone) -> Spans:
    """What is still there of a signal."""
    return less(source.spans, gone.get(source, []))


def shared(sources: list[Source], gone: Gone) -> Gone:
    """S6.22: what has no cause of its own goes where every impact in force there is gone."""
    impacts = [one for one in sources if one.kind == "impact"]
    in_force = tidy(span for one in impacts for span in one.spans)
    staying = tidy(span for one in impacts for span in left_of(one, gone))
    empty = less(in_force, staying)
    result: Gone = {}
    for one in sources:
        causeless = one.kind in ("window", "gap") or (one.kind == "failure" and one.marker == "own")
        if causeless:
            here = [span for span in less(one.spans, less(one.spans, empty)) if span]
            here = less(here, gone.get(one, []))
            if here:
                result[one] = here
    return result


def joined(one: Gone, other: Gone) -> Gone:
    """Both taken together."""
    return {key: tidy([*one.get(key, []), *other.get(key, [])]) for key in {**one, **other}}
