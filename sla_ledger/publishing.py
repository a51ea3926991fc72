"""A contract file on its way into the ledger: read, linted, made an event, sent by its door."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ledger.errors import BadInput
from projections.rows import FindingRow, ordered
from projections.terms.versions import PUBLISHED
from schemas import canonical
from schemas.envelope import Rejection, read
from schemas.form_errors import all_form_errors
from schemas.instant import LAST_INSTANT, format_instant
from schemas.lint import lint
from schemas.terms_raw import Raw, RawError, read_yaml
from sla_ledger.answers import Answer, Envelope, Rules
from sla_ledger.version import rules

TOPIC = "sla.agreements"


def _raw(file: Path) -> Raw:
    try:
        return read_yaml(file.read_bytes())
    except OSError as error:
        raise BadInput(str(file), f"it cannot be read: {error.strerror}") from error


def findings(file: Path, ledger: Any = None) -> list[FindingRow]:
    """Every finding of a contract file, in the order of lines.

    `ledger`: whose holiday sets and subscriptions are looked at; None: that is not checked.
    """
    try:
        raw = _raw(file)
    except RawError as error:
        return [
            FindingRow(str(file), error.line, error.column, "error", error.code, error.path,
                       error.message, error.fix),
        ]  # fmt: skip
    return ordered(
        FindingRow(
            str(file), each.line, each.column, each.level, each.code, each.path, each.message,
            each.fix,
        )
        for each in lint(raw, *_of_ledger(raw.tree, ledger))
    )  # fmt: skip


def linted(file: Path, ledger: Any, now: int) -> Answer:
    """The findings of a contract file as an answer (I5); they rest on no moment."""
    head = Envelope("contract lint", now, None, None, Rules(*rules()), False, False)
    return Answer(head, findings(file, ledger))


def _of_ledger(tree: Any, ledger: Any) -> tuple[set[str] | None, set[str] | None]:
    """The holiday sets of a ledger, and the contract's active subscriptions without billing day."""
    if ledger is None:
        return None, None
    view = ledger.view()
    agreements, contract = view.agreements, tree.get("contract") if isinstance(tree, dict) else ""
    sets = {fact.subject for fact in agreements.facts("sla.calendar.published.v1")}
    without = {
        span.subscription
        for span in agreements.spans
        if span.contract == contract
        and span.billing_day is None
        and span.start <= view.as_of.at < span.end
    }
    return sets, without


def explained(file: Path) -> str:
    """A contract file in plain sentences. BadInput for an error of form."""
    from schemas.explain_terms import explain  # noqa: PLC0415 - only the one command needs it

    return explain(_sound(file))


def targets(file: Path) -> str:
    """The table of targets of a contract file: plan by severity and channel."""
    from schemas.explain_terms import targets as shown  # noqa: PLC0415 - for two findings alone

    return shown(_sound(file))


def _sound(file: Path) -> dict[str, Any]:
    """The tree of a contract file. BadInput where it has an error of form, with its place."""
    try:
        raw = _raw(file)
    except RawError as error:
        place = f"{file} line {error.line}, column {error.column}"
        raise BadInput(place, f"{error.code}: {error.message}; {error.fix}") from error
    for broken in all_form_errors(raw.tree):
        line, column = raw.place(broken.steps)
        reason = f"{broken.code} {broken.path}: {broken.message}; {broken.fix}"
        raise BadInput(f"{file} line {line}, column {column}", reason)
    tree: dict[str, Any] = raw.tree
    return tree


def event_of(file: Path, time: int, by: str | None) -> tuple[dict[str, Any], list[FindingRow]]:
    """The publication of a contract file, and its findings. BadInput for an error of form.

    Its id tells apart texts, times and publishers: the same said again is a repeat (E7).
    """
    terms = _sound(file)
    contract, version = str(terms.get("contract", "")), str(terms.get("version", ""))
    told: dict[str, Any] = {
        "time": format_instant(time),
        "data": {"terms": terms, **({} if by is None else {"by": by})},
    }
    mark = hashlib.sha256(canonical.value(told).encode()).hexdigest()[:12]
    event: dict[str, Any] = {
        "specversion": "1.0", "id": f"{contract}/{version}/{mark}", "source": "/sla-ledger",
        "type": PUBLISHED, "subject": contract, **told,
    }  # fmt: skip
    judged = read(canonical.value(event).encode())
    if isinstance(judged, Rejection):
        raise BadInput(f"{file}{judged.at}", f"{judged.code}: {judged.message}")
    return event, findings(file)


def before(ledger: Any, event: dict[str, Any]) -> tuple[bool, list[str]]:
    """Whether this very publication is in the ledger, and when the version had another text."""
    terms, version = event["data"]["terms"], str(event["data"]["terms"]["version"])
    found, others = False, []
    for fact in ledger.view(at=format_instant(LAST_INSTANT)).agreements.facts(PUBLISHED):
        if (fact.source, fact.event_id) == (event["source"], event["id"]):
            found = True
        elif fact.subject == event["subject"] and str(fact.data["terms"]["version"]) == version:
            if fact.data["terms"] != terms:
                others.append(format_instant(fact.effective_at))
    return found, others


def send(ledger: Any, event: dict[str, Any]) -> None:
    """Send an event of ours through the ledger's one door (L2)."""
    if ledger.door == "file":
        ledger.append([event])
        return
    from consumers.broker import KafkaSettings, producer, reaching  # noqa: PLC0415 - Kafka only here

    settings = KafkaSettings()
    with reaching(settings, "publishing"):
        client = producer(settings)
        sent = client.send(
            settings.at_broker(TOPIC), key=event["subject"].encode(),
            value=canonical.value(event).encode(),
        )  # fmt: skip
        client.flush(timeout=30)
        sent.get(timeout=30)
        client.close(timeout=3)


