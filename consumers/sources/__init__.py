"""Adapters that turn other systems' exports into events."""

from __future__ import annotations

from consumers.sources import servicenow, statuspage
from consumers.sources.export import Adapter, Asked

SOURCES: dict[str, Adapter] = {
    "servicenow": servicenow.events,
    "statuspage": statuspage.events,
}
"""Every adapter by the word that `import` knows it by."""

__all__ = ["SOURCES", "Adapter", "Asked"]
