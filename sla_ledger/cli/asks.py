"""How a command asks an answer and prints it: shared by every command that is an answer."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable
from typing import Any

import click

from sla_ledger.cli.options import everywhere, given
from sla_ledger.filters import TAKES

HELP = {
    "customer": "Only this customer (may be repeated, like every filter).",
    "subscription": "Only this subscription.",
    "month": "Only this month, as 2026-10.",
    "period": "Only this period, whatever month it is stated with.",
    "ticket": "Only this ticket.",
    "clock": "Only this clock.",
    "severity": "Only this severity.",
    "plan": "Only this plan.",
    "verdict": "Only this verdict.",
    "service": "Only this service or resource.",
    "availability": "Only this availability.",
    "credit": "Only this credit.",
    "state": "Only this state.",
    "right": "Only this right.",
    "kind": "Only this kind of problem.",
}


def filters(name: str) -> Callable[[Any], Any]:
    """The filter options of an answer."""

    def add(command: Any) -> Any:
        for each in reversed(TAKES[name]):
            command = click.option(f"--{each}", multiple=True, help=HELP[each])(command)
        return command

    return add


def answer_command(name: str, text: str, *options: Any) -> click.Command:
    """A command that asks the answer `name` and prints it; `text` is its help."""

    def run(**asked: Any) -> int:
        return tell(name, asked)

    run.__doc__ = text
    for option in reversed(options):
        run = option(run)
    return click.command(name=name, help=text)(everywhere(filters(name)(run)))


def tell(name: str, options: dict[str, Any]) -> int:
    """Ask and print; 1 where `problems` found any but `unsettled` (I1)."""
    import sla_ledger
    from sla_ledger.progress import busy

    ledger = sla_ledger.open(given().path)
    with busy(f"asking {name}", quiet=given().quiet):
        answer = getattr(ledger, name.replace(" ", "_"))(**given().moments(), **options)
    write(answer, ledger)
    if not answer.raw:
        click.echo(_silence(name, ledger, options), err=True)
    if name == "problems":
        return int(any(row.kind != "unsettled" for row in answer.raw))
    return 0


def _silence(name: str, ledger: Any, options: dict[str, Any]) -> str:
    """Why there are no rows, as far as it is plain."""
    if name == "logs":
        return "no row: no log holds an entry that was recorded by then"
    known = ledger.view(**given().moments()).agreements
    if name not in {"problems", "contract list"} and not known.spans:
        return (
            "no row: no subscription is known at these moments (both it and its contract count from"
            " the moment they were recorded; sla-ledger contract list shows what is known)"
        )
    chosen = [f"--{key.replace('_', '-')} {each}" for key, values in options.items() if values
              for each in ((values,) if isinstance(values, str) else values)]  # fmt: skip
    return f"no row fits {' '.join(chosen)}" if chosen else "no row"


def every_filter(names: Iterable[str]) -> Callable[[Any], Any]:
    """The filter options of several answers, each once; an answer refuses others."""

    def add(command: Any) -> Any:
        for each in sorted({filter_ for name in names for filter_ in TAKES[name]}, reverse=True):
            command = click.option(f"--{each}", multiple=True, help=HELP[each])(command)
        return command

    return add


def write(answer: Any, ledger: Any = None) -> None:
    """Print an answer in the format asked for."""
    shape = given().shape
    if given().zone and shape != "table":
        raise click.UsageError("--zone shows tables; json and csv are always UTC")
    # A reader that left changes no exit code; rich says so by SystemExit.
    with contextlib.suppress(BrokenPipeError, SystemExit):
        _print(answer, ledger, shape)


def _print(answer: Any, ledger: Any, shape: str) -> None:
    if shape == "json":
        for piece in answer.pieces():
            sys.stdout.write(piece)
        sys.stdout.write("\n")
    elif shape == "csv":
        sys.stdout.write(answer.csv().decode())
    else:
        from sla_ledger import tables, zones

        asked = given().zone
        tables.show(answer, zones.chooser(ledger, asked), zone=asked or "UTC")
