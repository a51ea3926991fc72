"""Moments as people give them: instants, versions and the `basis` of an earlier answer (I1, I2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ledger.errors import BadInput, Usage
from schemas.instant import FIRST_INSTANT, FormError, format_instant, parse_instant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOTHING = FIRST_INSTANT - 1
"""Before every recorded time: what was known while a ledger was empty (`-` in its basis)."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def instant_of(given: str | datetime, what: str = "the moment") -> int:
    """Microseconds since 1970 of an instant as text (E4) or of an aware datetime.

    A bare date is refused with the two instants that it might mean.
    """
    if isinstance(given, datetime):
        if given.tzinfo is None:
            raise Usage(f"{what} {given.isoformat()} has no offset; give an aware datetime")
        return (given - EPOCH) // timedelta(microseconds=1)
    if not isinstance(given, str):
        raise Usage(f"{what} {given!r}: a moment is text or an aware datetime")
    if _DATE.fullmatch(given):
        raise Usage(f"{what} {given} {_of_date(given)}")
    try:
        return parse_instant(given)
    except FormError as error:
        raise Usage(f"{what} {given!r}: {error}") from error


def _of_date(given: str) -> str:
    """What is wrong with a bare date as a moment."""
    try:
        first = date.fromisoformat(given)
        after = first + timedelta(days=1)
    except ValueError:
        return "is no date of the calendar"
    except OverflowError:
        return f"is a date, not a moment: say {given}T00:00:00Z for its beginning"
    return (
        f"is a date, not a moment: say {first}T00:00:00Z for its beginning"
        f" or {after}T00:00:00Z for its end (or the same with your offset)"
    )


def datetime_of(instant: int) -> datetime:
    """An instant as an aware UTC datetime."""
    return EPOCH + timedelta(microseconds=instant)


@dataclass(frozen=True, slots=True)
class Asked:
    """The two moments of a question, resolved: `known_at` None means everything recorded."""

    at: int
    known_at: int | None


def asked(
    now: int,
    *,
    at: str | datetime | None = None,
    known_at: str | datetime | int | None = None,
    as_of: str | datetime | None = None,
    basis: str | None = None,
    rules: tuple[str, str] = ("", ""),
) -> Asked:
    """The moments of a question from the options of I1; `now` stands in for a missing `at`."""
    if as_of is not None and (at is not None or known_at is not None):
        raise Usage("--as-of sets both moments; leave out --at and --known-at beside it")
    if basis is not None:
        if at is not None or known_at is not None or as_of is not None:
            raise Usage("--basis names both moments; leave out --at, --known-at and --as-of")
        return _of_basis(basis, rules)
    if as_of is not None:
        both = instant_of(as_of, "--as-of")
        return Asked(at=both, known_at=both)
    return Asked(
        at=now if at is None else instant_of(at, "--at"),
        known_at=None if known_at is None else _known(known_at),
    )


def _known(given: str | datetime | int) -> int:
    if isinstance(given, datetime):
        return instant_of(given, "--known-at")
    if not str(given).isdecimal():
        return instant_of(str(given), "--known-at")
    raise BadInput(
        "--known-at",
        f"there is no ledger version {given}: this ledger signs no versions yet;"
        " name the recorded moment instead, such as 2026-11-01T00:00:00Z",
    )


def _of_basis(basis: str, rules: tuple[str, str]) -> Asked:
    parts = basis.split("/")
    if len(parts) != 4:
        raise Usage(f"--basis {basis!r}: copy the whole word AT/KNOWN_AT/SEMANTICS/TZDATA")
    if (parts[2], parts[3]) != rules:
        raise Usage.refused(
            f"--basis {basis!r} was answered under rules {parts[2]}/{parts[3]}, this program"
            f" has {rules[0]}/{rules[1]}: the rows may differ; ask with --at and --known-at"
        )
    known = NOTHING if parts[1] == "-" else _known(parts[1])
    return Asked(at=instant_of(parts[0], "--basis"), known_at=known)


def basis_of(at: int, known_at: int | None, rules: tuple[str, str]) -> str:
    """The copyable word that asks the same question again (I2)."""
    known = "-" if known_at is None else format_instant(known_at)
    return "/".join((format_instant(at), known, *rules))
