"""What a question supposes: readings other than those chosen (S3.10, S3.11). Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class SupposedReading:
    """An option in the place of the chosen one, whoever decided that and when.

    `contract` and `version` None: in every contract and version that has this option.
    """

    interpretation: str
    option: str
    contract: str | None = None
    version: str | None = None

    def concerns(self, contract: str, version: str) -> bool:
        """Whether it is about this version of this contract."""
        return self.contract in {None, contract} and self.version in {None, version}


@dataclass(frozen=True, slots=True)
class Supposition:
    """Readings that hold instead, for everybody and for every ticket and part."""

    readings: tuple[SupposedReading, ...] = ()

    def readings_of(
        self, contract: str, version: str, options: Mapping[str, frozenset[str]]
    ) -> dict[str, str]:
        """The options supposed for a version; one that it does not have has no effect (S3.11)."""
        return {
            each.interpretation: each.option
            for each in self.readings
            if each.concerns(contract, version)
            and each.option in options.get(each.interpretation, ())
        }


AS_IT_IS = Supposition()
"""Nothing is supposed."""
