"""`sla-ledger demo`: a small ledger, walked through."""

import click

from sla_ledger.cli.options import timeless


@click.command(name="demo")
@timeless
def command() -> int:
    """Make a ledger from the bundled sample and walk through it; no broker, no network."""
    from sla_ledger import clock, tables
    from sla_ledger.demo import walk

    walk(tables.console(), clock.now)
    return 0
