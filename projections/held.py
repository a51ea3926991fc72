"""What an engine holds of a ledger: the table or the files behind `entry`, and its logs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from projections.entry_columns import as_entries

if TYPE_CHECKING:
    from ledger.journal import Gap
    from ledger.reader import Segment, Snapshot

JOURNAL = "journal"
SMALL = 20_000
"""Entries up to which a ledger is read once, and the facts of a view are worked out once."""
_ARCHIVE = "archive-"
_SUPPOSED = {"entry": "entry_supposed", "entry_held": "entry"}
"""Which file stands for `entry` where entries are supposed, and for what it reads in turn."""


@dataclass(frozen=True, slots=True)
class LogHeld:
    """One log: how many entries, the latest recorded time among them (0 without any)."""

    log: str
    entries: int
    last_recorded_at: int

    @property
    def archive(self) -> bool:
        """Declared times (E3)."""
        return self.log.startswith(_ARCHIVE)

    @property
    def settles(self) -> bool:
        """Whether `settled` asks this log: archives and the journal play no part (S2.6)."""
        return not self.archive and self.log != JOURNAL


@dataclass(frozen=True, eq=False)
class Held:
    """The bottom of every chain.

    `tables` are handed in for relations of their names; `source` gives the parameters of `entry`
    when they are first needed. `part` is the customer whose part of the entries this is, None: all
    of them. `weight` is how many entries a question reads at most.
    """

    logs: tuple[LogHeld, ...]
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    source: Callable[[], Mapping[str, Any]] = dict
    gaps: tuple[Gap, ...] = ()
    """What the broker had lost before it could be read, as the journal says (L4)."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """Relations whose file stands for another's name."""
    part: str | None = None
    weight: int = 0

    @property
    def is_small(self) -> bool:
        """Whether all entries fit into a table at hand, which is quicker than asking files."""
        return self.weight <= SMALL

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters of `entry`; what files they name has been looked at (L5)."""
        return self.source()

    def with_entries(self, left_out: pa.Table, more: pa.Table) -> Held:
        """The same with some events left out and some entries more; logs stay as they are."""
        if self.instead:
            raise AssertionError("entries are supposed once, together")
        tables = {"entry_held" if name == "entry" else name: each
                  for name, each in self.tables.items()}  # fmt: skip
        supposed = {"left_out": left_out, "entry_more": as_entries(more)}
        return replace(
            self, tables={**tables, **supposed}, instead=_SUPPOSED,
            weight=self.weight + more.num_rows,
        )  # fmt: skip


def of_table(entries: pa.Table) -> Held:
    """Entries at hand; their logs are those that the rows name."""
    per_log = entries.group_by("log").aggregate([("recorded_at", "max"), ("log_offset", "count")])
    logs = tuple(
        LogHeld(row["log"], row["log_offset_count"], row["recorded_at_max"])
        for row in per_log.sort_by("log").to_pylist()
    )
    topics = entries.filter(pc.not_equal(entries.column("log"), JOURNAL))
    return Held(logs, {"entry": topics}, weight=topics.num_rows)


def of_snapshot(snapshot: Snapshot) -> Held:
    """A snapshot's segments, the journal's apart: it holds no events."""
    logs = tuple(
        LogHeld(state.log, state.entries, state.last_recorded_at or 0) for state in snapshot.logs
    )
    gaps = tuple(snapshot.gaps())
    segments = [each for each in snapshot.segments if each.log != JOURNAL]
    if not segments:
        return Held(logs, {"entry": as_entries([])}, gaps=gaps)
    weight = sum(each.count for each in segments)
    return Held(logs, {}, lambda: files_of(snapshot, segments), gaps, weight=weight)


def files_of(snapshot: Snapshot, segments: Sequence[Segment]) -> dict[str, Any]:
    """The parameters of `entry` for some segments. Refused where one is damaged."""
    states = {state.log: state for state in snapshot.logs}
    placed = [states[each.log] for each in segments]
    return {
        "files": [str(path) for path in snapshot.verified_paths(segments)],
        "logs": [state.log for state in placed],
        "topics": [state.topic for state in placed],
        "partitions": [state.partition for state in placed],
    }
