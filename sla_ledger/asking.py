"""From a question to its rows: which projection answers it, over which months, filtered how."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from typing import Any

from ledger.errors import BadInput, Usage
from ledger.known import logs_known
from ledger.reader import Snapshot
from projections.members import from_table
from projections.rows import ClockRow, LogRow, ordered
from projections.view import View
from schemas.ids import IdError, parse
from sla_ledger.filters import Filters, fitting
from sla_ledger.moments import datetime_of, instant_of


def rows(name: str, view: View, filters: Filters, **extra: Any) -> list[Any]:
    """The rows of an answer, filtered and in the order of I4."""
    return ordered(_ANSWERS[name](view, filters, **extra))


def logs(snapshot: Snapshot, known_at: int) -> list[LogRow]:
    """One row a log (I5), each as far as it was recorded at or before a moment."""
    return ordered(
        LogRow(
            log=log.log, topic=log.topic, topic_id=log.topic_id, partition=log.partition,
            entries=log.entries, next_offset=log.next_offset, root=log.root,
            first_recorded_at=log.first_recorded_at, last_recorded_at=log.last_recorded_at,
            segments=log.segments, bytes=log.bytes,
        )
        for log in logs_known(snapshot, known_at)
    )  # fmt: skip


def _clocks(view: View, filters: Filters, due_before: Any = None) -> list[Any]:
    found = fitting(from_table(ClockRow, view.clocks()), filters, skip={"month"})
    if "month" in filters:
        months = {_month(month) for month in filters["month"]}
        found = [row for row in found if utc_month(row.started_at) in months]
    if due_before is not None:
        limit = instant_of(due_before, "--due-before")
        found = [row for row in found if _due(row) < limit]
    return found


def _due(row: ClockRow) -> int:
    due = {"running": row.deadline_at, "paused": row.projected_deadline_at}.get(row.verdict)
    return 2**62 if due is None else due


def _uptime(view: View, filters: Filters) -> list[Any]:
    from projections.sweep import uptime  # noqa: PLC0415 - each answer loads its own projection

    found = _stated(view, filters, uptime.rows)
    return fitting(found, filters, skip={"month", "plan"})


def _credits(view: View, filters: Filters) -> list[Any]:
    from projections.money import credits as credit_rows  # noqa: PLC0415 - as above

    found = _stated(view, filters, credit_rows.rows)
    return fitting(found, filters, skip={"month", "plan"})


def _stated(
    view: View, filters: Filters, ask: Callable[[View, Sequence[str]], list[Any]]
) -> list[Any]:
    months = _months(view, filters)
    found = ask(view, months)
    plans = filters.get("plan")
    if plans:
        held = {
            (part.subscription, part.period.name, part.number): part.terms.plan
            for month in months
            for part in view.parts(month)
        }
        found = [
            row for row in found if held.get((row.subscription, row.period, row.part)) in plans
        ]
    return found


def _rights(view: View, filters: Filters) -> list[Any]:
    from projections.money import rights  # noqa: PLC0415 - as above

    return fitting(rights.rows(view), filters)


def _statement(view: View, filters: Filters) -> list[Any]:
    from projections import statement  # noqa: PLC0415 - as above

    found = [row for month in _months(view, filters) for row in statement.rows(view, month)]
    return fitting(found, filters, skip={"month"})


def dispute_readings(view: View, dispute: str) -> list[Any]:
    """The rows of `readings --dispute`; `dispute` is an id, with or without its word (I6).

    Raises BadInput for a dispute that nobody opened, Usage where too many readings matter.
    """
    from projections import dispute_readings as amounts  # noqa: PLC0415 - as above
    from projections.dispute_statements import opening  # noqa: PLC0415 - as above
    from projections.reading_search import TooMany  # noqa: PLC0415 - as above

    opened = opening(view, _dispute_of(dispute))
    if opened is None:
        raise BadInput("--dispute", f"nobody has opened a dispute {dispute} as of these moments")
    try:
        return amounts.rows(view, opened)
    except TooMany as found:
        raise Usage.refused(
            f"--dispute {dispute}: {len(found.questions)} readings matter to it, in"
            f" {found.combinations} combinations, and at most {amounts.MOST} are asked:"
            f" {', '.join(found.questions)}; whatif --reading asks a single one"
        ) from found


def _dispute_of(text: str) -> str:
    try:
        word, parts = parse(text)
    except IdError as error:
        raise Usage(f"--dispute {text}: {error}") from error
    if word not in {None, "dispute"} or len(parts) != 1 or parts[0] is None:
        raise Usage(f"--dispute {text}: write it as dispute:ID, / in it as %2F")
    return parts[0]


def _readings(view: View, filters: Filters) -> list[Any]:
    from projections import readings  # noqa: PLC0415 - as above

    def fits(row: Any) -> bool:
        return bool(fitting([row], filters, skip={"month"}))

    return readings.rows(view, _months(view, filters), fits)


def _problems(view: View, filters: Filters) -> list[Any]:
    from projections import problems  # noqa: PLC0415 - as above

    return fitting(problems.rows(view), filters)


def _contracts(view: View, filters: Filters) -> list[Any]:
    from projections import contracts  # noqa: PLC0415 - as above

    return fitting(contracts.rows(view), filters)


_ANSWERS: dict[str, Callable[..., list[Any]]] = {
    "clocks": _clocks,
    "uptime": _uptime,
    "credits": _credits,
    "rights": _rights,
    "statement": _statement,
    "problems": _problems,
    "readings": _readings,
    "contract list": _contracts,
}


def utc_month(instant: int) -> str:
    """The UTC month of an instant, as 2026-10."""
    moment = datetime_of(instant)
    return f"{moment.year:04d}-{moment.month:02d}"


def _months(view: View, filters: Filters) -> list[str]:
    """The months whose rows are asked: those named, else those of the periods named, else `at`'s.

    A row must fit both a month and a period that are named, so a period adds no month then.
    """
    of_periods = {month for period in filters.get("period", ()) for month in stated_in(period)}
    if "month" in filters:
        return sorted({_month(month) for month in filters["month"]})
    return sorted(of_periods) if of_periods else [_of_at(view)]


def _of_at(view: View) -> str:
    """The UTC month of `at`."""
    return _month(utc_month(view.as_of.at), "--at")


def _month(text: str, option: str = "--month") -> str:
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
        raise Usage(f"{option} {text!r} is no month; write it as 2026-10")
    # Terms and claim deadlines reach a year beyond a month, and the calendar ends (E4).
    if not MINYEAR < int(text[:4]) < MAXYEAR:
        raise Usage(f"{option} {text}: months of the years 2 to 9998 can be asked")
    return text


def stated_in(period: str) -> set[str]:
    """The months with which a period of this name may be stated (S3.39).

    A month is stated with itself; a quarter or a year may begin in any month of its year (S3.32);
    a period by dates with the month of its last date.
    """
    try:
        if "/" in period:
            last = datetime.fromisoformat(period.split("/")[1]) - timedelta(days=1)
            return {f"{last.year:04d}-{last.month:02d}"}
        if len(period) == 7 and period[5] != "Q":
            return {_month(period)}
        year = int(period[:4])
    except (ValueError, IndexError):
        raise Usage(
            f"--period {period!r} is no period; write it as 2026-10, 2026-Q3, 2026"
            " or 2026-10-02/2026-11-01"
        ) from None
    if period in {str(year), *(f"{year}-Q{quarter}" for quarter in range(1, 5))}:
        return {f"{y}-{m:02d}" for y in (year, year + 1) for m in range(1, 13)}
    raise Usage(f"--period {period!r} is no period; write it as 2026-10, 2026-Q3 or 2026")
