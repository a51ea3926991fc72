"""`import`: another system's export as an archive or as JSON Lines, in the zone that was said (I1)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from consumers.sources.produce import placed
from ledger.errors import Usage
from ledger.reader import open_ledger
from sla_ledger.cli.main import run
from sla_ledger.source_zone import source_zone

HEAD = "number,incident_state,sys_mod_count,opened_at,sys_updated_at,priority,contact_type\n"
ROWS = """INC2,New,0,29/2/2016 04:40,29/2/2016 04:57,2 - High,Phone
INC1,New,0,1/7/2016 01:16,1/7/2016 01:23,3 - Moderate,Phone
INC1,Awaiting User Info,1,1/7/2016 01:16,1/7/2016 02:23,3 - Moderate,Phone
INC1,Resolved,2,1/7/2016 01:16,1/7/2016 08:53,3 - Moderate,Phone
"""
SAID = ("--source-zone", "Europe/London", "--customer", "acme", "--quiet")


@pytest.fixture
def export(tmp_path: Path) -> str:
    path = tmp_path / "export.csv"
    path.write_text(HEAD + ROWS)
    return str(path)


def test_lines_on_standard_output(export: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["import", "servicenow", export, "--to", "-", *SAID]) == 0
    events = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [event["recordedtime"] for event in events] == sorted(
        event["recordedtime"] for event in events
    )
    opened = {event["subject"]: event for event in events if "opened" in event["type"]}
    assert opened["INC2"]["time"] == "2016-02-29T04:40:00Z"
    assert opened["INC1"]["time"] == "2016-07-01T00:16:00Z", "summer time in London"
    assert {event["data"].get("customer", "acme") for event in events} == {"acme"}


def test_an_archive_once_and_only_once(export: str, tmp_path: Path) -> None:
    ledger = ("--ledger", str(tmp_path / "ledger"))
    assert run([*ledger, "init"]) == 0
    words = [*ledger, "import", "servicenow", export, "--to", "ledger", *SAID]
    assert run(words) == 0
    entries = list(open_ledger(tmp_path / "ledger").entries("archive-servicenow"))
    assert len(entries) >= 4
    assert not any(entry["rejected"] for entry in entries)
    assert run(words) == 0
    assert len(list(open_ledger(tmp_path / "ledger").entries("archive-servicenow"))) == len(entries)
    Path(export).write_text(HEAD + ROWS.splitlines()[0] + "\n")
    assert run(words) == 3
    assert run([*words, "--name", "other"]) == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--to", "-", "--customer", "acme"), 3),
        (("--to", "-", "--source-zone", "UTC"), 3),
        (("--to", "-", "--source-zone", "Mars/Base", "--customer", "acme"), 2),
        (("--to", "-", "--name", "x", *SAID), 2),
        (("--to", "nowhere", *SAID), 2),
    ],
)
def test_what_is_missing_is_said(export: str, words: tuple[str, ...], code: int) -> None:
    assert run(["import", "servicenow", export, *words]) == code


def test_an_unknown_source_is_a_usage_error(export: str) -> None:
    assert run(["import", "elsewhere", export, "--to", "-", *SAID]) == 2


@pytest.mark.parametrize(
    ("wall", "offset"),
    [
        ("2026-01-15T12:00", 1),
        ("2026-07-15T12:00", 2),
        ("2026-03-29T01:59", 1),
        ("2026-03-29T02:30", 1),
        ("2026-03-29T03:00", 2),
        ("2026-10-25T02:30", 2),
        ("2026-10-25T03:00", 1),
    ],
)
def test_a_skipped_or_doubled_time_has_the_offset_before_the_change(
    wall: str, offset: int
) -> None:
    zone = source_zone("Europe/Paris")
    assert zone is not None
    assert zone.utcoffset(datetime.fromisoformat(wall)) == timedelta(hours=offset)


def test_a_zone_that_is_none() -> None:
    assert source_zone(None) is None
    with pytest.raises(Usage):
        source_zone("+2")


@pytest.mark.parametrize(
    ("type_", "data", "topic", "key"),
    [
        ("sla.ticket.opened.v1", {"customer": "acme"}, "sla.tickets", "acme"),
        ("sla.ticket.closed.v1", {}, "sla.tickets", "subject"),
        ("sla.probe.failed.v1", {"customer": "acme"}, "sla.incidents", "subject"),
        ("sla.contract.published.v1", {}, "sla.agreements", "subject"),
    ],
)
def test_each_event_has_its_topic_and_key(
    type_: str, data: dict[str, str], topic: str, key: str
) -> None:
    assert placed({"type": type_, "subject": "subject", "data": data}) == (topic, key)
