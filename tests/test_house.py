"""House rules that a machine can check."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("schemas", "ledger", "consumers", "projections", "sla_ledger")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
RELATIONS = sorted((ROOT / "projections" / "relations").glob("*.sql"))
LONGEST_MODULE = 400
LONGEST_FUNCTION = 70
LONGEST_RELATION = 80


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_and_stays_readable(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "no docstring"
    assert len(text.splitlines()) <= LONGEST_MODULE, "talk about its cut"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", RELATIONS, ids=lambda path: path.name)
def test_a_relation_is_one_select_with_its_meaning_grain_and_rules(path: Path) -> None:
    text = path.read_text()
    head = "\n".join(line for line in text.splitlines() if line.startswith("--"))
    assert len(text.splitlines()) <= LONGEST_RELATION
    assert "grain" in head.lower(), "the header names the grain"
    assert re.search(r"\b[SELI]\d", head), "the header cites its rules"
    body = re.sub(r"--[^\n]*", "", text)
    assert ";" not in body, "one select, nothing else"


def test_nothing_of_ours_has_an_empty_name() -> None:
    vague = {"service", "core", "utils", "common", "manager", "helpers", "misc"}
    assert [path for path in MODULES if path.stem in vague] == []


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lines = text.splitlines()
    for requirement in wanted:
        line = next(line for line in lines if f'"{requirement}"' in line)
        assert re.search(r'",\s+# \S', line), f"{requirement} does not say why"


def test_every_exemption_gives_its_reason_on_its_line() -> None:
    bare = []
    mark = re.compile(r"# (noqa|type: ignore)(:|\[)?[^#]*$")
    for path in MODULES:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = mark.search(line)
            if found and " - " not in found.group() and "# " not in line[found.start() + 2 :]:
                bare.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert bare == []


def test_nothing_is_left_open_in_the_code() -> None:
    open_ends = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*MODULES, *RELATIONS]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if open_ends.search(line)
    ]
    assert found == []


def test_no_path_of_one_machine_stands_in_the_project() -> None:
    strange = re.compile(r"(?<![A-Za-z0-9_.$}/])/(work|farm|root)/")
    found = []
    for path in _tracked():
        if path.suffix in {".py", ".sql", ".md", ".toml", ".yaml", ".yml", ".sh", ""}:
            try:
                text = path.read_text()
            except UnicodeDecodeError:
                continue
            if path != Path(__file__) and strange.search(text):
                found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_everything_tracked_is_text() -> None:
    binary = [path.name for path in _tracked() if b"\0" in path.read_bytes()]
    assert binary == [], "nothing that is built, downloaded or measured belongs here"


def test_every_command_has_its_file() -> None:
    from sla_ledger.cli.main import COMMANDS

    files = {path.stem.rstrip("_") for path in (ROOT / "sla_ledger" / "cli").glob("*.py")}
    assert set(COMMANDS) <= files
