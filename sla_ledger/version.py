"""The versions that an answer depends on."""

from __future__ import annotations

from importlib.metadata import version as installed

SEMANTICS = "1"
"""The version of the rules of measurement (S2.7)."""


def version() -> str:
    """The version of the program."""
    return installed("sla-ledger")


def rules() -> tuple[str, str]:
    """The versions of the semantics and of the zone data (I2 `rules`)."""
    from projections.calendar import tz_version  # noqa: PLC0415 - keeps `--help` quick

    return SEMANTICS, tz_version()
