"""What `whatif` assumes: other readings, events left out, events of a file (I1, I2).

Nothing is written: the question is asked of a view, or of an engine, that is made for it alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ledger import files
from ledger.columns import DECODED, Columns
from ledger.errors import BadInput, Usage
from projections.row_ids import NAMED_BY
from projections.supposition import SupposedReading, Supposition
from schemas import canonical
from schemas.envelope import Event, Rejection, halves, identity, read
from schemas.ids import IdError, parse, spell

if TYPE_CHECKING:
    from projections.view import View

ANSWERS = ("clocks", "uptime", "credits", "rights", "statement", "problems")
"""The answers that may be asked so."""
LOG = "whatif"
"""The log in which supposed events stand, behind all others of their topic."""
_BEHIND = 2**31 - 1
_EVENT_PARTS = 2
Named = tuple[str, str]
"""An event by its source and its id."""


def asked_of(answer: str, *, diff: bool) -> str:
    """The answer asked. Raises Usage for one that cannot be asked so."""
    if answer not in ANSWERS:
        raise Usage(f"whatif {answer!r}: the answers are {', '.join(ANSWERS)}")
    if diff and answer not in NAMED_BY:
        raise Usage(f"rows of {answer} have no ids to compare by; leave out --diff")
    return answer


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a question assumes, as its envelope says it and as a view asks it."""

    readings: tuple[tuple[str, str], ...]
    without: tuple[Named, ...]
    more: pa.Table | None
    with_sha256: str | None

    def view_of(self, view: View) -> View:
        """The same moments and customer, as if it were so."""
        engine = view.engine
        if self.without or self.more is not None:
            names = {"source": [one for one, _ in self.without],
                     "event_id": [one for _, one in self.without]}  # fmt: skip
            left_out = pa.table(names, schema=_NAMES)
            more = _table([], []) if self.more is None else self.more
            engine = engine.with_entries(left_out, more)
        readings = tuple(SupposedReading(name, option) for name, option in self.readings)
        return engine.view(view.as_of, view.customer, Supposition(readings))

    def members(self, answer: str) -> tuple[tuple[str, str], ...]:
        """The members of the envelope before `rows` (I2)."""
        assumed = {
            "readings": [
                {"interpretation": name, "option": option} for name, option in self.readings
            ],
            "without": [spell("event", *named) for named in self.without],
            "with_sha256": self.with_sha256,
        }
        return ("of", canonical.text(answer)), ("assumed", canonical.value(assumed))


_NAMES = pa.schema([("source", pa.string()), ("event_id", pa.string())])


def assumed(
    view: View,
    door: str,
    readings: Mapping[str, str] | Iterable[str],
    without: Iterable[str],
    with_file: str | Path | None,
) -> Assumed:
    """What is assumed, sorted, each once.

    Raises Usage for what is not of its form, BadInput for a reading or an event that this ledger
    does not have and for a file with a line that is no event.
    """
    told = _readings(readings)
    for name, option in told.items():
        _known_reading(view, name, option)
    left_out = sorted({_event(each) for each in without})
    for named in left_out:
        _known_event(view, named)
    more, sha256 = (None, None) if with_file is None else _events(Path(with_file), view, door)
    return Assumed(tuple(sorted(told.items())), tuple(left_out), more, sha256)


def _readings(given: Mapping[str, str] | Iterable[str]) -> dict[str, str]:
    if isinstance(given, Mapping):
        return dict(given)
    found: dict[str, str] = {}
    for each in given:
        name, sign, option = each.partition("=")
        if not (name and sign and option):
            raise Usage(f"--reading {each!r}: write it as ID=OPTION, such as sustained=none")
        if found.setdefault(name, option) != option:
            raise Usage(f"--reading {name} is given twice, differently")
    return found


def _known_reading(view: View, name: str, option: str) -> None:
    known: dict[str, set[str]] = {}
    for versions in view.agreements.versions.published.values():
        for version in versions:
            for each, options in version.options().items():
                known.setdefault(each, set()).update(options)
    if name not in known:
        names = ", ".join(sorted(known)) or "none"
        raise BadInput("--reading", f"no contract has an interpretation {name}; they are: {names}")
    if option not in known[name]:
        options_ = ", ".join(sorted(known[name]))
        raise BadInput("--reading", f"{name} has no option {option}; its options are: {options_}")


def _event(text: str) -> Named:
    mend = "write an event as event:SOURCE/ID, / in it as %2F"
    source, slash, name = text.removeprefix("event:").rpartition("/")
    if slash and source and name:
        mend = f"write it as {spell('event', source, name)}"
    try:
        word, parts = parse(text)
    except IdError as error:
        raise Usage(f"--without {text}: {error}; {mend}") from error
    if word not in {None, "event"} or len(parts) != _EVENT_PARTS or None in parts:
        raise Usage(f"--without {text}: {mend}")
    return str(parts[0]), str(parts[1])


def _known_event(view: View, named: Named) -> None:
    high, low = halves(identity(*named))
    wanted = pa.table({"identity_hi": pa.array([high], pa.int64())})
    found = view.ask("mended", {"wanted_half": wanted})
    if low not in found.column("identity_lo").to_pylist():
        raise BadInput("--without", f"no event {spell('event', *named)} is in this ledger")


def _events(file: Path, view: View, door: str) -> tuple[pa.Table, str]:
    """The events of a file as entries, and the SHA-256 of its bytes.

    One that declares its recorded time has it (E3); the others are told at the moment asked, so
    that they are seen.
    """
    now = view.as_of.known_at
    events = list(_read(file))
    places = [
        {
            "log": LOG,
            "log_offset": offset,
            "log_partition": _BEHIND,
            "topic": files.TOPIC if door == "file" else event.topic or LOG,
            "recorded_at": now if event.recordedtime is None else event.recordedtime,
        }
        for offset, event in enumerate(events)
    ]
    return _table(events, places), hashlib.sha256(file.read_bytes()).hexdigest()


def _read(file: Path) -> Iterator[Event]:
    for number, line in files.lines_of(file):
        outcome = read(line)
        if isinstance(outcome, Rejection) and outcome.at == "/recordedtime":
            outcome = read(line, archive=True)
        if isinstance(outcome, Rejection):
            at = f" at {outcome.at}" if outcome.at else ""
            raise BadInput(f"{file} line {number}{at}", f"{outcome.code}: {outcome.message}")
        yield outcome


def _table(events: Iterable[Event], places: list[dict[str, Any]]) -> pa.Table:
    columns = Columns()
    for event in events:
        columns.add(event)
    decoded = pa.Table.from_arrays(columns.arrays(), names=[name for name, _ in DECODED])
    placed = pa.Table.from_pylist(places, schema=_PLACES)
    for name in placed.column_names:
        decoded = decoded.append_column(name, placed.column(name))
    return decoded


_PLACES = pa.schema(
    [
        ("log", pa.string()),
        ("log_offset", pa.int64()),
        ("log_partition", pa.int64()),
        ("topic", pa.string()),
        ("recorded_at", pa.int64()),
    ]
)
