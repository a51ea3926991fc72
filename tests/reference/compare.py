"""Both readings on the same streams: where they differ, the shortest stream that still shows it.

python -m tests.reference.compare --seeds 10000
python -m tests.reference.compare --seed 4711
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from schemas.instant import format_instant  # noqa: E402
from tests.reference.generator import Case, stream  # noqa: E402
from tests.reference.knowing import Paradox  # noqa: E402
from tests.reference.product import Product, why_absent  # noqa: E402
from tests.reference.stream import Question, Reference, Stream  # noqa: E402

KEYS = {
    "clocks": ("customer", "subscription", "ticket", "clock", "instance"),
    "uptime": ("customer", "subscription", "availability", "service", "period", "part"),
    "credits": ("customer", "subscription", "period", "credit", "part"),
    "rights": ("customer", "subscription", "right", "arose_at"),
    "problems": ("kind", "subject", "detail"),
}
RULES = {
    "clock": "S5.16-S5.21",
    "instance": "S5.4",
    "severity": "S5.30-S5.37",
    "plan": "S3.60",
    "contract_version": "S3.5-S3.8",
    "strength": "S3.22",
    "target": "S3.20, S5.58",
    "calendar": "S3.20",
    "started_at": "S5.16-S5.21, S5.71",
    "stopped_at": "S5.16-S5.21",
    "provisional": "S5.20",
    "deadline_at": "S5.43-S5.47",
    "projected_deadline_at": "S5.45",
    "elapsed_seconds": "S5.40, S5.41",
    "target_seconds": "S4.24, S4.25",
    "paused_seconds": "S5.42",
    "verdict": "S5.50-S5.56, S6.90",
    "period": "S3.30-S3.38",
    "part": "S3.41-S3.46",
    "covered_seconds": "S3.51, S6.92",
    "gross_downtime_seconds": "S6.10-S6.33",
    "excused": "S6.40-S6.42, S7",
    "net_downtime_seconds": "S6.4-S6.6",
    "denominator_seconds": "S6.7, S6.42",
    "unknown_seconds": "S6.9, S6.80",
    "uptime_percent": "S6.8, S6.60-S6.75",
    "uptime_worst_percent": "S6.80",
    "uptime_at_best_percent": "S6.85, S6.86",
    "service": "S8.45, S8.46",
    "band": "S8.15",
    "base": "S8.30-S8.43",
    "percent": "S8.15-S8.21",
    "days": "S8.22, S8.101",
    "amount_before_caps": "S8.15-S8.46",
    "caps_applied": "S8.50-S8.59",
    "amount": "S8.50-S8.66",
    "currency": "S8.43",
    "state": "S8.90-S8.100, S8.114",
    "claim_deadline": "S8.87",
    "claims": "S8.79, S8.85, S8.103",
    "reasons": "S8.70-S8.74, I4",
    "arose_at": "S8.112, S8.113",
    "until": "S8.113",
}
LEFT_TO_THE_PRODUCT = frozenset({"lint", "unsettled", "rejected", "unreconciled"})
"""Kinds that the reference does not look for: the linter's, the log's, the decoder's, closing's."""


class Side(Protocol):
    """Whatever answers questions."""

    def ask(self, question: Question) -> list[dict[str, Any]]:
        """Rows with texts."""


@dataclass
class Difference:
    """One row on which the two disagree; None: it is missing there."""

    question: Question
    key: tuple[Any, ...]
    reference: dict[str, Any] | None
    product: dict[str, Any] | None
    error: str | None = None

    @property
    def members(self) -> list[str]:
        """What differs."""
        if self.reference is None or self.product is None:
            return []
        return [
            name
            for name, value in self.reference.items()
            if name in self.product and self.product[name] != value
        ]

    @property
    def kind(self) -> tuple[str, ...]:
        """What a shrunk stream must still show."""
        if self.error is not None:
            return ("error", self.error.split("\n", maxsplit=1)[0][:60])
        if self.question.answer == "problems":
            found = self.reference or self.product or {}
            where = "reference" if self.product is None else "product"
            return ("problems", str(found.get("kind")), where)
        if self.reference is None or self.product is None:
            return (self.question.answer, "row", "reference" if self.product is None else "product")
        return (self.question.answer, self.members[0])

    def text(self) -> str:
        """Both rows, the members that differ, and the rules that those come from."""
        q = self.question
        lines = [
            f"{q.answer} {q.month or ''} at {format_instant(q.at)} "
            f"known_at {format_instant(q.known_at)}: {' '.join(map(str, self.key))}"
        ]
        if self.error is not None:
            return "\n".join([*lines, f"  error: {self.error}"])
        if self.reference is None or self.product is None:
            side = "product" if self.reference is None else "reference"
            lines.append(f"  only the {side} has it: {json.dumps(self.product or self.reference)}")
            return "\n".join(lines)
        for name in self.members:
            lines.append(
                f"  {name}: reference {json.dumps(self.reference[name])}, "
                f"product {json.dumps(self.product[name])}   ({RULES.get(name, '')})"
            )
        return "\n".join(lines)


def differences(
    reference: Side, product: Side, questions: Iterable[Question]
) -> Iterator[Difference]:
    """Row by row, all members as text."""
    for question in questions:
        mine = reference.ask(question)
        try:
            theirs = product.ask(question)
        except Exception as error:
            yield Difference(question, (), None, None, f"{type(error).__name__}: {error}")
            continue
        if question.answer == "problems":
            theirs = [row for row in theirs if row["kind"] not in LEFT_TO_THE_PRODUCT]
        names = KEYS[question.answer]
        one = {tuple(row[name] for name in names): row for row in mine}
        other = {tuple(row[name] for name in names): row for row in theirs}
        if len(one) != len(mine) or len(other) != len(theirs):
            yield Difference(question, (), None, None, "two rows with equal keys (I3)")
        for key in sorted({*one, *other}, key=str):
            found = Difference(question, key, one.get(key), other.get(key))
            if found.reference is None or found.product is None or found.members:
                yield found


def first_differences(
    stream_: Stream, questions: list[Question], *, of_files: bool = False
) -> list[Difference]:
    """All differences on one stream."""
    reference = Reference(stream_)
    try:
        with Product(stream_, of_files=of_files) as product:
            return list(differences(reference, product, questions))
    except Paradox:
        return []


def shrunk(
    stream_: Stream, wanted: Difference, seconds: float = 600, *, of_files: bool = False
) -> tuple[Stream, Difference]:
    """Drop events while a difference of the same kind stays, and time is left."""
    best = wanted
    until = time.monotonic() + seconds

    def still(smaller: Stream) -> Difference | None:
        if time.monotonic() > until:
            return None
        try:
            found = first_differences(smaller, [wanted.question], of_files=of_files)
        except Exception:
            return None
        return next((one for one in found if one.kind == wanted.kind), None)

    size = max(len(stream_.lines) // 2, 1)
    while size:
        start = 0
        while start < len(stream_.lines):
            smaller = stream_.without(set(range(start, start + size)))
            found = still(smaller)
            if found is not None:
                stream_, best = smaller, found
            else:
                start += size
        size //= 2
    for number in range(len(stream_.lines)):
        for name, element in _elements(stream_, number):
            smaller = _without(stream_, number, name, element)
            found = None if smaller.rejections() else still(smaller)
            if found is not None:
                stream_, best = smaller, found
    return stream_, best


SEVERAL = (
    "pools",
    "rights",
    "credits",
    "clocks",
    "exclusions",
    "availability",
    "interpretations",
)


def _elements(stream_: Stream, number: int) -> list[tuple[str, str]]:
    """What the contract of a line, if it has one, may do without."""
    terms = json.loads(stream_.lines[number][1]).get("data", {}).get("terms") or {}
    found = [(name, one["id"]) for name in SEVERAL for one in terms.get(name, [])]
    return found + [("calendars", name) for name in terms.get("calendars", [])]


def _without(stream_: Stream, number: int, name: str, element: str) -> Stream:
    """The stream with one element less in a contract."""
    log, line = stream_.lines[number]
    event = json.loads(line)
    terms = event["data"]["terms"]
    if name == "calendars":
        terms[name].pop(element)
    else:
        terms[name] = [one for one in terms[name] if one["id"] != element]
    lines = list(stream_.lines)
    lines[number] = (log, json.dumps(event).encode())
    return Stream(lines)


def report(case: Case, several: list[Difference], *, shrink: bool, seconds: float = 600) -> str:
    """What to show a person: the shortest stream, then both rows."""
    first = several[0]
    stream_ = case.stream
    if shrink:
        stream_, first = shrunk(stream_, first, seconds, of_files=case.of_files)
    lines = [f"seed {case.seed} ({case.mode}), {len(several)} rows differ; the first:"]
    lines += [f"  {log} {line.decode()}" for log, line in stream_.lines]
    return "\n".join([*lines, first.text()])


def main() -> int:
    """Many seeds, a summary by what differs; exit 1 when anything does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, help="one seed alone")
    parser.add_argument("--rare", action="store_true", help="streams that say what is seldom said")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--every", action="store_true", help="report every seed, not a kind once")
    given = parser.parse_args()
    absent = why_absent()
    if absent is not None:
        sys.stderr.write(absent + "\n")
        return 4
    seeds = (
        [given.seed] if given.seed is not None else range(given.first, given.first + given.seeds)
    )
    kinds: Counter[tuple[str, ...]] = Counter()
    for number, seed in enumerate(seeds):
        if number and number % 200 == 0:
            sys.stderr.write(f"{number} seeds, {sum(kinds.values())} differences\n")
        case = stream(seed, rare=given.rare)
        several = first_differences(case.stream, case.questions, of_files=case.of_files)
        new = [one for one in several if one.kind not in kinds]
        for kind in {one.kind for one in several}:
            kinds[kind] += 1
        if new or (several and given.every):
            sys.stdout.write(report(case, new or several, shrink=not given.no_shrink) + "\n\n")
            sys.stdout.flush()
    for kind, number in kinds.most_common():
        sys.stdout.write(f"{number:6d} seeds: {' '.join(kind)}\n")
    sys.stdout.write(f"{len(seeds)} seeds, {len(kinds)} kinds of differences\n")
    return 1 if kinds else 0


if __name__ == "__main__":
    raise SystemExit(main())
