"""`sla-ledger contract`: lint, explain, publish and list contracts, and their JSON Schema."""

from __future__ import annotations

from pathlib import Path

import click

from sla_ledger.cli.options import everywhere, given, timeless


@click.group(name="contract")
@everywhere
def command() -> None:
    """Lint, explain, publish and list contracts, and print their JSON Schema."""


@command.command(name="lint")
@click.argument("file", type=click.Path(path_type=Path))
@timeless
def lint_(file: Path) -> int:
    """Print what is wrong with the contract in FILE; exit 1 where a finding is an error."""
    import sla_ledger
    from sla_ledger import clock, publishing
    from sla_ledger.cli.asks import write

    ledger = None if given().ledger is None else sla_ledger.open(given().path)
    answer = publishing.linted(file, ledger, clock.now())
    write(answer)
    if any(row.code in ("cell-gap", "cell-unreachable") for row in answer.raw):
        click.echo(publishing.targets(file), err=True)  # the answer alone goes to standard output
    return int(any(row.level == "error" for row in answer.raw))


@command.command(name="publish")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--time", "time", metavar="T", help="When it takes force unless its effective.from"
                                                  " says otherwise (default: now).")
@click.option("--by", metavar="ID", help="Who published it.")
@click.option("--strict", is_flag=True, help="Stop at any error, not only at one of form.")
@timeless
def publish(file: Path, time: str | None, by: str | None, strict: bool) -> int:
    """Publish the contract in FILE through the ledger's own door."""
    import sla_ledger
    from sla_ledger import clock, publishing
    from sla_ledger.moments import instant_of

    when = clock.now() if time is None else instant_of(time, "--time")
    event, rows = publishing.event_of(file, when, by)
    for row in rows:
        if row.level != "note":
            click.echo(f"{row.file}:{row.line}:{row.column}: {row.level} {row.code}:"
                       f" {row.message}", err=True)  # fmt: skip
    if strict and any(row.level == "error" for row in rows):
        return 1
    ledger = sla_ledger.open(given().path, write=True)
    there, others = publishing.before(ledger, event)
    if there:
        click.echo(f"{event['id']} is published already, at this time; nothing was added", err=True)
        return 0
    name = f"version {event['data']['terms']['version']} of {event['subject']}"
    for other in others:
        click.echo(f"{name} was published with another text too, at {other}: give a changed text"
                   " a version of its own", err=True)  # fmt: skip
    publishing.send(ledger, event)
    click.echo(f"published {event['id']} in {given().path}", err=True)
    return 0


@command.command(name="explain")
@click.argument("file", type=click.Path(path_type=Path))
@timeless
def explain_(file: Path) -> int:
    """Say the contract in FILE in plain sentences, with its targets and open questions."""
    from sla_ledger import publishing

    click.echo(publishing.explained(file))
    return 0


@command.command(name="schema")
@timeless
def schema_() -> int:
    """Print the JSON Schema of a contract, for an editor of YAML."""
    from schemas import export

    click.echo(export.contract_text(), nl=False)
    return 0


@command.command(name="list")
@everywhere
def list_() -> int:
    """Every version of every contract known."""
    from sla_ledger.cli.asks import tell

    return tell("contract list", {})
