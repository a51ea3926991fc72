"""What is generated from the models is current, valid, and says no less than the reader."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import strategies
from hypothesis import HealthCheck, given, settings

from schemas import export
from schemas.envelope import Event, read
from schemas.events import MODELS, ROWS, TOPICS, TYPES, meaning

ROOT = Path(__file__).parents[2]
SCHEMA = export.events_schema()
CHECK = jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("path", export.outputs())
def test_generated_files_are_current(path):
    text = export.outputs()[path]
    assert (ROOT / path).read_text(encoding="utf-8") == text, "run python -m schemas.export"


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert list(SCHEMA["$defs"]) == list(TYPES)


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_examples_fit_their_schema(row):
    CHECK.validate(export.example_event(row))
    jsonschema.validate(export.example_event(row)["data"], row.model.model_json_schema())


@given(strategies.events())
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_the_reader_takes_the_schema_takes(event):
    if isinstance(read(strategies.wire(event)), Event):
        CHECK.validate(event)


@pytest.mark.parametrize(
    "change",
    [{"type": "x"}, {"data": {"customer": "a"}}, {"data": {"customer": "a", "severity": "b", "x": 1}},
     {"data_base64": "e30="}, {"time": None}, {"BAD": "x"}, {"x": {}}],
)  # fmt: skip
def test_the_schema_refuses_what_is_plainly_wrong(change):
    event = export.example_event(ROWS["sla.ticket.opened.v1"]) | change
    assert not CHECK.is_valid(event)


def test_asyncapi_names_every_type_on_its_topic():
    made = export.asyncapi()
    assert made["asyncapi"].startswith("3.")
    assert set(made["channels"]) == {*TOPICS, "sla.billing", "sla.rejected"}
    everywhere = {row.type for row in ROWS.values() if row.topic is None}
    for topic in TOPICS:
        own = {row.type for row in ROWS.values() if row.topic == topic}
        assert set(made["channels"][topic]["messages"]) == own | everywhere
    assert set(made["components"]["messages"]) == set(ROWS)
    assert json.dumps(made)


def test_each_type_is_declared_once_with_its_meaning_and_its_family_topic():
    assert len({model.TYPE for model in MODELS}) == len(MODELS) == len(ROWS)
    for row in ROWS.values():
        assert row.topic in (*TOPICS, None)
        assert meaning(row.model)
        assert row.type.startswith("sla.")
        assert row.type.endswith(".v1")
