"""What is wrong with a contract, where, and how to mend it (terms.md 5).

A document with an error of form has no other findings: nothing can be laid out from it. Of one
without, every plan is looked at with the chosen options, then with each other option alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.form_errors import all_form_errors, form_errors
from schemas.lint_calendars import calendar_findings
from schemas.lint_clocks import clock_findings
from schemas.lint_document import document_findings, eligible_plans
from schemas.lint_layout import Layout, Steps, Told, layouts
from schemas.lint_members import defaults, refused, without_effect
from schemas.lint_money import money_findings
from schemas.lint_percents import percent_findings
from schemas.lint_promises import promise_findings
from schemas.terms_raw import Raw
from schemas.terms_reading import path_text

__all__ = ["Finding", "form_errors", "lint"]

WARNINGS = frozenset({
    "no-shared-pool", "no-cap", "days-with-minimum", "cycle-without-billing-day", "cap-under-band",
    "edge-repeats-target", "target-without-credit", "deadline-before-period-end", "window-skipped",
})  # fmt: skip
NOTES = frozenset({"recorded-only", "default-used", "no-effect", "not-checked"})
_NO_OPTION = frozenset({"refused-member", "no-effect"})
_NO_PLAN = frozenset({"cell-unreachable"})
"""What is raised only when no plan and no option, or no plan, uses the place otherwise."""


Option = tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: its place in the file (from 1; 1, 1 where there is no file), level and mend."""

    line: int
    column: int
    level: str
    code: str
    path: str
    message: str
    fix: str


def lint(
    document: Raw | Mapping[str, Any],
    holiday_sets: Collection[str] | None = None,
    without_billing_day: Collection[str] | None = None,
) -> list[Finding]:
    """Every finding of a document, in the order of lines.

    `holiday_sets` are those of the ledger, `without_billing_day` its subscriptions to the contract
    that have none; None where there is no ledger: what needs one is then a note.
    """
    raw = document if isinstance(document, Raw) else Raw(dict(document))
    broken = all_form_errors(raw.tree)
    if broken:
        found = [
            Finding(*raw.place(each.steps), "error", each.code, each.path, each.message, each.fix)
            for each in broken
        ]
    else:
        gathered = _Gathered(raw, holiday_sets, without_billing_day)
        found = list(gathered.findings())
    return sorted(found, key=lambda each: (each.line, each.column, each.code, each.path))


@dataclass
class _Place:
    """What was said of one place: under the chosen options, and under which others alone."""

    told: Told
    chosen: bool = False
    others: list[tuple[str, str]] = field(default_factory=list)


class _Gathered:
    """Findings of all layouts of a document, each place and message once."""

    def __init__(
        self, raw: Raw, sets: Collection[str] | None, no_day: Collection[str] | None
    ) -> None:
        self.raw, self.sets, self.no_day = raw, sets, no_day
        self.places: dict[tuple[str, Steps, str], _Place] = {}
        self.seen: list[tuple[Option, set[Steps], set[tuple[str, Steps]]]] = []

    def findings(self) -> Iterator[Finding]:
        for told, options in document_findings(self.raw.tree):
            self._say(told, told.steps, options[0] if options else None)
        for layout in layouts(self.raw.tree):
            self._layout(layout)
        for (code, steps, _), place in self.places.items():
            if not self._used_elsewhere(code, steps, place):
                yield self._finding(place, steps)

    def _used_elsewhere(self, code: str, steps: Steps, place: _Place) -> bool:
        """Whether another plan or option makes use of what one cannot use."""
        if code not in _NO_OPTION | _NO_PLAN:
            return False
        option = None if place.chosen else place.others[0]
        return any(
            steps in present and (code, steps) not in spoken
            for other, present, spoken in self.seen
            if code in _NO_OPTION or other == option
        )

    def _layout(self, layout: Layout) -> None:
        spoken = set[tuple[str, Steps]]()
        for told in self._told(layout):
            steps = layout.origin(told.steps)
            spoken.add((told.code, steps))
            self._say(told, steps, layout.other)
        self.seen.append((layout.other, {*layout.origins.values()}, spoken))

    def _told(self, layout: Layout) -> Iterator[Told]:
        yield from calendar_findings(layout, self.sets)
        yield from clock_findings(layout)
        yield from promise_findings(layout, self.no_day)
        yield from money_findings(layout)
        yield from percent_findings(layout)
        yield from eligible_plans(layout)
        yield from refused(layout)
        yield from without_effect(layout)
        yield from defaults(layout)

    def _say(self, told: Told, steps: Steps, other: Option) -> None:
        place = self.places.setdefault((told.code, steps, told.message), _Place(told))
        if other is None:
            place.chosen = True
        elif other not in place.others:
            place.others.append(other)

    def _finding(self, place: _Place, steps: Steps) -> Finding:
        code = place.told.code
        level = "warning" if code in WARNINGS else "note" if code in NOTES else "error"
        message = place.told.message
        if not place.chosen:
            level = "warning" if level == "error" else level
            name, option = place.others[0]
            message += f" (under the option `{option}` of `{name}`)"
        line, column = self.raw.place(steps)
        path = path_text(self.raw.tree, steps)
        return Finding(line, column, level, code, path, message, place.told.fix)
