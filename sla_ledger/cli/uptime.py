"""`sla-ledger uptime`."""

from sla_ledger.cli.asks import answer_command

command = answer_command(
    "uptime", "Uptime by service and month: what was down, what is excused, what counts."
)
