"""`sla-ledger logs`: every log with its size and root."""

import click

from sla_ledger.cli.options import everywhere


@click.command(name="logs")
@everywhere
def command() -> int:
    """Every log of the ledger with its size and root."""
    from sla_ledger.cli.asks import tell

    return tell("logs", {})
