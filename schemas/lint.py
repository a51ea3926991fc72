"""What is wrong with a contract, where, and how to mend it (terms.md 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.form_errors import form_errors
from schemas.terms_raw import Raw

__all__ = ["Finding", "form_errors", "lint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: its place in the file (from 1; 1, 1 where there is no file), level and mend."""

    line: int
    column: int
    level: str
    code: str
    path: str
    message: str
    fix: str


def lint(document: Raw | Mapping[str, Any]) -> list[Finding]:
    """Every finding of a document, in the order of lines."""
    raw = document if isinstance(document, Raw) else Raw(document)
    broken = form_errors(raw.tree)
    if broken is None:
        return []
    line, column = raw.place(tuple(broken.path.split(".")))
    return [Finding(line, column, "error", broken.code, broken.path, broken.message, broken.fix)]
