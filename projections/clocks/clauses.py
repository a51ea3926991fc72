"""What a contract says of its clocks, read once: guards, cells, targets (terms.md 2.6 to 2.9).

Seeking a cell is S3.20: the list in the order written, `none` ends it, what `by_plan` switched
off is passed over and remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from projections.calendar.spec import CalendarSpec, HolidaySet, calendar_spec
from projections.clocks.transitions import REASONS, Program, messages

_LONGEST = 2**61
"""Microseconds, some 73,000 years: longer than all instants, so no verdict turns on more."""
_UNITS = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000}
_BUSINESS = frozenset({"bm", "bh", "bd"})


class Opening(NamedTuple):
    """What `only` tests of a ticket's opening (S3.21)."""

    channel: str | None
    tags: tuple[str, ...]
    kind: str
    by: str


@dataclass(frozen=True, slots=True)
class Only:
    """Which openings a clock or a cell is for; empty lists test nothing (S3.21, S3.24)."""

    channels: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    opened_by: frozenset[str] = frozenset()

    def fits(self, opening: Opening) -> bool:
        """Whether the opening fits every member."""
        tests = (
            (self.channels, {opening.channel, "any"}),
            (self.tags, set(opening.tags)),
            (self.kinds, {opening.kind}),
            (self.opened_by, {opening.by}),
        )
        return all(not wanted or wanted & has for wanted, has in tests)


@dataclass(frozen=True, slots=True)
class Within:
    """How long: a length in microseconds, or a number of days; `below`: reached is too late.

    `floor` is the amount cut to the microsecond, `ceiling` the first whole one that reaches it.
    """

    text: str
    unit: str
    below: bool
    floor: int
    ceiling: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A target for some severity and openings; `within` None: no number."""

    severity: str | None
    only: Only
    within: Within | None
    text: str | None
    calendar: str | None
    hours: CalendarSpec | None
    strength: str
    ends_search: bool = False
    off: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """One clock of one document laid out for a plan."""

    id: str
    contract: str
    kind: str
    program: Program
    only: Only
    strength: str
    pauses: int
    keeps_earliest: bool
    cells: tuple[Cell, ...]
    ranks: Mapping[str, int]
    raised: str
    lowered: str
    deadline_zone: str

    def starts_for(self, opening: Opening) -> bool:
        """Whether the ticket has this clock at all (S5.3)."""
        return (self.kind == "meeting_slot") == (opening.kind == "meeting") and self.only.fits(
            opening
        )

    def cell(self, severity: str, opening: Opening) -> Cell | None:
        """The cell of a severity; None: no clock and no row (S3.20)."""
        remembered = False
        for cell in self.cells:
            if cell.severity not in {None, severity} or not cell.only.fits(opening):
                continue
            if cell.off:
                remembered = True
            elif cell.ends_search:
                return None
            else:
                return cell
        if remembered:
            return None
        return Cell(None, Only(), None, None, None, None, self.strength)

    def word(self, before: str, after: str) -> str:
        """What a change of severity does; unknown ones rank last (S5.30, S3.23)."""
        last = len(self.ranks)
        raised = self.ranks.get(after, last) < self.ranks.get(before, last)
        return self.raised if raised else self.lowered


def clocks_of(document: Any, sets: Mapping[str, HolidaySet]) -> list[Clock]:
    """The clocks of a resolved document that are not switched off."""
    return [
        _clock(document, written, sets)
        for written in document.clocks or ()
        if not getattr(written, "off", None)
    ]


def _clock(document: Any, written: Any, sets: Mapping[str, HolidaySet]) -> Clock:
    change = document.severity_change
    severities = [str(each.id) for each in document.severities or ()]
    strength = str(written.strength)
    return Clock(
        id=str(written.id),
        contract=str(document.contract),
        kind=str(written.kind),
        program=_program(written),
        only=_only(written.only),
        strength=strength,
        pauses=sum({1 << REASONS.index(str(reason)) for reason in written.pauses or ()}),
        keeps_earliest=str(written.on_merge or "keep_earliest") == "keep_earliest",
        cells=tuple(_cell(document, each, strength, sets) for each in written.targets or ()),
        ranks={name: rank for rank, name in reversed(list(enumerate(severities)))},
        raised=str((change and change.raise_) or "from_start"),
        lowered=str((change and change.lower) or "from_start"),
        deadline_zone=str(document.zones.deadlines),
    )


def _program(written: Any) -> Program:
    """The guards that this kind reads; others have no effect (terms.md 3.1)."""
    kind = str(written.kind)
    if kind == "resolution":
        confirmation, reopen = str(written.confirmation), str(written.on_reopen or "ignore")
        return Program(kind, confirmation=confirmation, on_reopen=reopen)
    if kind == "meeting_slot":
        return Program(kind, stops_on=str(written.stops_on))
    if kind == "closure":
        return Program(kind)
    by = written.satisfied_by
    public = None if by.public is None else str(by.public).lower() == "true"
    author = by.author if isinstance(by.author, str) else tuple(str(each) for each in by.author)
    return Program(kind, messages(author, public, tuple(str(each) for each in by.content or ())))


def _only(written: Any) -> Only:
    if written is None:
        return Only()
    names = ("channels", "tags", "kinds", "opened_by")
    return Only(*(frozenset(map(str, getattr(written, name) or ())) for name in names))


def _cell(document: Any, written: Any, strength: str, sets: Mapping[str, HolidaySet]) -> Cell:
    severity = None if written.severity is None else str(written.severity)
    if getattr(written, "off", None):
        return Cell(severity, _only(written.only), None, None, None, None, strength, off=True)
    within, text = _within(written.within)
    calendar = None if written.calendar is None else str(written.calendar)
    counts = within is None or within.unit in _BUSINESS or within.unit == "d"
    hours = calendar_spec(document, calendar, sets) if calendar is not None and counts else None
    return Cell(
        severity=severity,
        only=_only(written.only),
        within=within,
        text=text,
        calendar=calendar,
        hours=hours,
        strength=str(written.strength or strength),
        ends_search=text == "none",
    )


def _within(written: Any) -> tuple[Within | None, str]:
    """The target as a number, and as written with its edge word in front (S5.58)."""
    if isinstance(written, str):
        return (None if written in {"none", "best_effort"} else _number(written, "")), written
    edge = "below" if getattr(written, "below", None) is not None else "at_most"
    text = str(getattr(written, edge))
    return _number(text, edge), f"{edge} {text}"


def _number(text: str, edge: str) -> Within:
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = text[len(digits) :]
    scale = _UNITS.get(unit.removeprefix("b"), 1) if unit not in {"d", "bd"} else 1
    amount = min(Fraction(digits) * scale, Fraction(_LONGEST))
    return Within(text, unit, edge == "below", int(amount), ceil(amount))
