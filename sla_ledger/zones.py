"""In which zone a table shows a row's instants: the one asked for, else its contract's (I1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.errors import Usage
from projections.calendar import zone_known


def chooser(ledger: Any, asked: str | None) -> Callable[[Any], str]:
    """A function from a row to the name of its zone; UTC where no contract is known."""
    if asked is not None:
        if not zone_known(asked):
            raise Usage(f"--zone {asked!r} is no IANA zone and no offset such as -05:00")
        return lambda _row: asked
    known: dict[str, str] = {}

    def zone_of(row: Any) -> str:
        subscription = getattr(row, "subscription", None)
        if subscription is None or ledger is None:
            return "UTC"
        if not known:
            known.update(ledger.zones())
        return known.get(subscription, "UTC")

    return zone_of
