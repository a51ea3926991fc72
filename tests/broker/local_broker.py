"""A real Apache Kafka on this machine, from its own jars: one node, KRaft, seconds to start.

The jars come once from the Maven repository that `mvn` is set up for, into a cache folder; a
class-data archive (named by the Kafka and Java versions) makes later starts quicker.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from kafka import KafkaAdminClient

KAFKA = "4.4.0"
CLUSTER = "AAAAAAAAAAAAAAAAAAAAAQ"
_QUICK = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]


def cache_dir() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "sla-ledger-tests" / f"kafka-{KAFKA}"


def available() -> str | None:
    """None when a local broker can be started, else why not."""
    missing = [tool for tool in ("java", "mvn") if shutil.which(tool) is None]
    return f"{' and '.join(missing)} not found" if missing else None


def jars() -> list[Path]:
    """The broker's jars, resolved once; the order is fixed because the class archive needs it."""
    lib = cache_dir() / "lib"
    if not (cache_dir() / ".complete").exists():
        lib.mkdir(parents=True, exist_ok=True)
        pom = Path(__file__).with_name("pom.xml")
        subprocess.run(
            ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies",
             f"-DoutputDirectory={lib}"],
            check=True, capture_output=True, timeout=600,
        )  # fmt: skip
        (cache_dir() / ".complete").touch()
    return sorted(lib.glob("*.jar"))


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class LocalBroker:
    """One broker process; `kill` and `start` again keep its data."""

    restartable = True

    def __init__(self, workdir: Path) -> None:
        self.dir = workdir
        self.dir.mkdir(parents=True, exist_ok=True)
        self.port, self._controller = free_ports(2)
        self.bootstrap = f"127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._class_path = ":".join(str(jar) for jar in jars())
        self._config = self.dir / "server.properties"
        self._config.write_text(self._properties())

    def _properties(self) -> str:
        settings = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{self._controller}",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},"
                         f"CONTROLLER://127.0.0.1:{self._controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": self.dir / "data",
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 1,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "transaction.state.log.num.partitions": 1,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            "auto.create.topics.enable": "false",
            "broker.session.timeout.ms": 1500,
            "broker.heartbeat.interval.ms": 300,
            "message.max.bytes": 20_000_000,
            "replica.fetch.max.bytes": 20_000_000,
        }  # fmt: skip
        return "".join(f"{name}={value}\n" for name, value in settings.items())

    def _java(self, memory: str) -> list[str]:
        archive = cache_dir() / "broker.jsa"
        shared = [f"-XX:SharedArchiveFile={archive}"] if archive.exists() else []
        quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
        return ["java", memory, *_QUICK, *shared, quiet, "-cp", self._class_path]

    def format(self) -> LocalBroker:
        subprocess.run(
            [*self._java("-Xmx128m"), "kafka.tools.StorageTool", "format", "-t", CLUSTER,
             "-c", str(self._config)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return self

    def start(self, seconds: float = 90) -> LocalBroker:
        with (self.dir / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self._java("-Xmx512m"), "kafka.Kafka", str(self._config)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + seconds
        last: Exception | None = None
        while time.monotonic() < end:
            if self.process.poll() is not None:
                said = (self.dir / "broker.log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"the broker exited with {self.process.returncode}: {said}")
            try:
                if _answers(self.bootstrap):
                    return self
            except Exception as error:  # noqa: BLE001 - not up yet, whatever it says
                last = error
            time.sleep(0.05)
        raise TimeoutError(f"the broker did not answer in {seconds} s: {last!r}")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        self.kill()


def _answers(bootstrap: str) -> bool:
    with KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=1000) as admin:
        return any(not broker["is_fenced"] for broker in admin.describe_cluster()["brokers"])


def make_archive(workdir: Path) -> None:
    """Write the class-data archive once: a start and a clean stop that remember the classes."""
    archive = cache_dir() / "broker.jsa"
    if archive.exists():
        return
    broker = LocalBroker(workdir).format()
    draft = archive.with_suffix(f".{os.getpid()}")
    _QUICK.append(f"-XX:ArchiveClassesAtExit={draft}")
    try:
        broker.start()
        broker.stop()
    finally:
        _QUICK.pop()
    if draft.exists():
        draft.replace(archive)
