"""The topics of I10: what they need at the broker, making them, and refusing wrong ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kafka.admin import ConfigResource
from kafka.errors import InvalidConfigurationError, TopicAlreadyExistsError

from consumers.broker import KafkaSettings, admin, reaching
from ledger.errors import BadInput
from schemas.events import TOPICS

INPUT_TOPICS: tuple[str, ...] = tuple(TOPICS)
"""The topics whose records become entries."""
REJECTED = "sla.rejected"
BILLING = "sla.billing"
OUTPUT_TOPICS = (BILLING, REJECTED)

FOREVER = -1
LARGEST = 16 * 1024 * 1024
"""A valid event has up to 16 MiB (E2); the broker must let it through."""


@dataclass(frozen=True)
class TopicFacts:
    """What a topic is at the broker."""

    topic: str
    topic_id: str
    partitions: tuple[int, ...]
    log_append_time: bool
    cluster_id: str | None


def create(
    settings: KafkaSettings, *, partitions: int, replication: int, retention_ms: int = FOREVER
) -> dict[str, str]:
    """Make every topic that is missing; what was done by topic: made, or there already."""
    done: dict[str, str] = {}
    with reaching(settings, "making the topics"), admin(settings) as client:
        for topic in (*INPUT_TOPICS, *OUTPUT_TOPICS):
            done[topic] = _make(client, settings.at_broker(topic), {
                "num_partitions": partitions,
                "replication_factor": replication,
                "configs": _configs(topic, retention_ms),
            })  # fmt: skip
    return done


def _configs(topic: str, retention_ms: int) -> dict[str, str]:
    wanted = {
        "cleanup.policy": "delete",
        "retention.ms": str(retention_ms),
        "max.message.bytes": str(LARGEST + 1024 * 1024),
    }
    if topic in INPUT_TOPICS:
        wanted["message.timestamp.type"] = "LogAppendTime"
    return wanted


def _make(client: Any, name: str, wanted: Mapping[str, Any]) -> str:
    try:
        client.create_topics({name: wanted}, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        return "there already"
    except InvalidConfigurationError as error:
        raise BadInput(f"topic {name}", f"the broker refuses its settings: {error}") from error
    return "made"


def checked(
    settings: KafkaSettings, topics: Iterable[str], *, accept_create_time: bool
) -> dict[str, TopicFacts]:
    """The facts of the input topics; a topic that cannot be believed is refused (E3, I10).

    Raises BadInput where a topic is missing, forgets (`compact`), or lets producers set the time
    and `accept_create_time` is not said.
    """
    with reaching(settings, "looking at the topics"), admin(settings) as client:
        cluster = client.describe_cluster().get("cluster_id")
        return {
            topic: _facts(client, settings.at_broker(topic), topic, accept_create_time, cluster)
            for topic in topics
        }


def _facts(
    client: Any, name: str, topic: str, accept_create_time: bool, cluster: str | None
) -> TopicFacts:
    described = client.describe_topics([name])[0]
    if described.get("error_code"):
        raise BadInput(
            f"topic {name}", "it does not exist at the broker; sla-ledger topics create makes it"
        )
    config = _settings_of(client, name)
    if "compact" in config.get("cleanup.policy", ""):
        raise BadInput(
            f"topic {name}",
            f"its cleanup.policy is {config['cleanup.policy']}: a compacted topic forgets, and a"
            " ledger must not; set it to delete and produce what it should still hold again",
        )
    append_time = config.get("message.timestamp.type") == "LogAppendTime"
    if not append_time and not accept_create_time:
        raise BadInput(
            f"topic {name}",
            "its message.timestamp.type is CreateTime, the producer's own clock; set it to"
            " LogAppendTime, or say --accept-create-time: then the moment of append is recorded",
        )
    partitions = sorted(each["partition_index"] for each in described["partitions"])
    return TopicFacts(topic, str(described["topic_id"]), tuple(partitions), append_time, cluster)


def _settings_of(client: Any, name: str) -> dict[str, str]:
    answer = client.describe_configs([ConfigResource("TOPIC", name)], config_filter="all")
    return {key: each["value"] for key, each in answer["topic"][name].items()}


def topic_ids(settings: KafkaSettings, topics: Iterable[str]) -> dict[str, str]:
    """The ids that topics have now: another id under the same name is another topic (L4)."""
    names = {settings.at_broker(topic): topic for topic in topics}
    with reaching(settings, "asking for the topics' ids"), admin(settings) as client:
        described = client.describe_topics(list(names))
    return {
        names[each["name"]]: str(each["topic_id"])
        for each in described
        if not each.get("error_code")
    }


def same(settings: KafkaSettings, facts: TopicFacts, topic_id: str | None) -> None:
    """Refuse to go on where the topic under a name is gone or another one (BadInput, L4)."""
    name = settings.at_broker(facts.topic)
    if topic_id is None:
        raise BadInput(
            f"topic {name}",
            "it was deleted while it was consumed; what came of it is in the ledger",
        )
    if topic_id != facts.topic_id:
        raise BadInput(
            f"topic {name}",
            f"it was deleted and made anew (topic id {topic_id}, before {facts.topic_id}); if that"
            " was meant, run consume --new-incarnation: a new log begins beside the old one",
        )
