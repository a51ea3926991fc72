"""A walk through a small ledger: what it keeps, what it answers, and how an answer changes.

Everything is made in a temporary folder from the bundled sample; nothing is asked of a network.
"""

from __future__ import annotations

import json
import tempfile
import textwrap
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

import sla_ledger
from ledger.verify import verify
from projections.explaining import credit_lines
from schemas.terms_raw import read_yaml
from sla_ledger import tables
from sla_ledger.answers import Answer
from sla_ledger.zones import chooser

MONTH = "2026-05"
BEFORE, AFTER = "2026-06-05T00:00:00Z", "2026-06-10T00:00:00Z"
SAMPLE = files("sla_ledger") / "sample"
WIDEST = 100


def walk(out: Console, now: Callable[[], int]) -> None:
    """Show the ledger in six steps."""
    with tempfile.TemporaryDirectory(prefix="sla-ledger-demo-") as folder:
        ledger = _made(Path(folder), now, out)
        _clocks(ledger, out)
        _uptime(ledger, out)
        _credit(ledger, out)
        _twice(ledger, out)
        _problems(ledger, out)
        _verify(ledger, out)
    out.print("\nThat was a temporary ledger; it is gone. README.md says how to make your own.")


def _step(out: Console, number: int, title: str, words: str) -> None:
    out.print()
    out.print(Text(f"{number}. {title}", style="bold"))
    _say(out, words, indent="   ")
    out.print()


def _say(out: Console, words: str, indent: str = "") -> None:
    """A paragraph in lines of its own: a file gets no spaces that only fill a screen."""
    wide = min(out.width, WIDEST)
    for line in textwrap.wrap(words, wide, initial_indent=indent, subsequent_indent=indent):
        out.print(Text(line))


def _made(folder: Path, now: Callable[[], int], out: Console) -> Any:
    ledger = sla_ledger.create(folder / "ledger", now=now)
    lines = folder / "sample.jsonl"
    lines.write_bytes(_contract() + b"\n" + (SAMPLE / "events.jsonl").read_bytes())
    result = ledger.append_file(lines, archive="sample")
    out.print(Text("sla-ledger demo", style="bold"))
    _say(
        out,
        "Lumen Desk sells an application with an SLA: urgent tickets are answered within an hour,"
        " the application is up 99.5 % of each month, or part of the fee comes back. Harbour is a"
        f" customer. The sample holds {result.appended} events of May and June 2026:"
        " tickets, probes, one maintenance, one claim. Each is now an entry of a ledger.",
    )
    return ledger


def _contract() -> bytes:
    terms = read_yaml((SAMPLE / "contract.yaml").read_bytes()).tree
    event = {
        "specversion": "1.0", "id": "lumen-desk/2026-01", "source": "/lumen/contracts",
        "type": "sla.contract.published.v1", "subject": "lumen-desk",
        "time": "2025-12-15T09:00:00Z", "recordedtime": "2025-12-15T09:00:00Z",
        "data": {"terms": terms},
    }  # fmt: skip
    return json.dumps(event).encode()


def _table(answer: Answer, ledger: Any, out: Console) -> None:
    tables.show(answer, chooser(ledger, None), to=out)


def _clocks(ledger: Any, out: Console) -> None:
    _step(out, 1, "Was every ticket answered in time?",
          "HB-101 was urgent: the robot's reply at once is no answer, the agent's came after 85"
          " minutes. HB-102 waited over a holiday, which the calendar leaves out.")  # fmt: skip
    _table(ledger.clocks(at=AFTER, known_at=AFTER), ledger, out)


def _uptime(ledger: Any, out: Console) -> None:
    _step(out, 2, "How long was the application up in May?",
          "Three failures: one that counts, one inside a maintenance that was announced in time on"
          " both channels, and one of three minutes that is too short to count.")  # fmt: skip
    _table(ledger.uptime(as_of=AFTER, month=MONTH), ledger, out)


def _credit(ledger: Any, out: Console) -> None:
    _step(out, 3, "What does the provider owe?", "The credit, worked out line by line:")
    view = ledger.view(as_of=AFTER)
    for line in credit_lines(view, MONTH, "harbour-1", "uptime-credit"):
        out.print(f"   {line}")
    out.print()
    _table(ledger.credits(as_of=AFTER, month=MONTH), ledger, out)


def _twice(ledger: Any, out: Console) -> None:
    _step(out, 4, "What was known on 5 June, before a fact came late?",
          "On 9 June the provider corrected the end of the failure on 7 May from 17:30 to 21:30."
          " Both figures stay true, each at its moment; nothing was overwritten.")  # fmt: skip
    for moment in (BEFORE, AFTER):
        row = ledger.credits(at=AFTER, known_at=moment, month=MONTH)[0]
        out.print(
            f"   known at {moment[:10]}: uptime {row.uptime_percent} %,"
            f" credit {row.amount} {row.currency} ({row.state})"
        )


def _problems(ledger: Any, out: Console) -> None:
    _step(out, 5, "What does the ledger think is wrong with its input?",
          "A line with a time that no rule can read, and a message for a ticket that nobody opened."
          " Both are kept; neither moves a figure.")  # fmt: skip
    _table(ledger.problems(), ledger, out)


def _verify(ledger: Any, out: Console) -> None:
    _step(out, 6, "Is the record whole?",
          "Every file, hash and entry is checked against the Merkle root of its log.")  # fmt: skip
    out.print(f"   {verify(ledger.path)}")
    for log in ledger.logs(as_of=AFTER):
        out.print(f"   {log.log}: {log.entries} entries, root {log.root}")
