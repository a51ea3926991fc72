"""Make a mirror anew: all events once more, by the customer whose questions need them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from projections import chain
from projections.mending import pointed_at, said_of
from projections.mirror import manifest as kinds
from projections.mirror import tickets
from projections.mirror.manifest import File, Manifest, marked
from schemas.envelope import identity

if TYPE_CHECKING:
    from ledger.reader import Snapshot
    from projections.engine import Engine

FILE_ROWS, GROUP_ROWS = 32_768, 4_096
"""Small enough that hashing what one customer's question reads costs little (L5)."""
INDEX_ROWS = 1_000_000
MEMORY = "1GB"
"""What the sort may hold at a time; it goes to temporary files beyond it."""
UNKEYED = {"entry_unkeyed": "entry"}


def build(ledger: Path, snapshot: Snapshot) -> Manifest | None:
    """Write the mirror of a snapshot and put it in the place of the one before.

    None where the snapshot has no events. Whoever reads by the mirror before goes on doing so: its
    files go away with the next build.
    """
    from projections.engine import Engine  # noqa: PLC0415 - the engine asks mirrors

    segments = [each for each in snapshot.segments if each.log != "journal"]
    if not segments:
        return None
    engine = Engine(snapshot, memory=MEMORY)
    root = ledger / kinds.FOLDER
    before = {each for each in root.glob("*") if each.is_dir()}
    kept = kinds.read(ledger)
    folder = root / uuid4().hex
    folder.mkdir(parents=True)
    try:
        files = tuple(_Writer(folder, engine).files())
        made_from = tuple(map(marked, segments))
        made = Manifest(snapshot.ledger, folder.name, made_from, files)
        draft = folder / kinds.NAME
        draft.write_bytes(made.written())
        os.replace(draft, root / kinds.NAME)  # noqa: PTH105 - the one word for it
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for each in before:
        if kept is None or each.name != kept.folder:
            shutil.rmtree(each, ignore_errors=True)
    return made


def targets_of(told: pa.Table) -> pa.Array:
    """Half identities that rows of `mending` point at, each once."""
    found = {
        int.from_bytes(identity(*target)[:8], "big", signed=True)
        for row in told.to_pylist()
        for target in pointed_at(said_of(row))
    }
    return pa.array(sorted(found), pa.int64())


class _Writer:
    """Writes the files of one mirror into its folder."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self._folder, self._engine = folder, engine

    def files(self) -> Iterator[File]:
        """Write every file, each told when it is whole."""
        mergers = tickets.pairs_of(self._ask("merge_told", {}))
        keys = tickets.table_of(tickets.keys_of(self._ask("ticket_opener", {}), mergers))
        targets = targets_of(self._ask("mending", {}))
        shared = pa.table({"identity_hi": self._shared({"ticket_key": keys}, targets)})
        asked, given = self._composed("mirrored", {"ticket_key": keys, "shared": shared})
        with self._engine.stream(asked, self._bound(asked), given) as batches:
            rows = _Sorted(self._folder, batches.schema)
            for batch in batches:
                yield from rows.take(pa.Table.from_batches([batch]))
        yield from rows.rest()
        yield from self._index(kinds.KEYS, rows.keys())
        yield from self._index(kinds.IDENTITIES, rows.identities())
        yield from self._index(kinds.TICKETS, keys.sort_by("ticket"))
        yield from self._index(kinds.TARGETS, pa.table({"identity_hi": targets}))

    def _ask(self, relation: str, tables: dict[str, pa.Table]) -> pa.Table:
        asked, given = self._composed(relation, tables)
        return self._engine.run(asked, self._bound(asked), given)

    def _composed(
        self, relation: str, tables: dict[str, pa.Table]
    ) -> tuple[chain.Chain, dict[str, pa.Table]]:
        given = {**self._engine.held.tables, **tables}
        return chain.compose(relation, given, instead=UNKEYED), given

    def _bound(self, asked: chain.Chain) -> dict[str, Any]:
        known = self._engine.held.parameters
        return {name: known[name] for name in asked.parameters}

    def _shared(self, keys: dict[str, pa.Table], targets: pa.Array) -> pa.Array:
        """Half identities that everybody looks at."""
        column = self._ask("identity", {}).column("identity_hi")
        halves = np.sort(column.to_numpy(zero_copy_only=False))
        twice = np.unique(halves[1:][halves[1:] == halves[:-1]])
        if not len(twice):
            return targets
        suspects = pa.table({"identity_hi": pa.array(twice, pa.int64())})
        found = self._ask("shared_identity", {**keys, "suspect": suspects})
        both = pa.chunked_array([found.column(0).combine_chunks(), targets], pa.int64())
        return pc.unique(both)

    def _index(self, kind: str, table: pa.Table) -> Iterator[File]:
        for number, start in enumerate(range(0, max(table.num_rows, 1), INDEX_ROWS)):
            part = table.slice(start, INDEX_ROWS)
            yield written(self._folder, kind, number, part, INDEX_ROWS)


class _Sorted:
    """Rows in the order of their keys, cut into files; everybody's apart."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self._folder = folder
        self._empty = schema.empty_table()
        self._open: list[pa.Table] = [self._empty]
        self._rows = 0
        self._everybody = True
        self._written = {kinds.EVERYBODY: 0, kinds.CUSTOMERS: 0}
        self._places: list[pa.Table] = []
        self._halves: list[pa.Table] = []

    def take(self, table: pa.Table) -> Iterator[File]:
        """Add rows; the files that they fill."""
        if self._everybody:
            nobodys = int(table.column("key").null_count)
            yield from self._add(table.slice(0, nobodys))
            if nobodys == table.num_rows:
                return
            yield from self.rest()
            self._everybody = False
            table = table.slice(nobodys)
        yield from self._add(table)

    def _add(self, table: pa.Table) -> Iterator[File]:
        self._open.append(table)
        self._rows += table.num_rows
        while self._rows >= FILE_ROWS:
            whole = pa.concat_tables(self._open)
            yield self._file(whole.slice(0, FILE_ROWS))
            self._open = [whole.slice(FILE_ROWS)]
            self._rows -= FILE_ROWS

    def rest(self) -> Iterator[File]:
        """The file of what is left; one for everybody in any case."""
        if self._rows or (self._everybody and not self._written[kinds.EVERYBODY]):
            yield self._file(pa.concat_tables(self._open))
        self._open, self._rows = [self._empty], 0

    def _file(self, table: pa.Table) -> File:
        kind = kinds.EVERYBODY if self._everybody else kinds.CUSTOMERS
        number = self._written[kind]
        self._written[kind] += 1
        if not self._everybody:
            held = table.column("key").combine_chunks().dictionary_encode()
            names = held.dictionary
            self._places.append(
                pa.table({"key": names, "file": pa.array([number] * len(names), pa.int32())})
            )
            self._halves.append(pa.table({"identity_hi": table.column("identity_hi"), "key": held}))
        return written(self._folder, kind, number, table, GROUP_ROWS)

    def keys(self) -> pa.Table:
        """By customer, the places of their files."""
        schema = pa.schema([("key", pa.string()), ("file", pa.int32())])
        return pa.concat_tables([schema.empty_table(), *self._places])

    def identities(self) -> pa.Table:
        """The half identities of customers' events, sorted."""
        kind = pa.dictionary(pa.int32(), pa.string())
        schema = pa.schema([("identity_hi", pa.int64()), ("key", kind)])
        every = pa.concat_tables([schema.empty_table(), *self._halves]).unify_dictionaries()
        return every.sort_by("identity_hi")


def written(folder: Path, kind: str, number: int, table: pa.Table, group: int) -> File:
    """Write one file durably."""
    path = folder / f"{kind}-{number:05d}.parquet"
    with path.open("wb") as stream:
        pq.write_table(table, stream, compression="zstd", compression_level=1, row_group_size=group)
        stream.flush()
        os.fsync(stream.fileno())
    return File(kind, path.name, table.num_rows, path.stat().st_size, kinds.hashed(path))
