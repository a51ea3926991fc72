"""Over one customer's part of a mirror everything is known that is known over all (L5)."""

from __future__ import annotations

import itertools
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sla_ledger
from ledger.reader import open_ledger
from projections import held
from projections.engine import Engine
from projections.mirror import Mirror, build, manifest
from projections.supposition import SupposedReading, Supposition
from projections.view import View
from schemas.instant import AsOf
from tests.reference.generator import stream

BEGIN = 2_000_000_000_000_000
EVER = 2**61
CUSTOMERS = ("ann", "bob", "nobody")


def ledger_of(folder: Path, *parts: list[bytes]) -> Path:
    """A file ledger of some lines; the mirror is made behind the first part."""
    moments = itertools.count(BEGIN)
    ledger = sla_ledger.create(folder / "ledger", now=lambda: next(moments))
    for number, lines in enumerate(parts):
        source = folder / f"{number}.jsonl"
        source.write_bytes(b"".join(line + b"\n" for line in lines))
        ledger.append_file(source)
        if number == 0:
            build(folder / "ledger", open_ledger(folder / "ledger").snapshot())
    return folder / "ledger"


def engines_of(ledger: Path) -> tuple[Engine, Engine]:
    """With the mirror, and without."""
    snapshot = open_ledger(ledger).snapshot()
    return Engine(snapshot, Mirror(ledger, snapshot)), Engine(snapshot)


def facts(view: View) -> list[str]:
    table = view.ask("fact")
    names = sorted(set(table.column_names) - {"file_index"})
    return sorted(map(repr, table.select(names).to_pylist()))


def said(id: str, word: str, subject: str, **data: Any) -> bytes:
    corrects = data.pop("corrects", None)
    event = {
        "specversion": "1.0", "id": id, "source": "/a", "type": f"sla.{word}.v1", "subject": subject,
        "time": "2026-02-01T00:00:00Z", "data": data, **({"corrects": corrects} if corrects else {}),
    }  # fmt: skip
    return json.dumps(event).encode()


def opened(id: str, ticket: str, customer: str, **more: Any) -> bytes:
    return said(id, "ticket.opened", ticket, customer=customer, severity="P1", **more)


@pytest.fixture(params=["at hand", "of files"], autouse=True)
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts that are small enough to be read once, and parts that are asked file by file."""
    if request.param == "of files":
        monkeypatch.setattr(held, "SMALL", -1)


def chances() -> Iterator[Any]:
    for seed in range(6):
        yield pytest.param(seed, id=f"seed {seed}")


@pytest.mark.parametrize("seed", chances())
def test_facts_are_the_same_with_and_without(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    lines = [line for _, line in stream(seed).stream.lines]
    chance.shuffle(lines)
    cut = chance.choice([len(lines), chance.randrange(1, len(lines)), int(len(lines) * 0.9)])
    mirrored, plain = engines_of(ledger_of(tmp_path, lines[:cut], lines[cut:]))
    for known_at, customer in itertools.product((EVER, BEGIN + len(lines) // 2), CUSTOMERS):
        moments = AsOf(known_at=known_at, at=EVER)
        view, other = mirrored.view(moments, customer), plain.view(moments, customer)
        assert view.held.part == customer
        assert facts(view) == facts(other)
        assert view.known_at_seen == other.known_at_seen


A, B = opened("a", "ta", "ann"), opened("b", "tb", "bob")
CASES = {
    "the same identity twice, in two customers' tickets": [[A, opened("a", "tb", "bob")], [B]],
    "the first of an identity in the mirror, under another customer": [[A], [opened("a", "tb", "bob")]],
    "both behind the mirror": [[B], [A, opened("a", "tb", "bob")]],
    "a correction behind the mirror gives the ticket to another": [
        [A, B], [opened("c", "ta", "bob", corrects="a")],
    ],
    "what a correction in the mirror points at comes behind it": [
        [B, opened("c", "tb", "bob", corrects="a")],
        [A, said("r", "event.retracted", "a", source="/a", reason="wrong")],
    ],
    "a merger of two customers' tickets": [
        [A, B, said("m", "ticket.merged", "ta", into="tb"), opened("z", "tz", "ann"),
         said("n", "ticket.merged", "tz", into="ta")], [],
    ],
    "a merger behind the mirror": [[A, B], [said("m", "ticket.merged", "ta", into="tb")]],
    "a merger into a ticket that is opened later": [
        [A, said("m", "ticket.merged", "ta", into="tb")], [B],
    ],
    "messages before the ticket is opened": [
        [said("x", "ticket.message", "tb", author="agent"), A], [B],
    ],
    "messages behind the mirror": [[A, B], [said("x", "ticket.message", "tb", author="agent")]],
    "a ticket opened by two customers": [[A, opened("d", "ta", "bob")], [said("x", "ticket.closed", "ta")]],
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_joins_customers_is_seen_by_each(case: list[list[bytes]], tmp_path: Path) -> None:
    mirrored, plain = engines_of(ledger_of(tmp_path, *(part for part in case if part)))
    for customer in CUSTOMERS:
        view = mirrored.view(AsOf(EVER, EVER), customer)
        assert facts(view) == facts(plain.view(AsOf(EVER, EVER), customer)), customer


def test_one_customers_question_reads_no_other_customers_events(tmp_path: Path) -> None:
    lines = [opened(f"e{n}", f"t{n}", f"c{n % 7}") for n in range(70)]
    mirrored, _ = engines_of(ledger_of(tmp_path, lines[:60], lines[60:]))
    view = mirrored.view(AsOf(EVER, EVER), "c3")
    assert view.ask("entry").column("customer").unique().to_pylist() == ["c3"]


def test_a_ticket_that_another_customer_opens_later_is_asked_of_the_record(tmp_path: Path) -> None:
    mirrored, plain = engines_of(ledger_of(tmp_path, [A, B], [opened("d", "ta", "bob")]))
    view = mirrored.view(AsOf(EVER, EVER), "bob")
    assert view.held.part is None
    assert facts(view) == facts(plain.view(AsOf(EVER, EVER), "bob"))


@pytest.mark.parametrize("kind", [manifest.CUSTOMERS, manifest.EVERYBODY, manifest.KEYS, "mirror"])
def test_a_damaged_mirror_is_passed_over(kind: str, tmp_path: Path) -> None:  # L5
    ledger = ledger_of(tmp_path, [A, B])
    (path,) = (ledger / "mirror").rglob(f"{kind}*.*")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    mirrored, plain = engines_of(ledger)
    view = mirrored.view(AsOf(EVER, EVER), "ann")
    assert view.held.part is None
    assert facts(view) == facts(plain.view(AsOf(EVER, EVER), "ann"))
    sla_ledger.open(ledger).mirror()
    assert engines_of(ledger)[0].view(AsOf(EVER, EVER), "ann").held.part == "ann", "made anew"


def test_readings_are_supposed_below_all_entries_too(tmp_path: Path) -> None:
    _, plain = engines_of(ledger_of(tmp_path, [A, B]))
    told = Supposition((SupposedReading("day", "other"),))
    whole = plain.view(AsOf(EVER, EVER), "ann", told).whole
    assert whole.agreements.supposition == told


def test_a_mirror_of_another_ledger_is_none(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    (ledger_of(one, [A]) / "mirror").rename(tmp_path / "kept")
    ledger = ledger_of(other, [A, B])
    shutil.rmtree(ledger / "mirror")
    (tmp_path / "kept").rename(ledger / "mirror")
    mirrored, _ = engines_of(ledger)
    assert mirrored.view(AsOf(EVER, EVER), "ann").held.part is None


def test_made_again_it_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, [A], [B])
    for _ in range(3):
        sla_ledger.open(ledger).mirror()
    folders = [each for each in (ledger / "mirror").iterdir() if each.is_dir()]
    assert len(folders) == 2, "that in use and the one before, for who still reads it"
    mirrored, _ = engines_of(ledger)
    assert mirrored.view(AsOf(EVER, EVER), "bob").ask("entry").num_rows == 1


def test_answers_are_the_same_to_the_byte(tmp_path: Path) -> None:
    case = stream(2)
    ledger = ledger_of(tmp_path, [line for _, line in case.stream.lines])
    opened_ = sla_ledger.open(ledger)
    moments = {"at": "2026-06-01T00:00:00Z", "known_at": "2040-01-01T00:00:00Z"}
    asked = {name: {"customer": "ann", **moments} for name in ("clocks", "uptime", "credits", "problems")}
    for name in ("uptime", "credits"):
        asked[name]["month"] = "2026-03"
    with_it = {name: getattr(opened_, name)(**options).json() for name, options in asked.items()}
    (ledger / "mirror").rename(tmp_path / "away")
    opened_ = sla_ledger.open(ledger)
    for name, options in asked.items():
        assert getattr(opened_, name)(**options).json() == with_it[name], name
