"""Periods by name and month (S3.30 to S3.39)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projections.calendar import BillingDay, month_at, month_bounds, periods
from schemas.instant import format_instant, parse_instant


def us(text: str) -> int:
    return parse_instant(text if "T" in text else f"{text}T00:00:00Z")


def named(spec: Any, month: str, zone: str = "UTC", **more: Any) -> list[str]:
    return [each.name for each in periods(spec, zone, month, **more)]


@pytest.mark.parametrize(
    ("spec", "month", "expected"),
    [
        ("month", "2026-10", ["2026-10"]),
        ("quarter", "2026-09", ["2026-Q3"]),
        ("quarter", "2026-08", []),
        ("year", "2026-12", ["2026"]),
        ("year", "2026-11", []),
        ({"quarter": {"first": "feb"}}, "2026-04", ["2026-Q1"]),
        ({"quarter": {"first": "feb"}}, "2027-01", ["2026-Q4"]),
        ({"quarter": {"first": "feb"}}, "2026-12", []),
        ({"days": "30", "ending": "month_end"}, "2026-10", ["2026-10-02/2026-11-01"]),
    ],
)
def test_periods_are_stated_with_the_month_of_their_last_instant(
    spec: Any, month: str, expected: list[str]
) -> None:
    assert named(spec, month) == expected


def test_every_day_has_its_window() -> None:
    """S3.35."""
    found = named({"days": 2, "ending": "every_day"}, "2026-02")
    assert len(found) == 28
    assert (found[0], found[-1]) == ("2026-01-31/2026-02-02", "2026-02-27/2026-03-01")


def test_a_claim_makes_the_window_before_it() -> None:
    """S3.36: stated with the month of its last date."""
    claims = [date(2026, 10, 1), date(2026, 10, 20), date(2026, 10, 20)]
    spec = {"days": 30, "ending": "claim"}
    assert named(spec, "2026-09", claims=claims) == ["2026-09-01/2026-10-01"]
    assert named(spec, "2026-10", claims=claims) == ["2026-09-20/2026-10-20"]


def test_bounds_follow_the_zone() -> None:
    start, end = month_bounds("America/Los_Angeles", "2026-03")
    assert (format_instant(start), format_instant(end)) == (
        "2026-03-01T08:00:00Z",
        "2026-04-01T07:00:00Z",
    )
    assert month_at(end - 1, "America/Los_Angeles") == "2026-03"
    assert month_at(end - 1, "UTC") == "2026-04"


def test_cycles_go_from_one_billing_date_to_the_next() -> None:
    """S3.37: in shorter months the last day; the first cycle holds `started`."""
    billing = [BillingDay(us("2026-01-20"), 31)]
    assert named("billing_cycle", "2026-01", billing=billing) == ["2025-12-31/2026-01-31"]
    assert named("billing_cycle", "2026-02", billing=billing) == ["2026-01-31/2026-02-28"]
    assert named("billing_cycle", "2026-03", billing=billing) == ["2026-02-28/2026-03-31"]


def test_without_a_billing_day_it_is_the_local_day_of_the_start() -> None:
    billing = [BillingDay(us("2026-10-02T02:00:00Z"), None)]
    zone = "America/New_York"
    assert named("billing_cycle", "2026-10", zone, billing=billing) == ["2026-10-01/2026-11-01"]


def test_a_changed_billing_day_holds_from_the_next_cycle_on() -> None:
    billing = [BillingDay(us("2026-01-10"), 10), BillingDay(us("2026-02-15"), 5)]
    months = ["2026-01", "2026-02", "2026-03", "2026-04"]
    found = [name for month in months for name in named("billing_cycle", month, billing=billing)]
    assert found == [
        "2026-01-10/2026-02-10",
        "2026-02-10/2026-03-10",
        "2026-03-10/2026-04-05",
    ]
