"""Reads JSON: values by the standard library, positions by looking again at the text where they are asked for."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from json.decoder import JSONDecoder
from typing import TYPE_CHECKING, NoReturn

from .errors import ParseError
from .positions import Lines, Parsed, Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_BYTES = 32 * 1024 * 1024
"""Longer texts are refused."""

MAX_DEPTH = 100
"""Objects and lists may be nested this deeply. The policy engine reads 127 levels, and documents reach it wrapped."""

MAX_DIGITS = 4300
"""Numbers with more characters are refused."""

STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""A string, or the rest of the text where a string does not end."""

_DECODER = JSONDecoder()
_WHITE = re.compile(r"[ \t\r\n]*+")
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_NOT_BRACKETS = re.compile(r"[^\[\]{}]++")
_SCALAR = re.compile(r"[^,\]}\s]++")
_MAYBE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONG = 4_000_000  # behind so many characters a mistake is told in fewer words, which takes no second look at the text
_IN_WORDS = {
    "Expecting ',' delimiter": "expected ',' or a closing bracket",
    "Expecting ':' delimiter": "expected ':' after the member name",
    "Expecting property name enclosed in double quotes": "expected a member name in double quotes",
    "Expecting value": "expected a value",
    "Illegal trailing comma before end of object": "the last member takes no comma",
    "Illegal trailing comma before end of array": "the last element takes no comma",
    "Extra data": "expected the end of the text after the document",
    "Unterminated string starting at": "the string that begins here has no closing '\"' in its line",
    "Invalid control character at": "a control character in a string: write it as an escape",
    "Invalid \\escape": "this is not a JSON escape: a backslash itself is written \\\\",
    "Invalid \\uXXXX escape": "\\u takes four hexadecimal digits",
}


def parse_json(text: str, name: str | None = None, where: Callable[[int], Position] | None = None) -> Parsed:
    """Reads a JSON text.

    Args:
        text: The text.
        name: The file's name for error messages.
        where: Turns offsets in the text into positions, for a text that stands inside another one.

    Returns:
        The data with its positions.

    Raises:
        ParseError: The text is not JSON, is larger than ``MAX_BYTES`` or nested more deeply than ``MAX_DEPTH``, or
            holds half a character or a number that no program can take. The error says where and what is missing.
    """
    where = where or Lines(text)
    check_size(text, name, where)
    if _depth(text) > MAX_DEPTH:
        _explain(text, name, where, "nested too deeply")
    repeated = False
    failure: tuple[str, int] | None = None

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal repeated
        found = dict(pairs)
        repeated = repeated or len(found) != len(pairs)
        return found

    try:
        value = json.loads(
            text, object_pairs_hook=members, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
        )
    except (ValueError, RecursionError) as error:
        failure = (getattr(error, "msg", str(error)), getattr(error, "pos", 0))
        value = None
    if failure is not None:
        _explain(text, name, where, *failure)
    duplicates = []
    if repeated or (_MAYBE_SURROGATE.search(text) and _holds_half(value)):
        from .json_scan import Scan  # noqa: PLC0415 - only texts with something to tell pay for it

        duplicates = Scan(text, name, where).run()
    root = JsonNode(text, _skip_white(text, 0))
    return Parsed(text, value, root, format="json", duplicates=duplicates, where=where)


def check_size(text: str, name: str | None, where: Callable[[int], Position], limit: int = MAX_BYTES) -> None:
    """Raises ParseError for a text that is longer than the limit or holds half a character."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        message = f"{text[error.start]!a} is half a character (a lone surrogate)"
        raise ParseError(message, name, *where(error.start)) from None
    if size > limit:
        raise ParseError(f"the text has {size} bytes; more than {limit} are not read", name, 1, 1)


def _explain(text: str, name: str | None, where: Callable[[int], Position], message: str, offset: int = 0) -> NoReturn:
    """Raises ParseError with what the scan has to say, else with the message given."""
    from .json_scan import Scan  # noqa: PLC0415 - only broken texts pay for it

    if offset < _LONG:
        Scan(text, name, where).run()
    message = _IN_WORDS.get(message, message)
    raise ParseError(message, name, *where(offset))


def _depth(text: str) -> int:
    """How deeply brackets outside of strings are nested, at least up to the text's first mistake."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return 0
    brackets = _NOT_BRACKETS.sub("", STRING.sub("", text))
    return max(accumulate(1 if bracket in "[{" else -1 for bracket in brackets), default=0)


def _holds_half(value: object) -> bool:
    """Whether a text in the data holds half a character."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError("number too long")
    return int(digits)


def _fraction(digits: str) -> float:
    value = float(digits)
    if len(digits) > MAX_DIGITS or value in {float("inf"), float("-inf")}:
        raise ValueError("number too large")
    return value


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


class JsonNode:
    """A value in a JSON text that is known to be correct; looks into objects and lists when asked.

    Attributes:
        text: The text.
        start: The offset of the value's first character.
    """

    __slots__ = ("_inside", "start", "text")

    def __init__(self, text: str, start: int) -> None:
        """Takes the text and the offset of the value's first character."""
        self.text = text
        self.start = start
        self._inside: dict[str | int, tuple[int, JsonNode]] | None = None

    def child(self, step: str | int) -> JsonNode | None:
        """Returns the node of a member or element, None when there is none."""
        found = self._look().get(step)
        return None if found is None else found[1]

    def name_start(self, name: str) -> int | None:
        """Returns the offset of a member's name, None when there is none."""
        found = self._look().get(name)
        return None if found is None else found[0]

    def children(self) -> Iterator[tuple[str | int, int, JsonNode]]:
        """Yields each member or element in the text's order: name or index, where it begins, its node."""
        for step, (begin, node) in sorted(self._look().items(), key=lambda item: item[1][0]):
            yield step, begin, node

    def _look(self) -> dict[str | int, tuple[int, JsonNode]]:
        if self._inside is None:
            opening = self.text[self.start]
            self._inside = dict(self._entries(opening == "{")) if opening in "{[" else {}
        return self._inside

    def _entries(self, named: bool) -> Iterator[tuple[str | int, tuple[int, JsonNode]]]:
        """Yields name or index, the offset of the name or element, the value's node."""
        text = self.text
        at = _skip_white(text, self.start + 1)
        index = 0
        while text[at] not in "]}":
            begin = at
            step: str | int = index
            if named:
                step, at = read_string(text, at)
                at = _skip_white(text, _skip_white(text, at) + 1)
            yield step, (begin, JsonNode(text, at))
            index += 1
            at = _skip_white(text, _skip_value(text, at))
            if text[at] == ",":
                at = _skip_white(text, at + 1)


def read_string(text: str, start: int) -> tuple[str, int]:
    """Returns what a correct string says, and the offset behind it."""
    value, end = _DECODER.raw_decode(text, start)
    return str(value), end


def _skip_white(text: str, at: int) -> int:
    found = _WHITE.match(text, at)
    return found.end() if found else at


def _skip_value(text: str, at: int) -> int:
    """The offset behind the value that begins at an offset."""
    if text[at] not in "{[":
        found = (STRING if text[at] == '"' else _SCALAR).match(text, at)
        return found.end() if found else at
    depth = 0
    end = at
    for found in _STRING_OR_BRACKET.finditer(text, at):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found.group(), 0)
        end = found.end()
        if depth == 0:
            break
    return end
