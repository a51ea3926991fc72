"""`sla-ledger readings`."""

import click

from sla_ledger.cli.asks import answer_command

command = answer_command(
    "readings",
    "Every reading that would change a verdict or an amount of a month, with both values.",
    click.option(
        "--dispute",
        metavar="ID",
        help="Instead the lowest and the highest amount over all readings that matter to this"
        " dispute, whatever the month.",
    ),
)
