"""`sla-ledger contract`: exit codes and what is written (terms.md 5, 6; I1)."""

import json
from pathlib import Path

import pytest

import schemas
from sla_ledger.cli.main import run

STANDARD = Path(schemas.__file__).parent / "standard_terms" / "tractops.yaml"


@pytest.fixture
def ledger(tmp_path):
    path = str(tmp_path / "ledger")
    assert run(["--ledger", path, "init"]) == 0
    return path


@pytest.fixture
def wrong(tmp_path):
    """A contract with an error that is none of form: a credit that falls as uptime falls."""
    file = tmp_path / "wrong.yaml"
    file.write_text(STANDARD.read_text().replace("{below: 95.0, percent: 25}",
                                                 "{below: 95.0, percent: 1}"))  # fmt: skip
    return str(file)


@pytest.fixture
def broken(tmp_path):
    file = tmp_path / "broken.yaml"
    file.write_text(STANDARD.read_text().replace("provider: TractOps", "provided: TractOps"))
    return str(file)


def _listed(ledger, capsys):
    capsys.readouterr()
    assert run(["--ledger", ledger, "contract", "list", "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)["rows"]


def test_lint_exits_1_for_an_error_alone(wrong, broken, capsys):
    assert run(["contract", "lint", str(STANDARD), "--format", "json"]) == 0
    capsys.readouterr()
    assert run(["contract", "lint", wrong, "--format", "json"]) == 1
    rows = json.loads(capsys.readouterr().out)["rows"]
    errors = [row for row in rows if row["level"] == "error"]
    assert [(row["code"], row["path"]) for row in errors] == [
        ("band-order", "credits[uptime-credit].bands[2]")
    ]
    assert "percent: 1}" in Path(wrong).read_text().split("\n")[errors[0]["line"] - 1]
    assert run(["contract", "lint", broken, "--format", "json"]) == 1


def test_publish_writes_once_through_the_door(ledger, capsys):
    told = ["--ledger", ledger, "contract", "publish", str(STANDARD), "--by", "legal", "--time",
            "2026-11-01T00:00:00Z"]  # fmt: skip
    assert run(told) == 0
    assert run(told) == 0
    [row] = _listed(ledger, capsys)
    assert (row["contract"], row["version"]) == ("tractops-sla", "2026-11")
    assert row["effective_from"] == "2026-11-01T07:00:00Z"
    assert row["plans"] == ["annual", "monthly", "premium", "premium-annual"]


def test_publish_stops_at_a_form_error_and_strictly_at_any(ledger, wrong, broken, capsys):
    assert run(["--ledger", ledger, "contract", "publish", broken]) == 3
    assert "unknown-member" in capsys.readouterr().err
    assert run(["--ledger", ledger, "contract", "publish", wrong, "--strict"]) == 1
    assert _listed(ledger, capsys) == []
    assert run(["--ledger", ledger, "contract", "publish", wrong]) == 0
    assert len(_listed(ledger, capsys)) == 1


def test_lint_looks_into_the_ledger_that_is_named(ledger, capsys):
    assert run(["--ledger", ledger, "contract", "lint", str(STANDARD), "--format", "json"]) == 0
    codes = {row["code"] for row in json.loads(capsys.readouterr().out)["rows"]}
    assert "unknown-holiday-set" in codes
    assert "not-checked" not in codes


def test_explain_exits_3_for_what_is_no_contract(broken, capsys):
    assert run(["contract", "explain", str(STANDARD)]) == 0
    assert "Open questions" in capsys.readouterr().out
    assert run(["contract", "explain", broken]) == 3


def test_lint_prints_the_table_of_targets_where_a_cell_is_wrong(tmp_path, capsys):
    file = tmp_path / "gap.yaml"
    cell = "      - severity: P4\n        within: 5bd"
    assert cell in STANDARD.read_text()
    file.write_text(STANDARD.read_text().replace(cell, "      - severity: P3\n        within: 5bd"))
    assert run(["contract", "lint", str(file), "--format", "json"]) == 1
    told = capsys.readouterr()
    codes = {row["code"] for row in json.loads(told.out)["rows"] if row["level"] == "error"}
    assert codes == {"cell-gap", "cell-unreachable"}
    assert told.err.splitlines()[0].split() == [
        "plan", "severity", "channel", "clock", "target", "calendar", "strength",
    ]  # fmt: skip
    assert "4 business hours" in told.err
    assert "5 business days" not in told.err
