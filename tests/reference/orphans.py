"""Events about what nobody opened (E6, I8)."""

from __future__ import annotations

from tests.reference.knowing import Fact, Known, Problem

BEGINS = {
    "ticket": ("ticket.opened",),
    "claim": ("claim.submitted",),
    "dispute": ("dispute.opened",),
    "maintenance": ("maintenance.announced",),
    "resource": ("resource.added",),
    "credit": ("credit.proposed", "credit.granted"),
}


def orphans(known: Known) -> set[Problem]:
    """One problem a subject, with the id of the first event about it."""
    begun = {
        (family, fact.subject) for family, types in BEGINS.items() for fact in known.of(*types)
    }
    first: dict[tuple[str, str], Fact] = {}
    for fact in known.facts:
        family = fact.type.split(".")[0]
        if fact.type != "claim.notified" and family in BEGINS:
            if (family, fact.subject) not in begun:
                first.setdefault((family, fact.subject), fact)
    return {
        Problem("orphan", subject, fact.id, fact.get("customer"))
        for (_, subject), fact in first.items()
    }
