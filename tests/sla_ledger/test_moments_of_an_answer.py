"""A pair of moments under the same rules gives the same rows, for ever (S2.7); versions (S2.3)."""

from __future__ import annotations

import json

import pytest
import yaml

from ledger.errors import BadInput, Usage
from sla_ledger.version import rules
from tests import scenario
from tests.projections.reading_world import AT, MONTH, TOLD, event, world
from tests.reference.product import Product
from tests.reference.stream import Stream

EVERY = ("clocks", "uptime", "credits", "statement", "rights")
LATE = {
    **event("incident.impact_started", "i9", "2026-03-20T00:00:00Z", "late", service="app", impact="outage"),
    "recordedtime": "2026-04-05T00:00:00.000001Z",
}


def bytes_of(ledger, answer):
    month = {} if answer in ("clocks", "rights") else {"month": MONTH}
    return getattr(ledger, answer)(as_of=AT, **month).json().partition(b',"rows":')[2]


@pytest.fixture(scope="module")
def known():
    with world() as told:
        yield {answer: bytes_of(told, answer) for answer in EVERY}


@pytest.mark.parametrize("answer", EVERY)
def test_what_is_recorded_a_microsecond_later_changes_no_byte(known, answer):
    """S2.7: it is about March, yet nobody knew of it at that moment."""
    stream = _stream()
    stream.lines.append(("archive-late", json.dumps(LATE).encode()))
    with Product(stream) as told:
        assert bytes_of(told._ledger, answer) == known[answer]
        later = told._ledger.uptime(at=AT, known_at="2026-04-05T00:00:00.000001Z", month=MONTH)
        assert later.json().partition(b',"rows":')[2] != known["uptime"]


@pytest.mark.parametrize("answer", EVERY)
def test_another_ledger_that_took_the_same_in_another_order_answers_the_same_bytes(known, answer):
    """S2.7: nothing of the machine, the folder or the order of arrival is in a row."""
    stream = _stream()
    stream.lines.reverse()
    with Product(stream) as told:
        assert bytes_of(told._ledger, answer) == known[answer]


def test_the_rules_stand_in_the_answer_and_in_its_basis():
    """S2.7: under another version of the semantics or of the zone data the basis is refused."""
    with world() as told:
        found = told.uptime(as_of=AT, month=MONTH)
        head = json.loads(found.json())
        assert (head["rules"]["semantics"], head["rules"]["tzdata"]) == rules()
        assert head["basis"] == "/".join((AT, AT, *rules()))
        assert told.uptime(basis=head["basis"], month=MONTH).json() == found.json()
        for other in (f"{AT}/{AT}/0/{rules()[1]}", f"{AT}/{AT}/{rules()[0]}/1970a"):
            with pytest.raises(Usage, match="the rows may differ"):
                told.uptime(basis=other, month=MONTH)


@pytest.mark.parametrize("version", [7, "7"])
def test_digits_are_a_ledger_version_and_never_a_moment(version):
    """S2.3: a version may stand where a recorded moment may; one that was never signed is refused."""
    with world() as told:
        with pytest.raises(BadInput, match="no ledger version 7"):
            told.uptime(at=AT, known_at=version, month=MONTH)
        with pytest.raises(BadInput, match="no ledger version 7"):
            told.uptime(basis="/".join((AT, "7", *rules())), month=MONTH)
        with pytest.raises(Usage):
            told.uptime(at="7", month=MONTH)


def _stream() -> Stream:
    return scenario.stream_of(scenario._instants(yaml.load(TOLD, Loader=yaml.BaseLoader)))
