"""What came behind a mirror, by the same rule of whose it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from projections.held import files_of
from projections.mirror import manifest as kinds
from projections.mirror import tickets
from projections.mirror.build import UNKEYED, targets_of

if TYPE_CHECKING:
    from ledger.reader import Segment, Snapshot
    from projections.engine import Engine


class NotApartError(Exception):
    """What came behind a mirror makes a ticket in it another customer's too."""


@dataclass(frozen=True)
class Tail:
    """The segments that a mirror was not made from; `index` gives an index of the mirror."""

    engine: Engine
    snapshot: Snapshot
    segments: Sequence[Segment]
    index: Callable[[str], pa.Table]

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The parameters of its entries."""
        return files_of(self.snapshot, self.segments)

    @cached_property
    def keys(self) -> pa.Table:
        """Whose the tickets are of which it tells. Raises NotApartError."""
        pairs = tickets.pairs_of(self._ask("merge_told"))
        told = {*self._ask("ticket_told").column(0).to_pylist(), *(into for _, into in pairs)}
        index = self.index(kinds.TICKETS)
        found = index.filter(pc.is_in(index.column("ticket"), pa.array(sorted(told), pa.string())))
        known = dict(tickets.pairs_of(found, "key"))
        here = dict(tickets.pairs_of(tickets.keys_of(self._ask("ticket_opener"), []), "key"))
        for ticket in known.keys() & here.keys():
            if known[ticket] is not None and here[ticket] != known[ticket]:
                raise NotApartError(f"ticket {ticket} was opened again by another customer")
        keys = {**here, **known}
        for ticket in tickets.mixed(keys, pairs):
            if known.get(ticket) is not None:
                raise NotApartError(f"ticket {ticket} goes together with another customer's")
            keys[ticket] = None
        return tickets.table_of(keys)

    @cached_property
    def _targets(self) -> pa.Array:
        own = targets_of(self._ask("mending"))
        return pa.concat_arrays([own, self.index(kinds.TARGETS).column(0).combine_chunks()])

    def looked_at(self, customer: str) -> pa.Array:
        """Half identities of which every entry decides something for a customer, each once."""
        own = self._ask("keyed_identity", customer=customer, ticket_key=self.keys)
        return pc.unique(pa.concat_arrays([own.column(0).combine_chunks(), self._targets]))

    def _ask(self, relation: str, customer: str | None = None, **tables: pa.Table) -> pa.Table:
        known = {**self.parameters, "customer": customer}
        return self.engine.ask(relation, tables, known, instead=UNKEYED)
