"""The tables of S5.10 to S5.21 as data, and the numbers of events on both sides."""

from __future__ import annotations

import itertools

import pytest

from projections.clocks import transitions as table
from projections.clocks.transitions import KINDS, ROWS, Program
from tests.projections.support import event, rows_of_events, view_of


def test_every_row_of_the_text_is_there() -> None:
    """The rules of S5.14 to S5.21; S5.10 to S5.13 are pauses, S5.15 is severity."""
    letters = {
        "16": "ab",
        "17": "ab",
        "18": "abcd",
        "19": "abcde",
        "20": "abcdefghijkl",
        "21": "abcdef",
    }
    expected = {f"S5.{number}{letter}" for number, each in letters.items() for letter in each}
    assert {row.rule for row in ROWS} == expected | {"S5.14"}
    assert set(KINDS) == {
        "first_response", "next_response", "update_cadence", "resolution", "closure", "meeting_slot",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_rows_fit_one_event(kind: str) -> None:
    """Under any guards a state and an event lead to one place."""
    matches = table.messages("agent", True, None)
    guards = itertools.product(
        ("none", "required"), ("ignore", "continue", "new_instance"), ("slot_offered", "slot_held")
    )
    for confirmation, reopen, stops_on in guards:
        program = Program(kind, matches, confirmation, reopen, stops_on)
        seen = set()
        for row in ROWS:
            if row.kind == kind and program.holds(row.guard):
                cells = {
                    (s, symbol)
                    for s in row.states
                    for symbol in table.symbols_of(row.event, matches)
                }
                assert not cells & seen, row
                seen |= cells


def test_a_message_that_is_both_counts_as_a_match() -> None:
    """S5.5."""
    both = table.messages("customer", None, ("question",))
    assert not set(table.symbols_of("customer message", both)) & both
    assert len(table.symbols_of("customer message", both)) == 8


def test_the_relation_numbers_events_as_the_tables_do() -> None:
    told, expected = [], []

    def tell(what: str, symbol: int, **data: object) -> None:
        told.append(
            event(f"ticket.{what}", "t", "2026-10-01T00:00:00Z", id=f"e{len(told)}", data=data)
        )
        expected.append(symbol)

    for author, public, content in itertools.product(table.AUTHORS, (True, False), table.CONTENTS):
        symbol = table.message_symbol(author, public, content)
        tell("message", symbol, author=author, public=public, content=content)
    for place, reason in enumerate(table.REASONS):
        tell("paused", table.PAUSED + place, reason=reason)
        tell("resumed", table.RESUMED + place, reason=reason)
    for kind, by in itertools.product(table.TICKET_KINDS, table.AUTHORS):
        tell(
            "opened", table.opened_symbol(kind, by), customer="ann", severity="P1", kind=kind, by=by
        )
    tell("classified", table.CLASSIFIED, severity="P1")
    tell("due_agreed", table.DUE_AGREED, clock="c", due="2026-10-01T00:00:00Z")
    for word in ("resolved", "resolution_confirmed", "resolution_refused", "closed", "reopened"):
        tell(word, *table.symbols_of(word, frozenset()))
    tell("merged", table.MERGED, into="t2")
    for word in ("slot_offered", "slot_held"):
        tell(word, *table.symbols_of(word, frozenset()))
    rows = view_of(rows_of_events(told, recorded_at=1)).ask("ticket_step").to_pylist()
    found = {row["event_id"]: row["symbol"] for row in rows}
    assert [found[f"e{number}"] for number in range(len(told))] == expected
    assert sorted(set(expected)) == list(range(table.SYMBOLS))
