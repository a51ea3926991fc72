"""The value types of E4 that count money and parts: currencies and exact decimals."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar

from schemas.forms import Form, brief
from schemas.instant import FormError
from schemas.money import CURRENCIES, TABLE_DATE


def plain(value: Decimal) -> str:
    """The shortest text of a decimal: no exponent, no zero at the end of its decimals."""
    shown = format(value, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


class CurrencyForm(Form):
    """A code of the shipped ISO 4217 table."""

    name = "currency"

    def read(self, raw: Any) -> str:
        if type(raw) is not str or raw not in CURRENCIES:
            raise FormError("currency_unknown", f"{brief(raw)}: no code of ISO 4217 ({TABLE_DATE})")
        return raw

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Z]{3}$"}


class DecimalForm(Form):
    """Decimal text, at most 15 digits before the point and 12 behind; typed as Decimal, exact.

    The range of the row is from `least` to `most`; with `above` the least is left out.
    """

    pattern: ClassVar[re.Pattern[str]] = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,12})?")
    compared = staticmethod(plain)
    shown = staticmethod(plain)

    def __init__(
        self, name: str, least: int | None = None, most: int | None = None, *, above: bool = False
    ) -> None:
        self.name = name
        self.least, self.most, self.above = least, most, above

    def read(self, raw: Any) -> Decimal:
        if type(raw) is not str:
            raise FormError("decimal_not_text", f'{brief(raw)}: a decimal is text, "10.10"')
        if not self.pattern.fullmatch(raw):
            raise FormError("decimal_form", f"{brief(raw)}: write 10.10, 15 digits and 12 at most")
        found = Decimal(raw)
        if raw[0] == "-" and not found:
            raise FormError("decimal_form", f"{raw!r}: a minus stands only below 0")
        too_small = self.least is not None and (found < self.least or self._touches(found))
        if too_small or (self.most is not None and found > self.most):
            raise FormError("number_range", f"{raw!r} is outside the range of {self.name}")
        return found

    def _touches(self, found: Decimal) -> bool:
        return self.above and found == self.least

    def accept(self, value: Any) -> Decimal:
        return self.read(plain(value) if isinstance(value, Decimal) else value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.pattern.pattern}$"}
