"""Merkle trees by RFC 6962: growing roots, inclusion and consistency proofs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def node(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Tree:
    """A growing tree that keeps only its peaks: the roots of its full subtrees, largest first."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        size, peaks = self.size, self.peaks
        while size & 1:
            leaf = node(peaks.pop(), leaf)
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order."""
        size, peaks = self.size, self.peaks
        for leaf in leaves:
            found, rest = leaf, size
            while rest & 1:
                found = sha256(b"\x01" + peaks.pop() + found).digest()
                rest >>= 1
            peaks.append(found)
            size += 1
        self.size = size

    def root(self) -> bytes:
        """The root over all leaves added."""
        if not self.peaks:
            return EMPTY
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node(peak, found)
        return found

    def copy(self) -> Tree:
        """The same tree, growing on its own."""
        return Tree(self.size, list(self.peaks))


def tree_of(leaves: Iterable[bytes]) -> Tree:
    """The tree over some leaf hashes."""
    tree = Tree()
    tree.extend(leaves)
    return tree


def _split(count: int) -> int:
    """The largest power of two below a count of at least two."""
    return 1 << ((count - 1).bit_length() - 1)


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of the leaf at `index`, from the bottom up. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} in a tree of {len(leaves)}")
    if len(leaves) == 1:
        return []
    cut = _split(len(leaves))
    if index < cut:
        return [*inclusion(leaves[:cut], index), tree_of(leaves[cut:]).root()]
    return [*inclusion(leaves[cut:], index - cut), tree_of(leaves[:cut]).root()]


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an audit path leads to. Raises ValueError for a path of another length."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    last, found, steps = size - 1, leaf, iter(path)
    used = 0
    while last:
        if index & 1 or index < last:
            step = next(steps, None)
            if step is None:
                raise ValueError("the path is too short")
            found = node(step, found) if index & 1 else node(found, step)
            used += 1
        index >>= 1
        last >>= 1
    if used != len(path):
        raise ValueError("the path is too long")
    return found


def consistency(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """The proof that the tree over all leaves extends the one over the first `old`."""
    if not 0 < old <= len(leaves):
        raise IndexError(f"no tree of {old} in one of {len(leaves)}")
    return _consistency(leaves, old, whole=True)


def _consistency(leaves: Sequence[bytes], old: int, *, whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [tree_of(leaves).root()]
    cut = _split(len(leaves))
    if old <= cut:
        return [*_consistency(leaves[:cut], old, whole=whole), tree_of(leaves[cut:]).root()]
    rest = _consistency(leaves[cut:], old - cut, whole=False)
    return [*rest, tree_of(leaves[:cut]).root()]
