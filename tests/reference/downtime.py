"""Downtime and uptime of one line (S6.1 to S6.9, S6.30 to S6.54), step by step as written."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.reference.business_time import Calendar, open_within
from tests.reference.exclusions import Effect, Seen, effect, quota_us
from tests.reference.intervals import (
    Span,
    Spans,
    at_least,
    both,
    clip,
    either,
    holds,
    length,
    less,
    tidy,
)
from tests.reference.parts import Agreements, Line, Part
from tests.reference.periods import calendar_accounts
from tests.reference.signals import Gone, Observed, Source, joined, left_of
from tests.reference.terms_view import (
    condition_of,
    edge_fits,
    edge_fits_us,
    excused_of,
    length_us,
)


@dataclass
class Figures:
    """One line, or several added, in one mode: exact microseconds."""

    gross: Fraction
    excused: dict[str, Fraction]
    net: Fraction
    time: Fraction
    net_clock: int
    time_clock: int
    time_at_best: Fraction
    clock_at_best: int

    @property
    def uptime(self) -> Fraction:
        """S6.8: with no time 1."""
        return share(self.net, self.time)

    @property
    def at_best(self) -> Fraction:
        """S6.86: if nothing more is down."""
        return share(self.net, self.time_at_best)


def share(net: Fraction, time: Fraction) -> Fraction:
    """S6.8."""
    return (time - net) / time if time else Fraction(1)


def added(several: list[Figures]) -> Figures:
    """S6.8: `across: sum` adds before dividing."""
    total = Figures(Fraction(0), {}, Fraction(0), Fraction(0), 0, 0, Fraction(0), 0)
    for one in several:
        total.gross += one.gross
        total.net += one.net
        total.time += one.time
        total.net_clock += one.net_clock
        total.time_clock += one.time_clock
        total.time_at_best += one.time_at_best
        total.clock_at_best += one.clock_at_best
        for name, value in one.excused.items():
            total.excused[name] = total.excused.get(name, Fraction(0)) + value
    return total


@dataclass
class Outage:
    """S6.31: an interval with its own uncut, unexcused start and end."""

    line: str
    start: int
    end: int
    running: bool
    alone: Spans = field(repr=False)
    net: int = 0


class Sweep:
    """One line of one availability in one part, in one mode."""

    def __init__(
        self,
        agreements: Agreements,
        observed: Observed,
        part: Part,
        availability: Any,
        line: Line,
        *,
        worst: bool,
    ) -> None:
        self.agreements, self.observed, self.part = agreements, observed, part
        self.availability, self.line = availability, line
        self.at = agreements.known.at
        self.document = part.terms.document
        no_data = availability.no_data
        self.gap_fails = no_data == "down" or (no_data == "unknown" and worst)
        self.calendar: Calendar | None = self.document.open_hours(availability.measured_in)
        view = availability.view or "customer"
        self.sources = observed.visible(line.id, part.customer, view)
        self.seen = Seen(
            agreements.known, line.id, part.customer, view, self._counting(), self.gap_fails
        )
        self.gone: Gone = {}
        self.still = False
        self._outages()
        self._excuse()

    def _counting(self) -> list[Source]:
        """S6.21: a gap takes part only where it is read as a failure."""
        return [one for one in self.sources if one.kind != "gap" or self.gap_fails]

    # S6.30

    def _matches(self, leaf: tuple[str, Any], one: Source) -> bool:
        word, spec = leaf
        if word == "incident":  # S6.11
            fits = spec.share is None or edge_fits(spec.share, one.share * 100)
            return one.kind == "impact" and one.level in spec.incident and fits
        if word == "probe":
            return one.kind in ("failure", "gap") and one.name == spec.probe
        counted = spec.counted
        if one.name != counted.counter:
            return False
        if one.kind == "gap":
            return True
        if one.kind != "window":
            return False
        if counted.window is not None and one.end - one.start > length_us(counted.window):
            return self.gap_fails  # S6.18
        enough = one.total >= int(counted.minimum_total or 0)
        return (
            one.total > 0 and enough and edge_fits(counted, Fraction(one.failed * 100, one.total))
        )

    def down_when(self, gone: Gone) -> Spans:
        """Where the condition holds, without what is gone."""
        return self._condition(self.availability.down_when, gone)

    def _condition(self, condition: Any, gone: Gone) -> Spans:
        word, inner = condition_of(condition)
        if word in ("any", "all", "at_least"):
            number, children = inner
            sets = [self._condition(one, gone) for one in children]
            if not sets:
                return []
            needed = {"any": 1, "all": len(sets)}.get(word, number)
            return at_least(needed, sets)
        until = self.at + (1 if self.still else 0)
        return clip(
            tidy(
                span
                for one in self.seen.sources
                if self._matches((word, inner), one)
                for span in (left_of(one, gone) if not self.still else self._going_on(one))
            ),
            -(2**62),
            until,
        )

    def _going_on(self, one: Source) -> Spans:
        """As if `at` were a microsecond later: what is not ended at `at` goes on."""
        return [(one.start, one.end + 1)] if one.open else one.spans

    def _leaves(self, condition: Any) -> list[tuple[str, Any]]:
        word, inner = condition_of(condition)
        if word in ("any", "all", "at_least"):
            return [leaf for one in inner[1] for leaf in self._leaves(one)]
        return [(word, inner)]

    # S6.31 to S6.34

    def units(self, spans: Spans) -> Spans:
        """S6.32: clock-aligned units whose downtime fits are down throughout."""
        count = self.availability.count
        if count is None or count == "exact":
            return spans
        size = length_us(count.unit)
        whole = edge_fits_us(count.down, size)
        found: Spans = []
        touched: set[int] = set()
        for start, end in spans:
            first, last = start // size, (end - 1) // size
            touched |= {first, last}
            if whole and first + 1 < last:
                found.append(((first + 1) * size, last * size))
        for unit in touched:
            span = (unit * size, (unit + 1) * size)
            if edge_fits_us(count.down, length(both(spans, [span]))):
                found.append(span)
        return tidy(found)

    def hours(self, spans: Spans) -> Spans:
        """S6.33."""
        if self.calendar is None:
            return spans
        return tidy(span for a, b in spans for span in open_within(self.calendar, a, b))

    def _outages(self) -> None:
        raw = self.down_when({})
        least = length_us(self.availability.minimum_duration or "0s")
        kept = [span for span in raw if span[1] - span[0] >= least]
        self.down = self.hours(self.units(kept))
        self.still = True
        going_on = holds(self.down_when({}), self.at)
        self.still = False
        self.outages = [
            Outage(
                self.line.id,
                start,
                end,
                going_on and end >= self.at,
                both(self.hours(self.units([(start, end)])), self.down),
            )
            for start, end in kept
        ]

    # S6.4

    def _excuse(self) -> None:
        self.left = self.down
        self.taken: dict[str, Spans] = {}
        self.proven: dict[str, Spans] = {}
        self.weights: list[tuple[str, Fraction]] = []
        self.cover = both(self.line.coverage, self.part.coverage)
        self.inside = clip(self.cover, -(2**62), self.at)
        weight = self.weigh(both(self.left, self.inside), {})
        self.gross = weight
        self.lifted: dict[str, Spans] = {}
        self.emptied: dict[str, Spans] = {}
        for exclusion in self.document.exclusions:
            if exclusion.for_ and self.availability.id not in exclusion.for_:  # S7.2
                continue
            before, bearing = self.left, self.bearing()
            self._one(exclusion, effect(exclusion, self.seen, self.gone))
            after = self.weigh(both(self.left, self.inside), self.gone)
            self.weights.append((exclusion.id, weight - after))
            weight = after
            self.lifted[exclusion.id] = less(before, self.left)
            self.emptied[exclusion.id] = less(bearing, self.bearing())
        self.net = weight

    def _one(self, exclusion: Any, does: Effect) -> None:
        sig, proven = does.sig, does.proven
        take = both(self.left, does.windows) if exclusion.kind == "maintenance" else []
        if sig:  # S6.40
            without = self.hours(self.units(self.down_when(joined(self.gone, sig))))
            take = either(take, less(self.left, without))
        if excused_of(exclusion, self.availability) == "removed_window":  # S6.42
            take = either(take, both(self.left, proven))
        allowance = quota_us(exclusion)
        if allowance is not None:
            take = self._quota(exclusion, take, allowance)
            sig = {one: both(spans, take) for one, spans in sig.items()}
            proven = take
        self.taken[exclusion.id] = take
        self.proven[exclusion.id] = proven
        self.left = less(self.left, take)
        self.gone = joined(self.gone, {one: spans for one, spans in sig.items() if spans})

    def _quota(self, exclusion: Any, take: Spans, allowance: int) -> Spans:
        """S7.30: one account per calendar month or year, over the life of the subscription."""
        zone = self.document.period_zone
        life = next(
            (start, end)
            for number, start, end in self.agreements.subscriptions.lives(self.part.subscription)
            if number == self.part.state.life
        )
        take = both(take, [life])
        kept: Spans = []
        for account in calendar_accounts(take, exclusion.quota.per, zone):
            left = allowance
            for start, end in both(take, [account]):
                end = min(end, start + left)
                left -= end - start
                kept.append((start, end))
        return tidy(kept)

    # S6.51 to S6.54

    def weight(self, one: Source) -> Fraction:
        """S6.51."""
        if one.kind != "impact":
            return Fraction(1)
        if one.level == "degraded":
            return one.share * Fraction(str(self.availability.degraded_weight))
        return one.share

    def weigh(self, spans: Spans, gone: Gone) -> Fraction:
        """The length, or the weighted length by the signals still there (S6.53)."""
        if self.availability.measure != "weighted_downtime":
            return Fraction(length(spans))
        return sum(
            (weight * (end - start) for start, end, weight in self._weighted(spans, gone)),
            Fraction(0),
        )

    def _weighted(self, spans: Spans, gone: Gone) -> list[tuple[int, int, Fraction]]:
        leaves = self._leaves(self.availability.down_when)
        counted = [
            (left_of(one, gone), self.weight(one))
            for one in self.seen.sources
            if any(self._matches(leaf, one) for leaf in leaves)
        ]
        edges = {edge for several, _ in counted for span in several for edge in span}
        result = []
        for start, end in spans:
            marks = [start, *sorted(edge for edge in edges if start < edge < end), end]
            for left, right in zip(marks, marks[1:], strict=False):
                weights = [weight for several, weight in counted if both(several, [(left, right)])]
                result.append((left, right, max(weights, default=Fraction(0))))
        return result

    def bearing(self) -> Spans:
        """What of left has any weight by the signals still there (S6.54)."""
        if self.availability.measure != "weighted_downtime":
            return self.left
        pieces = self._weighted(self.left, self.gone)
        return tidy([(start, end) for start, end, weight in pieces if weight])

    # S6.5 to S6.8

    def _leaving(self, *, ahead: bool) -> Spans:
        """What leaves the denominator (S6.42, S6.54)."""
        found: Spans = []
        for exclusion in self.document.exclusions:
            if exclusion.id not in self.taken:
                continue
            word = excused_of(exclusion, self.availability)
            if word == "removed":
                several = [*self.taken[exclusion.id], *self.emptied[exclusion.id]]
                found.extend(clip(tidy(several), -(2**62), self.at))  # S6.5
            elif word == "removed_window":
                found.extend(self.proven[exclusion.id])
        leaving = tidy(found)
        return leaving if ahead else clip(leaving, -(2**62), self.at)

    def time(self, *, ahead: bool = False) -> Spans:
        """S6.7; `ahead`: the whole coverage, S6.86."""
        within = self.cover if ahead else self.inside
        return less(self.hours(within), self._leaving(ahead=ahead))

    def figures(self, without: list[Outage] | None = None, within: Span | None = None) -> Figures:
        """All figures; `without` leaves outages out (S8.23), `within` is one month (S8.20)."""
        scope = self.inside if within is None else both(self.inside, [within])
        ahead = self.time(ahead=True)
        ahead = ahead if within is None else both(ahead, [within])
        now = self.time() if within is None else both(self.time(), [within])
        left = both(self.left, scope)
        if without:
            gone = {(one.start, one.end) for one in without if one.line == self.line.id}
            staying = [
                (one.start, one.end) for one in self.outages if (one.start, one.end) not in gone
            ]
            left = both(left, self.hours(self.units(staying)))
        net = self.weigh(left, self.gone)
        return Figures(
            self.gross,
            dict(self.weights),
            net,
            Fraction(length(now)),
            length(left),
            length(now),
            Fraction(length(ahead)),
            length(ahead),
        )

    def net_outages(self) -> list[Outage]:
        """All outages with their net time in the part, unweighted (S8.23)."""
        for one in self.outages:
            one.net = length(self._left_of(one))
        return self.outages

    def counting_outages(self) -> list[Outage]:
        """S8.75: those with net downtime; what weighs nothing is none (S6.53)."""
        return [one for one in self.net_outages() if self.weigh(self._left_of(one), self.gone)]

    def _left_of(self, one: Outage) -> Spans:
        return both(both(self.left, one.alone), self.inside)
