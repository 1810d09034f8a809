"""Patterns of file paths, matched in time that grows with the pattern times the path, whatever the pattern is."""

from __future__ import annotations

import re

_PIECES = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]")


def matches_end(pattern: str, path: str) -> bool:
    """Whether a pattern matches the end of an absolute path, from the beginning of a name on.

    Every way to match is followed at once: bit ``n`` of a number says that the pattern up to here may end before
    character ``n`` of the path.

    Args:
        pattern: The pattern: ``*`` stands for any text in a name, ``**`` for any text, ``**/`` for any number of
            folders, ``?`` for one character of a name.
        path: The path, with ``/`` between its folders.
    """
    where: dict[str, int] = {}
    for index, character in enumerate(path):
        where[character] = where.get(character, 0) | 1 << index
    slashes = where.get("/", 0)
    names = ((1 << len(path)) - 1) & ~slashes
    ends = 1 | slashes << 1
    for piece in _PIECES.findall(pattern.removeprefix("./")):
        if not ends:
            return False
        if piece == "**/":
            ends |= _behind(ends & names) & slashes << 1
        elif piece == "**":
            ends |= _behind(ends) & (1 << len(path) + 1) - 1
        elif piece == "*":
            # The carry of an addition runs from each bit to the end of the name that it is in.
            ends |= ((ends & names) + names) ^ names
        elif piece == "?":
            ends = (ends & names) << 1
        else:
            ends = (ends & where.get(piece, 0)) << 1
    return bool(ends >> len(path) & 1)


def _behind(bits: int) -> int:
    """Every bit from the lowest that is set on."""
    return -(bits & -bits)
