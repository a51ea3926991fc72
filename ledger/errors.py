"""What can go wrong, in four kinds; each has its exit code (I1)."""

from __future__ import annotations

from pathlib import Path


class LedgerError(Exception):
    """The root of all that follows; `exit_code` is that of the command line."""

    exit_code = 1


class Usage(LedgerError):  # noqa: N818 - the name that I9 gives
    """The question cannot be asked so."""

    exit_code = 2

    @classmethod
    def refused(cls, message: str) -> Usage:
        """A question well put that this program must not answer (exit 1)."""
        error = cls(message)
        error.exit_code = 1
        return error


class BadInput(LedgerError):  # noqa: N818 - the name that I9 gives
    """Input that cannot be taken: where it is and how to mend it. Nothing was half-written."""

    exit_code = 3

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


class Refused(LedgerError):  # noqa: N818 - the name that I9 gives
    """A damaged file: no answer rests on it. The text names the file and the repair."""

    exit_code = 1

    def __init__(self, file: str | Path, fault: str, repair: str | None = None) -> None:
        self.file = str(file)
        self.fault = fault
        self.repair = repair or (
            "nothing was answered from it; put back this file from a mirror or a backup"
            " (its receipt names the right SHA-256), then ask again; sla-ledger verify lists all"
        )
        super().__init__(f"{self.file}: {fault}; {self.repair}")


class OutsideFailed(LedgerError):  # noqa: N818 - the name that I9 gives
    """The broker or the disk failed; running again is safe."""

    exit_code = 4


def why(error: OSError) -> str:
    """What the system said of a file, for a person: the path is told beside it."""
    if isinstance(error, PermissionError):
        return f"{error.strerror}; give this user the right, or run as the ledger's own user"
    return str(error.strerror or error)
