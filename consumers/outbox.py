"""What `consume` itself produces: dead letters and heartbeats (I10, L3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from kafka.errors import KafkaError

from consumers.broker import KafkaSettings, producer, why_of
from consumers.topics import REJECTED
from ledger.append import Appended
from ledger.errors import OutsideFailed
from schemas import canonical
from schemas.envelope import Rejection
from schemas.instant import format_instant

SEND_SECONDS = 30
AT_ONCE = 1000


class Letter(NamedTuple):
    """A rejected record as it came, its entry and the reason."""

    entry: str
    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None
    reason: Rejection


class Outbox:
    """A producer that is made when it is first needed."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._producer: Any = None

    def dead_letters(self, rejected: Iterable[Appended]) -> int:
        """Copy rejected records to `sla.rejected`, with the reason in headers behind their own.

        Called after the entries are durable. Dying in between loses nothing: the entry is kept,
        and `sla_entry` tells a copy that comes twice.
        """
        return self.letters(_letter(each) for each in rejected)

    def letters(self, letters: Iterable[Letter]) -> int:
        """Send dead letters, so many at a time that memory stays bounded; how many went out."""
        count = 0
        sent: list[Any] = []
        for letter in letters:
            sent.append(self._send(REJECTED, **_record(letter)))
            count += 1
            if len(sent) >= AT_ONCE:
                self._wait(sent)
                sent = []
        self._wait(sent)
        return count

    def heartbeat(self, topic: str, partition: int, now: int) -> None:
        """Say on an idle partition that the log is complete up to the broker's own clock."""
        subject = f"{topic}/{partition}"
        time = format_instant(now)
        event = {
            "specversion": "1.0", "id": f"{subject}/{time}", "source": "/sla-ledger",
            "type": "sla.heartbeat.v1", "subject": subject, "time": time,
        }  # fmt: skip
        value = canonical.value(event).encode()
        kind = [("content-type", b"application/cloudevents+json")]
        self._wait([self._send(topic, partition=partition, key=None, value=value, headers=kind)])

    def _send(self, topic: str, **record: Any) -> Any:
        try:
            if self._producer is None:
                self._producer = producer(self._settings)
            return self._producer.send(self._settings.at_broker(topic), **record)
        except KafkaError as error:
            raise OutsideFailed(f"could not produce to Kafka: {why_of(error)}") from error

    def _wait(self, sent: list[Any]) -> None:
        try:
            if sent:
                self._producer.flush(timeout=SEND_SECONDS)
            for future in sent:
                future.get(timeout=SEND_SECONDS)
        except KafkaError as error:
            raise OutsideFailed(f"could not produce to Kafka: {why_of(error)}") from error

    def close(self) -> None:
        """Close the producer; what could not be delivered was said already."""
        if self._producer is not None:
            try:
                self._producer.close(timeout=3)
            except KafkaError:
                return


def _letter(appended: Appended) -> Letter:
    assert isinstance(appended.outcome, Rejection)
    came = appended.incoming
    return Letter(appended.entry, came.key, tuple(came.headers), came.value, appended.outcome)


def _record(letter: Letter) -> dict[str, Any]:
    headers = [(name, b"" if value is None else value) for name, value in letter.headers]
    headers += [
        ("sla_entry", letter.entry.encode()),
        ("sla_code", letter.reason.code.encode()),
        ("sla_at", letter.reason.at.encode(errors="surrogatepass")),
        ("sla_message", letter.reason.message.encode(errors="surrogatepass")),
    ]
    value = letter.value
    if letter.key is None and value is None:
        value = b""  # the client refuses a record of nothing at all; sla_code says `no_value`
    return {"key": letter.key, "value": value, "headers": headers}
