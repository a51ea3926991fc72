"""One incident of 21 minutes that two thirds of a contract's questions are about, and a dispute.

March 2026 has 2,678,400 s. i1 is down for 6 minutes (2 March 10:00-10:06) and for 15 minutes
(3 March 12:00-12:15, customer's fault); both are `degraded` in words that only one reading counts.
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
  zones: {period: {reading: zone}, deadlines: UTC}
  clocks:
    - {id: first, kind: first_response, satisfied_by: {author: agent}, pauses: [], strength: contractual,
       targets: [{within: {reading: promised}}]}
  availability:
    - {id: up, services: [app], period: month, measure: downtime, down_when: {any: [{incident: {reading: levels}}]}, no_data: up,
       excused: {reading: denominator}, target: {at_least: "99.99"}, strength: contractual, minimum_duration: {reading: sustained}}
  exclusions:
    - {id: theirs, kind: cause, cause: customer}
  credits:
    - {id: base, for: [up], formula: bands, bands: [{below: "99.98", percent: {reading: lower}}, {below: "99.99", at_least: "99.98", percent: "10"}],
       rounding: half_up, claim: none, base: {fee: recurring, services: all, over: period}, caps: {reading: capped},
       settle: {when: next_invoice, leftover: lapse}}
  interpretations:
    - {id: zone, question: "Whose month?", options: {utc: UTC, york: America/New_York}, chosen: utc}
    - {id: promised, question: "How soon?", options: {hour: 1h, two: 2h}, chosen: hour}
    - {id: levels, question: "Is degraded down?", options: {strict: [outage], wide: [outage, degraded]}, chosen: strict}
    - {id: sustained, question: "How long must it be down?", options: {any: 0s, ten: 10m, hour: 1h}, chosen: ten}
    - {id: denominator, question: "Does it leave the month?", options: {stays: counted_as_up, leaves: removed}, chosen: stays}
    - {id: lower, question: "What does the lower row pay?", options: {quarter: "25", half: "50"}, chosen: quarter}
    - {id: capped, question: "Is there a cap?", options: {none: [], fifth: {reading: cap}}, chosen: none}
    - {id: cap, question: "Of what?", options: {twentieth: [{percent: "5", of: base, per: period}], fifth: [{percent: "20", of: base, per: period}]}, chosen: fifth}
events:
  - {at: 2026-03-02 10:00, event: incident.impact_started, of: i1, service: app, impact: degraded}
  - {at: 2026-03-02 10:06, event: incident.impact_ended, of: i1, service: app}
  - {at: 2026-03-03 12:00, event: incident.impact_started, of: i2, service: app, impact: outage}
  - {at: 2026-03-03 12:15, event: incident.resolved, of: i2}
  - {at: 2026-03-03 13:00, event: incident.cause_assigned, of: i2, cause: customer}
  - {at: 2026-03-20 00:00, event: dispute.opened, of: d1, customer: ann, about: {kind: incident, id: i1}}
  - {at: 2026-03-20 00:00, event: dispute.opened, of: d2, customer: ann, about: {kind: incident, id: nothing}}
"""


@contextmanager
def world(*more: dict[str, Any]) -> Iterator[Any]:
    """The ledger of the story, with events more."""
    told = scenario._instants(yaml.load(TOLD, Loader=yaml.BaseLoader))
    told["events"] += more
    stream = scenario.stream_of(told)
    assert stream.rejections() == [], [json.dumps(str(each)) for each in stream.rejections()]
    with Product(stream) as asked:
        yield asked._ledger
