"""Observations of a status page's feed as incident, impact, cause and maintenance events.

One line of the export is one version of one entry, with the moment at which it was seen: its
recorded time. What the newest version says is compared with what was said of that entry before;
a difference becomes a correction, what is no longer said a retraction, what is new an event.

- Impact runs from the first update to the last "NAME is operating normally", else to Resolved.
  Windows that a post-mortem names (`statuspage_window`) stand in its place for every component.
- Level: `outage` where a sentence about the component (or about none) says degraded
  availability, unavailable, down or outage before it comes to a cause, and does not speak of
  work ahead ("to prevent an outage"); else `degraded`.
- Text that says there was no impact makes no impact; neither does one of no length.
- Cause, where a sentence says due to, caused by and the like: an upstream or model provider is
  `upstream`, another outside party `third_party`, anything else the provider's own.
- Resolved ends every open impact, so it stands at the later of the page's Resolved and the last
  window's end.
- A maintenance has no impact: it is announced at Scheduled for the planned window, corrected to
  run from In progress to Completed once both are known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from consumers.sources import statuspage_text as page
from consumers.sources.export import Asked, EventObject, event, text_of
from consumers.sources.statuspage_text import Update
from consumers.sources.statuspage_window import Window, windows
from ledger.errors import BadInput

NEEDED = ("observed_at", "id", "published", "title", "content")
GONE = "the page says this no longer"


@dataclass(frozen=True)
class Observation:
    """One version of one entry, as it was seen."""

    observed: datetime
    source: str
    entry: str
    published: datetime
    title: str
    content: str
    place: str


@dataclass(frozen=True)
class Said:
    """One thing that an entry says: the type without `sla.` and `.v1`, when, and the rest."""

    type: str
    time: datetime
    data: dict[str, Any]


@dataclass
class Slot:
    """What became of one thing that an entry says: its events so far, what stands, how often."""

    said: Said | None = None
    chain: list[str] = field(default_factory=list)
    count: int = 0


def events(path: Path, asked: Asked) -> Iterable[EventObject]:
    """The events of an export, in the order in which the page was seen to say them.

    Raises BadInput with the line for one that is no observation.
    """
    del asked  # times are UTC and nobody's: a status page has no customers
    known: dict[tuple[str, str], dict[str, Slot]] = {}
    for seen in sorted(_observations(path), key=lambda each: each.observed):
        slots = known.setdefault((seen.source, seen.entry), {})
        try:
            said = _with_plan(statements(seen), slots)
        except ValueError as error:
            raise BadInput(seen.place, f"an update has a date or time that is none: {error}"
                           ) from None  # fmt: skip
        yield from _difference(seen, slots, said)


def _with_plan(said: dict[str, Said], slots: dict[str, Slot]) -> dict[str, Said]:
    """Keep an announcement whose planned window the page hides while the work goes on.

    Where it was never seen the start waits for the version that says both ends: nothing may be
    said of a maintenance that nobody announced (E6).
    """
    if "started" not in said or "announced" in said:
        return said
    before = slots["announced"].said if "announced" in slots else None
    return said | {"announced": before} if before is not None else {}


def _difference(
    seen: Observation, slots: dict[str, Slot], said: dict[str, Said]
) -> Iterator[EventObject]:
    for name in [name for name, slot in slots.items() if slot.said and name not in said]:
        yield from _retracted(seen, slots[name])
    for name, new in said.items():
        slot = slots.setdefault(name, Slot())
        if slot.said == new:
            continue
        slot.count += 1
        id_ = f"{seen.entry}/{name}" + (f"/{slot.count}" if slot.count > 1 else "")
        corrects = {"corrects": slot.chain[-1]} if slot.chain else {}
        slot.said = new
        slot.chain.append(id_)
        yield _event(seen, new, id_, seen.entry, corrects)


def _retracted(seen: Observation, slot: Slot) -> Iterator[EventObject]:
    # A retracted correction gives its target back (S2.25), so the whole chain is taken out.
    for id_ in reversed(slot.chain):
        what = Said("event.retracted", seen.observed, {"source": seen.source, "reason": GONE})
        yield _event(seen, what, f"{id_}/retracted", id_, {})
    slot.said, slot.chain = None, []


def _event(
    seen: Observation, said: Said, id_: str, subject: str, corrects: dict[str, str]
) -> EventObject:
    observed = _text(seen.observed)
    return event(
        f"sla.{said.type}.v1", seen.source, id_, subject, _text(said.time), observed, said.data,
        observedtime=observed, **corrects,
    )  # fmt: skip


def statements(seen: Observation) -> dict[str, Said]:
    """All that one version of an entry says, by the name of the slot that it fills.

    Raises ValueError for a date that no calendar has.
    """
    said = page.updates(seen.content, seen.published)
    if not said:
        return {}
    if any(each.status == "Scheduled" for each in said):
        return _maintenance(seen, said)
    return _incident(seen, said)


def _incident(seen: Observation, said: list[Update]) -> dict[str, Said]:
    found = {"declared": Said("incident.declared", said[0].at, {"title": seen.title})}
    times: dict[str, int] = {}
    for each in said:
        name = f"update/{_text(each.at)}"
        times[name] = times.get(name, 0) + 1
        name += f"/n{times[name]}" if times[name] > 1 else ""
        found[name] = Said("incident.update_published", each.at, {"audience": "public"})
    resolved = next((each.at for each in reversed(said) if each.status == "Resolved"), None)
    impacts = {} if page.no_impact(said) else _impacts(seen, said, resolved)
    found.update(impacts)
    stated = page.cause(said)
    if stated is not None and impacts:
        found["cause"] = Said("incident.cause_assigned", stated[1], {"cause": stated[0]})
    if resolved is not None:
        last = max([resolved, *(each.time for each in impacts.values())])
        found["resolved"] = Said("incident.resolved", last, {})
    return found


def _impacts(
    seen: Observation, said: list[Update], resolved: datetime | None
) -> dict[str, Said]:
    hit = page.services(seen.title, said)
    level = page.levels(seen.title, said, hit)
    named = _named(said, resolved)
    normal = page.normal_again(said) if not named else {}
    found: dict[str, Said] = {}
    for service in hit:
        end = normal.get(service, resolved)
        spans: list[tuple[datetime, datetime | None]] = [(said[0].at, end)]
        if named:
            spans = [(each.start, each.end) for each in named]
        for number, (start, stop) in enumerate(spans, 1):
            if stop is not None and stop <= start:
                continue
            name = f"impact/{service}" + (f"/w{number}" if number > 1 else "")
            found[f"{name}/started"] = Said(
                "incident.impact_started", start, {"service": service, "impact": level[service]}
            )
            if stop is not None:
                found[f"{name}/ended"] = Said("incident.impact_ended", stop, {"service": service})
    return found


def _named(said: list[Update], resolved: datetime | None) -> list[Window]:
    """The windows of the newest text that names any, from Resolved on: the post-mortem."""
    if resolved is None:
        return []
    for each in reversed(said):
        if each.status == "Resolved" or each.at > resolved:
            found = windows(each.text, said[0].at, resolved)
            if found:
                return found
    return []


def _maintenance(seen: Observation, said: list[Update]) -> dict[str, Said]:
    at = {each.status: each.at for each in said}
    begun, done = at.get("In progress"), at.get("Completed")
    window = page.planned(seen.content, seen.published)
    if begun is not None and done is not None and begun < done:
        window = begun, done
    found: dict[str, Said] = {}
    if window is not None:
        found["announced"] = Said("maintenance.announced", at["Scheduled"], {
            "services": page.services(seen.title, said),
            "window": {"from": _text(window[0]), "to": _text(window[1])},
            "kind": "scheduled", "channel": "status_page", "reason": seen.title,
        })  # fmt: skip
    if begun is not None:
        found["started"] = Said("maintenance.started", begun, {})
    if done is not None:
        found["finished"] = Said("maintenance.finished", done, {})
    return found


def _observations(path: Path) -> Iterator[Observation]:
    with text_of(path) as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield _observation(line, f"{path} line {number}")


def _observation(line: str, place: str) -> Observation:
    try:
        found = json.loads(line)
    except ValueError:
        raise BadInput(place, "it is no JSON; is the file cut off?") from None
    if not isinstance(found, dict):
        raise BadInput(place, "it is no JSON object")
    missing = [name for name in NEEDED if not isinstance(found.get(name), str)]
    if missing:
        raise BadInput(place, f"no text {', '.join(missing)}; an observation of a status page's"
                              " feed has them")  # fmt: skip
    host = found["id"].removeprefix("tag:").split(",")[0]
    return Observation(
        observed=_moment(found, "observed_at", place), source=f"/statuspage/{host}",
        entry=found["id"].rsplit("/", 1)[-1], published=_moment(found, "published", place),
        title=found["title"].strip(), content=found["content"], place=place,
    )  # fmt: skip


def _moment(found: dict[str, Any], name: str, place: str) -> datetime:
    try:
        moment = datetime.fromisoformat(found[name])
    except ValueError:
        raise BadInput(f"{place}, {name}", f"{found[name]!r} is no time") from None
    if moment.tzinfo is None:
        raise BadInput(f"{place}, {name}", f"{found[name]!r} has no offset")
    return moment.astimezone(UTC)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
