"""Options that every command knows, before or behind its name (I1)."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar, cast

import click

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT_LEDGER = "sla-ledger-data"


@dataclass
class Globals:
    """The global options as given; None where nothing was said."""

    ledger: str | None = None
    format: str | None = None
    at: str | None = None
    known_at: str | None = None
    as_of: str | None = None
    basis: str | None = None
    zone: str | None = None
    quiet: bool = False

    @property
    def path(self) -> str:
        """Which ledger: the option, the variable SLA_LEDGER, else ./sla-ledger-data."""
        return self.ledger or os.environ.get("SLA_LEDGER") or DEFAULT_LEDGER

    @property
    def shape(self) -> str:
        """table, json or csv: table on a terminal, json otherwise."""
        return self.format or ("table" if sys.stdout.isatty() else "json")

    def moments(self) -> dict[str, Any]:
        """The moments as keyword arguments of the Python API."""
        names = ("at", "known_at", "as_of", "basis")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def _store(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    given = context.find_root().ensure_object(Globals)
    if value is None or value is False or parameter.name is None:
        return
    before = getattr(given, parameter.name)
    if before not in (None, False) and before != value:
        raise click.UsageError(f"--{parameter.name.replace('_', '-')} is given twice, differently")
    setattr(given, parameter.name, value)


MOMENTS = ("--at", "--known-at", "--as-of", "--basis")


def timeless(command: F) -> F:
    """`everywhere` for a command that no moment changes: it refuses them, its help is silent."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        named = [f"--{name.replace('_', '-')}" for name in given().moments()]
        if named:
            path = click.get_current_context().command_path
            raise click.UsageError(f"{path} looks at no moment: leave {named[0]} out")
        return command(*arguments, **options)

    return everywhere(cast("F", run), hidden=MOMENTS)


def everywhere(command: F, hidden: tuple[str, ...] = ()) -> F:
    """Add the global options to a command; its help leaves the hidden ones out."""
    options: tuple[tuple[str, dict[str, Any]], ...] = (
        ("--ledger", {"metavar": "PATH", "help": "Which ledger (default: $SLA_LEDGER, else"
                                                 " ./sla-ledger-data)."}),
        ("--format", {"type": click.Choice(["table", "json", "csv"]),
                      "help": "Default: table on a terminal, json otherwise."}),
        ("--at", {"metavar": "T", "help": "When it happened: only events up to T apply"
                                          " (default: now)."}),
        ("--known-at", {"metavar": "T", "help": "When it was known: only what was recorded up to"
                                                " T is seen (default: everything)."}),
        ("--as-of", {"metavar": "T", "help": "Both moments at once."}),
        ("--basis", {"metavar": "B", "help": "The moments of an earlier answer."}),
        ("--zone", {"metavar": "Z", "help": "Show instants of tables in this zone."}),
    )  # fmt: skip
    for name, settings in reversed(options):
        command = click.option(
            name, callback=_store, expose_value=False, hidden=name in hidden, **settings
        )(command)
    return click.option("--quiet", is_flag=True, callback=_store, expose_value=False,
                        help="No progress.")(command)  # fmt: skip


def given() -> Globals:
    """The global options of the running command."""
    return click.get_current_context().find_root().ensure_object(Globals)


def names() -> list[str]:
    """The names of the global options, for tests and documentation."""
    return [field.name for field in fields(Globals)]
