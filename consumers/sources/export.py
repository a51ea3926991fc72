"""What every adapter gives: events as plain objects, and how a bad export is refused."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import IO, Any

from ledger.errors import BadInput
from schemas import canonical

EventObject = dict[str, Any]
"""One CloudEvents object, members in a fixed order, `recordedtime` where the export has it."""


@dataclass(frozen=True)
class Asked:
    """What the person said about the export.

    `zone` holds for times without an offset, `customer` where the export names none.
    """

    zone: tzinfo | None
    customer: str | None


Adapter = Callable[[Path, Asked], Iterable[EventObject]]


def text_of(path: Path) -> IO[str]:
    """The export as text, unpacked where its name ends in .gz."""
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path, "rb"), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def utc(local: datetime, asked: Asked, place: str) -> str:
    """A local time of the export as UTC text.

    A time that a clock change skips or doubles is read with the offset before the change.
    Raises BadInput where no zone was said.
    """
    if asked.zone is None:
        raise BadInput(place, "the export's times have no offset; say --source-zone, as in"
                              " --source-zone Europe/London")  # fmt: skip
    from datetime import UTC  # noqa: PLC0415 - beside its one use

    return local.replace(tzinfo=asked.zone, fold=0).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def lines(events: Iterable[EventObject], *, recorded: bool) -> Iterator[bytes]:
    """The events as JSON Lines; without `recordedtime` for a door that stamps it itself."""
    for event in events:
        if not recorded:
            event.pop("recordedtime", None)
        yield canonical.value(event).encode()


def event(
    type_: str, source: str, id_: str, subject: str, time: str, recorded: str | None,
    data: Mapping[str, Any], **extra: str,
) -> EventObject:  # fmt: skip
    """An event object; empty members of `data` are left out."""
    made: EventObject = {
        "specversion": "1.0", "id": id_, "source": source, "type": type_, "subject": subject,
        "time": time, **extra,
    }  # fmt: skip
    if recorded is not None:
        made["recordedtime"] = recorded
    made["data"] = {name: value for name, value in data.items() if value is not None}
    return made
