"""The logs as they stood at a recorded moment (I5, I7)."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from writing import line

from ledger import files, logs, merkle
from ledger.known import logs_known
from ledger.reader import open_ledger
from schemas.instant import parse_instant

HOURS = [10, 12, 11, 15]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """`file-0` in three segments of 2, 1 and 2 entries from moment 100 on, and an archive."""
    path = tmp_path / "l"
    logs.create(path, logs.FILE, 1)
    for moment, numbers in ((100, [1, 2]), (200, [3]), (300, [4, 5])):
        data = b"\n".join(line(number) for number in numbers)
        files.append_file(path, io.BytesIO(data), now=lambda at=moment: at)
    told = [line(n, recordedtime=f"2026-10-01T{hour}:00:00Z") for n, hour in enumerate(HOURS)]
    files.append_file(path, io.BytesIO(b"\n".join(told)), now=lambda: 900, archive="old")
    return path


def _known(path: Path, log: str, known_at: int):
    return next((each for each in logs_known(open_ledger(path).snapshot(), known_at) if each.log == log), None)


def _root(path: Path, log: str, count: int) -> str:
    leaves = [bytes.fromhex(each["leaf"]) for each in open_ledger(path).entries(log)]
    return merkle.tree_of(leaves[:count]).root().hex()


@pytest.mark.parametrize(
    ("known_at", "entries", "segments", "last"),
    [(100, 1, 1, 100), (101, 2, 1, 101), (199, 2, 1, 101), (200, 3, 2, 200), (300, 4, 3, 300), (301, 5, 3, 301), (999, 5, 3, 301)],
)
def test_a_log_is_what_was_recorded_by_then(ledger, known_at, entries, segments, last):
    found = _known(ledger, "file-0", known_at)
    assert (found.entries, found.next_offset, found.segments) == (entries, entries, segments)
    assert (found.first_recorded_at, found.last_recorded_at) == (100, last)
    assert found.root == _root(ledger, "file-0", entries)


def test_a_log_recorded_later_is_not_there_yet(ledger):
    assert _known(ledger, "file-0", 99) is None
    assert [each.log for each in logs_known(open_ledger(ledger).snapshot(), 999)] == ["file-0"]


@pytest.mark.parametrize(("hour", "entries", "last"), [(10, 1, 10), (11, 3, 11), (12, 3, 12), (15, 4, 15)])
def test_an_archive_reaches_to_its_last_entry_seen(ledger, hour, entries, last):
    at = {each: parse_instant(f"2026-10-01T{each}:00:00Z") for each in HOURS}
    found = _known(ledger, "archive-old", at[hour])
    assert (found.entries, found.last_recorded_at) == (entries, at[last])
    assert found.root == _root(ledger, "archive-old", entries)


def test_entries_name_their_event_with_its_word_and_source(tmp_path):
    """I6: an id alone does not name an event."""
    logs.create(tmp_path / "l", logs.FILE, 1)
    told = json.loads(line(1)) | {"source": "/zendesk/acme", "id": "e 1"}
    files.append_file(tmp_path / "l", io.BytesIO(json.dumps(told).encode() + b"\nno\n"), now=lambda: 5)
    events = [each["event"] for each in open_ledger(tmp_path / "l").entries("file-0")]
    assert events == ["event:%2Fzendesk%2Facme/e%201", None]


def test_a_file_beside_the_logs_is_none_of_ours(ledger):
    from ledger.verify import verify

    (ledger / "logs" / "notes.txt").write_text("mine")
    assert [each.log for each in open_ledger(ledger).snapshot().logs] == ["archive-old", "file-0"]
    assert not verify(ledger).faults
