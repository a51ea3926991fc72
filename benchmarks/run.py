"""Every speed bar so far as a ratio, in one run: `make bench` (EVENTS=10000000 by default).

*Scan* is summing every column that a question needs over the same files in the same process. What
is measured is printed beside its bar; nothing here fails for being slow. A broker is found as the
tests find one; without one the ingest line says why it is missing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "broker"), str(ROOT / "benchmarks")]

import duckdb
import pyarrow.parquet as pq
import synthetic

from ledger import verify
from ledger.reader import open_ledger
from projections import clocks, mirror
from projections.engine import Engine
from projections.money import credits
from projections.sweep import uptime
from schemas.instant import AsOf, parse_instant

AT = parse_instant("2028-01-01T00:00:00Z")
MONTHS = [f"{year}-{month:02d}" for year in (2026, 2027) for month in range(1, 13)]
FOR_CLOCKS = (
    "effective_at", "recorded_at", "log_offset", "identity_hi", "identity_lo", "type", "subject",
    "customer", "severity", "author", "public", "content", "reason",
)  # fmt: skip
FOR_UPTIME = (
    "effective_at", "recorded_at", "log_offset", "identity_hi", "identity_lo", "type", "subject",
    "service", "impact", "share_e12", "customers", "cause", "services", "window_from", "window_to",
    "maintenance_kind", "channel",
)  # fmt: skip


def timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def scan(paths: list[str], columns: tuple[str, ...]) -> float:
    """Seconds to read and add up every column that an answer needs."""
    sums = ", ".join(f"sum(hash({name}))" for name in columns)
    question = f"select {sums} from read_parquet({paths!r})"
    return min(timed(lambda: duckdb.sql(question).fetchall()) for _ in range(3))


def opened(path: Path, columns: tuple[str, ...]) -> tuple[Engine, float]:
    """An engine over a ledger, and what one scan takes."""
    snapshot = open_ledger(path).snapshot()
    paths = snapshot.verified_paths([each for each in snapshot.segments if each.log == "file-0"])
    one = scan(paths, columns)
    print(f"one scan: {one:.2f} s over {len(paths)} files", flush=True)
    return Engine(snapshot), one


def line(what: str, figure: float, bar: float, unit: str) -> None:
    held = "held" if figure <= bar else "MISSED"
    print(f"{what:<52} {figure:>9.2f} {unit:<8} bar {bar:>6} {held}", flush=True)


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024


def of_tickets(path: Path) -> None:
    engine, one = opened(path, FOR_CLOCKS)
    rows = 0

    def every() -> None:
        nonlocal rows
        view = engine.view(AsOf(2**61, AT))
        rows = sum(table.num_rows for table in clocks.shares(view))

    line("all clocks, full semantics", timed(every) / one, 8, "scans")
    print(f"  {rows} rows", flush=True)

    of_one_customer(path, one)


def of_one_customer(path: Path, one: float) -> None:
    """Clocks, uptime and credits of one customer's month, by a mirror that is made here."""
    snapshot = open_ledger(path).snapshot()
    print(f"  mirror made in {timed(lambda: mirror.build(path, snapshot)) / one:.0f} scans", flush=True)
    engine = Engine(snapshot, mirror.Mirror(path, snapshot))

    def month(customer: str, known_at: int = 2**61) -> None:
        view = engine.view(AsOf(known_at, AT), customer=customer)
        if view.held.part is None:
            raise AssertionError("the mirror was not used")
        view.clocks()
        uptime.rows(view, ["2026-10"])
        credits.rows(view, ["2026-10"])

    print(f"  a customer's month at first {timed(lambda: month('c7')):.3f} s", flush=True)
    other = timed(lambda: month("c8"))
    print(f"  another customer's {other:.3f} s", flush=True)
    moments = iter(range(2**61 - 3, 2**61))
    again = min(timed(lambda: month("c7", next(moments))) for _ in range(3))
    line("one customer's month, another known_at", again / one, 0.15, "scans")
    line("one customer's month, another known_at", again * 1000, 60, "ms")


def of_incidents(path: Path) -> None:
    engine, one = opened(path, FOR_UPTIME)
    rows = 0

    def every() -> None:
        nonlocal rows
        view = engine.view(AsOf(2**61, AT))
        rows = len(uptime.rows(view, MONTHS))

    line("uptime of every subscription-month", timed(every) / one, 20, "scans")
    print(f"  {rows} rows", flush=True)


def verification(path: Path) -> None:
    """Verify everything, beside reading and hashing the frames."""
    snapshot = open_ledger(path).snapshot()
    paths = snapshot.verified_paths(snapshot.segments)

    def read() -> None:
        for each in paths:
            column = pq.read_table(each, columns=["frame"]).column("frame")
            for frame in column.to_pylist():
                hashlib.sha256(frame).digest()

    def whole() -> None:
        report = verify.verify(path, workers=os.cpu_count() or 1)
        if report.faults:
            raise AssertionError(report)

    line("verify everything", timed(whole) / timed(read), 10, "readings")


def start() -> None:
    """The command line's start, the best of five."""
    call = [sys.executable, "-m", "sla_ledger", "--help"]
    took = min(timed(lambda: subprocess.run(call, check=True, capture_output=True, cwd=ROOT))
               for _ in range(5))  # fmt: skip
    line("command line start", took, 0.4, "s")


@contextlib.contextmanager
def broker() -> Iterator[Any]:
    import ladder

    try:
        with ladder.broker() as found:
            yield found
    except ladder.NoBrokerError as error:
        print(f"ingest: not measured, {error}")
        yield None


def ingest(count: int, folder: Path) -> None:
    with broker() as found:
        if found is None:
            return
        os.environ["SLA_LEDGER_KAFKA_BOOTSTRAP_SERVERS"] = found.bootstrap
        from consumers import broker as kafka
        from consumers import ingest as door
        from consumers import topics
        from ledger import logs
        from sla_ledger.clock import now

        settings = kafka.settings_given()
        topics.create(settings, partitions=1, replication=1)
        synthetic.produce(found.bootstrap, count)
        raw = synthetic.read_raw(settings, count)
        logs.create(folder / "kafka", logs.KAFKA, now())
        whole = timed(lambda: door.run(door.Options(
            ledger=folder / "kafka", settings=settings, now=now, until_caught_up=True,
            topics=("sla.tickets",),
        )))  # fmt: skip
        print(f"raw client {count / raw:,.0f} events/s, to fsynced segments {count / whole:,.0f}")
        line("raw client's rate over ingest's (bar: 1 / 0.5)", whole / raw, 2, "times")


def measured(name: str, make: Callable[[Path], None], *steps: Callable[[Path], None]) -> None:
    """Make a ledger, take the steps on it, throw it away."""
    with tempfile.TemporaryDirectory(prefix="sla-ledger-bench-") as folder:
        path = Path(folder) / name
        print(f"made the ledger of {name} in {timed(lambda: make(path)):.0f} s", flush=True)
        for step in steps:
            step(path)


def main() -> None:
    events = int(os.environ.get("EVENTS", "10000000"))
    print(json.dumps({"events": events, "cores": os.cpu_count(), "duckdb": duckdb.__version__}))
    start()
    measured("tickets", lambda path: synthetic.ticket_ledger(path, events), of_tickets)
    line("memory so far", memory(), 1, "GiB")
    measured(
        "incidents", lambda path: synthetic.uptime_ledger(path, events // 10),
        of_incidents, verification,
    )  # fmt: skip
    line("memory of everything", memory(), 1, "GiB")
    with tempfile.TemporaryDirectory(prefix="sla-ledger-bench-") as name:
        ingest(min(events, 300_000), Path(name))


if __name__ == "__main__":
    main()
