"""What the tests of the doors share: topics of one prefix, a fast producer, runs of the command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

from consumers import ingest, topics
from consumers.broker import KafkaSettings
from ledger.logs import create
from ledger.reader import open_ledger
from ledger.verify import verify

TICKETS = "sla.tickets"
RUN = "from sla_ledger.cli.main import main; main()"


def now() -> int:
    return time.time_ns() // 1000


class World:
    """One prefix on one broker, and any number of ledgers fed from it."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path) -> None:
        self.bootstrap, self.prefix, self.folder = bootstrap, prefix, folder
        self.ledger()

    def settings(self, **changed: Any) -> KafkaSettings:
        given = {"bootstrap_servers": self.bootstrap, "topic_prefix": self.prefix,
                 "group_id": f"{self.prefix}g", "heartbeat_seconds": 0, "session_timeout_ms": 6000}
        return KafkaSettings(**{**given, **changed})

    def topic(self, topic: str = TICKETS, partitions: int = 1, **configs: str) -> None:
        wanted = {"message.timestamp.type": "LogAppendTime", "max.message.bytes": "18000000",
                  **{name.replace("_", "."): value for name, value in configs.items()}}
        with self.admin() as admin:
            admin.create_topics({self.prefix + topic: {
                "num_partitions": partitions, "replication_factor": 1, "configs": wanted,
            }}, wait_for_metadata=True)

    def rejected_topic(self) -> None:
        self.topic(topics.REJECTED, message_timestamp_type="CreateTime")

    def admin(self) -> Any:
        return KafkaAdminClient(bootstrap_servers=self.bootstrap)

    def produce(self, records: list[Any], topic: str = TICKETS, partition: int = 0) -> None:
        """Records are values, or (key, value, headers)."""
        producer = self.producer()
        for record in records:
            key, value, headers = record if isinstance(record, tuple) else (b"k", record, [])
            while True:
                try:
                    producer.produce(self.prefix + topic, key=key, value=value, headers=headers,
                                     partition=partition)
                    break
                except BufferError:
                    producer.poll(0.1)
        assert producer.flush(60) == 0

    def producer(self, **more: Any) -> Any:
        from confluent_kafka import Producer

        made = Producer({"bootstrap.servers": self.bootstrap, "message.max.bytes": 18_000_000,
                         "linger.ms": 5, "log_level": 0, **more})
        return made

    def ledger(self, name: str = "ledger") -> Path:
        path = self.folder / name
        if not path.exists():
            create(path, "kafka", now())
        return path

    def consume(self, name: str = "ledger", **changed: Any) -> ingest.Done:
        settings = {key: changed.pop(key) for key in list(changed) if key in KafkaSettings.model_fields}
        options = {"until_caught_up": True, "topics": (TICKETS,), **changed}
        return ingest.run(ingest.Options(self.ledger(name), self.settings(**settings), now, **options))

    def command(self, *words: str, code: str = RUN, **variables: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", code, *words], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=self.environment(**variables), cwd=self.folder,
        )

    def service(self, name: str = "ledger", *words: str, **variables: str) -> subprocess.Popen[bytes]:
        return self.command("--ledger", str(self.ledger(name)), "consume", "--topic", TICKETS, *words,
                            **variables)

    def environment(self, **variables: str) -> dict[str, str]:
        return {**os.environ, "SLA_LEDGER_KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
                "SLA_LEDGER_KAFKA_TOPIC_PREFIX": self.prefix,
                "SLA_LEDGER_KAFKA_GROUP_ID": f"{self.prefix}g",
                "SLA_LEDGER_KAFKA_SESSION_TIMEOUT_MS": "6000", **variables}

    def entries(self, log: str = "sla.tickets-0", name: str = "ledger") -> list[Any]:
        return list(open_ledger(self.folder / name).entries(log))

    def roots(self, name: str = "ledger") -> dict[str, tuple[int, str]]:
        return {each.log: (each.entries, each.root)
                for each in open_ledger(self.ledger(name)).snapshot().logs}

    def size(self, name: str = "ledger", log: str = "sla.tickets-0") -> int:
        return self.roots(name).get(log, (0, ""))[0]

    def sound(self, name: str = "ledger") -> None:
        faults = list(verify(self.folder / name).faults)
        assert faults == []

    def read(self, topic: str) -> list[Any]:
        tp = TopicPartition(self.prefix + topic, 0)
        consumer = KafkaConsumer(bootstrap_servers=self.bootstrap, auto_offset_reset="earliest",
                                 enable_auto_commit=False)
        try:
            consumer.assign([tp])
            consumer.seek(tp, 0)
            end = consumer.end_offsets([tp])[tp]
            found: list[Any] = []
            while consumer.position(tp) < end:
                for records in consumer.poll(timeout_ms=500).values():
                    found += records
            return found
        finally:
            consumer.close()

    def until(self, holds: Any, seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it did not come to pass"
            time.sleep(0.1)


def finish(process: subprocess.Popen[bytes], number: int = signal.SIGTERM, code: int = 0) -> str:
    process.send_signal(number)
    return ended(process, code)


def ended(process: subprocess.Popen[bytes], code: int, seconds: float = 60) -> str:
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        _, said = process.communicate()
        raise AssertionError(f"it did not end: {said.decode(errors='replace')}") from None
    text = said.decode(errors="replace")
    assert process.returncode == code, text
    return text


def ticket(number: int, **changed: Any) -> bytes:
    """A valid event."""
    return json.dumps({
        "specversion": "1.0", "id": f"e{number}", "source": "/test", "type": "sla.ticket.opened.v1",
        "subject": f"t{number}", "time": "2026-10-01T09:00:00Z",
        "data": {"customer": "acme", "severity": "P1"}, **changed,
    }).encode()


def tickets(count: int, start: int = 0) -> list[bytes]:
    return [ticket(number) for number in range(start, start + count)]
