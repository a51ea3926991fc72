"""The command `sla-ledger`: finds the command's file, and turns errors into exit codes (I1)."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
from pathlib import Path
from typing import Any

import click

from sla_ledger.cli.options import Globals, everywhere

COMMANDS = {
    "demo": "Walk through a small ledger: clocks, uptime, a credit, an as-of difference.",
    "init": "Make a ledger, fed by files or by Kafka.",
    "append": "Append events from JSON Lines files.",
    "consume": "Append what arrives on the Kafka topics.",
    "topics": "Make the Kafka topics with the settings they need.",
    "import": "Turn another system's export into events.",
    "contract": "Lint, explain, publish and list contracts; their JSON Schema.",
    "clocks": "Response and resolution clocks.",
    "uptime": "Uptime by service and period.",
    "credits": "Service credits with their calculation.",
    "rights": "Rights that repeated misses gave.",
    "statement": "All of one subscription's month.",
    "problems": "What was put aside, contradicts itself or is missing.",
    "readings": "Readings that would change a verdict or an amount.",
    "whatif": "An answer under other readings, without or with events.",
    "logs": "Every log with its size and root.",
    "entries": "The entries of a log as they came.",
    "mirror": "Write the events once more by customer: one customer's answers are quicker.",
    "verify": "Check every file, hash and root of the ledger.",
}
"""Every command with its one line of help; its file is cli/NAME.py (`import`: cli/import_.py)."""


class Commands(click.Group):
    """Loads a command's file when it is asked for, so that `--help` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module = "import_" if cmd_name == "import" else cmd_name
        found: click.Command = importlib.import_module(f"sla_ledger.cli.{module}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Do you mean {near[0]}?", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if not value or context.resilient_parsing:
        return
    from sla_ledger.version import rules, version

    semantics, tzdata = rules()
    click.echo(f"sla-ledger {version()} (rules: semantics {semantics}, tzdata {tzdata})")
    context.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, callback=_version, expose_value=False, is_eager=True,
              help="The version of the program with its rules.")  # fmt: skip
@everywhere
def sla_ledger() -> None:
    """A ledger of service levels: append events once, ask about any moment, for ever.

    Every answer takes two moments: --at (when it happened) and --known-at (when it was known).
    """


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with a code of I1."""
    _utf8()
    code = run(sys.argv[1:] if argv is None else argv)
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _unwritten(error, code)
    sys.exit(code)


def _utf8() -> None:
    """Answers are UTF-8 with LF, whatever the terminal or the locale says (I1, I3)."""
    if sys.stdout is None:  # closed by whoever started us: nobody reads
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - open to the end
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")


def _unwritten(error: OSError, code: int) -> int:
    """The exit code where standard output took no more: a reader that left has what it wanted."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code if isinstance(error, BrokenPipeError) else _failed(error)


def run(argv: list[str]) -> int:
    """Run one command; the exit code instead of an exception."""
    try:
        result: Any = sla_ledger.main(argv, standalone_mode=False, obj=Globals())
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else str(error), err=True)
        return 2
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        click.echo("interrupted", err=True)
        return 130
    except (BrokenPipeError, SystemExit):  # click and rich turn the former into the latter
        return _unwritten(BrokenPipeError(), 0)
    except Exception as error:  # noqa: BLE001 - what is not ours is raised again below
        return _failed(error)
    return result if isinstance(result, int) else 0


def _failed(error: Exception) -> int:
    from ledger.errors import BadInput, OutsideFailed, Refused, Usage

    codes = {Usage: 2, BadInput: 3, Refused: 1, OutsideFailed: 4}
    for kind, code in codes.items():
        if isinstance(error, kind):
            click.echo(f"sla-ledger: {error}", err=True)
            return getattr(error, "exit_code", code)
    if isinstance(error, OSError):
        click.echo(f"sla-ledger: {error.filename or 'standard output'}: {error.strerror}", err=True)
        return OutsideFailed.exit_code
    raise error
