"""Content modes (E2), content and identity (E7), personal members (E9), whatever bytes come."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import canonical
from schemas.envelope import Event, Rejection, read
from schemas.events import ROWS
from schemas.export import example_event
from schemas.shapes import Said, plan_of

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
DATA = b'{"customer": "acme", "severity": "P1"}'
HEADERS = [
    ("ce_specversion", b"1.0"), ("ce_id", b"e1"), ("ce_source", b"/desk/acme"),
    ("ce_type", b"sla.ticket.opened.v1"), ("ce_subject", b"t1"),
    ("ce_time", b"2026-10-01T09:00:00Z"), ("content-type", b"application/json"),
]  # fmt: skip
STRUCTURED = json.dumps(
    {name[3:]: text.decode() for name, text in HEADERS[:-1]} | {"data": json.loads(DATA)}
).encode()


def without(name: str) -> list[tuple[str, bytes | None]]:
    return [header for header in HEADERS if header[0] != name]


def test_both_content_modes_say_the_same():
    assert read(DATA, headers=HEADERS) == read(STRUCTURED)
    kind = [("content-type", b"application/cloudevents+json; charset=UTF-8"), ("ce_id", b"other")]
    assert read(STRUCTURED, headers=kind) == read(STRUCTURED)


@pytest.mark.parametrize("value", [None, b"", b"null"])
def test_binary_mode_without_data_is_an_empty_object(value):
    headers = [*without("ce_type"), ("ce_type", b"sla.incident.resolved.v1")]
    assert isinstance(read(value, headers=headers), Event)
    assert read(value, headers=HEADERS).code == "member_missing"


@pytest.mark.parametrize(
    ("value", "headers", "code", "at"),
    [
        (DATA, [*HEADERS, ("ce_id", b"e1")], "attribute_repeated", "/id"),
        (DATA, [*HEADERS, ("ce_x", b"1"), ("ce_x", None)], "attribute_repeated", "/x"),
        (DATA, [*HEADERS, ("ce_x", b"\xff")], "not_utf8", "/x"),
        (DATA, [*without("content-type"), ("content-type", b"\xff")], "not_utf8", "/datacontenttype"),
        (DATA, without("ce_id"), "attribute_missing", "/id"),
        (DATA, [*without("ce_id"), ("ce_id", None)], "attribute_missing", "/id"),
        (DATA, [*without("ce_id"), ("ce_id", b"")], "id_form", "/id"),
        (DATA, [*HEADERS, ("ce_A", b"1")], "extension_name", "/A"),
        (DATA, [*HEADERS, ("ce_data_base64", b"")], "data_base64", "/data_base64"),
        (DATA, [("ce_specversion", None)], "attribute_missing", "/specversion"),
        (DATA, [("ce_specversion", b"0.3")], "specversion_unknown", "/specversion"),
        (b"[]", HEADERS, "data_not_object", "/data"),
        (b"{", HEADERS, "not_json", "/data"),
        (b" ", HEADERS, "not_json", "/data"),
        (b'{"a": 1, "a": 2}', HEADERS, "member_repeated", "/data/a"),
        (STRUCTURED, HEADERS, "member_missing", "/data/customer"),
        (b"", [], "not_json", ""),
        (None, [("CE_specversion", b"1.0")], "no_value", ""),
        (b"", [("ce_id", b"e1"), ("ce_id", b"e1")], "not_json", ""),
    ],
)
def test_faults_of_a_message(value, headers, code, at):
    found = read(value, headers=headers)
    assert isinstance(found, Rejection), found
    assert (found.code, found.at) == (code, at)


def test_extensions_and_other_headers_of_a_binary_message_are_not_content():
    more = [*HEADERS, ("ce_sequence", b"1.5"), ("trace", b"\xff"), ("trace", None), ("ce_n", None)]
    assert read(DATA, headers=more) == read(DATA, headers=HEADERS)


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_the_example_of_each_type_is_read_and_comes_back(row):
    event = read(strategies.wire(example_event(row)), topic=row.topic)
    assert isinstance(event, Event), event
    assert (event.topic, type(event.data)) == (row.topic, row.model)
    again = example_event(row) | {"data": event.whole_data()}
    back = read(canonical.value(again).encode())
    assert back.content() == event.content()
    assert back.data == event.data
    assert json.loads(event.open_json(), parse_float=Decimal) == event.open_data()


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_pydantic_holds_the_same_law_as_the_reader(row):
    event = read(strategies.wire(example_event(row)))
    assert row.model.model_validate(dict(event.data)) == event.data


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
@given(source=st.data())
@settings(parent=SLOW, max_examples=8)
def test_whatever_a_type_may_say_is_read_and_its_other_spellings_are_repeats(row, source):
    event = source.draw(strategies.events_of(row))
    other = source.draw(strategies.respelled(event))
    one, two = read(strategies.wire(event)), read(strategies.wire(other))
    assert isinstance(one, Event), one
    assert isinstance(two, Event), two
    assert one.content() == two.content()
    assert one.content_hash == two.content_hash
    assert one.identity == two.identity
    if "term" in event["data"]:  # of an instant there only the written date is shown
        return
    assert one.open_data() == two.open_data()
    back = read(canonical.value(event | {"data": one.whole_data()}).encode())
    assert back.content() == one.content()


DIFFERENT = [
    ("type", "sla.ticket.closed.v1"), ("subject", "t2"), ("time", "2026-10-01T09:00:00.000001Z"),
    ("corrects", "e0"), ("data", {"customer": "acme", "severity": "p1"}),
    ("data", {"customer": "acme", "severity": "P1", "tags": []}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), DIFFERENT)
def test_other_content_is_a_conflict(name, value):
    base = json.loads(STRUCTURED)
    if value == "sla.ticket.closed.v1":
        base["data"] = {}
        value, base["type"] = value, "sla.ticket.reopened.v1"
    one, two = read(json.dumps(base).encode()), read(json.dumps(base | {name: value}).encode())
    assert one.identity == two.identity
    assert one.content_hash != two.content_hash


def test_list_order_is_content_and_scalars_of_terms_are_their_text():
    def override(value, *tags):
        row = ROWS["sla.subscription.started.v1"]
        event = example_event(row)
        event["data"] |= {"overrides": [{"path": "x", "value": value}], "add_ons": tags}
        return read(strategies.wire(event)).content()

    assert override({"a": 5, "b": True}) == override({"b": "true", "a": "5"})
    assert override([1, 2]) != override([2, 1])
    assert override("x", "a", "b") != override("x", "b", "a")


def test_identity_is_both_texts_and_keeps_them_apart():
    def of(source, event_id):
        return read(json.dumps(json.loads(STRUCTURED) | {"source": source, "id": event_id}).encode())

    assert of("/a", "bc").identity != of("/ab", "c").identity
    assert len(of("/a", "b").identity) == len(of("/a", "b").content_hash) == 16


def test_personal_members_stay_out_of_what_answers_see():
    seen = {
        (row.type.split(".")[1], member.name)
        for row in ROWS.values()
        for member in row.plan.members
        if member.form.personal
    }
    assert seen == {
        ("ticket", "title"), ("ticket", "requester"), ("ticket", "note"), ("incident", "title"),
        ("incident", "evidence"), ("claim", "evidence"), ("dispute", "argument"),
    }  # fmt: skip
    event = json.loads(STRUCTURED)
    event["data"]["title"] = "Jane Doe"
    found = read(json.dumps(event).encode())
    assert "Jane" not in found.open_json()
    assert found.whole_data()["title"] == "Jane Doe"
    assert b"Jane" in found.content()


def test_of_a_term_the_written_date_counts():
    event = example_event(ROWS["sla.subscription.changed.v1"])
    event["data"] = {"term": {"from": "2026-10-01T00:00:00+02:00", "to": "2027-10-01"}}
    found = read(strategies.wire(event))
    assert found.open_data() == {"term": {"from": "2026-10-01", "to": "2027-10-01"}}


@given(st.binary(max_size=40) | st.text(max_size=20).map(str.encode))
def test_no_bytes_raise(value):
    assert isinstance(read(value), Rejection)
    assert isinstance(read(value, headers=HEADERS), Rejection | Event)


@SLOW
@given(strategies.events(), st.data())
def test_no_damaged_event_raises(event, source):
    value = bytearray(strategies.wire(event))
    for _ in range(source.draw(st.integers(1, 3))):
        value[source.draw(st.integers(0, len(value) - 1))] = source.draw(st.integers(32, 126))
    assert isinstance(read(bytes(value)), Rejection | Event)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@SLOW
@given(strategies.events(), st.data())
def test_no_strange_member_raises(event, source):
    name = source.draw(st.sampled_from([*event["data"], *event]))
    part = event["data"] if name in event["data"] else event
    part[name] = source.draw(JSON)
    assert isinstance(read(strategies.wire(event)), Rejection | Event)


def test_models_are_frozen_and_closed():
    event = read(STRUCTURED)
    with pytest.raises(ValueError, match="frozen"):
        event.data.severity = "P2"
    assert isinstance(event.data, Said)
    assert plan_of(type(event.data)).required == ("customer", "severity")
