"""The standard contracts against the texts that they come from (terms.md 6)."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

import pytest

import schemas
from schemas.explain_terms import explain
from schemas.lint import lint
from schemas.terms_raw import read_yaml

FOLDER = Path(schemas.__file__).parent / "standard_terms"
AMBIGUITIES = {"login-service": 20, "tappass": 19, "tractops": 21, "apisec": 15}
"""How many clauses.md 2.1 to 2.4 list; G1 to G11 are asked of every document."""
DOCUMENTS = {"login-service": "000", "tappass": "002", "tractops": "003", "apisec": "004"}

# Words of headings, of what a heading says again and of what is no promise.
HEADINGS = {
    "login-service": """Service Level Agreement Enterprise Grade Reliability Uptime Guarantees
        Support Response Times Hours Definition Premium Exclusions Scheduled Maintenance Force
        Majeure Customer Actions Third Party Services following situations Need Custom
        Rights Reserved Made Yasser Credits""",
    "tappass": """Support SLAs Response times Enterprise plan Section titled Channels Channel
        Uptime Exclusions Ticket flow Also Incident response what actually when something
        breaks Customer onboarding happens after signing""",
    "tractops": """Service Level Agreement Uptime target Support response times Tier Definition
        Hours Exclusions uptime does apply Maintenance windows Questions contact tractops First
        reach""",
    "apisec": """Security Platform Service Level Agreement Levels Maintenance APIsec
        Responsibilities Client Support Response Resolution Times Excused Outages Scheduled
        Emergency Contact Information table span style text decoration underline Role Name Email
        Team href mailto support apisec""",
}
SAID = {
    "login-service": (
        "4 business hours", "1 business hour", "1 hour", "1 business day", "8 business hours",
        "3 hours", "10 %", "25 %", "50 %", "30 days", "48 hours", "09:00", "18:00", "06:00",
        "22:00",
    ),
    "tappass": (
        "1 hour", "4 hours", "4 business hours", "1 business day", "3 business days",
        "5 business days", "99.9 %", "5 %", "25 %", "48 hours",
    ),
    "tractops": (
        "99.5 %", "5 %", "10 %", "25 %", "1 hour", "4 business hours", "48 hours",
        "1 business day", "5 business days", "24 business hours", "30 days",
    ),
    "apisec": ("24 business hours",),
}  # fmt: skip
"""Numbers of the text as `explain` words them."""


@lru_cache
def _raw(name):
    return read_yaml((FOLDER / f"{name}.yaml").read_bytes())


@pytest.fixture(params=sorted(DOCUMENTS))
def name(request):
    return request.param


@pytest.fixture
def text(name, seeds_dir):
    return (seeds_dir / _raw(name).tree["source"]["document"]).read_bytes()


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


def test_every_document_has_its_contract(seeds_dir):
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(DOCUMENTS)
    given = {path.name for path in seeds_dir.glob("*.txt")}
    assert {_raw(name).tree["source"]["document"] for name in DOCUMENTS} == given
    assert len({_raw(name).tree["contract"] for name in DOCUMENTS}) == len(DOCUMENTS)


def test_it_lints_without_errors(name):
    found = lint(_raw(name))
    assert [each for each in found if each.level == "error"] == []
    assert {"recorded-only", "not-checked"} <= {each.code for each in found}


def test_it_names_the_bytes_of_its_text(name, text):
    source = _raw(name).tree["source"]
    assert source["document"].startswith(DOCUMENTS[name])
    assert hashlib.sha256(text).hexdigest() == source["text_sha256"]


def test_every_clause_stands_in_the_text(name, text):
    said = _flat(text.decode())
    clauses = list(_clauses(_raw(name).tree))
    assert len(clauses) > 40
    assert [each for each in clauses if _flat(each) not in said] == []


def test_every_number_of_the_text_is_in_a_clause(name, text):
    numbers = set(re.findall(r"\d+(?:[.:]\d+)?", text.decode()))
    written = set(re.findall(r"\d+(?:[.:]\d+)?", " ".join(_clauses(_raw(name).tree))))
    # the year of a copyright line, and the number of a heading, are no numbers of a promise
    assert numbers - written <= {"login-service": {"2026"}, "tractops": {"3"}}.get(name, set())


def test_every_sentence_of_the_text_is_in_a_clause(name, text):
    left = _flat(text.decode())
    for clause in sorted(_clauses(_raw(name).tree), key=len, reverse=True):
        left = left.replace(_flat(clause), " ")
    words = set(re.findall(r"[A-Za-z]{4,}", left))
    assert words <= set(re.findall(r"\w+", HEADINGS[name]))


def test_every_ambiguity_is_a_question(name):
    questions = [each["question"] for each in _raw(name).tree["interpretations"]]
    marks = {mark for each in questions for mark in re.findall(r"\(([AG]\d+)\)", each)}
    listed = {f"A{n + 1}" for n in range(AMBIGUITIES[name])} | {f"G{n + 1}" for n in range(11)}
    assert marks == listed
    assert all(re.search(r"\([AG]\d+\)$", each) for each in questions)


def test_every_question_says_why(name):
    silent = [each["id"] for each in _raw(name).tree["interpretations"] if not each.get("basis")]
    assert silent == []


def test_every_promise_and_question_has_its_sentence(name):
    tree = _raw(name).tree
    kinds = ("severities", "clocks", "services", "availability", "exclusions", "credits",
             "obligations")  # fmt: skip
    elements = [each for kind in kinds for each in tree.get(kind, ())]
    cells = [
        cell
        for clock in tree["clocks"]
        for cell in clock["targets"]
        if isinstance(clock["targets"], list)
    ]
    calendars = [*tree["calendars"].values(), *tree["plans"].values()]
    assert [each for each in (*elements, *cells, *calendars) if "clause" not in each] == []


def test_explain_says_every_number_and_question(name):
    tree = _raw(name).tree
    said = explain(tree)
    assert [number for number in SAID[name] if number not in said] == []
    for each in tree["interpretations"]:
        assert each["question"] in said
        for option in each["options"]:
            assert f"{option}: " in said
    for clause in _clauses(tree):
        assert clause in said


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("login-service", r"launch +urgent +any +first-response +4 business hours"),
        ("login-service", r"business +normal +any +first-response +8 business hours"),
        ("login-service", r"enterprise +normal +any +first-response +3 hours"),
        ("tappass", r"growth +S1 +\S+ +first-response +4 business hours"),
        ("tappass", r"enterprise +S4 +.* +first-response +3 business days"),
        ("tappass", r"enterprise +S3 +.* +resolution +5 business days"),
        ("tractops", r"premium +every +any +zoom-slot +24 business hours"),
        ("apisec", r"standard +every +any +first-response +24 business hours"),
    ],
)
def test_the_table_of_targets_has_every_cell(name, row):
    assert re.search(row, explain(_raw(name).tree))


@pytest.mark.parametrize(
    ("name", "row"), [("tractops", "monthly +.* +zoom-slot"), ("tappass", "growth +.* +resolution")]
)
def test_a_plan_without_a_promise_has_no_row(name, row):
    assert not re.search(row, explain(_raw(name).tree))
