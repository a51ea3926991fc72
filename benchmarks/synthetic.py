"""Synthetic tickets for the benchmarks: five events a ticket, 1,000 customers, two years."""

from __future__ import annotations

import json
from collections.abc import Iterator
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


def _event(number: int, word: str, ticket: int, at: int, data: dict[str, Any]) -> bytes:
    customer = f"c{ticket % CUSTOMERS}"
    said = {
        "specversion": "1.0", "id": f"e{number}", "source": "/bench", "type": f"sla.ticket.{word}.v1",
        "subject": f"t{ticket}", "time": _instant(at), "data": {"customer": customer, **data},
    }  # fmt: skip
    return json.dumps(said, separators=(",", ":")).encode()


def tickets(events: int) -> Iterator[bytes]:
    """So many ticket events: opened, paused, resumed, answered, resolved."""
    step = 2 * 365 * 86_400 * 5 // max(events, 5)
    number = 0
    for ticket in range(events // 5):
        at = BEGIN + ticket * step
        severity = f"P{1 + ticket % 4}"
        for word, behind, data in (
            ("opened", 0, {"severity": severity}),
            ("paused", 5 + ticket % 7, {"reason": "awaiting_customer"}),
            ("resumed", 30 + ticket % 50, {"reason": "awaiting_customer"}),
            ("message", 40 + ticket % 400, {"author": "agent"}),
            ("resolved", 300 + ticket % 3000, {}),
        ):
            yield _event(number, word, ticket, at + behind * MINUTE, data)
            number += 1


def _agreements() -> Iterator[bytes]:
    terms = read_yaml((ROOT / "docs" / "examples" / "servicenow-desk.yaml").read_bytes()).tree
    head = {"specversion": "1.0", "source": "/agreements"}
    yield json.dumps({
        **head, "id": "contract", "type": "sla.contract.published.v1", "subject": "desk",
        "time": "2016-01-01T00:00:00Z", "data": {"terms": terms},
    }).encode()  # fmt: skip
    for number in range(CUSTOMERS):
        fee = {"amount": "100.00", "currency": "EUR", "per": "month"}
        yield json.dumps({
            **head, "id": f"s{number}", "type": "sla.subscription.started.v1",
            "subject": f"s{number}", "time": "2025-01-01T00:00:00Z",
            "data": {"customer": f"c{number}", "contract": "desk", "plan": "desk", "fee": fee},
        }).encode()  # fmt: skip


def ledger(path: Path, events: int) -> None:
    """A file ledger that holds them."""
    logs.create(path, logs.FILE, 1)
    source = path.with_suffix(".jsonl")
    with source.open("wb") as stream:
        for line in _agreements():
            stream.write(line + b"\n")
        for line in tickets(events):
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
