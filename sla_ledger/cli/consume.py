"""`sla-ledger consume`: Kafka to ledger, until told to stop or caught up (I1, L3, L4)."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from sla_ledger.cli.options import given, timeless


class WithSettings(click.Command):
    """Lists the settings of the environment behind the options."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        from consumers import settings_doc

        formatter.write_paragraph()
        formatter.write("Settings, by environment, .env, or the table [kafka] of the TOML file\n"
                        "named by SLA_LEDGER_SETTINGS (default sla-ledger.toml):\n")  # fmt: skip
        formatter.write(settings_doc.plain() + "\n")


@click.command(name="consume", cls=WithSettings)
@click.option("--until-caught-up", is_flag=True, help="Stop where every partition held ended when"
                                                      " the command began.")
@click.option("--accept-create-time", is_flag=True, help="Take topics whose producers set the time;"
                                                         " the moment of append is recorded.")
@click.option("--new-incarnation", is_flag=True, help="A topic was deleted and made anew on"
                                                      " purpose: begin a new log for it.")
@click.option("--topic", "topics", multiple=True, metavar="TOPIC",
              help="Only this topic; may be repeated (default: all five input topics).")
@timeless
def command(
    until_caught_up: bool, accept_create_time: bool, new_incarnation: bool, topics: tuple[str, ...]
) -> int:  # fmt: skip
    """Append what arrives on the Kafka topics. SIGTERM finishes the batch and stops."""
    from consumers import ingest
    from consumers.broker import settings_given
    from consumers.topics import INPUT_TOPICS
    from sla_ledger.clock import now
    from sla_ledger.logging import to_standard_error

    unknown = [topic for topic in topics if topic not in INPUT_TOPICS]
    if unknown:
        raise click.UsageError(f"--topic {unknown[0]}: no input topic; there are"
                               f" {', '.join(INPUT_TOPICS)}")  # fmt: skip
    to_standard_error()
    stop = threading.Event()
    with _stopping(stop), _bar() as progress:
        done = ingest.run(ingest.Options(
            ledger=Path(given().path), settings=settings_given(), now=now, stop=stop,
            until_caught_up=until_caught_up, accept_create_time=accept_create_time,
            new_incarnation=new_incarnation, topics=topics or INPUT_TOPICS, progress=progress,
        ))  # fmt: skip
    click.echo(f"{done.records} records appended in {done.segments} segments,"
               f" {done.rejected} of them rejected", err=True)  # fmt: skip
    return 0


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """While inside, SIGTERM and SIGINT ask for a stop behind the batch."""

    def ask(_number: int, _frame: Any) -> None:
        stop.set()

    before = {each: signal.signal(each, ask) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal; nothing elsewhere."""
    if given().quiet or not sys.stderr.isatty():
        yield lambda _done, _left: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("records"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("records", total=None)
        yield lambda done, left: bar.update(task, completed=done, total=done + left)
