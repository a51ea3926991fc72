import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import WORDS, Id, IdError, parse, part, spell


@pytest.mark.parametrize(
    ("text", "word", "parts"),
    [
        ("entry:sla.tickets-3@2/0", "entry", ("sla.tickets-3@2", "0")),
        ("event:%2Fzendesk%2Facme/e1", "event", ("/zendesk/acme", "e1")),
        ("uptime:s1/sum/-/2026-10-02%2F2026-11-01/1", "uptime", ("s1", "sum", None, "2026-10-02/2026-11-01", "1")),
        ("right:s1/terminate/2026-11-01T00:00:00Z", "right", ("s1", "terminate", "2026-11-01T00:00:00Z")),
        ("claim:c7", "claim", ("c7",)),
        ("event:%2D/a%20%25b%C3%A4", "event", ("-", "a %bä")),
    ],
)  # fmt: skip
def test_ids_of_the_table_are_read(text, word, parts):
    assert parse(text) == Id(word, parts)
    if "%C3" not in text:  # ä needs no escape: it may be written so, we do not
        assert spell(word, *parts) == text


def test_a_colon_belongs_to_the_part_unless_a_known_word_stands_before_it():
    assert parse("urn:x/e1") == Id(None, ("urn:x", "e1"))
    assert parse("s1/2026-10") == Id(None, ("s1", "2026-10"))


@pytest.mark.parametrize("text", ["", "event:", "clock:t1//1", "clock:t 1/a", "event:a%2f/b", "event:%FF/b", "event:50%/b"])
def test_what_is_no_id_is_refused(text):
    with pytest.raises(IdError):
        parse(text)


@given(st.sampled_from(WORDS), st.lists(st.none() | st.text(min_size=1).filter(lambda s: s.isprintable() or s.isspace()), min_size=1))
def test_every_part_comes_back(word, parts):
    assert parse(spell(word, *parts)) == Id(word, tuple(parts))
    assert not any(each.isspace() for each in spell(word, *parts))


def test_null_is_a_bare_dash_and_a_dash_is_not():
    assert (part(None), part("-"), part("a-b"), part(3)) == ("-", "%2D", "a-b", "3")
