"""Which filters an answer takes and when a row fits them (I1): a filter never changes a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ledger.errors import Usage

Filters = Mapping[str, Collection[str]]
"""The values asked for by filter name; a row fits when its member is one of them."""

_ALL = ("customer", "subscription")
TAKES: dict[str, tuple[str, ...]] = {
    "clocks": (*_ALL, "ticket", "clock", "severity", "month", "plan", "verdict"),
    "uptime": (*_ALL, "month", "period", "service", "availability", "plan", "verdict"),
    "credits": (*_ALL, "month", "period", "service", "credit", "plan", "state"),
    "rights": (*_ALL, "right", "state"),
    "statement": (*_ALL, "month"),
    "problems": ("customer", "kind"),
    "readings": (*_ALL, "month"),
    "logs": (),
    "contract list": (),
}
"""The filters of each answer."""

PROBLEM_KINDS = (
    "rejected", "implausible_time", "no_broker_time", "gap", "unsettled", "conflict", "cycle",
    "orphan_correction", "superseded_correction", "orphan_retraction", "foreign_retraction",
    "incomplete_source", "orphan", "customer_mismatch", "second_opening", "before_opening",
    "after_merge", "closed_unconfirmed", "refused_after_confirmation", "pause_outlives_reply",
    "no_running_instance", "started_while_active", "changed_before_started", "override",
    "unknown_plan", "unknown_reading", "lint", "added_while_on", "open_impact",
    "window_too_long", "negative_base", "currency", "right_not_open", "over_applied",
    "unreconciled",
)  # fmt: skip
"""Every kind of problem (I8)."""
WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("clocks", "verdict"): (
        "met", "breached", "running", "paused", "cancelled", "no_target", "no_terms",
    ),
    ("uptime", "verdict"): ("met", "breached", "indeterminate", "no_target", "provisional"),
    ("credits", "state"): (
        "none", "indeterminate", "provisional", "claimable", "expired", "claimed", "rejected",
        "accepted", "due", "proposed", "approved", "issued", "applied", "reversed",
    ),
    ("rights", "state"): ("open", "exercised", "lapsed"),
    ("problems", "kind"): PROBLEM_KINDS,
}  # fmt: skip
"""Filters that know all their words: another one would find nothing for ever."""

COMPUTED = frozenset({"month", "period", "plan"})
"""Filters that are no plain comparison with a member of the row in every answer."""


def checked(answer: str, given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The filters as tuples of texts; one that the answer does not take is a usage error."""
    found: dict[str, tuple[str, ...]] = {}
    for name, values in given.items():
        if values is None or values in ((), []):
            continue
        if name not in TAKES[answer]:
            takes = ", ".join(f"--{each}" for each in TAKES[answer]) or "none"
            raise Usage(f"{answer} takes no --{name}; its filters: {takes}")
        found[name] = one_or_more(values)
        if not all(map(_is_text, found[name])):
            raise Usage(f"--{name}: a filter is text in UTF-8")
        _known(answer, name, found[name])
    return found


def one_or_more(values: Any) -> tuple[Any, ...]:
    """The values of an option that may be repeated; one of them needs no list."""
    several = isinstance(values, Iterable) and not isinstance(values, str)
    return tuple(values) if several else (values,)


def _is_text(value: Any) -> bool:
    """Half a surrogate pair, as a shell in another encoding gives it, stands in no event."""
    return isinstance(value, str) and not any("\ud800" <= each <= "\udfff" for each in value)


def _known(answer: str, name: str, values: Sequence[str]) -> None:
    words = WORDS.get((answer, name))
    for value in values:
        if words is not None and value not in words:
            raise Usage(f"--{name} {value}: {answer} knows {', '.join(words)}")


def fitting(rows: Sequence[Any], filters: Filters, *, skip: Collection[str] = ()) -> list[Any]:
    """The rows whose members are among the values asked for; null fits no value."""
    tests = [(name, frozenset(values)) for name, values in filters.items() if name not in skip]
    return [row for row in rows if all(getattr(row, name) in values for name, values in tests)]
