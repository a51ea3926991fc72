"""A view: everything as of two moments (S2.1), for everybody or for one customer.

A view asks relations (`ask`) and remembers the steps of Python by the hash of what went in
(`cached`), so that other moments and other readings pay only for what they touch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from projections import chain, voids
from projections.calendar.counted_dates import counted_dates
from projections.calendar.spec import HolidaySet, published_sets
from projections.facts import Fact, facts_of
from projections.supposition import AS_IT_IS, Supposition
from projections.terms import Agreements
from schemas.instant import AsOf

if TYPE_CHECKING:
    from fractions import Fraction

    from projections.engine import Engine
    from projections.held import Held
    from projections.sweep.disputes import Rulings
    from projections.terms.parts import Part

T = TypeVar("T")
_UNTOUCHED = (
    "voids", "_tickets", "_facts", "_told", "holiday_sets", "known_at_seen", "declared", "signals",
    "signal_facts", "signals_for", "wide_view", "maintenances", "party_reports", "rulings",
    "sweeps", "left_open",
)  # fmt: skip
"""What a view holds that rests on no reading: facts, and lines each under its own question."""


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
        if self.held.is_small and relation != "fact":
            steps["fact"] = lambda: self._facts
        composed = chain.compose(relation, {*given, *steps}, instead=instead)
        for name in composed.tables - given.keys():
            given[name] = steps[name]()
        return composed

    @cached_property
    def _tickets(self) -> pa.Table:
        """The tickets that the customer's clocks rest on, looked for once."""
        return self.ask("ticket_in_scope")

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
        if self.held.is_small:
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
        other = View(self.engine, self.as_of, self.customer, of_all=True)
        supposition = self.agreements.supposition
        return other.supposing(supposition) if supposition.readings else other

    def parts(self, month: str) -> list[Part]:
        """The parts of all periods stated with a month (S3.40 to S3.46).

        While they are being worked out there are none: terms that are tried on a whole period
        (S3.44) meet no other row of their own month, whoever asks first.
        """
        if month not in self._parts:
            self._parts[month] = []
            self._parts[month] = self._worked_out(month)
        return self._parts[month]

    def _worked_out(self, month: str) -> list[Part]:
        from projections.terms import parts  # noqa: PLC0415 - parts of best terms need the money step

        asked = self.agreements, month, self.as_of.at, self._total
        if self.subscriptions is None:
            return parts.parts(*asked)
        return [part for name in sorted(self.subscriptions) for part in parts.parts(*asked, name)]

    @cached_property
    def _parts(self) -> dict[str, list[Part]]:
        return {}

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

