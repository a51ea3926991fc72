"""A version laid out for one plan: overrides, readings and plans become a plain document.

The rules of the document are those of schemas (terms.md 1.5, 1.6); here is what semantics adds:
which decisions hold, and that readings in `zones` have a moment of their own (S3.12).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from projections.facts import Fact
from projections.terms.versions import Version

_CHOSEN = re.compile(r"interpretations\[([^\]]+)\]\.chosen")
_ZONES = ("period", "deadlines")


@dataclass(frozen=True, eq=False)
class Terms:
    """A contract version as it stands for one plan: wrappers and overrides gone (S3.10-S3.14).

    `key` is the plan with the hash of the resolved document: equal keys, equal terms. The plan is
    of it because eligibility asks for it by name (S8.70), also where no clause differs by plan.
    `readings` are the options taken, `decided` the decisions among them by interpretation (S3.11).
    `override_problems` are details of the problem `override` (S3.14).
    """

    key: str
    contract: str
    version: str
    plan: str
    document: Any
    readings: Mapping[str, str]
    published: Fact
    decided: Mapping[str, Fact] = field(default_factory=dict)
    override_problems: tuple[str, ...] = ()

    @cached_property
    def period_kinds(self) -> list[Any]:
        """The kinds of period by which the availabilities, clock credits and rights go."""
        document = self.document
        clocks = {str(clock.id) for clock in document.clocks or ()}
        found = [each.period for each in document.availability or ()]
        found += [
            credit.period or "month"
            for credit in document.credits or ()
            if any(str(name) in clocks for name in credit.for_)
        ]
        if document.rights:
            found.append("month")
        distinct = {repr(spec): spec for spec in found}
        return [distinct[key] for key in sorted(distinct)]


Overrides = Sequence[Mapping[str, Any]]
Decided = Mapping[str, Fact]
Supposed = Mapping[str, str]
Resolve = Callable[[Version, str, Overrides, Decided, Decided, Supposed], Terms | None]


def plain_document(
    version: Version,
    plan: str,
    overrides: Overrides,
    decided: Decided,
    of_zones: Decided,
    supposed: Supposed,
) -> Terms | None:
    """The terms of a version; null where no document comes out of it for this plan.

    `decided` are the decisions that hold, `of_zones` those that hold for `zones` (S3.12);
    `supposed` are the options that a question takes instead, the strongest of all.
    """
    from schemas.resolve import resolve  # noqa: PLC0415 - YAML and models only where a contract is
    from schemas.terms_raw import read_json  # noqa: PLC0415 - as above

    raw = read_json(version.raw)
    laid = [(str(each["path"]), each["value"]) for each in overrides]
    chosen = {**_options(decided), **supposed}
    for_zones = {**_options(of_zones), **supposed}
    zones = None
    if for_zones != chosen:
        other = resolve(raw, plan, for_zones, laid)
        if other.contract is None:
            return None
        zones = {name: str(getattr(other.contract.zones, name)) for name in _ZONES}
    found = resolve(raw, plan, chosen, laid, zones)
    if found.contract is None:
        return None
    return Terms(
        key=f"{plan}/{found.sha256}",
        contract=str(version.raw["contract"]),
        version=version.name,
        plan=plan,
        document=found.contract,
        readings={**version.chosen(), **({} if found.void else _chosen_by(laid)), **chosen},
        published=version.fact,
        decided={
            name: fact
            for name, fact in decided.items()
            if supposed.get(name, fact.data["chosen"]) == fact.data["chosen"]
        },
        override_problems=tuple(str(each) for each in found.override_problems),
    )


def _options(decided: Decided) -> dict[str, str]:
    return {name: str(fact.data["chosen"]) for name, fact in decided.items()}


def _chosen_by(overrides: Sequence[tuple[str, Any]]) -> dict[str, str]:
    """The readings that overrides choose; a decision is stronger (terms.md 1.5, order)."""
    found = [(_CHOSEN.fullmatch(path), value) for path, value in overrides]
    return {match[1]: str(value) for match, value in found if match is not None}


def lint_errors(raw: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Code and path of every error of a contract that is none of form (E5, problem `lint`)."""
    from schemas.lint import lint  # noqa: PLC0415 - only where problems are asked for
    from schemas.terms_raw import read_json  # noqa: PLC0415 - as above

    return [(each.code, each.path) for each in lint(read_json(raw)) if each.level == "error"]
