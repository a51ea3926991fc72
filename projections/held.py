"""What an engine holds of a ledger: the table or the files behind `entry`, and its logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from projections.entry_columns import as_entries

if TYPE_CHECKING:
    from ledger.journal import Gap
    from ledger.reader import Snapshot

JOURNAL = "journal"
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


@dataclass(frozen=True, slots=True)
class Held:
    """The bottom of every chain.

    `tables` are handed in for relations of their names, `parameters` are those of `entry`. `key`
    names the state: equal keys hold equal entries within one process.
    """

    logs: tuple[LogHeld, ...]
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    """What the broker had lost before it could be read, as the journal says (L4)."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """Relations whose file stands for another's name."""

    def with_entries(self, left_out: pa.Table, more: pa.Table) -> Held:
        """The same with some events left out and some entries more; logs stay as they are."""
        if self.instead:
            raise AssertionError("entries are supposed once, together")
        tables = {"entry_held" if name == "entry" else name: each
                  for name, each in self.tables.items()}  # fmt: skip
        supposed = {"left_out": left_out, "entry_more": as_entries(more)}
        return replace(self, tables={**tables, **supposed}, instead=_SUPPOSED)


def of_table(entries: pa.Table) -> Held:
    """Entries at hand; their logs are those that the rows name."""
    per_log = entries.group_by("log").aggregate([("recorded_at", "max"), ("log_offset", "count")])
    logs = tuple(
        LogHeld(row["log"], row["log_offset_count"], row["recorded_at_max"])
        for row in per_log.sort_by("log").to_pylist()
    )
    topics = entries.filter(pc.not_equal(entries.column("log"), JOURNAL))
    return Held(logs, {"entry": topics})


def of_snapshot(snapshot: Snapshot) -> Held:
    """A snapshot's verified segments, the journal's apart: it holds no events."""
    states = {state.log: state for state in snapshot.logs}
    logs = tuple(
        LogHeld(state.log, state.entries, state.last_recorded_at or 0) for state in snapshot.logs
    )
    gaps = tuple(snapshot.gaps())
    segments = [each for each in snapshot.segments if each.log != JOURNAL]
    if not segments:
        return Held(logs, {"entry": as_entries([])}, gaps=gaps)
    placed = [states[each.log] for each in segments]
    parameters = {
        "files": [str(path) for path in snapshot.verified_paths(segments)],
        "logs": [state.log for state in placed],
        "topics": [state.topic for state in placed],
        "partitions": [state.partition for state in placed],
    }
    return Held(logs, {}, parameters, gaps)
