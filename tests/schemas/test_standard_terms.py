"""The standard contract of document 003 against the text that it comes from (terms.md 6)."""

import hashlib
import re
from pathlib import Path

import pytest

import schemas
from schemas.explain_terms import explain
from schemas.lint import lint
from schemas.terms_raw import read_yaml

FOLDER = Path(schemas.__file__).parent / "standard_terms"
AMBIGUITIES = {"tractops.yaml": [f"A{n}" for n in range(1, 22)] + [f"G{n}" for n in range(1, 12)]}


def _raw(name):
    return read_yaml((FOLDER / name).read_bytes())


@pytest.fixture
def text(seeds_dir):
    tree = _raw("tractops.yaml").tree
    return (seeds_dir / tree["source"]["document"]).read_bytes()


def _clauses(tree):
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == "clause":
                yield value
            else:
                yield from _clauses(value)
    elif isinstance(tree, list):
        for each in tree:
            yield from _clauses(each)


def _flat(text):
    return " ".join(text.split())


def test_it_lints_without_errors():
    found = lint(_raw("tractops.yaml"))
    assert [each for each in found if each.level == "error"] == []
    assert {"recorded-only", "not-checked"} <= {each.code for each in found}


def test_it_names_the_bytes_of_its_text(text):
    source = _raw("tractops.yaml").tree["source"]
    assert hashlib.sha256(text).hexdigest() == source["text_sha256"]


def test_every_clause_stands_in_the_text(text):
    said = _flat(text.decode())
    clauses = list(_clauses(_raw("tractops.yaml").tree))
    assert len(clauses) > 40
    assert [each for each in clauses if _flat(each) not in said] == []


def test_every_number_of_the_text_is_in_a_clause(text):
    numbers = set(re.findall(r"\d+(?:[.:]\d+)?", text.decode()))
    # the headings' own numbers are those of its five sections, which are numbers of targets too
    written = set(re.findall(r"\d+(?:[.:]\d+)?", " ".join(_clauses(_raw("tractops.yaml").tree))))
    assert numbers - written == {"3"} & (numbers - written)


def test_every_sentence_of_the_text_is_in_a_clause(text):
    said = _flat(text.decode())
    left = said
    for clause in sorted(_clauses(_raw("tractops.yaml").tree), key=len, reverse=True):
        left = left.replace(_flat(clause), " ")
    words = set(re.findall(r"[A-Za-z]{4,}", left))
    known = {"Service", "Level", "Agreement", "Uptime", "target", "Support", "response", "times",
             "Tier", "Definition", "Hours", "Exclusions", "uptime", "does", "apply", "Maintenance",
             "windows", "Questions", "contact", "tractops", "First", "reach"}  # fmt: skip
    assert words <= known


@pytest.mark.parametrize("mark", AMBIGUITIES["tractops.yaml"])
def test_every_ambiguity_is_a_question(mark):
    questions = [each["question"] for each in _raw("tractops.yaml").tree["interpretations"]]
    assert any(f"({mark})" in question for question in questions)


def test_explain_says_every_number_and_question(text):
    tree = _raw("tractops.yaml").tree
    said = explain(tree)
    for number in ("99.5 %", "5 %", "10 %", "25 %", "1 hour", "4 business hours", "48 hours",
                   "1 business day", "5 business days", "24 business hours", "30 days"):  # fmt: skip
        assert number in said
    for each in tree["interpretations"]:
        assert each["question"] in said
        for option in each["options"]:
            assert f"{option}: " in said
    for clause in _clauses(tree):
        assert clause in said
    assert re.search(r"zoom-slot +premium +every +any +24bh", said)
    assert not re.search(r"zoom-slot +monthly", said)
