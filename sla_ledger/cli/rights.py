"""`sla-ledger rights`."""

from sla_ledger.cli.asks import answer_command

command = answer_command("rights", "Rights that repeated misses gave, and until when.")
