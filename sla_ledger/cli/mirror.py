"""`sla-ledger mirror`: the events once more, by customer."""

import click

from sla_ledger.cli.options import given, timeless


@click.command(name="mirror")
@timeless
def command() -> int:
    """Write the events once more by customer, for questions about one of them to read little.

    Answers are the same with and without. Run it again when much came in since.
    """
    import sla_ledger
    from sla_ledger.progress import busy

    ledger = sla_ledger.open(given().path)
    with busy("mirroring", quiet=given().quiet):
        entries, size = ledger.mirror()
    click.echo(f"{entries} entries mirrored, {size} bytes", err=True)
    return 0
