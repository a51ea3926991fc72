"""Streams by chance, small and crowded: many events on the same few instants, told late and wrong.

`stream(seed)` gives the same events for the same seed on every machine, with the questions that
are worth asking of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.instant import format_instant, parse_instant
from tests.reference.chance import Chance
from tests.reference.generated_events import Happenings
from tests.reference.generated_rare_events import RareHappenings
from tests.reference.generated_rare_terms import RareContracts
from tests.reference.generated_terms import Contracts
from tests.reference.stream import Question, Reference, Stream

HOUR = 3_600_000_000
DAY = 24 * HOUR
WEEKS = [
    "2026-03-06",
    "2026-03-27",
    "2026-04-03",
    "2026-10-23",
    "2026-10-30",
    "2026-12-29",
    "2026-02-26",
    "2026-06-29",
    "2026-06-10",
    "2026-09-28",
]
"""Days around which things happen: clock changes, ends of months and years, and quiet ones."""
MODES = ["tickets", "tickets", "service", "service", "service", "money", "money", "money", "all"]


@dataclass
class Case:
    """A stream and its questions."""

    seed: int
    mode: str
    stream: Stream
    questions: list[Question]

    @property
    def of_files(self) -> bool:
        """Whether the product shall be asked as a large ledger is; both ways must be right."""
        return self.seed % 24 == 0


def stream(seed: int, *, rare: bool = False) -> Case:
    """The stream of a seed; `rare`: with what is seldom said, another stream of the same seed."""
    chance = Chance(seed)
    mode = chance.pick(MODES)
    centre = parse_instant(f"{chance.pick(WEEKS)}T00:00:00Z") + chance.whole(0, 72) * HOUR
    steps = [900, 900, 1800, 3600] if mode == "tickets" else [900, 1800, 3600, 21600]
    grid = sorted(
        {centre + chance.whole(-8, 60) * chance.pick(steps) * 1_000_000 for _ in range(18)}
    )
    grid += [one + chance.pick([-1, 1]) for one in chance.some(grid, 1, 2)]
    happenings = (RareHappenings if rare else Happenings)(chance, sorted(grid), centre)
    contracts = (RareContracts if rare else Contracts)(
        chance,
        money=mode in ("money", "all"),
        tickets=mode in ("tickets", "all") or (mode == "money" and chance.often(0.3)),
        service=mode in ("service", "money", "all"),
    )
    begin = centre - chance.pick([3, 20, 70]) * DAY
    happenings.agreements(contracts, begin)
    if contracts.tickets:
        happenings.tickets()
    if contracts.service:
        happenings.incidents()
        happenings.maintenance()
    if contracts.money:
        happenings.billing()
        if isinstance(happenings, RareHappenings):
            happenings.named(_periods(happenings.events, grid))
    happenings.mistakes()
    events = happenings.finished()
    return Case(seed, mode, Stream.of_events(events), _questions(chance, mode, events, grid))


def _questions(
    chance: Chance, mode: str, events: list[tuple[str, dict[str, Any]]], grid: list[int]
) -> list[Question]:
    """Two or three pairs of moments: everything, the middle of things, exactly on an event."""
    times = sorted(parse_instant(event["time"]) for _, event in events)
    recorded = sorted(parse_instant(event["recordedtime"]) for _, event in events)
    late = max(times[-1], recorded[-1], grid[-1]) + 1
    recent, ended = recorded[len(recorded) // 2 :], grid[len(grid) // 2 :]
    pairs = [
        (late + 40 * DAY, late + 40 * DAY),
        (chance.pick(recent), chance.pick(ended)),
        chance.pick([(late, chance.pick(grid)), (chance.pick(recorded), late)]),
    ]
    of_problems = chance.pick(pairs)
    result = []
    for known_at, at in pairs:
        if (known_at, at) == of_problems:
            result.append(Question("problems", at, known_at))
        if mode in ("tickets", "all", "money"):
            result.append(Question("clocks", at, known_at))
        for month in _months(grid[0], grid[-1]):
            if mode != "tickets":
                result.append(Question("uptime", at, known_at, month))
            if mode in ("money", "all"):
                result.append(Question("credits", at, known_at, month))
        if mode in ("money", "all"):
            result.append(Question("rights", at, known_at))
    return result


def _periods(events: list[tuple[str, dict[str, Any]]], grid: list[int]) -> list[str]:
    """The names of the periods that a claim may be for."""
    late = max(parse_instant(event["recordedtime"]) for _, event in events) + 40 * DAY
    reference = Reference(Stream.of_events(events))
    rows = [
        row
        for month in _months(grid[0], grid[-1])
        for row in reference.ask(Question("credits", late, late, month))
    ]
    return sorted({row["period"] for row in rows})


def _months(start: int, end: int) -> list[str]:
    """The months that something may be stated with."""
    first = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=start)
    last = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=end)
    found = {f"{one:%Y-%m}" for one in (first, last)}
    return sorted(found)


__all__ = ["Case", "format_instant", "stream"]
