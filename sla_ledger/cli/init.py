"""`sla-ledger init`: make a ledger."""

import click

from sla_ledger.cli.options import given, timeless


@click.command(name="init")
@click.option("--kafka", is_flag=True, help="Fed by Kafka topics; without it by files (append).")
@timeless
def command(kafka: bool) -> int:
    """Make a ledger; the way in which events come is fixed when it is made."""
    import sla_ledger

    sla_ledger.create(given().path, kafka=kafka)
    door = "Kafka (sla-ledger consume)" if kafka else "files (sla-ledger append)"
    click.echo(f"made the ledger {given().path}, fed by {door}", err=True)
    return 0
