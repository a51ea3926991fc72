"""Elapsed, deadline and verdict of one instance (S5.40 to S5.56)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.reference.business_time import (
    Calendar,
    add_business,
    business,
    business_day_deadline,
    day_deadline,
    open_within,
)
from tests.reference.intervals import Spans, both, clip, length, less, tidy
from tests.reference.machines import Instance, Machine
from tests.reference.terms_view import Document, Target, target_of

if TYPE_CHECKING:
    from tests.reference.clocks import Ticket

Row = dict[str, Any]
BUSINESS = ("bm", "bh", "bd")
SIZES = {
    "s": 1_000_000,
    "m": 60_000_000,
    "h": 3_600_000_000,
    "bm": 60_000_000,
    "bh": 3_600_000_000,
}


@dataclass
class Measure:
    """How time is counted for an instance: its calendar (None: every instant), its target."""

    calendar: Calendar | None
    target: Target | None
    cell_calendar: Calendar | None


def _measure(instance: Instance, document: Document) -> Measure:
    """S5.40: open time is that of the cell's calendar for bm, bh, bd and without a number."""
    cell = instance.cell
    if cell is None:
        return Measure(None, None, None)
    target = target_of(cell)
    calendar = document.calendar(cell.calendar) if cell.calendar else None
    if target.word == "best_effort":
        return Measure(calendar, None, calendar)
    return Measure(calendar if target.unit in BUSINESS else None, target, calendar)


def judge(machine: Machine, instance: Instance, ticket: Ticket, at: int) -> Row:
    """Elapsed, deadline and verdict (S5.40 to S5.56)."""
    assert ticket.terms is not None
    document = ticket.terms.document
    measure = _measure(instance, document)
    end = min(one for one in (instance.stop, instance.cancel, at) if one is not None)
    reasons = list(machine.clock.pauses or [])
    pauses = clip(
        tidy(
            (begin, end if until is None else until)
            for reason, begin, until in ticket.pauses
            if reason in reasons
        ),
        instance.start,
        end,
    )
    left_out = clip(tidy(instance.left_out), instance.start, end)
    blocked = tidy([*pauses, *left_out])
    opened = open_within(measure.calendar, instance.start, end)
    elapsed = length(less(opened, blocked))  # S5.40, S5.41
    paused = length(both(opened, less(pauses, left_out)))  # S5.42
    amount, deadline = _deadline(instance, measure, document, blocked)
    ended = instance.stop is not None or instance.cancel is not None
    is_paused = not ended and any(r in reasons and u is None for r, _, u in ticket.pauses)
    verdict = _verdict(instance, measure, elapsed, amount, end, is_paused)
    numberless = measure.target is None
    return {
        "deadline_at": None if numberless or verdict == "paused" else deadline,
        "projected_deadline_at": deadline if verdict == "paused" else None,
        "elapsed_seconds": elapsed,
        "target_seconds": amount,
        "paused_seconds": paused,
        "verdict": verdict,
    }


def _verdict(
    instance: Instance,
    measure: Measure,
    elapsed: int,
    amount: Fraction | int | None,
    end: int,
    is_paused: bool,
) -> str:
    """S5.51 to S5.56, the first that fits."""
    if measure.target is None:
        return "no_target"
    if instance.agreed is not None:  # S5.47
        past = end > instance.agreed
    elif amount is None:  # S5.46
        past = False
    else:  # S5.48
        past = elapsed >= amount if measure.target.edge == "below" else elapsed > amount
    if past:
        return "breached"
    if instance.stop is not None:
        return "met"
    if instance.cancel is not None:
        return "cancelled"
    return "paused" if is_paused else "running"


def _deadline(
    instance: Instance, measure: Measure, document: Document, blocked: Spans
) -> tuple[int | None, int | None]:
    """The target amount and the deadline (S5.43, S5.44, S5.46, S5.47)."""
    target = measure.target
    if target is None:
        return None, None
    amount: int | None
    if target.unit in SIZES:  # S5.43
        amount = int(target.number * SIZES[target.unit])
        deadline = add_business(measure.calendar, instance.start, amount, blocked)
    else:
        if target.unit == "bd":
            assert measure.calendar is not None
            nominal = business_day_deadline(measure.calendar, instance.start, int(target.number))
        else:
            zone = measure.cell_calendar.zone if measure.cell_calendar else document.deadline_zone
            nominal = day_deadline(zone, instance.start, int(target.number))
        amount = None if nominal is None else business(measure.calendar, instance.start, nominal)
        deadline = None if nominal is None else _moved(instance, measure, nominal, blocked)
    return amount, instance.agreed if instance.agreed is not None else deadline


def _moved(instance: Instance, measure: Measure, nominal: int, blocked: Spans) -> int | None:
    """S5.44: the smallest fixed point of the deadline moved by what is blocked before it.

    There the open time since the nominal deadline is all that was blocked since the start. What
    was blocked since the nominal deadline is on both sides, so what is not blocked must make up
    for what was blocked until then. (To move step by step may take a step for every microsecond.)
    """
    before = clip(blocked, instance.start, nominal)
    extra = length(both(open_within(measure.calendar, instance.start, nominal), before))
    return add_business(measure.calendar, nominal, extra, blocked)
