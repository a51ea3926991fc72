"""How the tests find a real Kafka: a variable, the broker's own jars, a Docker engine; or say why not."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import local_broker

IMAGE = os.environ.get("SLA_LEDGER_TEST_KAFKA_IMAGE", "apache/kafka:4.1.0")


@dataclass
class GivenBroker:
    """A broker that somebody else runs: never killed, topics carry a name of their own."""

    bootstrap: str
    restartable = False

    def stop(self) -> None: ...


class NoBrokerError(Exception):
    """No rung of the ladder holds; the text says why for each."""


@contextmanager
def broker() -> Iterator[Any]:
    """A running broker with `.bootstrap`, by the first rung that holds."""
    reasons = []
    for rung in (_given, _local, _docker):
        found = rung()
        if not isinstance(found, str):
            try:
                yield found
            finally:
                found.stop()
            return
        reasons.append(found)
    raise NoBrokerError("no Kafka to test against: " + "; ".join(reasons))


def _given() -> Any:
    servers = os.environ.get("SLA_LEDGER_TEST_KAFKA")
    return GivenBroker(servers) if servers else "SLA_LEDGER_TEST_KAFKA is not set"


def _local() -> Any:
    if os.environ.get("SLA_LEDGER_TEST_KAFKA_RUNG") == "docker":
        return "the local broker is left out by SLA_LEDGER_TEST_KAFKA_RUNG=docker"
    why = local_broker.available()
    if why is not None:
        return why
    folder = tempfile.TemporaryDirectory(prefix="sla-ledger-kafka-")
    try:
        local_broker.make_archive(Path(folder.name) / "archive")
        started = local_broker.LocalBroker(Path(folder.name) / "broker").format().start()
    except Exception as error:  # noqa: BLE001 - the next rung may hold; the reason is kept
        folder.cleanup()
        return f"the local broker did not start: {error}"
    stop = started.stop

    def stop_and_forget() -> None:
        stop()
        folder.cleanup()

    started.stop = stop_and_forget  # type: ignore[method-assign]
    return started


def _docker() -> Any:
    try:
        import docker

        client = docker.from_env(timeout=3)
        client.ping()
    except Exception as error:  # noqa: BLE001 - no engine, whatever the reason
        return f"no Docker engine answers ({type(error).__name__})"
    if not os.environ.get("SLA_LEDGER_TEST_KAFKA_PULL") and not _present(client):
        return f"the image {IMAGE} is not here (SLA_LEDGER_TEST_KAFKA_PULL=1 allows a pull)"
    return DockerBroker()


def _present(client: Any) -> bool:
    import docker

    try:
        client.images.get(IMAGE)
    except docker.errors.ImageNotFound:
        return False
    return True


class DockerBroker:
    """Kafka in a container on the host's network, all settings passed by environment."""

    restartable = False

    def __init__(self) -> None:
        os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
        from testcontainers.core.container import DockerContainer

        port, controller = local_broker.free_ports(2)
        self.bootstrap = f"127.0.0.1:{port}"
        settings = {
            "KAFKA_NODE_ID": "1",
            "KAFKA_PROCESS_ROLES": "broker,controller",
            "KAFKA_LISTENERS": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
            "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": f"1@127.0.0.1:{controller}",
            "KAFKA_INTER_BROKER_LISTENER_NAME": "PLAINTEXT",
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
            "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "1",
            "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
            "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
            "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
            "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
            "KAFKA_MESSAGE_MAX_BYTES": "20000000",
            "KAFKA_REPLICA_FETCH_MAX_BYTES": "20000000",
        }
        self._container = DockerContainer(IMAGE).with_kwargs(network_mode="host")
        for name, value in settings.items():
            self._container = self._container.with_env(name, value)
        self._container.start()
        self._wait()

    def _wait(self, seconds: float = 90) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                if local_broker._answers(self.bootstrap):
                    return
            except Exception:  # noqa: BLE001 - not up yet
                if time.monotonic() > end:
                    self.stop()
                    raise
            time.sleep(0.1)

    def stop(self) -> None:
        self._container.stop()
