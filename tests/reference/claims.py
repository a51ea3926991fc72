"""Claims and their deadlines (S8.75 to S8.88)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.reference.intervals import both, tidy
from tests.reference.knowing import Fact
from tests.reference.parts import Agreements, Part
from tests.reference.periods import add_months, clipped
from tests.reference.signals import Observed
from tests.reference.terms_view import length_of
from tests.reference.zones import first_instant, local_date


@dataclass(frozen=True)
class Event:
    """S8.75: an outage that counts, a breach, or the period itself."""

    kind: str
    line: str | None
    start: int
    end: int
    running: bool = False
    ticket: str | None = None


@dataclass(eq=False)
class Claim:
    """One claim with what was said of it later."""

    submitted: Fact
    withdrawn: bool
    decisions: list[Fact] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.submitted.subject

    @property
    def time(self) -> int:
        """When it was submitted."""
        return self.submitted.time


class Claims:
    """All claims and notices of one pair of moments."""

    def __init__(self, agreements: Agreements, observed: Observed) -> None:
        known = agreements.known
        self.at = known.at
        self.agreements, self.observed = agreements, observed
        self.notices = known.of("claim.notified")
        self.sealed = known.of("statement.sealed")
        self.standing = known.of("account.standing_changed")
        withdrawn = {fact.subject for fact in known.of("claim.withdrawn")}
        self.all: dict[str, Claim] = {}
        for fact in known.of("claim.submitted"):
            self.all.setdefault(fact.subject, Claim(fact, fact.subject in withdrawn))
        for fact in known.of("claim.accepted", "claim.rejected"):
            if fact.subject in self.all:
                self.all[fact.subject].decisions.append(fact)

    def good(self, customer: str, instant: int) -> bool:
        """S8.73, S8.74: good until an event says otherwise."""
        said = [f for f in self.standing if f.subject == customer and f.time <= instant]
        return bool(said[-1].get("good")) if said else True


Spent = set[tuple[str | None, int, int]]
"""Lines and outages on them that an earlier window has counted."""


class Clause:
    """The claim clause of one credit on one part, with the events that count there."""

    def __init__(
        self,
        claims: Claims,
        part: Part,
        credit: Any,
        pool: list[str],
        events: list[Event],
        spent: Spent,
    ) -> None:
        self.claims, self.part, self.credit, self.pool = claims, part, credit, pool
        self.events, self.spent = events, spent
        self.at = claims.at
        self.document = part.terms.document
        self.zone = self.document.deadline_zone
        spec = credit.claim
        self.spec = None if spec in (None, "none") or not spec.required else spec
        self.deadlines = list(self.spec.deadlines or []) if self.spec else []
        self.mine = [one for one in claims.all.values() if self.is_for(one.submitted)]
        self.made = self.mine

    @property
    def scope(self) -> str:
        """S8.80 to S8.84."""
        return str((self.spec.scope if self.spec else None) or "period")

    # which claims, S8.79

    def is_for(self, fact: Fact) -> bool:
        """Is a claim, or a notice, for this credit on this part?"""
        if fact.get("subscription") != self.part.subscription:
            return False
        named = fact.get("credit")
        if named is not None and named != self.credit.id and named not in self.pool:
            return False
        period = self.part.period
        if period.spec[-1] == "claim":  # S8.86
            day = local_date(fact.time, period.zone)
            if day - timedelta(1) != period.last:
                return False
        if fact.get("period") is not None:
            return bool(fact.get("period") == period.name)
        if fact.get("incidents") is not None:
            return bool(self.named(fact))
        return period.spec[-1] == "claim"

    def only_own(self) -> None:
        """S8.79: of a credit that does not stand in its pool, the claims that name no other.

        All of them are notices (`made`): those are of the subscription (S8.88).
        """
        self.mine = [
            one for one in self.mine if one.submitted.get("credit") in (None, self.credit.id)
        ]

    def named(self, fact: Fact) -> list[Event]:
        """The events that a claim names: all of the part, or those its incidents meet."""
        incidents = fact.get("incidents")
        if incidents is None:
            return list(self.events)
        return [one for one in self.events if self._meets(one, set(incidents))]

    def _meets(self, one: Event, incidents: set[str]) -> bool:
        if one.kind == "breach":
            return one.ticket in incidents
        for impact in self.claims.observed.impacts:
            reaches = impact.customers is None or self.part.customer in impact.customers
            if impact.name not in incidents or not reaches:
                continue
            if one.kind == "period":
                if both(impact.spans, self.part.coverage):
                    return True
            elif impact.service == one.line and both(impact.spans, [(one.start, one.end)]):
                return True
        return False

    # deadlines, S8.76 to S8.78

    def ends(self, deadline: Any, one: Event) -> int | None:
        """The exclusive end of the last date of a deadline; None: there is none."""
        moment = self._moment(deadline.from_, one)
        if moment is None:
            return None
        last = self._last_date(moment, deadline)
        return None if last is None else first_instant(last + timedelta(1), self.zone)

    def _moment(self, word: str, one: Event) -> date | None:
        period_last = self.part.period.last
        if word == "issued":
            sealed = [
                fact
                for fact in self.claims.sealed
                if fact.get("subscription") == self.part.subscription
                and fact.get("period") == self.part.period.month
            ]
            return local_date(sealed[0].time, self.zone) if sealed else None
        if word == "period_end" or one.kind == "period":
            return period_last
        if word == "incident_start":
            return local_date(one.start, self.zone)
        return None if one.running else local_date(one.end, self.zone)

    def _last_date(self, moment: date, deadline: Any) -> date | None:
        """S8.77."""
        number, unit = length_of(deadline.within)
        if unit == "d":
            return moment + timedelta(number)
        if unit == "bd":
            calendar = self.document.calendar(deadline.calendar)
            day = moment
            for _ in range(3_750):
                if number == 0:
                    return day
                day += timedelta(1)
                number -= calendar.counts(day)
            return None
        month = add_months(moment, number)
        if deadline.from_ == "period_end":
            return add_months(month, 1) - timedelta(1)
        return clipped(month.year, month.month, moment.day)

    def in_time(self, claim: Claim, one: Event) -> bool:
        """S8.78: all deadlines are met, and it does not come before the outage began."""
        if claim.time < one.start:
            return False
        for deadline in self.deadlines:
            end = self.ends(deadline, one)
            if end is None or claim.time < end:
                continue
            if (deadline.by or "claim") == "claim":
                return False
            notices = [n for n in self.claims.notices if n.subject == claim.id]
            if not any(self.fits(notice) and notice.time < end for notice in notices):
                return False
        return True

    def fits(self, fact: Fact) -> bool:
        """S8.78: `written` and `channels`."""
        if self.spec is None:
            return True
        if self.spec.written and not fact.data.get("written", True):
            return False
        channels = list(self.spec.channels or [])
        return not channels or "any" in channels or fact.get("channel") in channels

    # states, S8.80 to S8.88

    def timely(self, claim: Claim) -> bool:
        """In time for one outage that counts."""
        named = self.named(claim.submitted) if self.scope == "incident" else self.events
        return any(self.in_time(claim, one) for one in named)

    def state(self, claim: Claim) -> str:
        """S8.85."""
        if claim.withdrawn:
            return "withdrawn"
        if claim.decisions:
            return claim.decisions[-1].type.removeprefix("claim.")
        if not self.valid(claim.submitted):
            return "invalid"
        return "submitted" if self.timely(claim) else "late"

    def valid(self, submitted: Fact) -> bool:
        """S8.78, S8.73: is it fit for the clause, and made in good standing?"""
        eligibility = self.credit.eligibility
        good = (
            eligibility is None
            or eligibility.standing is None
            or self.claims.good(submitted.get("customer"), submitted.time)
        )
        return self.fits(submitted) and good

    def claimed(self) -> list[Event] | None:
        """S8.82, S8.83: the events that are claimed; None: nothing is."""
        found: list[Event] = []
        any_claim = False
        for claim in self.mine:
            state = self.state(claim)
            if state == "accepted":
                any_claim = True
                found.extend(self.named(claim.submitted))
            elif state == "submitted":
                any_claim = True
                found.extend(one for one in self.named(claim.submitted) if self.in_time(claim, one))
        return found if any_claim else None

    def notice_missed(self, one: Event) -> bool:
        """S8.88."""
        for deadline in self.deadlines:
            end = self.ends(deadline, one)
            if (deadline.by or "claim") == "claim" or end is None or self.at < end:
                continue
            made = [claim.submitted for claim in self.made if not claim.withdrawn]
            said = [
                *(fact for fact in self.claims.notices if self.fits(fact)),
                *(fact for fact in made if self.valid(fact)),
            ]
            came = any(
                self.is_for(fact)
                and fact.time < end
                and one in self.named(fact)
                for fact in said
            )
            if not came:
                return True
        return False

    def can_be_claimed(self, one: Event) -> bool:
        """S8.88: before all its claim deadlines, and its notice is not missed."""
        for deadline in self.deadlines:
            end = self.ends(deadline, one)
            if (deadline.by or "claim") == "claim" and end is not None and self.at >= end:
                return False
        return not self.notice_missed(one)

    def deadline(self) -> int | None:
        """S8.87: per outage that has ended the earliest; of these the latest."""
        latest: list[int] = []
        for one in self.events:
            running = one.running or (one.kind == "period" and self.at < self.part.period.end)
            if running or self.notice_missed(one):
                continue
            ends = [
                end
                for deadline in self.deadlines
                if (deadline.by or "claim") == "claim"
                and (end := self.ends(deadline, one)) is not None
            ]
            if ends:
                latest.append(min(ends))
        return max(latest) if latest else None

    def first_claim(self) -> int | None:
        """S8.34: the first claim in time or accepted."""
        for claim in sorted(self.mine, key=lambda one: one.submitted.order):
            if self.state(claim) in ("submitted", "accepted"):
                return claim.time
        return None

    def reached(self) -> bool:
        """Is the whole part claimed (S8.80)?"""
        return self.claimed() is not None


__all__ = ["Claim", "Claims", "Clause", "Event", "tidy"]
