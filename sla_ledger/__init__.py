"""The faces: command line and public Python API (I9), as in `sla_ledger.open(path).uptime()`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.errors import BadInput, OutsideFailed, Refused, Usage
    from sla_ledger.answers import Answer
    from sla_ledger.api import Ledger, create, open  # noqa: A004 - the name that I9 gives

__all__ = [
    "Answer", "BadInput", "Ledger", "OutsideFailed", "Refused", "Usage", "create", "open",
]  # fmt: skip

_HOMES = {
    "Answer": "sla_ledger.answers",
    "Ledger": "sla_ledger.api",
    "create": "sla_ledger.api",
    "open": "sla_ledger.api",
}


def __getattr__(name: str) -> Any:
    """Load the parts when they are first asked for, so that `--help` starts at once."""
    import importlib  # noqa: PLC0415 - only on first use of a name

    if name not in __all__:
        raise AttributeError(f"module 'sla_ledger' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES.get(name, "ledger.errors")), name)
