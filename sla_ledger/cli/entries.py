"""`sla-ledger entries LOG`: a log's entries as they came, a JSON object a line."""

import sys

import click

from sla_ledger.cli.options import given, timeless


@click.command(name="entries")
@click.argument("log")
@click.option("--from", "start", type=click.IntRange(0), help="From this offset on.")
@click.option("--to", "stop", type=click.IntRange(0), help="Before this offset.")
@timeless
def command(log: str, start: int | None, stop: int | None) -> int:
    """The entries of LOG (sla-ledger logs names them), oldest first."""
    import sla_ledger
    from schemas import canonical

    if given().format not in {None, "json"}:
        raise click.UsageError("entries are JSON, one a line, in every format: leave --format out")
    if given().zone:
        raise click.UsageError("--zone shows tables; entries are JSON, always UTC")
    for entry in sla_ledger.open(given().path).entries(log, start, stop):
        sys.stdout.write(canonical.value(entry) + "\n")
    return 0
