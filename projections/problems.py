"""Every problem of I8, gathered from the steps that find them.

A problem never stops an answer; each (kind, subject, detail) is one row however often it arises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from projections import clocks, completeness, statement
from projections.calendar.dates import month_at
from projections.facts import entry_id
from projections.members import ordered
from projections.money import credits as credit_rows
from projections.money import ledger_money, rights
from projections.money.book import book_of
from projections.money.limits import months_between
from projections.rows import ProblemRow
from projections.sweep import uptime
from schemas.instant import format_instant

if TYPE_CHECKING:
    from projections.view import View

DAY = 86_400_000_000

LAST_MONTH = "9998-12"
"""Terms and deadlines reach a year beyond a month, and the calendar ends (E4)."""


def rows(view: View, months: Sequence[str] | None = None) -> list[ProblemRow]:
    """All problems at the view's two moments, sorted, each once.

    `months` are those looked through for what shows only in an evaluation; without them all up to
    that of `at` (I1).
    """
    view = view.whole
    looked = months if months is not None else all_months(view)
    every = [
        *_told(view),
        *view.voids.problems,
        *completeness.problems(view),
        *view.agreements.problems,
        *clocks.problems(view),
        *uptime.problems(view, looked),
        *credit_rows.problems(view, looked),
        *rights.problems(view),
        *ledger_money.over_applied(book_of(view)),
        *statement.problems(view),
    ]
    found: list[ProblemRow] = ordered(once(every))
    return found


def all_months(view: View) -> list[str]:
    """Every month from the first subscription's start up to that of `at`, in UTC.

    From a day before the start: west of UTC it may lie in the month before.
    """
    starts = [span.start for span in view.agreements.spans]
    if not starts:
        return []
    last = min(month_at(view.as_of.at, "UTC"), LAST_MONTH)
    return months_between(month_at(min(starts) - DAY, "UTC"), last)


def once(told: Iterable[ProblemRow]) -> list[ProblemRow]:
    """Each (kind, subject, detail) as one row with all entries that it rests on."""
    found: dict[tuple[str, str, str], ProblemRow] = {}
    for row in told:
        key = row.kind, row.subject, row.detail
        known = found.get(key)
        if known is None:
            found[key] = row
            continue
        entries = tuple(sorted({*known.entries, *row.entries}, key=_place))
        customer = known.customer if known.customer is not None else row.customer
        found[key] = ProblemRow(*key, customer, entries)
    return list(found.values())


def _place(entry: str) -> tuple[str, int]:
    log, offset = entry.rsplit("/", 1)
    return log, int(offset)


def _told(view: View) -> Iterator[ProblemRow]:
    """What decoding, consuming and asking leave behind (E3, E5, E6, L4, S2.6)."""
    yield from _rejected(view)
    yield from _implausible(view)
    yield from _unstamped(view)
    yield from _orphans(view)
    yield from _gaps(view)
    yield from _unsettled(view)


def _rejected(view: View) -> Iterator[ProblemRow]:
    for row in view.ask("rejected_entry").to_pylist():
        place = entry_id(row["log"], row["log_offset"])
        detail = f"{row['rejected']} {row['rejected_at'] or ''}".rstrip()
        yield ProblemRow("rejected", place, detail, None, (place,))


def _implausible(view: View) -> Iterator[ProblemRow]:
    for row in view.ask("implausible_event").to_pylist():
        place = entry_id(row["log"], row["log_offset"])
        time = format_instant(row["implausible_at"])
        yield ProblemRow("implausible_time", row["event_id"], time, row["customer"], (place,))


def _unstamped(view: View) -> Iterator[ProblemRow]:
    for row in view.ask("unstamped_log").to_pylist():
        first = entry_id(row["log"], row["log_offset"])
        detail = f"{row['broker_time']} {row['entries']}"
        yield ProblemRow("no_broker_time", row["log"], detail, None, (first,))


def _orphans(view: View) -> Iterator[ProblemRow]:
    for row in view.ask("orphan").to_pylist():
        place = entry_id(row["log"], row["log_offset"])
        yield ProblemRow("orphan", row["subject"], row["event_id"], row["customer"], (place,))


def _gaps(view: View) -> Iterator[ProblemRow]:
    """The offsets that a broker had deleted before they were read (L4)."""
    for gap in getattr(view.engine.held, "gaps", ()):
        if gap.recorded_at <= view.as_of.known_at:
            detail = f"[{gap.start}, {gap.end}) {gap.reason}"
            yield ProblemRow("gap", gap.log, detail, None, (gap.entry,))


def _unsettled(view: View) -> Iterator[ProblemRow]:
    for log in view.engine.held.logs:
        if log.settles and log.last_recorded_at < view.as_of.known_at:
            latest = format_instant(log.last_recorded_at) if log.entries else "no entry"
            yield ProblemRow("unsettled", log.log, latest, None, ())
