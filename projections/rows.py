"""The rows of the answers: members, their order and their kinds, declared once (I4, I5).

Values are ready to be shown: an instant is microseconds since 1970 in UTC, seconds are whole
microseconds (cut towards zero where the exact figure is finer, S1.7), percentages, money and
targets are the text that I3 asks for. JSON, CSV, Arrow and the Python API are all derived from
the annotations below, so that a member is added in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from projections.members import (
    Instant,
    Members,
    Money,
    Percent,
    Seconds,
    Value,
    ordered,
    sort_key,
)
from projections.rows_compared import DiffRow, DisputeReadingsRow, ReadingRow

__all__ = [
    "ANSWERS", "Instant", "Members", "Money", "Percent", "Seconds", "Value", "ordered", "sort_key",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One instance of one clock of one ticket (S5.4), or the ticket's `no_terms` row (S3.61)."""

    SORT: ClassVar[tuple[str, ...]] = ("customer", "subscription", "ticket", "clock", "instance")

    customer: str
    subscription: str | None
    ticket: str
    clock: str | None
    kind: str | None
    instance: int
    severity: str
    plan: str | None
    contract: str | None
    contract_version: str | None
    strength: str | None
    target: str | None
    calendar: str | None
    started_at: Instant
    stopped_at: Instant | None
    provisional: bool
    deadline_at: Instant | None
    projected_deadline_at: Instant | None
    elapsed_seconds: Seconds | None
    target_seconds: Seconds | None
    paused_seconds: Seconds | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Excused:
    """What one exclusion took off a line's downtime (S6.4)."""

    exclusion: str
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class UptimeRow:
    """One availability, line, period and part (S6.90 to S6.93)."""

    SORT: ClassVar[tuple[str, ...]] = (
        "customer", "subscription", "availability", "service", "period", "part",
    )  # fmt: skip

    customer: str
    subscription: str
    availability: str
    service: str | None
    period: str
    period_start: Instant
    period_end: Instant
    part: int
    part_start: Instant
    part_end: Instant
    covered_seconds: Seconds
    gross_downtime_seconds: Seconds | None
    excused: tuple[Excused, ...]
    net_downtime_seconds: Seconds | None
    denominator_seconds: Seconds | None
    unknown_seconds: Seconds | None
    uptime_percent: Percent
    uptime_worst_percent: Percent
    uptime_at_best_percent: Percent | None
    target: str | None
    strength: str
    verdict: str


@dataclass(frozen=True, slots=True)
class CapApplied:
    """A cap that cut an amount: the cap as written, the amount before and after it (S8.50)."""

    cap: Members
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """A claim for a credit's part and what it is worth (S8.85, S8.103)."""

    claim: str
    submitted_at: Instant
    timely: bool
    state: str


@dataclass(frozen=True, slots=True)
class CreditRow:
    """One credit and part (S8.10)."""

    SORT: ClassVar[tuple[str, ...]] = ("customer", "subscription", "period", "credit", "part")

    customer: str
    subscription: str
    period: str
    part: int
    credit: str
    service: str | None
    uptime_percent: Percent | None
    band: Members | None
    base: Money | None
    percent: Percent | None
    days: Percent | None
    amount_before_caps: Money | None
    caps_applied: tuple[CapApplied, ...]
    amount: Money | None
    currency: str | None
    state: str
    claim_deadline: Instant | None
    claims: tuple[ClaimShown, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RightRow:
    """A right that repetition gave (S8.110 to S8.114)."""

    SORT: ClassVar[tuple[str, ...]] = ("customer", "subscription", "right", "arose_at")

    customer: str
    subscription: str
    right: str
    arose_at: Instant
    until: Instant | None
    state: str


@dataclass(frozen=True, slots=True)
class ContractInForce:
    """A contract version in force in a statement's parts; `to` is exclusive, null: open."""

    contract: str
    version: str
    from_: Instant
    to: Instant | None


@dataclass(frozen=True, slots=True)
class Granted:
    """Goodwill for a period stated with the month."""

    credit: str
    period: str
    amount: Money
    currency: str
    reason: str
    by: str | None
    state: str


@dataclass(frozen=True, slots=True)
class CurrencyAmount:
    """A sum in one currency."""

    currency: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DisputeShown:
    """A dispute about what the statement rests on, with the totals under either decision."""

    dispute: str
    kind: str
    id: str
    opened_at: Instant
    state: str
    if_upheld: tuple[CurrencyAmount, ...] | None
    if_denied: tuple[CurrencyAmount, ...] | None


@dataclass(frozen=True, slots=True)
class ReadingUsed:
    """A reading that a statement rests on; `decided_at` null: as published."""

    contract: str
    version: str
    interpretation: str
    chosen: str
    decided_at: Instant | None
    by: str | None
    basis: str | None


@dataclass(frozen=True, slots=True)
class StatementTotal:
    """What is owed, granted and proposed in one currency, and what the next close would add."""

    currency: str
    amount: Money
    granted: Money
    proposed: Money
    difference: Money


@dataclass(frozen=True, slots=True)
class Seal:
    """The latest sealing of a statement (S9.1)."""

    statement: str
    sealed_at: Instant
    ledger_version: int
    inputs_sha256: str
    supersedes: str | None


@dataclass(frozen=True, slots=True)
class StatementRow:
    """All that is known of one subscription and month."""

    SORT: ClassVar[tuple[str, ...]] = ("customer", "subscription")

    customer: str
    subscription: str
    month: str
    contracts: tuple[ContractInForce, ...]
    clocks: tuple[ClockRow, ...]
    uptime: tuple[UptimeRow, ...]
    credits: tuple[CreditRow, ...]
    granted: tuple[Granted, ...]
    rights: tuple[RightRow, ...]
    disputes: tuple[DisputeShown, ...]
    readings_used: tuple[ReadingUsed, ...]
    totals: tuple[StatementTotal, ...]
    seal: Seal | None


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """Something put aside, contradictory, missing or not settled (I8)."""

    SORT: ClassVar[tuple[str, ...]] = ("kind", "subject", "detail")

    kind: str
    subject: str
    detail: str
    customer: str | None
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogRow:
    """One log of the ledger with its size and root."""

    SORT: ClassVar[tuple[str, ...]] = ("log",)

    log: str
    topic: str
    topic_id: str | None
    partition: int
    entries: int
    next_offset: int
    root: str
    first_recorded_at: Instant | None
    last_recorded_at: Instant | None
    segments: int
    bytes: int


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding of `contract lint`."""

    SORT: ClassVar[tuple[str, ...]] = ("file", "line", "column", "code")

    file: str
    line: int
    column: int
    level: str
    code: str
    path: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One published version of a contract."""

    SORT: ClassVar[tuple[str, ...]] = ("contract", "version")

    contract: str
    version: str
    effective_from: Instant
    published_at: Instant
    provider: str
    title: str
    plans: tuple[str, ...]
    subscriptions: int


ANSWERS: dict[str, type[Any]] = {
    "clocks": ClockRow,
    "uptime": UptimeRow,
    "credits": CreditRow,
    "rights": RightRow,
    "statement": StatementRow,
    "problems": ProblemRow,
    "logs": LogRow,
    "contract lint": FindingRow,
    "contract list": ContractRow,
    "readings": ReadingRow,
    "readings --dispute": DisputeReadingsRow,
    "diff": DiffRow,
}
"""Every answer by its name, with the class of its rows."""
