"""Events of an export to the topics that their types belong to (I1, I10)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kafka.errors import KafkaError

from consumers.broker import KafkaSettings, admin, producer, reaching, why_of
from ledger.errors import BadInput, OutsideFailed
from schemas.events import ROWS

FLUSH_EVERY = 10_000
HEADERS = [("content-type", b"application/cloudevents+json")]


def produce(settings: KafkaSettings, lines: Iterable[bytes]) -> int:
    """Produce each event, in order, under the key of E6; how many went out.

    Raises OutsideFailed where the broker does not take them: run again, events that come twice
    are repeats and change nothing (E7).
    """
    with reaching(settings, "producing"):
        client = producer(settings)
    known: set[str] = set()
    sent: list[Any] = []
    count = 0
    try:
        with reaching(settings, "producing"):
            for line in lines:
                topic, key = placed(json.loads(line))
                _there(settings, topic, known)
                sent.append(client.send(
                    settings.at_broker(topic), key=key.encode(), value=line, headers=HEADERS
                ))  # fmt: skip
                count += 1
                if len(sent) >= FLUSH_EVERY:
                    _settle(client, sent)
            _settle(client, sent)
    finally:
        _close(client)
    return count


def placed(event: dict[str, Any]) -> tuple[str, str]:
    """The topic of an event and its key: its customer where it names one, else its subject."""
    row = ROWS[event["type"]]
    topic = row.topic or "sla.tickets"
    customer = event["data"].get("customer")
    by_subject = topic in {"sla.incidents", "sla.maintenance"}
    return topic, str(event["subject"] if by_subject or customer is None else customer)


def _there(settings: KafkaSettings, topic: str, known: set[str]) -> None:
    """Refuse a missing topic at once: a send to it would wait for a minute (BadInput)."""
    if topic in known:
        return
    name = settings.at_broker(topic)
    with admin(settings) as client:
        if client.describe_topics([name])[0].get("error_code"):
            raise BadInput(f"topic {name}", "it does not exist; sla-ledger topics create makes it")
    known.add(topic)


def _settle(client: Any, sent: list[Any]) -> None:
    client.flush(timeout=60)
    for future in sent:
        try:
            future.get(timeout=1)
        except KafkaError as error:
            raise OutsideFailed(f"an event was not taken by Kafka: {why_of(error)}") from error
    sent.clear()


def _close(client: Any) -> None:
    try:
        client.close(timeout=3)
    except KafkaError:
        return  # what could not be delivered was said already
