"""The arithmetic of credits, checked against figures worked out by hand (S8.15 to S8.66)."""

from __future__ import annotations

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections import money
from projections.money import Band, Cap, Edges, Pay, Steps

JUNE = 30 * money.DAY
IDENTITY = (
    Band(Edges(below=F("99.99"), at_least=F("99.9")), Pay(percent=F(10))),
    Band(Edges(below=F("99.9"), at_least=F("99.0")), Pay(percent=F(25))),
    Band(Edges(below=F("99.0")), Pay(percent=F(50))),
)


@pytest.mark.parametrize(
    ("uptime", "amount", "band"),
    [("99.99", 0, None), ("99.9", 200, 0), ("99.0", 500, 1), ("98.5", 1000, 2)],
)
def test_the_first_row_that_fits_pays_alone(uptime: str, amount: int, band: int | None) -> None:
    """Cases (d) and (t): an exact edge falls in the better row; 98.5 pays 50 %, not 85."""
    found = money.by_bands(F(uptime), IDENTITY, F(2000), JUNE)
    assert (found.amount, found.band) == (amount, band)


def test_no_row_shows_a_percent_of_zero() -> None:
    """I4: where no row holds the value the percent is 0."""
    assert money.by_bands(F(100), IDENTITY, F(2000), JUNE).percent == 0


def test_a_row_without_its_target_never_fits() -> None:
    """The word `target` where there is none holds nothing."""
    rows = (Band(None, Pay(percent=F(5))), Band(Edges(below=F(99)), Pay(percent=F(10))))
    assert money.by_bands(F(50), rows, F(100), JUNE).band == 1


def test_days_of_service_are_priced_by_the_days_of_the_part() -> None:
    """3 days of 3,000 over 30 days are 300 (S8.22)."""
    rows = (Band(Edges(below=F("99.9")), Pay(days=F(3))),)
    found = money.by_bands(F(99), rows, F(3000), JUNE)
    assert (found.amount, found.days, found.percent) == (300, 3, None)


@pytest.mark.parametrize(
    ("rounding", "uptime", "percent"),
    [
        ("floor", "99.8", "5"), ("floor", "99.85", "0"), ("ceil", "99.85", "5"),
        ("exact", "99.85", "2.5"), ("ceil", "99.95", "0"), ("exact", "100", "0"),
    ],
)  # fmt: skip
def test_steps_below_on_uptime(rounding: str, uptime: str, percent: str) -> None:
    """Case (c): 5 % per 0.1 below 99.9."""
    steps = Steps(F(5), F("0.1"), F("99.9"), downwards=True, rounding=rounding)
    found = money.by_steps(F(uptime), steps, F(1000))
    assert (found.percent, found.amount) == (F(percent), F(percent) * 10)


def test_steps_above_on_a_length() -> None:
    """S8.17: 2 % for each full hour above 4 hours."""
    hour = 3_600_000_000
    steps = Steps(F(2), F(hour), F(4 * hour), downwards=False, rounding="floor")
    assert money.by_steps(F(7 * hour - 1), steps, F(100)).percent == 4


def test_breaches_multiply_what_each_pays() -> None:
    """S8.21: `percent` shows the product."""
    found = money.paid(Pay(percent=F(5)), F(200), JUNE, times=3)
    assert (found.percent, found.amount) == (15, 30)
    assert money.paid(Pay(amount=F(7)), F(200), JUNE, times=3).amount == 21


def test_the_price_of_down_time() -> None:
    """S8.18: one hour of 720 at 720 a month, ten times; no denominator, no money."""
    assert money.by_price(F(720), F(1), F(720), F(10)) == 10
    assert money.by_price(F(720), F(1), F(0), F(10)) == 0


def test_caps_cut_what_those_before_left() -> None:
    """S8.4: in the order listed, only those that cut are shown."""
    caps = [
        Cap(0, Pay(percent=F(50)), F(1000), JUNE),
        Cap(1, Pay(amount=F(600)), F(600), JUNE),
        Cap(2, Pay(days=F(3)), F(3000), JUNE, earlier=F(100)),
    ]
    after, cuts = money.capped(F(800), caps)
    assert after == 200
    assert [(cut.number, cut.before, cut.after) for cut in cuts] == [
        (0, F(800), F(500)), (2, F(500), F(200)),
    ]  # fmt: skip


def test_a_cap_used_up_leaves_nothing() -> None:
    """S8.59: a limit below 0 is 0."""
    assert Cap(0, Pay(percent=F(10)), F(100), JUNE, earlier=F(11)).limit() == 0


def test_which_line_stands() -> None:
    """S8.45: the largest amount, ties the first listed; all 0, the lowest uptime."""
    assert money.standing_line([F(1), F(3), F(3)], [F(1), F(1), F(1)]) == 1
    assert money.standing_line([F(0), F(0)], [F(1), F("0.99")]) == 1


def test_a_pool_is_filled_in_the_order_listed() -> None:
    """S8.62."""
    assert money.filled([F(60), F(50), F(40)], F(100)) == [60, 40, 0]


def test_the_minimum_is_its_edge() -> None:
    """S8.65: `above` does not take the figure itself; 0 is never under a minimum."""
    assert not money.fits_minimum(F(1), Edges(above=F(1)))
    assert money.fits_minimum(F(1), Edges(at_least=F(1)))
    assert money.fits_minimum(F(0), Edges(at_least=F(1)))
    assert money.fits_minimum(F(1, 100), None)


@given(
    amounts=st.lists(st.fractions(min_value=0, max_value=1000), max_size=6),
    total=st.fractions(min_value=0, max_value=3000),
)
def test_filling_never_gives_more_than_either(amounts: list[F], total: F) -> None:
    """Shares are within their own amounts, and their sum within the total."""
    shares = money.filled(amounts, total)
    assert sum(shares) == min(sum(amounts), total)
    assert all(0 <= share <= amount for share, amount in zip(shares, amounts, strict=True))
