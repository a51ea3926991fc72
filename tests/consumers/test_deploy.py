"""What is deployed names settings that exist, and the pages say what the model says (I10)."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from consumers import settings_doc
from consumers.broker import PREFIX, KafkaSettings, settings_given
from ledger.errors import BadInput
from sla_ledger.cli.main import sla_ledger
from sla_ledger.cli.options import Globals

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
VARIABLES = {each.variable for each in settings_doc.settings()}


def _words(service: str) -> list[str]:
    return list(COMPOSE["services"][service].get("command", []))


@pytest.mark.parametrize("service", ["topics", "consume"])
def test_compose_gives_settings_that_the_model_takes(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = COMPOSE["services"][service]["environment"]
    assert set(given) <= VARIABLES
    for name, value in given.items():
        assert isinstance(value, str), f"{name}: environment values are text"
        monkeypatch.setenv(name, value)
    settings = settings_given()
    assert settings.bootstrap_servers == "kafka:9092"


@pytest.mark.parametrize("service", ["topics", "consume"])
def test_compose_runs_commands_that_exist(service: str) -> None:
    found = CliRunner().invoke(sla_ledger, [*_words(service), "--help"], obj=Globals())
    assert found.exit_code == 0, found.output


def test_the_broker_of_compose_lets_the_largest_event_through() -> None:
    from consumers import topics

    kafka = COMPOSE["services"]["kafka"]["environment"]
    assert int(kafka["KAFKA_MESSAGE_MAX_BYTES"]) > topics.LARGEST
    assert kafka["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_a_ledger_is_kept_in_a_volume_and_consumed_after_it_is_made() -> None:
    consume = COMPOSE["services"]["consume"]
    mounted = {each.split(":")[0] for each in consume["volumes"]}
    assert mounted <= set(COMPOSE["volumes"])
    assert set(consume["depends_on"]) == {"topics", "ledger"}


def test_the_image_runs_as_nobody_special_and_is_asked_for_its_health() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    last = text[text.rindex("FROM ") :]
    assert re.search(r"^USER ledger$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    copied = set(re.findall(r"^COPY (\w+) \1$", text, re.MULTILINE))
    assert copied == {"schemas", "ledger", "consumers", "projections", "sla_ledger"}


def test_the_unit_stops_where_a_person_has_to_look() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.read(ROOT / "deploy" / "sla-ledger-consume.service")
    assert unit["Service"]["RestartPreventExitStatus"] == "2 3"
    assert unit["Service"]["ExecStart"].endswith("sla-ledger consume")


def test_the_operations_page_has_the_settings_as_they_are() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    assert settings_doc.markdown() in page


def test_consume_help_lists_every_setting_with_its_default() -> None:
    said = CliRunner().invoke(sla_ledger, ["consume", "--help"], obj=Globals()).output
    for each in settings_doc.settings():
        assert f"{each.variable} (default: {each.default})" in said


def test_the_settings_of_the_interface_are_there() -> None:
    names = ("BOOTSTRAP_SERVERS SECURITY_PROTOCOL SASL_MECHANISM SASL_USERNAME SASL_PASSWORD"
             " SSL_CAFILE SSL_CERTFILE SSL_KEYFILE GROUP_ID CLIENT_ID TOPIC_PREFIX"
             " HEARTBEAT_SECONDS").split()
    assert {PREFIX + name for name in names} <= VARIABLES


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "sla.toml"
    file.write_text('[kafka]\ngroup_id = "file"\nclient_id = "file"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLA_LEDGER_SETTINGS", str(file))
    monkeypatch.setenv(PREFIX + "GROUP_ID", "environment")
    settings = settings_given()
    assert (settings.group_id, settings.client_id) == ("environment", "file")


def test_a_setting_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "HEARTBEAT_SECONDS", "often")
    with pytest.raises(BadInput, match=PREFIX + "HEARTBEAT_SECONDS"):
        settings_given()


def test_a_password_is_never_shown() -> None:
    settings = KafkaSettings(sasl_password="hidden-word")
    assert "hidden-word" not in repr(settings)
    assert settings.connection()["sasl_plain_password"] == "hidden-word"


def test_what_keeps_the_ledger_whole_is_set() -> None:
    given = KafkaSettings().consuming()
    assert {name: given[name] for name in (
        "enable_auto_commit", "auto_offset_reset", "isolation_level", "check_crcs",
        "allow_auto_create_topics",
    )} == {"enable_auto_commit": False, "auto_offset_reset": "none", "check_crcs": True,
           "isolation_level": "read_committed", "allow_auto_create_topics": False}
    assert "api_version" not in given
