"""What other programs and people read of the language, made from the models alone.

`python -m schemas.export` writes four files, which a test compares with the models:
`schemas/generated/events.schema.json` (JSON Schema 2020-12), `docs/events.md`,
`schemas/generated/contract.schema.json` (JSON Schema draft 07, for editors) and
`schemas/generated/asyncapi.json` (AsyncAPI 3).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from schemas.envelope_page import envelope_lines
from schemas.events import ROWS, TOPICS, EventType, example, meaning
from schemas.forms import Form, IdForm, SourceForm
from schemas.forms_time import InstantForm
from schemas.rejections import CODES
from schemas.shapes import Member, shown_member
from schemas.terms import contract_schema

ROOT = Path(__file__).parent.parent
_PURPOSE = "Write the JSON Schemas, the AsyncAPI document and docs/events.md from the models."
_INSTANT = InstantForm().schema()
_KEYS = {
    "sla.tickets": "the customer's id",
    "sla.incidents": "the subject",
    "sla.maintenance": "the subject",
    "sla.agreements": "the customer's id, or the contract's",
    "sla.determinations": "the subscription's id",
}
_SENT = {
    "sla.billing": "Each credit determination and grant once, as a CloudEvent; key: subscription.",
    "sla.rejected": "Rejected records as they came, with headers sla_entry, sla_code, sla_at, "
    "sla_message; key: as the record's.",
}
_SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"


def outputs() -> dict[str, str]:
    """Path below the project's root to the text that belongs there."""
    return {
        "schemas/generated/events.schema.json": _json(events_schema()),
        "schemas/generated/contract.schema.json": contract_text(),
        "schemas/generated/asyncapi.json": _json(asyncapi()),
        "docs/events.md": events_page(),
    }


def contract_text() -> str:
    """JSON Schema of a contract, as it stands in its file."""
    return _json(contract_schema())


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def events_schema() -> dict[str, Any]:
    """JSON Schema of a structured event: the envelope of E1, and the data by the type."""
    one: Form = IdForm()
    identifier, source = one.schema(), SourceForm().schema()
    extension = {"type": ["string", "integer", "boolean", "null"], "maxLength": 65_536}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An event (CloudEvents 1.0, structured mode)",
        "description": "A null attribute or member is an absent one. What JSON Schema cannot say "
        "(ranges, repeated names, the currency table, contract terms) stands in docs/events.md.",
        "type": "object",
        "properties": {
            "specversion": {"const": "1.0"},
            "id": identifier,
            "source": source,
            "type": {"enum": list(ROWS)},
            "subject": {"type": "string", "minLength": 1, "maxLength": 1024},
            "time": _INSTANT | {"description": "Effective time: when it happened."},
            "data": {"type": ["object", "null"]},
            "corrects": _or_null(identifier),
            "observedtime": _or_null(_INSTANT),
            "recordedtime": _or_null(_INSTANT) | {"description": "In an archive, nowhere else."},
            "datacontenttype": {"type": ["string", "null"]},
            "dataschema": {"type": ["string", "null"]},
            "data_base64": {"type": "null"},
        },
        "required": ["specversion", "id", "source", "type", "subject", "time"],
        "propertyNames": {"anyOf": [{"pattern": "^[a-z0-9]{1,64}$"}, {"const": "data_base64"}]},
        "additionalProperties": extension,
        "allOf": [_data_by_type(row) for row in ROWS.values()],
        "$defs": {row.type: _data_schema(row) for row in ROWS.values()},
    }


def _data_by_type(row: EventType) -> dict[str, Any]:
    then: dict[str, Any] = {"properties": {"data": {"$ref": f"#/$defs/{row.type}"}}}
    if row.plan.required:
        then["required"] = ["data"]
    else:
        then["properties"]["data"] = _or_null({"$ref": f"#/$defs/{row.type}"})
    return {"if": {"properties": {"type": {"const": row.type}}}, "then": then}


def _data_schema(row: EventType) -> dict[str, Any]:
    return {"title": row.type, "description": meaning(row.model)} | row.plan.schema()


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3: a channel for each topic, a message for each type."""
    channels = {topic: _channel(topic) for topic in TOPICS}
    channels |= {
        topic: {"address": topic, "description": text, "messages": {topic: {"payload": {}}}}
        for topic, text in _SENT.items()
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "sla-ledger",
            "version": "1",
            "description": "Events of service levels. Every record becomes an entry of the ledger.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": {
            f"{'receive' if topic in TOPICS else 'send'}.{topic}": {
                "action": "receive" if topic in TOPICS else "send",
                "channel": {"$ref": f"#/channels/{topic}"},
            }
            for topic in channels
        },
        "components": {"messages": {row.type: _message(row) for row in ROWS.values()}},
    }


def _channel(topic: str) -> dict[str, Any]:
    types = [row.type for row in ROWS.values() if row.topic in (topic, None)]
    return {
        "address": topic,
        "description": f"Key: {_KEYS[topic]}. message.timestamp.type=LogAppendTime, not compacted.",
        "messages": {each: {"$ref": f"#/components/messages/{each}"} for each in types},
    }


def _message(row: EventType) -> dict[str, Any]:
    return {
        "name": row.type,
        "title": meaning(row.model),
        "payload": {
            "schemaFormat": _SCHEMA_FORMAT,
            "schema": {
                "allOf": [
                    {"$ref": "events.schema.json"},
                    {"properties": {"type": {"const": row.type}}},
                ]
            },
        },
        "examples": [{"payload": example_event(row)}],
    }


def example_event(row: EventType) -> dict[str, Any]:
    """The example of a type as a whole structured event."""
    subject, data = example(row.model)
    ours = row.type == "sla.heartbeat.v1" or row.topic == "sla.determinations"
    source = "/sla-ledger" if ours else "/desk/acme"
    head = {"specversion": "1.0", "id": "e1", "source": source, "type": row.type}
    return head | {"subject": subject, "time": "2026-10-01T09:00:00Z", "data": json.loads(data)}


def events_page() -> str:
    """The page of docs: every topic, every type, every member, one example each."""
    lines = [
        "# Events",
        "",
        "Made by `python -m schemas.export` from the models in `schemas/`. An event is a",
        "CloudEvents 1.0 object; each stands below with its members and an example. `*` marks a",
        "required member; a null attribute or member is an absent one. Marks such as E7 or S7.25",
        "number the rules of measurement; tests and code cite them.",
        "",
        *envelope_lines(),
    ]
    for topic in (None, *TOPICS):
        lines += ["", f"## {topic or 'On every input topic'}"]
        if topic:
            lines += ["", f"Key: {_KEYS[topic]}."]
        for row in ROWS.values():
            if row.topic == topic:
                lines += _type_lines(row)
    lines += ["", "## Why a message is no event", "", "| code | how to mend |", "|---|---|"]
    lines += [f"| `{code}` | {mend} |" for code, mend in CODES.items()]
    return "\n".join(lines) + "\n"


def _type_lines(row: EventType) -> list[str]:
    lines = ["", f"### {row.type}", "", meaning(row.model), "", f"Subject: {row.subject}."]
    if row.plan.members:
        lines += ["", "| member | default | |", "|---|---|---|"]
        lines += [_member_line(member) for member in row.plan.members]
    return [*lines, "", "```json", json.dumps(example_event(row), ensure_ascii=False), "```"]


def _member_line(member: Member) -> str:
    default = ""
    if member.default is not None:
        shown = member.form.shown(member.default) if member.form.shown else member.default
        default = f"`{json.dumps(shown).strip(chr(34))}`"
    note = " ".join(filter(None, [member.note, "Personal." if member.form.personal else ""]))
    return f"| {shown_member(member)} | {default} | {note} |"


def write(root: Path) -> None:
    """Write every output below a root."""
    for path, text in outputs().items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def main() -> None:
    """The command line: one folder, or none for the project itself."""
    parser = argparse.ArgumentParser(prog="python -m schemas.export", description=_PURPOSE)
    parser.add_argument(
        "folder", nargs="?", type=Path, default=ROOT,
        help="where the files are written (default: this project)",
    )  # fmt: skip
    write(parser.parse_args().folder)


if __name__ == "__main__":
    main()
