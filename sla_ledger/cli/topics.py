"""`sla-ledger topics create`: the topics of I10 with the settings they need."""

from __future__ import annotations

import re

import click

from sla_ledger.cli.options import everywhere, timeless

_UNITS = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

BROKERS_OWN = -1
"""What Kafka takes for the broker's own replication factor."""


@click.group(name="topics")
@everywhere
def command() -> None:
    """The Kafka topics that a ledger is fed from and writes to."""


@command.command(name="create")
@click.option("--partitions", type=click.IntRange(1), default=6, show_default=True,
              help="Partitions of each topic; more cannot be added later without moving keys.")
@click.option("--replication", type=click.IntRange(1), help="Copies of each partition (default:"
              " the broker's own default.replication.factor).")
@click.option("--retention", default="forever", show_default=True, metavar="LENGTH",
              help="How long the broker keeps records: forever, or as in 90d, 12h.")
@timeless
def create(partitions: int, replication: int | None, retention: str) -> int:
    """Make the topics that are missing; those that are there are left as they are."""
    from consumers import topics
    from consumers.broker import settings_given
    from sla_ledger.logging import to_standard_error

    to_standard_error()
    settings = settings_given()
    done = topics.create(
        settings, partitions=partitions, replication=replication or BROKERS_OWN,
        retention_ms=_milliseconds(retention),
    )  # fmt: skip
    for topic, what in done.items():
        click.echo(f"{settings.at_broker(topic)}: {what}", err=True)
    topics.checked(settings, topics.INPUT_TOPICS, accept_create_time=False)
    return 0


def _milliseconds(text: str) -> int:
    if text == "forever":
        return -1
    found = re.fullmatch(r"([0-9]{1,9})([smhd])", text)
    if found is None:
        raise click.UsageError(f"--retention {text!r} is neither forever nor a length as in 90d")
    return int(found[1]) * _UNITS[found[2]]
