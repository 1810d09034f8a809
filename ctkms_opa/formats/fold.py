"""Lines that fit a terminal: folded between words, and two texts one above the other."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ctkms_opa.formats.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

_NARROWEST, _WIDEST = 40, 100


def room(width: int) -> int:
    """How wide lines are on a terminal of that width: longer ones are hard to read, shorter ones hold nothing."""
    return max(min(width, _WIDEST), _NARROWEST)


def folded(text: str, width: int, first: str = "", following: str | None = None) -> list[str]:
    """The text in lines of at most that width where its words allow it, each after an indentation."""
    return textwrap.wrap(
        visible(text),
        width=width,
        initial_indent=first,
        subsequent_indent=first if following is None else following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def aligned(one: str, other: str, width: int, marks: tuple[int, int] | None) -> Iterator[tuple[str, str, str]]:
    """Two texts in pieces of at most that width, with the marks below each.

    Args:
        one: The upper text.
        other: The lower text.
        width: How long a piece may be.
        marks: Where the marks below the lower text begin and end; None for none.
    """
    start, end = marks or (0, 0)
    for left in range(0, max(len(one), len(other), end), width):
        before, upto = max(start - left, 0), min(end - left, width)
        below = f"{' ' * before}{'^' * (upto - before)}" if before < upto else ""
        yield one[left : left + width], other[left : left + width], below
