"""`sla-ledger readings`."""

from sla_ledger.cli.asks import answer_command

command = answer_command(
    "readings",
    "Every reading that would change a verdict or an amount of a month, with both values.",
)
