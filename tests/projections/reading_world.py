"""Two customers under one contract with three open questions, one of them decided for one customer.

March 2026: five minutes down (0.011 % of the month). ann and bob each open a ticket that is
answered after 90 minutes; for bob it was decided that two hours are promised.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from tests import scenario
from tests.reference.product import Product

AT, MONTH = "2026-04-05T00:00:00Z", "2026-03"
TOLD = """
contract:
  clocks:
    - {id: first, kind: first_response, satisfied_by: {author: agent}, pauses: [], strength: contractual,
       targets: [{within: {reading: promised}}]}
  availability:
    - {id: up, services: [app], period: month, measure: downtime, down_when: {any: [{incident: [outage]}]}, no_data: up,
       excused: counted_as_up, target: {at_least: "99.99"}, strength: contractual, minimum_duration: {reading: sustained}}
  credits:
    - {id: base, for: [up], formula: bands, bands: [{below: target, percent: "10"}], rounding: half_up, claim: none,
       base: {fee: recurring, services: all, over: period}, caps: [], settle: {when: next_invoice, leftover: lapse}}
  interpretations:
    - {id: promised, question: "How soon?", options: {hour: 1h, two: 2h}, chosen: hour}
    - {id: sustained, question: "How long must it be down?", options: {any: 0s, ten: 10m}, chosen: ten}
    - {id: idle, question: "Does anything rest on it?", options: {"yes": 1h, "no": 2h}, chosen: "yes"}
events:
  - {at: 2026-01-01 00:00, event: subscription.started, of: s2, id: bob, customer: bob, contract: k, plan: p,
     fee: {amount: "1000.00", currency: EUR, per: month}}
  - {at: 2026-02-01 00:00, event: interpretation.decided, of: k, id: decided, interpretation: promised, chosen: two, customer: bob}
  - {at: 2026-03-02 10:00, event: ticket.opened, of: ta, customer: ann, severity: high, id: ta}
  - {at: 2026-03-02 10:00, event: ticket.opened, of: tb, customer: bob, severity: high}
  - {at: 2026-03-02 11:30, event: ticket.message, of: ta, author: agent, id: answered}
  - {at: 2026-03-02 11:30, event: ticket.message, of: tb, author: agent}
  - {at: 2026-03-10 00:00, event: incident.impact_started, of: i1, service: app, impact: outage, id: down}
  - {at: 2026-03-10 00:05, event: incident.resolved, of: i1, id: up}
"""


def event(what: str, of: str, at: str, id: str, **data: Any) -> dict[str, Any]:
    """An event as JSON, without a recorded time."""
    return {"specversion": "1.0", "id": id, "source": "/test", "type": f"sla.{what}.v1", "subject": of, "time": at, "data": data}


@contextmanager
def world(*more: dict[str, Any], without: tuple[str, ...] = ()) -> Iterator[Any]:
    """The ledger of the story, with events more and without some of its own."""
    told = scenario._instants(yaml.load(TOLD, Loader=yaml.BaseLoader))
    stream = scenario.stream_of(told)
    stream.lines[:] = [line for line in stream.lines if json.loads(line[1])["id"] not in without]
    stream.lines += [("archive-more", json.dumps({**each, "recordedtime": each["time"]}).encode()) for each in more]
    with Product(stream) as asked:
        yield asked._ledger
