"""Random choices that read as words."""

from __future__ import annotations

import random
from typing import Any


class Chance:
    """One seed's choices."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, several: Any) -> Any:
        """One of them."""
        return self.random.choice(list(several))

    def some(self, several: Any, least: int = 0, most: int | None = None) -> list[Any]:
        """A few of them, in their order."""
        several = list(several)
        most = len(several) if most is None else min(most, len(several))
        number = self.random.randint(min(least, most), most)
        chosen = set(self.random.sample(range(len(several)), number))
        return [one for n, one in enumerate(several) if n in chosen]

    def often(self, chance: float) -> bool:
        """True with this chance."""
        return self.random.random() < chance

    def whole(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self.random.randint(least, most)
