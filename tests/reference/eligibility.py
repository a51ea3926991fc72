"""Who gets a credit, and which outages leave the computation (S8.70 to S8.74, S8.84)."""

from __future__ import annotations

from typing import Any

from tests.reference.claims import Clause, Event
from tests.reference.credit_lines import CreditLines
from tests.reference.downtime import Sweep
from tests.reference.intervals import both
from tests.reference.parts import Part


class Eligibility(CreditLines):
    """Tests of what is written and of nothing else."""

    def _leaving(
        self, part: Part, credit: Any, clause: Clause, *, worst: bool
    ) -> tuple[set[Event], list[str], bool]:
        """What leaves the computation: S8.72, S8.82 to S8.84, S8.86."""
        events = self._events(part, credit)[0]
        leaving: set[Event] = set()
        failed: list[str] = []
        eligibility = credit.eligibility
        timed = [one for one in events if one.kind != "period"]
        for name in ("signed", "billing"):
            if eligibility is None or getattr(eligibility, name) is None:
                continue
            moments = [one.start for one in timed] or [part.end - 1]
            bad = {at for at in moments if not self._agreed(part, credit, name, at)}
            leaving |= {one for one in timed if one.start in bad}
            if bad:
                failed.append("signature" if name == "signed" else name)
        if timed and len(leaving) < len(timed):  # S8.72: together they must leave none
            failed.clear()
        gone = [e for e in events if (e.line, e.start, e.end) in clause.spent]
        leaving |= set(gone)
        if events and len(gone) == len(events):
            failed.append("")
        expired = False
        if clause.spec is not None and clause.scope == "incident":
            claimed = clause.claimed()
            if claimed is None:  # S8.84
                lost = [one for one in events if not clause.can_be_claimed(one)]
                expired = bool(events) and len(lost) == len(events)
                leaving |= set(lost)
            else:
                leaving |= {one for one in events if one not in claimed}
        if worst:
            leaving = self._leaving_in_worst(part, credit, leaving)
        return leaving, failed, expired

    def _leaving_in_worst(self, part: Part, credit: Any, leaving: set[Event]) -> set[Event]:
        """Claims are for outages that count in best (S8.75): one of worst leaves with those in it.

        What worst alone knows cannot be claimed; it leaves by S8.72, as it began.
        """
        found = {one for one in leaving if one.kind != "outage"}
        left = {(one.line, one.start) for one in leaving}
        written = [
            name
            for name in ("signed", "billing")
            if credit.eligibility is not None and getattr(credit.eligibility, name) is not None
        ]
        for line in self._measured(part, credit):
            for sweep, bad in zip(line.sweeps, line.sweeps_worst, strict=True):
                known = sweep.counting_outages()
                for one in bad.counting_outages():
                    inside = [each for each in known if one.start <= each.start < one.end]
                    goes = (
                        all((each.line, each.start) in left for each in inside)
                        if inside
                        else not all(self._agreed(part, credit, n, one.start) for n in written)
                    )
                    if goes:
                        found.add(Event("outage", one.line, one.start, one.end, one.running))
        return found

    def _agreed(self, part: Part, credit: Any, name: str, instant: int) -> bool:
        """S8.72: at the start of an outage."""
        state = self.agreements.subscriptions.at(part.subscription, instant)
        if state is None:
            return False
        if name == "signed":
            return bool(state.data.get("signed", True)) == bool(credit.eligibility.signed)
        return bool(state.fee and state.fee["per"] == credit.eligibility.billing)

    def _fails(
        self, part: Part, credit: Any, clause: Clause, failed: list[str], *, worst: bool
    ) -> list[str]:
        """S8.70 to S8.74: the tests that make the whole row not eligible."""
        eligibility = credit.eligibility
        found = list(failed)
        if eligibility is None:
            return found
        if eligibility.plans is not None and part.terms.plan not in eligibility.plans:
            found.append("plan")
        if eligibility.affected and not self._affected(part, credit, worst=worst):
            found.append("not_affected")
        if eligibility.standing is not None and clause.spec is None:
            moment = min(part.period.end, self.at)
            if not self.claims.good(part.customer, moment):
                found.append("standing")
        return found

    def _affected(self, part: Part, credit: Any, *, worst: bool) -> bool:
        """S8.71, S8.74."""
        sweeps = [
            sweep
            for line in self._measured(part, credit)
            for sweep in (line.sweeps_worst if worst else line.sweeps)
        ]
        if not any(sweep.counting_outages() for sweep in sweeps):
            return True
        for sweep in sweeps:
            own = Sweep(
                self.agreements,
                self.observed,
                part,
                _as_customer(sweep.availability),
                sweep.line,
                worst=worst,
            )
            if both(both(sweep.left, sweep.inside), own.down_when({})):
                return True
        return False


def _as_customer(availability: Any) -> Any:
    return availability.changed(view="customer")
