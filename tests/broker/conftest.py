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
