"""What the rules ask of terms: values with their units, elements by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.reference.business_time import Always, Calendar, Composed, Holidays, Weekly
from tests.reference.knowing import Fact, Problem
from tests.reference.periods import MONTHS, Spec
from tests.reference.raw_terms import Node, Resolver, as_text, options, overridden

MICROS = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
EDGES = ("below", "at_most", "at_least", "above")
_DURATION = re.compile(r"([0-9.]+)(s|m|h|d|bm|bh|bd|mo)")


def number_of(value: Any) -> Fraction:
    """An exact number."""
    return Fraction(value)


def money_of(text: Any) -> tuple[Fraction, str]:
    """`1.00 USD`."""
    number, currency = str(text).split(" ")
    return Fraction(number), currency


def length_of(text: Any) -> tuple[int, str]:
    """`30d`, whole."""
    found = _DURATION.fullmatch(str(text))
    assert found is not None, text
    return int(found[1]), found[2]


def length_us(text: Any, unit: str | None = None) -> int:
    """A length in microseconds; `unit` where only the number is written."""
    if unit is not None:
        return int(Fraction(str(text)) * MICROS[unit])
    found = _DURATION.fullmatch(str(text))
    assert found is not None, text
    return int(Fraction(found[1]) * MICROS[found[2]])


def _compare(word: str, value: Fraction, limit: Fraction) -> bool:
    """terms.md 1.3."""
    return {
        "below": value < limit,
        "at_most": value <= limit,
        "at_least": value >= limit,
        "above": value > limit,
    }[word]


def edge_fits(edge: Any, value: Fraction, *, unit: str | None = None, target: Any = None) -> bool:
    """Both words of an edge hold; `target` stands for the number of the target."""
    for word in EDGES:
        text = getattr(edge, word)
        if text is None:
            continue
        if text == "target":
            limit = _target_number(target)
        elif unit in ("net_downtime", "longest_outage"):
            limit = Fraction(length_us(text))
        else:
            limit = Fraction(text)
        if not _compare(word, value, limit):
            return False
    return True


def _target_number(target: Any) -> Fraction:
    from tests.reference.formulas import target_number

    return target_number(target)


def edge_fits_us(edge: Any, value: Fraction | int) -> bool:
    """An edge of lengths against microseconds."""
    return edge_fits(edge, Fraction(value), unit="net_downtime")


def names(channels: Any) -> tuple[str, list[str]]:
    """`{any: [...]}` or `{all: [...]}`; absent: any channel."""
    if channels is None:
        return "any", ["any"]
    return ("all", channels.all) if channels.all is not None else ("any", channels.any)


def excused_of(exclusion: Any, availability: Any) -> str:
    """S6.42."""
    return str(exclusion.excused or availability.excused)


def condition_of(condition: Any) -> tuple[str, Any]:
    """terms.md 2.13: the word of a condition and what is under it."""
    if condition.of is not None:
        return "at_least", (int(condition.at_least), condition.of)
    for word in ("any", "all"):
        if condition.has(word):
            return word, (1, getattr(condition, word))
    for word in ("incident", "probe", "counted"):
        if condition.has(word):
            return word, condition
    raise ValueError(condition.names())


@dataclass(frozen=True)
class Target:
    """`within`: a number with its edge, or one of two words."""

    word: str
    text: str
    edge: str = "at_most"
    number: Fraction = Fraction(0)
    unit: str = ""


def target_of(cell: Any) -> Target:
    """terms.md 2.9."""
    within = cell.within
    if within in ("none", "best_effort"):
        return Target(within, within)
    edge, text = "at_most", within
    shown = within
    if isinstance(within, Node):
        edge = within.names()[0]
        text = getattr(within, edge)
        shown = f"{edge} {text}"
    found = _DURATION.fullmatch(text)
    assert found is not None, text
    return Target("number", shown, edge, Fraction(found[1]), found[2])


def cells(clock: Any) -> list[Any]:
    """In the order written."""
    return list(clock.targets or [])


def fits_only(only: Any, opened: Fact) -> bool:
    """S3.21: tests of the opening; empty and absent lists test nothing."""
    if only is None:
        return True
    if only.channels and "any" not in only.channels and opened.get("channel") not in only.channels:
        return False
    if only.tags and not set(only.tags) & set(opened.get("tags") or []):
        return False
    if only.kinds and opened.data.get("kind", "support") not in only.kinds:
        return False
    return not only.opened_by or opened.data.get("by", "customer") in only.opened_by


def band_text(row: Any) -> dict[str, str]:
    """I3: only the members it has, in this order."""
    order = (*EDGES, "percent", "amount", "days", "of", "per")
    return {name: str(getattr(row, name)) for name in order if row.has(name)}


def without_claims(credit: Any) -> Any:
    """S8.11."""
    return credit.changed(claim="none")


class Document:
    """A contract with its wrappers gone; an element that is off is not there."""

    def __init__(self, contract: Node, zones: Node, published: Holidays) -> None:
        self.contract = contract
        self.period_zone = str(zones.period)
        self.deadline_zone = str(zones.deadlines)
        self.plan_change = str(contract.plan_change or "cut")
        self.published = published
        self.clocks = contract.clocks or []
        self.availability = contract.availability or []
        self.exclusions = contract.exclusions or []
        self.credits = contract.credits or []
        self.pools = contract.pools or []
        self.rights = contract.rights or []
        self._calendars: dict[str, Calendar] = {}

    def calendar(self, name: str) -> Calendar:
        """S4.1, S4.4, S4.8."""
        if name not in self._calendars:
            self._calendars[name] = self._calendar(getattr(self.contract.calendars, name))
        return self._calendars[name]

    def _calendar(self, one: Any) -> Calendar:
        zone = str(one.zone or self.deadline_zone)
        word = str(one.business_day or "same_time")
        if one.always:
            return Always(self.deadline_zone, word)
        holidays = _holidays(one.holidays)
        if one.weekly is not None:
            weekly = [(tuple(w.days), w.from_, w.to) for w in one.weekly]
            return Weekly(zone, word, weekly, holidays, self.published)
        kind = "any" if one.any is not None else "all"
        parts = [self.calendar(name) for name in getattr(one, kind)]
        days = tuple(one.days) if one.days else None
        return Composed(zone, word, kind, parts, days, holidays, self.published)

    def open_hours(self, name: str | None) -> Calendar | None:
        """`measured_in`; None: all time."""
        if name in (None, "always"):
            return None
        found = self.calendar(str(name))
        return None if isinstance(found, Always) else found

    def spec_of(self, period: Any) -> Spec:
        """terms.md 2.12."""
        if period is None:
            return ("month",)
        if isinstance(period, str):
            return ("quarter", 1) if period == "quarter" else (period,)
        if period.quarter is not None:
            return ("quarter", MONTHS.index(period.quarter.first) + 1)
        return ("days", int(period.days), str(period.ending))

    def credit_spec(self, credit: Any) -> Spec | None:
        """S8.10: the period of its availabilities, else its own; None: nothing of it is left."""
        of = credit.for_ or []
        for one in self.availability:
            if one.id in of:
                return self.spec_of(one.period)
        if any(one.id in of for one in self.clocks):
            return self.spec_of(credit.period)
        return None

    def period_specs(self) -> set[Spec]:
        """Every kind of period that something here goes by; the month where there are rights."""
        found = {self.spec_of(one.period) for one in self.availability}
        found |= {spec for one in self.credits if (spec := self.credit_spec(one)) is not None}
        return found | {("month",)} if self.rights else found

    def pool_of(self, credit: str) -> Any:
        """The pool that a credit is in, without the credits that are off (terms.md 1.5)."""
        on = {one.id for one in self.credits}
        pool = next((one for one in self.pools if credit in one.credits), None)
        if pool is None:
            return None
        return pool.changed(credits=[name for name in pool.credits if name in on])

    def target_text(self, target: Any) -> str | None:
        """S6.92."""
        if target in (None, "none"):
            return None
        edge = target.names()[0]
        return f"{edge} {getattr(target, edge)}"


def _holidays(value: Any) -> tuple[str, list[str]]:
    if value in (None, "none"):
        return "any", []
    if isinstance(value, str):
        return "any", [value]
    return ("all", value.all) if value.all is not None else ("any", value.any)


def chosen_options(raw: Any, overrides: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The options that a decision may name."""
    tree, _ = overridden(raw, overrides)
    return {name: set(several) for name, several in options(tree).items()}


def resolved(
    raw: Any,
    plan: str,
    readings: dict[str, str],
    zone_readings: dict[str, str],
    overrides: list[dict[str, Any]],
    published: Holidays,
) -> tuple[Document, list[str]]:
    """S3.10 to S3.14; the second: overrides that meet nothing or break a form rule."""
    tree, missed = overridden(raw, overrides)
    broken = form_error(tree) if overrides else None
    if broken is not None:
        tree, missed = as_text(raw), [*missed, broken]
    contract = Resolver(tree, plan, readings).plain(
        {name: value for name, value in tree.items() if name not in ("interpretations", "zones")}
    )
    zones = Resolver(tree, plan, zone_readings).plain(tree["zones"])
    return Document(contract, zones, published), missed


def form_error(tree: Any) -> str | None:
    """Code and path of the form rule that a document breaks (terms.md 1.7)."""
    try:
        from schemas import lint
    except ImportError:
        return None
    found = lint.form_errors(tree)
    return None if found is None else f"{found.code} {found.path}"


def lint_problems(raw: Any, contract: str) -> set[Problem]:
    """Left to the product: what a linter finds changes no figure."""
    return set() if raw and contract else set()
