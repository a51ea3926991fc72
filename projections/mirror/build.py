"""Make a mirror anew: all events once more, by the customer whose questions need them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from projections.engine import Engine
from projections.held import JOURNAL
from projections.mending import pointed_at, said_of
from projections.mirror import manifest as kinds
from projections.mirror import tickets
from projections.mirror.manifest import File, Manifest, marked
from projections.voids import that_come_twice
from schemas.envelope import halves, identity

if TYPE_CHECKING:
    from ledger.reader import Snapshot

FILE_ROWS, GROUP_ROWS = 32_768, 4_096
"""Small enough that hashing what one customer's question reads costs little (L5)."""
INDEX_ROWS = 1_000_000
SHARE = 400_000
"""Entries that are sorted at a time, by a guess that customers are alike."""
UNKEYED = {"entry_unkeyed": "entry"}


def build(ledger: Path, snapshot: Snapshot) -> Manifest | None:
    """Write the mirror of a snapshot and put it in the place of the one before.

    None where the snapshot has no events. Whoever reads by the mirror before goes on doing so: its
    files go away with the next build.
    """
    segments = [each for each in snapshot.segments if each.log != JOURNAL]
    if not segments:
        return None
    engine = Engine(snapshot)
    root = ledger / kinds.FOLDER
    before = {each for each in root.glob("*") if each.is_dir()}
    try:
        kept = kinds.read(ledger)
    except kinds.DamagedMirrorError:
        kept = None  # this is how it is mended
    folder = root / uuid4().hex
    folder.mkdir(parents=True)
    try:
        files = tuple(_Writer(folder, engine).files())
        made_from = tuple(map(marked, segments))
        made = Manifest(snapshot.ledger, folder.name, made_from, files)
        draft = folder / kinds.NAME
        draft.write_bytes(made.written())
        draft.replace(root / kinds.NAME)
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
        halves(identity(*target))[0]
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
        keys = tickets.keys_of(self._ask("ticket_opener", {}), mergers)
        targets = targets_of(self._ask("mending", {}))
        shared = pa.table({"identity_hi": self._shared({"ticket_key": keys}, targets)})
        rows = _Sorted(self._folder)
        given = {"ticket_key": keys, "shared": shared}
        yield from rows.everybody(self._ask("mirrored_for_all", given))
        shares = -(-self._engine.held.weight // SHARE)
        for share in range(shares):
            yield from rows.take(self._ask("mirrored_share", given, shares=shares, share=share))
        yield from rows.rest()
        yield from self._index(kinds.KEYS, rows.keys())
        yield from self._index(kinds.IDENTITIES, rows.identities())
        yield from self._index(kinds.TICKETS, keys)
        yield from self._index(kinds.TARGETS, pa.table({"identity_hi": targets}))

    def _ask(self, relation: str, tables: dict[str, pa.Table], **more: int) -> pa.Table:
        held = self._engine.held
        given, known = {**held.tables, **tables}, {**held.parameters, **more}
        return self._engine.ask(relation, given, known, instead=UNKEYED)

    def _shared(self, keys: dict[str, pa.Table], targets: pa.Array) -> pa.Array:
        """Half identities that everybody looks at."""
        suspects = that_come_twice(self._ask("identity", {}))
        if not suspects.num_rows:
            return targets
        found = self._ask("shared_identity", {**keys, "suspect": suspects})
        both = pa.chunked_array([found.column(0).combine_chunks(), targets], pa.int64())
        return pc.unique(both)

    def _index(self, kind: str, table: pa.Table) -> Iterator[File]:
        for number, start in enumerate(range(0, max(table.num_rows, 1), INDEX_ROWS)):
            part = table.slice(start, INDEX_ROWS)
            yield written(self._folder, kind, number, part, INDEX_ROWS)


class _Sorted:
    """Rows in the order of their keys, a share of the keys at a time, cut into files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: list[pa.Table] = []
        self._rows = 0
        self._written = 0
        self._places: list[pa.Table] = []
        self._halves: list[pa.Table] = []

    def everybody(self, table: pa.Table) -> Iterator[File]:
        """The files of what everybody looks at; one in any case."""
        for number, start in enumerate(range(0, max(table.num_rows, 1), FILE_ROWS)):
            part = table.slice(start, FILE_ROWS)
            yield written(self._folder, kinds.EVERYBODY, number, part, GROUP_ROWS)

    def take(self, table: pa.Table) -> Iterator[File]:
        """Add a share of the customers' rows; the files that they fill."""
        self._open.append(table)
        self._rows += table.num_rows
        if self._rows < FILE_ROWS:
            return
        whole = pa.concat_tables(self._open)
        filled = self._rows // FILE_ROWS * FILE_ROWS
        for start in range(0, filled, FILE_ROWS):
            yield self._file(whole.slice(start, FILE_ROWS))
        left = whole.slice(filled)
        self._open, self._rows = [left.take(pa.array(range(left.num_rows)))], left.num_rows

    def rest(self) -> Iterator[File]:
        """The file of what is left."""
        if self._rows:
            yield self._file(pa.concat_tables(self._open))

    def _file(self, table: pa.Table) -> File:
        number, self._written = self._written, self._written + 1
        held = table.column("key").combine_chunks().dictionary_encode()
        names = held.dictionary
        files = pa.array([number] * len(names), pa.int32())
        self._places.append(pa.table({"key": names, "file": files}))
        # A copy: a column that is kept keeps all columns that it came with.
        high = pa.array(table.column("identity_hi").to_numpy().copy())
        self._halves.append(pa.table({"identity_hi": high, "key": held}))
        return written(self._folder, kinds.CUSTOMERS, number, table, GROUP_ROWS)

    def keys(self) -> pa.Table:
        """By customer, the places of their files."""
        schema = pa.schema([("key", pa.string()), ("file", pa.int32())])
        return pa.concat_tables([schema.empty_table(), *self._places])

    def identities(self) -> pa.Table:
        """The half identities of customers' events."""
        kind = pa.dictionary(pa.int32(), pa.string())
        schema = pa.schema([("identity_hi", pa.int64()), ("key", kind)])
        return pa.concat_tables([schema.empty_table(), *self._halves]).unify_dictionaries()


def written(folder: Path, kind: str, number: int, table: pa.Table, group: int) -> File:
    """Write one file; a mirror that a crash tore does not have its hashes and is passed over."""
    path = folder / f"{kind}-{number:05d}.parquet"
    pq.write_table(table, path, compression="zstd", compression_level=1, row_group_size=group)
    return File(kind, path.name, table.num_rows, path.stat().st_size, kinds.sha256(path))
