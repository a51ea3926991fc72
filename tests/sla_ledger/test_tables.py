"""What a table says in words and units, beside the figures that JSON has."""

import io

import pytest
from rich.console import Console

from projections.rows import ClockRow
from schemas.instant import parse_instant
from sla_ledger import demo, tables
from sla_ledger.answers import Answer, Envelope, Rules
from sla_ledger.cli.main import run
from sla_ledger.table_rows import counts_open_time, hours
from sla_ledger.zones import chooser

HOUR = 3_600_000_000
AT = parse_instant("2026-06-10T00:00:00Z")


def _clock(**said):
    plain = {
        "customer": "acme", "subscription": "s1", "ticket": "t1", "clock": "fix",
        "kind": "resolution", "instance": 1, "severity": "P3", "plan": "p", "contract": "c",
        "contract_version": "1", "strength": "target", "target": "20bd", "calendar": "office",
        "started_at": AT - 40 * 24 * HOUR, "stopped_at": None, "provisional": False,
        "deadline_at": AT + 24 * HOUR, "projected_deadline_at": None,
        "elapsed_seconds": 162 * HOUR + 317_000_000, "target_seconds": 200 * HOUR,
        "paused_seconds": 0, "verdict": "running",
    }  # fmt: skip
    return ClockRow(**plain | said)


def _shown(answer, ledger=None):
    held = io.StringIO()
    tables.show(answer, chooser(ledger, None), to=Console(file=held, width=300, highlight=False))
    return held.getvalue().splitlines()


def _clocks(*rows):
    return _shown(Answer(Envelope("clocks", AT, AT, None, Rules("1", "x"), True, False), list(rows)))


def test_open_time_is_hours_and_the_footer_says_so():
    lines = _clocks(_clock())
    assert "  162:05:17  " in lines[1]
    assert lines[2].startswith("elapsed of a clock with a calendar: hours")


def test_time_on_the_wall_has_days_and_needs_no_footer():
    lines = _clocks(_clock(target="10d", calendar=None), _clock(target="300h"))
    assert all("  6 d 18:05:17  " in line for line in lines[1:3])
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("target", "calendar", "open_time"),
    [("4bh", "office", True), ("below 1bd", "office", True), ("best_effort", "office", True),
     ("at_most 4h", "office", False), ("3d", "office", False), ("best_effort", None, False)],
)  # fmt: skip
def test_which_clocks_count_open_time(target, calendar, open_time):
    assert counts_open_time(_clock(target=target, calendar=calendar)) is open_time


def test_hours_go_on_beyond_a_day():
    assert [hours(0), hours(25 * HOUR), hours(1_500_000)] == ["00:00:00", "25:00:00", "00:00:01.5"]


def test_a_paused_row_shows_the_deadline_that_it_would_have():
    due = parse_instant("2026-06-12T08:00:00Z")
    lines = _clocks(_clock(verdict="paused", deadline_at=None, projected_deadline_at=due))
    assert "~2026-06-12 08:00:00Z" in lines[1]
    assert any(line.startswith("~ the clock stands still") for line in lines)
    assert not any("~" in line for line in _clocks(_clock()))


@pytest.fixture
def sample(tmp_path):
    return demo._made(tmp_path, lambda: AT, Console(file=io.StringIO()))


def test_a_statement_says_what_is_decided_and_what_is_not(sample):
    lines = _shown(sample.statement(as_of=demo.AFTER, month="2026-05"), sample)
    start = lines.index("credits in EUR")
    told = dict(line.strip().rsplit("  ", 1) for line in lines[start + 1 : start + 6])
    assert {words.strip(): amount.strip() for words, amount in told.items()} == {
        "accepted or due": "0.00", "claimed, not decided yet": "100.00",
        "granted as goodwill": "0.00", "proposed to billing so far": "0.00",
        "still to propose": "0.00",
    }  # fmt: skip
    assert [line for line in lines if line != line.rstrip()] == []


def test_lint_says_nothing_of_moments(tmp_path, capsys):
    file = tmp_path / "contract.yaml"
    file.write_bytes((demo.SAMPLE / "contract.yaml").read_bytes())
    assert run(["contract", "lint", str(file), "--format", "table"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1].split()[1] in {"row", "rows"}
    assert "known" not in out.splitlines()[-1]


@pytest.mark.parametrize("zone", ["+25:00", "-05:60", "+24:00", "05:00"])
def test_an_offset_that_no_contract_may_have_is_no_zone(zone, sample, capsys):
    told = ["--ledger", str(sample.path), "clocks", "--format", "table", "--zone", zone]
    assert run(told) == 2
    assert zone in capsys.readouterr().err


def test_of_clocks_that_may_still_breach_the_next_comes_first():
    """I1: running or paused, by the deadline that each would have."""
    due = [AT + hours * HOUR for hours in (5, 1, 3)]
    paused = _clock(ticket="second", verdict="paused", deadline_at=None, projected_deadline_at=due[2])
    lines = _clocks(_clock(ticket="third", deadline_at=due[0]), paused, _clock(ticket="first", deadline_at=due[1]))
    assert [line.split()[2] for line in lines[1:4]] == ["first", "second", "third"]
