"""Claims in time, late, healed and expired (S8.75 to S8.88)."""

from __future__ import annotations

from projections.money.claims import Claim, Countable, Limit, Notice, judge, stand

ALL = frozenset({0})


def outage(start: int = 10, end: int | None = 20, *limits: Limit) -> Countable:
    return Countable("app", start, end, limits or (Limit("claim", 100),))


def test_in_time_until_the_date_has_ended() -> None:
    """Case (j): the deadline is exclusive."""
    assert judge(Claim("c", 99, ALL), [outage()]).state == "submitted"
    late = judge(Claim("c", 100, ALL), [outage()])
    assert (late.state, late.timely, late.claimed) == ("late", False, frozenset())


def test_a_claim_before_the_outage_is_not_for_it() -> None:
    """S8.78: not before it began."""
    assert judge(Claim("c", 9, ALL), [outage()]).state == "late"


def test_all_deadlines_are_to_be_met() -> None:
    """S8.78: the earliest of several decides."""
    found = judge(Claim("c", 60, ALL), [outage(10, 20, Limit("claim", 100), Limit("claim", 50))])
    assert found.state == "late"


def test_an_outage_without_a_deadline_is_in_time() -> None:
    """S8.76: one still running has no `incident_end`."""
    running = Countable("app", 10, None)
    assert judge(Claim("c", 5000, ALL), [running]).state == "submitted"


def test_acceptance_heals_a_late_claim() -> None:
    """S8.85: all it names is claimed."""
    found = judge(Claim("c", 500, ALL, decision="accepted"), [outage()])
    assert (found.state, found.claimed, found.timely) == ("accepted", ALL, False)


def test_a_rejected_claim_claims_nothing() -> None:
    """S8.84: what was rejected is not paid because something else was claimed."""
    both = [outage(10, 20), outage(30, 40)]
    claims = [Claim("no", 50, ALL, decision="rejected"), Claim("yes", 50, frozenset({1}))]
    assert stand(both, claims, [], at=60, scope="incident").leaves == ALL


def test_withdrawn_is_stronger_than_any_decision() -> None:
    """S8.85."""
    found = judge(Claim("c", 50, ALL, decision="accepted", withdrawn=True), [outage()])
    assert (found.state, found.claimed) == ("withdrawn", frozenset())


def test_a_claim_of_the_wrong_form_claims_nothing() -> None:
    """S8.78, S8.85."""
    found = judge(Claim("c", 50, ALL, valid=False), [outage()])
    assert (found.state, found.claimed) == ("invalid", frozenset())


def test_a_notice_or_the_claim_itself_gives_notice() -> None:
    """S8.78: deadlines `by: notice`."""
    due = outage(10, 20, Limit("notice", 30), Limit("claim", 100))
    claim = Claim("c", 50, ALL)
    assert judge(claim, [due]).state == "late"
    assert judge(claim, [due], [Notice("c", 29, ALL)]).state == "submitted"
    assert judge(claim, [due], [Notice("other", 29, ALL)]).state == "late"
    assert judge(Claim("c", 29, ALL), [due]).state == "submitted"


def test_scope_incident_lets_the_unclaimed_leave() -> None:
    """S8.82, S8.83: those in time are claimed, the others leave."""
    both = [outage(10, 20), outage(30, 40)]
    found = stand(both, [Claim("c", 50, ALL)], [], at=60, scope="incident")
    assert (found.leaves, found.expired, found.claimed) == (frozenset({1}), False, True)


def test_under_scope_period_any_outage_may_be_in_time() -> None:
    """S8.80: named or not; under `incident` only those named."""
    both = [outage(10, 20, Limit("claim", 30)), outage(30, 40)]
    claim = Claim("c", 50, ALL)
    assert judge(claim, both, scope="period").state == "submitted"
    assert judge(claim, both, scope="incident").state == "late"


def test_scope_period_lets_nothing_leave() -> None:
    """S8.80, S8.81."""
    both = [outage(10, 20), outage(30, 40)]
    assert stand(both, [Claim("c", 500, ALL)], [], at=600, scope="period").leaves == frozenset()


def test_nothing_claimed_and_all_too_late_is_expired() -> None:
    """S8.84: what can no longer be claimed leaves."""
    two = [outage(10, 20), outage(30, 40, Limit("claim", 200))]
    half = stand(two, [], [], at=150, scope="incident")
    assert (half.leaves, half.expired, half.claimable) == (frozenset({0}), False, True)
    whole = stand(two, [], [], at=200, scope="incident")
    assert (whole.leaves, whole.expired, whole.claimable) == (frozenset({0, 1}), True, False)


def test_the_latest_of_the_earliest_deadlines_is_shown() -> None:
    """S8.87: per outage that has ended the earliest, of these the latest."""
    several = [
        outage(10, 20, Limit("claim", 100), Limit("claim", 80)),
        outage(30, 40, Limit("claim", 90)),
        outage(50, None, Limit("claim", 500)),
    ]
    assert stand(several, [], [], at=60, scope="period").deadline == 90


def test_a_missed_notice_closes_an_outage() -> None:
    """S8.87, S8.88: over at `at` without a word in time; a notice of any claim saves it."""
    due = outage(10, 20, Limit("notice", 30), Limit("claim", 100))
    before = stand([due], [], [], at=29, scope="period")
    missed = stand([due], [], [], at=30, scope="period")
    saved = stand([due], [], [Notice("x", 25, ALL)], at=30, scope="period")
    assert [before.claimable, missed.claimable, saved.claimable] == [True, False, True]
    assert [before.deadline, missed.deadline, saved.deadline] == [100, None, 100]


def test_the_first_claim_in_time_or_accepted() -> None:
    """S8.34: late and withdrawn ones are not it."""
    claims = [
        Claim("late", 500, ALL),
        Claim("gone", 40, ALL, withdrawn=True),
        Claim("good", 50, ALL),
    ]
    found = stand([outage()], claims, [], at=600, scope="period").first_in_time()
    assert found is not None
    assert found.id == "good"
