"""`sla-ledger credits`."""

from sla_ledger.cli.asks import answer_command

command = answer_command(
    "credits", "Service credits: the row of the contract, the base, the amount and its state."
)
