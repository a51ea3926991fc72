"""Golden bytes of footer and receipt, and what they refuse (L1, L5)."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import facts, guarded, merkle, segment
from ledger import frame as frames
from ledger.errors import BadInput, Refused
from schemas.envelope import read

RAW = b"SLF\x01c-any"
ROOT = frames.leaf(RAW).hex()
FACTS = facts.Facts(
    format=1, code="0.1.0", schema=1, ledger="L", log="sla.tickets-0", generation=0,
    first_sequence=0, count=1, first_offset=5, next_offset=6, first_recorded_at=7,
    last_recorded_at=7, size_before=0, root_before=merkle.EMPTY.hex(), size_after=1,
    root_after=ROOT, peaks_after=(ROOT,),
)  # fmt: skip
MEMBERS = (
    '"format":1,"code":"0.1.0","schema":1,"ledger":"L","log":"sla.tickets-0","generation":0,'
    '"first_sequence":0,"count":1,"first_offset":5,"next_offset":6,"first_recorded_at":7,'
    f'"last_recorded_at":7,"size_before":0,"root_before":"{merkle.EMPTY.hex()}","size_after":1,'
    f'"root_after":"{ROOT}","peaks_after":["{ROOT}"]'
)


def _data() -> bytes:
    rows = segment.Rows([5], [RAW], [frames.leaf(RAW)], [7], [None], [None])
    rows.decoded.add(read(b"{"))
    return segment.build(FACTS, rows)


def test_the_footer_is_these_bytes() -> None:
    assert FACTS.footer().decode() == "{" + MEMBERS + "}"
    metadata = pq.read_schema(io.BytesIO(_data())).metadata
    assert metadata[b"sla_ledger"] == FACTS.footer()


def test_the_receipt_is_these_bytes() -> None:
    data = b"PAR1"
    inner = MEMBERS + f',"sha256":"{hashlib.sha256(data).hexdigest()}","length":4'
    check = hashlib.sha256(("{" + inner + "}").encode()).hexdigest()
    expected = "{" + inner + f',"check":"{check}"' + "}\n"
    assert facts.receipt(FACTS, data).decode() == expected
    assert facts.read_receipt(expected.encode(), "r").facts == FACTS


@given(st.data())
def test_no_flipped_bit_of_a_receipt_goes_unseen(data: st.DataObject) -> None:
    raw = bytearray(facts.receipt(FACTS, b"PAR1"))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((Refused, BadInput)):
        facts.read_receipt(bytes(raw), "r")


@pytest.mark.parametrize(("member", "value"), [
    ("count", 2), ("count", 0), ("first_offset", 6), ("size_after", 2), ("first_recorded_at", 8),
    ("root_after", "00" * 32), ("peaks_after", ()), ("peaks_after", ("xy",)), ("count", "1"),
])  # fmt: skip
def test_facts_that_contradict_each_other_are_refused(member: str, value: object) -> None:
    wrong = dataclasses.replace(FACTS, **{member: value})
    with pytest.raises(Refused):
        facts.from_footer(wrong.footer(), "s")


def test_a_newer_form_of_segment_and_receipt_is_refused() -> None:
    newer = dataclasses.replace(FACTS, format=2)
    for ask in (lambda: facts.from_footer(newer.footer(), "s"),
                lambda: facts.read_receipt(facts.receipt(newer, b""), "r")):
        with pytest.raises(BadInput, match="newer program"):
            ask()


def test_pages_carry_checksums_and_are_packed() -> None:
    data = _data()
    column = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(0).column(2)
    assert (column.path_in_schema, column.compression) == ("frame", "ZSTD")
    at = data.index(RAW) if RAW in data else column.data_page_offset + 40
    damaged = bytearray(data)
    damaged[at] ^= 1
    with pytest.raises(Refused):
        segment.table_of(bytes(damaged), "s")


def test_a_name_is_the_first_sequence_alone() -> None:
    assert segment.name_of(50_000) == "00000000000000050000.parquet"
    assert facts.receipt_name(segment.name_of(0)) == "00000000000000000000.receipt.json"


def test_small_files_vouch_for_themselves() -> None:
    raw = guarded.write({"format": 1, "a": "x"})
    check = hashlib.sha256(b'{"format":1,"a":"x"}').hexdigest()
    assert raw == b'{"format":1,"a":"x","check":"' + check.encode() + b'"}\n'
    assert guarded.read(raw, "f", 1) == {"format": 1, "a": "x"}
    for wrong in (b"", b"[]", b"{}", raw + b" ", json.dumps(json.loads(raw)).encode()):
        with pytest.raises(Refused):
            guarded.read(wrong, "f", 1)
