"""The relations behind `problems`: what is rejected, implausible, unstamped, begun by nobody."""

from __future__ import annotations

from typing import Any

from projections.engine import Engine
from projections.view import View
from schemas.instant import AsOf, parse_instant

NOW = parse_instant("2026-06-10T00:00:00Z")
DAY = 86_400_000_000


def view(*rows: dict[str, Any], known_at: int = NOW + DAY) -> View:
    filled = [
        {"log": "sla.tickets-0", "topic": "sla.tickets", "log_partition": 0, "log_offset": number,
         "recorded_at": NOW + number, "appended_at": NOW + number, "effective_at": NOW,
         "source": "/s", "event_id": f"e{number}", "identity_hi": number, "identity_lo": 0,
         "content_hi": number, "content_lo": 0, "data": "{}"} | row
        for number, row in enumerate(rows)
    ]  # fmt: skip
    return Engine.of_tables(filled).view(AsOf(known_at, NOW + DAY))


def opened(subject: str, **more: Any) -> dict[str, Any]:
    return {"type": "sla.ticket.opened.v1", "subject": subject, **more}


def test_rejected_entries_as_known() -> None:
    bad = {"rejected": "time_no_offset", "rejected_at": "/time", "effective_at": None}
    asked = view(opened("t"), bad, bad, known_at=NOW + 1)
    assert asked.ask("rejected_entry").to_pylist() == [
        {"log": "sla.tickets-0", "log_offset": 1, "rejected": "time_no_offset",
         "rejected_at": "/time"}
    ]  # fmt: skip


def test_times_that_cannot_be() -> None:
    """E3: before 2000, over a day ahead, declared over a day after the append."""
    asked = view(
        opened("a", effective_at=946_684_799_999_999),
        opened("b", effective_at=946_684_800_000_000),
        opened("c", effective_at=NOW + 2 + DAY),
        opened("d", effective_at=NOW + 3 + DAY + 1),
        {"type": "sla.subscription.started.v1", "subject": "s", "effective_at": NOW + 9 * DAY},
        {"type": "sla.credit.issued.v1", "subject": "k", "effective_at": NOW + 9 * DAY},
        opened("e", log="archive-x", topic="archive-x", recorded_at=NOW, appended_at=NOW - 2 * DAY),
    )
    found = asked.ask("implausible_event").to_pylist()
    assert sorted(row["event_id"] for row in found) == ["e0", "e3", "e5", "e6"]


def test_logs_whose_broker_time_was_not_used() -> None:
    asked = view(
        opened("a"), opened("b", broker_time="absent"), opened("c", broker_time="absent"),
        opened("d", broker_time="ahead", log="sla.tickets-1", log_partition=1),
    )  # fmt: skip
    found = sorted(asked.ask("unstamped_log").to_pylist(), key=lambda row: row["log"])
    assert found == [
        {"log": "sla.tickets-0", "broker_time": "absent", "entries": 2, "log_offset": 1},
        {"log": "sla.tickets-1", "broker_time": "ahead", "entries": 1, "log_offset": 3},
    ]


def test_what_nobody_began_is_named_once() -> None:
    """E6: by the first event in the order of facts; a notice needs no claim."""
    asked = view(
        {"type": "sla.ticket.closed.v1", "subject": "t1", "effective_at": NOW + 5},
        {"type": "sla.ticket.message.v1", "subject": "t1", "customer": "ann"},
        opened("t2"),
        {"type": "sla.ticket.closed.v1", "subject": "t2"},
        {"type": "sla.claim.notified.v1", "subject": "c1"},
        {"type": "sla.claim.withdrawn.v1", "subject": "t2"},
        {"type": "sla.credit.granted.v1", "subject": "g"},
        {"type": "sla.credit.issued.v1", "subject": "g"},
        {"type": "sla.maintenance.started.v1", "subject": "m", "effective_at": NOW + 2 * DAY},
    )
    found = asked.ask("orphan").to_pylist()
    assert sorted((row["family"], row["subject"], row["event_id"]) for row in found) == [
        ("claim", "t2", "e5"), ("ticket", "t1", "e1"),
    ]  # fmt: skip
