"""`sla-ledger append`: events from JSON Lines into a file ledger, or an archive into any."""

import sys
from pathlib import Path

import click

from sla_ledger.cli.options import given, timeless


@click.command(name="append")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--strict", is_flag=True, help="Stop at the first bad line; nothing of the file is"
                                             " written.")
@click.option("--archive", metavar="NAME", help="Into the log archive-NAME: history with a"
                                                " declared recordedtime on each line.")
@timeless
def command(files: tuple[str, ...], strict: bool, archive: str | None) -> int:
    """Append events; `-` reads standard input. Bad lines become rejected entries and exit 1."""
    import sla_ledger
    from ledger.unpacked import readable
    from ledger.words import counted
    from sla_ledger.progress import busy

    ledger = sla_ledger.open(given().path, write=True)
    for name in files:
        if name != "-":
            readable(Path(name))  # before the first of them is written
    rejected = 0
    for name in files:
        source = sys.stdin.buffer if name == "-" else name
        with busy(f"appending {name}", quiet=given().quiet):
            result = ledger.append_file(source, strict=strict, archive=archive)
        click.echo(f"{name}: {result}", err=True)
        for number, why in result.bad:
            place = f" at {why.at}" if why.at else ""
            click.echo(f"{name} line {number}{place}: {why.code}: {why.message}", err=True)
        rejected += result.rejected
    if rejected:
        mended = "again" if archive is None else "as an archive of another name"
        click.echo(f"{counted(rejected, 'bad line')} kept as rejected entries; sla-ledger problems"
                   f" --kind rejected lists them all; mended lines may be appended {mended}",
                   err=True)  # fmt: skip
    return int(rejected > 0)
