"""Every Kafka setting in one typed object, each with its why (I10, L4).

Settings come from the environment (prefix `SLA_LEDGER_KAFKA_`), from a file `.env`, or from a TOML
file, table `kafka`, named by `SLA_LEDGER_SETTINGS` (default `sla-ledger.toml`), in this order.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ledger.errors import BadInput, OutsideFailed

PREFIX = "SLA_LEDGER_KAFKA_"
FILE = "SLA_LEDGER_SETTINGS"


class KafkaSettings(BaseSettings):
    """How to reach the broker and under which names."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore")

    bootstrap_servers: str = Field(
        "localhost:9092", min_length=1,
        description="Brokers to ask first, as host:port, separated by commas.",
    )  # fmt: skip
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How the connection is secured."
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="How to log in, where the protocol begins with SASL."
    )
    sasl_username: str | None = Field(None, description="The user to log in as.")
    sasl_password: SecretStr | None = Field(None, description="Its password.")
    ssl_cafile: Path | None = Field(None, description="The authority that signed the brokers.")
    ssl_certfile: Path | None = Field(None, description="This client's certificate (mutual TLS).")
    ssl_keyfile: Path | None = Field(None, description="The key of that certificate.")
    group_id: str = Field(
        "sla-ledger", description="Consumers of one group share the partitions of one ledger."
    )
    client_id: str = Field("sla-ledger", description="The name in the broker's own logs.")
    topic_prefix: str = Field(
        "", description="Stands before every topic's name at the broker, never in an answer."
    )
    heartbeat_seconds: float = Field(
        60, ge=0, description="After so long without a record a heartbeat is sent; 0: never."
    )
    session_timeout_ms: int = Field(
        15_000, ge=1000, description="After so long a dead consumer's partitions are given away."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment before `.env` before the TOML file."""
        del file_secret_settings  # secrets come by the environment or a file named there
        toml = Path(os.environ.get(FILE, "sla-ledger.toml"))
        return (init_settings, env_settings, dotenv_settings, _KafkaTable(settings_cls, toml))

    def connection(self) -> dict[str, Any]:
        """What every client needs to connect."""
        given = {
            "bootstrap_servers": self.bootstrap_servers.split(","),
            "client_id": self.client_id,
            "security_protocol": self.security_protocol,
            "sasl_mechanism": self.sasl_mechanism,
            "sasl_plain_username": self.sasl_username,
            "sasl_plain_password": self.sasl_password and self.sasl_password.get_secret_value(),
            "ssl_cafile": self.ssl_cafile and str(self.ssl_cafile),
            "ssl_certfile": self.ssl_certfile and str(self.ssl_certfile),
            "ssl_keyfile": self.ssl_keyfile and str(self.ssl_keyfile),
            # 30 s by default: after an outage clients would go on up to 50 s late.
            "reconnect_backoff_max_ms": 1000,
            # A wrong address or password must be said soon, not after half a minute.
            "bootstrap_timeout_ms": 10_000,
        }
        return {name: value for name, value in given.items() if value is not None}

    def consuming(self) -> dict[str, Any]:
        """What the ledger's consumer adds; positions are the ledger's alone (L4)."""
        return {
            **self.connection(),
            "group_id": self.group_id,
            # Group offsets are a gauge for lag; they are committed by us, behind the ledger.
            "enable_auto_commit": False,
            # A position that the broker does not have is a loss to be recorded, not a new start.
            "auto_offset_reset": "none",
            # What a producer took back was never said.
            "isolation_level": "read_committed",
            # A mistyped name must fail, not make a topic.
            "allow_auto_create_topics": False,
            # A bad record must not pass as good bytes.
            "check_crcs": True,
            "max_poll_records": 5000,
            "session_timeout_ms": self.session_timeout_ms,
            "heartbeat_interval_ms": self.session_timeout_ms // 5,
            # The largest record of a topic may be larger than a fetch; see broker settings.
            "max_partition_fetch_bytes": 8 * 1024 * 1024,
        }

    def producing(self) -> dict[str, Any]:
        """What producers add: every record acknowledged by all, none twice, none out of order."""
        return {
            **self.connection(),
            "acks": "all",
            "enable_idempotence": True,
            "linger_ms": 20,
            "batch_size": 262_144,
            "max_request_size": 32 * 1024 * 1024,
            "max_block_ms": 10_000,
        }

    def at_broker(self, topic: str) -> str:
        """The name that a topic has at the broker."""
        return self.topic_prefix + topic

    def in_ledger(self, topic: str) -> str:
        """The name that a topic has in the ledger and in answers."""
        return topic.removeprefix(self.topic_prefix)


class _KafkaTable(TomlConfigSettingsSource):
    """The table `kafka` of the settings file."""

    def _read_file(self, file_path: Any) -> dict[str, Any]:
        try:
            table: dict[str, Any] = super()._read_file(file_path).get("kafka", {})
        except (OSError, ValueError) as error:
            raise BadInput(str(file_path), f"the settings cannot be read: {error}") from error
        for name in table:
            if name not in KafkaSettings.model_fields:
                raise BadInput(f"{file_path}, table kafka", _unknown(name))
        return table


def _unknown(name: str) -> str:
    near = get_close_matches(name, KafkaSettings.model_fields, 1)
    return f"there is no setting {name}" + (f"; do you mean {near[0]}?" if near else "")


def settings_given() -> KafkaSettings:
    """The settings of this run. BadInput names what cannot be read or is no setting."""
    named = os.environ.get(FILE)
    if named is not None and not Path(named).is_file():
        raise BadInput(FILE, f"there is no file {named}")
    for variable in sorted(os.environ):
        name = variable.removeprefix(PREFIX).lower()
        if variable.startswith(PREFIX) and name not in KafkaSettings.model_fields:
            raise BadInput(variable, _unknown(name))
    try:
        return KafkaSettings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise BadInput(name, first["msg"]) from None


def why_of(error: BaseException) -> str:
    """An error in one line for a person."""
    text = str(error) or type(error).__name__
    return text if type(error).__name__ in text else f"{type(error).__name__}: {text}"


@contextmanager
def reaching(settings: KafkaSettings, doing: str) -> Iterator[None]:
    """Turn the client's errors into OutsideFailed, with the address and what to look at."""
    try:
        yield
    except (KafkaError, OSError) as error:
        raise OutsideFailed(
            f"{doing}: no answer from Kafka at {settings.bootstrap_servers} ({why_of(error)});"
            f" check {PREFIX}BOOTSTRAP_SERVERS and the log-in, then run it again: nothing is lost"
        ) from error


def admin(settings: KafkaSettings) -> Any:
    """An admin client; use it in a `with`."""
    return KafkaAdminClient(**settings.connection())


def consumer(settings: KafkaSettings) -> Any:
    """A consumer with the ledger's settings, not yet subscribed."""
    return KafkaConsumer(**settings.consuming())


def producer(settings: KafkaSettings) -> Any:
    """A producer that doubles nothing."""
    return KafkaProducer(**settings.producing())
