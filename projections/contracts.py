"""The answer `contract list`: every version of every contract that is known (I5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.members import ordered
from projections.rows import ContractRow
from projections.terms.versions import PUBLISHED, force_of

if TYPE_CHECKING:
    from projections.view import View


def rows(view: View) -> list[ContractRow]:
    """One row a contract version, with how many subscriptions are active under it at `at`."""
    agreements = view.agreements
    active: dict[tuple[str, str | None], int] = {}
    for span in agreements.spans:
        if span.start <= view.as_of.at < span.end:
            version = getattr(span.version, "name", span.version)
            key = (span.contract, version)
            active[key] = active.get(key, 0) + 1
    found = []
    for fact in agreements.facts(PUBLISHED):
        terms = fact.data["terms"]
        version = str(terms["version"])
        found.append(
            ContractRow(
                contract=fact.subject,
                version=version,
                effective_from=force_of(fact),
                published_at=fact.effective_at,
                provider=str(terms["provider"]),
                title=str(terms["source"]["title"]),
                plans=tuple(sorted(terms.get("plans", {}))),
                subscriptions=active.get((fact.subject, version), 0),
            )
        )
    latest = {(row.contract, row.version): row for row in found}
    result: list[ContractRow] = ordered(latest.values())
    return result
