"""A damaged ledger refuses; it never answers wrongly in silence (L5, L8)."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from writing import kafka_ledger, records, writer

from ledger import hashed, reader
from ledger.errors import BadInput, Refused
from ledger.reader import open_ledger
from ledger.verify import verify


@pytest.fixture
def ledger(pristine: Path, tmp_path: Path) -> Path:
    shutil.copytree(pristine, tmp_path / "l")
    hashed._found_right.clear()
    return tmp_path / "l"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = kafka_ledger(tmp_path_factory.mktemp("pristine") / "l")
    for start in (0, 20, 40):
        one = writer(path)
        one.take(records(60)[start : start + 20])
        one.close_segment()
    return path


def _files(path: Path, ending: str) -> list[Path]:
    return sorted(path.rglob(f"*{ending}"))


def _ask(path: Path) -> None:
    snapshot = open_ledger(path).snapshot()
    assert len(snapshot.verified_paths()) == 3
    assert sum(1 for _ in open_ledger(path).entries("sla.tickets-0")) == 60


def test_a_sound_ledger_is_sound(ledger: Path) -> None:
    _ask(ledger)
    report = verify(ledger)
    assert (report.entries, report.segments, report.faults) == (60, 3, [])


@pytest.mark.parametrize("where", [0.0, 0.2, 0.4, 0.6, 0.8, 0.999])
@pytest.mark.parametrize("ending", [".parquet", ".receipt.json"])
def test_one_flipped_bit_is_refused_and_named(ledger: Path, ending: str, where: float) -> None:
    file = _files(ledger, ending)[1]
    raw = bytearray(file.read_bytes())
    raw[int(len(raw) * where)] ^= 1
    file.write_bytes(raw)
    with pytest.raises((Refused, BadInput)) as refused:
        _ask(ledger)
    assert file.name in str(refused.value)
    faults = verify(ledger).faults
    assert any(file.name.split(".")[0] in fault.file for fault in faults)


def test_a_truncated_segment_is_refused(ledger: Path) -> None:
    file = _files(ledger, ".parquet")[2]
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(Refused, match="bytes where its receipt says"):
        _ask(ledger)


def test_a_missing_segment_is_noticed(ledger: Path) -> None:
    _files(ledger, ".parquet")[1].unlink()
    with pytest.raises(Refused, match="missing"):
        _ask(ledger)
    assert verify(ledger).faults


def test_another_ledgers_segment_is_refused(ledger: Path, tmp_path: Path) -> None:
    other = kafka_ledger(tmp_path / "other")
    one = writer(other)
    one.take(records(20))
    one.close_segment()
    for mine, theirs in zip(_files(ledger, "00.parquet")[:1], _files(other, ".parquet"), strict=True):
        mine.write_bytes(theirs.read_bytes())
    for mine, theirs in zip(_files(ledger, "00.receipt.json")[:1], _files(other, ".receipt.json"), strict=True):
        mine.write_bytes(theirs.read_bytes())
    with pytest.raises(Refused, match="belongs to"):
        _ask(ledger)


def test_a_ledger_of_a_newer_format_is_refused(ledger: Path) -> None:
    head = ledger / "ledger.json"
    said = json.loads(head.read_text())
    said["format"] = 2
    head.write_text(json.dumps(said))
    with pytest.raises(BadInput, match="newer program"):
        open_ledger(ledger)


def test_no_ledger_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="sla-ledger init"):
        open_ledger(tmp_path / "nothing")


def test_a_segment_without_receipt_is_unseen_until_the_next_writer_vouches(ledger: Path) -> None:
    _files(ledger, ".receipt.json")[2].unlink()
    assert open_ledger(ledger).snapshot().logs[0].entries == 40
    assert writer(ledger).next_offset == 60
    hashed._found_right.clear()
    _ask(ledger)


@pytest.mark.parametrize("name", ["ledger.json", "log.json"])
def test_one_flipped_bit_in_a_description_is_refused(ledger: Path, name: str) -> None:
    (file,) = ledger.rglob(name)
    good = file.read_bytes()
    for at in range(0, len(good), 7):
        raw = bytearray(good)
        raw[at] ^= 4
        file.write_bytes(raw)
        with pytest.raises((Refused, BadInput)):
            open_ledger(ledger).snapshot()
    if name == "log.json":
        assert [fault.kind for fault in verify(ledger).faults] == ["log"]


@pytest.mark.parametrize("ending", [".parquet", ".receipt.json"])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_no_lost_file_shortens_a_log_in_silence(ledger: Path, ending: str, which: int) -> None:
    file = _files(ledger, ending)[which]
    file.unlink()
    if (ending, which) == (".receipt.json", 2):
        return  # as its writer left it when it died: see below
    with pytest.raises(Refused, match="missing"):
        open_ledger(ledger).snapshot()
    assert verify(ledger).faults
    if ending == ".parquet":
        with pytest.raises(Refused, match="gone"):
            writer(ledger)
    else:
        assert writer(ledger).next_offset == 60, "its segment stands: the receipt is made again"
        _ask(ledger)


def test_a_lost_pair_in_the_middle_is_noticed(ledger: Path) -> None:
    for ending in (".parquet", ".receipt.json"):
        _files(ledger, ending)[1].unlink()
    with pytest.raises(Refused, match="missing"):
        open_ledger(ledger).snapshot()
    assert [fault.kind for fault in verify(ledger).faults] == ["sequence"]


@pytest.mark.parametrize("ending", [".parquet", ".receipt.json"])
def test_nothing_is_built_on_a_damaged_end(ledger: Path, ending: str) -> None:
    file = _files(ledger, ending)[2]
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    with pytest.raises((Refused, BadInput)):
        writer(ledger)


def test_the_last_segment_without_receipt_is_sound_and_said_so(ledger: Path) -> None:
    _files(ledger, ".receipt.json")[2].unlink()
    report = verify(ledger)
    assert (report.faults, report.unreceipted, report.entries) == ([], 1, 60)
    assert "without a receipt yet" in str(report)


def _rewritten(ledger: Path, which: int, change) -> Path:
    """A segment whose rows are changed by somebody who knows how to write a matching receipt."""
    import pyarrow.parquet as pq

    from ledger import facts, segment

    file = _files(ledger, ".parquet")[which]
    said = segment.footer_of(file.read_bytes(), "x")
    table = change(pq.read_table(file)).replace_schema_metadata({segment.FOOTER: said.footer()})
    pq.write_table(table, file)
    _files(ledger, ".receipt.json")[which].write_bytes(facts.receipt(said, file.read_bytes()))
    return file


def _set(name: str, row: int, value):
    def change(table):
        import pyarrow as pa

        values = table.column(name).to_pylist()
        values[row] = value(values[row]) if callable(value) else value
        field = table.schema.field(name)
        return table.set_column(table.schema.get_field_index(name), field, pa.array(values, field.type))

    return change


@pytest.mark.parametrize(("name", "row", "value", "kind"), [
    ("recorded_at", 3, lambda t: t - 1, "recorded time"),
    ("recorded_at", 0, lambda t: t - 86_400_000_000, "recorded time"),
    ("appended_at", 3, 5, "column appended_at"),
    ("broker_time", 3, "absent", "column broker_time"),
    ("customer", 4, "other", "column customer"),
    ("severity", 4, None, "column severity"),
    ("impact", 4, "outage", "column impact"),
    ("identity_lo", 4, lambda n: n ^ 1, "column identity_lo"),
    ("data", 4, "{}", "column data"),
    ("rejected", 4, "not_json", "column rejected"),
    ("leaf", 4, lambda leaf: leaf[::-1], "leaf"),
    ("frame", 4, lambda frame: frame[:-1] + b"!", "leaf"),
    ("frame", 4, lambda frame: frame[:-1], "frame"),
    ("log_offset", 4, 99, "frame"),
    ("sequence", 4, 99, "sequence"),
])  # fmt: skip
def test_verify_names_what_a_forger_changed(ledger: Path, name, row, value, kind) -> None:
    file = _rewritten(ledger, 1, _set(name, row, value))
    faults = [fault for fault in verify(ledger).faults if fault.kind == kind]
    assert faults, verify(ledger).faults
    assert faults[0].file.endswith(file.name)
    assert faults[0].offset is not None


def test_a_forged_segment_without_receipt_is_not_taken_over(ledger: Path) -> None:
    _rewritten(ledger, 2, _set("recorded_at", 3, lambda t: t - 1))
    _files(ledger, ".receipt.json")[2].unlink()
    with pytest.raises(Refused, match="recorded time"):
        writer(ledger)


def test_a_sample_checks_every_receipt_and_the_chain(ledger: Path) -> None:
    report = verify(ledger, sample=0.0)
    assert report.faults == []
    assert report.segments >= 1, "something of each log is read whole"
    assert str(report).startswith("all sound")
    _files(ledger, ".receipt.json")[1].write_bytes(b"{}")
    assert [fault.kind for fault in verify(ledger, sample=0.0).faults] == ["receipt"]


def test_a_file_is_hashed_once_a_process_until_it_changes(ledger: Path, monkeypatch) -> None:
    import os

    snapshot = open_ledger(ledger).snapshot()
    snapshot.verified_paths()
    monkeypatch.setattr(reader.segment, "check", lambda *_: pytest.fail("hashed again"))
    snapshot.verified_paths()
    monkeypatch.undo()
    file = _files(ledger, ".parquet")[1]
    raw = bytearray(file.read_bytes())
    raw[200] ^= 1
    before = file.stat()
    file.write_bytes(raw)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(Refused, match="SHA-256"):
        snapshot.verified_paths()


def test_the_refusal_says_how_to_repair(ledger: Path) -> None:
    file = _files(ledger, ".parquet")[0]
    file.write_bytes(b"PAR1" + file.read_bytes()[4:-1] + b"X")
    with pytest.raises(Refused) as refused:
        open_ledger(ledger).snapshot().verified_paths()
    assert refused.value.file == str(file)
    assert "backup" in refused.value.repair
    assert refused.value.exit_code == 1


def test_several_processes_find_the_same(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger import examiners

    _rewritten(ledger, 2, _set("recorded_at", 3, lambda t: t - 1))
    _files(ledger, ".receipt.json")[0].write_bytes(b"{}")
    alone = verify(ledger)
    monkeypatch.setattr(examiners, "_ALONE", 0)
    together = verify(ledger, workers=2)
    assert together == alone
    assert len(together.faults) >= 2
