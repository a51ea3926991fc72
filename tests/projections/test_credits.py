"""Credits of a part in a small world: lines, caps, pools, claims, states (S8)."""

from __future__ import annotations

from typing import Any

import pytest

from projections.money import credits as credit_rows
from projections.rows import CreditRow
from projections.terms.parts import Line
from schemas.instant import Interval
from tests.projections.small_world import BASE, UPTIME, World, credit, document, event, sweep, us

__all__ = ["sweep"]
pytestmark = pytest.mark.usefixtures("sweep")
LONG = [("app", "2026-06-10", 7.2)]
"""1 % of June: 99.0."""
CLAIM = {
    "required": True, "scope": "incident", "deadlines": [{"from": "incident_end", "within": "30d"}],
}  # fmt: skip


def rows(world: World, month: str = "2026-06") -> list[CreditRow]:
    return credit_rows.rows(world, [month])  # type: ignore[arg-type]


def row(world: World, month: str = "2026-06") -> CreditRow:
    (found,) = rows(world, month)
    return found


def test_an_automatic_credit_is_due() -> None:
    """S8.97: no claim is required."""
    found = row(World(document(credit()), outages=LONG))
    assert (found.uptime_percent, found.percent, found.base) == ("99.0000", "10", "1000.00")
    assert (found.amount_before_caps, found.amount, found.state) == ("100.00", "100.00", "due")
    assert found.band == (("below", "99.9"), ("percent", "10"))
    assert (found.days, found.claim_deadline, found.claims, found.reasons) == (None, None, (), ())


def test_nothing_down_is_none() -> None:
    """S8.96; no band, percent 0."""
    found = row(World(document(credit())))
    assert (found.amount, found.state, found.band, found.percent) == ("0.00", "none", None, "0")


def test_an_unfinished_period_is_provisional_at_best() -> None:
    """S6.87, S8.91: 7.2 hours of the whole June."""
    found = row(World(document(credit()), at="2026-06-20", outages=LONG))
    assert (found.uptime_percent, found.amount, found.state) == ("99.0000", "100.00", "provisional")


def test_best_and_worst_that_differ_are_indeterminate() -> None:
    """S8.95: best's amount is shown."""
    found = row(World(document(credit()), worst=LONG))
    assert (found.amount, found.state) == ("0.00", "indeterminate")


@pytest.mark.parametrize(
    ("eligibility", "reason"),
    [
        ({"plans": ["silver"]}, "plan"), ({"billing": "year"}, "billing"),
        ({"signed": False}, "signature"), ({"standing": "good"}, "standing"),
    ],
)  # fmt: skip
def test_who_is_not_eligible_gets_a_row_of_nothing(
    eligibility: dict[str, Any], reason: str
) -> None:
    """S8.103: amounts 0, no caps, the reason."""
    cap = [{"percent": "5", "of": "base", "per": "period"}]
    terms = document(credit(eligibility=eligibility, caps=cap))
    found = row(World(terms, outages=LONG, bad_days=("2026-07-01",)))
    assert (found.amount_before_caps, found.amount, found.caps_applied) == ("0.00", "0.00", ())
    assert (found.state, found.reasons) == ("none", (reason,))


def test_a_cap_that_cuts_is_shown_as_written() -> None:
    """S8.50 and I3."""
    terms = document(credit(caps=[{"percent": "5", "of": "base", "per": "period"}]))
    found = row(World(terms, outages=LONG))
    (cut,) = found.caps_applied
    assert cut.cap == (("percent", "5"), ("of", "base"), ("per", "period"))
    assert (cut.before, cut.after, found.amount) == ("100.00", "50.00", "50.00")


def test_a_yearly_cap_takes_off_what_earlier_months_paid() -> None:
    """S8.56c, S8.58: 100 for May leave 50 of 150 for June."""
    terms = document(credit(caps=[{"amount": "150.00 EUR", "per": "rolling_12_months"}]))
    found = row(World(terms, outages=[("app", "2026-05-10", 8), *LONG]))
    assert (found.amount_before_caps, found.amount) == ("100.00", "50.00")


def test_what_may_still_be_claimed_uses_up_no_cap() -> None:
    """S8.58: only paid rows count."""
    cap = [{"amount": "150.00 EUR", "per": "term"}]
    terms = document(credit(caps=cap, claim=CLAIM | {"scope": "period"}))
    found = row(World(terms, outages=[("app", "2026-05-10", 8), *LONG]))
    assert (found.amount, found.state) == ("100.00", "claimable")


def test_parts_share_a_cap_of_the_month_fee() -> None:
    """S8.51, S8.59: 5 % of 1,000 for both halves together."""
    terms = document(credit(caps=[{"percent": "5", "of": "month_fee", "per": "period"}]))
    told = [("app", "2026-06-03", 7.2), ("app", "2026-06-20", 7.2)]
    first, second = rows(World(terms, outages=told, cuts=("2026-06-13",)))
    assert (first.base, first.amount, first.caps_applied) == ("400.00", "40.00", ())
    assert (second.base, second.amount) == ("600.00", "10.00")


def test_days_shrink_with_the_amount() -> None:
    """S8.101: 6 days are 200; a cap of 50 leaves 1.5 days."""
    terms = document(
        credit(
            bands=[{"below": "99.9", "days": "6"}],
            caps=[{"percent": "5", "of": "base", "per": "period"}],
        )
    )
    found = row(World(terms, outages=LONG))
    assert (found.amount_before_caps, found.days, found.percent) == ("200.00", "1.5", None)


def pool(*mates: dict[str, Any], **members: Any) -> Any:
    both = [{"id": "p", "credits": [each["id"] for each in mates]} | members]
    return document(*mates, pools=both)


SMALL = credit(id="small", bands=[{"below": "99.9", "percent": "4"}])
LARGE = credit(id="large", bands=[{"below": "99.9", "percent": "7"}])


def test_a_pool_takes_the_largest() -> None:
    """S8.61: the others are 0, reason `pool`."""
    large, small = rows(World(pool(SMALL, LARGE, take="largest"), outages=LONG))
    assert (large.credit, large.amount, large.reasons) == ("large", "70.00", ())
    assert (small.amount_before_caps, small.amount, small.reasons) == ("40.00", "0.00", ("pool",))


def test_a_pool_takes_what_a_claim_names() -> None:
    """S8.61 `claimed`, S8.79: the claim is for the one it names, and shown on both."""
    claim = event(
        "claim.submitted", "k", "2026-06-20", customer="ann", subscription="s1",
        period="2026-06", credit="small",
    )  # fmt: skip
    told = [SMALL | {"claim": CLAIM}, LARGE | {"claim": CLAIM}]
    world = World(pool(*told, take="claimed"), outages=LONG, events=[claim])
    large, small = rows(world)
    assert (large.amount, large.state, large.claims) == ("0.00", "none", ())
    assert (small.amount, small.state) == ("40.00", "claimed")


def test_a_pool_cuts_the_sum_and_fills_it_in_order() -> None:
    """S8.62: 50 for both, 40 to the first and 10 to the second."""
    caps = [{"percent": "5", "of": "base", "per": "period"}]
    large, small = rows(World(pool(SMALL, LARGE, take="sum", caps=caps), outages=LONG))
    assert (small.amount, small.reasons) == ("40.00", ())
    assert (large.amount, large.reasons) == ("10.00", ("pool_cap",))


def claimed(time: str, **members: Any) -> Any:
    return event(
        "claim.submitted", "k", time, customer="ann", subscription="s1", **members
    )  # fmt: skip


TWO = [("app", "2026-06-05", 1.0), ("app", "2026-06-20", 4.0)]


def test_only_the_claimed_incident_counts() -> None:
    """S8.83: what is not claimed leaves the computation."""
    world = World(
        document(credit(claim=CLAIM)), outages=TWO,
        events=[claimed("2026-06-25", incidents=("i1",))],
    )  # fmt: skip
    found = row(world)
    assert (found.uptime_percent, found.state) == ("99.8611", "claimed")
    assert [(each.claim, each.timely, each.state) for each in found.claims] == [
        ("k", True, "submitted")
    ]


def test_nothing_claimed_leaves_as_its_deadlines_pass() -> None:
    """S8.84, S8.87: first both, then the second alone, then nothing."""
    terms = document(credit(claim=CLAIM))
    early = row(World(terms, at="2026-07-02", outages=TWO))
    between = row(World(terms, at="2026-07-10", outages=TWO))
    late = row(World(terms, at="2026-08-01", outages=TWO))
    assert [each.uptime_percent for each in (early, between, late)] == [
        "99.3055", "99.4444", "100.0000",
    ]  # fmt: skip
    assert [each.state for each in (early, between, late)] == ["claimable", "claimable", "expired"]
    assert early.claim_deadline == us("2026-07-21")
    assert late.amount == "0.00"


def test_a_credit_for_breaches_counts_them() -> None:
    """S8.21: three breaches of 2 % each; clocks have no uptime and no service."""
    terms = document(
        credit(**{"for": ["first"], "formula": "each", "each": {"percent": "2"}, "bands": None}),
        clocks=[{"id": "first"}],
    )
    told = [("first", f"t{number}", f"2026-06-0{number}") for number in (1, 2, 3)]
    world = World(terms, breaches=[*told, ("other", "t9", "2026-06-04")])
    found = row(world)
    assert (found.percent, found.amount, found.service) == ("6", "60.00", None)
    assert (found.uptime_percent, found.band) == (None, None)


def test_resources_are_added_with_their_own_fees() -> None:
    """S8.46, S8.30 `affected`: two of three disks pay a tenth of their own fee."""
    fees = {"d1": "100.00", "d2": "200.00", "d3": "400.00"}
    services = tuple(
        {"id": name, "is": "app", "fee": {"amount": fee, "currency": "EUR", "per": "month"}}
        for name, fee in fees.items()
    )
    june = (Interval(us("2026-06-01"), us("2026-07-01")),)
    base = {"fee": "recurring", "services": "affected", "over": "period"}
    world = World(
        document(credit(base=base, several="sum")),
        services=services,
        lines=tuple(Line(name, "app", True, june) for name in fees),
        outages=[("d1", "2026-06-10", 7.2), ("d3", "2026-06-12", 8.0)],
    )
    found = row(world)
    assert (found.base, found.amount) == ("500.00", "50.00")
    assert (found.service, found.uptime_percent, found.percent) == (None, None, None)
    largest = row(
        World(
            document(credit(base=base, several="largest")), services=services,
            lines=world.lines, outages=world.outages,
        )
    )  # fmt: skip
    assert (largest.service, largest.base, largest.amount) == ("d3", "400.00", "40.00")


def charge(amount: str, start: str, **members: Any) -> Any:
    return event(
        "subscription.charged", "s1", start, amount=amount, currency=members.pop("currency", "EUR"),
        **{"from": f"{start}T00:00:00Z", "to": "2026-07-01T00:00:00Z"}, **members,
    )  # fmt: skip


CHARGED = BASE | {"fee": "charged"}


def test_charges_of_the_part_are_the_base() -> None:
    """S8.31: without the one-time ones."""
    told = [
        charge("100.00", "2026-06-01"), charge("50.00", "2026-06-02"),
        charge("900.00", "2026-06-03", one_time=True), charge("900.00", "2026-05-31"),
    ]  # fmt: skip
    found = row(World(document(credit(base=CHARGED)), outages=LONG, events=told))
    assert (found.base, found.amount) == ("150.00", "15.00")


def test_without_charges_nothing_is_known() -> None:
    """S8.41: null amounts, indeterminate."""
    found = row(World(document(credit(base=CHARGED)), outages=LONG))
    assert (found.base, found.amount_before_caps, found.amount) == (None, None, None)
    assert (found.state, found.reasons) == ("indeterminate", ("no_charges",))


def test_a_base_below_zero_counts_as_nothing() -> None:
    """S8.42: a problem says so."""
    world = World(
        document(credit(base=CHARGED)), outages=LONG, events=[charge("-7.00", "2026-06-01")]
    )
    found = row(world)
    assert (found.base, found.amount, found.reasons) == ("0.00", "0.00", ("negative_base",))
    (problem,) = credit_rows.problems(world, ["2026-06"])  # type: ignore[arg-type]
    assert (problem.kind, problem.detail) == ("negative_base", "2026-06 1 c -7.00")


def test_two_currencies_pay_nothing() -> None:
    """S8.43: amount 0, indeterminate, a problem names the second."""
    told = [charge("10.00", "2026-06-01"), charge("5.00", "2026-06-02", currency="USD")]
    world = World(document(credit(base=CHARGED)), outages=LONG, events=told)
    found = row(world)
    assert (found.amount, found.state, found.reasons) == ("0.00", "indeterminate", ("currency",))
    (problem,) = credit_rows.problems(world, ["2026-06"])  # type: ignore[arg-type]
    assert (problem.kind, problem.detail) == ("currency", "USD")


def test_the_month_before_is_shared_by_coverage() -> None:
    """S8.33: half of June is half of May's fee; May from the 16th on is 16 of 31 days."""
    base = BASE | {"over": "month_before"}
    world = World(document(credit(base=base)), started="2026-05-16", outages=LONG)
    assert row(world).base == "516.13"
    halves = World(
        document(credit(base=base)), started="2026-05-16", outages=LONG, cuts=("2026-06-16",)
    )
    assert [each.base for each in rows(halves)] == ["258.06", "258.06"]


def test_days_before_the_claim() -> None:
    """S8.34: the ten dates before that of the claim, 15 to 24 June."""
    base = BASE | {"over": {"days": "10", "before": "claim"}}
    terms = document(credit(base=base, claim=CLAIM))
    told = [claimed("2026-06-25T10:00:00Z", period="2026-06")]
    world = World(terms, started="2026-06-20", outages=[("app", "2026-06-21", 8.0)], events=told)
    assert row(world).base == "166.67"


def test_what_was_determined_is_the_state() -> None:
    """S8.90: the amount is always today's."""
    told = [
        event(
            "credit.proposed", "x", "2026-07-02", subscription="s1", period="2026-06", part=1,
            credit="c", amount="60.00", currency="EUR", statement="st", reason="r",
        ),
        event("credit.issued", "x", "2026-07-03"),
    ]  # fmt: skip
    found = row(World(document(credit()), outages=LONG, events=told))
    assert (found.amount, found.state) == ("100.00", "issued")
    before = row(World(document(credit()), at="2026-07-02T12:00:00Z", outages=LONG, events=told))
    assert before.state == "proposed"


def test_a_minimum_pays_nothing_below_it() -> None:
    """S8.65: its edge, for the row's currency."""
    exactly = credit(minimum={"above": ["100.00 EUR", "1.00 USD"]})
    found = row(World(document(exactly), outages=LONG))
    assert (found.amount_before_caps, found.amount) == ("100.00", "0.00")
    assert (found.state, found.reasons) == ("none", ("minimum",))
    other = row(World(document(credit(minimum={"at_least": "1.00 USD"})), outages=LONG))
    assert other.reasons == ("currency",)


def test_the_price_of_down_time_below_the_target() -> None:
    """S8.18: 7.2 of 720 hours at 1,000, ten times."""
    price = credit(formula="downtime_price", downtime_price={"factor": "10", "below": "target"})
    found = row(World(document(price), outages=LONG))
    assert (found.amount, found.percent, found.band) == ("100.00", None, None)
    above = row(World(document(price), outages=[("app", "2026-06-10", 3.6)]))
    assert above.amount == "0.00"


def test_a_measure_without_outages_is_claimed_by_its_period() -> None:
    """S8.75, S8.84: once the last date is 30 dates ago nothing is left."""
    ratio = UPTIME | {"measure": "request_ratio"}
    clause = CLAIM | {"deadlines": [{"from": "incident_start", "within": "30d"}]}
    terms = document(credit(claim=clause), availability=[ratio])
    early = row(World(terms, outages=LONG))
    assert (early.amount, early.state) == ("100.00", "claimable")
    assert early.claim_deadline == us("2026-07-31")
    base = World(terms, at="2026-08-01", outages=LONG)
    assert (row(base).uptime_percent, row(base).state) == ("100.0000", "expired")


def test_a_subscription_without_the_service_has_no_row() -> None:
    """S8.10: there is nothing of `for` to look at."""
    without = UPTIME | {"services": []}
    assert rows(World(document(credit(), availability=[without]))) == []
