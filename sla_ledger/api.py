"""The public Python API (I9): open a ledger, ask answers, append events."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from ledger import files, logs
from ledger.errors import BadInput, OutsideFailed, Usage, why
from ledger.reader import LedgerReader, Snapshot, open_ledger
from projections.engine import Engine
from projections.mirror import Mirror, build
from projections.mirror.manifest import CUSTOMERS, EVERYBODY
from projections.moved import moved
from projections.view import View
from schemas import canonical
from schemas.instant import AsOf
from sla_ledger import asking, clock, publishing, supposing
from sla_ledger.answers import Answer, Envelope, Rules
from sla_ledger.filters import checked, one_or_more
from sla_ledger.moments import NOTHING, asked
from sla_ledger.version import rules

MOMENTS = ("at", "known_at", "as_of", "basis")


def open(path: str | Path, *, write: bool = False, now: Callable[[], int] = clock.now) -> Ledger:  # noqa: A001 - the name that I9 gives
    """Open a ledger for reading, with `write=True` for appending events to a file ledger."""
    return Ledger(place(path), open_ledger(place(path)), write=write, now=now)


def create(path: str | Path, *, kafka: bool = False, now: Callable[[], int] = clock.now) -> Ledger:
    """Make a ledger, fed by files or by Kafka topics (L2), and open it for writing."""
    logs.create(place(path), logs.KAFKA if kafka else logs.FILE, now())
    return open(path, write=True, now=now)


def place(path: str | Path) -> Path:
    """The directory of a ledger. Usage for a URL, which no folder should be named after."""
    if "://" in str(path):
        raise Usage(f"--ledger {path}: this program keeps a ledger in a directory, and this is"
                    " a URL; name a directory")  # fmt: skip
    return Path(path)


class Ledger:
    """One ledger and its answers. Moments are text or aware datetimes, filters are lists.

    Every question reads the state that the ledger has when it is asked (I7).
    """

    def __init__(
        self, path: Path, reader: LedgerReader, *, write: bool, now: Callable[[], int]
    ) -> None:
        self.path = path
        self._reader = reader
        self._write = write
        self._now = now
        self._engine: Engine | None = None
        self._last = _Last()
        self._snapshot: Snapshot | None = None

    @property
    def door(self) -> str:
        """How the ledger is fed: file or kafka (L2)."""
        return self._reader.meta.door

    def view(self, customer: str | None = None, **moments: Any) -> View:
        """Everything as of a pair of moments, for the projections."""
        pair = asked(self._now(), rules=rules(), **moments)
        engine = self._current()
        known = engine.latest_recorded_at if pair.known_at is None else pair.known_at
        return self._last.view(engine, AsOf(known_at=known or 0, at=pair.at), customer)

    def _current(self) -> Engine:
        snapshot = self._reader.snapshot()
        if self._engine is None or self._snapshot != snapshot:
            self._engine = Engine(snapshot, Mirror(self.path, snapshot))
            self._snapshot = snapshot
        return self._engine

    def _ask(self, name: str, options: Mapping[str, Any], extra: Mapping[str, Any]) -> Answer:
        moments, filters, view = self._asked(name, options)
        rows = asking.rows(name, view, filters, **extra)
        return Answer(self._envelope(name, view, moments), rows)

    def _asked(
        self, name: str, options: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, tuple[str, ...]], View]:
        """The moments and filters among the options of an answer, and the view they ask."""
        moments = {key: options[key] for key in MOMENTS if options.get(key) is not None}
        given = {key: value for key, value in options.items() if key not in MOMENTS}
        filters = checked(name, given)
        scope = filters.get("customer", ())
        return moments, filters, self.view(scope[0] if len(scope) == 1 else None, **moments)

    def _envelope(self, name: str, view: View, moments: Mapping[str, Any]) -> Envelope:
        named = moments.keys() & {"known_at", "as_of", "basis"}
        known = view.as_of.known_at if named else view.known_at_seen
        return Envelope(
            answer=name,
            at=view.as_of.at,
            known_at=None if known == NOTHING else known,
            ledger_version=view.ledger_version,
            rules=Rules(*rules()),
            settled=view.settled,
            declared=view.declared,
        )

    def clocks(self, *, due_before: Any = None, **options: Any) -> Answer:
        """Every instance of every clock; `due_before`: what breaches next (I1)."""
        extra = {} if due_before is None else {"due_before": due_before}
        return self._ask("clocks", options, extra)

    def uptime(self, **options: Any) -> Answer:
        """Uptime by availability, service, period and part."""
        return self._ask("uptime", options, {})

    def credits(self, **options: Any) -> Answer:
        """Service credits by credit, period and part."""
        return self._ask("credits", options, {})

    def rights(self, **options: Any) -> Answer:
        """Rights that arose at or before `at`."""
        return self._ask("rights", options, {})

    def statement(self, **options: Any) -> Answer:
        """One row a subscription and month."""
        return self._ask("statement", options, {})

    def problems(self, **options: Any) -> Answer:
        """What was put aside, contradicts itself, is missing or not settled (I8)."""
        return self._ask("problems", options, {})

    def contract_list(self, **options: Any) -> Answer:
        """Every version of every contract known."""
        return self._ask("contract list", options, {})

    def contract_lint(self, file: str | Path) -> Answer:
        """What is wrong with the contract in a file, looked at beside this ledger's."""
        return publishing.linted(Path(file), self, self._now())

    def readings(self, *, dispute: str | None = None, **options: Any) -> Answer:
        """Every reading that would change a verdict, an amount or a state of a month.

        `dispute`: instead the lowest and the highest amount over all readings that matter to it.
        """
        if dispute is None:
            return self._ask("readings", options, {})
        moments, filters, view = self._asked("readings", options)
        if filters:
            given = ", ".join(f"--{name}" for name in filters)
            raise Usage(f"--dispute takes every statement that rests on it; leave out {given}")
        envelope = self._envelope("readings", view, moments)
        found = asking.dispute_readings(view, dispute)
        return Answer(replace(envelope, rows_of="readings --dispute"), found)

    def whatif(
        self,
        answer: str,
        *,
        readings: Mapping[str, str] | Iterable[str] | str = (),
        without: Iterable[str] | str = (),
        with_file: str | Path | None = None,
        diff: bool = False,
        **options: Any,
    ) -> Answer:
        """The same answer under other readings, without or with events; nothing is written.

        `readings` are options by interpretation (or `ID=OPTION` texts), `without` ids of events
        (I6), `with_file` JSON Lines as for `append_file`. `diff`: the rows of `diff` instead.
        """
        due_before = options.pop("due_before", None)
        if due_before is not None and answer != "clocks":
            raise Usage(f"{answer} takes no --due-before; it is for clocks")
        moments, filters, view = self._asked(supposing.asked_of(answer, diff=diff), options)
        told = readings if isinstance(readings, Mapping) else one_or_more(readings)
        left_out = one_or_more(without)
        assumed = supposing.assumed(view, self.door, told, left_out, with_file)
        extra = {} if due_before is None else {"due_before": due_before}
        rows = asking.rows(answer, assumed.view_of(view), filters, **extra)
        if diff:
            rows = moved(answer, asking.rows(answer, view, filters, **extra), rows)
        envelope = replace(
            self._envelope("whatif", view, moments),
            extra=assumed.members(answer),
            rows_of="diff" if diff else answer,
        )
        return Answer(envelope, rows)

    def logs(self, **options: Any) -> Answer:
        """Every log with its size and root, as known at the moment asked."""
        moments, _, view = self._asked("logs", options)
        found = asking.logs(self._snapshot or self._reader.snapshot(), view.as_of.known_at)
        return Answer(self._envelope("logs", view, moments), found)

    def entries(
        self, log: str, start: int | None = None, stop: int | None = None
    ) -> Iterator[Mapping[str, Any]]:
        """The entries of a log as they came, in the order of their offsets (I5)."""
        return self._reader.entries(log, start, stop)

    def zones(self) -> dict[str, str]:
        """The period zone of each subscription's contract, for showing instants to people."""
        view = self.view()
        found: dict[str, str] = {}
        for span in view.agreements.spans:
            terms = view.agreements.terms(span, span.start)
            if terms is not None:
                found[span.subscription] = str(terms.document.zones.period)
        return found

    def version(self) -> int | None:
        """The latest ledger version; None while none is signed."""
        return None

    def append(
        self, events: Iterable[Mapping[str, Any] | str | bytes] | Mapping[str, Any] | str | bytes
    ) -> Any:
        """Append events to a file ledger opened with `write=True`; each becomes one entry.

        Raises BadInput for an event that is no mapping, text or bytes of one line; what is no valid
        event becomes a rejected entry, as everywhere.
        """
        several = [events] if isinstance(events, Mapping | str | bytes) else events
        lines = b"".join(_line(event) + b"\n" for event in several)
        return self._append(lines)

    def append_file(
        self, path: str | Path | IO[bytes], *, strict: bool = False, archive: str | None = None
    ) -> files.Result:
        """Append a JSON Lines file (`.jsonl`, `.jsonl.gz`, `.jsonl.zst`), or an archive."""
        self._writable()
        source = Path(path) if isinstance(path, str) else path
        return files.append_file(self.path, source, now=self._now, strict=strict, archive=archive)

    def mirror(self) -> tuple[int, int]:
        """Write the events once more by customer (L5): how many entries, and the mirror's bytes.

        Answers for one customer read it from then on, and behind it only what came since; they are
        the same as without. Nothing of the record changes.
        """
        snapshot = self._reader.snapshot()
        try:
            made = build(self.path, snapshot)
        except OSError as error:
            raise OutsideFailed(f"could not write {self.path}/mirror: {why(error)}") from error
        self._engine = None
        if made is None:
            return 0, 0
        kept = [each for each in made.files if each.kind in {EVERYBODY, CUSTOMERS}]
        return sum(each.rows for each in kept), sum(each.bytes for each in made.files)

    def _append(self, lines: bytes) -> Any:
        self._writable()
        return files.append_file(self.path, files.stream_of(lines), now=self._now)

    def _writable(self) -> None:
        if not self._write:
            raise Usage(
                "this ledger is open for reading; sla_ledger.open(path, write=True) appends"
            )


class _Last(threading.local):
    """The view that this thread asked last: the next answer as of the same moments shares it."""

    def __init__(self) -> None:
        self._asked: tuple[Engine, AsOf, str | None] | None = None
        self._view: View | None = None

    def view(self, engine: Engine, as_of: AsOf, customer: str | None) -> View:
        """A view; the one before where the same is asked again, and little is kept by it."""
        asked = engine, as_of, customer
        if self._view is not None and self._asked == asked:
            return self._view
        made = engine.view(as_of, customer=customer)
        self._asked, self._view = (asked, made) if made.held.is_small else (None, None)
        return made


def _line(event: Any) -> bytes:
    if not isinstance(event, Mapping | str | bytes):
        said = f"an event is a mapping, text or bytes, not {type(event).__name__}"
        raise BadInput("append", said)
    try:
        text = canonical.value(event) if isinstance(event, Mapping) else event
        line = text if isinstance(text, bytes) else text.encode()
    except (TypeError, UnicodeEncodeError) as error:
        raise BadInput("append", f"this can stand in no event: {error}") from error
    if b"\n" in line.rstrip(b"\n"):
        raise BadInput("append", "an event is one line, and this one has line ends within")
    return line.rstrip(b"\n")
