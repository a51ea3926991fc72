"""`sla-ledger problems`."""

from sla_ledger.cli.asks import answer_command

command = answer_command(
    "problems", "What was put aside, contradicts itself, is missing or not settled."
)
