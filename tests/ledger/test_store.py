"""The directory store: conformance, the trial, and a medium that fails at any call (L1, L10)."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from conformance import *  # noqa: F403 - the suite of every store
from writing import kafka_ledger, records, writer

from ledger import logs
from ledger import store as stores
from ledger.errors import OutsideFailed
from ledger.reader import open_ledger
from ledger.verify import verify


@pytest.fixture
def store(tmp_path: Path) -> stores.DirectoryStore:
    return stores.DirectoryStore(tmp_path)


class Forgetful(stores.DirectoryStore):
    """Overwrites what is there, as some network file systems do."""

    def create(self, name: str, data: bytes) -> bool:
        super().create(name, data)
        return True


def test_a_store_that_fails_the_trial_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutsideFailed, match="twice"):
        stores.trial(Forgetful(tmp_path))
    (tmp_path / "good").mkdir()
    stores.trial(stores.DirectoryStore(tmp_path / "good"))


def test_a_trial_that_died_is_not_in_the_way_of_a_new_ledger(tmp_path: Path) -> None:
    (tmp_path / "l" / "trial").mkdir(parents=True)
    (tmp_path / "l" / "trial" / "left").write_bytes(b"once")
    assert open_ledger(kafka_ledger(tmp_path / "l")).snapshot().logs == ()


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("call", ["fsync", "link"])
@pytest.mark.parametrize("nth", range(6))
def test_any_failing_call_says_so_and_hides_nothing(tmp_path, monkeypatch, call, code, nth) -> None:
    path = kafka_ledger(tmp_path / "l")
    one = writer(path)
    one.take(records(10))
    one.close_segment()
    one.take(records(20))
    real, count = getattr(os, call), 0

    def failing(*arguments, **named):
        nonlocal count
        count += 1
        if count == nth + 1:
            raise OSError(code, os.strerror(code))
        return real(*arguments, **named)

    monkeypatch.setattr(os, call, failing)
    try:
        assert len(one.close_segment()) == 10
    except OutsideFailed as error:
        assert os.strerror(code) in str(error)
    monkeypatch.setattr(os, call, real)
    assert open_ledger(path).snapshot().logs[0].entries in {10, 20}
    again = writer(path)
    again.take(records(20))
    again.close_segment()
    state = open_ledger(path).snapshot().logs[0]
    assert (state.entries, state.next_offset) == (20, 20)
    assert verify(path).faults == []


def test_writing_fails_with_a_clear_error_where_the_disk_is_full(tmp_path, monkeypatch) -> None:
    store = stores.DirectoryStore(tmp_path)

    class Full:
        def __enter__(self): return self
        def __exit__(self, *_): return False
        def write(self, _): raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "open", lambda *_, **__: Full())
    with pytest.raises(OutsideFailed, match="No space left on device.*make room"):
        store.create("a", b"x")
    assert store.list("") == []


def test_a_name_that_another_made_is_made_durable_too(tmp_path, monkeypatch) -> None:
    store = stores.DirectoryStore(tmp_path)
    store.create("a", b"x")
    synced = []
    monkeypatch.setattr(stores, "sync_folder", synced.append)
    assert not store.create("a", b"y")
    assert tmp_path in synced


def test_a_ledger_cannot_be_made_where_nothing_may_be_written(tmp_path, monkeypatch) -> None:
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutsideFailed, match="Permission denied"):
        logs.create(tmp_path / "l", logs.FILE, 1)
