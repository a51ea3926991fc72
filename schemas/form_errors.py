"""Errors of form: what makes a contract document invalid (terms.md 1.7)."""

from __future__ import annotations

from typing import Any


def form_errors(tree: Any) -> Any:
    """The first error of form, None where there is none."""
    del tree
