"""`sla-ledger clocks`: response, resolution and other clocks of tickets."""

import click

from sla_ledger.cli.asks import answer_command

command = answer_command(
    "clocks",
    "Every instance of every clock: when it started, stopped, is due, and its verdict.",
    click.option("--due-before", metavar="T", help="What breaches next: clocks that are running"
                                                   " or paused and due before T."),
)  # fmt: skip
