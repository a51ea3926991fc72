"""What a ticket's events do to its clocks: the tables of S5.10 to S5.21 as data.

Nothing here runs. `table` lays a kind's rows out for one set of guards as two arrays over
[state, symbol]: the next state and the flags of what happens. A symbol is a number for an event
with the members that the tables look at; the relation `ticket_step` numbers events the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

AUTHORS = ("customer", "agent", "automation")
CONTENTS = ("solution", "question", "update", "acknowledgement", "other")
REASONS = ("awaiting_customer", "awaiting_third_party", "customer_duty_unmet", "on_hold")
TICKET_KINDS = ("support", "meeting")

PAUSED = len(AUTHORS) * 2 * len(CONTENTS)
"""Symbols below are messages: author x 10 + public x 5 + content."""
RESUMED = PAUSED + len(REASONS)
OPENED = RESUMED + len(REASONS)
"""From here: opened, kind x 3 + by."""
CLASSIFIED = OPENED + len(TICKET_KINDS) * len(AUTHORS)
DUE_AGREED = CLASSIFIED + 1
_WORDS = (
    "resolved", "resolution_confirmed", "resolution_refused", "closed", "reopened", "merged",
    "slot_offered", "slot_held",
)  # fmt: skip
_FIRST_WORD = DUE_AGREED + 1
MERGED = _FIRST_WORD + _WORDS.index("merged")
SYMBOLS = _FIRST_WORD + len(_WORDS)

START, STOP, CANCEL, TAKE_BACK, LEAVE_OUT, PROVISIONAL, CONFIRM = (1 << bit for bit in range(7))
CLOSED_UNCONFIRMED, REFUSED_AFTER_CONFIRMATION = 1 << 7, 1 << 8
PROBLEMS = {
    CLOSED_UNCONFIRMED: "closed_unconfirmed",
    REFUSED_AFTER_CONFIRMATION: "refused_after_confirmation",
}


class Row(NamedTuple):
    """One row of a table: in one of `states`, under `guard`, `event` leads to `next`."""

    rule: str
    kind: str
    states: tuple[str, ...]
    event: str
    guard: str
    next: str
    action: int = 0


ROWS: tuple[Row, ...] = (
    Row("S5.16a", "first_response", ("-",), "opened", "", "running", START),
    Row("S5.16b", "first_response", ("running",), "match", "", "stopped", STOP),
    Row("S5.17a", "meeting_slot", ("-",), "opened", "", "running", START),
    Row("S5.17b", "meeting_slot", ("running",), "slot_offered", "slot_offered", "stopped", STOP),
    Row("S5.17b", "meeting_slot", ("running",), "slot_held", "slot_held", "stopped", STOP),
    Row("S5.18a", "next_response", ("no match yet",), "match", "", "-"),
    Row("S5.18b", "next_response", ("-",), "customer message", "", "running", START),
    Row("S5.18c", "next_response", ("running",), "match", "", "-", STOP),
    Row("S5.18d", "next_response", ("running",), "closed", "", "-", CANCEL),
    Row("S5.19a", "update_cadence", ("-",), "opened", "", "running", START),
    Row("S5.19b", "update_cadence", ("running",), "match", "", "running", STOP | START),
    Row("S5.19c", "update_cadence", ("running",), "resolved", "", "ended", CANCEL),
    Row("S5.19c", "update_cadence", ("running",), "closed", "", "ended", CANCEL),
    Row("S5.19d", "update_cadence", ("ended",), "match", "", "ended"),
    Row("S5.19e", "update_cadence", ("ended",), "reopened", "", "running", START),
    Row("S5.19e", "update_cadence", ("ended",), "resolution_refused", "", "running", START),
    Row("S5.20a", "resolution", ("-",), "opened", "", "running", START),
    Row("S5.20b", "resolution", ("running",), "resolved", "not required", "stopped", STOP),
    Row(
        "S5.20c", "resolution", ("running",), "resolved", "required", "provisional",
        STOP | PROVISIONAL,
    ),
    Row("S5.20d", "resolution", ("running",), "closed", "not required", "stopped", STOP),
    Row(
        "S5.20e", "resolution", ("running", "provisional"), "closed", "required", "same",
        CLOSED_UNCONFIRMED,
    ),
    Row(
        "S5.20f", "resolution", ("stopped", "provisional"), "resolution_confirmed", "",
        "confirmed", CONFIRM,
    ),
    Row(
        "S5.20g", "resolution", ("stopped", "provisional"), "resolution_refused", "",
        "running", TAKE_BACK,
    ),
    Row(
        "S5.20h", "resolution", ("confirmed",), "resolution_refused", "", "same",
        REFUSED_AFTER_CONFIRMATION,
    ),
    Row(
        "S5.20i", "resolution", ("stopped", "provisional", "confirmed"), "reopened", "continue",
        "running", TAKE_BACK | LEAVE_OUT,
    ),
    Row(
        "S5.20j", "resolution", ("stopped", "provisional", "confirmed"), "reopened",
        "new_instance", "running", START,
    ),
    Row(
        "S5.20k", "resolution", ("stopped", "provisional", "confirmed"), "reopened", "ignore",
        "same",
    ),
    Row("S5.20l", "resolution", ("running",), "reopened", "", "same"),
    Row("S5.21a", "closure", ("open",), "resolved", "", "running", START),
    Row("S5.21b", "closure", ("open",), "closed", "", "closed"),
    Row("S5.21c", "closure", ("running",), "closed", "", "closed", STOP),
    Row("S5.21c", "closure", ("running confirmed",), "closed", "", "closed confirmed", STOP),
    Row("S5.21d", "closure", ("running",), "resolution_confirmed", "", "running confirmed"),
    Row("S5.21d", "closure", ("closed",), "resolution_confirmed", "", "closed confirmed"),
    Row("S5.21e", "closure", ("running",), "resolution_refused", "", "open", CANCEL),
    Row("S5.21e", "closure", ("closed",), "resolution_refused", "", "open"),
    Row("S5.21f", "closure", ("running", "running confirmed"), "reopened", "", "open", CANCEL),
    Row("S5.21f", "closure", ("closed", "closed confirmed"), "reopened", "", "open"),
    Row("S5.14", "every", ("running", "running confirmed"), "merged", "", "cancelled", CANCEL),
)  # fmt: skip
"""Every row that moves an instance; the first state of a kind's first row is where it begins."""

KINDS = tuple(dict.fromkeys(row.kind for row in ROWS if row.kind != "every"))


@dataclass(frozen=True, slots=True)
class Program:
    """A kind with its guards, and which messages match: equal programs fold together."""

    kind: str
    matches: frozenset[int] = frozenset()
    confirmation: str = "none"
    on_reopen: str = "ignore"
    stops_on: str = ""

    def holds(self, guard: str) -> bool:
        """Whether a guard of a row holds under this program (S5.24)."""
        if guard == "required":
            return self.confirmation == "required"
        if guard == "not required":
            return self.confirmation != "required"
        return not guard or guard in {self.on_reopen, self.stops_on}


class Table(NamedTuple):
    """Next state and action flags by [state, symbol]; state 0 is where a ticket begins."""

    next: npt.NDArray[np.int8]
    action: npt.NDArray[np.int16]
    heard: npt.NDArray[np.bool_]


def messages(author: Any, public: bool | None, content: Any) -> frozenset[int]:
    """The symbols of messages that fit `satisfied_by`; empty lists and None test nothing (S5.5)."""
    authors = (author,) if isinstance(author, str) else tuple(author or AUTHORS)
    return frozenset(
        message_symbol(who, open_to_all, what)
        for who in authors
        for open_to_all in ((True, False) if public is None else (public,))
        for what in (tuple(content or ()) or CONTENTS)
    )


def message_symbol(author: str, public: bool, content: str) -> int:
    """The symbol of a message."""
    return AUTHORS.index(author) * 10 + int(public) * 5 + CONTENTS.index(content)


def opened_symbol(kind: str, by: str) -> int:
    """The symbol of an opening."""
    return OPENED + TICKET_KINDS.index(kind) * 3 + AUTHORS.index(by)


def symbols_of(event: str, matches: frozenset[int]) -> list[int]:
    """The symbols that a row's event stands for; a message that is both is a match (S5.5)."""
    if event == "match":
        return sorted(matches)
    if event == "customer message":
        return [symbol for symbol in range(10) if symbol not in matches]
    if event == "opened":
        return list(range(OPENED, CLASSIFIED))
    return [_FIRST_WORD + _WORDS.index(event)]


@lru_cache(maxsize=1024)
def table(program: Program) -> Table:
    """The rows of a kind under its guards, laid out for the fold."""
    rows = [row for row in ROWS if row.kind == program.kind]
    names = dict.fromkeys(state for row in rows for state in (*row.states, row.next))
    states = [name for name in names if name != "same"] + ["cancelled"]
    rows += [row for row in ROWS if row.kind == "every"]
    following = np.repeat(np.arange(len(states), dtype=np.int8)[:, None], SYMBOLS, axis=1)
    action = np.zeros((len(states), SYMBOLS), np.int16)
    heard = np.zeros(SYMBOLS, np.bool_)
    for row in rows:
        if not program.holds(row.guard):
            continue
        symbols = symbols_of(row.event, program.matches)
        heard[symbols] = True
        for state in (states.index(name) for name in row.states if name in states):
            following[state, symbols] = state if row.next == "same" else states.index(row.next)
            action[state, symbols] = row.action
    return Table(following, action, heard)
