from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections import completeness
from projections.mending import Said, judge, strong_groups
from schemas.envelope import read
from schemas.instant import parse_instant
from tests.projections.support import event, row_of_event, rows_of_events, view_of

T = "2026-10-01T00:00:00Z"
START = parse_instant(T)


def note(id: str, *, source: str = "/a", corrects: str | None = None, subject: str = "t", **data: Any):
    more = {} if corrects is None else {"corrects": corrects}
    return event("ticket.resolved", subject, T, id=id, source=source, data=data, **more)


def opened(id: str, customer: str = "acme", *, source: str = "/a", time: str = T, **more: Any):
    data = {"customer": customer, "severity": "P1"}
    return event("ticket.opened", "t", time, id=id, source=source, data=data, **more)


def retract(target: str, id: str, *, of: str = "/a", source: str = "/a", corrects: str | None = None):
    more = {} if corrects is None else {"corrects": corrects}
    data = {"source": of, "reason": "r"}
    return event("event.retracted", target, T, id=id, source=source, data=data, **more)


def asked(*events: dict, known: int | None = None) -> tuple[set[str], set[tuple[str, str, str]]]:
    """Ids of the events that apply, problems as (kind, subject, detail)."""
    rows = rows_of_events(events, recorded_at=START)
    view = view_of(rows, at=2**61, known_at=START + (len(events) if known is None else known))
    applied = {row["event_id"] for row in view.ask("known").to_pylist()}
    return applied, {(each.kind, each.subject, each.detail) for each in view.voids.problems}


def test_a_repeat_is_silent_and_a_conflict_is_a_problem() -> None:  # S2.15, S2.16
    same = opened("e1", time="2026-10-01T02:00:00+02:00", observedtime=T)
    rows = rows_of_events([opened("e1"), same, opened("e1", "other")], recorded_at=START)
    view = view_of(rows)
    assert [row["log_offset"] for row in view.ask("known").to_pylist()] == [0]
    (problem,) = view.voids.problems
    assert (problem.kind, problem.subject, problem.detail) == ("conflict", "e1", "/a")
    assert problem.entries == ("file-0/0", "file-0/2")
    assert problem.customer == "other"
    assert view_of(rows, known_at=START + 1).voids.problems == ()


def test_the_first_in_recorded_order_stands_across_logs() -> None:  # S2.10, S2.15
    late = rows_of_events([opened("e1", "late")], log="sla.tickets-0", recorded_at=START + 5)
    early = rows_of_events([opened("e1", "early")], log="sla.tickets-1", partition=1, recorded_at=START)
    tie = rows_of_events([opened("e1", "tie")], log="archive-a", topic="archive-a", archive=False, recorded_at=START)
    assert [row["customer"] for row in view_of([*late, *early]).ask("known").to_pylist()] == ["early"]
    assert [row["customer"] for row in view_of([*late, *early, *tie]).ask("known").to_pylist()] == ["tie"]


def test_one_half_of_an_identity_alone_is_no_repeat() -> None:
    rows = rows_of_events([opened("e1"), opened("e2")], recorded_at=START)
    rows[1]["identity_hi"] = rows[0]["identity_hi"]
    assert len(view_of(rows).ask("known")) == 2


def test_a_rejected_line_has_no_identity() -> None:  # E7
    rows = rows_of_events([{"id": "e1", "source": "/a"}, opened("e1")], recorded_at=START)
    assert rows[0]["rejected"] == "attribute_missing"
    assert [row["log_offset"] for row in view_of(rows).ask("known").to_pylist()] == [1]


def test_a_correction_replaces_its_target_whatever_at_is() -> None:  # S2.20, S2.22
    late = note("e2", corrects="e1")
    late["time"] = "2026-12-01T00:00:00Z"
    rows = rows_of_events([note("e1"), late], recorded_at=START)
    for at in ("2026-10-02T00:00:00Z", "2027-01-01T00:00:00Z"):
        view = view_of(rows, at=at, known_at=START + 1)
        assert {row["event_id"] for row in view.ask("known").to_pylist()} == {"e2"}
    assert asked(note("e1"), late, known=0)[0] == {"e1"}


def test_of_several_corrections_the_last_recorded_stands() -> None:  # S2.25
    applied, problems = asked(note("e1"), note("e2", corrects="e1"), note("e3", corrects="e1"))
    assert applied == {"e3"}
    assert problems == {("superseded_correction", "e2", "e1")}


def test_a_retracted_correction_gives_its_target_back() -> None:  # S2.24, S2.25
    assert asked(note("e1"), note("e2", corrects="e1"), retract("e2", "r"))[0] == {"e1", "r"}


def test_a_live_correction_of_a_retracted_one_stands_for_the_chain() -> None:  # S2.25
    chain = note("e1"), note("e2", corrects="e1"), note("e3", corrects="e2"), retract("e2", "r")
    assert asked(*chain)[0] == {"e3", "r"}


def test_retracting_an_event_does_not_retract_its_corrections() -> None:  # S2.23
    assert asked(note("e1"), note("e2", corrects="e1"), retract("e1", "r"))[0] == {"e2", "r"}


def test_a_retraction_may_be_retracted_or_corrected() -> None:  # S2.23
    assert asked(note("e1"), retract("e1", "r1"), retract("r1", "r2"))[0] == {"e1", "r2"}
    assert asked(note("e1"), retract("e1", "r1"), note("r2", corrects="r1", subject="x"))[0] == {"e1", "r2"}
    moved = retract("e2", "r2", corrects="r1")
    assert asked(note("e1"), note("e2"), retract("e1", "r1"), moved)[0] == {"e1", "r2"}


@pytest.mark.parametrize(
    ("topic", "source", "reached"),
    [("sla.tickets", "/b", True), ("sla.incidents", "/b", False), ("sla.incidents", "/a", True)],
)
def test_a_retraction_reaches_its_own_source_or_topic(topic: str, source: str, reached: bool) -> None:
    rows = rows_of_events([note("e1")], log="sla.tickets-0", recorded_at=START)  # S2.21
    rows += rows_of_events([retract("e1", "r", source=source)], log=f"{topic}-7", recorded_at=START)
    view = view_of(rows)
    assert ("e1" not in {row["event_id"] for row in view.ask("known").to_pylist()}) is reached
    assert [row.kind for row in view.voids.problems] == ([] if reached else ["foreign_retraction"])


def test_a_correction_of_another_source_points_at_its_own() -> None:  # S2.20
    applied, problems = asked(note("e1"), note("e2", source="/b", corrects="e1"))
    assert applied == {"e1", "e2"}
    assert problems == {("orphan_correction", "e2", "e1")}


def test_orphans_wait() -> None:  # S2.26
    early = note("e2", corrects="e1"), note("e3", corrects="e1"), retract("e4", "r")
    applied, problems = asked(*early)
    assert applied == {"e3", "r"}
    assert ("orphan_correction", "e3", "e1") in problems
    assert ("orphan_retraction", "r", "e4") in problems
    applied, problems = asked(*early, note("e1"), note("e4"))
    assert applied == {"e3", "r"}
    assert {kind for kind, _, _ in problems} == {"superseded_correction"}


def test_a_cycle_is_void_and_a_correction_from_outside_applies() -> None:  # S2.27
    applied, problems = asked(
        note("e1", corrects="e2"), note("e2", corrects="e1"), note("e3", corrects="e1"), note("e4")
    )
    assert applied == {"e3", "e4"}
    assert problems == {("cycle", "e1", "/a"), ("cycle", "e2", "/a")}


def test_a_cycle_of_length_one_and_one_over_both_kinds_of_edges() -> None:  # S2.27
    assert asked(note("e1", corrects="e1"))[1] == {("cycle", "e1", "/a")}
    applied, problems = asked(retract("e2", "r"), note("e2", corrects="r"), note("e3"))
    assert applied == {"e3"}
    assert {subject for _, subject, _ in problems} == {"r", "e2"}
    assert asked(retract("r", "r"), note("e3"))[0] == {"e3"}


def test_a_foreign_retraction_closes_no_cycle() -> None:  # S2.21, S2.27
    rows = rows_of_events([retract("r2", "r1", of="/b")], log="sla.tickets-0", recorded_at=START)
    rows += rows_of_events([retract("r1", "r2", source="/b")], log="sla.incidents-0", recorded_at=START)
    view = view_of(rows)
    assert {row["event_id"] for row in view.ask("known").to_pylist()} == {"r1", "r2"}
    assert {row.kind for row in view.voids.problems} == {"foreign_retraction"}


def test_long_chains_need_no_deep_stack() -> None:
    many = 5000
    corrections = [said(f"e{n}", n, corrects=f"e{n - 1}" if n else None) for n in range(many)]
    assert len(judge(corrections).void) == many - 1
    retractions = [said(f"e{n}", n, retracts=f"e{n - 1}" if n else None) for n in range(many)]
    void = {place for _, place in judge(retractions).void}
    assert void == {n for n in range(many) if (many - 1 - n) % 2}


def test_retractions_that_decide_about_each_other_come_to_one_answer() -> None:
    # r1 takes r3 back, r3 takes back r4, and r4 corrects what r1 corrects: S2.24 has no answer
    ring = [
        said("x", 0),
        said("r1", 1, corrects="x", retracts="r3"),
        said("r3", 2, retracts="r4"),
        said("r4", 3, corrects="x"),
    ]
    answers = {judge(order).void for order in (ring, ring[::-1], [*ring[2:], *ring[:2]])}
    assert len(answers) == 1
    assert {place for _, place in answers.pop()} == {0, 1}


def said(id: str, n: int, *, corrects: str | None = None, retracts: str | None = None) -> Said:
    aims = [None if each is None else ("/a", each) for each in (corrects, retracts)]
    return Said("/a", id, "file", 0, "file-0", n, n, None, aims[0], aims[1])


class _Literal:
    """S2.24 as it reads, word by word; `Paradox` where it has no single answer."""

    class Paradox(Exception):
        pass

    def __init__(self, known: list[Said]) -> None:
        self.known = {each.identity: each for each in known}
        edges = {
            name: [t for t in (each.corrects, each.retracts) if t in self.known]
            for name, each in self.known.items()
        }
        reach = {name: self._reach(edges, name) for name in edges}
        self.cyclic = {name for name in edges if name in reach[name]}

        def cut(name, target):
            return target in self.known and name in reach[target] | {target} and name in reach[name]

        self.corrects = {
            name: each.corrects
            for name, each in self.known.items()
            if each.corrects and not cut(name, each.corrects)
        }
        self.retracts = {
            name: each.retracts
            for name, each in self.known.items()
            if each.retracts in self.known and not cut(name, each.retracts)
        }
        self.busy: set = set()

    @staticmethod
    def _reach(edges, name):
        seen, todo = set(), list(edges[name])
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo += edges[one]
        return seen

    def stands(self, name):
        if name in self.busy:
            raise self.Paradox
        self.busy.add(name)
        corrections = [each for each, target in self.corrects.items() if target == name]
        corrections.sort(key=lambda each: self.known[each].recorded_order, reverse=True)
        found = [self.stands(each) for each in corrections]
        live = [each for each in found if each is not None]
        gone = [self.in_force(each) for each, target in self.retracts.items() if target == name]
        self.busy.discard(name)
        if live:
            return live[0]
        return name if name in self.known and name not in self.cyclic and not any(gone) else None

    def in_force(self, name):
        root = name
        while root in self.corrects:
            root = self.corrects[root]
        return self.stands(root) == name


names = st.sampled_from("abcdefg")
lines = st.lists(st.tuples(names, st.none() | names, st.none() | names), max_size=7, unique_by=lambda e: e[0])


@settings(max_examples=400, deadline=None)
@given(lines)
def test_agrees_with_the_literal_reading(told: list[tuple[str, str | None, str | None]]) -> None:
    known = [said(id, n, corrects=c, retracts=r) for n, (id, c, r) in enumerate(told)]
    literal = _Literal(known)
    try:
        applying = {each.place for each in known if literal.in_force(each.identity)}
    except _Literal.Paradox:
        judge(known)  # comes to an end
        return
    assert {each.place for each in known} - judge(known).void == applying


def test_strong_groups_come_behind_what_they_lead_to() -> None:
    edges = {"a": ["b"], "b": ["c"], "c": ["b", "d"], "d": []}
    assert [sorted(group) for group in strong_groups(edges)] == [["d"], ["b", "c"], ["a"]]


def counted(count: int, id: str = "n1", source: str = "/a"):
    data = {"from": T, "to": "2026-10-02T00:00:00Z", "count": count}
    return event("source.counted", source, "2026-10-02T00:00:00Z", id=id, source="/count", data=data)


def test_a_source_is_complete_by_its_distinct_identities() -> None:  # E8
    sent = [
        note("e1"), note("e1"), note("e2", corrects="e1"), retract("e2", "r"),
        {"id": "bad", "source": "/a"}, note("b", source="/b"),
    ]
    rows = rows_of_events([*sent, counted(3)], recorded_at=START)
    assert completeness.problems(view_of(rows)) == []
    rows = rows_of_events([*sent, counted(7), counted(4, "n2")], recorded_at=START)
    (problem,) = completeness.problems(view_of(rows))
    assert problem.subject == "/a"
    assert problem.detail == "file 2026-10-01T00:00:00Z/2026-10-02T00:00:00Z said 4, known 3"
    assert problem.entries == ("file-0/7",)
    early = view_of(rows, at="2026-10-01T23:59:59Z", known_at=2**61)
    assert completeness.problems(early) == []


def test_the_rows_of_support_are_what_is_read() -> None:
    row = row_of_event(read(b'{"specversion":"1.0"}'))
    assert row["rejected"] == "attribute_missing"
