"""Which terms bind (S3): versions, readings, overrides, and the parts of a period."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from tests.reference.business_time import Holidays
from tests.reference.intervals import FAR, Spans, both, holds, length, less, pieces, tidy
from tests.reference.knowing import Fact, Known, Problem
from tests.reference.periods import Life, Period, Spec, merged, periods_of
from tests.reference.subscriptions import State, Subscriptions
from tests.reference.terms_view import Document, chosen_options, lint_problems, resolved
from tests.reference.zones import first_instant, moment, zone_of


@dataclass(frozen=True, eq=False)
class Version:
    """One publication of a contract."""

    fact: Fact
    raw: dict[str, Any] = field(repr=False)
    force: int

    @property
    def name(self) -> str:
        """Its version."""
        return str(self.raw["version"])

    @property
    def key(self) -> tuple[str, str]:
        """What tells publications apart."""
        return (self.fact.event.source, self.fact.id)


@dataclass(frozen=True)
class Terms:
    """A contract version as it stands for one subscription (S3.10 to S3.14)."""

    document: Document = field(repr=False, hash=False, compare=False)
    contract: str
    version: str
    plan: str
    key: tuple[Any, ...]


@dataclass(frozen=True)
class Piece:
    """A stretch in which plan, version, overrides and customer hold still."""

    start: int
    end: int
    state: State
    version: Version


@dataclass(frozen=True, eq=False)
class Part:
    """S3.41 to S3.44: what is judged alone."""

    subscription: str
    customer: str
    period: Period
    period_coverage: Spans
    number: int
    coverage: Spans
    terms: Terms
    state: State

    @property
    def start(self) -> int:
        """The first covered instant."""
        return self.coverage[0][0]

    @property
    def end(self) -> int:
        """The exclusive end of the last stretch."""
        return self.coverage[-1][1]

    @property
    def id(self) -> tuple[str, str, str, int]:
        """What names a part."""
        return (self.subscription, self.period.zone, self.period.name, self.number)


@dataclass(frozen=True)
class Line:
    """S3.50: what an availability is measured on; id None: all of them together."""

    id: str
    kind: str
    is_resource: bool
    coverage: Spans


class Agreements:
    """Contracts, decisions and subscriptions of one pair of moments."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.subscriptions = Subscriptions(known)
        self.problems: set[Problem] = set(self.subscriptions.problems)
        self.contracts: dict[str, list[Version]] = {}
        for fact in known.of("contract.published"):
            raw = fact.get("terms")
            self.contracts.setdefault(fact.subject, []).append(
                Version(fact, raw, _takes_force(raw, fact.time))
            )
            self.problems |= lint_problems(raw, fact.subject)
        self.decided = known.of("interpretation.decided")
        self.holidays = Holidays(known.of("calendar.published"))
        self.sum_before_claims: Callable[[Part], Any] = lambda part: 0
        self._options_memo: dict[tuple[Any, ...], dict[str, set[str]]] = {}
        self._parts_memo: dict[tuple[str, str], list[Part]] = {}
        self._unknown_readings()
        self._cache: dict[tuple[Any, ...], tuple[Terms, list[tuple[str, str]]]] = {}
        self._of_states: dict[tuple[str, str, str], tuple[int, str]] = {}

    # S3.5 to S3.8

    def forces(self, contract: str) -> list[Version]:
        """The versions by the instant they take force; of two with the same the later in order."""
        by_instant = {version.force: version for version in self.contracts.get(contract, [])}
        return [by_instant[instant] for instant in sorted(by_instant)]

    def walk(self, contract: str, term_started: int) -> list[tuple[int, Version]]:
        """S3.6, S3.7: (from when, which version) for a term that starts then."""
        versions = self.forces(contract)
        before = [one for one in versions if one.force <= term_started]
        bound = before[-1] if before else None
        result = [(term_started, bound)] if bound is not None else []
        for other in versions:
            if other.force <= term_started:
                continue
            if bound is None or bound.raw["supersession"] == "on_notice":
                bound = other
                result.append((other.force, other))
        return result

    def pieces(self, subscription: str) -> list[Piece]:
        """The whole life in stretches with a bound version (S3.46), finest cut."""
        result = []
        for state in self.subscriptions.of(subscription):
            walked = self.walk(state.contract, state.term_started)
            for number, (begin, version) in enumerate(walked):
                end = walked[number + 1][0] if number + 1 < len(walked) else FAR
                start, end = max(begin, state.start), min(end, state.end)
                if start < end:
                    result.append(Piece(start, end, state, version))
        return result

    def piece_at(self, subscription: str, instant: int) -> Piece | None:
        """The stretch that holds an instant."""
        for one in self.pieces(subscription):
            if one.start <= instant < one.end:
                return one
        return None

    # S3.10 to S3.14

    def _options(self, version: Version, overrides: list[dict[str, Any]]) -> dict[str, set[str]]:
        key = (version.key, json.dumps(overrides, sort_keys=True))
        if key not in self._options_memo:
            self._options_memo[key] = chosen_options(version.raw, overrides)
        return self._options_memo[key]

    def readings(
        self, version: Version, overrides: list[dict[str, Any]], customer: str, moment_: int
    ) -> dict[str, str]:
        """S3.11: the decisions that hold for something that begins then."""
        options = self._options(version, overrides)
        result: dict[str, str] = {}
        for fact in self.decided:
            mine = fact.get("customer") in (None, customer)
            known = fact.get("chosen") in options.get(fact.get("interpretation"), set())
            if fact.subject == version.fact.subject and mine and known and fact.time <= moment_:
                result[fact.get("interpretation")] = fact.get("chosen")
        return result

    def _unknown_readings(self) -> None:
        """S3.11: one that names what the terms do not have."""
        for fact in self.decided:
            wanted, option = fact.get("interpretation"), fact.get("chosen")
            versions = self.contracts.get(fact.subject, [])
            known = any(option in self._options(one, []).get(wanted, set()) for one in versions)
            if not known:
                self.problems.add(
                    Problem(
                        "unknown_reading", fact.subject, f"{wanted} {option}", fact.get("customer")
                    )
                )

    def terms(self, piece: Piece, instant: int, zone_instant: int | None = None) -> Terms:
        """The terms of a stretch with the readings of an instant, zones with those of another."""
        state, version = piece.state, piece.version
        readings = self.readings(version, state.overrides, state.customer, instant)
        of_zones = (
            readings
            if zone_instant is None
            else self.readings(version, state.overrides, state.customer, zone_instant)
        )
        overrides = json.dumps(state.overrides, sort_keys=True)
        key = (
            version.key,
            state.plan,
            overrides,
            tuple(sorted(readings.items())),
            tuple(sorted(of_zones.items())),
        )
        if key not in self._cache:
            document, problems = resolved(
                version.raw, state.plan, readings, of_zones, state.overrides, self.holidays
            )
            told = [("override", detail) for detail in problems]
            if state.plan not in version.raw.get("plans", {}):
                told.append(("unknown_plan", state.plan))
            terms = Terms(document, state.contract, version.name, state.plan, key)
            self._cache[key] = terms, told
        terms, told = self._cache[key]
        for kind, detail in told:  # one row for all states; its customer is that of the first
            name = (kind, state.subscription, detail)
            first = self._of_states.get(name, (state.start, state.customer))
            self._of_states[name] = min(first, (state.start, state.customer))
        return terms

    def every_problem(self) -> set[Problem]:
        """Those of the agreements themselves, and of the terms that were asked for."""
        of_states = {Problem(*name, customer) for name, (_, customer) in self._of_states.items()}
        return self.problems | of_states

    # S3.30 to S3.46

    def lives(self, subscription: str) -> list[Life]:
        """The lives, each with the billing day that a cycle beginning at an instant takes."""

        def day_at(life: int, instant: int) -> int | None:
            state = self.subscriptions.at(subscription, instant)
            if state is None or state.life != life:
                state = next(one for one in self.subscriptions.of(subscription) if one.life == life)
            day = state.data["billing_day"]
            return None if day is None else int(day)

        def life(number: int, start: int, end: int) -> Life:
            return Life(number, start, end, lambda instant: day_at(number, instant))

        return [life(*one) for one in self.subscriptions.lives(subscription)]

    def claim_times(self, subscription: str) -> list[int]:
        """S3.36: the moments of the claims that are not withdrawn."""
        gone = {fact.subject for fact in self.known.of("claim.withdrawn")}
        return [
            fact.time
            for fact in self.known.of("claim.submitted")
            if fact.get("subscription") == subscription and fact.subject not in gone
        ]

    def parts(self, subscription: str, month: str) -> list[Part]:
        """The parts of every period that is stated with the month and has begun (S3.46)."""
        if (subscription, month) not in self._parts_memo:
            self._parts_memo[subscription, month] = []  # none while terms are tried (S3.44)
            self._parts_memo[subscription, month] = self._parts_of(subscription, month)
        return self._parts_memo[subscription, month]

    def calendar_month(self, subscription: str, month: str) -> list[Part]:
        """The parts of the month itself, whether any clause goes by it or not (I4)."""
        found = self._parts_of(subscription, month, {("month",)})
        return [part for part in found if part.period.spec == ("month",)]

    def _parts_of(
        self, subscription: str, month: str, also: Iterable[Spec] = ()
    ) -> list[Part]:
        all_pieces = self.pieces(subscription)
        lives = self.lives(subscription)
        found: dict[tuple[Spec, str], list[Part]] = {}
        for spec, zone in sorted(self._kinds(all_pieces, also), key=str):
            claimed = self.claim_times(subscription)
            for period, coverage in merged(periods_of(spec, zone, month, lives, claimed), lives):
                several = found.setdefault((spec, period.name), [])
                several.extend(self._parts(subscription, period, coverage, all_pieces))
        months = any(document.rights for document in self._documents(all_pieces))
        always = {("month",)} if months else set(also)  # S8.111: whatever terms it was under
        return [
            part
            for several in found.values()
            for part in self._numbered(several)
            if part.start < self.known.at
            and part.period.spec in part.terms.document.period_specs() | always
        ]

    @staticmethod
    def _numbered(several: list[Part]) -> list[Part]:
        """S3.41: 1, 2, ...; where the zone changes, periods of one name are numbered together.

        Else two parts of one name could have one number, and I3 lets no two rows have equal keys.
        """
        zones = {part.period.zone for part in several}
        if len(zones) < 2:
            return several
        ordered = sorted(several, key=lambda part: part.start)
        return [replace(part, number=number) for number, part in enumerate(ordered, start=1)]

    def _documents(self, all_pieces: list[Piece]) -> Iterator[Document]:
        """What was agreed, by the readings of every moment."""
        for piece in all_pieces:
            for instant in {-FAR, *(fact.time for fact in self.decided)}:
                yield self.terms(piece, instant, instant).document

    def _kinds(self, all_pieces: list[Piece], also: Iterable[Spec]) -> set[tuple[Spec, str]]:
        """Every kind of period and every zone that some reading of some terms gives."""
        specs: set[Spec] = set(also)
        zones: set[str] = set()
        for document in self._documents(all_pieces):
            specs |= document.period_specs()
            zones.add(document.period_zone)
        return {(spec, zone) for spec in specs for zone in zones}

    def _parts(
        self, subscription: str, period: Period, coverage: Spans, all_pieces: list[Piece]
    ) -> list[Part]:
        """S3.41 to S3.45. S3.12: zones are read where the period would start in UTC."""
        inside = [one for one in all_pieces if both([(one.start, one.end)], coverage)]
        if not inside:
            return []
        utc = first_instant(period.first, "UTC")
        covered = both(coverage, tidy((one.start, one.end) for one in inside))
        last = inside[-1]
        word = self.terms(last, max(last.start, covered[0][0]), utc).document.plan_change
        runs = self._runs(inside, covered) if word == "cut" else [(covered, last)]
        result = []
        for number, (spans, piece) in enumerate(runs, start=1):
            terms = self.terms(piece, spans[0][0], utc)
            part = Part(
                subscription,
                piece.state.customer,
                period,
                coverage,
                number,
                spans,
                terms,
                self._last_state(piece, spans),
            )
            result.append(self._best(part, inside, utc) if word == "whole_period_best" else part)
        return [one for one in result if one.terms.document.period_zone == period.zone]

    def _last_state(self, piece: Piece, spans: Spans) -> State:
        state = self.subscriptions.at(piece.state.subscription, spans[-1][1] - 1)
        return state if state is not None else piece.state

    def _runs(self, inside: list[Piece], covered: Spans) -> list[tuple[Spans, Piece]]:
        """S3.41: cut where plan, contract, version, overrides, customer or the life change."""

        def key(instant: int) -> object:
            piece = next(one for one in inside if one.start <= instant < one.end)
            state = piece.state
            return (
                state.plan,
                state.contract,
                piece.version.key,
                state.overrides,
                state.customer,
                state.life,
            )

        edges = [edge for one in inside for edge in (one.start, one.end)]
        result = []
        for start, end in pieces(edges, covered, key):
            of_it = [one for one in inside if one.start < end and start < one.end]
            result.append(([(start, end)], of_it[-1]))
        return result

    def _best(self, part: Part, inside: list[Piece], utc: int) -> Part:
        """S3.44: each of the terms that held is tried; the largest sum of credits is taken."""
        best: tuple[Any, Part] | None = None
        for piece in inside:
            terms = self.terms(piece, part.start, utc)
            tried = Part(
                part.subscription,
                part.customer,
                part.period,
                part.period_coverage,
                part.number,
                part.coverage,
                terms,
                part.state,
            )
            total = self.sum_before_claims(tried)
            if best is None or total >= best[0]:  # ties: the latest
                best = (total, tried)
        assert best is not None
        return best[1]

    def lines(self, part: Part, services: Iterable[str]) -> list[Line]:
        """S3.50, S3.51: the services held and the resources of their kinds, each with its time."""
        return lines_within(self, part, part.coverage, list(services))


def lines_within(
    agreements: Agreements, part: Part, within: Spans, services: list[str]
) -> list[Line]:
    """The lines of a part, each with its coverage within the given time, by id."""
    of = agreements.subscriptions
    zone = part.terms.document.period_zone
    result = []
    for service in dict.fromkeys(services):
        spans = both(of.service_coverage(part.subscription, service), within)
        if spans:
            result.append(Line(service, service, False, spans))
    for name, several in of.resources(part.subscription, zone).items():
        spans = both(
            tidy(span for one in several if one.kind in services for span in one.coverage), within
        )
        if spans:
            kind = next(one.kind for one in several if one.kind in services)
            result.append(Line(name, kind, True, spans))
    return sorted(result, key=lambda line: line.id)


@lru_cache(maxsize=1024)
def _force(text: str, zone: str) -> int:
    return moment(text, zone)


def _takes_force(raw: dict[str, Any], published: int) -> int:
    """S3.5: a date is its first instant in the period zone, in UTC where that is a wrapper."""
    text = (raw.get("effective") or {}).get("from")
    if text is None:
        return published
    zone = (raw.get("zones") or {}).get("period")
    zone = zone if isinstance(zone, str) and zone_of(zone) else "UTC"
    return _force(str(text), zone)


__all__ = ["Agreements", "Line", "Part", "Piece", "Terms", "Version", "holds", "length", "less"]
