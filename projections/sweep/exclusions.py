"""Exclusions are tests (S7): what each proves on one line, as the sweep is told it.

A cause proves the painted parts of impacts, an upstream marker the marked failures while the
probes that it requires are up, maintenance its noticed windows; disputes grant and withdraw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from projections.sweep.clauses import Exclusion, Reports
from projections.sweep.maintenance_notice import Maintenances
from projections.sweep.plan import Proof
from projections.sweep.signals import FAR, Failure, OnService
from projections.sweep.spans import EMPTY, Spans, joined

if TYPE_CHECKING:
    from projections.view import View

ALL_TIME = Spans(np.array([-FAR], dtype=np.int64), np.array([FAR], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Report:
    """What a party said of a component, and its next report on the same one (S7.27)."""

    component: str | None
    state: str
    published_at: int
    claimed_from: int | None
    claimed_to: int | None
    next_at: int | None


PartyReports = Mapping[str, Sequence[Report]]


def reports_of(view: View) -> PartyReports:
    """What every party reported, read once."""
    held = vars(view)
    if "party_reports" not in held:
        held["party_reports"] = by_party(view.ask("party_report").to_pylist())
    found: PartyReports = held["party_reports"]
    return found


def by_party(rows: Iterable[Mapping[str, Any]]) -> PartyReports:
    """Reports from rows of `party_report`."""
    found: dict[str, list[Report]] = {}
    for row in rows:
        report = Report(
            row["component"],
            row["state"],
            row["effective_at"],
            row["claimed_from"],
            row["claimed_to"],
            row["next_at"],
        )
        found.setdefault(row["party"], []).append(report)
    return found


def reporting(reports: Sequence[Report], asked: Reports) -> Spans:
    """While a party reports a listed state on a listed component (S7.27, S7.28)."""
    spans = []
    for one in reports:
        listed = asked.components is None or one.component in asked.components
        if one.state not in asked.states or not listed:
            continue
        end = FAR if one.next_at is None else one.next_at
        start = one.published_at
        if asked.claimed:
            start = start if one.claimed_from is None else one.claimed_from
            end = end if one.claimed_to is None else one.claimed_to
        spans.append((start, end))
    return Spans.of(spans)


@dataclass
class Tests:
    """The exclusions of one line, as one customer sees it, in one mode (S6.80).

    `ruled` are the rulings of the customer's disputes by incident; `hit` gives the whole impact
    of an incident on this line.
    """

    exclusions: tuple[Exclusion, ...]
    on: OnService
    failures: Sequence[Failure]
    reports: PartyReports
    maintenances: Maintenances
    viewer: str | None
    everyone: bool
    gaps_fail: bool
    ruled: Mapping[str, Mapping[str, bool]]
    hit: Mapping[str, Spans]

    def __post_init__(self) -> None:
        self._reporting: dict[tuple[str, str], Spans] = {}

    def impact(
        self, cause: str | None, party: str | None, incident: str | None
    ) -> tuple[Proof, ...]:
        """When each exclusion takes an impact away; `incident` only where disputes ruled on it."""
        ruled = self.ruled.get(incident, {}) if incident is not None else {}
        return tuple(
            self._of_impact(one, cause, party, ruled.get(one.id)) for one in self.exclusions
        )

    def _of_impact(
        self, one: Exclusion, cause: str | None, party: str | None, granted: bool | None
    ) -> Proof:
        if granted is not None:
            return granted  # S7.41; withdrawn, no other kind takes impacts either
        if one.kind != "cause" or cause is None or one.cause != cause:
            return False
        if one.parties is not None and party not in one.parties:
            return False
        if one.reports is None:
            return True
        if party is None:  # a missing party fails (S7.1)
            return False
        key = one.id, party
        if key not in self._reporting:
            self._reporting[key] = reporting(self.reports.get(party, ()), one.reports)
        return self._reporting[key]

    def upstream(self) -> tuple[Proof, ...]:
        """When each exclusion takes failures marked `upstream` away (S7.20, S7.22)."""
        return tuple(
            self._up(one) if one.kind == "upstream_marker" else False for one in self.exclusions
        )

    def _up(self, one: Exclusion) -> Proof:
        broken = [
            Spans.union(failure.start, failure.end)
            for failure in self.failures
            if failure.probe in one.requires_up
        ]
        if self.gaps_fail:
            broken += [self.on.gaps[name] for name in one.requires_up if name in self.on.gaps]
        not_proven = joined([*broken, self._withdrawn(one)])
        return True if not len(not_proven.start) else ALL_TIME.minus(not_proven)

    def _withdrawn(self, one: Exclusion) -> Spans:
        """The impacts of incidents for which disputes withdrew an exclusion (S7.41)."""
        return joined(
            [
                self.hit[incident]
                for incident, ruled in self.ruled.items()
                if ruled.get(one.id) is False and incident in self.hit
            ]
        )

    def windows(self) -> tuple[Spans, ...]:
        """The noticed windows of each exclusion (S7.10 to S7.17)."""
        return tuple(self._windows(one) for one in self.exclusions)

    def _windows(self, one: Exclusion) -> Spans:
        if one.kind != "maintenance":
            return EMPTY
        found = self.maintenances.windows(self.on.service, self.viewer, one, everyone=self.everyone)
        return found.minus(self._withdrawn(one))
