"""Files and archives: lines in, entries out (E2, E3, L2)."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from writing import kafka_ledger, line

from ledger import files, logs
from ledger.errors import BadInput
from ledger.reader import open_ledger

NOW = 1_800_000_000_000_000


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    logs.create(tmp_path / "l", logs.FILE, 1)
    return tmp_path / "l"


def _append(path: Path, data: bytes, **options) -> files.Result:
    return files.append_file(path, io.BytesIO(data), now=lambda: NOW, **options)


def _values(path: Path, log: str = "file-0") -> list[str]:
    return [entry["value"]["text"] for entry in open_ledger(path).entries(log)]


def test_lines_blank_lines_carriage_returns_and_a_mark_at_the_start(ledger: Path) -> None:
    data = b"\xef\xbb\xbf" + line(1) + b"\r\n\n   \r\n" + line(2)
    assert _append(ledger, data) == files.Result(2, 0)
    assert _values(ledger) == [line(1).decode() + "\r", line(2).decode()]


def test_a_bad_line_is_kept_with_its_reason(ledger: Path) -> None:
    assert _append(ledger, line(1) + b"\n{\n" + line(2) + b"\n") == files.Result(3, 1)
    assert [e["rejected"] for e in open_ledger(ledger).entries("file-0")] == [None, "not_json", None]


def test_strict_writes_nothing_of_a_file_with_a_bad_line(ledger: Path) -> None:
    with pytest.raises(BadInput, match=r"line 2.*not_json"):
        _append(ledger, line(1) + b"\n{\n", strict=True)
    assert open_ledger(ledger).snapshot().segments == ()


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_packed_files(ledger: Path, tmp_path: Path, ending: str) -> None:
    data = line(1) + b"\n" + line(2) + b"\n"
    packed = {"": data, ".gz": gzip.compress(data), ".zst": pa.compress(data, "zstd", asbytes=True)}
    source = tmp_path / f"x.jsonl{ending}"
    source.write_bytes(packed[ending])
    assert files.append_file(ledger, source, now=lambda: NOW) == files.Result(2, 0)


def test_a_packed_file_that_is_cut_off_adds_nothing(ledger: Path, tmp_path: Path) -> None:
    source = tmp_path / "x.jsonl.gz"
    source.write_bytes(gzip.compress(line(1) * 500)[:-20])
    with pytest.raises(BadInput, match="unpacked"):
        files.append_file(ledger, source, now=lambda: NOW)
    assert open_ledger(ledger).snapshot().segments == ()


def test_the_same_file_again_adds_repeats(ledger: Path) -> None:
    for _ in range(2):
        _append(ledger, line(1))
    assert len(_values(ledger)) == 2


def _declared(number: int, recorded: str) -> bytes:
    return json.dumps({**json.loads(line(number)), "recordedtime": recorded}).encode()


def test_an_archive_keeps_declared_times_and_its_name_is_used_once(ledger: Path) -> None:
    data = _declared(1, "2026-10-02T00:00:00Z") + b"\n" + _declared(2, "2026-10-01T00:00:00Z")
    assert _append(ledger, data, archive="old") == files.Result(2, 0)
    recorded = [e["recorded_at"] for e in open_ledger(ledger).entries("archive-old")]
    assert recorded == ["2026-10-02T00:00:00Z", "2026-10-01T00:00:00Z"]
    assert _append(ledger, data, archive="old") == files.Result(0, 0, already=2)
    with pytest.raises(BadInput, match="another name"):
        _append(ledger, data + b"\n", archive="old")


def test_an_interrupted_archive_goes_on_where_it_ended(ledger: Path, monkeypatch) -> None:
    data = b"\n".join(_declared(n, "2026-10-02T00:00:00Z") for n in range(10))
    real = files.LogWriter.close_segment
    monkeypatch.setattr(files, "BATCH", 3)
    monkeypatch.setattr(files.LogWriter, "is_full", property(lambda self: self.open_entries >= 3))
    calls = []

    def dying(self):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(self)

    monkeypatch.setattr(files.LogWriter, "close_segment", dying)
    with pytest.raises(KeyboardInterrupt):
        _append(ledger, data, archive="old")
    monkeypatch.setattr(files.LogWriter, "close_segment", real)
    assert _append(ledger, data, archive="old") == files.Result(4, 0, already=6)


def test_an_archive_line_without_recordedtime_is_rejected_at_the_moment_of_append(ledger) -> None:
    assert _append(ledger, line(1), archive="old") == files.Result(1, 1)
    (entry,) = open_ledger(ledger).entries("archive-old")
    assert entry["rejected"] == "recordedtime_missing"
    assert entry["recorded_at"] == "2027-01-15T08:00:00Z"


def test_a_kafka_ledger_takes_no_files_but_archives(tmp_path: Path) -> None:
    path = kafka_ledger(tmp_path / "k")
    with pytest.raises(BadInput, match="fed by Kafka"):
        _append(path, line(1))
    assert _append(path, _declared(1, "2026-10-01T00:00:00Z"), archive="x").appended == 1


def test_a_file_ledger_takes_no_topics(ledger: Path) -> None:
    from ledger.append import LogWriter

    with pytest.raises(BadInput, match="init --kafka"):
        LogWriter.open_partition(ledger, "sla.tickets", "id", 0, None)


def test_something_else_in_the_way_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine")
    with pytest.raises(BadInput, match="lies there already"):
        logs.create(tmp_path, logs.FILE, 1)


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("where", [0.05, 0.3, 0.6, 0.95])
def test_a_damaged_packed_file_adds_nothing(ledger: Path, tmp_path: Path, ending, where) -> None:
    data = b"\n".join(line(n) for n in range(500))
    packed = gzip.compress(data) if ending == ".gz" else pa.compress(data, "zstd", asbytes=True)
    raw = bytearray(packed)
    raw[int(len(raw) * where)] ^= 0x55
    source = tmp_path / f"x.jsonl{ending}"
    source.write_bytes(raw)
    try:
        result = files.append_file(ledger, source, now=lambda: NOW)
    except BadInput as error:
        assert "unpacked" in str(error)
        assert open_ledger(ledger).snapshot().segments == ()
    else:  # zstd without its own checksum: what it holds is kept, bad lines with their reason
        assert ending == ".zst"
        assert result.appended > 0


def test_a_file_that_is_not_there_says_so(ledger: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        files.append_file(ledger, tmp_path / "none.jsonl", now=lambda: NOW)


def test_a_mark_in_the_middle_is_no_json(ledger: Path) -> None:
    _append(ledger, line(1) + b"\n\xef\xbb\xbf" + line(2))
    assert [e["rejected"] for e in open_ledger(ledger).entries("file-0")] == [None, "not_json"]


def test_an_empty_file_adds_nothing(ledger: Path) -> None:
    assert _append(ledger, b"\n \t\r\n\n") == files.Result(0, 0)
    assert open_ledger(ledger).snapshot().segments == ()


def test_a_line_without_end_is_refused_before_it_fills_the_memory(ledger, monkeypatch) -> None:
    monkeypatch.setattr(files, "LONGEST_LINE", 50)
    with pytest.raises(BadInput, match="line 2"):
        _append(ledger, b"{}\n" + b"x" * 60)


def test_a_file_is_closed_into_segments_by_count_and_by_bytes(ledger, monkeypatch) -> None:
    from ledger import append

    monkeypatch.setattr(append, "FULL_RECORDS", 10)
    monkeypatch.setattr(files, "BATCH", 5)
    _append(ledger, b"\n".join(line(n) for n in range(25)))
    assert [each.count for each in open_ledger(ledger).snapshot().segments] == [10, 10, 5]
    monkeypatch.setattr(append, "FULL_BYTES", 1000)
    monkeypatch.setattr(files, "FULL_BYTES", 1000)
    _append(ledger, b"\n".join(b"x" * 600 for n in range(4)))
    assert [each.count for each in open_ledger(ledger).snapshot().segments][3:] == [2, 2]


def test_two_that_use_a_name_at_once_with_other_bytes_do_not_mix(ledger, monkeypatch) -> None:
    real = files.logs.register

    def slower(store, log):
        monkeypatch.setattr(files.logs, "register", real)
        _append(ledger, _declared(1, "2026-10-01T00:00:00Z"), archive="old")
        return real(store, log)

    monkeypatch.setattr(files.logs, "register", slower)
    with pytest.raises(BadInput, match="other bytes"):
        _append(ledger, _declared(2, "2026-10-01T00:00:00Z"), archive="old")
    assert len(_values(ledger, "archive-old")) == 1


@pytest.mark.parametrize("name", ["", "a/b", "a b", "a%", "~", "x" * 300, "ü" * 60, "\x00"])
def test_a_name_that_makes_no_log_is_refused(ledger: Path, name: str) -> None:
    with pytest.raises(BadInput, match="letters, digits"):
        _append(ledger, b"", archive=name)


ARCHIVE = """
import sys
from pathlib import Path
from ledger import files
from ledger.append import LogWriter
LogWriter.is_full = property(lambda self: self.open_entries >= int(sys.argv[3]))
files.BATCH = int(sys.argv[3])
print("ready", flush=True)
files.append_file(Path(sys.argv[1]), Path(sys.argv[2]), now=lambda: 1_800_000_000_000_000, archive="old")
"""


def test_two_processes_killed_over_one_archive_lose_and_double_nothing(ledger, tmp_path) -> None:
    import subprocess
    import time

    from ledger.verify import verify

    lines = [_declared(n, "2026-10-02T00:00:00Z") for n in range(1500)]
    source = tmp_path / "x.jsonl"
    source.write_bytes(b"\n".join(lines))

    def start(size: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", ARCHIVE, str(ledger), str(source), str(size)],
                                stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])

    for kill in range(3):
        pair = [start(17), start(29)]
        for each in pair:
            each.stdout.readline()
        time.sleep(0.1 * (kill + 1))
        for each in pair:
            each.kill()
            each.communicate()
    left = files.append_file(ledger, source, now=lambda: NOW, archive="old")
    assert left.appended + left.already == 1500
    assert _values(ledger, "archive-old") == [each.decode() for each in lines]
    assert verify(ledger).faults == []
    assert files.append_file(ledger, source, now=lambda: NOW, archive="old").appended == 0


def test_a_file_that_says_nothing_uses_up_no_name(ledger: Path) -> None:
    for nothing in (b"", b" \n\n"):
        assert _append(ledger, nothing, archive="a") == files.Result(0, 0)
    assert open_ledger(ledger).snapshot().logs == ()
    told = line(1, recordedtime="2026-10-01T09:00:00Z")
    assert str(_append(ledger, told, archive="a")) == "1 entry added, 0 of them rejected"
