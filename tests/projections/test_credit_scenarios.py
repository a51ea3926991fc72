"""The given cases, as far as they ask for credits and rights, straight through projections."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from projections.money import credits as credit_rows
from projections.money import rights
from schemas.instant import format_instant
from tests.conftest import folder
from tests.projections.support import rows_of_folder, view_of

INSTANTS = {"claim_deadline", "submitted_at", "arose_at", "until"}


def questions() -> list[Any]:
    """Every question about credits, with the folder that it is asked of."""
    given = folder("SLA_LEDGER_SCENARIOS")
    found = []
    for path in sorted(given.iterdir()) if given else []:
        if not (path / "expect.json").is_file():
            continue
        for number, asked in enumerate(json.loads((path / "expect.json").read_text())):
            if asked["answer"] in ("credits", "rights"):
                found.append(pytest.param(path, asked, id=f"{path.name}-{number}"))
    return found


def shown(row: Any) -> dict[str, Any]:
    """A row as JSON shows it."""
    return {each.name: _shown(each.name, getattr(row, each.name)) for each in fields(row)}


def _shown(name: str, value: Any) -> Any:
    if name in INSTANTS and value is not None:
        return format_instant(value)
    if is_dataclass(value):
        return shown(value)
    if name in ("band", "cap") and value is not None:
        return dict(value)
    if isinstance(value, tuple):
        return [_shown("", each) for each in value]
    return value


@pytest.mark.parametrize(("path", "asked"), questions())
def test_the_given_rows(path: Path, asked: dict[str, Any]) -> None:
    """Exactly one row fits `where`, and has the members expected."""
    entries = rows_of_folder(path)
    latest = max(row["recorded_at"] for row in entries)
    at = asked.get("at", latest)
    view = view_of(entries, at, asked.get("known_at"))
    if asked["answer"] == "credits":
        rows: list[Any] = credit_rows.rows(view, [asked["month"]])
    else:
        rows = rights.rows(view)
    fitting = [
        row
        for row in map(shown, rows)
        if all(row[name] == value for name, value in asked.get("where", {}).items())
    ]
    if "count" in asked:
        assert len(fitting) == asked["count"]
        return
    (row,) = fitting
    assert {name: row[name] for name in asked["expect"]} == asked["expect"]
