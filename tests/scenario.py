"""How a readable scenario becomes a stream and questions; `tests/scenarios/README.md` says the form."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from schemas.instant import format_instant, parse_instant
from tests.reference.stream import Question, Stream, plain

FOLDER = Path(__file__).parent / "scenarios"
_SHORT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d)(:\d\d(?:\.\d+)?)?")
_WHOLE = frozenset({"total", "failed", "part", "billing_day", "count", "ledger_version"})
_PLACE = frozenset({"at", "told", "event", "of", "id", "source", "corrects", "log"})
CONTRACT: dict[str, Any] = {
    "contract": "k",
    "version": "1",
    "provider": "Example",
    "source": {"title": "Invented", "document": "none", "text_sha256": "none"},
    "effective": {},
    "supersession": "on_notice",
    "zones": {"period": "UTC", "deadlines": "UTC"},
    "calendars": {
        "always": {"always": "true"},
        "office": {
            "zone": "UTC",
            "weekly": [
                {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}
            ],
        },
    },
    "severities": [{"id": "high"}, {"id": "low"}],
    "plans": {"p": {}, "q": {}},
    "services": [{"id": "app"}, {"id": "api"}],
}
SUBSCRIPTION: dict[str, Any] = {
    "customer": "ann",
    "contract": "k",
    "plan": "p",
    "fee": {"amount": "1000.00", "currency": "EUR", "per": "month"},
}
BEGIN = "2026-01-01T00:00:00Z"


def load(path: Path) -> dict[str, Any]:
    """Every scalar as its text; `2026-03-02 10:00` is an instant in UTC."""
    found: dict[str, Any] = _instants(yaml.load(path.read_text(), Loader=yaml.BaseLoader))
    return found


def _instants(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _instants(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_instants(inner) for inner in value]
    found = _SHORT.fullmatch(value)
    if found is None:
        return value
    return format_instant(parse_instant(f"{found[1]}T{found[2]}{found[3] or ':00'}Z"))


def _typed(name: str, value: Any) -> Any:
    """Text to what an event's JSON holds: words true and false, whole numbers, no null."""
    if name in ("terms", "overrides"):
        return value
    if isinstance(value, dict):
        return {key: _typed(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_typed(name, inner) for inner in value]
    if value in ("true", "false"):
        return value == "true"
    return int(value) if name in _WHOLE else value


def stream_of(scenario: dict[str, Any]) -> Stream:
    """The contracts, the subscription s1 and the events of a scenario, a line each."""
    lines = []
    for number, one in enumerate(_contracts(scenario)):
        terms = {**CONTRACT, **one}
        lines.append(_event({"event": "contract.published", "of": terms["contract"],
                             "at": BEGIN, "terms": terms, "id": f"contract-{number}"}))  # fmt: skip
    given = scenario.get("subscription", {})
    if given != "none":
        started = {"event": "subscription.started", "of": "s1", "at": BEGIN, "id": "started"}
        lines.append(_event({**started, **SUBSCRIPTION, **given}))
    for number, one in enumerate(scenario["events"], start=1):
        lines.append(_event({"id": f"e{number}", **one}))
    return Stream(lines)


def _contracts(scenario: dict[str, Any]) -> list[dict[str, Any]]:
    given = scenario.get("contract", {})
    return given if isinstance(given, list) else [given]


def _event(one: dict[str, Any]) -> tuple[str, bytes]:
    event = {
        "specversion": "1.0",
        "id": one["id"],
        "source": one.get("source", "/test"),
        "type": f"sla.{one['event']}.v1",
        "subject": one["of"],
        "time": one["at"],
        "recordedtime": one.get("told", one["at"]),
        "data": {name: _typed(name, value) for name, value in one.items() if name not in _PLACE},
    }
    if event["type"] == "sla.event.retracted.v1":
        event["data"].setdefault("source", event["source"])
        event["data"].setdefault("reason", "wrong")
    if "corrects" in one:
        event["corrects"] = one["corrects"]
    return f"archive-{one.get('log', 'test')}", json.dumps(event).encode()


def questions_of(scenario: dict[str, Any]) -> list[tuple[Question, dict[str, Any]]]:
    """Each question with what is expected of it; `at` alone means both moments."""
    found = []
    for asked in scenario["ask"]:
        at = parse_instant(asked["at"])
        known_at = parse_instant(asked["known_at"]) if "known_at" in asked else at
        found.append((Question(asked["answer"], at, known_at, asked.get("month")), asked))
    return found


def check(rows: list[dict[str, Any]], asked: dict[str, Any]) -> None:
    """One row fits `where` and has what `expect` names, or `rows` of them fit."""
    where = asked.get("where", {})
    shown = [{name: _shown(value) for name, value in row.items()} for row in plain(rows)]
    found = [row for row in shown if all(row[name] == value for name, value in where.items())]
    if "rows" in asked:
        assert len(found) == int(asked["rows"]), found or shown
        return
    assert len(found) == 1, found or shown
    expected = asked["expect"]
    assert {name: found[0][name] for name in expected} == expected


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shown(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shown(inner) for inner in value]
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)
