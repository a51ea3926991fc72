"""Small contracts and subscriptions, and a plain way to lay documents out without schemas' models."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from projections.terms import Agreements
from projections.terms.resolving import Terms
from schemas.instant import Interval, parse_instant
from tests.projections.small_world import plain
from tests.projections.support import event, rows_of_events, view_of

FEE = {"amount": "1000.00", "currency": "EUR", "per": "month"}
DAY = 86_400_000_000


def us(text: str) -> int:
    return parse_instant(text if "T" in text else f"{text}T00:00:00Z")


def days(*pairs: tuple[str, str]) -> tuple[Interval, ...]:
    return tuple(Interval(us(start), us(end)) for start, end in pairs)


def availability(**members: Any) -> dict[str, Any]:
    return {
        "id": "uptime", "services": ["app"], "period": "month", "measure": "downtime",
        "down_when": {"incident": ["outage"]}, "no_data": "up", "excused": "counted_as_up",
        "target": {"at_least": "99.9"}, "strength": "contractual", **members,
    }  # fmt: skip


def contract(version: str = "v1", **members: Any) -> dict[str, Any]:
    return {
        "contract": "k", "version": version, "provider": "P",
        "source": {"title": "T", "document": "none", "text_sha256": "none"},
        "effective": {}, "supersession": "on_notice",
        "zones": {"period": "UTC", "deadlines": "UTC"},
        "plans": {"gold": {}, "silver": {}}, "services": [{"id": "app"}, {"id": "db"}],
        "availability": [availability()], **members,
    }  # fmt: skip


class Story:
    """Events told one after another, recorded when they happen unless said otherwise."""

    def __init__(self, *terms: dict[str, Any], publish: str = "2025-01-01T00:00:00Z") -> None:
        self.events: list[dict[str, Any]] = []
        for each in terms:
            self.tell("contract.published", each["contract"], publish, terms=each)

    def tell(self, kind: str, subject: str, time: str, **data: Any) -> Story:
        time = time if "T" in time else f"{time}T00:00:00Z"
        data = {name.rstrip("_"): value for name, value in data.items()}
        id = f"e{len(self.events)}"
        self.events.append(event(kind, subject, time, id=id, data=data))
        return self

    def start(self, time: str, subject: str = "s1", **data: Any) -> Story:
        told = {"customer": "ann", "contract": "k", "plan": "gold", "fee": FEE, **data}
        return self.tell("subscription.started", subject, time, **told)

    def change(self, time: str, subject: str = "s1", **data: Any) -> Story:
        return self.tell("subscription.changed", subject, time, **data)

    def end(self, time: str, subject: str = "s1") -> Story:
        return self.tell("subscription.ended", subject, time)

    def agreements(self, at: str = "2030-01-01") -> Agreements:
        rows = rows_of_events(self.events, recorded_at=1)
        assert [row for row in rows if row.get("rejected")] == []
        return Agreements(view_of(rows, at=us(at)).facts, resolve=laid_out)


def laid_out(version: Any, plan: str, overrides: Any, decided: Any, of_zones: Any, supposed: Any) -> Terms:
    """Wrappers gone the plain way; overrides reach members of the top alone."""
    raw = json.loads(json.dumps(version.raw))
    for each in overrides:
        raw[each["path"]] = each["value"]
    options = {each["id"]: each["options"] for each in raw.get("interpretations", ())}
    chosen = version.chosen() | {name: fact.data["chosen"] for name, fact in decided.items()} | supposed
    for_zones = version.chosen() | {name: fact.data["chosen"] for name, fact in of_zones.items()} | supposed

    def walk(node: Any, readings: dict[str, str]) -> Any:
        if isinstance(node, dict) and set(node) == {"reading"}:
            return walk(options[node["reading"]][readings[node["reading"]]], readings)
        if isinstance(node, dict) and set(node) == {"by_plan"}:
            return walk(node["by_plan"][plan], readings)
        if isinstance(node, dict):
            return {name: walk(value, readings) for name, value in node.items()}
        if isinstance(node, list):
            return [walk(value, readings) for value in node]
        return node

    raw.pop("interpretations", None)
    document = {
        name: walk(value, for_zones if name == "zones" else chosen) for name, value in raw.items()
    }
    key = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return Terms(
        key,
        document["contract"],
        version.name,
        plan,
        plain(document),
        chosen,
        version.fact,
        decided,
    )
