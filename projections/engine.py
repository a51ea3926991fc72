"""The engine: verified segments in, any relation as of any pair of moments out.

`Engine` holds what one snapshot of a ledger holds and never changes; a `View` is the engine as of
two moments (S2.1), perhaps for one customer. A view asks relations (`ask`) and remembers the steps
of Python by the hash of what went in (`cached`), so that other moments and other readings pay only
for what they touch.
"""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4
from weakref import WeakKeyDictionary

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from projections import chain, voids
from projections.calendar.counted_dates import counted_dates
from projections.calendar.spec import HolidaySet, published_sets
from projections.entry_columns import as_entries
from projections.facts import Fact, facts_of
from projections.held import Held, of_snapshot, of_table
from projections.supposition import AS_IT_IS, Supposition
from projections.terms import Agreements
from schemas.instant import AsOf

if TYPE_CHECKING:
    from fractions import Fraction

    from ledger.reader import Snapshot
    from projections.mirror import Mirror
    from projections.sweep.disputes import Rulings
    from projections.terms.parts import Part

T = TypeVar("T")
MEMORY = "320MB"
"""What a question may hold at a time; large sorts go to temporary files beyond it."""
SMALL = 20_000
"""Entries up to which a ledger is read once, and the facts of a view are worked out once."""
_BATCH = 8_192
"""Rows at a time of what is streamed."""
_PARTS = 4
"""Customers whose part of a mirror is kept at hand."""
_REMEMBERED = 512
"""Steps kept by an engine; the oldest used goes first."""
_UNTOUCHED = (
    "voids", "_tickets", "_told", "holiday_sets", "known_at_seen", "declared", "signals",
    "signal_facts", "signals_for", "wide_view", "maintenances", "party_reports", "rulings",
    "sweeps", "left_open",
)  # fmt: skip
"""What a view holds that rests on no reading: facts, and lines each under its own question."""


class Engine:
    """All entries of one snapshot, ready to be asked."""

    def __init__(
        self, snapshot: Snapshot | Held, mirror: Mirror | None = None, *, memory: str = MEMORY
    ) -> None:
        self._mirror = mirror
        self._parts: OrderedDict[str, Held | None] = OrderedDict()
        self._at_hand: WeakKeyDictionary[Held, pa.Table] = WeakKeyDictionary()
        self.held = snapshot if isinstance(snapshot, Held) else of_snapshot(snapshot)
        self._lock = RLock()
        self._steps: OrderedDict[tuple[str, Any], Any] = OrderedDict()
        self._connection = duckdb.connect()
        self._connection.execute("set parquet_metadata_cache = true")
        self._connection.execute("set preserve_insertion_order = false")
        self._connection.execute(f"set memory_limit = '{memory}'")
        own = Path(tempfile.gettempdir()) / f"sla-ledger-{uuid4()}"
        # DuckDB makes this folder when it first needs it, and takes it away again; the names of
        # its files are the same in every process.
        self._connection.execute("set temp_directory = $1::varchar", [str(own)])

    @classmethod
    def of_tables(cls, entries: pa.Table | Iterable[Mapping[str, Any]]) -> Engine:
        """An engine over decoded rows at hand, without a ledger (columns: `entry_columns`)."""
        return cls(of_table(as_entries(entries)))

    @property
    def latest_recorded_at(self) -> int | None:
        """The greatest recorded time of all, the `known_at` of who names none (S2.2)."""
        return max((log.last_recorded_at for log in self.held.logs if log.entries), default=None)

    def tables(self, held: Held) -> Mapping[str, pa.Table]:
        """What every chain is given: the tables held, and few entries themselves, read once."""
        if held.weight > SMALL or "entry" in held.tables:
            return held.tables

        found = self._at_hand.get(held)
        if found is None:
            asked = chain.compose("entry", held.tables, instead=held.instead)
            bound = {name: held.parameters[name] for name in asked.parameters}
            found = self._at_hand[held] = self.run(asked, bound, held.tables)
        return {**held.tables, "entry": found}

    def view(
        self, as_of: AsOf, customer: str | None = None, suppose: Supposition = AS_IT_IS
    ) -> View:
        """The answers as of two moments; `customer` leaves other customers' tickets out.

        `suppose` names readings that hold instead of the chosen ones.
        """
        plain = View(self, as_of, customer, self._part(customer))
        return plain.supposing(suppose) if suppose.readings else plain

    def _part(self, customer: str | None) -> Held | None:
        """What a question for one customer reads, where a mirror has it apart."""
        if customer is None or self._mirror is None or self.held.instead:
            return None
        with self._lock:
            if customer not in self._parts:
                self._parts[customer] = self._mirror.part(self, customer)
                while len(self._parts) > _PARTS:
                    self._parts.popitem(last=False)
            return self._parts[customer]

    def with_entries(self, left_out: pa.Table, more: pa.Table) -> Engine:
        """An engine as if some events were not there (`source`, `event_id`) and others were.

        The entries `more` have the columns of `entry`. The ledger stays as it is.
        """
        return Engine(self.held.with_entries(left_out, more))

    def run(
        self, asked: chain.Chain, parameters: Mapping[str, Any], tables: Mapping[str, pa.Table]
    ) -> pa.Table:
        """Ask a chain. Raises ChainError for a parameter that is missing or unused."""
        bound = chain.checked(asked, parameters)
        try:
            return self._run(asked, bound, tables)
        except duckdb.OutOfMemoryException:
            # Not everything can go to files; an answer is worth more than the bound.
            self._connection.execute("reset memory_limit")
            return self._run(asked, bound, tables)

    def _run(
        self, asked: chain.Chain, bound: Mapping[str, Any], tables: Mapping[str, pa.Table]
    ) -> pa.Table:
        with self._lock:
            cursor = self._connection.cursor()
        try:
            for name in asked.tables:
                cursor.register(name, tables[name])
            return cursor.sql(asked.sql, params=bound).to_arrow_table()
        finally:
            cursor.close()

    @contextmanager
    def stream(
        self, asked: chain.Chain, parameters: Mapping[str, Any], tables: Mapping[str, pa.Table]
    ) -> Iterator[pa.RecordBatchReader]:
        """A chain's rows, some at a time, for what is too large to be held."""
        bound = chain.checked(asked, parameters)
        with self._lock:
            cursor = self._connection.cursor()
        try:
            for name in asked.tables:
                cursor.register(name, tables[name])
            yield cursor.sql(asked.sql, params=bound).to_arrow_reader(_BATCH)
        finally:
            cursor.close()

    def cached(self, step: str, inputs: Any, work: Callable[[], T]) -> T:
        """What a step gives for these inputs (hashable); worked out once."""
        key = step, inputs
        with self._lock:
            if key in self._steps:
                self._steps.move_to_end(key)
                found: T = self._steps[key]
                return found
        found = work()
        with self._lock:
            self._steps[key] = found
            while len(self._steps) > _REMEMBERED:
                self._steps.popitem(last=False)
        return found


class View:
    """The engine as of (`known_at`, `at`), for everybody or for one customer."""

    def __init__(
        self,
        engine: Engine,
        as_of: AsOf,
        customer: str | None = None,
        held: Held | None = None,
        *,
        of_all: bool = False,
    ) -> None:
        self.engine = engine
        self._of_all = of_all
        self.held = engine.held if held is None else held
        self.as_of = as_of
        self.customer = customer
        self.ledger_version: int | None = None
        self.subscriptions: frozenset[str] | None = None
        """Whose parts are asked; None: everybody's."""

    def supposing(
        self,
        supposition: Supposition,
        subscriptions: frozenset[str] | None = None,
        *,
        same_clocks: bool = False,
    ) -> View:
        """The same moments under other readings, for some subscriptions alone where named.

        What this view has read or swept and no reading touches is taken over; the clocks too where
        the caller knows that the readings touch none.
        """
        other = View(self.engine, self.as_of, self.customer, self.held)
        held = vars(self)
        vars(other).update({name: held[name] for name in _UNTOUCHED if name in held})
        vars(other)["agreements"] = self.agreements.supposing(supposition)
        if same_clocks:
            vars(other)["_clocks"] = self._clocks
        other.subscriptions = subscriptions
        return other

    def ruled(self, rulings: Rulings, subscriptions: frozenset[str]) -> View:
        """The same moments, for some subscriptions, as if disputes had been decided so (S7.40).

        No clock and no agreement rests on a ruling; every line is swept again.
        """
        other = self.supposing(AS_IT_IS, subscriptions, same_clocks=True)
        vars(other).pop("sweeps", None)
        vars(other).update({"agreements": self.agreements, "rulings": rulings})
        return other

    def ask(
        self, relation: str, tables: Mapping[str, pa.Table] | None = None, **parameters: Any
    ) -> pa.Table:
        """A relation's rows, in no order.

        `tables` stand for relations of their names; `parameters` are those beyond the moments, the
        customer and the files. Raises ChainError for a name or a parameter that is missing, and
        for a parameter that no relation of the chain takes.
        """
        given = {**self.engine.tables(self.held), **(tables or {})}
        composed = self._composed(relation, given)
        wanted = composed.parameters - parameters.keys()
        bottom = self._bottom()
        if not wanted <= bottom.keys():
            bottom |= self.held.parameters
        bound = {name: value for name, value in bottom.items() if name in wanted}
        return self.engine.run(composed, {**bound, **parameters}, given)

    def _composed(self, relation: str, given: dict[str, pa.Table]) -> chain.Chain:
        """The chain of a relation; tables of steps that it reads go to `given`, unless there."""
        steps: dict[str, Callable[[], pa.Table]] = {"void": lambda: self.voids.table}
        instead = dict(self.held.instead)
        if self.customer is not None:
            instead["scope"] = "scope_customer"
            if relation != "ticket_in_scope":
                steps["ticket_in_scope"] = lambda: self._tickets
        if self._small and relation != "fact":
            steps["fact"] = lambda: self._facts
        composed = chain.compose(relation, {*given, *steps}, instead=instead)
        for name in composed.tables - given.keys():
            given[name] = steps[name]()
        return composed

    @cached_property
    def _tickets(self) -> pa.Table:
        """The tickets that the customer's clocks rest on, looked for once."""
        return self.ask("ticket_in_scope")

    @property
    def _small(self) -> bool:
        return self.held.weight <= SMALL

    @cached_property
    def _facts(self) -> pa.Table:
        """The facts of a small ledger, worked out once."""
        return self.ask("fact")

    def _bottom(self) -> dict[str, Any]:
        moments = {"known_at": self.as_of.known_at, "at": self.as_of.at}
        scope = {} if self.customer is None else {"customer": self.customer}
        return {**moments, **scope}

    def cached(self, step: str, inputs: Any, work: Callable[[], T]) -> T:
        """What a step gives for these inputs; the engine remembers it for all of its views."""
        return self.engine.cached(step, inputs, work)

    @cached_property
    def voids(self) -> voids.Voids:
        """Which entries are void at `known_at`, and the problems of S2.15 to S2.27."""
        return voids.of_view(self)

    def facts(self, types: Sequence[str]) -> list[Fact]:
        """The facts of some types, in the order of S2.10."""
        if self._small:
            types_ = self._facts.column("type")
            return facts_of(self._facts.filter(pc.is_in(types_, pa.array(types, pa.string()))))
        wanted = pa.table({"type": pa.array(types, pa.string())})
        return facts_of(self.ask("fact_of_type", {"wanted_type": wanted}))

    @cached_property
    def agreements(self) -> Agreements:
        """What was agreed (semantics 3)."""
        return Agreements(
            self.facts, self.cached, customer=None if self._of_all else self.customer
        )

    @property
    def settled(self) -> bool:
        """Whether nothing can be added at or before `known_at` (S2.6)."""
        counted = [log for log in self.engine.held.logs if log.settles]
        known = self.as_of.known_at
        return bool(counted) and all(
            log.entries > 0 and log.last_recorded_at >= known for log in counted
        )

    @cached_property
    def known_at_seen(self) -> int | None:
        """The greatest recorded time among the entries seen; null: none (I2)."""
        return self._seen()[0]

    @cached_property
    def declared(self) -> bool:
        """Whether an archive has an entry recorded at or before `known_at` (S2.8)."""
        return self._seen()[1]

    def _seen(self) -> tuple[int | None, bool]:
        known, logs = self.as_of.known_at, self.engine.held.logs
        if all(log.last_recorded_at <= known for log in logs if log.entries):
            archives = any(log.archive and log.entries for log in logs)
            return self.engine.latest_recorded_at, archives
        (row,) = (self if self.held.part is None else self.whole).ask("seen_span").to_pylist()
        return row["last_recorded_at"], bool(row["declared"])

    @property
    def whole(self) -> View:
        """The same question with all entries and all agreements below it, not one customer's."""
        if self.customer is None:
            return self
        return View(self.engine, self.as_of, self.customer, of_all=True)

    def parts(self, month: str) -> list[Part]:
        """The parts of all periods stated with a month (S3.40 to S3.46)."""
        from projections.terms import parts  # noqa: PLC0415 - parts of best terms need the money step

        asked = self.agreements, month, self.as_of.at, self._total
        if self.subscriptions is None:
            return parts.parts(*asked)
        return [part for name in sorted(self.subscriptions) for part in parts.parts(*asked, name)]

    def _total(self, part: Part) -> Fraction:
        from projections.money import credits as money  # noqa: PLC0415 - the money step asks this view

        return money.sum_before_claims(self, part)

    @cached_property
    def _clocks(self) -> pa.Table:
        from projections import clocks  # noqa: PLC0415 - the clocks ask this view

        return clocks.clocks(self)

    @cached_property
    def holiday_sets(self) -> dict[str, HolidaySet]:
        """The published holiday sets by id (S4.5)."""
        return published_sets(self.agreements.holidays)

    def counted_dates(self, document: Any) -> Callable[[str, date, int], date | None]:
        """Of a calendar of a contract, a date and N: the Nth counted date after it (S8.77)."""
        return counted_dates(document, self.holiday_sets)

    def clocks(self) -> pa.Table:
        """The rows of `clocks`, with the columns of ClockRow, instants and seconds as int64 us."""
        return self._clocks

