"""Every commitment and every open question of the four documents has its place in a contract.

`commitments.yaml` lists them as the documents were read, sentence by sentence (clauses.md part 2);
here each path is walked, so nothing of a text can go missing unnoticed.
"""

import re
from functools import lru_cache
from pathlib import Path

import pytest

import schemas
from schemas.terms_overrides import places
from schemas.terms_raw import read_yaml

FOLDER = Path(schemas.__file__).parent / "standard_terms"
LIST = read_yaml((Path(__file__).parent / "commitments.yaml").read_bytes()).tree
COMMITMENTS = {"login-service": 14, "tappass": 11, "tractops": 11, "apisec": 11}
QUESTIONS = {"login-service": 20, "tappass": 19, "tractops": 21, "apisec": 15}
STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\]]*)\]")


@lru_cache
def _tree(name):
    return read_yaml((FOLDER / f"{name}.yaml").read_bytes()).tree


def _found(tree, path):
    """What a path leads to (terms.md 1.6), from the document as written."""
    here = [tree]
    for step in STEP.finditer(path):
        plain = step[1] is not None
        key = step[1] if plain else step[2]
        here = [each[at] for each in here for at in places(each, key, bracketed=not plain)]
    return here


def _each(kind):
    return [
        pytest.param(name, mark, each, id=f"{name}-{mark}")
        for name, document in LIST.items()
        for mark, each in document[kind].items()
    ]


def test_the_list_is_whole():
    assert set(LIST) == {path.stem for path in FOLDER.glob("*.yaml")}
    for name, document in LIST.items():
        assert list(document["commitments"]) == [f"C{n + 1}" for n in range(COMMITMENTS[name])]
        listed = [f"G{n + 1}" for n in range(11)] + [f"A{n + 1}" for n in range(QUESTIONS[name])]
        assert list(document["questions"]) == listed


@pytest.mark.parametrize(("name", "mark", "each"), _each("commitments"))
def test_every_commitment_has_its_place(name, mark, each):
    assert each["says"]
    written = {path: _found(_tree(name), path) for path in each.get("is", {})}
    assert written == {path: [value] for path, value in each.get("is", {}).items()}
    there = {path: len(_found(_tree(name), path)) for path in each.get("at", [])}
    assert there == dict.fromkeys(each.get("at", []), 1)
    assert written or there


@pytest.mark.parametrize(("name", "mark", "each"), _each("questions"))
def test_every_question_has_its_answer(name, mark, each):
    """An interpretation each, that says its mark; the option of the list holds by default."""
    tree = _tree(name)
    marked = {
        one["id"]: one["chosen"] for one in tree["interpretations"] if f"({mark})" in one["question"]
    }
    assert marked == each
    for one, chosen in each.items():
        assert chosen in _found(tree, f"interpretations[{one}].options")[0]


@pytest.mark.parametrize("name", sorted(COMMITMENTS))
def test_every_obligation_is_a_commitment(name):
    listed = {
        path
        for each in LIST[name]["commitments"].values()
        for path in each.get("at", [])
        if path.startswith("obligations[")
    }
    assert listed == {f"obligations[{each['id']}]" for each in _tree(name)["obligations"]}
