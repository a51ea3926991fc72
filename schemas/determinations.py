"""Topic `sla.determinations`: what was decided (E6), written through the same door as all else.

Approvals and what billing did may come from a billing system.
"""

from __future__ import annotations

from typing import ClassVar

from schemas.shapes import Said
from schemas.values import (
    Currency,
    Hash,
    Id,
    Instant,
    Month,
    Ordinal,
    Period,
    Readings,
    Rows,
    SignedAmount,
    Text,
    Whole,
)


class Determination(Said):
    """An event about a statement or a credit."""

    TOPIC: ClassVar = "sla.determinations"
    SUBJECT: ClassVar = "credit id"


class StatementSealed(Determination):
    """A month's statement, as it was answered then.

    Example (subject `s1/2026-10/1`):
        {"subscription": "s1", "period": "2026-10", "ledger_version": 41,
         "known_at": "2026-11-02T00:00:00Z", "rows": [{"month": "2026-10", "gross_seconds": 0.25}],
         "inputs_sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         "readings": {"month-zone": "utc"}, "contract_version": "2026-01"}
    """

    TYPE: ClassVar = "sla.statement.sealed.v1"
    SUBJECT: ClassVar = "statement id"

    subscription: Id
    period: Month
    ledger_version: Whole
    known_at: Instant
    inputs_sha256: Hash
    rows: Rows
    """The uptime and credit rows as answered, of any length."""
    readings: Readings
    contract_version: Id
    supersedes: Id | None = None
    """The statement that this one restates."""


class CreditProposed(Determination):
    """A credit was worked out: the difference to what was proposed before.

    Example (subject `s1/2026-10/1/uptime-credit/1`):
        {"subscription": "s1", "period": "2026-10", "part": 1, "credit": "uptime-credit",
         "amount": "50.00", "currency": "EUR", "statement": "s1/2026-10/1", "reason": "99.12"}
    """

    TYPE: ClassVar = "sla.credit.proposed.v1"

    subscription: Id
    period: Period
    part: Ordinal
    credit: Id
    amount: SignedAmount
    currency: Currency
    statement: Id
    reason: Text


class CreditStep(Determination):
    """What happened to a credit after it was proposed."""

    invoice: Id | None = None
    by: Id | None = None
    reason: Text | None = None


class CreditApproved(CreditStep):
    """Somebody may pay it.

    Example (subject `s1/2026-10/1/uptime-credit/1`):
        {"by": "finance-2"}
    """

    TYPE: ClassVar = "sla.credit.approved.v1"


class CreditIssued(CreditStep):
    """It stands in the billing system.

    Example (subject `s1/2026-10/1/uptime-credit/1`):
        {"invoice": "in-2026-11-17"}
    """

    TYPE: ClassVar = "sla.credit.issued.v1"


class CreditApplied(CreditStep):
    """It was set off against an invoice; several may follow.

    Example (subject `s1/2026-10/1/uptime-credit/1`):
        {"invoice": "in-2026-11-17", "amount": "20.00"}
    """

    TYPE: ClassVar = "sla.credit.applied.v1"

    amount: SignedAmount | None = None
    """Sign and currency of the credit. Absent: all of it that is left."""


class CreditReversed(CreditStep):
    """It was taken back.

    Example (subject `s1/2026-10/1/uptime-credit/1`):
        {"reason": "granted twice"}
    """

    TYPE: ClassVar = "sla.credit.reversed.v1"


TYPES: tuple[type[Determination], ...] = (
    StatementSealed,
    CreditProposed,
    CreditApproved,
    CreditIssued,
    CreditApplied,
    CreditReversed,
)
