"""Answers as tables for people: what needs attention first, instants in the contract's zone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ledger.words import counted
from projections.calendar import local_text
from schemas.money import amount_text
from sla_ledger.answers import Answer
from sla_ledger.table_rows import counts_open_time, drawn, is_projected

ATTENTION = (
    "breached", "indeterminate", "running", "paused", "no_terms", "provisional", "claimable",
    "claimed", "due", "accepted",
)  # fmt: skip


def console(*, stderr: bool = False) -> Console:
    """A console that colours only on a terminal and does not break lines where there is none."""
    stream = sys.stderr if stderr else sys.stdout
    wide = None if stream.isatty() else 240
    return Console(file=stream, width=wide, highlight=False, soft_wrap=False)


def show(
    answer: Answer, zone_of: Callable[[Any], str], *, zone: str = "UTC", to: Console | None = None
) -> None:
    """Print an answer as a table; `zone_of` names the zone in which a row's instants stand.

    The moments asked stand in `zone`.
    """
    out = to or console()
    shape = answer.envelope.shape
    if shape == "statement":
        for row in answer.raw:
            _statement(row, zone_of(row), answer.envelope.at, out)
    else:
        rows = _by_attention(answer)
        put(drawn(shape, answer.row_class, rows, answer.envelope.at, zone_of), out)
        for note in _clock_notes(rows) if shape == "clocks" else ():
            out.print(note, style="dim")
    out.print(_caption(answer, zone), style="dim")


def put(table: Table, out: Console) -> None:
    """Print a table; where there is no terminal no line ends in spaces."""
    if out.is_terminal:
        out.print(table)
        return
    with out.capture() as held:
        out.print(table)
    lines = [line.rstrip() for line in held.get().splitlines()]
    out.file.write("\n".join([*lines, ""]))


def _by_attention(answer: Answer) -> list[Any]:
    rank = {word: place for place, word in enumerate(ATTENTION)}
    rank["paused"] = rank["running"]  # of those that may still breach the next comes first (I1)
    word = "verdict" if answer.envelope.shape in {"clocks", "uptime"} else "state"
    if not answer.raw or not hasattr(answer.raw[0], word):
        return list(answer.raw)

    def key(row: Any) -> tuple[int, int]:
        due = getattr(row, "deadline_at", None) or getattr(row, "projected_deadline_at", None)
        return rank.get(getattr(row, word), len(rank)), due or 2**62

    return sorted(answer.raw, key=key)


def _caption(answer: Answer, zone: str) -> str:
    head = answer.envelope
    rows = counted(len(answer), "row")
    if head.shape == "contract lint":  # of a file, which no moment changes
        return rows
    known = "nothing" if head.known_at is None else local_text(head.known_at, zone)
    marks = [] if head.settled else ["not settled: more may still be recorded"]
    marks += ["rests on declared times"] if head.declared else []
    tail = "".join(f"; {mark}" for mark in marks)
    return f"{rows} at {local_text(head.at, zone)}, known at {known}{tail}"


def _clock_notes(rows: Sequence[Any]) -> list[str]:
    """What a reader of clocks must know to read the figures that stand there."""
    notes = []
    if any(row.elapsed_seconds is not None and counts_open_time(row) for row in rows):
        notes.append("elapsed of a clock with a calendar: hours in which the calendar is open;"
                     " left: time on the wall")  # fmt: skip
    if any(map(is_projected, rows)):
        notes.append("~ the clock stands still: its deadline if it went on at this moment")
    return notes


def _statement(row: Any, zone: str, at: int, out: Console) -> None:
    out.print(Text(f"{row.customer}: {row.subscription}, {row.month}", style="bold"))
    for contract in row.contracts:
        until = "on" if contract.to is None else f"to {local_text(contract.to, zone)}"
        since = local_text(contract.from_, zone)
        out.print(f"  contract {contract.contract} {contract.version} from {since} {until}")
    for name in ("uptime", "credits", "clocks", "rights"):
        rows = getattr(row, name)
        if rows:
            out.print(Text(f"\n{name}", style="bold"))
            put(drawn(name, type(rows[0]), rows, at, lambda _row: zone), out)
            for note in _clock_notes(rows) if name == "clocks" else ():
                out.print(note, style="dim")
    for total in row.totals:
        out.print(Text(f"\ncredits in {total.currency}", style="bold"))
        for words, amount in _sums(row, total):
            out.print(f"  {words:<{_WIDEST_SUM}}  {amount:>12}")


_UNDECIDED = {
    "claimed": "claimed, not decided yet",
    "claimable": "claimable, not claimed yet",
    "provisional": "provisional, its period goes on",
}
"""The states of credits that may still come to money, in words."""
_WIDEST_SUM = max(map(len, _UNDECIDED.values()))


def _sums(row: Any, total: Any) -> list[tuple[str, str]]:
    """A statement's money in one currency: what stands, and what may still come to it."""
    open_sums = []
    for state, words in _UNDECIDED.items():
        amounts = [
            Fraction(credit.amount)
            for credit in row.credits
            if (credit.state, credit.currency) == (state, total.currency)
            and credit.amount is not None
        ]
        if amounts:
            open_sums.append((words, amount_text(sum(amounts, Fraction(0)), total.currency)))
    return [
        ("accepted or due", total.amount),
        *open_sums,
        ("granted as goodwill", total.granted),
        ("proposed to billing so far", total.proposed),
        ("still to propose", total.difference),
    ]
