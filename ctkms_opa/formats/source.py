"""The text of the files that a report speaks of, for the forms that show it beside the findings."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from ctkms_opa.formats.escape import visible

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_CUT = "..."


class Excerpt(NamedTuple):
    """A line, or the part of it around a column, and how far below it marks begin and how many there are."""

    text: str
    before: int
    marks: int


@cache
def lines(file: str) -> tuple[str, ...]:
    """The lines of a file; none where it cannot be read, as standard input cannot be read twice."""
    try:
        with open(file, encoding="utf-8-sig", newline="") as opened:  # noqa: PTH123 - start-up time
            text = opened.read()
    except (OSError, ValueError):
        return ()
    return tuple(line.removesuffix("\r") for line in text.split("\n"))


def excerpt(line: str, column: int, width: int) -> Excerpt | None:
    """The line around a column (from 1), in about so many characters; None where the column is not in it."""
    found = span(line, column)
    if found is None:
        return None
    start, end = found
    left = len(line) - len(line.lstrip())
    left = min(left, start)
    if end - left > width:
        left = max(left, start - width // 3)
    right = left + width
    head = _CUT if line[:left].strip() else ""
    tail = _CUT if line[right:].strip() else ""
    before = head + visible(line[left:start])
    token_text = visible(line[start : min(end, right)])
    after = visible(line[min(end, right) : right])
    return Excerpt(f"{before}{token_text}{after}".rstrip() + tail, _cells(before), _cells(token_text))


def span(line: str, column: int) -> tuple[int, int] | None:
    """Where what stands at a column (from 1) begins and ends: a string, or one character; None outside of the line."""
    start = column - 1
    if not 0 <= start < len(line):
        return None
    token = _STRING.match(line, start)
    return start, token.end() if token else start + 1


def _cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
