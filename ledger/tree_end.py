"""The end of a log as a value (L1, L3)."""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger import merkle
from ledger.facts import Facts


@dataclass
class Tail:
    """Where a log ends: its tree, the offset behind the last entry, the latest recorded time."""

    tree: merkle.Tree = field(default_factory=merkle.Tree)
    next_offset: int = 0
    last_recorded_at: int | None = None

    @classmethod
    def after(cls, facts: Facts) -> Tail:
        """The end of a log whose last segment has these facts."""
        return cls(facts.tree(), facts.next_offset, facts.last_recorded_at)

    def copy(self) -> Tail:
        """The same end, growing on its own."""
        return Tail(self.tree.copy(), self.next_offset, self.last_recorded_at)
