"""What the evaluation of clocks puts aside (I8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from projections.calendar.wall_time import Ints
from projections.clocks.pausing import outliving
from projections.clocks.story import Group, Share
from projections.clocks.transitions import PROBLEMS
from projections.facts import in_place_order
from projections.rows import ProblemRow


def problems(told: Share, customer: str | None) -> list[ProblemRow]:
    """All problems of a share; for one customer those of the customer's tickets."""
    say = _Saying(told)
    found = [
        *(row for kind, rows in told.steps.problems.items() for row in say.about(kind, rows)),
        *say.about("no_running_instance", told.steps.row[told.unmet]),
        *(row for group in told.groups for row in _of_fold(told, group, say)),
        *_outliving(told, say),
    ]
    return [row for row in found if customer is None or row.customer == customer]


def _of_fold(told: Share, group: Group, say: _Saying) -> Iterator[ProblemRow]:
    """What rows S5.20e and S5.20h leave, in a stretch without a row too (S5.38)."""
    for flag, kind in PROBLEMS.items():
        places = group.instances.flagged[(group.instances.flags & flag) != 0]
        yield from say.about(kind, told.steps.row[places])


def _outliving(told: Share, say: _Saying) -> Iterator[ProblemRow]:
    """Pauses for the customer that their messages did not end (S5.13)."""
    paused, messages = outliving(told.steps, told.pauses)
    rows = told.steps.row
    yield from say.about("pause_outlives_reply", rows[paused], rows[messages])


class _Saying:
    """Makes problems of rows of `ticket_step`."""

    def __init__(self, told: Share) -> None:
        self.rows = told.told.rows
        names = told.told.rows.column("ticket").take(told.steps.row[told.steps.first]).to_pylist()
        places, customers = told.customers
        self.customers = {
            name: customers[place] for name, place in zip(names, places.tolist(), strict=True)
        }

    def about(self, kind: str, rows: Ints, others: Ints | None = None) -> Iterable[ProblemRow]:
        """A problem for each row; its detail is the event's id."""
        if not len(rows):
            return
        names = ("ticket", "event_id", "log", "log_offset")
        told = [self.rows.column(name).take(rows).to_pylist() for name in names]
        beside = [()] * len(rows) if others is None else list(self._places(others))
        for ticket, event, log, offset, more in zip(*told, beside, strict=True):
            entries = in_place_order([(log, offset), *more])
            yield ProblemRow(kind, ticket, event, self.customers.get(ticket), entries)

    def _places(self, rows: Ints) -> Iterator[tuple[tuple[str, int]]]:
        logs, offsets = (
            self.rows.column(name).take(rows).to_pylist() for name in ("log", "log_offset")
        )
        for log, offset in zip(logs, offsets, strict=True):
            yield ((log, offset),)
