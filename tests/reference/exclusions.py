"""What an exclusion takes away and what it proves (S7), for one line and one customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.reference.intervals import FAR, Spans, at_least, both, less, tidy
from tests.reference.knowing import Fact, Known
from tests.reference.signals import Gone, Source, joined, shared
from tests.reference.terms_view import edge_fits_us, length_us, names


@dataclass
class Seen:
    """The line as one customer sees it, in one mode (S6.80)."""

    known: Known
    service: str
    customer: str
    view: str
    sources: list[Source]
    gap_fails: bool

    @property
    def impacts(self) -> list[Source]:
        """The impacts that count for the customer."""
        return [one for one in self.sources if one.kind == "impact"]


@dataclass
class Effect:
    """What X does before quotas: windows, signals taken away, time proven."""

    windows: Spans
    sig: Gone
    proven: Spans


def effect(exclusion: Any, seen: Seen, gone: Gone) -> Effect:
    """S7.10 to S7.41 for one exclusion, going on from what those before it took."""
    granted, withdrawn = disputes(seen.known, exclusion.id, seen.customer)
    windows: Spans = []
    sig: Gone = {}
    if exclusion.kind == "maintenance":
        windows = noticed(exclusion, seen)
        windows = less(windows, _impact_of(seen, withdrawn))  # S7.41
        proven = windows
    elif exclusion.kind == "upstream_marker":
        proven = less(_upstream(exclusion, seen), _impact_of(seen, withdrawn))
        for one in seen.sources:
            if one.kind == "failure" and one.marker == "upstream":
                sig[one] = both(one.spans, proven)
    else:
        sig = _painted(exclusion, seen, withdrawn)
        proven = tidy(span for spans in sig.values() for span in spans)
    for one in seen.impacts:  # S7.41
        if one.name in granted:
            sig[one] = one.spans
            proven = tidy([*proven, *one.spans])
    sig = joined(sig, shared(seen.sources, joined(gone, sig)))  # S6.22
    for one in list(sig):
        sig[one] = less(sig[one], gone.get(one, []))
    return Effect(windows, {one: spans for one, spans in sig.items() if spans}, proven)


def _impact_of(seen: Seen, incidents: set[str]) -> Spans:
    return tidy(span for one in seen.impacts if one.name in incidents for span in one.spans)


def disputes(known: Known, exclusion: str, customer: str) -> tuple[set[str], set[str]]:
    """S7.40: the incidents for which the exclusion is granted, and withdrawn."""
    owners: dict[str, str] = {}
    last: dict[str, bool] = {}
    for fact in known.of("dispute.opened"):
        owners.setdefault(fact.subject, fact.get("customer"))
    for fact in known.of("dispute.decided"):
        what = fact.get("exclusion")
        if fact.get("decision") != "upheld" or not what or what["exclusion"] != exclusion:
            continue
        if owners.get(fact.subject) == customer:
            last[what["incident"]] = bool(what["granted"])
    return (
        {incident for incident, granted in last.items() if granted},
        {incident for incident, granted in last.items() if not granted},
    )


# maintenance, S7.10 to S7.17


def noticed(exclusion: Any, seen: Seen) -> Spans:
    """The windows that excuse."""
    found: Spans = []
    facts = seen.known.of(
        "maintenance.announced", "maintenance.rescheduled", "maintenance.cancelled"
    )
    for subject in sorted({fact.subject for fact in facts}):
        found.extend(_one_maintenance(exclusion, seen, [f for f in facts if f.subject == subject]))
    return tidy(found)


def _reaches(fact: Fact, exclusion: Any, seen: Seen) -> bool:
    """S7.10."""
    named = fact.get("customers")
    return (
        fact.get("kind") == exclusion.maintenance
        and seen.service in fact.get("services")
        and (seen.view == "everyone" or named is None or seen.customer in named)
    )


def _one_maintenance(exclusion: Any, seen: Seen, facts: list[Fact]) -> Spans:
    publications: list[tuple[str, int, Spans]] = []
    if any(fact.type == "maintenance.cancelled" for fact in facts):  # S7.11
        return []
    reached = False
    for fact in facts:
        announced = fact.type == "maintenance.announced"
        if announced and _reaches(fact, exclusion, seen):
            reached = True
        elif announced or not reached:
            continue
        window = fact.get("window")
        publications.append((fact.get("channel"), fact.time, [_window(window)]))
    if not publications or not _tested(exclusion, [f for f in facts if "announced" in f.type]):
        return []
    in_force = publications[-1][2]  # S7.11
    stretches = _stretches(publications)
    notice = exclusion.notice
    if notice == "none":  # S7.15
        return in_force
    if notice is None:  # S7.14
        emergency = exclusion.maintenance == "emergency"
        fine = [
            (start, end)
            for several in stretches.values()
            for start, end, since in several
            if (since < end if emergency else since <= start)
        ]
        return both(tidy(fine), in_force)
    return both(_with_notice(notice, stretches), in_force)


def _window(window: dict[str, str]) -> tuple[int, int]:
    from schemas.instant import parse_instant

    return parse_instant(window["from"]), parse_instant(window["to"])


def _stretches(
    publications: list[tuple[str, int, Spans]],
) -> dict[str, list[tuple[int, int, int]]]:
    """S7.12: per channel, the stretches of its current window with their unbroken publication."""
    result: dict[str, list[tuple[int, int, int]]] = {}
    for channel, time, window in publications:
        kept: list[tuple[int, int, int]] = []
        for start, end, since in result.get(channel, []):
            kept.extend((a, b, since) for a, b in both([(start, end)], window))
        fresh = less(window, tidy((a, b) for a, b, _ in kept))
        kept.extend((a, b, time) for a, b in fresh)
        result[channel] = _one_publication(kept)
    return result


def _one_publication(stretches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """What touches and was published at one moment is one stretch."""
    result: list[tuple[int, int, int]] = []
    for since in sorted({since for _, _, since in stretches}):
        spans = tidy((a, b) for a, b, s in stretches if s == since)
        result.extend((a, b, since) for a, b in spans)
    return sorted(result)


def _with_notice(notice: Any, stretches: dict[str, list[tuple[int, int, int]]]) -> Spans:
    """S7.13, S3.24."""
    per_channel = {
        channel: tidy(
            (start, end) for start, end, since in several if edge_fits_us(notice, start - since)
        )
        for channel, several in stretches.items()
    }
    word, listed = names(notice.channels)
    if "any" in listed:
        listed = sorted(per_channel)
    sets = [per_channel.get(channel, []) for channel in listed]
    if not sets:
        return []
    return at_least(len(sets) if word == "all" else 1, sets)


def _tested(exclusion: Any, announcements: list[Fact]) -> bool:
    """S7.17: tests look at all announcements of that maintenance."""
    tests = exclusion.tests
    if tests is None:
        return True
    if tests.cause_recorded and not any(fact.get("reason") for fact in announcements):
        return False
    if tests.minimum_customers is None:
        return True
    named = [fact.get("customers") for fact in announcements]
    if any(one is None for one in named):
        return True
    return len({name for one in named for name in one or []}) >= int(tests.minimum_customers)


# upstream markers, S7.20 to S7.22


def _upstream(exclusion: Any, seen: Seen) -> Spans:
    marked = tidy(
        span
        for one in seen.sources
        if one.kind == "failure" and one.marker == "upstream"
        for span in one.spans
    )
    required = list(exclusion.requires_up or [])
    not_up = [
        span
        for one in seen.sources
        if one.name in required
        and (one.kind == "failure" or (one.kind == "gap" and seen.gap_fails))
        for span in one.spans
    ]
    return less(marked, tidy(not_up))


# causes, S7.25 to S7.28


def painting(known: Known, incident: str, service: str, impact: Spans) -> list[tuple[Spans, Fact]]:
    """S7.25: each assignment, in order, paints over what was there."""
    result: list[tuple[Spans, Fact]] = []
    for fact in known.of("incident.cause_assigned"):
        if fact.subject != incident or fact.get("service") not in (None, service):
            continue
        start, end = fact.instant("from"), fact.instant("to")
        brush = both(impact, [(-FAR if start is None else start, FAR if end is None else end)])
        result = [(less(spans, brush), by) for spans, by in result]
        result.append((brush, fact))
    return [(spans, fact) for spans, fact in result if spans]


def _painted(exclusion: Any, seen: Seen, withdrawn: set[str]) -> Gone:
    sig: Gone = {}
    for one in seen.impacts:
        if one.name in withdrawn:  # S7.41
            continue
        found: list[tuple[int, int]] = []
        for spans, fact in painting(seen.known, one.name, seen.service, one.spans):
            party = fact.get("party")
            if fact.get("cause") != exclusion.cause:
                continue
            if exclusion.parties and party not in exclusion.parties:  # S7.26
                continue
            while_ = exclusion.while_party_reports
            if while_ is not None:
                spans = both(spans, reported(while_, seen.known, party))
            found.extend(spans)
        if found:
            sig[one] = tidy(found)
    return sig


def reported(while_: Any, known: Known, party: str | None) -> Spans:
    """S7.27, S7.28: when the party itself says so."""
    by_component: dict[str | None, list[Fact]] = {}
    for fact in known.of("party.reported"):
        if party is None or fact.subject != party:
            continue
        component = fact.get("component")
        if not while_.components or component in while_.components:
            by_component.setdefault(component, []).append(fact)
    found: Spans = []
    for facts in by_component.values():
        for number, fact in enumerate(facts):
            if fact.get("state") not in while_.states:
                continue
            following = facts[number + 1 :]
            if getattr(while_, "as_") == "claimed":
                start = fact.instant("claimed_from")
                end = fact.instant("claimed_to")
                start = fact.time if start is None else start
                if end is None:
                    end = following[0].time if following else known.at
            else:
                start = fact.time
                off = [one.time for one in following if one.get("state") not in while_.states]
                end = off[0] if off else known.at
            found.append((start, end))
    return tidy(found)


def quota_us(exclusion: Any) -> int | None:
    """S7.30: the hours of the quota in microseconds."""
    if exclusion.quota is None:
        return None
    return int(length_us(exclusion.quota.hours, "h"))
