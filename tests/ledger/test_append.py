"""Exactly once, whatever happens in between (L3, L4, L10)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from writing import Died, DyingStore, kafka_ledger, records, writer

from ledger.append import LogWriter
from ledger.errors import BadInput, OutsideFailed, Refused
from ledger.reader import open_ledger
from ledger.verify import verify


def _root(path: Path) -> tuple[int, str]:
    state = open_ledger(path).snapshot().logs[0]
    return state.entries, state.root


def _write(path: Path, cuts: list[int]) -> None:
    one, at = writer(path), 0
    for cut in cuts:
        one.take(records(100)[at : at + cut])
        one.close_segment()
        at += cut
    one.take(records(100)[at:])
    one.close_segment()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(1, 40), max_size=4))
def test_however_it_is_cut_the_root_is_the_same(tmp_path_factory, cuts) -> None:
    once, twice = (kafka_ledger(tmp_path_factory.mktemp("l") / "x") for _ in range(2))
    _write(once, [])
    _write(twice, cuts)
    assert _root(once) == _root(twice)
    assert not verify(twice).faults


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(5))
def test_dying_at_any_durable_step_loses_and_doubles_nothing(tmp_path, step, after) -> None:
    path = kafka_ledger(tmp_path / "l")
    expected = kafka_ledger(tmp_path / "e")
    _write(expected, [])
    log = writer(path).log
    dying = LogWriter(DyingStore(path, step, after=after), log)
    try:
        for start in range(0, 100, 30):
            dying.take(records(100)[start : start + 30])
            dying.close_segment()
    except Died:
        pass
    again = writer(path)
    again.take(records(100))
    again.close_segment()
    assert _root(path) == _root(expected)
    assert not verify(path).faults


def test_a_full_disk_says_so_and_the_next_run_goes_on(tmp_path) -> None:
    path = kafka_ledger(tmp_path / "l")
    full = LogWriter(DyingStore(path, 0, after=False, full=True), writer(path).log)
    full.take(records(10))
    with pytest.raises(OutsideFailed, match="No space"):
        full.close_segment()
    again = writer(path)
    assert again.next_offset == 0
    again.take(records(10))
    assert len(again.close_segment()) == 10


def test_two_writers_that_cut_differently_end_with_one_log(tmp_path) -> None:
    path = kafka_ledger(tmp_path / "l")
    one, other = writer(path), writer(path)
    one.take(records(100)[:30])
    other.take(records(100)[:70])
    assert len(one.close_segment()) == 30
    assert len(other.close_segment()) == 40, "the first thirty are the other's"
    one.take(records(100))
    assert len(one.close_segment()) == 30
    assert _root(path)[0] == 100
    assert not verify(path).faults


def test_another_record_at_a_known_offset_is_refused(tmp_path) -> None:
    path = kafka_ledger(tmp_path / "l")
    one, other = writer(path), writer(path)
    one.take(records(5))
    one.close_segment()
    strange = records(5)
    other.take([each._replace(value=b"{}") for each in strange])
    with pytest.raises(Refused, match="another record"):
        other.close_segment()


def test_recorded_time_strictly_grows_within_a_log(tmp_path) -> None:
    path = kafka_ledger(tmp_path / "l")
    one = writer(path)
    one.take(records(9))
    times = [each.recorded_at for each in one.close_segment()]
    base = 1_790_000_000_000_000
    assert times == [base, base + 1, base + 2, base + 1000, base + 1001, base + 1002,
                     base + 2000, base + 2001, base + 2002]  # fmt: skip


def test_holes_in_the_offsets_are_no_loss(tmp_path) -> None:
    path = kafka_ledger(tmp_path / "l")
    one = writer(path)
    one.take(records(4, start=10, step=3))
    done = one.close_segment()
    assert [(each.sequence, each.offset) for each in done] == [(0, 10), (1, 13), (2, 16), (3, 19)]
    assert writer(path).next_offset == 20


def test_a_topic_made_anew_is_refused_until_said(tmp_path) -> None:
    path = kafka_ledger(tmp_path / "l")
    writer(path)
    with pytest.raises(BadInput, match="new-incarnation"):
        LogWriter.open_partition(path, "sla.tickets", "other", 0, None)
    second = LogWriter.open_partition(path, "sla.tickets", "other", 0, None, new_incarnation=True)
    assert second.log.log == "sla.tickets-0@2"
    assert LogWriter.open_partition(path, "sla.tickets", "other", 0, None).log == second.log


WRITE = """
import sys, time
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from writing import records, writer
one = writer(Path(sys.argv[1]))
size = int(sys.argv[3])
every = records(3000)
at = one.next_offset
print("ready", flush=True)
while at < 3000:
    one.take(every[at:at + size])
    one.close_segment()
    at = one.next_offset
"""


def test_two_processes_killed_again_and_again_lose_and_double_nothing(tmp_path) -> None:
    path = kafka_ledger(tmp_path / "l")
    expected = kafka_ledger(tmp_path / "e")
    whole = writer(expected)
    whole.take(records(3000))
    whole.close_segment()
    here = str(Path(__file__).parent)
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    def start(size: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", WRITE, str(path), here, str(size)],
                                stdout=subprocess.PIPE, env=env)  # fmt: skip

    for kill in range(4):
        pair = [start(37), start(53)]
        for each in pair:
            assert each.stdout is not None
            each.stdout.readline()
        time.sleep(0.05 * (kill + 1))
        for each in pair:
            each.send_signal(signal.SIGKILL)
            each.wait()
            each.stdout.close()
    last = start(1000)
    assert last.stdout is not None
    with last:
        assert last.wait(60) == 0
    assert _root(path) == _root(expected)
    assert not verify(path).faults


def test_twenty_writers_at_once_end_with_one_log(tmp_path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    path, expected = kafka_ledger(tmp_path / "l"), kafka_ledger(tmp_path / "e")
    _write(expected, [])

    def run(size: int) -> int:
        one, kept = writer(path), 0
        while one.next_offset < 100:
            at = one.next_offset
            one.take(records(100)[at : at + size])
            kept += len(one.close_segment())
        return kept

    with ThreadPoolExecutor(20) as pool:
        kept = list(pool.map(run, range(3, 23)))
    assert sum(kept) == 100, "each entry was one writer's"
    assert _root(path) == _root(expected)
    assert not verify(path).faults


def test_a_moment_of_append_is_framed_and_the_first_writers_stands(tmp_path) -> None:  # E3, L3
    path = kafka_ledger(tmp_path / "l")

    def doubted(now: int) -> list:
        return [each._replace(recorded_at=None, appended_at=now + n, broker_time="create_time",
                              timestamp_type=0) for n, each in enumerate(records(6))]  # fmt: skip

    one, other = writer(path), writer(path)
    one.take(doubted(1000)[:4])
    one.close_segment()
    other.take(doubted(9000))
    assert [each.recorded_at for each in other.close_segment()] == [9004, 9005]
    entries = list(open_ledger(path).entries("sla.tickets-0"))
    assert [entry["timestamp_type"] for entry in entries] == ["create"] * 6
    assert entries[0]["recorded_at"] == "1970-01-01T00:00:00.001Z"
    assert not verify(path).faults


def test_the_ledgers_id_is_in_no_leaf(tmp_path) -> None:  # L1
    roots = set()
    for name in ("a", "b"):
        path = kafka_ledger(tmp_path / name)
        _write(path, [])
        roots.add(_root(path))
    assert len(roots) == 1


def test_a_partition_without_entries_is_a_log_all_the_same(tmp_path) -> None:  # S2.6
    path = kafka_ledger(tmp_path / "l")
    writer(path, partition=7)
    (state,) = open_ledger(path).snapshot().logs
    assert (state.log, state.entries, state.last_recorded_at) == ("sla.tickets-7", 0, None)
    assert state.root == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_reader_beside_a_writer_never_sees_a_hole(tmp_path) -> None:  # I7
    import threading

    path, seen, stop = kafka_ledger(tmp_path / "l"), [], threading.Event()
    one = writer(path)

    def look() -> None:
        while not stop.is_set():
            seen.append(open_ledger(path).snapshot().logs[0].entries)

    watcher = threading.Thread(target=look)
    watcher.start()
    for at in range(0, 100, 2):
        one.take(records(100)[at : at + 2])
        one.close_segment()
    stop.set()
    watcher.join()
    assert seen == sorted(seen)
    assert open_ledger(path).snapshot().logs[0].entries == 100
