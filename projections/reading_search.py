"""Which of many questions matter to a figure, and every combination of their answers.

Plain combinatorics: a *choice* gives some questions another answer and leaves the rest as it is;
`ask` tells what comes out of a choice. Contracts leave thirty questions open, so not every
combination can be asked; what matters nowhere is found and left out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Generic, TypeVar

Outcome = TypeVar("Outcome", bound=Hashable)
Choice = frozenset[tuple[str, str]]
"""Question and answer, of the questions that are not left as they are."""
Questions = Mapping[str, Sequence[str]]
"""The other answers of each question."""
AS_IT_IS: Choice = frozenset()


class TooMany(Exception):  # noqa: N818 - no error of the program: the question is too large
    """More combinations than may be asked."""

    def __init__(self, questions: Sequence[str], combinations: int) -> None:
        super().__init__(f"{combinations} combinations of {', '.join(questions)}")
        self.questions = tuple(questions)
        self.combinations = combinations


class Search(Generic[Outcome]):
    """Asks each choice once; `most` bounds the combinations."""

    def __init__(
        self, questions: Questions, ask: Callable[[Choice], Outcome], most: int
    ) -> None:
        self._questions = dict(sorted(questions.items()))
        self._ask = ask
        self._most = most
        self._known: dict[Choice, Outcome] = {}

    def outcome(self, choice: Choice) -> Outcome:
        """What comes out of a choice."""
        if choice not in self._known:
            self._known[choice] = self._ask(choice)
        return self._known[choice]

    def combinations(self) -> dict[Choice, Outcome]:
        """What comes out of every combination of the questions that matter.

        All questions are taken where they are few. Raises TooMany.
        """
        if self._size(self._questions) <= self._most:
            return {each: self.outcome(each) for each in self._of(self._questions)}
        matter: list[str] = []
        while True:
            found = self._another(matter)
            if not found:
                return {each: self.outcome(each) for each in self._of(matter)}
            matter = sorted({*matter, *found})
            if self._size(matter) > self._most:
                raise TooMany(matter, self._size(matter))

    def _size(self, names: Iterable[str]) -> int:
        return prod(1 + len(self._questions[name]) for name in names)

    def _of(self, names: Iterable[str]) -> Iterator[Choice]:
        """Every combination of answers to some questions, as it is first."""
        answers = [[None, *((name, one) for one in self._questions[name])] for name in names]
        for each in product(*answers):
            yield frozenset(one for one in each if one is not None)

    def _another(self, matter: Sequence[str]) -> set[str]:
        """Questions outside that change what comes out of some combination, alone or together.

        As things are, each answer is tried alone and with each answer to each other question;
        under every other combination, each answer in company of others.
        """
        others = {name: each for name, each in self._questions.items() if name not in matter}
        pairs = [*alone(others), *in_pairs(others)]
        together = list(in_company(others))
        for choice in self._of(matter):
            here = self.outcome(choice)
            for added in pairs if choice == AS_IT_IS else together:
                if self.outcome(choice | added) != here:
                    return self._fewest(choice, added)
        return set()

    def _fewest(self, choice: Choice, added: Choice) -> set[str]:
        """Of answers that change something together, those without which nothing changes."""
        here = self.outcome(choice)
        for one in sorted(added):
            fewer = added - {one}
            if fewer and self.outcome(choice | fewer) != here:
                added = fewer
        return {name for name, _ in added}


def alone(questions: Questions) -> Iterator[Choice]:
    """Every answer by itself."""
    for name, answers in questions.items():
        for answer in answers:
            yield frozenset({(name, answer)})


def in_company(questions: Questions) -> Iterator[Choice]:
    """As few choices as hold every answer once, each with answers to all other questions."""
    for number in range(max(map(len, questions.values()), default=0)):
        yield frozenset(
            (name, answers[number % len(answers)]) for name, answers in questions.items()
        )


def in_pairs(questions: Questions) -> Iterator[Choice]:
    """Few choices in which every two answers to two questions meet, also one left as it is."""
    names = list(questions)
    levels: dict[str, list[str | None]] = {name: [None, *questions[name]] for name in names}
    missing = {
        ((one, a), (other, b))
        for place, one in enumerate(names)
        for other in names[place + 1 :]
        for a in levels[one]
        for b in levels[other]
    } - {((one, None), (other, None)) for one in names for other in names}
    while missing:
        row = dict(min(missing, key=str))
        for name in names:
            if name not in row:
                row[name] = max(levels[name], key=lambda answer: _meets(missing, row, name, answer))
        missing -= {pair for pair in missing if all(row[name] == told for name, told in pair)}
        yield frozenset((name, told) for name, told in row.items() if told is not None)


def _meets(
    missing: set[tuple[tuple[str, str | None], tuple[str, str | None]]],
    row: Mapping[str, str | None],
    name: str,
    answer: str | None,
) -> int:
    """How many pairs still missing an answer would make with those of a row."""
    mine = (name, answer)
    return sum(
        ((each, mine) in missing) + ((mine, each) in missing) for each in row.items()
    )
