"""From bytes to an event, or to the one reason why there is none (E1, E2, E5).

`read` never raises for what a message holds: an Event or a Rejection comes back, a value each. The
order of E5 is the order of the code: bytes, JSON, attributes in the order of E1, topic, members,
what concerns several members, unknown members.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, NamedTuple

from schemas import canonical
from schemas.events import ROWS, EventType
from schemas.forms import LARGEST_WHOLE, LONGEST_TEXT, Form, IdForm, SourceForm, brief, is_plain
from schemas.instant import FormError, Instant, parse_instant
from schemas.shapes import Walk, build
from schemas.strict_json import Number, parse, pointer

_ID, _SOURCE = IdForm(), SourceForm()
_PURE = frozenset({
    "specversion", "id", "source", "type", "subject", "time", "data", "corrects", "observedtime",
    "recordedtime",
})  # fmt: skip
_KNOWN = _PURE | {"datacontenttype", "dataschema", "data_base64"}
_EXTENSION = re.compile(r"[a-z0-9]{1,64}")


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a message is no event (E5): the code, the JSON Pointer of the fault, what to mend."""

    code: str
    at: str
    message: str


class Event(NamedTuple):
    """What was said: a valid event with its typed data.

    `typed` are its members by attribute; `data`, the model of them, is made only when asked for.
    """

    id: str
    source: str
    row: EventType
    subject: str
    time: Instant
    typed: dict[str, Any]
    corrects: str | None = None
    observedtime: Instant | None = None
    recordedtime: Instant | None = None

    @property
    def type(self) -> str:
        """The type's text."""
        return self.row.type

    @property
    def topic(self) -> str | None:
        """The type's own topic; None for those that may stand on every input topic."""
        return self.row.topic

    @property
    def data(self) -> Any:
        """The typed data as its model."""
        return build(self.row.model, self.typed)

    def content(self) -> bytes:
        """Canonical typed content (E7): equal for a repeat, different for a conflict.

        A list as JSON in ASCII: type, subject, time, the event it corrects, the members.
        """
        row, corrects = self.row, self.corrects
        other = "null" if corrects is None else quoted(corrects)
        members = row.plan.content_json(self.typed)
        said = f'["{row.type}",{quoted(self.subject)},{self.time},{other},{members}]'
        return said.encode("ascii")

    @property
    def identity(self) -> bytes:
        """16 bytes that stand for `source` and `id` (E7)."""
        return identity(self.source, self.id)

    @property
    def content_hash(self) -> bytes:
        """16 bytes that stand for the content (E7): the start of its SHA-256."""
        return hashlib.sha256(self.content()).digest()[:16]

    def open_data(self) -> dict[str, Any]:
        """Data as JSON with defaults written out, without the personal members of E9.

        Instants are text by I3, decimals their shortest text, absent members left out; the figures
        of sealed rows are int or Decimal.
        """
        return self.row.plan.shown(self.data)

    def open_json(self) -> str:
        """`open_data` as canonical JSON (I3)."""
        try:
            return self.row.plan.open_json(self.typed)
        except TypeError:  # exact figures of sealed rows, which the fast writer does not know
            return canonical.value(self.open_data())

    def whole_data(self) -> dict[str, Any]:
        """As `open_data`, with the personal members."""
        return self.row.plan.shown(self.data, personal=True)


def identity(source: str, event_id: str) -> bytes:
    """16 bytes of SHA-256 over both texts in UTF-8, each behind its length (4 bytes, big end)."""
    other = event_id.encode()
    begin = _framed(source)
    return hashlib.sha256(b"%b%b%b" % (begin, len(other).to_bytes(4, "big"), other)).digest()[:16]


def halves(sixteen: bytes) -> tuple[int, int]:
    """A 128-bit identity or content hash as the two columns that hold it (`_hi`, `_lo`)."""
    high, low = sixteen[:8], sixteen[8:]
    return int.from_bytes(high, "big", signed=True), int.from_bytes(low, "big", signed=True)


@lru_cache(maxsize=1024)
def _framed(source: str) -> bytes:
    held = source.encode()
    return len(held).to_bytes(4, "big") + held


def read(
    value: bytes | None,
    *,
    headers: Sequence[tuple[str, bytes | None]] = (),
    topic: str | None = None,
    archive: bool = False,
) -> Event | Rejection:
    """Read one message or line.

    `topic` is the name by E6, without a prefix; None where every type is allowed (files,
    archives). `archive` asks for `recordedtime`, which is allowed nowhere else (E1).
    """
    try:
        if headers and any(name == "ce_specversion" for name, _ in headers):
            attributes = _binary(value, headers)
        else:
            attributes = _structured(value)
        return _event(attributes, topic, archive)
    except FormError as fault:
        return Rejection(fault.code, fault.at, fault.message)


def _structured(value: bytes | None) -> dict[str, Any]:
    if value is None:
        raise FormError("no_value", "a message without value; nothing here can be deleted")
    found = parse(value)
    if type(found) is not dict:
        raise FormError("not_an_object", f"{brief(found)}: send one event a message, as an object")
    return found


def _binary(value: bytes | None, headers: Sequence[tuple[str, bytes | None]]) -> dict[str, Any]:
    """Attributes from headers, `data` from the value; null or empty: no data (E2)."""
    attributes: dict[str, Any] = {}
    twice: str | None = None
    for header, raw in headers:
        if header == "content-type":
            _header_text(raw, "datacontenttype")
        if not header.startswith("ce_"):
            continue
        name = header[3:]
        if name in attributes:
            twice = twice or name
        attributes[name] = _header_text(raw, name)
    data = None
    if value:
        try:
            data = parse(value)
        except FormError as fault:
            fault.at = "/data" + fault.at
            raise
    if twice is not None:
        raise FormError("attribute_repeated", f"ce_{twice} comes twice", pointer((twice,)))
    if attributes.get("data") is None:
        attributes["data"] = data
    return attributes


def _header_text(raw: bytes | None, name: str) -> str | None:
    try:
        return None if raw is None else raw.decode("utf-8")
    except UnicodeDecodeError:
        message = f"the header of {name!r} is not UTF-8"
        raise FormError("not_utf8", message, pointer((name,))) from None


def _event(attributes: dict[str, Any], topic: str | None, archive: bool) -> Event:
    if attributes.get("specversion") != "1.0":
        _text(attributes, "specversion")
        raise FormError("specversion_unknown", "only CloudEvents 1.0 is read", "/specversion")
    get = attributes.get
    event_id: Any = get("id")
    source: Any = get("source")
    subject: Any = get("subject")
    if not is_plain(event_id, 256):
        event_id = _required(attributes, "id", _ID)
    if not is_plain(source, 1024):
        source = _required(attributes, "source", _SOURCE)
    row = ROWS.get(_text(attributes, "type"))
    if row is None:
        found = brief(attributes["type"])
        raise FormError("type_unknown", f"{found}: spelling, version, or a newer program", "/type")
    if not is_plain(subject, 256):
        # the subject of a count is a source, and a source may be longer than an id (E1)
        counted = row.type == "sla.source.counted.v1"
        subject = _required(attributes, "subject", _SOURCE if counted else _ID)
    time = _time(attributes, "time")
    if time is None:
        raise FormError("attribute_missing", "time is required", "/time")
    data = attributes.get("data")
    if data is not None and type(data) is not dict:
        raise FormError("data_not_object", f"{brief(data)}: send data as an object", "/data")
    corrects, observed, recorded = _optional(attributes, archive)
    if topic is not None and row.topic is not None and topic != row.topic:
        raise FormError("wrong_topic", f"{row.type} belongs to {row.topic}, not {topic}", "/type")
    data = data or {}
    typed = row.plan.quickly(data)
    if typed is None:
        typed = _members(row, data, subject)
    return Event(event_id, source, row, subject, time, typed, corrects, observed, recorded)


def _optional(
    attributes: dict[str, Any], archive: bool
) -> tuple[str | None, Instant | None, Instant | None]:
    """`corrects`, `observedtime`, `recordedtime`, in the order of E1; then what has no effect."""
    corrects = observed = recorded = None
    if attributes.get("corrects") is not None:
        corrects = _required(attributes, "corrects", _ID)
    if attributes.get("observedtime") is not None:
        observed = _time(attributes, "observedtime")
    if archive:
        recorded = _time(attributes, "recordedtime")
        if recorded is None:
            raise FormError("recordedtime_missing", "declare it on each line", "/recordedtime")
    elif attributes.get("recordedtime") is not None:
        mend = "only an archive declares it: leave it out, or append as an archive"
        raise FormError("recordedtime_not_allowed", mend, "/recordedtime")
    if not attributes.keys() <= _PURE:
        _check_rest(attributes)
    return corrects, observed, recorded


def _check_rest(attributes: dict[str, Any]) -> None:
    """`datacontenttype`, `dataschema`, `data_base64` and extensions (E1): form only, no effect."""
    for name in ("datacontenttype", "dataschema"):
        if attributes.get(name) is not None:
            _text(attributes, name)
    if attributes.get("data_base64") is not None:
        raise FormError("data_base64", "send data as a JSON object, not as bytes", "/data_base64")
    for name, value in attributes.items():
        if name not in _KNOWN and value is not None:
            _check_extension(name, value)


def _check_extension(name: str, value: Any) -> None:
    if not _EXTENSION.fullmatch(name):
        message = f"{brief(name)}: an extension has 1 to 64 small letters and digits"
        raise FormError("extension_name", message, pointer((name,)))
    if type(value) is str:
        good = len(value) <= LONGEST_TEXT and "\0" not in value
    elif type(value) is Number:
        digits = value.text
        good = digits.isdigit() and len(digits) < 17 and int(digits) <= LARGEST_WHOLE
    else:
        good = type(value) is bool
    if not good:
        message = f"{brief(value)}: text, a whole number or a boolean is asked"
        raise FormError("extension_value", message, pointer((name,)))


def _text(attributes: dict[str, Any], name: str) -> str:
    value = attributes.get(name)
    if type(value) is str:
        return value
    if value is None:
        mend = "is required; a payload alone is no event"
        raise FormError("attribute_missing", f"{name} {mend}", "/" + name)
    raise FormError("attribute_type", f"{brief(value)}: {name} is text", "/" + name)


def _required(attributes: dict[str, Any], name: str, form: Form) -> str:
    try:
        found: str = form.read(_text(attributes, name))
    except FormError as fault:
        fault.at = "/" + name
        raise
    return found


def _time(attributes: dict[str, Any], name: str) -> Instant | None:
    value = attributes.get(name)
    if value is None:
        return None
    try:
        return parse_instant(value)
    except FormError as fault:
        fault.at = "/" + name
        raise


def _members(row: EventType, data: dict[str, Any], subject: str) -> dict[str, Any]:
    walk = Walk(subject)
    try:
        typed = row.plan.typed(data, walk)
    except FormError as fault:
        fault.at = pointer(walk.path) + fault.at
        raise
    later = walk.several or walk.unknown
    if later is not None:
        raise later
    return typed
