"""Exclusions as tests: notice per channel and stretch, reports, markers, quotas."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from projections.sweep import spend
from projections.sweep.clauses import Exclusion, Notice, Reports
from projections.sweep.exclusions import Report, reporting
from projections.sweep.line_sweeps import account_bounds
from projections.sweep.maintenance_notice import Step, excused
from projections.sweep.maintenance_single import lengths_fit
from projections.sweep.plan import Quota
from projections.sweep.spans import Spans
from schemas.instant import Interval
from tests.projections.contracts import us

HOUR = 3_600_000_000
TWO_DAYS = (("at_least", Fraction(48 * HOUR)),)


def exclusion(notice: Notice | str | None = None, **members: object) -> Exclusion:
    plain = {
        "id": "m", "kind": "maintenance", "how": "removed", "quota": None, "quota_per": "month",
        "maintenance": "scheduled", "notice": notice, "cause_recorded": False,
        "minimum_customers": None, "cause": None, "parties": None, "reports": None,
        "requires_up": frozenset(),
    }  # fmt: skip
    return Exclusion(**{**plain, **members})


def announced(at: int, start: int, end: int, channel: str = "email", **more: object) -> Step:
    plain = {
        "step": "announced", "services": frozenset({"app"}), "window": Interval(start, end),
        "kind": "scheduled", "channel": channel, "customers": None, "has_reason": False,
        "published_at": at,
    }  # fmt: skip
    return Step(**{**plain, **more})


def hours(*steps: Step, asked: Exclusion, viewer: str | None = "ann") -> list[tuple[int, int]]:
    found = excused(list(steps), "app", viewer, asked, everyone=False)
    return [(start // HOUR, end // HOUR) for start, end in found]


def step(at: int, start: int, end: int, channel: str = "email", **more: object) -> Step:
    return announced(at * HOUR, start * HOUR, end * HOUR, channel, **more)


@pytest.mark.parametrize(("word", "found"), [("at_least", [(48, 50)]), ("above", [])])
def test_exactly_two_days_before(word: str, found: list[tuple[int, int]]) -> None:
    asked = exclusion(Notice(((word, Fraction(48 * HOUR)),), False, None))
    assert hours(step(0, 48, 50), asked=asked) == found


def test_a_reschedule_gives_notice_anew_only_for_what_is_new() -> None:
    """S7.12: 47 h before, the window grows at both ends; 100 to 102 keeps its notice."""
    moved = step(52, 99, 104, step="rescheduled", kind=None)
    asked = exclusion(Notice(TWO_DAYS, False, None))
    assert hours(step(0, 100, 102), moved, asked=asked) == [(100, 104)]
    late = step(60, 99, 104, step="rescheduled", kind=None)
    assert hours(step(0, 100, 102), late, asked=asked) == [(100, 102)]


def test_every_listed_channel_or_one_of_them() -> None:
    both = (step(0, 100, 102), step(60, 100, 102, "status_page"))
    names = frozenset({"email", "status_page"})
    assert hours(*both, asked=exclusion(Notice(TWO_DAYS, True, names))) == []
    assert hours(*both, asked=exclusion(Notice(TWO_DAYS, False, names))) == [(100, 102)]
    assert hours(*both, asked=exclusion(Notice(TWO_DAYS, True, None))) == []
    assert hours(both[0], asked=exclusion(Notice(TWO_DAYS, True, None))) == [(100, 102)]


def test_without_notice_it_is_published_before_the_start() -> None:
    """S7.14, S7.15: emergencies before their end."""
    assert hours(step(100, 100, 102), asked=exclusion()) == [(100, 102)]
    assert hours(step(101, 100, 102), asked=exclusion()) == []
    emergency = exclusion(maintenance="emergency")
    assert hours(step(101, 100, 102, kind="emergency"), asked=emergency) == [(100, 102)]
    assert hours(step(102, 100, 102, kind="emergency"), asked=emergency) == []
    assert hours(step(103, 100, 102), asked=exclusion("none")) == [(100, 102)]


def test_cancelled_or_meant_for_others_it_is_no_window() -> None:
    one = step(0, 100, 102)
    gone = step(1, 100, 102, step="cancelled", window=None)
    assert hours(one, gone, asked=exclusion("none")) == []
    for_bob = step(0, 100, 102, customers=frozenset({"bob"}))
    assert hours(for_bob, asked=exclusion("none")) == []
    assert hours(for_bob, asked=exclusion("none"), viewer="bob") == [(100, 102)]
    assert hours(step(0, 100, 102, kind="emergency"), asked=exclusion("none")) == []
    moved = step(1, 110, 112, step="rescheduled", kind=None)
    assert hours(for_bob, moved, asked=exclusion("none")) == []


def test_tests_look_at_all_announcements() -> None:
    """S7.17."""
    few = step(0, 100, 102, customers=frozenset({"ann"}))
    other = step(0, 100, 102, "status_page", customers=frozenset({"bob"}), has_reason=True)
    asked = exclusion("none", minimum_customers=2, cause_recorded=True)
    assert hours(few, asked=asked) == []
    assert hours(few, other, asked=asked) == [(100, 102)]


def test_reports_as_published_and_as_claimed() -> None:
    """S7.27, S7.28."""
    told = [
        Report(None, "outage", 20, 10, None, 40),
        Report(None, "operational", 40, None, None, None),
        Report("api", "outage", 50, None, 55, None),
    ]
    states = frozenset({"outage"})
    published = reporting(told, Reports(states, False, None)).intervals()
    assert published[0] == (20, 40)
    assert published[1][0] == 50
    claimed = reporting(told, Reports(states, True, None)).intervals()
    assert claimed == ((10, 40), (50, 55))
    alone = reporting(told, Reports(states, True, frozenset({"api"}))).intervals()
    assert alone == ((50, 55),)


def test_lengths_finer_than_a_microsecond() -> None:
    lengths = np.array([1, 2, 3], dtype=np.int64)
    half = Fraction(3, 2)
    assert lengths_fit((("at_least", half),), lengths).tolist() == [False, True, True]
    assert lengths_fit((("above", Fraction(2)),), lengths).tolist() == [False, False, True]
    assert lengths_fit((("at_most", Fraction(2)),), lengths).tolist() == [True, True, False]
    assert lengths_fit((("below", Fraction(2)),), lengths).tolist() == [True, False, False]


def test_a_quota_is_spent_in_order_of_time_and_by_account() -> None:
    """S7.30: 3 of the first account, the second begins anew at 10."""
    taken = Spans.of([(0, 2), (4, 6), (9, 14)])
    quota = Quota(3, np.array([10], dtype=np.int64))
    assert spend(taken, quota).intervals() == ((0, 2), (4, 5), (10, 13))


def test_accounts_are_calendar_months_of_the_zone() -> None:
    start, end = us("2026-01-15"), us("2026-03-15")
    bounds = account_bounds(start, end, "America/New_York", "month")
    assert bounds.tolist() == [us("2026-02-01T05:00:00Z"), us("2026-03-01T05:00:00Z")]
    assert account_bounds(start, end, "UTC", "year").tolist() == []
