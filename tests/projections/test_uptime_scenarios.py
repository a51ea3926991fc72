"""The given cases, as far as they ask for uptime, straight through projections."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from projections.members import members
from projections.rows import UptimeRow
from projections.sweep import uptime
from schemas.instant import format_instant
from tests.conftest import folder
from tests.projections.support import rows_of_folder, view_of


def questions() -> list[Any]:
    """Every question about uptime, with the folder that it is asked of."""
    given = folder("SLA_LEDGER_SCENARIOS")
    found = []
    for path in sorted(given.iterdir()) if given else []:
        if not (path / "expect.json").is_file():
            continue
        for number, asked in enumerate(json.loads((path / "expect.json").read_text())):
            if asked["answer"] == "uptime":
                found.append(pytest.param(path, asked, id=f"{path.name}-{number}"))
    return found


def shown(row: UptimeRow) -> dict[str, Any]:
    """A row's members, each in a form that can be compared with what is expected."""
    found: dict[str, Any] = {}
    for each in members(UptimeRow):
        value = getattr(row, each.attribute)
        if each.kind == "instant" and value is not None:
            value = format_instant(value)
        if each.kind == "seconds" and value is not None:
            value = seconds(value)
        if each.name == "excused":
            value = [{"exclusion": e.exclusion, "seconds": seconds(e.seconds)} for e in value]
        found[each.name] = value
    return found


def seconds(us: int) -> Fraction:
    return Fraction(us, 1_000_000)


def exact(value: Any) -> Any:
    """Numbers of the file as the exact decimals they are written as."""
    if isinstance(value, list):
        return [exact(each) for each in value]
    if isinstance(value, dict):
        return {name: exact(each) for name, each in value.items()}
    return Fraction(str(value)) if isinstance(value, float) else value


@pytest.mark.parametrize(("path", "asked"), questions())
def test_the_given_rows(path: Path, asked: dict[str, Any]) -> None:
    """Exactly one row fits `where`, and has the members expected."""
    view = view_of(rows_of_folder(path), asked["at"], asked.get("known_at"))
    found = [shown(row) for row in uptime.rows(view, [asked["month"]])]
    where = asked.get("where", {})
    fitting = [row for row in found if all(row[name] == value for name, value in where.items())]
    if "count" in asked:
        assert len(fitting) == asked["count"]
        return
    (row,) = fitting
    expected = exact(asked["expect"])
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(("path", "asked"), questions())
def test_a_question_for_one_customer_gives_the_same_rows(path: Path, asked: dict[str, Any]) -> None:
    """A filter chooses rows and never changes one (I1)."""
    entries = rows_of_folder(path)
    every = uptime.rows(view_of(entries, asked["at"], asked.get("known_at")), [asked["month"]])
    for customer in {row.customer for row in every}:
        view = view_of(entries, asked["at"], asked.get("known_at"), customer)
        expected = [row for row in every if row.customer == customer]
        assert uptime.rows(view, [asked["month"]]) == expected
