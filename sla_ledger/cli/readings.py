"""`sla-ledger readings`: which open questions would change the month."""

from sla_ledger.cli.asks import answer_command

command = answer_command(
    "readings",
    "Every reading that would change a verdict, an amount or a state of the month.",
)
