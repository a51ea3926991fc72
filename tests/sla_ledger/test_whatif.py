"""`whatif` and `readings`: what is assumed is as if it were told; nothing is written (I1, I2)."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

import pytest

from ledger.errors import BadInput, Usage
from sla_ledger.cli.main import run
from tests.projections.reading_world import AT, MONTH, event, world

EVERY = ("clocks", "uptime", "credits", "statement", "rights")


@pytest.fixture(scope="module")
def ledger():
    with world() as told:
        yield told


def asked(answer):
    return {} if answer in ("clocks", "rights") else {"month": MONTH}


def files_of(ledger):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in ledger.path.rglob("*") if path.is_file()}


@pytest.mark.parametrize("answer", ["clocks", "uptime", "credits", "rights"])
def test_another_reading_is_as_if_it_had_been_decided_long_ago(ledger, answer):
    long_ago = event("interpretation.decided", "k", "2026-01-01T00:00:00Z", "long-ago", interpretation="sustained", chosen="any")
    found = ledger.whatif(answer, readings={"sustained": "any"}, as_of=AT, **asked(answer))
    with world(long_ago) as told:
        assert found.raw == getattr(told, answer)(as_of=AT, **asked(answer)).raw


@pytest.mark.parametrize("answer", EVERY)
def test_an_event_left_out_is_as_if_it_had_never_been_told(ledger, answer):
    found = ledger.whatif(answer, without=["event:%2Ftest/answered", "%2Ftest/decided"], as_of=AT, **asked(answer))
    with world(without=("answered", "decided")) as told:
        assert found.raw == getattr(told, answer)(as_of=AT, **asked(answer)).raw


@pytest.mark.parametrize("answer", EVERY)
def test_events_of_a_file_are_as_if_they_had_been_told(ledger, answer, tmp_path):
    more = [
        event("incident.impact_started", "i2", "2026-03-11T00:00:00Z", "d2", service="app", impact="outage"),
        event("incident.resolved", "i2", "2026-03-11T02:00:00Z", "u2"),
    ]
    file = tmp_path / "more.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in more))
    before = files_of(ledger)
    found = ledger.whatif(answer, with_file=file, as_of=AT, **asked(answer))
    with world(*more) as told:
        assert found.raw == getattr(told, answer)(as_of=AT, **asked(answer)).raw
    assert files_of(ledger) == before
    assert hashlib.sha256(file.read_bytes()).hexdigest() in found.json().decode()


def test_a_supposed_retraction_takes_back_what_the_ledger_holds(ledger, tmp_path):
    file = tmp_path / "taken-back.jsonl"
    file.write_text(json.dumps(event("event.retracted", "down", "2026-04-01T00:00:00Z", "r", source="/test", reason="wrong")))
    (row, _) = ledger.whatif("uptime", readings={"sustained": "any"}, with_file=file, as_of=AT, month=MONTH)
    assert (row.verdict, row.net_downtime_seconds) == ("met", 0)


def test_the_envelope_says_what_was_assumed_in_its_place(ledger):
    found = ledger.whatif("uptime", readings=["sustained=any", "promised=two"], without=["%2Ftest/up", "event:%2Ftest/up"], as_of=AT, month=MONTH)
    told = json.loads(found.json())
    plain = json.loads(ledger.uptime(as_of=AT, month=MONTH).json())
    assert list(told) == [*list(plain)[:-1], "of", "assumed", "rows"]
    assert (told["answer"], told["of"]) == ("whatif", "uptime")
    assert told["assumed"] == {
        "readings": [{"interpretation": "promised", "option": "two"}, {"interpretation": "sustained", "option": "any"}],
        "without": ["event:%2Ftest/up"],
        "with_sha256": None,
    }
    assert {name: told[name] for name in ("at", "known_at", "basis", "settled")} == {name: plain[name] for name in ("at", "known_at", "basis", "settled")}


def test_diff_shows_only_what_moves_with_after_less_before(ledger):
    found = ledger.whatif("uptime", readings={"sustained": "any"}, diff=True, as_of=AT, month=MONTH, subscription="s1")
    told = [(r["member"], r["before"], r["after"], r["change"]) for r in json.loads(found.json())["rows"]]
    assert {r.id for r in found} == {"uptime:s1/up/app/2026-03/1"} and all(r.entries == () for r in found)
    assert told == [
        ("gross_downtime_seconds", 0, 300, 300),
        ("net_downtime_seconds", 0, 300, 300),
        ("uptime_percent", "100.0000", "99.9887", "-0.0113"),
        ("uptime_worst_percent", "100.0000", "99.9887", "-0.0113"),
        ("verdict", "met", "breached", None),
    ]


def test_diff_shows_a_row_that_goes_whole(ledger):
    (gone,) = ledger.whatif("clocks", without=["%2Ftest/ta"], diff=True, as_of=AT)
    assert (gone.id, gone.member, gone.after, gone.change) == ("clock:ta/first/1", None, None, None)
    assert (gone.before["ticket"], gone.before["started_at"], gone.before["verdict"]) == ("ta", "2026-03-02T10:00:00Z", "breached")
    assert ledger.whatif("clocks", without=["%2Ftest/up"], diff=True, as_of=AT).rows == ()


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"readings": ["sustained"]}, Usage, "ID=OPTION"),
        ({"readings": ["sustained=any", "sustained=ten"]}, Usage, "twice"),
        ({"readings": ["nobody=any"]}, BadInput, "no contract has"),
        ({"readings": ["sustained=never"]}, BadInput, "any, ten"),
        ({"without": ["event:up"]}, Usage, "event:SOURCE/ID"),
        ({"without": ["ticket:ta"]}, Usage, "event:SOURCE/ID"),
        ({"without": ["%2Ftest/nothing"]}, BadInput, "%2Ftest/nothing"),
        ({"with_file": "no-such-file.jsonl"}, BadInput, "no-such-file"),
        ({"due_before": AT}, Usage, "for clocks"),
    ],
)
def test_what_cannot_be_assumed_is_refused(ledger, given, error, said):
    with pytest.raises(error, match=said):
        ledger.whatif("uptime", **given, as_of=AT, month=MONTH)


def test_a_bad_line_is_named(ledger, tmp_path):
    file = tmp_path / "bad.jsonl"
    file.write_text("\n{}\n")
    with pytest.raises(BadInput, match="bad.jsonl line 2"):
        ledger.whatif("uptime", with_file=file, as_of=AT)
    with pytest.raises(Usage, match="no ids"):
        ledger.whatif("problems", diff=True)


def test_the_commands_answer_and_exit_as_i1_says(ledger, tmp_path, capsys):
    path = ["--ledger", str(ledger.path), "--as-of", AT]
    assert run([*path, "--format", "json", "readings", "--month", MONTH, "--customer", "bob"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["answer"] == "readings" and [row["id"] for row in told["rows"]][0] == "clock:tb/first/1"
    assert run([*path, "--format", "csv", "whatif", "uptime", "--reading", "sustained=any", "--month", MONTH, "--diff"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "answer,id,member,before,after,change,entries"
    assert "uptime,uptime:s1/up/app/2026-03/1,uptime_percent,100.0000,99.9887,-0.0113,[]" in lines
    assert run([*path, "--format", "table", "whatif", "clocks", "--reading", "promised=two"]) == 0
    assert "met" in capsys.readouterr().out
    assert run([*path, "whatif", "uptime", "--reading", "nobody=x"]) == 3
    assert run([*path, "whatif", "uptime", "--ticket", "ta"]) == 2
    assert run([*path, "whatif", "logs"]) == 2


@pytest.mark.parametrize(
    ("case", "reading", "month", "seconds"),
    [
        ("u22-minimum-duration", "sustained=none", "2026-12", "959.999999"),
        ("u30-reading-decided-for-the-past", "sustained=none", "2026-11", "240"),
        ("u30-reading-decided-for-the-past", "sustained=five-minutes", "2026-12", "0"),
    ],
)
def test_003_by_hand(scenarios_dir, case, reading, month, seconds):
    """u22: the outage of 4:59.999999 counts too. u30: November as decided, December as written."""
    from tests.reference.product import Product
    from tests.reference.stream import Stream

    with Product(Stream.of_folder(scenarios_dir / case)) as told:
        found = told._ledger.whatif("uptime", readings=[reading], as_of="2027-01-25T00:00:00Z", month=month)
        assert [row.gross_downtime_seconds for row in found] == [Decimal(seconds)]
