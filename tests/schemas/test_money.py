from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.money import CURRENCIES, amount_text, minor_text, minor_unit, round_minor, shortest


@pytest.mark.parametrize(
    ("code", "digits"),
    [("JPY", 0), ("UGX", 0), ("XOF", 0), ("EUR", 2), ("LYD", 3), ("KWD", 3), ("CLF", 4)],
)
def test_minor_units_are_those_of_iso_4217(code, digits):
    assert minor_unit(code) == digits


def test_withdrawn_codes_stay_and_codes_without_a_minor_unit_are_not_there():
    assert {"DEM", "HRK", "BGN", "ZWL"} <= CURRENCIES.keys()
    assert not {"XAU", "XDR", "XTS", "XUA", "XAG"} & CURRENCIES.keys()
    assert all(re.fullmatch("[A-Z]{3}", code) for code in CURRENCIES)
    assert set(CURRENCIES.values()) == {0, 2, 3, 4}


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "down"),
    [("0.125", 13, 12, 12), ("0.135", 14, 14, 13), ("0.1251", 13, 13, 12), ("0.124", 12, 12, 12),
     ("-0.125", -13, -12, -12), ("0", 0, 0, 0)],
)  # fmt: skip
def test_rounding_is_as_told(value, half_up, half_even, down):
    given = Fraction(value)
    assert round_minor(given, "EUR", "half_up") == half_up
    assert round_minor(given, "EUR", "half_even") == half_even
    assert round_minor(given, "EUR", "down") == down


def test_amounts_show_exactly_the_decimals_of_their_currency():
    assert amount_text(Fraction(50), "EUR") == "50.00"
    assert amount_text(Fraction("500.5"), "JPY") == "501"
    assert amount_text(Fraction("2.7549"), "KWD") == "2.755"
    assert minor_text(-5, "EUR") == "-0.05"
    assert minor_text(0, "JPY") == "0"


def test_percent_is_the_shortest_decimal_cut_at_twelve():
    assert shortest(Fraction(10)) == "10"
    assert shortest(Fraction("2.50")) == "2.5"
    assert shortest(Fraction(2, 3)) == "0.666666666666"
    assert shortest(Fraction(-1, 10**13)) == "0"


@given(st.fractions(max_denominator=10**6), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_rounding_never_misses_by_more_than_half_a_unit(value, code):
    scaled = value * 10 ** minor_unit(code)
    assert abs(round_minor(value, code, "half_up") - scaled) <= Fraction(1, 2)
    assert abs(round_minor(value, code, "down")) <= abs(scaled)
