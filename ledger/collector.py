"""The garbage collector while many events pass through: it would look at each of them for nothing.

What an event is made of holds no circles, so that counting references frees it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (50_000, 20, 50)
"""Objects made before it looks, and how often older ones are looked at with them."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let it look seldom, and never at what is there already; as before afterwards."""
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not frozen:
            gc.unfreeze()
