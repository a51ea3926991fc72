"""An export produced to the topics comes in by the same door as everything else (I1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from world import ended

pytestmark = pytest.mark.broker

EXPORT = """number,incident_state,sys_mod_count,opened_at,sys_updated_at,priority,contact_type
INC1,New,0,29/2/2016 01:16,29/2/2016 01:23,3 - Moderate,Phone
INC1,Resolved,1,29/2/2016 01:16,29/2/2016 08:53,3 - Moderate,Phone
"""


def test_import_to_kafka_and_consume(world: Any, tmp_path: Path) -> None:
    world.topic()
    (tmp_path / "export.csv").write_text(EXPORT)
    words = ("import", "servicenow", "export.csv", "--to", "kafka", "--source-zone",
             "Europe/London", "--customer", "acme")
    assert "events produced" in ended(world.command(*words), 0)
    ended(world.command(*words), 0)
    done = world.consume()
    entries = world.entries()
    assert done.rejected == 0, entries
    assert len(entries) == done.records == 2 * len({each["event"] for each in entries})
    assert entries[0]["key"] == {"text": "acme"}
    assert "recordedtime" not in entries[0]["value"]["text"]


def test_import_to_a_missing_topic_says_so_at_once(world: Any, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(EXPORT)
    said = ended(world.command("import", "servicenow", "export.csv", "--to", "kafka",
                               "--source-zone", "UTC", "--customer", "acme"), 3)
    assert "topics create" in said
