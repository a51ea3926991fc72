"""`sla-ledger verify`: check every file, hash and root."""

import click

from sla_ledger.cli.options import everywhere, given


@click.command(name="verify")
@click.option("--sample", type=float, metavar="SHARE", help="Check this share of the segments"
                                                            " (0 to 1) instead of all.")
@everywhere
def command(sample: float | None) -> int:
    """Walk the whole ledger; every fault is named with its file, kind and offset. Exit 1 on any."""
    from pathlib import Path

    from ledger.verify import verify
    from sla_ledger.progress import busy

    with busy("verifying", quiet=given().quiet):
        report = verify(Path(given().path), sample=sample)
    for fault in report.faults:
        click.echo(str(fault))
    click.echo(str(report), err=True)
    return int(bool(report.faults))
