"""What docs/events.md says of the envelope against what the reader does."""

import json
import re
from pathlib import Path

import pytest

from schemas import envelope, envelope_page
from schemas.events import ROWS

PAGE = Path(__file__).parents[2] / "docs" / "events.md"
PLAIN = re.compile(r"`[^`]*`")
BUILT = {"list of X", "{...}"}
QUALIFIED = ("(at least one)", "above 0", "signed", "from 1", "1 to 31", "of", "or", "list", "objects")


def _wire(event):
    return json.dumps(event).encode()


def test_every_attribute_that_the_reader_knows_is_described_and_no_other():
    told = [each.name for each in envelope_page.ATTRIBUTES]
    assert sorted(told) == sorted(envelope._KNOWN)


@pytest.mark.parametrize("event", [event for _, event in envelope_page.EXAMPLES])
def test_the_examples_are_events(event):
    assert isinstance(envelope.read(_wire(event)), envelope.Event)
    assert envelope.read(_wire(event), archive=True).code == "recordedtime_missing"


def test_the_archive_line_is_one_of_an_archive_alone():
    line = _wire(envelope_page.ARCHIVED)
    assert isinstance(envelope.read(line, archive=True), envelope.Event)
    assert envelope.read(line).code == "recordedtime_not_allowed"


@pytest.mark.parametrize("attribute", envelope_page.ATTRIBUTES, ids=lambda each: each.name)
def test_what_is_needed_always_is_asked_for(attribute):
    event = {key: value for key, value in envelope_page.EXAMPLES[0][1].items() if key != attribute.name}
    read = envelope.read(_wire(event))
    if attribute.needed == "always":
        assert (read.code, read.at) == ("attribute_missing", "/" + attribute.name)
    elif attribute.name != "data":
        assert isinstance(read, envelope.Event)


def test_every_type_name_in_the_tables_of_members_is_described():
    described = set(envelope_page.TYPES) - BUILT
    for row in ROWS.values():
        for member in row.plan.members:
            words = PLAIN.sub(" ", member.form.name)
            for word in (*QUALIFIED, "interpretation", "option", *sorted(described, key=len, reverse=True)):
                words = re.sub(rf"(?<![a-z]){re.escape(word)}(?![a-z])", " ", words)
            assert not re.search(r"[A-Za-z]", words), member.form.name


def test_every_example_on_the_page_is_an_event():
    blocks = re.findall(r"```json\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == len(ROWS) + len(envelope_page.EXAMPLES) + 1
    for block in blocks:
        archive = "recordedtime" in json.loads(block)
        assert isinstance(envelope.read(block.encode(), archive=archive), envelope.Event), block
