"""ServiceNow's incident event log (one row per change of a record) as ticket events.

What a row says of its own moment is used, never what it says of later ones: `resolved_at`,
`closed_at`, `made_sla`, `closed_code` and `resolved_by` are filled in from the future and are
not read. The first row opens the ticket; a row that first shows a state other than New is the
desk's first public word; Awaiting states pause; every other change is an internal message.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from consumers.sources.export import Asked, EventObject, event, text_of, utc
from ledger.errors import BadInput

SOURCE = "/servicenow"
PAUSES = {
    "Awaiting User Info": "awaiting_customer",
    "Awaiting Evidence": "awaiting_customer",
    "Awaiting Vendor": "awaiting_third_party",
    "Awaiting Problem": "on_hold",
}
"""The states in which a record waits, with the reason of the pause."""
OPEN_STATES = frozenset({"New", "Active", *PAUSES})
DONE_STATES = frozenset({"Resolved", "Closed"})
NEEDED = ("number", "sys_mod_count", "opened_at", "sys_updated_at", "priority")


@dataclass(frozen=True)
class Row:
    """One change of one record: the columns that do not come from the future."""

    number: str
    state: str
    count: int
    priority: str
    opened: str
    updated: str
    contact: str
    line: int


def events(path: Path, asked: Asked) -> Iterable[EventObject]:
    """The events of an export, in the order in which that system recorded them.

    Raises BadInput with the line for a missing column or a time that cannot be read, and where
    no customer or zone was said.
    """
    if asked.customer is None:
        raise BadInput(str(path), "the export names no customer; say --customer ID")
    tickets: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(path, asked):
        tickets[row.number].append(row)
    made = [
        (found["recordedtime"], number, place, found)
        for number, rows in tickets.items()
        for place, found in enumerate(_ticket(sorted(rows, key=_order), asked.customer))
    ]
    made.sort(key=lambda each: each[:3])
    return (found for *_, found in made)


def _order(row: Row) -> tuple[int, str, int]:
    return row.count, row.updated, row.line


def _rows(path: Path, asked: Asked) -> Iterator[Row]:
    moments: dict[str, str] = {}
    with text_of(path) as stream:
        reader = csv.reader(stream)
        header = next(reader, [])
        # The first of two columns named `category` is the category: the first of a name counts.
        column = {name: place for place, name in reversed(list(enumerate(header)))}
        state = "incident_state" if "incident_state" in column else "ident_state"
        missing = [name for name in (*NEEDED, state) if name not in column]
        if missing:
            raise BadInput(f"{path} line 1", f"no column {', '.join(missing)}; an incident event"
                                             " log of ServiceNow has them")  # fmt: skip
        for values in reader:
            if len(values) != len(header):
                raise BadInput(f"{path} line {reader.line_num}", f"{len(values)} columns where the"
                               f" header has {len(header)}; is the file cut off?")  # fmt: skip
            yield _row(path, reader.line_num, values, column, state, asked, moments)


def _row(
    path: Path, line: int, values: list[str], column: dict[str, int], state: str, asked: Asked,
    moments: dict[str, str],
) -> Row:  # fmt: skip
    def cell(name: str) -> str:
        return values[column[name]] if name in column else "?"

    def moment(name: str) -> str:
        place = f"{path} line {line}, {name}"
        written = cell(name)
        known = moments.get(written)
        if known is None:
            try:
                local = datetime.strptime(written, "%d/%m/%Y %H:%M")  # noqa: DTZ007 - no zone there
            except ValueError:
                raise BadInput(place, f"{written!r} is no time as dd/mm/yyyy HH:MM") from None
            known = moments[written] = utc(local, asked, place)
        return known

    count = cell("sys_mod_count")
    if not count.isdigit():
        raise BadInput(f"{path} line {line}, sys_mod_count", f"{count!r} is no whole number")
    return Row(
        number=cell("number"), state=cell(state), count=int(count),
        priority=cell("priority").split(" ")[0], opened=moment("opened_at"),
        updated=moment("sys_updated_at"), contact=cell("contact_type"), line=line,
    )  # fmt: skip


class _Ticket:
    """The events of one ticket while its rows are read in order."""

    def __init__(self, first: Row, customer: str) -> None:
        self.number = first.number
        self.priority = first.priority
        self.state = "New"
        self.answered = False
        self.seen: dict[str, int] = defaultdict(int)
        contact = None if first.contact == "?" else first.contact.lower().replace(" ", "_")
        data = {"customer": customer, "severity": f"P{first.priority}", "channel": contact}
        self.made = [self._event("opened", first, data, time=first.opened)]

    def _event(
        self, word: str, row: Row, data: Mapping[str, object], time: str | None = None
    ) -> EventObject:
        name = f"{row.number}/{row.count}/{word}"
        self.seen[name] += 1
        if self.seen[name] > 1:
            name += f"/{self.seen[name]}"
        return event(
            f"sla.ticket.{word}.v1", SOURCE, name, row.number, time or row.updated, row.updated,
            data,
        )  # fmt: skip

    def read(self, row: Row) -> None:
        """One more row of the record."""
        before = len(self.made)
        if row.priority != self.priority:
            self._say("classified", row, severity=f"P{row.priority}")
            self.priority = row.priority
        if row.state in OPEN_STATES | DONE_STATES and row.state != self.state:
            self._change(row)
        if len(self.made) == before:
            self._say("message", row, author="agent", public=False, content="other")

    def _say(self, word: str, row: Row, **data: object) -> None:
        self.made.append(self._event(word, row, data))

    def _change(self, row: Row) -> None:
        if self.state in PAUSES:
            self._say("resumed", row, reason=PAUSES[self.state])
        if self.state in DONE_STATES and row.state in OPEN_STATES:
            self._say("reopened", row)
        if not self.answered:
            self.answered = True
            content = "solution" if row.state in DONE_STATES else "acknowledgement"
            self._say("message", row, author="agent", public=True, content=content)
        if row.state in PAUSES:
            self._say("paused", row, reason=PAUSES[row.state])
        if row.state == "Resolved" or (row.state == "Closed" and self.state not in DONE_STATES):
            self._say("resolved", row)
        if row.state == "Closed":
            self._say("closed", row)
        self.state = row.state


def _ticket(rows: list[Row], customer: str) -> list[EventObject]:
    ticket = _Ticket(rows[0], customer)
    for row in rows:
        ticket.read(row)
    return ticket.made
