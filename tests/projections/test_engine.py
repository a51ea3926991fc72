from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from projections.chain import ChainError
from projections.engine import Engine
from projections.entry_columns import SCHEMA, as_entries
from projections.facts import entry_id
from schemas.ids import part
from schemas.instant import AsOf, parse_instant
from tests.projections.support import event, rows_of_events, view_of

T = "2026-10-01T00:00:00Z"
START = parse_instant(T)


def ticket(id: str, subject: str, what: str = "opened", time: str = T, **data: object) -> dict:
    if what == "opened":
        data = {"customer": "ann", "severity": "P1", **data}
    return event(f"ticket.{what}", subject, time, id=id, data=data)


def facts(view, *kinds: str) -> list[str]:
    return [fact.event_id for fact in view.facts([f"sla.{kind}.v1" for kind in kinds])]


def test_both_moments_choose_facts_and_the_order_is_that_of_effective_time() -> None:  # S2.1, S2.10
    rows = rows_of_events(
        [ticket("e1", "t1", time="2026-10-03T00:00:00Z"), ticket("e2", "t2"), ticket("e3", "t3")],
        recorded_at=START,
    )
    assert facts(view_of(rows), "ticket.opened") == ["e2", "e3", "e1"]
    assert facts(view_of(rows, at="2026-10-02T00:00:00Z"), "ticket.opened") == ["e2", "e3"]
    assert facts(view_of(rows, known_at=START), "ticket.opened") == ["e1"]


def test_facts_leave_out_heartbeats_retractions_and_the_rejected() -> None:
    beat = event("heartbeat", "sla.tickets/3", T, id="h", source="/sla-ledger")
    gone = event("event.retracted", "x", T, id="r", data={"source": "/test", "reason": "r"})
    rows = rows_of_events([beat, gone, {"id": "bad"}, ticket("e", "t")], recorded_at=START)
    assert view_of(rows).ask("fact").column("event_id").to_pylist() == ["e"]


def test_data_is_as_the_event_says_it_with_defaults_and_without_people() -> None:  # E9
    rows = rows_of_events([ticket("e", "t", title="Ann's printer", tags=["a"])], recorded_at=START)
    (fact,) = view_of(rows).facts(["sla.ticket.opened.v1"])
    assert fact.data["by"] == "customer"
    assert fact.data["tags"] == ["a"]
    assert "title" not in fact.data
    assert (fact.customer, fact.entry) == ("ann", "file-0/0")


def test_one_customer_sees_whole_tickets_and_what_was_merged_into_them() -> None:  # S5.1, S5.2
    rows = rows_of_events(
        [
            ticket("e1", "t1"), ticket("e2", "t1", "resolved"), ticket("e3", "t2", customer="bob"),
            ticket("e4", "t2", "resolved"), ticket("e5", "t1", customer="bob"),
            ticket("e6", "t3", customer="cyd"), ticket("e7", "t3", "merged", into="t1"),
            ticket("e8", "t4", customer="dan"), ticket("e9", "t4", "merged", into="t3"),
        ],
        recorded_at=START,
    )  # fmt: skip
    kinds = ("ticket.opened", "ticket.resolved", "ticket.merged")
    assert facts(view_of(rows, customer="ann"), *kinds) == ["e1", "e2", "e5", "e6", "e7", "e8", "e9"]
    assert facts(view_of(rows, customer="bob"), *kinds) == [f"e{n}" for n in range(1, 10)]
    assert facts(view_of(rows, customer="dan"), *kinds) == ["e8", "e9"]
    assert facts(view_of(rows, customer="eve"), *kinds) == []


def test_one_customer_sees_everybodys_and_own_probes_and_all_agreements() -> None:
    probe = [
        event("probe.failed", "p", T, id=f"p{n}", data={"service": "app", **told})
        for n, told in enumerate(({}, {"customer": "ann"}, {"customer": "bob"}))
    ]
    ended = event("subscription.ended", "s1", T, id="s", data={})
    standing = event("subscription.changed", "s1", T, id="c", data={"customer": "bob"})
    rows = rows_of_events([*probe, ended, standing], recorded_at=START)
    view = view_of(rows, customer="ann")
    assert facts(view, "probe.failed") == ["p0", "p1"]
    assert facts(view, "subscription.ended", "subscription.changed") == ["s", "c"]


def rows_in(log: str, *recorded: int) -> list[dict]:
    rows = rows_of_events(
        [ticket(f"{log}{n}", f"t{n}") for n, _ in enumerate(recorded)], log=log, archive=False
    )
    return [{**row, "recorded_at": when} for row, when in zip(rows, recorded, strict=True)]


def test_settled_asks_every_log_but_archives_and_the_journal() -> None:  # S2.6
    rows = [*rows_in("sla.tickets-0", 5, 10), *rows_in("sla.tickets-1", 3, 8)]
    rows += [*rows_in("archive-a", 1), *rows_in("journal", 2)]
    settled = {known: view_of(rows, known_at=known).settled for known in (7, 8, 9, 10)}
    assert settled == {7: True, 8: True, 9: False, 10: False}
    assert not view_of(rows_in("archive-a", 1), known_at=1).settled
    assert not view_of([], known_at=1).settled


def test_an_assigned_partition_without_entries_is_not_settled() -> None:  # S2.6
    engine = Engine.of_tables(rows_in("sla.tickets-0", 5))
    from dataclasses import replace

    from projections.held import LogHeld

    engine.held = replace(engine.held, logs=(*engine.held.logs, LogHeld("sla.tickets-1", 0, 0)))
    assert not engine.view(AsOf(5, 5)).settled
    assert engine.latest_recorded_at == 5


def test_what_an_answer_prints_about_what_it_saw() -> None:  # S2.2, S2.8, I2
    rows = [*rows_in("file-0", 5, 10), *rows_in("archive-a", 7, 6)]
    engine = Engine.of_tables(rows)
    assert engine.latest_recorded_at == 10
    seen = {known: (view.known_at_seen, view.declared) for known in (4, 5, 6, 8, 99) for view in [engine.view(AsOf(known, 0))]}
    assert seen == {4: (None, False), 5: (5, False), 6: (6, True), 8: (7, True), 99: (10, True)}
    empty = Engine.of_tables([])
    assert empty.latest_recorded_at is None
    assert empty.view(AsOf(1, 1)).known_at_seen is None


def test_the_journal_holds_no_events() -> None:
    assert len(view_of(rows_in("journal", 2)).ask("fact")) == 0


def test_a_parameter_or_a_name_too_many_is_an_error() -> None:
    view = view_of([])
    with pytest.raises(ChainError):
        view.ask("fact", colour="red")
    with pytest.raises(ChainError):
        view.ask("no_such_relation")
    with pytest.raises(KeyError):
        as_entries([{"colour": "red"}])


def test_a_test_may_hand_in_what_a_relation_reads() -> None:
    known = as_entries([{"event_id": "e", "effective_at": 4, "type": "x"}, {"event_id": "f", "effective_at": 6, "type": "x"}])
    assert view_of([], at=5).ask("fact", {"known": known}).column("event_id").to_pylist() == ["e"]


def test_steps_are_remembered_by_their_inputs() -> None:
    engine, asked = Engine.of_tables([]), []
    for inputs in (1, 1, 2):
        engine.view(AsOf(0, 0)).cached("step", inputs, lambda: asked.append(1))
    assert len(asked) == 2


def test_segments_are_read_with_the_log_they_stand_in(tmp_path: Path) -> None:  # L1, S2.11
    logs = [("sla.tickets-3", "sla.tickets", 3, 5), ("archive-a", "archive-a", 0, 7)]
    segments = []
    for number, (log, topic, partition, recorded) in enumerate(logs):
        row = rows_of_events([ticket(f"e{number}", "t")], recorded_at=recorded)[0]
        table = as_entries([row]).drop_columns(["log", "topic", "log_partition"])
        table = table.append_column("frame", pa.array([b"f"])).append_column("leaf", pa.array([b"l"]))
        path = tmp_path / f"{number}.parquet"
        pq.write_table(table, path)
        segments.append(SimpleNamespace(path=path, log=log, count=1))
    states = [SimpleNamespace(log=log, topic=topic, partition=partition, entries=1, last_recorded_at=recorded) for log, topic, partition, recorded in logs]
    snapshot = SimpleNamespace(segments=segments[::-1], logs=states, verified_paths=lambda told: [each.path for each in told], gaps=list)
    table = Engine(snapshot).view(AsOf(99, 2**61)).ask("fact")
    assert set(table.column_names) == {*SCHEMA.names, "file_index"} - {"file_index"}
    found = {(row["log"], row["topic"], row["log_partition"], row["event_id"]) for row in table.to_pylist()}
    assert found == {("sla.tickets-3", "sla.tickets", 3, "e0"), ("archive-a", "archive-a", 0, "e1")}


def test_ids_are_written_as_i6_says() -> None:
    assert entry_id("archive-a/b 100%", 7) == "archive-a%2Fb%20100%25/7"
    assert [part(text) for text in ("-", "a-b", "ä\u00a0")] == ["%2D", "a-b", "ä%C2%A0"]


def test_a_question_too_large_for_the_bound_is_asked_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    view = view_of(rows_of_events([ticket("e1", "t1")], recorded_at=START), customer=None)
    plain, refused = Engine._run, []

    def once(self: Engine, *asked: object) -> pa.Table:
        if not refused:
            refused.append(asked)
            raise duckdb.OutOfMemoryException("too little")
        return plain(self, *asked)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "_run", once)
    assert facts(view, "ticket.opened") == ["e1"]
    assert len(refused) == 1


def _tasks() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted in /proc")
def test_small_ledgers_share_one_database_and_leave_no_thread_behind() -> None:
    rows = rows_of_events([ticket("e1", "t1")], recorded_at=START)
    known = AsOf(known_at=2**62, at=2**62)
    kept: list[Engine] = []

    def ask_twenty() -> None:
        kept.extend(Engine.of_tables(rows) for _ in range(20))
        assert [facts(each.view(known), "ticket.opened") for each in kept[-20:]] == [["e1"]] * 20

    ask_twenty()  # whatever starts its threads when it is first used has started them
    before = _tasks()
    ask_twenty()
    assert _tasks() <= before
