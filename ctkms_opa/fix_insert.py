"""Puts statements into the text of a key policy; every character that was there stays where it was."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from ctkms_opa.json_text import JsonNode
from ctkms_opa.quoted import offsets
from ctkms_opa.yaml_text import YamlNode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ctkms_opa.positions import Node, Parsed

_DECODER = json.JSONDecoder()
_LEADING = re.compile(r"[ \t]*")


@dataclass(frozen=True)
class Insertion:
    """Pieces of text, each with the offset in the old text before which it goes."""

    pieces: tuple[tuple[int, str], ...]

    def into(self, text: str) -> str:
        """The text with the pieces put in."""
        parts: list[str] = []
        done = 0
        for offset, piece in self.pieces:
            parts += [text[done:offset], piece]
            done = offset
        return "".join([*parts, text[done:]])

    def quoted(self, parsed: Parsed, path: Sequence[str | int], value: str) -> Insertion | None:
        """The same in the text of a document that holds the old text as a JSON string; None where it is no such string.

        Args:
            parsed: The document.
            path: Where the string stands in it.
            value: The string.
        """
        node = parsed.nodes(path)[-1]
        places = offsets(parsed.text, node, value) if isinstance(node, JsonNode) else []
        if not places:
            return None
        return Insertion(tuple((places[offset], json.dumps(piece)[1:-1]) for offset, piece in self.pieces))


def insertion(parsed: Parsed, statements: Sequence[str | int], added: Sequence[Any]) -> Insertion | None:
    """Where statements go into a text, and how they are written there.

    Args:
        parsed: The text.
        statements: The path of the policy's statements, a list or a single statement.
        added: The statements.

    Returns:
        The insertion; None where the text is written so that it cannot be done.
    """
    nodes = parsed.nodes(statements)
    if len(nodes) != len(statements) + 1:
        return None
    node = nodes[-1]
    if isinstance(node, JsonNode):
        return _into_json(parsed.text, node, added)
    return _into_yaml(parsed.text, node, added) if isinstance(node, YamlNode) else None


# JSON.


@dataclass(frozen=True)
class _Style:
    """How a JSON text is laid out.

    Attributes:
        newline: What ends a line; empty where everything stands in one line.
        unit: What one level of indentation is.
        comma: What stands between two values of one line.
        colon: What stands between a name and its value.
    """

    newline: str
    unit: str
    comma: str
    colon: str

    def write(self, value: Any, indent: str) -> str:
        """The value in lines, those after the first one indented."""
        lines = json.dumps(value, indent=self.unit, separators=(",", self.colon)).split("\n")
        return f"{self.newline}{indent}".join(lines)

    def write_in_line(self, value: Any) -> str:
        """The value in one line."""
        return json.dumps(value, separators=(self.comma, self.colon))


def _into_json(text: str, node: JsonNode, added: Sequence[Any]) -> Insertion | None:
    style = _style(text)
    if text[node.start] == "{":
        end = _end(text, node.start)
        return Insertion(((node.start, "["), (end, _further(text, style, node.start, style.comma, added) + "]")))
    if text[node.start] != "[":
        return None
    elements = [inside.start for _, _, inside in node.children()]
    if not elements:
        return Insertion(((node.start + 1, _only(text, style, node.start, added)),))
    own_line = "\n" in text[node.start + 1 : elements[0]]
    between = f",{style.newline}{_indent(text, elements[-1])}" if own_line else style.comma
    return Insertion(((_end(text, elements[-1]), _further(text, style, elements[-1], between, added)),))


def _further(text: str, style: _Style, last: int, between: str, added: Sequence[Any]) -> str:
    """Statements after the one that begins at an offset, laid out as that is."""
    in_lines = "\n" in text[last : _end(text, last)]
    indent = _indent(text, last)
    written = [style.write(one, indent) if in_lines else style.write_in_line(one) for one in added]
    return "".join(between + one for one in written)


def _only(text: str, style: _Style, bracket: int, added: Sequence[Any]) -> str:
    """Statements in a list that has none."""
    if not style.newline:
        return style.comma.join(map(style.write_in_line, added))
    outer = _indent(text, bracket)
    indent = outer + style.unit
    lines = f",{style.newline}{indent}".join(style.write(one, indent) for one in added)
    closed = "\n" in text[bracket : _end(text, bracket)]
    return f"{style.newline}{indent}{lines}" + ("" if closed else f"{style.newline}{outer}")


def _style(text: str) -> _Style:
    newline = "\r\n" if "\r\n" in text else "\n" if "\n" in text.strip() else ""
    indents = re.findall(r"\n([ \t]+)\S", text)
    colon = re.search(r'"([ \t]*:[ \t]*)', text)
    comma = re.search(r'["}\]](,[ \t]*)["{\[]', text)
    return _Style(
        newline,
        min(indents, key=len, default="  "),
        comma[1] if comma else "," if colon and colon[1] == ":" else ", ",
        colon[1] if colon else ": ",
    )


def _end(text: str, start: int) -> int:
    """The offset behind the value that begins at an offset."""
    return _DECODER.raw_decode(text, start)[1]


def _indent(text: str, offset: int) -> str:
    """The indentation of the line in which an offset lies."""
    found = _LEADING.match(text, text.rfind("\n", 0, offset) + 1)
    return found.group() if found else ""


# YAML.


def _into_yaml(text: str, node: YamlNode, added: Sequence[Any]) -> Insertion | None:
    """Statements as further elements of a list in block style, in lines of their own below the last one."""
    elements = [inside for _, _, inside in node.children()]
    if not elements or not isinstance(elements[-1], YamlNode):
        return None
    last = elements[-1]
    dash = text.rfind("-", 0, last.start)
    begin = text.rfind("\n", 0, dash) + 1
    if dash < 0 or text[begin:dash].strip(" ") or text[dash + 1 : last.start].strip(" \n"):
        return None
    end = text.find("\n", max(_ends(last)))
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = yaml.safe_dump(list(added), sort_keys=False, width=1000).splitlines()
    written = "".join(f"{text[begin:dash]}{line}{newline}" for line in lines)
    return Insertion(((len(text), newline + written),) if end < 0 else ((end + 1, written),))


def _ends(node: Node) -> Iterator[int]:
    """Offsets up to which a value reaches at least."""
    yield max(node.start, getattr(node, "end", 0) - 1)
    for _, _, inside in node.children():
        yield from _ends(inside)
