"""Claims: which outages of a part are claimed in time, late, or can still be claimed (S8.75-S8.88).

Pure: the part's countable outages come with their deadlines worked out, claims as their facts say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """A deadline of one outage: `until` is the exclusive end of its last date (S8.77)."""

    by: str
    until: int


@dataclass(frozen=True, slots=True)
class Countable:
    """An outage that counts, a breach, or the period itself (S8.75).

    `end` is None while it runs; `ticket` is that of a breach; `whole_period` marks the period
    itself. A deadline that it does not have (no end yet, nothing sealed) is not in `limits`.
    """

    line: str
    start: int
    end: int | None
    limits: tuple[Limit, ...] = ()
    ticket: str | None = None
    whole_period: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What names it in `leave_out`: its line and its start."""
        return self.line, self.start

    def open_for(self, instant: int, by: str) -> bool:
        """Whether an instant lies before all its deadlines of one kind."""
        return all(instant < limit.until for limit in self.limits if limit.by == by)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of a claim that fits the contract's form, and what it speaks of."""

    claim: str
    at: int
    names: frozenset[int]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim for a part and one credit: `names` are the numbers of the outages it is for.

    `valid` says that its form and the account's standing fit (S8.78, S8.73); `decision` is the
    last of accepted and rejected, `withdrawn` that it was taken back.
    """

    id: str
    submitted_at: int
    names: frozenset[int]
    valid: bool = True
    decision: str | None = None
    withdrawn: bool = False
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and what it is worth: its state (S8.85), what it was in time for, what it claims."""

    claim: Claim
    state: str
    in_time: frozenset[int]
    claimed: frozenset[int]

    @property
    def timely(self) -> bool:
        """Whether it was in time for one outage (S8.103)."""
        return bool(self.in_time)


def judge(
    claim: Claim,
    outages: Sequence[Countable],
    notices: Iterable[Notice] = (),
    scope: str = "incident",
) -> Judged:
    """A claim against the deadlines of the outages it names (S8.78, S8.85).

    Under scope `period` it may be in time for any outage that counts, named or not (S8.80).
    """
    own = [notice.at for notice in notices if notice.claim == claim.id]
    looked = claim.names if scope == "incident" else range(len(outages))
    in_time = frozenset(
        number for number in looked if _in_time(claim.submitted_at, outages[number], own)
    )
    state = _state(claim, in_time)
    if state == "accepted":
        claimed = claim.names
    elif state == "submitted":
        claimed = in_time
    else:
        claimed = frozenset()
    return Judged(claim, state, in_time, claimed)


def _in_time(submitted_at: int, outage: Countable, notices: Sequence[int]) -> bool:
    """All deadlines met, and the claim not made before the outage began (S8.78)."""
    first_word = min([submitted_at, *notices])
    return (
        submitted_at >= outage.start
        and outage.open_for(submitted_at, "claim")
        and outage.open_for(first_word, "notice")
    )


def _state(claim: Claim, in_time: frozenset[int]) -> str:
    if claim.withdrawn:
        return "withdrawn"
    if claim.decision is not None:
        return claim.decision
    if not claim.valid:
        return "invalid"
    return "submitted" if in_time else "late"


def missed_notice(
    number: int,
    outage: Countable,
    at: int,
    claims: Iterable[Claim],
    notices: Iterable[Notice],
) -> bool:
    """Whether a notice was due for an outage, is over at `at`, and none came in time (S8.88)."""
    words = [notice.at for notice in notices if number in notice.names]
    words += [
        claim.submitted_at
        for claim in claims
        if claim.valid and not claim.withdrawn and number in claim.names
    ]
    return any(
        limit.by == "notice" and at >= limit.until and not any(word < limit.until for word in words)
        for limit in outage.limits
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a part stands: its judged claims, what leaves the computation, what may still be claimed.

    `expired` is S8.84: nothing claimed, and nothing of it can be claimed any more.
    """

    judged: tuple[Judged, ...]
    leaves: frozenset[int]
    claimable: bool
    expired: bool
    deadline: int | None

    @property
    def claimed(self) -> bool:
        """Whether some claim, in time or accepted, is for the part."""
        return self.first_in_time() is not None

    def first_in_time(self) -> Claim | None:
        """The first claim in time or accepted (S8.34, S8.61), in the order of facts."""
        for each in self.judged:
            if each.state in ("submitted", "accepted"):
                return each.claim
        return None


def stand(
    outages: Sequence[Countable],
    claims: Sequence[Claim],
    notices: Sequence[Notice],
    *,
    at: int,
    scope: str,
) -> Standing:
    """All claims of a part, and what leaves it under scope `incident` (S8.80 to S8.84, S8.87)."""
    judged = tuple(judge(claim, outages, notices, scope) for claim in claims)
    missed = {
        number
        for number, outage in enumerate(outages)
        if missed_notice(number, outage, at, claims, notices)
    }
    open_still = {
        number
        for number, outage in enumerate(outages)
        if number not in missed and outage.open_for(at, "claim")
    }
    every = frozenset(range(len(outages)))
    leaves: frozenset[int] = frozenset()
    expired = False
    if scope == "incident":
        claimed = frozenset[int]().union(*(each.claimed for each in judged))
        leaves = every - (claimed or open_still)
        expired = bool(outages) and leaves == every
    return Standing(judged, leaves, bool(open_still), expired, _deadline(outages, missed))


def _deadline(outages: Sequence[Countable], missed: set[int]) -> int | None:
    """The latest of the outages' earliest claim deadlines, of those that have ended (S8.87)."""
    earliest = [
        min(limit.until for limit in outage.limits if limit.by == "claim")
        for number, outage in enumerate(outages)
        if number not in missed
        and outage.end is not None
        and any(limit.by == "claim" for limit in outage.limits)
    ]
    return max(earliest, default=None)
