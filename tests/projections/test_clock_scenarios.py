"""The given cases, as far as they ask for clocks, straight through projections."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from projections import clocks
from projections.members import members
from projections.rows import ClockRow
from schemas.instant import format_instant
from tests.conftest import folder
from tests.projections.support import rows_of_folder, view_of


def questions() -> list[Any]:
    """Every question about clocks, with the folder that it is asked of."""
    given = folder("SLA_LEDGER_SCENARIOS")
    found = []
    for path in sorted(given.iterdir()) if given else []:
        if not (path / "expect.json").is_file():
            continue
        for number, asked in enumerate(json.loads((path / "expect.json").read_text())):
            if asked["answer"] == "clocks":
                found.append(pytest.param(path, asked, id=f"{path.name}-{number}"))
    return found


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row's members as the text and the numbers of I3."""
    found = dict(row)
    for each in members(ClockRow):
        value = row[each.attribute]
        if value is not None and each.kind == "instant":
            found[each.name] = format_instant(value)
        if value is not None and each.kind == "seconds":
            found[each.name] = Fraction(value, 1_000_000)
    return found


@pytest.mark.parametrize(("path", "asked"), questions())
def test_the_given_rows(path: Path, asked: dict[str, Any]) -> None:
    """Exactly one row fits `where`, and has the members expected."""
    view = view_of(rows_of_folder(path), asked["at"], asked.get("known_at"))
    found = [shown(row) for row in clocks.clocks(view).to_pylist()]
    where = asked.get("where", {})
    fitting = [row for row in found if all(row[name] == value for name, value in where.items())]
    if "count" in asked:
        assert len(fitting) == asked["count"]
        return
    (row,) = fitting
    expected = {
        name: Fraction(str(value)) if isinstance(value, float) else value
        for name, value in asked["expect"].items()
    }
    assert {name: row[name] for name in expected} == expected
