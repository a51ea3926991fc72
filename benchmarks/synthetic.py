"""Synthetic events for the benchmarks: five a ticket, three an incident, 1,000 customers, two years."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from ledger import files, logs
from schemas.terms_raw import read_yaml

ROOT = Path(__file__).resolve().parents[1]
CUSTOMERS = 1000
BEGIN = 1_767_571_200  # 2026-01-05T00:00:00Z
MINUTE = 60


def _instant(seconds: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _said(name: str, word: str, subject: str, at: int, data: dict[str, Any]) -> bytes:
    said = {
        "specversion": "1.0", "id": name, "source": "/bench", "type": f"sla.{word}.v1",
        "subject": subject, "time": _instant(at), "data": data,
    }  # fmt: skip
    return json.dumps(said, separators=(",", ":")).encode()


def tickets(events: int) -> Iterator[bytes]:
    """So many ticket events: opened, paused, resumed, answered, resolved."""
    step = 2 * 365 * 86_400 * 5 // max(events, 5)
    number = 0
    for ticket in range(events // 5):
        at = BEGIN + ticket * step
        customer, severity = f"c{ticket % CUSTOMERS}", f"P{1 + ticket % 4}"
        for word, behind, data in (
            ("opened", 0, {"severity": severity}),
            ("paused", 5 + ticket % 7, {"reason": "awaiting_customer"}),
            ("resumed", 30 + ticket % 50, {"reason": "awaiting_customer"}),
            ("message", 40 + ticket % 400, {"author": "agent"}),
            ("resolved", 300 + ticket % 3000, {}),
        ):
            said = {"customer": customer, **data}
            yield _said(f"e{number}", f"ticket.{word}", f"t{ticket}", at + behind * MINUTE, said)
            number += 1


def incidents(count: int) -> Iterator[bytes]:
    """So many incidents with cause and end, and a fifth as many maintenance windows."""
    chance = random.Random(1)
    whole = 2 * 365 * 86_400
    causes = ("provider", "third_party", "force_majeure", "customer")
    for number in range(count):
        service, at = f"app-{chance.randrange(CUSTOMERS)}", BEGIN + chance.randrange(whole)
        until = at + chance.randrange(60, 7200)
        for word, when, data in (
            ("impact_started", at, {"service": service, "impact": "outage"}),
            ("cause_assigned", until, {"cause": causes[number % 4]}),
            ("resolved", until, {}),
        ):
            yield _said(f"{word}{number}", f"incident.{word}", f"i{number}", when, data)
    for number in range(count // 5):
        service, at = f"app-{chance.randrange(CUSTOMERS)}", BEGIN + chance.randrange(whole)
        window = {"from": _instant(at), "to": _instant(at + 3600)}
        told = at - chance.randrange(20, 90) * 3600
        data = {"services": [service], "kind": "scheduled", "window": window, "channel": "email"}
        yield _said(f"m{number}", "maintenance.announced", f"m{number}", told, data)


def _agreed(document: Path, plan: str, more: Callable[[int], dict[str, Any]]) -> Iterator[bytes]:
    """A contract, and a subscription to it for each customer."""
    terms: Any = read_yaml(document.read_bytes()).tree
    yield _said("contract", "contract.published", terms["contract"], 0, {"terms": terms})
    fee = {"amount": "100.00", "currency": "EUR", "per": "month"}
    for number in range(CUSTOMERS):
        said = {"customer": f"c{number}", "contract": terms["contract"], "plan": plan, "fee": fee}
        started = BEGIN - 365 * 86_400
        yield _said(
            f"s{number}", "subscription.started", f"s{number}", started, {**said, **more(number)}
        )


def ticket_ledger(path: Path, events: int) -> None:
    """A file ledger of tickets."""
    agreed = _agreed(ROOT / "docs" / "examples" / "servicenow-desk.yaml", "desk", lambda _: {})
    _append(path, itertools.chain(agreed, tickets(events)))


def uptime_ledger(path: Path, count: int) -> None:
    """A file ledger of incidents; each customer has an instance of the service of their own."""

    def own(number: int) -> dict[str, Any]:
        return {"services": [{"id": f"app-{number}", "is": "app"}]}

    agreed = _agreed(ROOT / "benchmarks" / "uptime.yaml", "standard", own)
    _append(path, itertools.chain(agreed, incidents(count)))


def _append(path: Path, lines: Iterable[bytes]) -> None:
    logs.create(path, logs.FILE, 1)
    source = path.with_suffix(".jsonl")
    with source.open("wb") as stream:
        for line in lines:
            stream.write(line + b"\n")
    moment = iter(range(1_900_000_000_000_000, 2**62))
    files.append_file(path, source, now=lambda: next(moment))
    source.unlink()


def produce(bootstrap: str, count: int) -> None:
    """The same tickets on the topic, by a quick client."""
    from confluent_kafka import Producer

    client = Producer({"bootstrap.servers": bootstrap, "linger.ms": 50, "compression.type": "zstd"})
    for line in tickets(count):
        while True:
            try:
                client.produce("sla.tickets", value=line)
                break
            except BufferError:
                client.poll(0.1)
    client.flush()


def read_raw(settings: Any, count: int) -> float:
    """Seconds that the client alone takes for so many records."""
    import time

    from kafka import TopicPartition

    from consumers.broker import consumer

    client = consumer(settings)
    client.assign([TopicPartition("sla.tickets", 0)])
    client.seek(TopicPartition("sla.tickets", 0), 0)
    started, seen = time.perf_counter(), 0
    while seen < count:
        polled = client.poll(timeout_ms=500, max_records=5000)
        seen += sum(len(records) for records in polled.values())
    took = time.perf_counter() - started
    client.close()
    return took
