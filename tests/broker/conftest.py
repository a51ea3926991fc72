from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import ladder
import local_broker
from world import World


@pytest.fixture(scope="session")
def kafka() -> Iterator[Any]:
    """A real Kafka for the whole run; without one: a failure under CI, else a skip that says why."""
    try:
        with ladder.broker() as broker:
            yield broker
    except ladder.NoBrokerError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))


@pytest.fixture
def prefix() -> str:
    """Stands before every topic's name, so that runs and tests on one broker never meet."""
    return f"t{uuid.uuid4().hex[:10]}."


@pytest.fixture
def world(kafka: Any, prefix: str, tmp_path: Path) -> World:
    """Topics and ledgers of one test on the broker of the run."""
    return World(kafka.bootstrap, prefix, tmp_path)


@pytest.fixture
def own_world(prefix: str, tmp_path: Path) -> Iterator[tuple[World, Any]]:
    """The same on a broker of its own, which the test may kill."""
    why = local_broker.available()
    if why is not None:
        pytest.skip(f"a broker that may be killed: {why}")
    broker = local_broker.LocalBroker(tmp_path / "broker").format().start()
    try:
        yield World(broker.bootstrap, prefix, tmp_path), broker
    finally:
        broker.stop()
