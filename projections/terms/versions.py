"""The versions of contracts: when each takes force and which one binds (S3.5 to S3.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from projections.calendar.wall_time import date_start, is_zone
from projections.facts import Fact
from schemas.instant import FormError, parse_instant

PUBLISHED = "sla.contract.published.v1"
FAR = 2**62
"""An end that is open."""


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One publication of a contract, in force from an instant on."""

    fact: Fact
    force: int

    @property
    def raw(self) -> Mapping[str, Any]:
        """The document as published, wrappers and all."""
        raw: Mapping[str, Any] = self.fact.data["terms"]
        return raw

    @property
    def name(self) -> str:
        """The version that the document names."""
        return str(self.raw["version"])

    @property
    def on_notice(self) -> bool:
        """Whether a later version replaces this one inside a term (S3.6)."""
        return bool(self.raw["supersession"] == "on_notice")

    def options(self) -> dict[str, frozenset[str]]:
        """The options of each interpretation."""
        return {
            str(each["id"]): frozenset(each["options"])
            for each in self.raw.get("interpretations", ())
        }

    def chosen(self) -> dict[str, str]:
        """The option of each interpretation that the document itself takes (S3.10)."""
        return {
            str(each["id"]): str(each["chosen"]) for each in self.raw.get("interpretations", ())
        }


class Versions:
    """All publications by contract."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.published: dict[str, list[Version]] = {}
        self._walked: dict[tuple[str, int], list[tuple[int, Version]]] = {}
        for fact in facts:
            version = Version(fact, force_of(fact))
            self.published.setdefault(fact.subject, []).append(version)

    def walk(self, contract: str, term_started_at: int) -> list[tuple[int, Version]]:
        """From when which version binds in a term that starts then (S3.6, S3.7), in time."""
        key = contract, term_started_at
        if key not in self._walked:
            self._walked[key] = self._walk(contract, term_started_at)
        return self._walked[key]

    def _walk(self, contract: str, term_started_at: int) -> list[tuple[int, Version]]:
        # of two versions with the same instant the later in order holds (S3.5)
        by_force = {each.force: each for each in self.published.get(contract, ())}
        found: list[tuple[int, Version]] = []
        for force in sorted(by_force):
            version = by_force[force]
            if force <= term_started_at:
                found = [(term_started_at, version)]
            elif not found or found[-1][1].on_notice:
                found.append((force, version))
        return found


def force_of(fact: Fact) -> int:
    """When a version takes force: `effective.from`, without it the event's `time` (S3.5)."""
    terms = fact.data["terms"]
    written = (terms.get("effective") or {}).get("from")
    if written is None:
        return fact.effective_at
    zone = terms["zones"]["period"]
    return moment_instant(str(written), zone if isinstance(zone, str) and is_zone(zone) else "UTC")


def moment_instant(written: str, zone: str) -> int:
    """The instant of a moment of E4: an instant, or a date's first instant in a zone."""
    try:
        return parse_instant(written)
    except FormError:
        return date_start(date.fromisoformat(written), zone)
