"""The command line as its users meet it: exit codes, streams, locales, moments (I1, I2)."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from sla_ledger.cli.main import run
from tests.projections.reading_world import world

OPENED = {
    "specversion": "1.0", "id": "o", "source": "/desk", "type": "sla.ticket.opened.v1", "subject": "Störung",
    "time": "2026-06-15T00:00:00Z", "data": {"customer": "acmé", "severity": "P1"},
}  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """One ticket without terms and a line that is no event."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "told.jsonl").write_text(json.dumps(OPENED) + "\nno\n")
    assert run(["init", "--ledger", str(folder / "l")]) == 0
    assert run(["append", str(folder / "told.jsonl"), "--ledger", str(folder / "l")]) == 1
    return str(folder / "l")


def started(*argv, stdout=subprocess.PIPE, **environment):
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "sla_ledger", *argv], stdout=stdout, stderr=subprocess.PIPE, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}


@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_an_answer_is_utf8_whatever_the_locale(ledger, form):
    done = started("clocks", "--ledger", ledger, "--format", form, **ASCII)
    assert done.returncode == 0
    assert "acmé" in done.stdout.decode()
    assert b"\r" not in done.stdout


@pytest.mark.parametrize("argv", [["entries", "file-0"], ["clocks", "--format", "table"], ["clocks", "--format", "json"], ["--help"]])
def test_a_reader_that_leaves_is_no_failure(ledger, argv):
    read, write = os.pipe()
    os.close(read)
    done = started(*argv, "--ledger", ledger, stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_reader_that_leaves_changes_no_answer_of_the_exit_code(ledger):
    read, write = os.pipe()
    os.close(read)
    done = started("problems", "--ledger", ledger, stdout=write)
    os.close(write)
    assert done.returncode == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110 - at import
@pytest.mark.parametrize("argv", [["entries", "file-0"], ["clocks", "--format", "table"], ["clocks", "--format", "csv"]])
def test_an_output_that_is_full_is_a_failure_outside(ledger, argv):
    with open("/dev/full", "w") as full:
        done = started(*argv, "--ledger", ledger, stdout=full)
    assert done.returncode == 4
    assert done.stderr.decode() == "sla-ledger: standard output: No space left on device\n"


def said(capsys, *argv):
    code = run(list(argv))
    return (code, *capsys.readouterr())


def test_the_basis_of_an_empty_ledger_still_sees_nothing_when_it_has_grown(tmp_path, capsys):
    there = ("--ledger", str(tmp_path / "l"))
    said(capsys, "init", *there)
    empty = said(capsys, "clocks", *there)[1]
    (tmp_path / "e.jsonl").write_text(json.dumps(OPENED))
    said(capsys, "append", str(tmp_path / "e.jsonl"), *there)
    again = said(capsys, "clocks", *there, "--basis", json.loads(empty)["basis"])[1]
    wanted = json.loads(empty)
    assert {**json.loads(again), "settled": False} == wanted
    assert len(json.loads(said(capsys, "clocks", *there)[1])["rows"]) == 1


@pytest.mark.parametrize("answer", ["clocks", "uptime"])
@pytest.mark.parametrize("month", ["2026-13", "2026-6", "", "26-06"])
def test_what_is_no_month_is_refused_by_every_answer(ledger, capsys, answer, month):
    code, _, told = said(capsys, answer, "--ledger", ledger, "--month", month)
    assert (code, "is no month" in told) == (2, True)


def test_logs_show_what_was_recorded_by_then(ledger, capsys):
    code, shown, told = said(capsys, "logs", "--ledger", ledger, "--known-at", "2020-01-01T00:00:00Z")
    assert (code, json.loads(shown)["rows"]) == (0, [])
    assert "no log holds an entry" in told
    basis = json.loads(said(capsys, "logs", "--ledger", ledger)[1])
    again = json.loads(said(capsys, "logs", "--ledger", ledger, "--basis", basis["basis"])[1])
    assert (again["rows"], len(again["rows"])) == (basis["rows"], 1)


def test_a_url_makes_no_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in ("init", "clocks"):
        code, _, told = said(capsys, command, "--ledger", "s3://bucket/l")
        assert (code, "is a URL" in told.replace("\n", " ")) == (2, True)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_missing_stops_append_before_the_first(ledger, capsys, tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(OPENED))
    before = said(capsys, "entries", "file-0", "--ledger", ledger)[1]
    code, _, told = said(capsys, "append", str(tmp_path / "a.jsonl"), str(tmp_path / "none.jsonl"), "--ledger", ledger)
    assert (code, "none.jsonl" in told) == (3, True)
    assert said(capsys, "entries", "file-0", "--ledger", ledger)[1] == before


@pytest.mark.parametrize(
    "argv", [["import", "servicenow", "none.csv", "--to", "-"], ["contract", "lint", "."], ["contract", "explain", "none.yaml"], ["whatif", "clocks", "--with", "."]]
)
def test_a_file_that_cannot_be_read_is_bad_input(ledger, capsys, argv):
    assert said(capsys, *argv, "--ledger", ledger)[0] == 3


def test_options_stand_at_any_place(ledger, capsys):
    shown = [said(capsys, *argv)[:2] for argv in (["--ledger", ledger, "contract", "list", "--at", "2026-06-15T00:00:00Z"],
             ["contract", "--at", "2026-06-15T00:00:00Z", "--ledger", ledger, "list"])]  # fmt: skip
    assert shown[0] == shown[1]
    assert shown[0][0] == 0


def test_entries_are_in_no_zone_and_offsets_are_none_below_0(ledger, capsys):
    assert said(capsys, "entries", "file-0", "--ledger", ledger, "--zone", "Europe/Berlin")[0] == 2
    assert said(capsys, "entries", "file-0", "--ledger", ledger, "--from", "-1")[0] == 2


def test_a_filter_in_another_encoding_is_a_usage_error(ledger, capsys):
    assert said(capsys, "clocks", "--ledger", ledger, "--customer", "\udce6x")[0] == 2


def test_the_moments_of_a_table_stand_in_the_zone_asked(ledger, capsys):
    shown = said(capsys, "clocks", "--ledger", ledger, "--format", "table", "--zone", "Asia/Tokyo", "--at", "2026-06-15T00:00:00Z")[1]
    assert "1 row at 2026-06-15 09:00:00+09:00" in shown


def test_no_row_names_the_option_as_it_is_written(capsys):
    asked = ("clocks", "--as-of", "2026-07-12T00:00:00Z", "--due-before", "2026-01-01T00:00:00Z")
    with world() as told:
        assert said(capsys, *asked, "--ledger", str(told.path))[2] == "no row fits --due-before 2026-01-01T00:00:00Z\n"
