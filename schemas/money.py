"""Money is exact with a currency, and is rounded once, at the end (S1.8 to S1.10).

The table of ISO 4217 is shipped as data, as of the date in its file's name. A withdrawn code stays
in it, since a contract of its time still names it; a code without a minor unit (XAU, XDR ...)
is not in it (E4).
"""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from typing import Literal

TABLE_DATE = "2026-01-01"
"""The shipped table is ISO 4217 as of this day."""
_FILE = Path(__file__).parent / "data" / f"iso4217-{TABLE_DATE}.csv"

Rounding = Literal["half_up", "half_even", "down"]


def _table() -> dict[str, int]:
    with _FILE.open(encoding="ascii", newline="") as lines:
        return {row["code"]: int(row["minor_unit"]) for row in csv.DictReader(lines)}


CURRENCIES: dict[str, int] = _table()
"""Code to minor unit, withdrawn codes as well."""


def minor_unit(code: str) -> int:
    """How many decimals an amount of this currency has; KeyError for a code not in the table."""
    return CURRENCIES[code]


def round_minor(value: Fraction, code: str, rounding: Rounding) -> int:
    """An amount in whole minor units, rounded as told (S1.10); the sign does not steer it."""
    scale: int = 10 ** minor_unit(code)
    scaled = abs(value) * scale
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    double = 2 * rest
    if rounding == "half_up":
        whole += double >= scaled.denominator
    elif rounding == "half_even":
        whole += double > scaled.denominator or (double == scaled.denominator and whole % 2 == 1)
    return -whole if value < 0 else whole


def minor_text(minor: int, code: str) -> str:
    """Whole minor units with exactly the decimals of the currency: `50.00`, `501`, `2.755` (I3)."""
    digits = minor_unit(code)
    shown = str(abs(minor)).rjust(digits + 1, "0")
    if digits:
        shown = f"{shown[:-digits]}.{shown[-digits:]}"
    return f"-{shown}" if minor < 0 else shown


def amount_text(value: Fraction, code: str) -> str:
    """An exact amount as it is shown: rounded half up to the currency's minor unit (I3, S1.8)."""
    return minor_text(round_minor(value, code, "half_up"), code)


def shortest(value: Fraction, digits: int = 12) -> str:
    """The shortest exact decimal, cut after `digits` decimals where it does not end (S1.6)."""
    scaled = abs(value) * 10**digits
    shown = str(scaled.numerator // scaled.denominator).rjust(digits + 1, "0")
    if digits:
        shown = f"{shown[:-digits]}.{shown[-digits:]}".rstrip("0").rstrip(".")
    return f"-{shown}" if value < 0 and shown != "0" else shown
