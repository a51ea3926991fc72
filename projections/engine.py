"""The engine: verified segments in, any relation as of any pair of moments out.

`Engine` holds what one snapshot of a ledger holds and never changes; a `View` (view.py) is the
engine as of two moments, perhaps for one customer.
"""

from __future__ import annotations

import tempfile
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from os import getpid
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4
from weakref import WeakKeyDictionary

import duckdb
import pyarrow as pa

from projections import chain
from projections.entry_columns import as_entries
from projections.held import Held, of_snapshot, of_table
from projections.supposition import AS_IT_IS, Supposition
from projections.view import View
from schemas.instant import AsOf

if TYPE_CHECKING:
    from ledger.reader import Snapshot
    from projections.mirror import Mirror

T = TypeVar("T")
# Of a small ledger the copy that this warns of costs nothing; planning a statement twice would.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")
_MEMORY = "320MB"
"""What a question may hold at a time; large sorts go to temporary files beyond it."""
_PARTS = 4
"""Customers whose part of a mirror is kept at hand."""
_REMEMBERED = 512
"""Steps kept by an engine; the oldest used goes first."""


_SHARED: dict[int, duckdb.DuckDBPyConnection] = {}
_SHARING = Lock()


def _shared() -> duckdb.DuckDBPyConnection:
    """The database in memory of all small ledgers of a process, on one core.

    It holds nothing between two statements. One of its own for every engine would take longer to
    make than most statements, and stay until Python looks for cycles. A fork makes its own.
    """
    with _SHARING:
        found = _SHARED.get(getpid())
        if found is None:
            found = _SHARED[getpid()] = _connected()
            found.execute("set threads = 1")
        return found


def _of_files() -> duckdb.DuckDBPyConnection:
    """A database for one large ledger, whose files are read again by every statement."""
    connection = _connected()
    connection.execute("set parquet_metadata_cache = true")
    return connection


def _connected() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"set memory_limit = '{_MEMORY}'")
    own = Path(tempfile.gettempdir()) / f"sla-ledger-{uuid4()}"
    # DuckDB makes this folder when it first needs it, and takes it away again; the names of
    # its files are the same in every process.
    connection.execute("set temp_directory = $1::varchar", [str(own)])
    return connection


class Engine:
    """All entries of one snapshot, ready to be asked."""

    def __init__(self, snapshot: Snapshot | Held, mirror: Mirror | None = None) -> None:
        self._mirror = mirror
        self._parts: OrderedDict[str, Held | None] = OrderedDict()
        self._at_hand: WeakKeyDictionary[Held, pa.Table] = WeakKeyDictionary()
        self.held = snapshot if isinstance(snapshot, Held) else of_snapshot(snapshot)
        self._lock = RLock()
        self._steps: OrderedDict[tuple[str, Any], Any] = OrderedDict()
        self._connection = _shared() if self.held.is_small else _of_files()

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
        if not held.is_small or "entry" in held.tables:
            return held.tables

        found = self._at_hand.get(held)
        if found is None:
            found = self.ask("entry", held.tables, held.parameters, instead=held.instead)
            self._at_hand[held] = found
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

    def ask(
        self,
        relation: str,
        tables: Mapping[str, pa.Table],
        parameters: Mapping[str, Any],
        *,
        instead: Mapping[str, str] | None = None,
    ) -> pa.Table:
        """A relation's rows from tables and parameters at hand; those it takes are bound.

        Raises ChainError for a name or a parameter that is missing.
        """
        asked = chain.compose(relation, tables, instead=instead)
        bound = {name: parameters[name] for name in asked.parameters if name in parameters}
        return self.run(asked, bound, tables)

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
        with _SHARING:
            cursor = self._connection.cursor()
        try:
            for name in asked.tables:
                cursor.register(name, tables[name])
            if self.held.is_small:
                return cursor.execute(asked.sql, bound).to_arrow_table()
            return cursor.sql(asked.sql, params=bound).to_arrow_table()
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
