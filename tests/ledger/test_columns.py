"""Golden rows of the decoded columns (L1): names, types and what stands in them."""

from __future__ import annotations

import json

import pytest

from ledger import columns
from schemas.envelope import Event, read
from schemas.events import ROWS
from schemas.export import example_event

GOLDEN = (
    "effective_at source event_id identity_hi identity_lo content_hi content_lo corrects type"
    " subject customer rejected rejected_at rejected_message severity channel opened_by kind author"
    " public content reason subscription into_ticket clock due_at tags service impact share_e12"
    " customers marker cause party state component from_at to_at total failed claimed_from"
    " claimed_to services window_from window_to maintenance_kind data"
).split()


def _row(said: dict) -> dict:
    found = dict(zip(columns.NAMES, columns.row(read(json.dumps(said).encode())), strict=True))
    return {name: value for name, value in found.items() if value is not None}


def test_the_columns_are_these_in_this_order() -> None:
    assert list(columns.NAMES) == GOLDEN


def test_an_impact() -> None:
    row = _row({
        "specversion": "1.0", "id": "e1", "source": "/s", "type": "sla.incident.impact_started.v1",
        "subject": "i1", "time": "2026-10-01T00:00:00Z",
        "data": {"service": "app", "impact": "outage", "share": "0.25", "customers": ["a", "b"]},
    })  # fmt: skip
    assert row == {
        "effective_at": 1790812800000000, "source": "/s", "event_id": "e1",
        "identity_hi": 7814793873988409166, "identity_lo": -1803004580777702797,
        "content_hi": row["content_hi"], "content_lo": row["content_lo"],
        "type": "sla.incident.impact_started.v1", "subject": "i1", "impact": "outage",
        "service": "app", "share_e12": 250_000_000_000, "customers": ["a", "b"],
        "data": '{"service":"app","impact":"outage","share":"0.25","customers":["a","b"]}',
    }  # fmt: skip


def test_a_rejected_line_keeps_its_reason_alone() -> None:
    found = dict(zip(columns.NAMES, columns.row(read(b"{")), strict=True))
    assert found["rejected"] == "not_json"
    assert {name for name, value in found.items() if value is not None} <= {
        "rejected", "rejected_at", "rejected_message"}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(ROWS))
def test_no_column_holds_what_may_name_people(kind: str) -> None:
    said = example_event(ROWS[kind])
    event = read(json.dumps(said).encode())
    assert isinstance(event, Event)
    personal = [m.name for m in ROWS[kind].plan.members if m.form.personal]
    shown = json.loads(event.open_json())
    assert not set(personal) & set(shown)
    assert len(columns.row(event)) == len(columns.NAMES)


def test_the_engine_reads_every_column_there_is() -> None:
    from ledger.segment import SCHEMA
    from projections.entry_columns import SCHEMA as READ

    for field in SCHEMA:
        if field.name not in {"frame", "leaf"}:
            assert READ.field(field.name).type == field.type
