"""Poison of any bytes and any size is kept, and the writer goes on behind it (E2, L10)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from writing import kafka_ledger, line, records, writer

from ledger import columns
from ledger.append import Incoming
from ledger.entry import came_as
from ledger.frame import decode
from ledger.reader import open_ledger
from ledger.verify import verify
from schemas.strict_json import LARGEST

STAMP = 1_790_000_000_000
POISON = [
    None, b"", b"\x00", b"\xff\xfe", b"{", b"[]", b'"x"', b"\xef\xbb\xbf{}", b"[" * 100_000,
    b'{"\\ud83d": 1, "\\ud83d": 2}', b'{"a": "\\udc00"}', b'{"\\u0000": 1}', b"NaN", b"1e999999999",
    line(1).replace(b'"e1"', b'"\\ud800"'), line(1, **{"\ud800x": 1}),
    line(1).replace(b'"acme"', b'"\\udfff\\ud800"'), line(1, data={"\udcff": "x"}),
]  # fmt: skip


def _came(offset: int, value: bytes | None, headers=(), key: bytes | None = b"k") -> Incoming:
    return Incoming(offset, STAMP, 1, key, tuple(headers), value, STAMP * 1000, STAMP * 1000)


def _kept(path: Path, came: list[Incoming]) -> None:
    one = writer(path)
    one.take(came)
    done = one.close_segment()
    assert [each.incoming[:7] for each in done] == [each[:7] for each in came]
    assert verify(path).faults == []


def test_every_poison_is_an_entry_with_its_bytes(tmp_path: Path) -> None:
    path = kafka_ledger(tmp_path / "l")
    _kept(path, [_came(n, value) for n, value in enumerate([*POISON, line(7)])])
    entries = list(open_ledger(path).entries("sla.tickets-0"))
    assert [entry["rejected"] is None for entry in entries] == [False] * len(POISON) + [True]
    assert json.dumps(entries), "every reason is text that can be written"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(
    st.none() | st.binary(max_size=30) | st.sampled_from(POISON),
    st.lists(st.tuples(st.sampled_from(["ce_specversion", "ce_id", "x", "content-type"]),
                       st.none() | st.binary(max_size=5)), max_size=3),
    st.none() | st.binary(max_size=5),
), min_size=1, max_size=8))  # fmt: skip
def test_any_record_is_kept_as_it_came(tmp_path_factory, came) -> None:
    path = kafka_ledger(tmp_path_factory.mktemp("l") / "x")
    _kept(path, [_came(n, *each) for n, each in enumerate(came)])


def test_a_tombstone_and_an_empty_value_have_other_leaves(tmp_path: Path) -> None:
    path = kafka_ledger(tmp_path / "l")
    _kept(path, [_came(0, None), _came(1, b"")])
    entries = list(open_ledger(path).entries("sla.tickets-0"))
    assert [entry["value"] for entry in entries] == [None, {"text": ""}]
    assert [entry["rejected"] for entry in entries] == ["no_value", "not_json"]


def test_more_than_may_be_valid_is_kept_and_rejected(tmp_path: Path) -> None:
    path = kafka_ledger(tmp_path / "l")
    huge = line(1) + b" " * LARGEST
    one = writer(path)
    one.take([_came(0, huge), _came(1, line(2))])
    assert one.is_full
    done = one.close_segment()
    assert [each.outcome and each.outcome.code for each in done] == ["too_large", None]
    assert done[0].incoming.value == huge
    assert verify(path).faults == []


def test_what_came_is_read_back_from_its_frame(tmp_path: Path) -> None:
    one = writer(kafka_ledger(tmp_path / "l"))
    given_ = [*records(3), Incoming(3, 5, 0, None, (("h", None),), b"x", None, 77, "create_time")]
    one.take(given_)
    raws = [each.frame for each in one.close_segment()]
    again = [came_as(decode(raw), came.broker_time, came.appended_at)
             for raw, came in zip(raws, given_, strict=True)]  # fmt: skip
    assert again == given_


def test_sparse_columns_stand_in_their_rows() -> None:
    from schemas.envelope import read

    made = columns.Columns()
    for value in (b"{", line(1), b"[]", line(2)):
        made.add(read(value))
    table = dict(zip(columns.NAMES, (array.to_pylist() for array in made.arrays()), strict=True))
    assert table["customer"] == [None, "acme", None, "acme"]
    assert table["rejected"] == ["not_json", None, "not_an_object", None]
    assert [each is None for each in table["identity_hi"]] == [True, False, True, False]
    assert table["impact"] == [None] * 4


BIG = """
import re, sys
from pathlib import Path
from ledger import files
def lines():
    for n in range(60):
        yield b'{"n": "' + bytes([48 + n % 10]) * 8_000_000 + b'"}'
class Stream:
    it = lines()
    def read(self, size):
        line = next(self.it, None)
        return b"" if line is None else line + b"\\n"
result = files.append_file(Path(sys.argv[1]), Stream(), now=lambda: 1_800_000_000_000_000)
assert (result.appended, result.rejected) == (60, 60), result
# What getrusage says begins with the peak of the process that started this one.
peak = re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())
print(int(peak[1]) // 1024)
"""


def test_memory_stays_bounded_whatever_the_lines(tmp_path: Path) -> None:
    from ledger import logs

    logs.create(tmp_path / "l", logs.FILE, 1)
    done = subprocess.run(
        [sys.executable, "-c", BIG, str(tmp_path / "l")], capture_output=True, text=True,
        cwd=Path(__file__).parents[2], check=True,
    )  # fmt: skip
    assert int(done.stdout) < 512, "MiB, for 480 MB of lines"
