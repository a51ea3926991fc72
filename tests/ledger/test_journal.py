"""The journal: one more log, whose moments lie after everything recorded (L1, L4)."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from writing import kafka_ledger, records, writer

from ledger import files, journal
from ledger.reader import open_ledger
from ledger.verify import verify

LATEST = 1_790_000_000_003_000


def _ledger(tmp_path: Path) -> Path:
    path = kafka_ledger(tmp_path / "l")
    one = writer(path)
    one.take(records(10))
    one.close_segment()
    return path


def test_its_moment_lies_after_everything_recorded_in_any_log(tmp_path: Path) -> None:
    path = _ledger(tmp_path)
    journal.gap(path, "sla.tickets-0", 10, 15, "lost", lambda: 5)
    (gap,) = open_ledger(path).snapshot().gaps()
    assert gap == journal.Gap("sla.tickets-0", 10, 15, "lost", LATEST + 1, "journal/0")
    journal.gap(path, "sla.tickets-0", 20, 25, "lost", lambda: LATEST + 900)
    assert [each.recorded_at for each in open_ledger(path).snapshot().gaps()] == [
        LATEST + 1, LATEST + 900]  # fmt: skip
    assert verify(path).faults == []


def test_declared_times_do_not_push_it_into_the_future(tmp_path: Path) -> None:
    import io

    path = _ledger(tmp_path)
    far = json.dumps({
        "specversion": "1.0", "id": "e", "source": "/s", "type": "sla.ticket.closed.v1",
        "subject": "t", "time": "2026-10-01T00:00:00Z", "recordedtime": "2999-01-01T00:00:00Z",
    }).encode()  # fmt: skip
    files.append_file(path, io.BytesIO(far), now=lambda: 5, archive="old")
    journal.gap(path, "x", 0, 1, "lost", lambda: 5)
    assert open_ledger(path).snapshot().gaps()[0].recorded_at == LATEST + 1


def test_the_same_gap_is_written_once(tmp_path: Path) -> None:
    path = _ledger(tmp_path)
    assert journal.gap(path, "x", 0, 1, "lost", lambda: 5)
    assert not journal.gap(path, "x", 0, 1, "lost", lambda: 6)
    assert len(open_ledger(path).snapshot().gaps()) == 1


def test_of_many_that_write_at_once_none_is_lost(tmp_path: Path) -> None:
    path = _ledger(tmp_path)
    said = [{"kind": "gap", "log": f"l{n}", "from": 0, "to": 1, "reason": "r"} for n in range(12)]
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda one: journal.write(path, one, lambda: 5), said))
    gaps = open_ledger(path).snapshot().gaps()
    assert sorted(gap.log for gap in gaps) == sorted(one["log"] for one in said)
    times = [gap.recorded_at for gap in gaps]
    assert times == sorted(set(times)), "they strictly grow"
    assert verify(path).faults == []


def test_its_entries_are_shown_like_any_other(tmp_path: Path) -> None:
    path = _ledger(tmp_path)
    journal.gap(path, "x", 0, 1, "lost", lambda: 5)
    (entry,) = open_ledger(path).entries("journal")
    assert entry["value"]["text"] == '{"kind":"gap","log":"x","from":0,"to":1,"reason":"lost"}'
    assert (entry["entry"], entry["event"], entry["rejected"]) == ("journal/0", None, None)
