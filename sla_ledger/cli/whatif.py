"""`sla-ledger whatif`: an answer under other readings, without or with events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sla_ledger.cli.asks import every_filter
from sla_ledger.cli.options import everywhere, given
from sla_ledger.supposing import ANSWERS


@click.command(name="whatif")
@click.argument("answer", type=click.Choice(ANSWERS))
@click.option("--reading", "readings", multiple=True, metavar="ID=OPTION",
              help="Another option of an interpretation (may be repeated).")
@click.option("--without", multiple=True, metavar="EVENT",
              help="As if this event were not there: event:SOURCE/ID, a / in SOURCE as %2F"
                   " (may be repeated).")
@click.option("--with", "with_file", metavar="FILE",
              type=click.Path(path_type=Path),
              help="As if the events of this JSON Lines file were there.")
@click.option("--diff", is_flag=True, help="Only what moves.")
@click.option("--due-before", metavar="T", help="Of clocks: what breaches next.")
@every_filter(ANSWERS)
@everywhere
def command(answer: str, **asked: Any) -> int:
    """The same ANSWER as if something were otherwise. Nothing is written."""
    import sla_ledger
    from sla_ledger.cli.asks import write
    from sla_ledger.progress import busy

    ledger = sla_ledger.open(given().path)
    with busy(f"asking {answer} anew", quiet=given().quiet):
        found = ledger.whatif(answer, **given().moments(), **asked)
    write(found, ledger)
    return 0
