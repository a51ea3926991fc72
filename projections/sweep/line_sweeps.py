"""The lines of a view, swept: each once per terms, availability, service and what is visible there.

What nothing on a service names is swept once for all customers who are not named either. Lines are
kept up to a number, the least used go first, so memory does not grow with the lines.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from projections.calendar import Calendar, add_months, date_start, local_date
from projections.sweep import sweep
from projections.sweep.clauses import Asked, asked
from projections.sweep.disputes import rulings_of
from projections.sweep.exclusions import reports_of
from projections.sweep.figures import Figures
from projections.sweep.line_signals import LineSignals
from projections.sweep.maintenance_notice import maintenances_of
from projections.sweep.plan import Quota
from projections.sweep.scope import wide_view
from projections.sweep.signals import Signals, signals_of
from projections.sweep.spans import EMPTY, Spans

if TYPE_CHECKING:
    from projections.terms.parts import Part
    from projections.view import View

_KEPT = 64
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Modes:
    """A line in both modes; the same object where nothing is unknown (S6.80)."""

    signals: LineSignals
    best: Figures
    worst: Figures


@dataclass
class Sweeps:
    """All that a view has swept."""

    view: View
    _asked: dict[tuple[str, str], Asked] = field(default_factory=dict)
    _alike: dict[Asked, Asked] = field(default_factory=dict)
    _ones: set[int] = field(default_factory=set)
    _calendars: dict[str, str] = field(default_factory=dict)
    _modes: OrderedDict[tuple[Any, ...], Modes] = field(default_factory=OrderedDict)
    _hours: dict[tuple[str, str], tuple[int, int, Spans]] = field(default_factory=dict)
    _viewers: dict[Any, tuple[str | None, Mapping[str, Mapping[str, bool]]]] = field(
        default_factory=dict
    )
    _every_hours: list[Spans] = field(default_factory=list)
    """Kept for ever: sweeps are remembered by which hours they were cut with, by identity."""

    def asked(self, part: Part, availability: Any) -> Asked:
        """The availability as the sweep asks it; read once per terms.

        Terms that ask alike get the same object: another reading sweeps only what it touches.
        """
        key = part.terms.key, str(availability.id)
        if key not in self._asked:
            found = asked(part.terms.document, availability)
            self._asked[key] = self._one_of(found)
        return self._asked[key]

    def _one_of(self, question: Asked) -> Asked:
        """The one object that stands for all equal questions; comparing them whole is slow."""
        if id(question) in self._ones:
            return question
        found = self._alike.setdefault(question, question)
        self._ones.add(id(found))
        return found

    def _source(self, question: Asked) -> View:
        """The view that sees all that counts: under `view: everyone` other customers' too."""
        if self.view.customer is None or not question.everyone:
            return self.view
        return wide_view(self.view)

    def signals(self, question: Asked) -> Signals:
        """The signals that the availability looks at."""
        return signals_of(self._source(question))

    def modes(self, part: Part, question: Asked, line: str) -> Modes:
        """A line of a part's availability, swept over all time up to `at`."""
        viewer, rulings = self._viewer(part, question, line)
        hours = self.hours(part, question)
        key: tuple[Any, ...] = (
            id(self._one_of(question)), line, viewer, id(hours),
        )  # fmt: skip
        if any(one.quota is not None for one in question.exclusions) and not question.ratio:
            zone = str(part.terms.document.zones.period)
            key = (*key, part.subscription, part.span.life, zone)
        if key in self._modes:
            self._modes.move_to_end(key)
            return self._modes[key]
        made = self._sweep(part, question, line, viewer, rulings)
        self._modes[key] = made
        while len(self._modes) > _KEPT:
            self._modes.popitem(last=False)
        return made

    def _viewer(
        self, part: Part, question: Asked, line: str
    ) -> tuple[str | None, Mapping[str, Mapping[str, bool]]]:
        """The customer where anything here is named for them, else None: what everybody sees."""
        key = part.customer, line, self._source(question) is self.view
        if key not in self._viewers:
            self._viewers[key] = self._looked_for(part.customer, question, line)
        return self._viewers[key]

    def _looked_for(
        self, customer: str, question: Asked, line: str
    ) -> tuple[str | None, Mapping[str, Mapping[str, bool]]]:
        source = self._source(question)
        rulings = rulings_of(self.view).get(customer, {})
        on = signals_of(source).on(line)
        if rulings or customer in on.named or customer in maintenances_of(source).named(line):
            return customer, rulings
        return None, {}

    def _sweep(
        self,
        part: Part,
        question: Asked,
        line: str,
        viewer: str | None,
        rulings: Mapping[str, Mapping[str, bool]],
    ) -> Modes:
        source = self._source(question)
        signals = signals_of(source)
        told = LineSignals(
            question,
            signals,
            signals.on(line),
            reports_of(source),
            maintenances_of(source),
            viewer,
            rulings,
            self.view.as_of.at,
        )
        hours = self.hours(part, question)  # kept: the key holds its identity
        quotas, life = self._quotas(part, question)
        best = told.line(worst=False, open_hours=hours, quotas=quotas, life=life)
        figures = Figures(sweep(question.plan, best))
        if not told.has_unknown:
            return Modes(told, figures, figures)
        worst = told.line(worst=True, open_hours=hours, quotas=quotas, life=life)
        return Modes(told, figures, Figures(sweep(question.plan, worst)))

    def hours(self, part: Part, question: Asked) -> Spans | None:
        """The open hours of `measured_in`, None: always (S6.33)."""
        if question.calendar is None:
            return None
        key = self._calendars_of(part), question.calendar
        low, high = self._reach
        low, high = min(low, part.period.start), max(high, part.period.end)
        known = self._hours.get(key)
        if known is None or low < known[0] or known[1] < high:
            calendar = Calendar.compile(
                part.terms.document, question.calendar, self.view.holiday_sets
            )
            spans = Spans.of(calendar.open_intervals(low - 40 * _DAY, high + 40 * _DAY))
            self._hours[key] = known = (low, high, spans)
            self._every_hours.append(spans)
        return known[2]

    def _calendars_of(self, part: Part) -> str:
        """What open hours rest on in the part's terms, as text."""
        terms = part.terms
        if terms.key not in self._calendars:
            document = terms.document
            self._calendars[terms.key] = repr((document.zones, document.calendars))
        return self._calendars[terms.key]

    @cached_property
    def _reach(self) -> tuple[int, int]:
        """The time that anything measured lies in, as far as it is known: lives up to `at`."""
        starts = [span.start for span in self.view.agreements.spans]
        at = self.view.as_of.at
        return min([*starts, at]), at + 400 * _DAY

    def _quotas(self, part: Part, question: Asked) -> tuple[dict[int, Quota], Spans]:
        """The quotas with their accounts, and the life that they run over (S7.30)."""
        limited = [
            (number, one)
            for number, one in enumerate(question.exclusions, start=1)
            if one.quota is not None
        ]
        if not limited or question.ratio:  # S7.31
            return {}, EMPTY
        spans = [
            span
            for span in self.view.agreements.spans_of(part.subscription)
            if span.life == part.span.life
        ]
        life = Spans.of((span.start, span.end) for span in spans)
        zone = str(part.terms.document.zones.period)
        start, end = int(life.start[0]), min(int(life.end[-1]), self.view.as_of.at)
        found = {}
        for number, one in limited:
            assert one.quota is not None
            bounds = account_bounds(start, max(end, start + 1), zone, one.quota_per)
            found[number] = Quota(one.quota, bounds)
        return found, life


def account_bounds(
    start: int, end: int, zone: str, per: str
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The first instants of the calendar months or years of a zone after a start, to an end."""
    first = local_date(start, zone)
    at = date(first.year, first.month if per == "month" else 1, 1)
    bounds: list[int] = []
    while True:
        at = add_months(at, 1 if per == "month" else 12)
        bound = date_start(at, zone)
        if bound >= end:
            return np.array(bounds, dtype=np.int64)
        bounds.append(bound)


def sweeps_of(view: View) -> Sweeps:
    """The sweeps of a view: they lie with the view and go with it."""
    held = vars(view)
    if "sweeps" not in held:
        held["sweeps"] = Sweeps(view)
    found: Sweeps = held["sweeps"]
    return found
