"""Positions inside of a string: a policy that is a string in JSON or YAML still has lines and columns in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .json_text import STRING
from .yaml_text import YamlNode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .positions import Node, Parsed, Position

_JSON_CHARACTER = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|.", re.DOTALL)
_YAML_DOUBLE = re.compile(r"\\x..|\\u....|\\U........|\\.|.", re.DOTALL)
_YAML_SINGLE = re.compile(r"''|.", re.DOTALL)


def inside_string(parsed: Parsed, path: Sequence[str | int], value: str) -> Callable[[int], Position]:
    """Returns what turns offsets in a string of a document into positions in the document's text.

    Columns count the string's escapes. Where the string is written so that its characters cannot be told apart in the
    text (a YAML string folded over several lines), every offset gives the string's beginning.

    Args:
        parsed: The document.
        path: Where the string stands in it.
        value: The string.
    """
    node = parsed.nodes(path)[-1]
    places: list[int] | None = None

    def where(offset: int) -> Position:
        nonlocal places
        if places is None:
            places = offsets(parsed.text, node, value)
        return parsed.where(places[min(offset, len(places) - 1)] if places else node.start)

    return where


def offsets(text: str, node: Node, value: str) -> list[int]:
    """For each character of the string, and for its end, the offset in the text; empty where nobody can tell."""
    start = node.start
    if not isinstance(node, YamlNode):
        found = STRING.match(text, start)
        return _characters(_JSON_CHARACTER, text, start, found.end() if found else start, value)
    raw = text[start : node.end]
    if raw[:1] == "|":
        return _block(text, node, value)
    if "\n" in raw or "\r" in raw:
        return []
    if raw[:1] in {"'", '"'}:
        pattern = _YAML_DOUBLE if raw[0] == '"' else _YAML_SINGLE
        return _characters(pattern, text, start, node.end, value)
    return list(range(start, start + len(value) + 1)) if raw == value else []


def _characters(pattern: re.Pattern[str], text: str, start: int, end: int, value: str) -> list[int]:
    offsets = [found.start() for found in pattern.finditer(text, start + 1, end - 1)]
    return [*offsets, end - 1] if len(offsets) == len(value) else []


def _block(text: str, node: YamlNode, value: str) -> list[int]:
    """The lines of a literal block: as in the text, less the indentation."""
    at = text.find("\n", node.start) + 1
    wanted = value.split("\n")
    first = next((line for line in wanted if line.strip()), "")
    indent: int | None = None
    offsets: list[int] = []
    for number, line in enumerate(wanted):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        source = text[at:stop].rstrip("\r")
        if indent is None and line == first and source.endswith(line):
            indent = len(source) - len(line)
        skip = min(indent or 0, len(source))
        last = number == len(wanted) - 1
        if source[skip:] != line and not (last and not line) and line.strip():
            return []
        offsets.extend(range(at + skip, at + skip + len(line) + 1))
        at = min(stop + 1, len(text))
    return offsets
