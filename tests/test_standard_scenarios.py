"""The given cases asked of the standard contracts: another way to write a text gives the same rows.

Each case publishes a contract of its own for one of the four documents. Here the standard contract
of that document takes its place, under the contract id of the case. What the case chose is decided
by events: where both have an interpretation of the same name, the option of the same value; where
the case wrote a plain value, the option of `PLAIN` that stands for it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import schemas
from schemas.terms_raw import read_json, read_yaml
from tests.reference import product
from tests.reference.stream import Question, Reference, Stream, moment
from tests.test_scenarios_shared import CASES, check, questions

STANDARD = Path(schemas.__file__).parent / "standard_terms"
FILES = {
    "identity-sla": "login-service.yaml",
    "gateway-sla": "tappass.yaml",
    "tractops-sla": "tractops.yaml",
    "apisec-sla": "apisec.yaml",
}
NAMES = {("tractops-sla", "annual-to-month"): "monthly-fee"}
PLAIN = {
    "identity-sla": {"classification": "lower-forward"},
    "gateway-sla": {
        "listed-channels": "any",
        "classification": "forward",
        "resolution-strength": "binding",
        "business-hours": "nine-to-six",
        "business-zone": "brussels",
        "holidays": "be",
    },
    "tractops-sla": {
        "listed-channels": "any",
        "classification": "lower-forward",
        "invoice": "following",
    },
    "apisec-sla": {"business-zone": "pacific", "holidays": "us"},
}
OF_THEIR_OWN = {
    "u42-quota": "a quota that no text has",
    "u44-request-ratio": "another measure",
    "u46-interval-average-skip": "another measure",
    "u48-days-of-service": "credits in days",
    "u52-minimum-and-standing": "a minimum and the standing of the account",
}
"""Cases whose contracts hold clauses that are in none of the four texts."""
ASKED = [case for case in CASES if case.name not in OF_THEIR_OWN]


@lru_cache
def standard(contract: str) -> str:
    """The standard contract under the id of the cases, as the JSON of a publication."""
    tree = read_yaml((STANDARD / FILES[contract]).read_bytes()).tree
    return json.dumps({**tree, "contract": contract})


def by_value(options: dict[str, Any]) -> dict[str, str]:
    """Option ids by their value, as its text."""
    return {json.dumps(read_json(value)): name for name, value in options.items()}


class Exchange:
    """One case's contract beside the standard one."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.contract: str = given["contract"]
        self.tree = json.loads(standard(self.contract))
        self.theirs = {each["id"]: each for each in given["interpretations"]}
        self.ours = {each["id"]: each for each in self.tree["interpretations"]}

    def option(self, name: str, chosen: str) -> tuple[str, str] | None:
        """Interpretation and option of the standard contract; None where it has no such."""
        ours = NAMES.get((self.contract, name), name)
        if name not in self.theirs or ours not in self.ours:
            return None
        value = json.dumps(read_json(self.theirs[name]["options"][chosen]))
        found = by_value(self.ours[ours]["options"]).get(value)
        return None if found is None else (ours, found)

    def decisions(self) -> dict[str, str]:
        """What must be decided for the case's own readings to hold."""
        wanted = dict(PLAIN[self.contract])
        for name, each in self.theirs.items():
            found = self.option(name, each["chosen"])
            if found is not None:
                wanted[found[0]] = found[1]
        return {name: each for name, each in wanted.items() if self.ours[name]["chosen"] != each}


def exchanged(case: Path) -> Stream:
    """The stream of a case with the standard contracts in the place of its own."""
    lines: list[tuple[str, bytes]] = []
    known: dict[str, Exchange] = {}
    for log, line in Stream.of_folder(case).lines:
        event = json.loads(line)
        if event["type"] == "sla.contract.published.v1":
            here = known[event["subject"]] = Exchange(event["data"]["terms"])
            event["data"]["terms"] = here.tree
            lines.append((log, json.dumps(event).encode()))
            for name, chosen in here.decisions().items():
                lines.append((log, json.dumps(_decided(event, name, chosen)).encode()))
            continue
        if event["type"] == "sla.interpretation.decided.v1":
            data = event["data"]
            found = known[event["subject"]].option(data["interpretation"], data["chosen"])
            assert found is not None, data
            data["interpretation"], data["chosen"] = found
        lines.append((log, json.dumps(event).encode()))
    return Stream(lines)


def _decided(published: dict[str, Any], name: str, chosen: str) -> dict[str, Any]:
    return {
        **{key: value for key, value in published.items() if key != "data"},
        "id": f"{published['id']}-{name}",
        "type": "sla.interpretation.decided.v1",
        "data": {"interpretation": name, "chosen": chosen},
    }


@pytest.mark.skipif(not CASES, reason="no folder of cases (set SLA_LEDGER_SCENARIOS)")
def test_every_document_is_exchanged_somewhere() -> None:
    found = set()
    for case in ASKED:
        for _, line in exchanged(case).lines:
            event = json.loads(line)
            if event["type"] == "sla.contract.published.v1":
                found.add(event["data"]["terms"]["source"]["document"][:3])
    assert found == {"000", "002", "003", "004"}
    assert set(OF_THEIR_OWN) < {case.name for case in CASES}


@pytest.mark.parametrize("case", ASKED or [None], ids=lambda case: case.name if case else "none")
@pytest.mark.skipif(not CASES, reason="no folder of cases (set SLA_LEDGER_SCENARIOS)")
def test_the_reference_gives_the_rows_of_the_case(case: Path) -> None:
    asked_reference = Reference(exchanged(case))
    for question, asked in questions(case):
        check(asked_reference.ask(question), asked)


@pytest.mark.parametrize("case", ASKED or [None], ids=lambda case: case.name if case else "none")
@pytest.mark.skipif(not CASES, reason="no folder of cases (set SLA_LEDGER_SCENARIOS)")
@pytest.mark.skipif(product.why_absent() is not None, reason=str(product.why_absent()))
def test_the_product_gives_the_rows_of_the_case(case: Path) -> None:
    with product.Product(exchanged(case)) as asked_product:
        for question, asked in questions(case):
            check(asked_product.ask(question), asked)


def _hours_not_supplied() -> Stream:
    """Enterprise of document 002, a ticket S2 in June, business hours not supplied; and its answer."""
    begin = "2026-01-01T00:00:00Z"
    fee = {"amount": "1000.00", "currency": "EUR", "per": "month"}
    started = {"customer": "ann", "contract": "gateway-sla", "plan": "enterprise", "fee": fee}
    chosen = {"interpretation": "business-hours", "chosen": "not-supplied"}
    opened = {"customer": "ann", "severity": "S2", "channel": "email"}
    events = [
        ("contract.published", "gateway-sla", begin, {"terms": json.loads(standard("gateway-sla"))}),
        ("interpretation.decided", "gateway-sla", begin, chosen),
        ("subscription.started", "s1", begin, started),
        ("ticket.opened", "t1", "2026-06-10T10:00:00Z", opened),
    ]
    return Stream.of_events(
        (
            "archive-test",
            {
                "specversion": "1.0",
                "id": f"e{number}",
                "source": "/test",
                "type": f"sla.{name}.v1",
                "subject": subject,
                "time": time,
                "recordedtime": time,
                "data": data,
            },
        )
        for number, (name, subject, time, data) in enumerate(events)
    )


def test_without_the_hours_a_clock_has_no_deadline() -> None:
    """clauses.md 2.2 A1: hours that nobody supplied block every clock that needs them."""
    at = moment("2026-06-20T00:00:00Z")
    question = Question("clocks", at, at)
    stream = _hours_not_supplied()
    sides = [Reference(stream).ask(question)]
    if product.why_absent() is None:
        with product.Product(stream) as asked_product:
            sides.append(asked_product.ask(question))
    for rows in sides:
        first = {each["clock"]: each for each in rows}["first-response"]
        assert (first["deadline_at"], first["verdict"]) == (None, "running")
