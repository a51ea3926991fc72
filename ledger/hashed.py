"""Files that this process has hashed, so that it need not as long as they are untouched (L5)."""

from __future__ import annotations

from pathlib import Path

Mark = tuple[int, int, int, str]
"""Length, inode, change time, and the SHA-256 that the file must have."""

_found_right: dict[str, Mark] = {}


def mark(path: Path, sha256: str) -> Mark:
    """What to look for before hashing, and to remember once the hash was right. Raises OSError."""
    seen = path.stat()
    return seen.st_size, seen.st_ino, seen.st_ctime_ns, sha256


def is_known(path: Path, seen: Mark) -> bool:
    """Whether the file had this hash and has not been touched since."""
    return _found_right.get(str(path)) == seen


def remember(path: Path, seen: Mark) -> None:
    """The bytes had the hash of a mark that was taken before they were read."""
    _found_right[str(path)] = seen
