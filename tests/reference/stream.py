"""Events on their way to both sides: an archive a log, a line an event."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.envelope import Event, Rejection, read
from schemas.instant import parse_instant
from tests.reference.answers import World
from tests.reference.knowing import Entry

Line = dict[str, Any]
BY_MONTH = ("uptime", "credits", "statement")


@dataclass
class Stream:
    """Lines with the archive that holds each; their order within a log is their place there."""

    lines: list[tuple[str, bytes]]

    @classmethod
    def of_events(cls, events: Iterable[tuple[str, Line]]) -> Stream:
        """From (archive, event as a mapping)."""
        return cls([(log, json.dumps(event).encode()) for log, event in events])

    @classmethod
    def of_folder(cls, folder: Path) -> Stream:
        """From the `archive-NAME.jsonl` files of a case."""
        return cls(
            [
                (path.stem, line)
                for path in sorted(folder.glob("archive-*.jsonl"))
                for line in path.read_bytes().splitlines()
                if line.strip()
            ]
        )

    def without(self, numbers: set[int]) -> Stream:
        """The stream without some of its lines."""
        return Stream([line for n, line in enumerate(self.lines) if n not in numbers])

    def by_log(self) -> dict[str, list[bytes]]:
        """The lines of each archive."""
        result: dict[str, list[bytes]] = {}
        for log, line in self.lines:
            result.setdefault(log, []).append(line)
        return result

    def entries(self) -> list[Entry]:
        """As the reference takes them: what is no event is left out."""
        result = []
        for log, lines in self.by_log().items():
            for offset, line in enumerate(lines):
                found = read(line, archive=True)
                if isinstance(found, Event):
                    assert found.recordedtime is not None
                    result.append(Entry(found, found.recordedtime, log, 0, offset, log))
        return result

    def rejections(self) -> list[Rejection]:
        """What is no event."""
        found = [read(line, archive=True) for _, line in self.lines]
        return [one for one in found if isinstance(one, Rejection)]


@dataclass(frozen=True)
class Question:
    """One answer as of one pair of moments."""

    answer: str
    at: int
    known_at: int
    month: str | None = None


class Reference:
    """The answers of the reference, the steps of one pair of moments once."""

    def __init__(self, stream: Stream) -> None:
        self.entries = stream.entries()
        self._worlds: dict[tuple[int, int], World] = {}

    def ask(self, question: Question) -> list[Line]:
        """Rows as mappings with texts."""
        key = (question.known_at, question.at)
        if key not in self._worlds:
            self._worlds[key] = World(self.entries, *key)
        ask = getattr(self._worlds[key], question.answer)
        rows = ask(question.month) if question.answer in BY_MONTH else ask()
        return [plain(row) for row in rows]


def plain(value: Any, name: str = "") -> Any:
    """Numbers as their text, so that both sides compare as what is printed."""
    if isinstance(value, dict):
        return {key: plain(inner, key) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, name) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    if name == "seconds" or name.endswith("_seconds"):
        return str(value)
    return value


def moment(text: str) -> int:
    """An instant of a scenario."""
    return parse_instant(text)
