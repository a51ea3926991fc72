"""The lowest and the highest amount over all readings that matter to a dispute (I5)."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product

import pytest

from ledger.errors import BadInput, Usage
from projections import dispute_readings, reading_uses
from projections.dispute_statements import opening, resting
from projections.money import credits
from projections.reading_search import TooMany
from projections.supposition import SupposedReading, Supposition
from sla_ledger.cli.main import run
from tests import scenario
from tests.projections.dispute_world import AT, MONTH, world
from tests.reference.product import Product


@pytest.fixture(scope="module")
def ledger():
    with world() as told:
        yield told


def test_a_statement_after_the_end_rests_on_a_dispute_too():
    """The quarter is stated with June; the subscription ended in April (S3.39)."""
    story = scenario.load(scenario.FOLDER / "rights_after_the_end.yaml")
    story["events"].append(
        {"at": "2026-04-06T00:00:00Z", "event": "dispute.opened", "of": "d1", "customer": "ann",
         "about": {"kind": "incident", "id": "i1"}}
    )  # fmt: skip
    with Product(scenario.stream_of(story)) as asked:
        view = asked._ledger.view(as_of="2026-07-05T00:00:00Z", customer="ann")
        assert [one.month for one in resting(view, opening(view, "d1"))] == ["2026-06"]


def told(rows):
    return [
        (r.currency, r.lowest, r.highest, *({t.interpretation: t.option for t in each} for each in (r.lowest_readings, r.highest_readings)))
        for r in rows
    ]


CHOSEN = {"cap": "fifth", "capped": "none", "levels": "strict", "sustained": "ten"}
RANGE = [("EUR", "0.00", "100.00", CHOSEN, {**CHOSEN, "levels": "wide", "sustained": "any"})]


def test_by_hand(ledger):
    """Six minutes count only if degraded is down and short outages count: 99.9866 %, 10 % of 1,000.00.

    A cap of 5 % would matter then, though by itself neither question on caps moves anything. The
    row below 99.98 is never reached, nothing excused matters, the clock pays nothing.
    """
    assert told(ledger.readings(dispute="d1", as_of=AT).raw) == RANGE


def test_it_is_what_all_combinations_come_to_asked_alone(ledger):
    names = {"levels": ("strict", "wide"), "sustained": ("any", "ten", "hour"), "capped": ("none", "fifth"),
             "cap": ("twentieth", "fifth"), "lower": ("quarter", "half")}  # fmt: skip
    view, found = ledger.view(as_of=AT), set()
    for options in product(*names.values()):
        supposed = tuple(SupposedReading(*each) for each in zip(names, options, strict=True))
        (row,) = credits.rows(view.engine.view(view.as_of, suppose=Supposition(supposed)), [MONTH])
        found.add(Fraction(row.amount))
    assert found == {0, 50, 100}


@pytest.mark.parametrize("most", [1024, 40, 24])
def test_what_matters_together_is_found_where_not_all_can_be_asked(ledger, most):
    """192 combinations of seven questions in all, 24 of the four that matter."""
    view = ledger.view(as_of=AT)
    assert told(dispute_readings.rows(view, opening(view, "d1"), most)) == RANGE


def test_too_many_are_refused_by_name(ledger, monkeypatch):
    view = ledger.view(as_of=AT)
    with pytest.raises(TooMany, match="24 combinations of cap, capped, levels, sustained"):
        dispute_readings.rows(view, opening(view, "d1"), 23)
    monkeypatch.setattr(dispute_readings, "MOST", 23)
    monkeypatch.setattr(dispute_readings.rows, "__defaults__", (23,))
    with pytest.raises(Usage, match="4 readings matter to it, in 24 combinations, and at most 23") as refused:
        ledger.readings(dispute="d1", as_of=AT)
    assert refused.value.exit_code == 1


def test_a_reading_decided_in_the_midst_is_left_as_it_is_or_taken_for_all():
    """From 3 March on nobody may be down for less than an hour: parts read alike, tickets may not."""
    decided = {"at": "2026-03-03T00:00:00Z", "event": "interpretation.decided", "of": "k", "interpretation": "sustained", "chosen": "hour"}
    with world(decided) as ledger:
        (row,) = told(ledger.readings(dispute="d1", as_of=AT).raw)
        assert row[1:3] == ("0.00", "100.00")
        assert row[3]["sustained"] == "ten"
        assert row[4] == {**CHOSEN, "levels": "wide", "sustained": "any"}


def test_every_statement_that_rests_on_it_counts_once_for_each_customer_alone():
    """i9 lasts from March into April: two statements of ann's; what rests on bob's is not hers."""
    more = [
        {"at": "2026-03-31T23:00:00Z", "event": "incident.impact_started", "of": "i9", "service": "app", "impact": "outage"},
        {"at": "2026-04-01T01:00:00Z", "event": "incident.resolved", "of": "i9"},
        {"at": "2026-01-01T00:00:00Z", "event": "subscription.started", "of": "s2", "customer": "bob", "contract": "k", "plan": "p",
         "fee": {"amount": "7000.00", "currency": "EUR", "per": "month"}},
        {"at": "2026-04-02T00:00:00Z", "event": "dispute.opened", "of": "d9", "customer": "ann", "about": {"kind": "incident", "id": "i9"}},
    ]  # fmt: skip
    with world(*more) as ledger:
        view = ledger.view(as_of="2026-05-05T00:00:00Z")
        opened = opening(view, "d9")
        assert [(each.subscription, each.month) for each in resting(view, opened)] == [("s1", "2026-03"), ("s1", "2026-04")]
        (row,) = told(ledger.readings(dispute="dispute:d9", as_of="2026-05-05T00:00:00Z").raw)
    # An hour in each month, 99.86 %: half of 1,000.00 twice at most. In New York both hours are
    # of March: a cap of 5 % once at least.
    assert row[1:3] == ("50.00", "1000.00")
    assert (row[3]["capped"], row[3]["cap"], row[3]["zone"], row[4]["lower"]) == ("fifth", "twentieth", "york", "half")


def test_statements_by_ticket_maintenance_and_name():
    more = [
        {"at": "2026-03-05T00:00:00Z", "event": "ticket.opened", "of": "t1", "customer": "ann", "severity": "high"},
        {"at": "2026-03-05T00:00:00Z", "event": "maintenance.announced", "of": "m1", "services": ["app"], "kind": "scheduled", "channel": "email",
         "window": {"from": "2026-02-10T00:00:00Z", "to": "2026-02-11T00:00:00Z"}},
        *({"at": "2026-03-06T00:00:00Z", "event": "dispute.opened", "of": f"d-{kind}", "customer": "ann", "about": {"kind": kind, "id": name}}
          for kind, name in [("ticket", "t1"), ("maintenance", "m1"), ("statement", "s1/2026-01"), ("incident", "no")]),
    ]  # fmt: skip
    with world(*more) as ledger:
        view = ledger.view(as_of=AT)
        months = {kind: [each.month for each in resting(view, opening(view, f"d-{kind}"))] for kind in ("ticket", "maintenance", "statement", "incident")}
    assert months == {"ticket": ["2026-03"], "maintenance": ["2026-02"], "statement": ["2026-01"], "incident": []}


def test_nothing_rests_on_it_and_nobody_opened_it(ledger):
    assert ledger.readings(dispute="d2", as_of=AT).raw == ()
    with pytest.raises(BadInput, match="nobody has opened a dispute d3"):
        ledger.readings(dispute="d3", as_of=AT)
    with pytest.raises(BadInput, match="nobody has opened"):
        ledger.readings(dispute="d1", as_of="2026-03-19T00:00:00Z")
    with pytest.raises(Usage, match="leave out --month"):
        ledger.readings(dispute="d1", month=MONTH, as_of=AT)
    with pytest.raises(Usage, match="dispute:ID"):
        ledger.readings(dispute="ticket:d1", as_of=AT)


def test_the_command_in_each_form(ledger, capsys):
    asked = ["--ledger", str(ledger.path), "--as-of", AT, "readings", "--dispute", "d1"]
    assert run(["--format", "json", *asked]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["answer"] == "readings"
    assert list(found["rows"][0]) == ["currency", "lowest", "highest", "lowest_readings", "highest_readings"]
    assert found["rows"][0]["highest_readings"][2] == {"interpretation": "levels", "option": "wide"}
    assert run(["--format", "csv", *asked]) == 0
    header, line = capsys.readouterr().out.splitlines()
    assert header == "currency,lowest,highest,lowest_readings,highest_readings" and line.startswith("EUR,0.00,100.00,")
    assert run(["--format", "table", *asked]) == 0
    assert "levels wide" in capsys.readouterr().out
    assert run([*asked[:-1], "nothing"]) == 3
    assert run([*asked, "--month", MONTH]) == 2


def test_arrow_and_objects(ledger):
    found = ledger.readings(dispute="d1", as_of=AT)
    assert str(found.arrow().column("highest")[0].as_py()) == "100.0000"
    assert (found[0].lowest_readings[0].interpretation, found[0].lowest_readings[0].option) == ("cap", "fifth")


def test_where_readings_stand():
    """Also inside the options of others; what only clocks use pays nothing while no clock pays."""
    document = {
        "clocks": [{"id": "first", "targets": [{"within": {"reading": "a"}}]}],
        "credits": [{"for": ["up"], "caps": {"by_plan": {"p": {"reading": "b"}}}}],
        "interpretations": [{"id": "b", "options": {"x": {"reading": "c"}, "y": "1"}}, {"id": "a", "options": {"x": "1h"}}, {"id": "c", "options": {"x": "2"}}],
    }
    assert reading_uses.uses(document) == {"a": {"clocks"}, "b": {"credits"}, "c": {"credits"}}
