"""Clocks and their cells: what no cell covers, what is never reached (terms.md 5)."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.lint_layout import Layout, Node, Steps, Told
from schemas.lint_values import amount_of, bare, unit_of


def clock_findings(layout: Layout) -> Iterator[Told]:
    """The findings of every clock of a layout."""
    for at, clock in layout.each("clocks"):
        cells = clock["targets"]
        yield from _gaps(layout, (*at, "targets"), clock["id"], cells)
        yield from _unreachable((*at, "targets"), cells)
        for place, cell in enumerate(cells):
            yield from _cell(layout, (*at, "targets", place), cell)


def _gaps(layout: Layout, at: Steps, clock: str, cells: list[Node]) -> Iterator[Told]:
    if not cells or any("severity" not in cell for cell in cells):
        return
    covered = {cell["severity"] for cell in cells}
    for severity in layout.named("severities"):
        if severity not in covered:
            plan = f" under the plan `{layout.plan}`" if layout.plan else ""
            message = f"no cell of `{clock}` covers the severity `{severity}`{plan}"
            fix = f"add a cell of `{severity}` (`within: none`: no clock)"
            yield Told("cell-gap", at, message, fix)


def is_open(cell: Node) -> bool:
    """Whether a cell takes every ticket of its severity: its `only` tests nothing."""
    return not any(cell.get("only", {}).values())


def unreached(cells: list[Node]) -> set[int]:
    """The places of the cells that an earlier one of their severity, or of all, stands before."""
    taken, found = set[str | None](), set[int]()
    for place, cell in enumerate(cells):
        severity = cell.get("severity")
        if None in taken or severity in taken:
            found.add(place)
        if is_open(cell):
            taken.add(severity)
    return found


def _unreachable(at: Steps, cells: list[Node]) -> Iterator[Told]:
    for place in sorted(unreached(cells)):
        message = "an earlier cell takes every ticket that this one is for"
        yield Told("cell-unreachable", (*at, place), message, "move it up, or remove it")


def _cell(layout: Layout, at: Steps, cell: Node) -> Iterator[Told]:
    within = bare(cell["within"])
    unit = unit_of(within)
    calendar = layout.calendars.get(cell.get("calendar", ""), {})
    if unit == "bd":
        if amount_of(within) == 0 and calendar.get("business_day", "same_time") != "end_of_day":
            message = "`0bd` has an end only where a business day ends: under `end_of_day`"
            yield Told("zero-bd", (*at, "within"), message, "`business_day: end_of_day`, or 1bd")
        yield from days_missing(layout, (*at, "calendar"), cell["calendar"])
    if "calendar" in cell and (unit in ("s", "m", "h") or within == "none"):
        message = f"`calendar` has no effect beside `{within}`"
        yield Told("no-effect", (*at, "calendar"), message, "remove it")


def days_missing(layout: Layout, at: Steps, name: str) -> Iterator[Told]:
    """A composed calendar that counts business days must say which weekdays they are."""
    calendar = layout.calendars.get(name, {})
    if ("any" in calendar or "all" in calendar) and "days" not in calendar:
        message = f"business days of `{name}`, which is composed and names no `days`"
        yield Told("composed-without-days", at, message, f"write `days` on `{name}`")
