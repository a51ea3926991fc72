"""The product's side, through its front door: archives appended, answers asked and read as JSON."""

from __future__ import annotations

import importlib
import json
import tempfile
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest import mock

from schemas.instant import format_instant, parse_instant
from tests.reference.stream import BY_MONTH, Line, Question, Stream, plain

APPENDED = parse_instant("2040-01-01T00:00:00Z")
"""The moment of append, later than anything that is declared (E3)."""


def why_absent() -> str | None:
    """Why the product cannot be asked, None where it can."""
    try:
        importlib.import_module("sla_ledger.api")
    except ImportError as missing:
        return f"the product cannot be imported: {missing}"
    return None


class Product:
    """One ledger in a folder that goes away.

    `of_files`: asked as large ledgers are, whose entries stay in their files.
    """

    def __init__(self, stream: Stream, *, of_files: bool = False) -> None:
        from projections import held
        from sla_ledger import api

        self._small = -1 if of_files else held.SMALL

        self._folder = tempfile.TemporaryDirectory()
        root = Path(self._folder.name)
        self._ledger: Any = api.create(root / "ledger", now=lambda: APPENDED)
        for log, lines in stream.by_log().items():
            path = root / f"{log}.jsonl"
            path.write_bytes(b"".join(line + b"\n" for line in lines))
            self._ledger.append_file(path, archive=log.removeprefix("archive-"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def ask(self, question: Question) -> list[Line]:
        """Rows as mappings with texts."""
        options: dict[str, Any] = {
            "at": format_instant(question.at),
            "known_at": format_instant(question.known_at),
        }
        if question.answer in BY_MONTH:
            options["month"] = question.month
        with mock.patch("projections.held.SMALL", self._small):
            answer = getattr(self._ledger, question.answer)(**options)
        found = json.loads(answer.json(), parse_float=Decimal)["rows"]
        return [plain(row) for row in found]
