"""Rows of `clocks` from what was worked out: verdicts, numbers, columns (I4, S5.45 to S5.58)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.calendar.wall_time import Ints
from projections.clocks.binding import NOBODY
from projections.clocks.figures import NULL
from projections.clocks.steps import NOWHERE
from projections.clocks.story import Share

VERDICTS = (
    "met", "breached", "running", "paused", "cancelled", "no_target", "no_terms",
)  # fmt: skip
_MET, _BREACHED, _RUNNING, _PAUSED, _CANCELLED, _NO_TARGET, _NO_TERMS = range(len(VERDICTS))
COLUMNS = pa.schema(
    [
        *[(name, pa.string()) for name in ("customer", "subscription", "ticket", "clock", "kind")],
        ("instance", pa.int64()),
        *[
            (name, pa.string())
            for name in (
                "severity", "plan", "contract", "contract_version", "strength", "target",
                "calendar",
            )
        ],
        ("started_at", pa.int64()),
        ("stopped_at", pa.int64()),
        ("provisional", pa.bool_()),
        *[
            (name, pa.int64())
            for name in (
                "deadline_at", "projected_deadline_at", "elapsed_seconds", "target_seconds",
                "paused_seconds",
            )
        ],
        ("verdict", pa.string()),
    ]
)  # fmt: skip
"""The members of ClockRow; instants and seconds are microseconds. Texts come as dictionaries."""


def rows(told: Share) -> pa.Table:
    """One row an instance and one for each ticket without terms, in no order."""
    return pa.concat_tables([_instances(told), _without_terms(told)], promote_options="permissive")


def _instances(told: Share) -> pa.Table:
    every, figures = told.pieces, told.figures
    over = every.until != NOWHERE
    numbered = np.array([cell.within is not None for cell in told.cells.cells] or [False])
    verdict = _verdicts(told, over, numbered[every.cell] if len(every.cell) else over)
    agreed = told.due != NULL
    due = np.where(agreed & (verdict != _NO_TARGET), told.due, figures.deadline)
    paused = verdict == _PAUSED
    cells = told.cells.cells
    clocks = told.clocks
    span = told.bound.span[every.ticket]
    terms = told.bound.terms_of[every.ticket]
    stopped_at = np.where(over & every.stopped, told.end, NULL)
    return _table(
        told,
        every.ticket,
        span,
        {
            "clock": _texts(every.clock, [clock.id for clock in clocks]),
            "kind": _texts(every.clock, [clock.kind for clock in clocks]),
            "instance": pa.array(_ordinals(told)),
            "severity": _texts(every.severity, told.steps.words),
            "contract_version": _texts(terms, [each.version for each in told.bound.terms]),
            "strength": _texts(every.cell, [cell.strength for cell in cells]),
            "target": _texts(every.cell, [cell.text for cell in cells]),
            "calendar": _texts(every.cell, [cell.calendar for cell in cells]),
            "started_at": pa.array(every.start),
            "stopped_at": _nullable(stopped_at),
            "provisional": pa.array(every.provisional),
            "deadline_at": _nullable(np.where(paused, NULL, due)),
            "projected_deadline_at": _nullable(np.where(paused, due, NULL)),
            "elapsed_seconds": _nullable(figures.elapsed),
            "target_seconds": _nullable(figures.target),
            "paused_seconds": _nullable(figures.paused),
            "verdict": _texts(verdict, list(VERDICTS)),
        },
    )


def _verdicts(told: Share, over: npt.NDArray[np.bool_], numbered: npt.NDArray[np.bool_]) -> Ints:
    """The first that fits of S5.51 to S5.56."""
    past = np.where(told.due != NULL, told.end > told.due, told.figures.past)
    stopped = told.pieces.stopped
    return np.select(
        [~numbered, past, over & stopped, over, told.goes_on],
        [_NO_TARGET, _BREACHED, _MET, _CANCELLED, _PAUSED],
        _RUNNING,
    ).astype(np.int64)


def _ordinals(told: Share) -> Ints:
    """Instances by ticket and clock in the order of their starts, from 1 (S5.4)."""
    every = told.pieces
    order = np.lexsort((every.since, every.start, every.clock, every.ticket))
    ticket, clock = every.ticket[order], every.clock[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (ticket[1:] != ticket[:-1]) | (clock[1:] != clock[:-1])
    place = np.arange(len(order))
    head = place[fresh][np.cumsum(fresh) - 1]
    ordinal = np.empty(len(order), np.int64)
    ordinal[order] = place - head + 1
    return ordinal


def _without_terms(told: Share) -> pa.Table:
    """One row for each ticket that no terms bind, with its severity at the opening (S3.61)."""
    ticket = np.flatnonzero(told.bound.terms_of == NOBODY)
    started = told.steps.opened_at[ticket]
    return _table(
        told,
        ticket,
        told.bound.span[ticket],
        {
            "instance": pa.array(np.ones(len(ticket), np.int64)),
            "severity": _texts(told.steps.severity[ticket], told.steps.words),
            "started_at": pa.array(started),
            "provisional": pa.array(np.zeros(len(ticket), np.bool_)),
            "verdict": _texts(np.full(len(ticket), _NO_TERMS), list(VERDICTS)),
        },
    )


def _table(told: Share, ticket: Ints, span: Ints, columns: dict[str, Any]) -> pa.Table:
    """The columns with those of the ticket; what is not given is null."""
    names = (
        told.told.rows.column("ticket")
        .combine_chunks()
        .take(pa.array(told.steps.row[told.steps.first]))
    )
    spans = told.bound.spans
    subscription, listed = _shown_subscription(told)
    columns = {
        **columns,
        "customer": _texts(told.customers[0][ticket], told.customers[1]),
        "subscription": _texts(subscription[ticket], listed),
        "ticket": pa.DictionaryArray.from_arrays(pa.array(ticket.astype(np.int32)), names),
        "plan": _texts(span, [each.plan for each in spans]),
        "contract": _texts(span, [each.contract for each in spans]),
    }
    return pa.table(
        {
            each.name: columns[each.name] if each.name in columns else _missing(each, len(ticket))
            for each in COLUMNS
        }
    )


def _missing(column: pa.Field, count: int) -> Any:
    if column.type == pa.string():
        return _texts(np.full(count, -1), [])
    return pa.nulls(count, column.type)


def _shown_subscription(told: Share) -> tuple[Ints, list[str]]:
    """The subscription that the opening names, else that of the terms (S3.60)."""
    spans, listed = told.bound.spans, told.subscriptions[1]
    ids = [*listed, *(span.subscription for span in spans)]
    of_span = np.where(told.bound.span >= 0, told.bound.span + len(listed), -1)
    return np.where(told.subscriptions[0] >= 0, told.subscriptions[0], of_span), ids


def _texts(places: Ints, texts: list[Any]) -> pa.DictionaryArray:
    """Texts by their places in a list; -1 and None are null."""
    distinct = list(dict.fromkeys(text for text in texts if text is not None))
    known = {text: number for number, text in enumerate(distinct)}
    numbers = np.array([known.get(text, -1) for text in texts] + [-1], np.int32)
    indices = numbers[places]
    return pa.DictionaryArray.from_arrays(
        pa.array(indices, mask=indices < 0), pa.array(distinct, pa.string())
    )


def _nullable(values: Ints) -> pa.Array:
    return pa.array(values, mask=values == NULL)
