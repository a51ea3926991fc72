"""`sla-ledger statement`."""

from sla_ledger.cli.asks import answer_command

command = answer_command("statement", "One subscription's month on one page.")
