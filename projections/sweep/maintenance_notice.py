"""Maintenance: which windows were announced, to whom, where, how long before (S7.10-S7.17)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from projections.sweep import maintenance_single
from projections.sweep.clauses import Exclusion, Notice, fits
from projections.sweep.maintenance_single import Single
from projections.sweep.scope import signal_facts
from projections.sweep.spans import Spans, joined
from schemas.instant import Interval, intersect, subtract, union

if TYPE_CHECKING:
    from projections.view import View

Published = tuple[int, int, int]
"""A stretch [start, end) of a channel's window and since when it was published there."""


@dataclass(frozen=True, slots=True)
class Step:
    """An announcement, a reschedule or a cancellation; `customers` None: all."""

    step: str
    services: frozenset[str]
    window: Interval | None
    kind: str | None
    channel: str | None
    customers: frozenset[str] | None
    has_reason: bool
    published_at: int


@dataclass
class Maintenances:
    """All maintenances of a view: those with one announcement as columns, the others by steps."""

    steps: dict[str, list[Step]]
    single: Single | None = None
    on: dict[str, list[str]] = field(default_factory=dict)
    _names: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, steps in self.steps.items():
            for service in frozenset().union(*(step.services for step in steps)):
                self.on.setdefault(service, []).append(name)

    def named(self, service: str) -> frozenset[str]:
        """The customers that some announcement for a service names."""
        if service not in self._names:
            self._names[service] = self._named(service)
        return self._names[service]

    def _named(self, service: str) -> frozenset[str]:
        alone: frozenset[str] = frozenset() if self.single is None else self.single.named(service)
        return alone.union(
            *(
                step.customers or ()
                for name in self.on.get(service, ())
                for step in self.steps[name]
            )
        )

    def windows(
        self, service: str, viewer: str | None, exclusion: Exclusion, *, everyone: bool
    ) -> Spans:
        """What an exclusion excuses of the announced windows, for one customer's line."""
        found = Spans.of(
            one
            for name in self.on.get(service, ())
            for one in excused(self.steps[name], service, viewer, exclusion, everyone=everyone)
        )
        if self.single is None:
            return found
        alone = self.single.windows(service, viewer, exclusion, everyone=everyone)
        return joined([found, alone])


def of_rows(rows: Iterable[Mapping[str, Any]], single: Single | None = None) -> Maintenances:
    """Maintenances from rows of `maintenance_step`, in their order."""
    steps: dict[str, list[Step]] = {}
    for row in rows:
        window = None
        if row["window_from"] is not None:
            window = Interval(row["window_from"], row["window_to"])
        step = Step(
            row["step"],
            _set(row["services"]) or frozenset(),
            window,
            row["kind"],
            row["channel"],
            _set(row["customers"]),
            bool(row["has_reason"]),
            row["effective_at"],
        )
        steps.setdefault(row["maintenance"], []).append(step)
    return Maintenances(steps, single)


def _set(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(json.loads(text))


def maintenances_of(view: View) -> Maintenances:
    """The maintenances of a view, read once."""
    held = vars(view)
    if "maintenances" not in held:
        table: pa.Table = view.ask("maintenance_step", signal_facts(view))
        order = [("maintenance", "ascending"), ("place", "ascending")]
        walked = maintenance_single.several(table).sort_by(order).to_pylist()
        alone = maintenance_single.of_table(maintenance_single.single(table))
        held["maintenances"] = of_rows(walked, alone)
    found: Maintenances = held["maintenances"]
    return found


def excused(
    steps: list[Step], service: str, viewer: str | None, exclusion: Exclusion, *, everyone: bool
) -> list[Interval]:
    """What one maintenance excuses; nothing where a test fails (S7.17)."""
    if any(step.step == "cancelled" for step in steps) or not tests_pass(steps, exclusion):
        return []
    seen = list(_reaching(steps, service, viewer, exclusion, everyone=everyone))
    if not seen:
        return []
    window = seen[-1].window
    assert window is not None
    if exclusion.notice == "none":
        return [window]
    channels = published(seen)
    if isinstance(exclusion.notice, Notice):
        return _noticed(channels, window, exclusion.notice)
    late = exclusion.maintenance == "emergency"
    return union(
        Interval(start, end)
        for stretches in channels.values()
        for start, end, since in _cut(stretches, window)
        if (since < end if late else since <= start)
    )


def tests_pass(steps: list[Step], exclusion: Exclusion) -> bool:
    """The `tests` of an exclusion on all announcements of a maintenance (S7.17)."""
    announced = [step for step in steps if step.step == "announced"]
    if exclusion.cause_recorded and not any(step.has_reason for step in announced):
        return False
    if exclusion.minimum_customers is None or any(step.customers is None for step in announced):
        return True
    named = frozenset().union(*(step.customers or () for step in announced))
    return len(named) >= exclusion.minimum_customers


def _reaching(
    steps: list[Step], service: str, viewer: str | None, exclusion: Exclusion, *, everyone: bool
) -> Iterator[Step]:
    """The publications that exist for this customer, service and exclusion (S7.10)."""
    reached = False
    for step in steps:
        if step.step == "announced":
            to_them = everyone or step.customers is None or viewer in step.customers
            if not (to_them and service in step.services and step.kind == exclusion.maintenance):
                continue
            reached = True
        if reached:
            yield step


def published(seen: Iterable[Step]) -> dict[str, list[Published]]:
    """Each channel's own current window, every stretch since its earliest publication (S7.12)."""
    channels: dict[str, list[Published]] = {}
    for step in seen:
        assert step.window is not None
        kept = _cut(channels.get(str(step.channel), []), step.window)
        fresh = subtract([step.window], union(Interval(start, end) for start, end, _ in kept))
        added = [(start, end, step.published_at) for start, end in fresh]
        channels[str(step.channel)] = _joined([*kept, *added])
    return channels


def _joined(stretches: list[Published]) -> list[Published]:
    """Stretches side by side that were published together made one."""
    found: list[Published] = []
    for start, end, since in sorted(stretches):
        if found and found[-1][1] == start and found[-1][2] == since:
            found[-1] = (found[-1][0], end, since)
        else:
            found.append((start, end, since))
    return found


def _cut(stretches: Iterable[Published], window: Interval) -> list[Published]:
    found = [
        (max(start, window.start), min(end, window.end), since) for start, end, since in stretches
    ]
    return [one for one in found if one[0] < one[1]]


def _noticed(
    channels: dict[str, list[Published]], window: Interval, notice: Notice
) -> list[Interval]:
    """The window in force where all or one of the channels have notice (S7.13).

    A stretch's notice is counted to its own start, also where the window in force begins later.
    """
    listed = sorted(notice.channels if notice.channels is not None else channels)
    sets = [
        union(
            Interval(start, end)
            for start, end, since in channels.get(name, [])
            if fits(notice.length, Fraction(start - since))
        )
        for name in listed
    ]
    common = [window]
    if not notice.every:
        return intersect(common, union(one for each in sets for one in each))
    for each in sets:
        common = intersect(common, each)
    return common
