"""Hypothesis strategies for events, derived from the models: a new type or form is met by itself.

`events()` gives whole structured events as plain JSON values; `respelled` says the same in other
words (E7): members shuffled, absent as null or as the default written out, instants at another
offset, decimals with more zeros.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from schemas.events import ROWS, EventType, example
from schemas.forms import (
    BoolForm,
    Form,
    HashForm,
    IdForm,
    SourceForm,
    TextForm,
    UriForm,
    WholeForm,
    WordForm,
)
from schemas.forms_money import CurrencyForm, DecimalForm
from schemas.forms_time import (
    ClockTimeForm,
    DateForm,
    EndTimeForm,
    InstantForm,
    MomentForm,
    MonthForm,
    PeriodForm,
)
from schemas.instant import format_instant, parse_instant
from schemas.lists import IdOr, ListForm
from schemas.money import CURRENCIES
from schemas.shapes import ObjectForm, Plan, is_reversed
from schemas.trees import ReadingsForm, RowsForm, TermsForm, ValueForm

LETTERS = st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")
IDS = st.one_of(
    st.from_regex(r"[a-zA-Z0-9][a-z0-9/_-]{0,6}[a-z0-9]", fullmatch=True),
    st.text(LETTERS, min_size=1, max_size=5).filter(
        lambda text: IdForm.pattern.fullmatch(text) is not None
    ),
)
INSTANTS = st.integers(946684800_000000, 4102444800_000000).map(format_instant)
DATES = st.integers(0, 40_000).map(lambda days: (date(2000, 1, 1) + timedelta(days)).isoformat())
TREES = st.recursive(
    st.text(LETTERS, max_size=4) | st.integers(0, 99) | st.booleans(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(IDS, inner, max_size=2),
    max_leaves=4,
)
TERMS = json.loads(example(ROWS["sla.contract.published.v1"].model)[1])["terms"]


def _clock(form: Form) -> st.SearchStrategy[str]:
    times = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
    return times | st.just("24:00") if isinstance(form, EndTimeForm) else times


def _decimal(form: DecimalForm) -> st.SearchStrategy[str]:
    if form.most == 1:
        return st.sampled_from(["0", "1", "0.5", "0.333333333333", "1.00"])
    least = -(10**6) if form.least is None else form.least + form.above
    return st.builds(
        lambda whole, part: f"{whole}{part}",
        st.integers(least, 10**14).filter(lambda whole: whole != 0 or not form.above),
        st.sampled_from(["", ".5", ".00", ".123456789012"]),
    ).filter(lambda text: not text.startswith("-0"))


def _months() -> st.SearchStrategy[str]:
    return DATES.map(lambda text: text[:7])


def _periods() -> st.SearchStrategy[str]:
    spans = st.tuples(DATES, DATES).filter(lambda two: two[0] < two[1]).map("/".join)
    return st.one_of(_months(), st.sampled_from(["2026", "2026-Q3"]), spans)


ROWS_OF_ANSWERS = st.lists(
    st.fixed_dictionaries({"service": IDS, "gross_seconds": st.integers(0, 9), "note": st.none()}),
    max_size=2,
)

BY_FORM: dict[type[Form], Any] = {
    IdForm: lambda form: IDS,
    TextForm: lambda form: st.text(LETTERS, max_size=8),
    SourceForm: lambda form: st.sampled_from(["/desk/acme", "https://example.org/a?b=c"]),
    UriForm: lambda form: st.sampled_from(["https://status.example.org/", "x"]),
    HashForm: lambda form: st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    WordForm: lambda form: st.sampled_from(form.words),
    BoolForm: lambda form: st.booleans(),
    WholeForm: lambda form: st.integers(form.least, form.most),
    InstantForm: lambda form: INSTANTS,
    DateForm: lambda form: DATES,
    MomentForm: lambda form: DATES | INSTANTS,
    MonthForm: lambda form: _months(),
    PeriodForm: lambda form: _periods(),
    ClockTimeForm: _clock,
    CurrencyForm: lambda form: st.sampled_from(sorted(CURRENCIES)),
    DecimalForm: _decimal,
    ListForm: lambda form: st.lists(raw(form.of), min_size=form.least, max_size=3),
    ObjectForm: lambda form: data(form.plan),
    IdOr: lambda form: IDS | raw(form._object),
    TermsForm: lambda form: st.just(TERMS),
    ValueForm: lambda form: TREES,
    RowsForm: lambda form: ROWS_OF_ANSWERS,
    ReadingsForm: lambda form: st.dictionaries(IDS, IDS, max_size=2),
}


def raw(form: Form) -> st.SearchStrategy[Any]:
    """JSON values of one form."""
    for kind in type(form).__mro__:
        if kind in BY_FORM:
            return BY_FORM[kind](form)
    raise LookupError(f"no strategy for {type(form).__name__}")


def data(plan: Plan) -> st.SearchStrategy[dict[str, Any]]:
    """Data of one model: the required members and any of the others."""
    members = {member.name: raw(member.form) for member in plan.members}
    needed = {name: members[name] for name in plan.required}
    rest = {name: value for name, value in members.items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=rest).map(lambda said: _put_right(plan, said))


def _put_right(plan: Plan, said: dict[str, Any]) -> dict[str, Any]:
    """What concerns several members: ranges in order, counts that fit, one of two, dates once."""
    for early, late in (("from", "to"), ("claimed_from", "claimed_to")):
        if early in said and late in said:
            said |= _in_order(plan, {early: said[early], late: said[late]})
    if "failed" in said:
        said["failed"], said["total"] = sorted((said["failed"], said["total"]))
    if "period" in said and "incidents" in said:
        del said["incidents"]
    if "holidays" in said:
        said["holidays"] = list({each["date"]: each for each in said["holidays"]}.values())
    return said


def _in_order(plan: Plan, two: dict[str, str]) -> dict[str, str]:
    (early, one), (late, other) = two.items()
    forms = {member.name: member.form for member in plan.members}
    start, end = forms[early].read(one), forms[late].read(other)
    if start == end:
        hours = isinstance(forms[late], EndTimeForm)
        return {late: "24:00" if hours else "2190-01-01" + one[10:]}
    if is_reversed(start, end) and not isinstance(forms[late], EndTimeForm):
        return {early: other, late: one}
    return two


def _whole(row: EventType, said: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    subject = st.just(TERMS["contract"]) if "terms" in said else IDS
    if row.type == "sla.source.counted.v1":  # about a source, which has no white space (E1)
        subject = st.sampled_from(["/desk/acme", "/zendesk/acme"])
    return st.fixed_dictionaries(
        {
            "specversion": st.just("1.0"),
            "id": IDS,
            "source": st.sampled_from(["/desk/acme", "/sla-ledger"]),
            "type": st.just(row.type),
            "subject": subject.filter(lambda text: text != said.get("into")),
            "time": INSTANTS,
            "data": st.just(said),
        },
        optional={"corrects": IDS, "observedtime": INSTANTS, "traceparent": st.text("abc-")},
    )


def events_of(row: EventType) -> st.SearchStrategy[dict[str, Any]]:
    """Whole events of one type."""
    return data(row.plan).flatmap(lambda said: _whole(row, said))


def events() -> st.SearchStrategy[dict[str, Any]]:
    """Whole events of any type."""
    return st.sampled_from(list(ROWS.values())).flatmap(events_of)


@st.composite
def respelled(draw: st.DrawFn, event: dict[str, Any]) -> dict[str, Any]:
    """The same content in other words (E7), under another `observedtime` and extension."""
    plan = ROWS[event["type"]].plan
    other = {name: each for name, each in event.items() if name not in ("data", "observedtime")}
    other["time"] = _elsewhere(draw, event["time"])
    other["data"] = _object(draw, plan, event["data"])
    other["tracestate"] = "other"
    return _shuffled(draw, other)


def _shuffled(draw: st.DrawFn, said: dict[str, Any]) -> dict[str, Any]:
    return dict(draw(st.permutations(list(said.items()))))


def _elsewhere(draw: st.DrawFn, text: str) -> str:
    instant = parse_instant(text)
    hours = draw(st.integers(-23, 23))
    local = format_instant(instant + hours * 3600 * 1_000_000)[:-1]
    point = "" if "." in local else "."
    return f"{local}{point}{'0' * 6 if point else ''}{'' if point else '000'}{hours:+03d}:00"


def _object(draw: st.DrawFn, plan: Plan, said: dict[str, Any]) -> dict[str, Any]:
    made = {}
    for member in plan.members:
        if said.get(member.name) is not None:
            made[member.name] = _value(draw, member.form, said[member.name])
        elif not member.required:
            shown = member.form.shown
            default = member.default
            if default is not None and shown is not None:
                default = shown(default)
            spelling = draw(st.sampled_from(["absent", "null", "default"]))
            if spelling != "absent":
                made[member.name] = default if spelling == "default" else None
    return _shuffled(draw, made)


def _value(draw: st.DrawFn, form: Form, value: Any) -> Any:
    """One value in other words; a form without other words gives it back."""
    if isinstance(form, InstantForm):
        return _elsewhere(draw, value)
    if isinstance(form, DecimalForm):
        whole, point, part = value.partition(".")
        return f"{whole}.{part or '0'}" if not point else value.rstrip("0").rstrip(".")
    if isinstance(form, ObjectForm):
        return _object(draw, form.plan, value)
    if isinstance(form, ListForm):
        return [_value(draw, form.of, each) for each in value]
    if isinstance(form, IdOr) and isinstance(value, dict):
        return _value(draw, form._object, value)
    if isinstance(form, ValueForm | TermsForm):
        return _tree(value)
    return value


def _tree(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _tree(value[name]) for name in reversed(value)}
    if isinstance(value, list):
        return [_tree(each) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def wire(event: dict[str, Any]) -> bytes:
    """A structured message's value."""
    return json.dumps(event, ensure_ascii=False).encode()
