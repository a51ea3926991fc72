"""The matrices of terms.md 3: which member a kind asks for, and which it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from schemas.terms_reading import At

T = TypeVar("T")
Matrix = Mapping[str, str]
"""Of a member, one sign for each kind: R required, A and = may stand, n no effect, . refused."""

CLOCK_KINDS = (
    "first_response", "next_response", "update_cadence", "resolution", "closure", "meeting_slot",
)  # fmt: skip
CLOCKS: Matrix = {
    "satisfied_by": "RRR...",
    "confirmation": "...R..",
    "stops_on": ".....R",
    "on_reopen": "nnnRnn",
    "on_merge": "=nn=nn",
}
MEASURES = ("downtime", "weighted_downtime", "interval_average", "request_ratio", "attainment")
AVAILABILITY: Matrix = {
    "services": "RRRRn",
    "across": "====.",
    "view": "====.",
    "measured_in": "====.",
    "down_when": "RR...",
    "minimum_duration": "==...",
    "count": "==...",
    "degraded_weight": ".R...",
    "interval_average": "..R..",
    "request_ratio": "...R.",
    "attainment": "....R",
}
FORMULAS = ("bands", "per_step", "downtime_price", "each", "none")
CREDITS: Matrix = {
    "bands": "R....",
    "per_step": ".R...",
    "downtime_price": "..R..",
    "each": "...R.",
    "base": "RRRRn",
    "caps": "RRRRn",
    "claim": "RRRRn",
    "settle": "RRRRn",
    "rounding": "RRRRn",
    "eligibility": "AAAAn",
    "minimum": "AAAAn",
}
OF_AVAILABILITIES: Matrix = {"on": "==...", "period": ".....", "several": "AAA.n"}
OF_CLOCKS: Matrix = {"on": "RR...", "period": "==.=n", "several": "nn.nn"}
EXCLUSION_KINDS = ("maintenance", "cause", "upstream_marker")
EXCLUSIONS: Matrix = {
    "maintenance": "R..",
    "notice": "A..",
    "tests": "A..",
    "cause": ".R.",
    "parties": ".A.",
    "while_party_reports": ".A.",
    "requires_up": "..A",
}
CALENDAR_FORMS = ("always", "weekly", "composed")
CALENDARS: Matrix = {
    "always": "R..",
    "weekly": ".R.",
    "any": "..A",
    "all": "..A",
    "zone": ".==",
    "holidays": ".=A",
    "days": "..A",
    "business_day": "===",
}


def judged(made: T, at: At, matrix: Matrix, column: int) -> T:
    """A model by its column: what is missing is noted, what is refused has no effect."""
    dropped: dict[str, Any] = {}
    for name, signs in matrix.items():
        told = (*at.steps, name) in at.where.origins
        if signs[column] == "R" and not told:
            at.missing(name)
        if signs[column] == "." and told:
            at.refuse(name)
            dropped[name] = None
    return replace(made, **dropped) if dropped else made  # type: ignore[type-var] # models are dataclasses
