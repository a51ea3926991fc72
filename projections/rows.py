"""The rows of the answers: members, their order and their kinds, declared once (I4, I5).

Values are ready to be shown: an instant is microseconds since 1970 in UTC, seconds are whole
microseconds (cut towards zero where the exact figure is finer, S1.7), percentages, money and
targets are the text that I3 asks for. JSON, CSV, Arrow and the Python API are all derived from
the annotations below, so that a member is added in one place.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints

Instant = Annotated[int, "instant"]
"""Microseconds since 1970-01-01T00:00:00Z."""
Seconds = Annotated[int, "seconds"]
"""A length in whole microseconds, shown in seconds."""
Percent = Annotated[str, "percent"]
"""A percentage as text (four decimals cut for uptime, shortest for credits)."""
Money = Annotated[str, "money"]
"""An amount as text with the decimals of its currency's minor unit."""
Members = Annotated[tuple[tuple[str, str], ...], "members"]
"""An object of texts in a fixed order: a band or a cap as the contract writes it."""
Value = Annotated[Any, "value"]
"""A member of another answer, as shown there: text, number, boolean, object or null."""


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


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading that would change a verdict, an amount or a state of the month."""

    SORT: ClassVar[tuple[str, ...]] = (
        "contract", "version", "interpretation", "option", "answer", "id", "member",
    )  # fmt: skip

    contract: str
    version: str
    interpretation: str
    chosen: str
    option: str
    answer: str
    id: str
    member: str
    value: Value
    other_value: Value
    change: Value


@dataclass(frozen=True, slots=True)
class EntryMoved:
    """An entry recorded between two states, and the value the member takes with it alone."""

    entry: str
    alone: Value


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A member that differs between two states of knowledge, or a row that came or went."""

    SORT: ClassVar[tuple[str, ...]] = ("answer", "id", "member")

    answer: str
    id: str
    member: str | None
    before: Value
    after: Value
    change: Value
    entries: tuple[EntryMoved, ...]


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
    "diff": DiffRow,
}
"""Every answer by its name, with the class of its rows."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a row: its name as shown, its attribute, its kind and what it holds.

    `kind` is instant, seconds, percent, money, members, value, text, whole, bool, list or
    object; `item` is the row class inside a list or an object, or None for a list of texts.
    """

    name: str
    attribute: str
    kind: str
    item: type[Any] | None
    optional: bool


@cache
def members(row: type[Any]) -> tuple[Member, ...]:
    """The members of a row class in the order of I4."""
    hints = get_type_hints(row, include_extras=True)
    return tuple(_member(field.name, hints[field.name]) for field in fields(row))


def _member(attribute: str, hint: Any) -> Member:
    inner, optional = _without_none(hint)
    name = attribute.rstrip("_")
    if get_origin(inner) is Annotated:
        kind = get_args(inner)[1]
        return Member(name, attribute, kind, None, optional or kind == "value")
    if get_origin(inner) is tuple:
        item = get_args(inner)[0]
        return Member(name, attribute, "list", None if item is str else item, optional)
    plain = {str: "text", bool: "bool", int: "whole"}
    if inner in plain:
        return Member(name, attribute, plain[inner], None, optional)
    return Member(name, attribute, "object", inner, optional)


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) is Annotated:
        return hint, False
    arms = [arm for arm in get_args(hint) if arm is not type(None)]
    if type(None) in get_args(hint):
        return arms[0], True
    return hint, False


def sort_key(row: Any) -> tuple[tuple[bool, Any], ...]:
    """The key by which rows of an answer are ordered: null before everything (I3)."""
    values = (getattr(row, name) for name in type(row).SORT)
    return tuple((value is not None, value if value is not None else 0) for value in values)


def ordered(rows: Any) -> list[Any]:
    """The rows in the order of I4."""
    return sorted(rows, key=sort_key)
