"""What every store must do (L1); a store's test module imports these and gives the fixture."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from ledger.store import Store


def test_a_name_is_made_once_and_keeps_its_bytes(store: Store) -> None:
    assert store.create("logs/a/1", b"one")
    assert not store.create("logs/a/1", b"two")
    assert store.get("logs/a/1") == b"one"


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.get("logs/a/1") is None
    assert store.list("logs") == []


def test_names_are_listed_in_order_and_folders_end_in_a_slash(store: Store) -> None:
    for name in ("logs/b/2", "logs/b/1", "logs/a/x", "logs/c"):
        store.create(name, b"")
    assert store.list("logs") == ["a/", "b/", "c"]
    assert store.list("logs/b") == ["1", "2"]


def test_of_twenty_at_once_one_wins_whole(store: Store) -> None:
    bodies = [bytes([n]) * 100_000 for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        made = list(pool.map(lambda body: store.create("logs/a/1", body), bodies))
    assert made.count(True) == 1
    assert store.get("logs/a/1") == bodies[made.index(True)]
    assert store.list("logs/a") == ["1"], "no draft is seen"
