"""What upheld disputes decided about exclusions (S7.40, S7.41)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projections.facts import Fact
    from projections.view import View

OPENED = "sla.dispute.opened.v1"
DECIDED = "sla.dispute.decided.v1"

Rulings = Mapping[str, Mapping[str, Mapping[str, bool]]]
"""By customer, then incident, then exclusion: granted or withdrawn."""


def rulings(facts: Iterable[Fact]) -> Rulings:
    """The last upheld decision on each exclusion and incident, for the dispute's customer.

    Facts in order. One on a dispute that nobody opened has no effect (E6).
    """
    told = list(facts)
    owners: dict[str, str] = {}
    for fact in told:
        if fact.type == OPENED:
            owners.setdefault(fact.subject, str(fact.data["customer"]))
    found: dict[str, dict[str, dict[str, bool]]] = {}
    for fact in told:
        ruled = fact.data.get("exclusion")
        if fact.type != DECIDED or fact.data["decision"] != "upheld" or ruled is None:
            continue
        if fact.subject not in owners:
            continue
        of_customer = found.setdefault(owners[fact.subject], {})
        of_incident = of_customer.setdefault(str(ruled["incident"]), {})
        of_incident[str(ruled["exclusion"])] = bool(ruled["granted"])
    return found


def with_rulings(
    known: Rulings,
    customer: str,
    incidents: Iterable[str],
    exclusions: Iterable[str],
    *,
    granted: bool,
) -> Rulings:
    """The rulings as if these exclusions were decided for these incidents last of all."""
    decided = dict.fromkeys(exclusions, granted)
    own = dict(known.get(customer, {}))
    own.update({name: {**own.get(name, {}), **decided} for name in incidents})
    return {**known, customer: own}


def rulings_of(view: View) -> Rulings:
    """The rulings of a view, read once."""
    held = vars(view)
    if "rulings" not in held:
        held["rulings"] = rulings(view.facts([OPENED, DECIDED]))
    found: Rulings = held["rulings"]
    return found
