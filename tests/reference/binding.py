"""Which terms bind (S3.5 to S3.14): versions, readings, overrides."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tests.reference.business_time import Holidays
from tests.reference.intervals import FAR
from tests.reference.knowing import Fact, Known, Problem
from tests.reference.subscriptions import State, Subscriptions
from tests.reference.terms_view import Document, chosen_options, lint_problems, resolved
from tests.reference.zones import moment, zone_of


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


class Binding:
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
        self._options_memo: dict[tuple[Any, ...], dict[str, set[str]]] = {}
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
