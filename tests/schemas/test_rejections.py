"""One example or more for every code of E5, and the order in which one fault goes before another."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from schemas.envelope import Event, Rejection, read
from schemas.events import ROWS, example
from schemas.rejections import CODES

HEAD = {
    "specversion": "1.0", "id": "e1", "source": "/desk/acme", "type": "sla.ticket.opened.v1",
    "subject": "t1", "time": "2026-10-01T09:00:00Z",
    "data": {"customer": "acme", "severity": "P1"},
}  # fmt: skip


def wire(**changes) -> bytes:
    return json.dumps(HEAD | changes).encode()


def said(type_, subject="x1", /, **data) -> bytes:
    """The example of a type with some members put differently."""
    base = json.loads(example(ROWS[type_].model)[1])
    return wire(type=type_, subject=subject, data=base | data)


def opened(**data) -> bytes:
    return said("sla.ticket.opened.v1", **data)


def counted(**data) -> bytes:
    return said("sla.probe.counted.v1", **data)


def started(**data) -> bytes:
    return said("sla.subscription.started.v1", **data)


def fee(amount) -> bytes:
    return started(fee={"amount": amount, "currency": "EUR", "per": "month"})


def number(text: str) -> bytes:
    return counted(total="#", failed=0).replace(b'"#"', text.encode())


def holidays(*elements) -> bytes:
    return said("sla.calendar.published.v1", holidays=list(elements))


def hours(start, end) -> bytes:
    return holidays({"date": "2026-12-24", "hours": [{"from": start, "to": end}]})


def terms(text: str) -> bytes:
    event = said("sla.contract.published.v1", "gateway-sla", terms={"contract": "gateway-sla"})
    return event.replace(b'"contract": "gateway-sla"', b'"contract": "gateway-sla", ' + text.encode())


def window(start, end) -> dict:
    return {"from": start, "to": end}


NINE, TEN = "2026-10-01T09:00:00Z", "2026-10-01T10:00:00Z"
SURROGATE = wire().replace(b'"acme"', b'"\\ud83dx"')

# code: (bytes, pointer) ...
CASES: dict[str, list[tuple[bytes | None, str]]] = {
    "no_value": [(None, "")],
    "too_large": [(b" " * (16 * 1024 * 1024) + wire(), "")],
    "too_deep": [(b"[" * 65 + b"]" * 65, ""), (b"[" * 100_000, ""),
                 (wire(data={"x": json.loads("[" * 63 + "]" * 63)}), "")],
    "not_utf8": [(b'{"id": "\xff"}', ""), (b"\xed\xa0\x80", ""), (b"\xff\xfe{\x00}\x00", "")],
    "not_json": [(b"", ""), (b"   ", ""), (b"{", ""), (wire() + b"x", ""), (b"NaN", ""),
                 (number("Infinity"), ""), (number("-Infinity"), ""), (b"\xef\xbb\xbf" + wire(), ""),
                 (number("01"), ""), (number("1."), ""), (number(".5"), ""), (number("+1"), ""),
                 (b"{'id': 1}", ""), (b'{"id": "a\nb"}', ""), (b'{"id": "e1",}', ""),
                 (b'{"id": 1, "id": 2', "")],
    "member_repeated": [(b'{"id": "a", "id": "b"}', "/id"),
                        (wire().replace(b'"severity"', b'"cust\\u006fmer"'), "/data/customer"),
                        (terms('"plans": {"a": {"text": "x", "text": "y"}}'),
                         "/data/terms/plans/a/text"),
                        (b'[1, {"x": 1, "x": 2}]', "/1/x")],
    "not_unicode": [(SURROGATE, "/data/customer"), (wire(id="#").replace(b"#", b"\\uDC00"), "/id"),
                    (b'{"\\ud800": 1}', "")],
    "not_an_object": [(b"[]", ""), (b'"text"', ""), (b"5", ""), (b"null", ""), (b"true", ""),
                      (b"[" + wire() + b"]", "")],
    "attribute_missing": [(b"{}", "/specversion"), (wire(id=None), "/id"), (wire(time=None), "/time"),
                          (b'{"customer": "acme", "severity": "P1"}', "/specversion")],
    "attribute_repeated": [],  # binary mode has a test of its own
    "attribute_type": [(wire(specversion=1), "/specversion"), (wire(id=7), "/id"),
                       (wire(source={}), "/source"), (wire(subject=False), "/subject"),
                       (wire(corrects=3), "/corrects"), (wire(dataschema=[]), "/dataschema"),
                       (wire(datacontenttype=1), "/datacontenttype"), (wire(type=[]), "/type")],
    "specversion_unknown": [(wire(specversion="0.3"), "/specversion"),
                            (wire(specversion=""), "/specversion")],
    "source_form": [(wire(source=""), "/source"), (wire(source="/a b"), "/source"),
                    (wire(source="x" * 1025), "/source"), (wire(source="/a\x7f"), "/source"),
                    (wire(source="/a\u00a0b"), "/source"),
                    (said("sla.event.retracted.v1", source="/a b"), "/data/source")],
    "id_form": [(wire(id=""), "/id"), (wire(id="x" * 257), "/id"), (wire(id="a\tb"), "/id"),
                (wire(id=" a"), "/id"), (wire(id="a\u2003"), "/id"), (wire(id="a\n"), "/id"),
                (wire(corrects=""), "/corrects"), (wire(subject="a "), "/subject"),
                (opened(customer=""), "/data/customer"), (opened(customer=5), "/data/customer"),
                (opened(tags=["a", " b"]), "/data/tags/1"),
                (started(services=[{"id": "x ", "is": "y"}]), "/data/services/0/id")],
    "type_unknown": [(wire(type="sla.ticket.opened.v2"), "/type"), (wire(type=""), "/type"),
                     (wire(type="sla.billing.credit.v1"), "/type")],
    "wrong_topic": [],  # needs a topic, below
    "extension_name": [(wire(traceParent="x"), "/traceParent"), (wire(**{"a-b": "x"}), "/a-b"),
                       (wire(**{"": "x"}), "/"), (wire(**{"a" * 65: "x"}), "/" + "a" * 65),
                       (wire(**{"a/b~": 1}), "/a~1b~0")],
    "extension_value": [(wire(x=1.5), "/x"), (wire(x={}), "/x"), (wire(x=[]), "/x"),
                        (wire(x="y" * 65_537), "/x"), (wire(x=9007199254740992), "/x")],
    "data_base64": [(wire(data_base64="e30="), "/data_base64")],
    "data_not_object": [(wire(data=[]), "/data"), (wire(data="{}"), "/data"), (wire(data=1), "/data")],
    "recordedtime_missing": [],  # needs an archive, below
    "recordedtime_not_allowed": [(wire(recordedtime=NINE), "/recordedtime")],
    "time_not_text": [(wire(time=1790838000), "/time"), (wire(observedtime=True), "/observedtime")],
    "time_date_only": [(wire(time="2026-10-01"), "/time")],
    "time_space": [(wire(time="2026-10-01 09:00:00Z"), "/time")],
    "time_no_offset": [(wire(time="2026-10-01T09:00:00"), "/time")],
    "time_hour_24": [(wire(time="2026-10-01T24:00:00Z"), "/time")],
    "time_second_60": [(wire(time="2026-12-31T23:59:60Z"), "/time")],
    "time_form": [(wire(time="yesterday"), "/time"),
                  (said("sla.maintenance.announced.v1", window=window("-", TEN)),
                   "/data/window/from")],
    "time_range": [(wire(time="0000-06-01T00:00:00Z"), "/time")],
    "member_missing": [(wire(data={}), "/data/customer"), (wire(data=None), "/data/customer"),
                       (opened(severity=None), "/data/severity"), (started(fee=None), "/data/fee"),
                       (started(fee={"amount": "1"}), "/data/fee/currency"),
                       (started(overrides=[{"path": "x", "value": None}]),
                        "/data/overrides/0/value")],
    "member_unknown": [(opened(Title="x"), "/data/Title"),
                       (said("sla.incident.resolved.v1", note="x"), "/data/note"),
                       (started(term={"until": "2026-10-01"}), "/data/term/until")],
    "member_type": [(opened(title=5), "/data/title"), (opened(tags="a"), "/data/tags"),
                    (said("sla.ticket.message.v1", public="true"), "/data/public"),
                    (started(fee="5 EUR"), "/data/fee"),
                    (said("sla.contract.published.v1", terms=[]), "/data/terms")],
    "word_unknown": [(opened(by="Customer"), "/data/by"), (opened(kind=3), "/data/kind")],
    "text_too_long": [(opened(title="x" * 65_537), "/data/title")],
    "text_control": [(opened(title="a\0"), "/data/title")],
    "list_too_long": [(opened(tags=["x"] * 10_001), "/data/tags")],
    "list_empty": [(said("sla.maintenance.announced.v1", services=[]), "/data/services")],
    "whole_form": [(number("1.0"), "/data/total"), (number("1e3"), "/data/total"),
                   (number('"5"'), "/data/total"), (number("-1"), "/data/total")],
    "number_range": [(number("9007199254740992"), "/data/total"), (number("9" * 5000), "/data/total"),
                     (started(billing_day=0), "/data/billing_day"),
                     (started(billing_day=32), "/data/billing_day"),
                     (said("sla.credit.proposed.v1", part=0), "/data/part"),
                     (fee("-1"), "/data/fee/amount"),
                     (said("sla.incident.impact_started.v1", share="1.000000000001"), "/data/share"),
                     (said("sla.credit.granted.v1", amount="0.00"), "/data/amount")],
    "decimal_not_text": [(fee(5), "/data/fee/amount"), (fee(5.5), "/data/fee/amount")],
    "decimal_form": [(fee(text), "/data/fee/amount") for text in
                     ("", "+1", "1.", ".5", "01", "1e3", "1,5", "-0", "-0.0", " 1", "1" * 16,
                      "0." + "1" * 13, "٣")],
    "currency_unknown": [(said("sla.subscription.charged.v1", currency=code), "/data/currency")
                         for code in ("eur", "XAU", "ABC", "EURO", "", 5)],
    "date_form": [(holidays({"date": "2026-02-30"}), "/data/holidays/0/date"),
                  (holidays({"date": 20261224}), "/data/holidays/0/date"),
                  (said("sla.resource.removed.v1", to="2026-1-1"), "/data/to")],
    "period_form": [(said("sla.claim.submitted.v1", period=text), "/data/period") for text in
                    ("2026-13", "2026-Q5", "26", "2026-10-02/2026-10-02", "2026-10-02", "2026-10/x",
                     "2026-11-01/2026-02-30", "0000-01")]
                   + [(said("sla.statement.sealed.v1", period="2026"), "/data/period")],
    "clock_time_form": [(hours("24:00", "09:00"), "/data/holidays/0/hours/0/from"),
                        (hours("9:00", "10:00"), "/data/holidays/0/hours/0/from"),
                        (hours("09:00", "24:01"), "/data/holidays/0/hours/0/to")],
    "uri_form": [(said("sla.party.reported.v1", page=""), "/data/page"),
                 (said("sla.party.reported.v1", page="a b"), "/data/page"),
                 (said("sla.party.reported.v1", page="x" * 2049), "/data/page")],
    "hash_form": [(said("sla.statement.sealed.v1", inputs_sha256="A" * 64), "/data/inputs_sha256")],
    "range_reversed": [(said("sla.maintenance.announced.v1", window=window(TEN, NINE)),
                        "/data/window/to"),
                       (counted(**window(NINE, "2026-10-01T11:00:00+02:00")), "/data/to"),
                       (said("sla.party.reported.v1", claimed_from=TEN, claimed_to=NINE),
                        "/data/claimed_to"),
                       (started(term=window("2026-10-02", "2026-10-01")), "/data/term/to"),
                       (hours("09:00", "09:00"), "/data/holidays/0/hours/0/to")],
    "failed_above_total": [(counted(total=1, failed=2), "/data/failed")],
    "date_repeated": [(holidays({"date": "2026-12-24"}, {"date": "2026-12-24"}),
                       "/data/holidays/1/date")],
    "one_of": [(said("sla.claim.submitted.v1", incidents=[]), "/data")],
    "into_itself": [(said("sla.ticket.merged.v1", "t2"), "/data/into")],
    "terms_invalid": [(terms('"version": 1.5'), "/data/terms/version"),
                      (terms('"version": 1e3'), "/data/terms/version"),
                      (terms('"plans": {"a": [null]}'), "/data/terms/plans/a/0"),
                      (started(overrides=[{"path": "x", "value": [0.5]}]),
                       "/data/overrides/0/value/0")],
    "terms_subject": [(said("sla.contract.published.v1", "another"), "/data/terms/contract")],
}  # fmt: skip
ELSEWHERE = {"attribute_repeated", "wrong_topic", "recordedtime_missing"}
FLAT = [(code, value, at) for code, cases in CASES.items() for value, at in cases]


@pytest.mark.parametrize(("code", "value", "at"), FLAT, ids=[f"{c}-{i}" for i, (c, *_) in enumerate(FLAT)])
def test_each_code_has_its_examples(code, value, at):
    found = read(value)
    assert isinstance(found, Rejection), found
    assert (found.code, found.at) == (code, at), found.message
    assert found.message


def test_no_code_is_without_an_example_and_none_is_made_up():
    assert list(CASES) == list(CODES)
    assert {code for code, cases in CASES.items() if not cases} == ELSEWHERE
    room = Path(__file__).parents[2] / "schemas"
    raised = set()
    for path in room.glob("*.py"):
        text = path.read_text()
        raised |= set(re.findall(r'FormError\(\s*"([a-z_0-9]+)"', text))
        raised |= set(re.findall(r'^    code = "([a-z_0-9]+)"', text, re.MULTILINE))
    assert raised == set(CODES)


def test_a_type_on_another_topic_is_rejected_and_three_types_stand_everywhere():
    found = read(wire(), topic="sla.incidents")
    assert (found.code, found.at) == ("wrong_topic", "/type")
    assert isinstance(read(wire(), topic="sla.tickets"), Event)
    for type_ in ("sla.event.retracted.v1", "sla.source.counted.v1", "sla.heartbeat.v1"):
        for topic in ("sla.tickets", "sla.determinations"):
            assert isinstance(read(said(type_), topic=topic), Event)


def test_recorded_time_is_declared_in_an_archive_and_nowhere_else():
    assert read(wire(), archive=True).code == "recordedtime_missing"
    assert read(wire(recordedtime=None), archive=True).at == "/recordedtime"
    assert read(wire(recordedtime="2026-10-01"), archive=True).code == "time_date_only"
    assert read(wire(recordedtime=TEN), archive=True).recordedtime - read(wire()).time == 3600 * 10**6
    assert isinstance(read(wire(recordedtime=None)), Event)


BOTH = [
    # the first of two faults, in the order of E5
    (b"\xff" + b"[" * 65, None, "not_utf8"),
    (b"[" * 65 + b"x", None, "too_deep"),
    (wire(id="", specversion="2"), None, "specversion_unknown"),
    (wire(id="", source=""), None, "id_form"),
    (wire(type="x", subject=""), None, "type_unknown"),
    (wire(time="x", data=[]), None, "time_form"),
    (wire(data=[], corrects=""), None, "data_not_object"),
    (wire(corrects="", observedtime=1), None, "id_form"),
    (wire(observedtime=1, recordedtime=1), None, "time_not_text"),
    (wire(recordedtime=1, dataschema=1), None, "recordedtime_not_allowed"),
    (wire(A="x", data_base64="x", dataschema=1), None, "attribute_type"),
    (wire(A="x", data_base64="x"), None, "data_base64"),
    (wire(A="x", data={}), "sla.incidents", "extension_name"),
    (wire(data={}), "sla.incidents", "wrong_topic"),
    (opened(severity="", customer=None, x=1), None, "member_missing"),
    (opened(severity="", tags=5, x=1), None, "id_form"),
    (said("sla.maintenance.announced.v1", window=window(TEN, NINE), kind="x"), None, "word_unknown"),
    (said("sla.maintenance.announced.v1", window=window(TEN, NINE), x=1), None, "range_reversed"),
    (counted(total=1, failed=2, x=1, **window(TEN, NINE)), None, "range_reversed"),
    (started(term={"x": 1}, services=["a", ""]), None, "id_form"),
    (started(x=1, term={"y": 1}), None, "member_unknown"),
    (said("sla.contract.published.v1", "another", by=" "), None, "id_form"),
]


@pytest.mark.parametrize(("value", "topic", "code"), BOTH)
def test_of_two_faults_the_first_is_told(value, topic, code):
    assert read(value, topic=topic).code == code


GOOD = [
    b" \r\n\t" + wire() + b"\r",
    wire(x="", y=True, z=0, traceparent="00-\x7f"),
    wire(datacontenttype="text/plain", dataschema="", data_base64=None, strange_NAME=None),
    wire(id="a/b c", source="x:?#"),
    opened(unknown=None),
    wire(data={"customer": "acme", "severity": "😀"}),
    wire().replace(b'"acme"', b'"\\ud83d\\ude00"'),
    wire(data={"customer": "acme", "severity": "P1", "title": "[" * 100 + '"{'}),
    started(term=window("2026-10-02", "2026-10-01T00:00:00Z")),
    hours("22:00", "06:00"),
    hours("00:00", "24:00"),
    said("sla.subscription.charged.v1", amount="-999999999999999.123456789012"),
    said("sla.subscription.charged.v1", currency="DEM"),
    said("sla.source.counted.v1", "/" + "s" * 1000),
    said("sla.incident.resolved.v1"),
    wire(type="sla.incident.resolved.v1", data=None),
    said("sla.claim.submitted.v1", period=None, incidents=["i1", "i1"]),
    said("sla.statement.sealed.v1", rows=[{}] * 10_001),
    wire(data={"customer": "acme", "severity": "P1", "tags": ["x"] * 10_000}),
]


@pytest.mark.parametrize("value", GOOD)
def test_what_is_only_strange_is_valid(value):
    assert isinstance(read(value), Event), read(value)


def test_exactly_64_levels_and_16_mib_are_valid():
    def nested(levels):  # the value of an override stands below four levels
        tree = json.loads("[" * (levels - 4) + "]" * (levels - 4))
        return read(started(overrides=[{"path": "x", "value": tree}]))

    assert isinstance(nested(64), Event)
    assert nested(65).code == "too_deep"
    full = wire().ljust(16 * 1024 * 1024)
    assert isinstance(read(full), Event)
    assert read(full + b" ").code == "too_large"
