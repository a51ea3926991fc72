"""What every event has in common, for people: its attributes and how values are written (E1, E4).

A test compares the attributes with those that the reader knows, the types with those of the
models, and reads every example.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple


class Attribute(NamedTuple):
    """One attribute of the envelope."""

    name: str
    needed: str
    form: str
    meaning: str


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("specversion", "always", "the text `1.0`", "Which CloudEvents this is."),
    Attribute(
        "id", "always", "id",
        "Names the event within its source. `source` and `id` together are its identity: sent "
        "again with the same content it is a repeat and changes nothing; with other content it "
        "is a conflict, the first recorded stands and `problems` lists the other.",
    ),
    Attribute(
        "source", "always", "source",
        "Which system says it, `/desk/acme` say. Compared letter by letter: `/desk/acme/` is "
        "another source.",
    ),
    Attribute(
        "type", "always", "one of the types below",
        "What is said, with the version at its end. On Kafka it must come on its own topic.",
    ),
    Attribute(
        "subject", "always", "id",
        "The thing that the event is about: a ticket, an incident, a contract; each type says "
        "which. For `sla.source.counted.v1` it is a source.",
    ),
    Attribute(
        "time", "always", "instant",
        "Effective time: when it happened, or from when it holds. Not when it was sent: that is "
        "recorded time, and the ledger notes it itself.",
    ),
    Attribute(
        "data", "where the type has a required member", "object",
        "The members of the type and no others. Absent is the same as `{}`.",
    ),
    Attribute(
        "corrects", "in a correction", "id",
        "The `id` of an event of the same source, which this one replaces whole. Everything must "
        "be said again, also what stays; type, subject and time may be others. Answers as known "
        "before the correction was recorded keep the old event.",
    ),
    Attribute(
        "recordedtime", "in an archive, on every line; refused elsewhere", "instant",
        "When the system that the history comes from recorded it. The ledger takes it as the "
        "recorded time, and every answer that sees such a line says that it rests on declared "
        "times.",
    ),
    Attribute(
        "observedtime", "if wanted", "instant",
        "When the source noticed it, where that was later than `time`. Kept, without effect.",
    ),
    Attribute(
        "datacontenttype", "if wanted", "text", "Kept, without effect: `data` is read as JSON."
    ),
    Attribute("dataschema", "if wanted", "text", "Kept, without effect."),
    Attribute("data_base64", "refused", "-", "`data` is a JSON object, not bytes."),
)  # fmt: skip
"""In the order in which a person writes them; what the reader takes first it says in envelope."""

TYPES: dict[str, str] = {
    "text": "free words, up to 65,536 characters",
    "id": "1 to 256 characters, no control characters, no white space at either end; `P1` and "
    "`p1` are two ids",
    "source": "a URI reference of 1 to 1,024 characters without white space",
    "word": "one of the words named",
    "bool": "`true` or `false`",
    "whole": "a JSON number in digits only, `12`; at most 9007199254740991",
    "instant": "`2026-10-01T09:00:00+02:00` or `2026-10-01T07:00:00Z`, a fraction of a second if "
    "wanted (digits behind the microsecond are cut); the offset must be there",
    "date": "`2026-10-01`",
    "moment": "an instant; or a date, which stands for its first instant in the zone of the "
    "contract's periods",
    "month": "`2026-10`",
    "period": "a month `2026-10`, a quarter `2026-Q3`, a year `2026`, or dates "
    "`2026-10-02/2026-11-01`, the last one not included",
    "clock time": "`09:00`; as an end also `24:00`",
    "share": 'a number from 0 to 1, as text: `"0.25"`',
    "amount": 'a number as text, `"99.50"`: at most 15 digits before the point and 12 behind it, '
    "never a JSON number; below 0 only where *signed* stands; its currency stands beside it",
    "currency": "a code of ISO 4217, `EUR`",
    "URI": "1 to 2,048 characters without white space",
    "hash": "64 small hexadecimal digits (SHA-256)",
    "object": "a JSON object",
    "list of X": "a JSON array of up to 10,000 X",
    "{...}": "an object with these members",
    "any": "any JSON value",
}
"""Every type name that the tables of members use."""

_OPENED: dict[str, Any] = {
    "specversion": "1.0", "id": "t1-7", "source": "/desk/acme", "type": "sla.ticket.message.v1",
    "subject": "t1", "time": "2026-10-01T10:25:00+02:00",
    "data": {"author": "agent", "content": "solution"},
}  # fmt: skip
EXAMPLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("An event: an agent answered ticket t1.", _OPENED),
    (
        ("A correction: the answer came at 10:20. Its own `id` is new, `corrects` names the event "
        "that was wrong, and the whole content is said again."),
        _OPENED
        | {"id": "t1-7/2", "time": "2026-10-01T10:20:00+02:00", "corrects": "t1-7"},
    ),
    (
        ("A retraction: there was no such answer. It is an event of its own type, whose subject is "
        "the `id` that is taken back and whose `data.source` is that event's source. Only the "
        "same source, or an event on the same topic, can take it back."),
        {
            "specversion": "1.0", "id": "t1-7/gone", "source": "/desk/acme",
            "type": "sla.event.retracted.v1", "subject": "t1-7",
            "time": "2026-10-02T08:00:00+02:00",
            "data": {"source": "/desk/acme", "reason": "written on another ticket"},
        },
    ),
)  # fmt: skip
ARCHIVED = _OPENED | {"recordedtime": "2026-10-01T08:25:04Z"}
"""A line of an archive: the only place where `recordedtime` may stand."""


def envelope_lines() -> list[str]:
    """The section of the events' page: attributes, examples, how values are written."""
    lines = [
        "## The envelope",
        "",
        ("One event is one JSON object: one line of a file (`.jsonl`, also `.jsonl.gz` and "
        "`.jsonl.zst`, UTF-8), or the value of one Kafka message. A Kafka message may also carry "
        "the attributes as headers (`ce_id`, `ce_type` and so on) and `data` as its value."),
        "",
        "| attribute | needed | written | |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{a.name}` | {a.needed} | {a.form} | {a.meaning} |" for a in ATTRIBUTES]
    lines += [
        "",
        ("Any other attribute (`traceparent`, say) is an extension: a name of 1 to 64 small "
        "letters and digits; a text, a whole number or a boolean. It is kept and has no effect."),
    ]
    for words, event in EXAMPLES:
        lines += ["", words, "", *_fenced(event)]
    lines += [
        "",
        ("A line of an archive, `sla-ledger append FILE --archive NAME`: history that another "
        "system recorded long ago, with the moment when it did. A NAME is used once: the same file "
        "again adds nothing, another one is refused."),
        "",
        *_fenced(ARCHIVED),
        "",
        ("Sending an event twice does no harm. Whoever sent a wrong one corrects or retracts "
        "it; nothing is ever changed in place. A retraction may be retracted itself, and gives "
        "the event back."),
        "",
        "### How values are written",
        "",
        "| type | written |",
        "|---|---|",
    ]
    lines += [f"| {name} | {form} |" for name, form in TYPES.items()]
    return [
        *lines,
        "",
        ("Where `from` and `to` stand together, `from` is before `to`. No name stands twice in one "
        "object. No figure is a number with a fraction: JSON readers would round it."),
    ]


def _fenced(event: dict[str, Any]) -> list[str]:
    return ["```json", json.dumps(event, ensure_ascii=False), "```"]
