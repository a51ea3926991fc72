"""Signals: what happened on each service, read once per view, sorted by service (S6.10-S6.23).

`Signals` holds the columns of the relations `impact_painted`, `failure`, `data_gap` and `counted`
as arrays; `on(service)` is one service's share of them. Who sees what is decided there: a customer
that nothing on the service names sees what everybody sees, so a thousand such customers share one
line. Instants are microseconds; FAR stands for what is not ended.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.sweep.painting import painted
from projections.sweep.scope import incident_facts, signal_facts
from projections.sweep.spans import Spans, Truth, Whole

if TYPE_CHECKING:
    from projections.view import View

FAR = 2**62
SHARE_ONE = 10**12
"""A share of 1: shares are counted in 10^-12 (E4)."""
Codes = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Impacts:
    """Stretches of impacts on one service: level 0 outage, 1 degraded; codes into the tables."""

    start: Whole
    end: Whole
    level: Whole
    share: Whole
    reach: Whole
    cause: Whole
    party: Whole
    incident: Whole


@dataclass(frozen=True, slots=True)
class Failure:
    """Stretches of one probe's failure as one customer's (None: everybody's), by marker."""

    probe: str
    customer: str | None
    marker: str
    start: Whole
    end: Whole


@dataclass(frozen=True, slots=True)
class Counts:
    """The windows of one counter as one customer's (None: everybody's)."""

    counter: str
    customer: str | None
    start: Whole
    end: Whole
    total: Whole
    failed: Whole


@dataclass(frozen=True, slots=True)
class OnService:
    """All signals of one service."""

    service: str
    impacts: Impacts
    failures: tuple[Failure, ...]
    counts: tuple[Counts, ...]
    gaps: Mapping[str, Spans]
    own_probes: Mapping[tuple[str, str], int]
    own_counters: Mapping[tuple[str, str], int]
    named: frozenset[str]

    def failures_of(self, viewer: str | None, *, everyone: bool) -> list[Failure]:
        """The failures that count for a customer (S6.15)."""
        found = []
        for one in self.failures:
            if everyone or (one.customer is not None and one.customer == viewer):
                found.append(one)
            elif one.customer is None:
                until = self.own_probes.get((one.probe, viewer or ""), FAR)
                end = np.minimum(one.end, until)
                keep = one.start < end
                if keep.any():
                    found.append(Failure(one.probe, None, one.marker, one.start[keep], end[keep]))
        return found

    def counts_of(self, viewer: str | None, *, everyone: bool) -> list[Counts]:
        """The counted windows that count for a customer (S6.17)."""
        found = []
        for one in self.counts:
            if everyone or (one.customer is not None and one.customer == viewer):
                found.append(one)
            elif one.customer is None:
                until = self.own_counters.get((one.counter, viewer or ""), FAR)
                keep = one.start < until
                if keep.any():
                    columns = (one.start, one.end, one.total, one.failed)
                    found.append(Counts(one.counter, None, *(each[keep] for each in columns)))
        return found


@dataclass
class Signals:
    """All signals of a view.

    The tables give what the codes of `Impacts` mean; `reaches[code]` is None for all customers.
    """

    causes: Codes
    parties: Codes
    reaches: tuple[frozenset[str] | None, ...]
    incidents: pa.Array
    impacts: Impacts
    bounds: dict[str, tuple[int, int]]
    tables: Mapping[str, pa.Table]
    _known: dict[str, OnService] = field(default_factory=dict)

    def on(self, service: str) -> OnService:
        """The signals of one service."""
        if service not in self._known:
            self._known[service] = self._read(service)
        return self._known[service]

    def _read(self, service: str) -> OnService:
        low, high = self.bounds.get(service, (0, 0))
        mine = Impacts(*(getattr(self.impacts, name)[low:high] for name in Impacts.__slots__))
        failures = tuple(
            Failure(probe, customer, marker, _column(rows, "start_at"), _column(rows, "end_at"))
            for (probe, customer, marker), rows in self._groups(
                "failure", service, ("probe", "customer", "marker")
            )
        )
        windows = ("from_at", "to_at", "total", "failed")
        counts = tuple(
            Counts(counter, customer, *(_column(rows, name) for name in windows))
            for (counter, customer), rows in self._groups(
                "counted", service, ("counter", "customer")
            )
        )
        gaps = {
            key[0]: Spans.union(_column(rows, "start_at"), _column(rows, "end_at"))
            for key, rows in self._groups("data_gap", service, ("source",))
        }
        own_probes = self._own("own_probe", service, "probe")
        own_counters = self._own("own_counter", service, "counter")
        named = {name for _, name in (*own_probes, *own_counters)}
        for code in np.unique(mine.reach).tolist():
            named |= self.reaches[code] or frozenset()
        return OnService(
            service, mine, failures, counts, gaps, own_probes, own_counters, frozenset(named)
        )

    @cached_property
    def _slices(self) -> dict[str, dict[str, tuple[int, int]]]:
        return {name: _bounds(table.column("service")) for name, table in self.tables.items()}

    def _share(self, name: str, service: str) -> pa.Table:
        low, high = self._slices[name].get(service, (0, 0))
        return self.tables[name].slice(low, high - low)

    def _groups(
        self, name: str, service: str, keys: tuple[str, ...]
    ) -> list[tuple[tuple[Any, ...], pa.Table]]:
        return _groups(self._share(name, service), keys)

    def _own(self, name: str, service: str, what: str) -> dict[tuple[str, str], int]:
        return {
            (row[what], row["customer"]): row["own_from"]
            for row in self._share(name, service).to_pylist()
        }

    def of_incident(self, incident: str) -> Whole:
        """The places of an incident's impacts in the arrays."""
        found = pc.index_in(pa.array([incident]), value_set=self.incidents)[0].as_py()
        if found is None:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(self.impacts.incident == found)

    def by_service(self, places: Whole) -> dict[str, Whole]:
        """Places in the arrays, by the service they belong to."""
        found: dict[str, Whole] = {}
        if not len(places):
            return found
        starts = sorted((low, service) for service, (low, _) in self.bounds.items())
        lows = np.array([low for low, _ in starts], dtype=np.int64)
        of = np.searchsorted(lows, places, side="right") - 1
        for number in np.unique(of).tolist():
            found[starts[number][1]] = places[of == number]
        return found


RELATIONS = ("failure", "counted", "data_gap", "own_probe", "own_counter")


def signals_of(view: View) -> Signals:
    """The signals of a view: read once, they lie with the view and go with it."""
    held = vars(view)
    if "signals" not in held:
        held["signals"] = _fetch(view, signal_facts(view))
    found: Signals = held["signals"]
    return found


def signals_of_incident(view: View, incident: str) -> Signals:
    """The signals of one incident on any service, whoever holds it."""
    if view.customer is None:
        return signals_of(view)
    return _fetch(view, incident_facts(view, incident))


def _fetch(view: View, facts: Mapping[str, pa.Table]) -> Signals:
    tables = {name: view.ask(name, facts).sort_by("service") for name in RELATIONS}
    rows = view.ask("impact_painted", facts)
    several: list[dict[str, Any]] = []
    if pc.any(pc.greater(rows.column("paints"), 1)).as_py():
        several = view.ask("painting", facts).sort_by("place").to_pylist()
    return made(rows, several, tables)


def made(
    rows: pa.Table, paintings: Sequence[Mapping[str, Any]], tables: Mapping[str, pa.Table]
) -> Signals:
    """Signals from the rows of the relations; `paintings` are the rows of `painting` by place."""
    table = painted(rows, paintings)
    table = table.sort_by([("service", "ascending"), ("start_at", "ascending")])
    reach, reaches = _coded(table.column("customers"))
    cause, causes = _coded(table.column("cause"))
    party, parties = _coded(table.column("party"))
    incident = table.column("incident").combine_chunks().dictionary_encode()
    impacts = Impacts(
        _column(table, "start_at"),
        _column(table, "end_at"),
        pc.equal(table.column("impact"), "degraded").cast(pa.int64()).to_numpy(),
        _column(table, "share_e12"),
        reach,
        cause,
        party,
        incident.indices.to_numpy(zero_copy_only=False).astype(np.int64),
    )
    sets = tuple(None if text is None else frozenset(json.loads(text)) for text in reaches)
    return Signals(
        causes,
        parties,
        sets,
        incident.dictionary,
        impacts,
        _bounds(table.column("service")),
        tables,
    )


def _coded(column: pa.ChunkedArray) -> tuple[Whole, Codes]:
    """A text column as codes; null is a value like others."""
    coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, tuple(coded.dictionary.to_pylist())


def _column(table: pa.Table, name: str) -> Whole:
    """A column of instants or counts; null is FAR."""
    column = pc.fill_null(table.column(name), FAR).cast(pa.int64())
    return np.asarray(column.to_numpy(), dtype=np.int64)


def _bounds(column: pa.ChunkedArray) -> dict[str, tuple[int, int]]:
    """Where each value of a sorted column begins and ends."""
    if not len(column):
        return {}
    coded = column.combine_chunks().dictionary_encode()
    codes = coded.indices.to_numpy(zero_copy_only=False)
    first = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))
    behind = [*first[1:].tolist(), len(codes)]
    names = coded.dictionary.to_pylist()
    return {
        names[codes[low]]: (low, high) for low, high in zip(first.tolist(), behind, strict=True)
    }


def _groups(table: pa.Table, keys: tuple[str, ...]) -> list[tuple[tuple[Any, ...], pa.Table]]:
    """The rows of each combination of some columns, in the order of their first row."""
    if not table.num_rows:
        return []
    columns = [_coded(table.column(name)) for name in keys]
    stacked = np.stack([codes for codes, _ in columns])
    combined, place = np.unique(stacked, axis=1, return_inverse=True)
    found = []
    for number in range(combined.shape[1]):
        key = tuple(
            names[code] for (_, names), code in zip(columns, combined[:, number], strict=True)
        )
        found.append((key, table.filter(pa.array(place.reshape(-1) == number))))
    return found


def reaching(signals: Signals, impacts: Impacts, viewer: str | None, *, everyone: bool) -> Truth:
    """Which impacts count for a customer (S6.12)."""
    sees = np.array(
        [everyone or one is None or viewer in one for one in signals.reaches], dtype=np.bool_
    )
    return sees[impacts.reach] if len(sees) else np.zeros(len(impacts.reach), dtype=np.bool_)
