"""The settings of `SLA_LEDGER_KAFKA_...` as a table, read off their model (I10)."""

from __future__ import annotations

from typing import NamedTuple

from consumers.broker import PREFIX, KafkaSettings


class Setting(NamedTuple):
    """One setting: its variable, what holds where it is not given, and its meaning."""

    variable: str
    default: str
    meaning: str


def settings() -> list[Setting]:
    """Every setting in the order of the model."""
    return [
        Setting(
            PREFIX + name.upper(),
            "none" if field.default in (None, "") else str(field.default),
            field.description or "",
        )
        for name, field in KafkaSettings.model_fields.items()
    ]


def markdown() -> str:
    """The table of docs/operations.md."""
    rows = [f"| `{each.variable}` | {each.default} | {each.meaning} |" for each in settings()]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


def plain() -> str:
    """The table for `consume --help`."""
    return "\n".join(
        f"  {each.variable} (default: {each.default})\n      {each.meaning}" for each in settings()
    )
