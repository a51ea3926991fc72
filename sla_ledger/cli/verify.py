"""`sla-ledger verify`: check every file, hash and root."""

import contextlib

import click

from sla_ledger.cli.options import given, timeless


@click.command(name="verify")
@click.option("--sample", type=click.FloatRange(0, 1), metavar="SHARE",
              help="Check this share of the segments (0 to 1), others each time, instead of all.")
@timeless
def command(sample: float | None) -> int:
    """Walk the whole ledger; every fault is named with its file, kind and offset. Exit 1 on any."""
    import os
    from pathlib import Path
    from secrets import randbits

    from ledger.verify import verify
    from sla_ledger.progress import busy

    with busy("verifying", quiet=given().quiet):
        report = verify(
            Path(given().path), sample=sample, seed=randbits(32), workers=os.cpu_count() or 1
        )
    with contextlib.suppress(BrokenPipeError):  # a reader that left learns the code all the same
        for fault in report.faults:
            click.echo(str(fault))
    click.echo(str(report), err=True)
    return int(bool(report.faults))
