"""Which questions matter, and every combination of their answers."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.reading_search import AS_IT_IS, Search, TooMany, alone, in_company, in_pairs

QUESTIONS = {f"q{number}": ("a", "b", "c")[: 1 + number % 3] for number in range(8)}
PAIRS = sorted(product(product(QUESTIONS, "abc"), repeat=2))
TOLD = [frozenset(pair) for pair in PAIRS if all(answer in QUESTIONS[name] for name, answer in pair)]


def all_of(questions):
    answers = [[None, *((name, one) for one in told)] for name, told in questions.items()]
    return [frozenset(one for one in each if one is not None) for each in product(*answers)]


@given(st.lists(st.sampled_from(TOLD), max_size=2, unique=True))
def test_what_two_answers_do_together_is_found(effects):
    """Each effect is one of an answer or of two together, each weighs on its own."""

    def ask(choice):
        return sum(2**place for place, effect in enumerate(effects) if effect <= choice)

    few = Search(QUESTIONS, ask, 200).combinations()
    assert {*few.values()} == {ask(choice) for choice in all_of(QUESTIONS)}
    named = {name for choice in few for name, _ in choice}
    real = {name for effect in effects if len({name for name, _ in effect}) == len(effect) for name, _ in effect}
    assert named == real


def test_few_questions_are_all_asked():
    few = {name: QUESTIONS[name] for name in ("q0", "q1", "q2")}
    asked = []
    found = Search(few, lambda choice: asked.append(choice) or 0, 24).combinations()
    assert set(found) == set(all_of(few)) and len(asked) == 24


def test_more_than_may_be_asked():
    with pytest.raises(TooMany) as found:
        Search(QUESTIONS, len, 100).combinations()
    assert found.value.combinations > 100


def test_the_choices_that_are_tried():
    few = {"x": ("a",), "y": ("a", "b")}
    assert list(alone(few)) == [{("x", "a")}, {("y", "a")}, {("y", "b")}]
    assert list(in_company(few)) == [{("x", "a"), ("y", "a")}, {("x", "a"), ("y", "b")}]
    assert list(in_company({})) == list(in_pairs({})) == []
    met = list(in_pairs(QUESTIONS))
    for one, other in combinations(QUESTIONS, 2):
        for a in QUESTIONS[one]:
            for b in QUESTIONS[other]:
                assert any({(one, a), (other, b)} <= choice for choice in met)
    assert AS_IT_IS not in met and len(met) < 30
