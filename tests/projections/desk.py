"""A desk whose tickets tell small stories: one contract, the rows that come out (S5)."""

from __future__ import annotations

from typing import Any

from projections import clocks
from projections.terms import Agreements
from projections.view import View
from schemas.instant import format_instant
from tests.projections.contracts import Story, contract, laid_out, us
from tests.projections.support import rows_of_events, view_of

AGENT = {"author": "agent", "public": True}
DAY = "2026-10-05"  # a Monday
OFFICE = {
    "zone": "UTC",
    "weekly": [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}],
}


def clock(kind: str, *cells: Any, **members: Any) -> dict[str, Any]:
    """A clock with cells as pairs of severity and target, or as they are."""
    targets = [
        each if isinstance(each, dict) else {"severity": each[0], "within": each[1]}
        for each in cells
    ]
    answered = {"satisfied_by": AGENT} if kind.endswith(("response", "cadence")) else {}
    return {
        "id": kind, "kind": kind, "pauses": [], "strength": "contractual", "targets": targets,
        **answered, **members,
    }  # fmt: skip


def resolution(*cells: Any, **members: Any) -> dict[str, Any]:
    return clock("resolution", *cells, **{"confirmation": "none", "on_reopen": "ignore", **members})


class Desk(Story):
    """A story of tickets; times are hours and minutes of one Monday, or whole instants."""

    def __init__(self, *written: dict[str, Any], **members: Any) -> None:
        severities = [{"id": each} for each in ("P1", "P2", "P3", "odd")]
        super().__init__(
            contract(clocks=list(written), severities=severities, calendars={"office": OFFICE},
                     **members)
        )  # fmt: skip
        self.start("2026-01-01")

    def say(self, time: str, what: str, ticket: str = "t1", **data: Any) -> Desk:
        moment = time if "T" in time else f"{DAY}T{time}:00Z"
        named = {f"{name}_": value for name, value in data.items()}
        self.tell(f"ticket.{what}", ticket, moment, **named)
        return self

    def open(self, time: str, ticket: str = "t1", severity: str = "P1", **data: Any) -> Desk:
        return self.say(time, "opened", ticket, customer="ann", severity=severity, **data)

    def answer(self, time: str, ticket: str = "t1", **data: Any) -> Desk:
        return self.say(time, "message", ticket, **{"author": "agent", **data})

    def view(self, at: str = "23:00", customer: str | None = None) -> View:
        rows = rows_of_events(self.events, recorded_at=1)
        assert [row for row in rows if row.get("rejected")] == []
        moment = us(at if "T" in at else f"{DAY}T{at}:00Z")
        view = view_of(rows, at=moment, known_at=2**61, customer=customer)
        view.__dict__["agreements"] = Agreements(view.facts, view.cached, _resolved)
        return view

    def rows(self, at: str = "23:00", **where: Any) -> list[dict[str, Any]]:
        found = clocks.clocks(self.view(at)).to_pylist()
        return [row for row in found if all(row[name] == value for name, value in where.items())]

    def short(self, at: str = "23:00", **where: Any) -> list[tuple[Any, ...]]:
        """Start, stop, deadline as hours, elapsed in minutes, the verdict."""
        return [
            (
                *(hour(row[name]) for name in ("started_at", "stopped_at", "deadline_at")),
                row["elapsed_seconds"] / 60_000_000,
                row["verdict"],
            )
            for row in self.rows(at, **where)
        ]

    def problems(self, at: str = "23:00") -> list[tuple[str, str, str]]:
        found = clocks.problems(self.view(at))
        assert all(row.customer == "ann" and row.entries for row in found)
        return sorted((row.kind, row.subject, row.detail) for row in found)

    @property
    def last(self) -> str:
        """The id of the event told last."""
        return str(self.events[-1]["id"])


def _resolved(*asked: Any) -> Any:
    terms = laid_out(*asked)
    terms.document.calendars = dict(vars(terms.document.calendars))
    return terms


def hour(instant: int | None) -> str | None:
    if instant is None:
        return None
    text = format_instant(instant)
    return text[11:16] if text.startswith(DAY) else text


def merging(**members: Any) -> Desk:
    desk = (
        Desk(clock("first_response", ("P1", "1h"), **members)).open("09:00", "a").open("10:00", "b")
    )
    return (
        desk.open("10:30", "c")
        .say("11:00", "merged", "a", into="b")
        .say("11:30", "merged", "b", into="c")
    )
