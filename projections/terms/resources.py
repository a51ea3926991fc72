"""Resources of a customer's own: when a subscription holds them (S3.51 to S3.53)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from projections.facts import Fact
from projections.rows import ProblemRow
from projections.terms.lives import customer_at
from projections.terms.versions import FAR, moment_instant
from schemas.instant import Interval, intersect, union

if TYPE_CHECKING:
    from projections.terms import Agreements
    from projections.terms.lives import Span

ADDED = "sla.resource.added.v1"


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """One coverage that events gave: begun by `added`, ended perhaps by `removed`."""

    added: Fact
    removed: Fact | None = None

    @property
    def kind_id(self) -> str:
        """The contract's service that it is one of."""
        return str(self.added.data["is"])

    def coverage(self, zone: str) -> Interval:
        """From its `from`, else the time of `added`, to `to`, else that of `removed` (S3.51)."""
        return Interval(_moment(self.added, "from", zone), _moment(self.removed, "to", zone))


@dataclass(slots=True)
class Resources:
    """All that events added, by subscription and resource id."""

    added: dict[str, dict[str, list[Added]]] = field(default_factory=dict)
    again: list[Fact] = field(default_factory=list)

    def of(self, subscription: str) -> Mapping[str, Sequence[Added]]:
        """The coverages of a subscription by resource id, in order."""
        return self.added.get(subscription, {})

    def problems(self, agreements: Agreements) -> Iterator[ProblemRow]:
        """A second `added` while on (S3.52)."""
        for fact in self.again:
            spans = agreements.spans_of(fact.data["subscription"])
            customer = customer_at(spans, fact.effective_at)
            yield ProblemRow(
                "added_while_on", fact.subject, fact.event_id, customer, (fact.entry,)
            )


def walk(facts: Iterable[Fact]) -> Resources:
    """Take every `added` and `removed` in order (S3.52).

    Several subscriptions may hold one id (S3.54): it is on once for each of them, and one `removed`
    ends it for all.
    """
    found = Resources()
    on: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        if fact.type != ADDED:
            for begun in on.pop(fact.subject, {}).values():
                _keep(found, Added(begun, fact))
            continue
        held = on.setdefault(fact.subject, {})
        if fact.data["subscription"] in held:
            found.again.append(fact)
        else:
            held[fact.data["subscription"]] = fact
    for holders in on.values():
        for begun in holders.values():
            _keep(found, Added(begun))
    return found


def _keep(found: Resources, added: Added) -> None:
    of_it = found.added.setdefault(added.added.data["subscription"], {})
    of_it.setdefault(added.added.subject, []).append(added)


def _moment(fact: Fact | None, name: str, zone: str) -> int:
    if fact is None:
        return FAR
    written = fact.data.get(name)
    return fact.effective_at if written is None else moment_instant(str(written), zone)


def held(
    agreements: Agreements, subscription: str, kinds: frozenset[str], zone: str
) -> dict[str, tuple[str, list[Interval]]]:
    """The resources of some kinds that a subscription ever holds: id to kind and coverage.

    Several coverages of one id are united (S3.51). A new life inherits nothing (S3.2): what was
    added in one life does not reach into the next.
    """
    spans = agreements.spans_of(subscription)
    found: dict[str, tuple[str, list[Interval]]] = {}
    for name, kind, coverage in (*_listed(spans, zone), *_told(agreements, spans, zone)):
        if kind in kinds and coverage:
            first, known = found.get(name, (kind, []))
            found[name] = first, union([*known, *coverage])
    return found


def _listed(spans: Sequence[Span], zone: str) -> Iterator[tuple[str, str, list[Interval]]]:
    for span in spans:
        for each in span.services or ():
            if isinstance(each, Mapping):
                yield each["id"], each["is"], listed_coverage(each, span, zone)


def listed_coverage(listed: Mapping[str, Any], span: Span, zone: str) -> list[Interval]:
    """What a resource of the list covers while it is listed: [`from`, `to`) in a span (S3.51)."""
    start, end = listed.get("from"), listed.get("to")
    own = Interval(
        span.start if start is None else moment_instant(str(start), zone),
        span.end if end is None else moment_instant(str(end), zone),
    )
    return intersect([own], [_whole(span)])


def _told(
    agreements: Agreements, spans: Sequence[Span], zone: str
) -> Iterator[tuple[str, str, list[Interval]]]:
    if not spans:
        return
    for name, several in agreements.resources.of(spans[0].subscription).items():
        for each in several:
            life = _life(spans, each.added.effective_at)
            yield name, each.kind_id, intersect([each.coverage(zone)], life)


def _life(spans: Sequence[Span], instant: int) -> list[Interval]:
    """The life that holds an instant; where none does, the first that begins after it."""
    holding = [span.life for span in spans if span.start <= instant < span.end]
    later = [span.life for span in spans if instant < span.start]
    number = next(iter([*holding, *later]), None)
    return union(_whole(span) for span in spans if span.life == number)


def _whole(span: Span) -> Interval:
    return Interval(span.start, span.end)
