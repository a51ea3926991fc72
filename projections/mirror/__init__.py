"""A mirror: the events of a ledger once more, by the customer whose questions need them (L5).

The record stays in the order in which it grew, so a question for one customer would read all of
it. A mirror holds the same events sorted by customer, and apart those that every question needs:
what was agreed, incidents, and whatever cannot be told to be one customer's alone. Over the part of
one customer every answer is what it is over all; `tests/projections/test_mirror.py` holds it to
that. It can be thrown away and made again (`build`), carries the hashes of what it was made from,
and what came behind it is read from the record, by the same rule of whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import structlog

from projections.held import JOURNAL, Held
from projections.mirror import manifest as kinds
from projections.mirror.build import UNKEYED, build
from projections.mirror.manifest import DamagedMirrorError, File, Manifest, marked
from projections.mirror.tail import NotApartError, Tail

if TYPE_CHECKING:
    from ledger.reader import Segment, Snapshot
    from projections.engine import Engine

__all__ = ["Mirror", "build"]
log = structlog.get_logger("mirror")
ALONE = {"entry": "entry_of_mirror"}
WITH_TAIL = {"entry": "entry_of_mirror_and_tail", **UNKEYED}
_USED = 4
"""Of the rows in the files read, one in so many is expected to be the customer's."""


@dataclass(frozen=True, eq=False)
class Mirror:
    """The mirror of a ledger, looked for when it is first needed, beside one snapshot of it."""

    ledger: Path
    snapshot: Snapshot

    def part(self, engine: Engine, customer: str) -> Held | None:
        """What a question for a customer reads; None where it reads the record.

        That is: there is no mirror, it was made from another ledger, it is damaged (a warning says
        so; the record is as good as ever), or what came behind it mixes customers.
        """
        try:
            if self._manifest is None:
                return None
            return self._part(engine, self._manifest, customer)
        except DamagedMirrorError as error:
            log.warning("mirror_damaged", reason=str(error), mend="sla-ledger mirror")
        except NotApartError as error:
            log.info("mirror_passed_over", reason=str(error), mend="sla-ledger mirror")
        return None

    @cached_property
    def _manifest(self) -> Manifest | None:
        found = kinds.read(self.ledger)
        if found is None or not found.fits(self._events, self.snapshot.ledger):
            return None
        return found

    @cached_property
    def _events(self) -> list[Segment]:
        return [each for each in self.snapshot.segments if each.log != JOURNAL]

    @cached_property
    def _behind(self) -> list[Segment]:
        """The segments that the mirror was not made from."""
        made = set() if self._manifest is None else set(self._manifest.made_from)
        return [each for each in self._events if marked(each) not in made]

    def _part(self, engine: Engine, made: Manifest, customer: str) -> Held:
        wanted, tables = {customer}, {"pulled": pa.table({"identity_hi": pa.array([], pa.int64())})}
        tail = self._tail_of(engine)
        if tail is not None:
            pulled, index = tail.looked_at(customer), self._index(kinds.IDENTITIES)
            elsewhere = index.filter(pc.is_in(index.column("identity_hi"), pulled))
            wanted |= set(pc.unique(elsewhere.column("key").cast(pa.string())).to_pylist())
            tables = {"pulled": pa.table({"identity_hi": pulled}), "ticket_key": tail.keys}
        files = self._files(made, wanted)
        folder = self.ledger / kinds.FOLDER / made.folder
        paths = [kinds.vouched(folder, each) for each in files]

        def source() -> dict[str, Any]:
            behind = {} if tail is None else tail.parameters
            return {"mirror_files": paths, "customer": customer, **behind}

        weight = sum(each.rows for each in files) // _USED + sum(one.count for one in self._behind)
        return Held(
            engine.held.logs, tables, source, engine.held.gaps,
            ALONE if tail is None else WITH_TAIL, customer, weight,
        )  # fmt: skip

    def _files(self, made: Manifest, customers: set[str]) -> list[File]:
        """Everybody's files, and those with events of some customers."""
        held = self._index(kinds.KEYS)
        mine = held.filter(pc.is_in(held.column("key"), pa.array(sorted(customers), pa.string())))
        places = set(mine.column("file").to_pylist())
        every = made.of_kind(kinds.CUSTOMERS)
        return [*made.of_kind(kinds.EVERYBODY), *(every[place] for place in sorted(places))]

    def _tail_of(self, engine: Engine) -> Tail | None:
        if not self._behind:
            return None
        if "tail" not in vars(self):
            vars(self)["tail"] = Tail(engine, self.snapshot, self._behind, self._index)
        found: Tail = vars(self)["tail"]
        return found

    @cached_property
    def _read(self) -> dict[str, pa.Table]:
        return {}

    def _index(self, kind: str) -> pa.Table:
        """An index of the mirror, read once."""
        made = self._manifest
        if made is None:
            raise AssertionError("asked of a mirror that is there")
        if kind not in self._read:
            folder = self.ledger / kinds.FOLDER / made.folder
            paths = [kinds.vouched(folder, each) for each in made.of_kind(kind)]
            self._read[kind] = pa.concat_tables([pq.read_table(path) for path in paths])
        return self._read[kind]
