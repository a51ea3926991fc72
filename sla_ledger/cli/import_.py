"""`sla-ledger import SOURCE FILE --to ledger|kafka|-`: another system's export as events (I1)."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from sla_ledger.cli.options import given, timeless


@click.command(name="import")
@click.argument("source")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "target", required=True, type=click.Choice(["ledger", "kafka", "-"]),
              help="An archive of the ledger, the Kafka topics, or standard output.")
@click.option("--source-zone", metavar="Z", help="The zone of times without an offset.")
@click.option("--customer", metavar="ID", help="Whose tickets they are, where the export names"
                                               " none.")
@click.option("--name", metavar="NAME", help="The archive's name (default: SOURCE).")
@timeless
def command(
    source: str, file: Path, target: str, source_zone: str | None, customer: str | None,
    name: str | None,
) -> int:  # fmt: skip
    """Turn an export into events. SOURCE is one of: servicenow, statuspage."""
    from consumers.sources import SOURCES, Asked
    from consumers.sources.export import lines
    from ledger.unpacked import readable
    from sla_ledger.source_zone import source_zone as zone_of

    if source not in SOURCES:
        raise click.UsageError(f"{source!r} is no source; there are {', '.join(sorted(SOURCES))}")
    if name is not None and target != "ledger":
        raise click.UsageError("--name names an archive: it goes with --to ledger")
    readable(file)
    events = SOURCES[source](file, Asked(zone_of(source_zone), customer))
    if target == "kafka":
        return _produce(lines(events, recorded=False))
    if target == "-":
        for line in lines(events, recorded=True):
            sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()
        return 0
    return _archive(lines(events, recorded=True), name or source)


def _archive(lines: Iterable[bytes], name: str) -> int:
    import sla_ledger
    from sla_ledger.progress import busy

    ledger = sla_ledger.open(given().path, write=True)
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as made, busy(
        f"importing {name}", quiet=given().quiet
    ):
        for line in lines:
            made.write(line + b"\n")
        made.flush()
        # If we die here, nothing of the archive is in the ledger; the same import runs again.
        result = ledger.append_file(made.name, archive=name)
    click.echo(f"archive-{name}: {result}", err=True)
    return int(result.rejected > 0)


def _produce(lines: Iterable[bytes]) -> int:
    from consumers.broker import settings_given
    from consumers.sources.produce import produce
    from sla_ledger.logging import to_standard_error

    to_standard_error()
    sent = produce(settings_given(), lines)
    click.echo(f"{sent} events produced", err=True)
    return 0
