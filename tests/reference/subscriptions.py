"""The lives of subscriptions and what each stretch of them says (S3.1 to S3.3, S3.50 to S3.53)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tests.reference.intervals import FAR, Spans, both, tidy
from tests.reference.knowing import Fact, Known, Problem
from tests.reference.zones import local_date, moment

MEMBERS = (
    "customer",
    "contract",
    "plan",
    "fee",
    "signed",
    "services",
    "billing_day",
    "add_ons",
    "overrides",
    "term",
)


@dataclass(frozen=True)
class State:
    """What a subscription is over [start, end)."""

    subscription: str
    life: int
    life_start: int
    start: int
    end: int
    term_started: int
    data: dict[str, Any] = field(repr=False)

    @property
    def customer(self) -> str:
        """Whose it is."""
        return str(self.data["customer"])

    @property
    def contract(self) -> str:
        """The contract named."""
        return str(self.data["contract"])

    @property
    def plan(self) -> str:
        """The plan named."""
        return str(self.data["plan"])

    @property
    def overrides(self) -> list[dict[str, Any]]:
        """In the order listed."""
        return self.data.get("overrides") or []

    @property
    def fee(self) -> dict[str, Any] | None:
        """The recurring fee."""
        return self.data.get("fee")


@dataclass
class Added:
    """A resource of an event (S3.51): its coverage, its kind and its share of the fee."""

    subscription: str
    kind: str
    fee: dict[str, Any] | None
    added_at: int
    begins: str | int
    ends: str | int = FAR


class Subscriptions:
    """All lives, walked once."""

    def __init__(self, known: Known) -> None:
        self.problems: set[Problem] = set()
        self.states: dict[str, list[State]] = {}
        self.added: dict[str, list[Added]] = {}
        self.known = known
        for fact in known.facts:
            step = {
                "subscription.started": self._started,
                "subscription.changed": self._changed,
                "subscription.ended": self._ended,
                "resource.added": self._added,
                "resource.removed": self._removed,
            }.get(fact.type)
            if step is not None:
                step(fact)

    def _open(self, subscription: str) -> State | None:
        states = self.states.get(subscription, [])
        return states[-1] if states and states[-1].end == FAR else None

    def _started(self, fact: Fact) -> None:
        if self._open(fact.subject) is not None:  # S3.2
            self._problem("started_while_active", fact)
            return
        before = self.states.setdefault(fact.subject, [])
        life = before[-1].life + 1 if before else 1
        data = {name: fact.get(name) for name in MEMBERS}
        before.append(State(fact.subject, life, fact.time, fact.time, FAR, fact.time, data))

    def _changed(self, fact: Fact) -> None:
        state = self._open(fact.subject)
        if state is None:  # S3.2
            self._problem("changed_before_started", fact)
            return
        named = {name: fact.get(name) for name in MEMBERS if fact.get(name) is not None}
        data = {**state.data, **named}
        began = fact.time if "term" in named else state.term_started  # S3.3
        states = self.states[fact.subject]
        states[-1] = replace(state, end=fact.time)
        states.append(replace(state, start=fact.time, term_started=began, data=data))

    def _ended(self, fact: Fact) -> None:
        state = self._open(fact.subject)
        if state is None:
            self._problem("changed_before_started", fact)
            return
        self.states[fact.subject][-1] = replace(state, end=fact.time)

    def _added(self, fact: Fact) -> None:
        mine = self.added.setdefault(fact.subject, [])
        holder = fact.get("subscription")
        if any(one.ends == FAR and one.subscription == holder for one in mine):  # S3.52, S3.54
            last = self.last(holder, fact.time)
            customer = None if last is None else last.customer
            self.problems.add(Problem("added_while_on", fact.subject, fact.id, customer))
            return
        begins = fact.get("from") or fact.time
        mine.append(
            Added(fact.get("subscription"), fact.get("is"), fact.get("fee"), fact.time, begins)
        )

    def _removed(self, fact: Fact) -> None:
        for one in self.added.get(fact.subject, []):
            if one.ends == FAR:
                one.ends = fact.get("to") or fact.time

    def _problem(self, kind: str, fact: Fact) -> None:
        states = self.states.get(fact.subject)
        customer = fact.get("customer") or (states[-1].customer if states else None)
        self.problems.add(Problem(kind, fact.subject, fact.id, customer))

    def of(self, subscription: str) -> list[State]:
        """The stretches that are not empty, by time."""
        return [one for one in self.states.get(subscription, []) if one.start < one.end]

    def at(self, subscription: str, instant: int) -> State | None:
        """The state at an instant; None: not active."""
        found = [one for one in self.of(subscription) if one.start <= instant < one.end]
        return found[-1] if found else None

    def last(self, subscription: str, instant: int) -> State | None:
        """The state at an instant, else the last one before it; None: nobody yet."""
        before = [one for one in self.of(subscription) if one.start <= instant]
        return before[-1] if before else None

    def active_of(self, customer: str, instant: int) -> list[State]:
        """S3.60: the customer's subscriptions active at an instant."""
        found = [self.at(name, instant) for name in sorted(self.states)]
        return [one for one in found if one is not None and one.customer == customer]

    def lives(self, subscription: str) -> list[tuple[int, int, int]]:
        """S3.1: each life as (number, start, end)."""
        result: dict[int, tuple[int, int, int]] = {}
        for one in self.of(subscription):
            result[one.life] = (one.life, one.life_start, one.end)
        return sorted(result.values())

    def service_coverage(self, subscription: str, service: str) -> Spans:
        """S3.50: when the subscription holds the kind itself."""
        return tidy(
            (one.start, one.end)
            for one in self.of(subscription)
            if one.data["services"] is None or service in one.data["services"]
        )

    def resources(self, subscription: str, zone: str) -> dict[str, list[Resource]]:
        """S3.51: every resource with its stretches of coverage and what is paid for it then."""
        result: dict[str, list[Resource]] = {}
        for state in self.of(subscription):
            for one in state.data["services"] or []:
                if isinstance(one, dict):
                    start = (
                        max(state.start, moment(one["from"], zone))
                        if one.get("from")
                        else (state.start)
                    )
                    end = min(state.end, moment(one["to"], zone)) if one.get("to") else state.end
                    found = Resource(one["is"], one.get("fee"), "list", tidy([(start, end)]))
                    result.setdefault(one["id"], []).append(found)
        lives = [(start, end) for _, start, end in self.lives(subscription)]
        for name, several in sorted(self.added.items()):
            for added in several:
                if added.subscription == subscription:
                    start, end = _at(added.begins, zone), _at(added.ends, zone)
                    holding = [one for one in lives if one[0] <= added.added_at < one[1]]
                    later = [one for one in lives if added.added_at < one[0]]
                    span = both(tidy([(start, end)]), holding or later[:1])  # S3.2
                    result.setdefault(name, []).append(
                        Resource(added.kind, added.fee, "event", span)
                    )
        return result

    def started_on(self, state: State, zone: str) -> Any:
        """The local date of `started`."""
        return local_date(state.life_start, zone)


@dataclass(frozen=True)
class Resource:
    """One stretch of a resource: kind, fee, where it was said, when it is covered."""

    kind: str
    fee: dict[str, Any] | None
    said: str
    coverage: Spans


def _at(where: str | int, zone: str) -> int:
    return moment(where, zone) if isinstance(where, str) else where
