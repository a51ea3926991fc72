"""Each number, edge and answer of a standard contract matters: changing it is never without a trace.

A change of the document is noticed when it breaks a rule of form, or when the model of a plan comes
out otherwise; and what people read of it changes too. A member that the program read past, or that
`explain` kept silent about, would be found here.
"""

import copy
import dataclasses
import re
from functools import lru_cache
from pathlib import Path

import pytest

import schemas
from schemas.explain_terms import explain
from schemas.resolve import resolve
from schemas.terms import Contract
from schemas.terms_raw import read_yaml

FOLDER = Path(schemas.__file__).parent / "standard_terms"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
WORDS = {"contract", "version", "provider", "source", "effective", "id", "text", "clause", "question",
         "basis", "chosen"}  # fmt: skip
"""Members for people, and what is read before a plan: no number of a promise stands in them."""
NUMBER = re.compile(r"[-+]?\d+(?:[.:]\d+)*(?:s|m|h|d|bm|bh|bd|mo)?")
_PARTS = dataclasses.fields(Contract)
EDGES = {"below": "at_most", "at_most": "below", "at_least": "above", "above": "at_least"}


@lru_cache
def _tree(name):
    return read_yaml((FOLDER / f"{name}.yaml").read_bytes()).tree


@dataclasses.dataclass(frozen=True)
class Change:
    """A place of the raw tree and what is done to it; `under` is the option that it stands in."""

    what: str
    steps: tuple
    value: object
    under: tuple = ()

    def made(self, tree):
        changed = copy.deepcopy(tree)
        here = changed
        for step in self.steps[:-1]:
            here = here[step]
        if self.what == "edge":
            items = [(self.value if key == self.steps[-1] else key, each) for key, each in here.items()]
            here.clear()
            here.update(items)
        else:
            here[self.steps[-1]] = self.value
        return changed

    def __str__(self):
        return f"{self.what} {'.'.join(map(str, self.steps))} -> {self.value}"


def _other(number):
    """The number with its last digit of the number one higher, its unit kept."""
    digits = re.search(r"\d(?=\D*$)", number)
    higher = str((int(digits[0]) + 1) % 10)
    return number[: digits.start()] + higher + number[digits.end() :]


def _changes(tree, steps=(), under=()):
    """Every change of a number or an edge below a place."""
    if isinstance(tree, str):
        if NUMBER.fullmatch(tree):
            yield Change("number", steps, _other(tree), under)
        return
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        here = (*steps, key)
        if key in WORDS:
            continue
        if key == "interpretations":
            for place, each in enumerate(value):
                if len(each["options"]) > 1:
                    for option, inner in each["options"].items():
                        at = (*here, place, "options", option)
                        yield from _inside(inner, at, (each["id"], option))
            continue
        if key in EDGES and isinstance(tree, dict):
            yield Change("edge", here, EDGES[key], under)
        yield from _changes(value, here, under)


def _inside(value, at, under):
    if isinstance(value, str):
        if NUMBER.fullmatch(value):
            yield Change("number", at, _other(value), under)
        return
    yield from _changes(value, at, under)


def _choices(tree):
    """Every other answer to a question that has several."""
    for place, each in enumerate(tree["interpretations"]):
        for option in each["options"]:
            if len(each["options"]) > 1 and option != each["chosen"]:
                steps = ("interpretations", place, "chosen")
                yield Change("answer", steps, option, (each["id"], option))


def _readings(tree, under):
    """Readings under which an option is looked at: itself, and the options that lead to it."""
    if not under:
        return {}
    wanted = dict([under])
    for each in tree["interpretations"]:
        if each["id"] in wanted:
            continue
        leading = [o for o, value in each["options"].items() if _reads(value, set(wanted))]
        if leading and not _reads(each["options"][each["chosen"]], set(wanted)):
            wanted[each["id"]] = leading[0]
    return wanted


def _reads(tree, names):
    if isinstance(tree, dict):
        return tree.get("reading") in names if "reading" in tree else any(
            _reads(each, names) for each in tree.values()
        )  # fmt: skip
    return isinstance(tree, list) and any(_reads(each, names) for each in tree)


def _model(tree, plan, readings):
    """What the program makes of a document, the list of questions left out."""
    resolved = resolve(tree, plan, readings)
    if resolved.contract is None:
        return resolved.errors
    parts = {each.name: getattr(resolved.contract, each.name) for each in _PARTS}
    return {name: value for name, value in parts.items() if name != "interpretations"}


@pytest.fixture(params=NAMES)
def tree(request):
    return _tree(request.param)


def test_there_is_much_to_change(tree):
    changes = list(_changes(tree))
    assert len([each for each in changes if each.what == "number"]) > 10
    assert [each for each in changes if each.what == "edge"]
    assert len(list(_choices(tree))) > 20


def test_the_same_document_gives_the_same_model(tree):
    """Otherwise the tests below would notice everything."""
    for plan in tree["plans"]:
        assert _model(tree, plan, {}) == _model(copy.deepcopy(tree), plan, {})


def test_the_model_notices_every_number_and_edge(tree):
    known = {}
    silent = []
    for change in _changes(tree):
        readings = _readings(tree, change.under)
        changed = change.made(tree)
        for plan in reversed(tree["plans"]):
            key = (plan, change.under)
            if key not in known:
                known[key] = _model(tree, plan, readings)
            if _model(changed, plan, readings) != known[key]:
                break
        else:
            silent.append(str(change))
    assert silent == []


def test_the_model_notices_every_answer(tree):
    silent = []
    for change in _choices(tree):
        readings = _readings(tree, change.under)
        before = {name: each for name, each in readings.items() if name != change.under[0]}
        if all(_model(tree, plan, readings) == _model(tree, plan, before) for plan in tree["plans"]):
            silent.append(str(change))
    assert silent == []


def test_explain_notices_every_number_and_edge(tree):
    said = explain(tree)
    silent = [str(each) for each in _changes(tree) if explain(each.made(tree)) == said]
    assert silent == []


def test_explain_notices_another_answer(tree):
    said = explain(tree)
    answers = {change.steps: change for change in _choices(tree)}
    silent = [str(each) for each in answers.values() if explain(each.made(tree)) == said]
    assert silent == []
