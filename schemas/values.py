"""The value types of E4 under the names that the models use, and the objects E4 shares."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from schemas.forms import HashForm, IdForm, SourceForm, TextForm, UriForm, WholeForm
from schemas.forms_money import CurrencyForm, DecimalForm
from schemas.forms_time import (
    ClockTimeForm,
    DateForm,
    EndTimeForm,
    InstantForm,
    Moment,
    MomentForm,
    MonthForm,
    PeriodForm,
    TermMomentForm,
)
from schemas.lists import ListForm
from schemas.shapes import Said
from schemas.trees import ReadingsForm, RowsForm, TermsForm, Tree, ValueForm

Id = Annotated[str, IdForm()]
Text = Annotated[str, TextForm()]
PersonalText = Annotated[str, TextForm(personal=True)]
"""Free words that may name people: sealed, and left out of what answers see (E9)."""
Source = Annotated[str, SourceForm()]
Uri = Annotated[str, UriForm()]
Hash = Annotated[str, HashForm()]
Whole = Annotated[int, WholeForm()]
Ordinal = Annotated[int, WholeForm(least=1)]
DayOfMonth = Annotated[int, WholeForm(1, 31)]
Instant = Annotated[int, InstantForm()]
"""Microseconds since the epoch."""
Date = Annotated[str, DateForm()]
AtMoment = Annotated[Moment, MomentForm()]
TermMoment = Annotated[Moment, TermMomentForm()]
Month = Annotated[str, MonthForm()]
Period = Annotated[str, PeriodForm()]
ClockTime = Annotated[str, ClockTimeForm()]
EndTime = Annotated[str, EndTimeForm()]
Share = Annotated[Decimal, DecimalForm("share", 0, 1)]
Amount = Annotated[Decimal, DecimalForm("amount", 0)]
SignedAmount = Annotated[Decimal, DecimalForm("amount signed")]
AmountAboveZero = Annotated[Decimal, DecimalForm("amount above 0", 0, above=True)]
Currency = Annotated[str, CurrencyForm()]
Ids = Annotated[tuple[str, ...], ListForm(IdForm())]
SomeIds = Annotated[tuple[str, ...], ListForm(IdForm(), least=1)]
PersonalTexts = Annotated[tuple[str, ...], ListForm(TextForm(personal=True))]
Terms = Annotated[dict[str, Any], TermsForm()]
AnyValue = Annotated[Tree, ValueForm()]
Rows = Annotated[tuple[dict[str, Any], ...], RowsForm()]
Readings = Annotated[dict[str, str], ReadingsForm()]


class Fee(Said):
    """What a subscription or a resource costs."""

    amount: Amount
    currency: Currency
    per: Literal["month", "year", "term"]


class Window(Said):
    """A stretch of time, [`from`, `to`)."""

    from_: Instant = Field(alias="from")
    to: Instant
