from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

FOLDERS = {
    "SLA_LEDGER_SCENARIOS": "scenarios",
    "SLA_LEDGER_SEEDS": "seeds",
    "SLA_LEDGER_DATA": "data",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker of a run in parallel has all tests of the broker: one broker is started."""
    for item in items:
        if item.get_closest_marker("broker") is not None:
            item.add_marker(pytest.mark.xdist_group("broker"))


def folder(variable: str) -> Path | None:
    """A folder of given cases, texts or data; None where it is absent."""
    path = Path(os.environ.get(variable) or ROOT.parent / "shared" / FOLDERS[variable])
    return path if path.is_dir() else None


def _needed(variable: str) -> Path:
    path = folder(variable)
    if path is None:
        pytest.skip(f"no folder of {FOLDERS[variable]} (set {variable})")
    return path


@pytest.fixture(scope="session")
def scenarios_dir() -> Path:
    return _needed("SLA_LEDGER_SCENARIOS")


@pytest.fixture(scope="session")
def seeds_dir() -> Path:
    return _needed("SLA_LEDGER_SEEDS")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    return _needed("SLA_LEDGER_DATA")
