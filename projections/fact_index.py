"""Facts of a type by what they are about: read through once, then looked up.

A month is sealed for a thousand customers; none of them walks through the facts of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from projections.terms import Agreements, Fact

SUBJECT = ""
"""The index by subject; else the name of a member of the data."""
_INDEXES: WeakKeyDictionary[Agreements, dict[tuple[str, str], dict[object, list[Fact]]]] = (
    WeakKeyDictionary()
)


def facts_about(
    agreements: Agreements, event_type: str, value: str, member: str = SUBJECT
) -> list[Fact]:
    """The facts of a type whose subject, or whose member of the data, is a value, in order."""
    indexes = _INDEXES.setdefault(agreements, {})
    key = event_type, member
    if key not in indexes:
        index: dict[object, list[Fact]] = {}
        for fact in agreements.facts(event_type):
            found = fact.subject if member == SUBJECT else fact.data.get(member)
            index.setdefault(found, []).append(fact)
        indexes[key] = index
    return indexes[key].get(value, [])


def in_order(*told: list[Fact]) -> list[Fact]:
    """Several lists of facts as one, in the order of S2.10."""
    return sorted((fact for facts in told for fact in facts), key=lambda fact: fact.order)
