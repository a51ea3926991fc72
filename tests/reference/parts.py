"""The parts of a period under the terms that bind, and their lines (S3.30 to S3.55)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.reference.binding import Binding, Piece, Terms
from tests.reference.intervals import FAR, Spans, both, pieces, tidy
from tests.reference.knowing import Known
from tests.reference.periods import Life, Period, Spec, merged, periods_of
from tests.reference.subscriptions import State
from tests.reference.terms_view import Document
from tests.reference.zones import first_instant


@dataclass(frozen=True, eq=False)
class Part:
    """S3.41 to S3.44: what is judged alone."""

    subscription: str
    customer: str
    period: Period
    period_coverage: Spans
    number: int
    coverage: Spans
    terms: Terms
    state: State

    @property
    def start(self) -> int:
        """The first covered instant."""
        return self.coverage[0][0]

    @property
    def end(self) -> int:
        """The exclusive end of the last stretch."""
        return self.coverage[-1][1]

    @property
    def id(self) -> tuple[str, str, str, int]:
        """What names a part."""
        return (self.subscription, self.period.zone, self.period.name, self.number)


@dataclass(frozen=True)
class Line:
    """S3.50: what an availability is measured on; id None: all of them together."""

    id: str
    kind: str
    is_resource: bool
    coverage: Spans


class Agreements(Binding):
    """Contracts, decisions and subscriptions of one pair of moments, with the parts they give."""

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        self.sum_before_claims: Callable[[Part], Any] = lambda part: 0
        self._parts_memo: dict[tuple[str, str], list[Part]] = {}

    def lives(self, subscription: str) -> list[Life]:
        """The lives, each with the billing day that a cycle beginning at an instant takes."""

        def day_at(life: int, instant: int) -> int | None:
            state = self.subscriptions.at(subscription, instant)
            if state is None or state.life != life:
                state = next(one for one in self.subscriptions.of(subscription) if one.life == life)
            day = state.data["billing_day"]
            return None if day is None else int(day)

        def life(number: int, start: int, end: int) -> Life:
            return Life(number, start, end, lambda instant: day_at(number, instant))

        return [life(*one) for one in self.subscriptions.lives(subscription)]

    def claim_times(self, subscription: str) -> list[int]:
        """S3.36: the moments of the claims that are not withdrawn."""
        gone = {fact.subject for fact in self.known.of("claim.withdrawn")}
        return [
            fact.time
            for fact in self.known.of("claim.submitted")
            if fact.get("subscription") == subscription and fact.subject not in gone
        ]

    def parts(self, subscription: str, month: str) -> list[Part]:
        """The parts of every period that is stated with the month and has begun (S3.46)."""
        if (subscription, month) not in self._parts_memo:
            self._parts_memo[subscription, month] = []  # none while terms are tried (S3.44)
            self._parts_memo[subscription, month] = self._parts_of(subscription, month)
        return self._parts_memo[subscription, month]

    def calendar_month(self, subscription: str, month: str) -> list[Part]:
        """The parts of the month itself, whether any clause goes by it or not (I4)."""
        found = self._parts_of(subscription, month, {("month",)})
        return [part for part in found if part.period.spec == ("month",)]

    def _parts_of(
        self, subscription: str, month: str, also: Iterable[Spec] = ()
    ) -> list[Part]:
        all_pieces = self.pieces(subscription)
        lives = self.lives(subscription)
        found: dict[tuple[Spec, str], list[Part]] = {}
        documents = list(self._documents(all_pieces))
        for spec, zone in sorted(self._kinds(documents, also), key=str):
            claimed = self.claim_times(subscription)
            for period, coverage in merged(periods_of(spec, zone, month, lives, claimed), lives):
                several = found.setdefault((spec, period.name), [])
                several.extend(self._parts(subscription, period, coverage, all_pieces))
        always = set(also)
        if any(document.rights for document in documents):  # S8.111: whatever terms it was under
            always.add(("month",))
        return [
            part
            for several in found.values()
            for part in self._numbered(several)
            if part.start < self.known.at
            and part.period.spec in part.terms.document.period_specs() | always
        ]

    @staticmethod
    def _numbered(several: list[Part]) -> list[Part]:
        """S3.41: 1, 2, ...; where the zone changes, periods of one name are numbered together.

        Else two parts of one name could have one number, and I3 lets no two rows have equal keys.
        """
        zones = {part.period.zone for part in several}
        if len(zones) < 2:
            return several
        ordered = sorted(several, key=lambda part: part.start)
        return [replace(part, number=number) for number, part in enumerate(ordered, start=1)]

    def _documents(self, all_pieces: list[Piece]) -> Iterator[Document]:
        """What was agreed, by the readings of every moment."""
        for piece in all_pieces:
            for instant in {-FAR, *(fact.time for fact in self.decided)}:
                yield self.terms(piece, instant, instant).document

    @staticmethod
    def _kinds(documents: list[Document], also: Iterable[Spec]) -> set[tuple[Spec, str]]:
        """Every kind of period and every zone that some reading of some terms gives."""
        specs: set[Spec] = set(also)
        zones: set[str] = set()
        for document in documents:
            specs |= document.period_specs()
            zones.add(document.period_zone)
        return {(spec, zone) for spec in specs for zone in zones}

    def _parts(
        self, subscription: str, period: Period, coverage: Spans, all_pieces: list[Piece]
    ) -> list[Part]:
        """S3.41 to S3.45. S3.12: zones are read where the period would start in UTC."""
        inside = [one for one in all_pieces if both([(one.start, one.end)], coverage)]
        if not inside:
            return []
        utc = first_instant(period.first, "UTC")
        covered = both(coverage, tidy((one.start, one.end) for one in inside))
        last = inside[-1]
        word = self.terms(last, max(last.start, covered[0][0]), utc).document.plan_change
        runs = self._runs(inside, covered) if word == "cut" else [(covered, last)]
        result = []
        for number, (spans, piece) in enumerate(runs, start=1):
            terms = self.terms(piece, spans[0][0], utc)
            part = Part(
                subscription,
                piece.state.customer,
                period,
                coverage,
                number,
                spans,
                terms,
                self._last_state(piece, spans),
            )
            result.append(self._best(part, inside, utc) if word == "whole_period_best" else part)
        return [one for one in result if one.terms.document.period_zone == period.zone]

    def _last_state(self, piece: Piece, spans: Spans) -> State:
        state = self.subscriptions.at(piece.state.subscription, spans[-1][1] - 1)
        return state if state is not None else piece.state

    def _runs(self, inside: list[Piece], covered: Spans) -> list[tuple[Spans, Piece]]:
        """S3.41: cut where plan, contract, version, overrides, customer or the life change."""

        def key(instant: int) -> object:
            piece = next(one for one in inside if one.start <= instant < one.end)
            state = piece.state
            return (
                state.plan,
                state.contract,
                piece.version.key,
                state.overrides,
                state.customer,
                state.life,
            )

        edges = [edge for one in inside for edge in (one.start, one.end)]
        result = []
        for start, end in pieces(edges, covered, key):
            of_it = [one for one in inside if one.start < end and start < one.end]
            result.append(([(start, end)], of_it[-1]))
        return result

    def _best(self, part: Part, inside: list[Piece], utc: int) -> Part:
        """S3.44: each of the terms that held is tried; the largest sum of credits is taken."""
        best: tuple[Any, Part] | None = None
        for piece in inside:
            terms = self.terms(piece, part.start, utc)
            tried = Part(
                part.subscription,
                part.customer,
                part.period,
                part.period_coverage,
                part.number,
                part.coverage,
                terms,
                part.state,
            )
            total = self.sum_before_claims(tried)
            if best is None or total >= best[0]:  # ties: the latest
                best = (total, tried)
        assert best is not None
        return best[1]

    def lines(self, part: Part, services: Iterable[str]) -> list[Line]:
        """S3.50, S3.51: the services held and the resources of their kinds, each with its time."""
        return lines_within(self, part, part.coverage, list(services))


def lines_within(
    agreements: Agreements, part: Part, within: Spans, services: list[str]
) -> list[Line]:
    """The lines of a part, each with its coverage within the given time, by id."""
    of = agreements.subscriptions
    zone = part.terms.document.period_zone
    result = []
    for service in dict.fromkeys(services):
        spans = both(of.service_coverage(part.subscription, service), within)
        if spans:
            result.append(Line(service, service, False, spans))
    for name, several in of.resources(part.subscription, zone).items():
        spans = both(
            tidy(span for one in several if one.kind in services for span in one.coverage), within
        )
        if spans:
            kind = next(one.kind for one in several if one.kind in services)
            result.append(Line(name, kind, True, spans))
    return sorted(result, key=lambda line: line.id)
