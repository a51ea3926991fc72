"""A damaged ledger refuses; it never answers wrongly in silence (L5, L8)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from writing import kafka_ledger, records, writer

from ledger import reader
from ledger.errors import BadInput, Refused
from ledger.reader import open_ledger
from ledger.verify import verify


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = kafka_ledger(tmp_path / "l")
    for start in (0, 20, 40):
        one = writer(path)
        one.take(records(60)[start : start + 20])
        one.close_segment()
    reader._checked.clear()
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
    if ending == ".parquet":
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
    reader._checked.clear()
    _ask(ledger)
