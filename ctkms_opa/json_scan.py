"""Goes through a JSON text token by token: says in words what is wrong with it, and which members are given twice."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NoReturn

from .errors import ParseError
from .json_text import MAX_DEPTH, MAX_DIGITS, STRING, read_string
from .positions import Duplicate

if TYPE_CHECKING:
    from collections.abc import Callable

    from .positions import Position

_WHITE = re.compile(r"[ \t\r\n]*+")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?")
_WORD = re.compile(r"[\w.+$\-]++")
_CLOSED_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_ESCAPE_OR_CONTROL = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|[\x00-\x1f]", re.DOTALL)
_LITERALS = {"true", "false", "null"}
_MEANT = {
    "True": "true",
    "TRUE": "true",
    "False": "false",
    "FALSE": "false",
    "None": "null",
    "NULL": "null",
    "Null": "null",
    "nil": "null",
    "undefined": "null",
}
_CLOSING = {"{": "}", "[": "]"}
_QUOTES = "\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019\u201a`"
_SHOWN = 60


class _Open:
    """An object or list that is not closed yet."""

    __slots__ = ("comma", "index", "name", "names", "offset", "opening")

    def __init__(self, opening: str, offset: int) -> None:
        self.opening = opening
        self.offset = offset
        self.index = 0
        self.name = ""
        self.names: set[str] = set()
        self.comma = -1

    @property
    def step(self) -> str | int:
        return self.name if self.opening == "{" else self.index


class Scan:
    """One pass over a JSON text, without recursion."""

    def __init__(self, text: str, name: str | None, where: Callable[[int], Position]) -> None:
        """Takes the text, the file's name for errors, and what turns offsets into positions."""
        self._text = text
        self._name = name
        self._where = where
        self._at = 0
        self._open: list[_Open] = []
        self._last = (0, 0)  # the value before: where it begins and ends
        self._duplicates: list[Duplicate] = []

    def run(self) -> list[Duplicate]:
        """Goes through the text.

        Returns:
            The members that are given again, in the text's order.

        Raises:
            ParseError: The text is not JSON; with the place of the first mistake.
        """
        self._white()
        if self._at == len(self._text):
            self._fail("the text is empty", 0)
        self._value()
        while self._open:
            self._white()
            self._inside(self._open[-1])
        self._white()
        if self._at < len(self._text):
            self._extra()
        return self._duplicates

    # What stands inside an object or list.

    def _inside(self, container: _Open) -> None:
        """Reads up to and including the next element's first token, or the closing bracket."""
        first = container.index == 0 and container.comma < 0
        if self._peek() == _CLOSING[container.opening]:
            if container.comma >= 0:
                self._fail(
                    f"',' before '{self._peek()}': the last {self._kind(container)} takes no comma", container.comma
                )
            self._close()
            return
        if not first and container.comma < 0:
            self._comma(container)
            return
        container.comma = -1
        if container.opening == "{":
            self._member_name(container)
        self._value()

    def _comma(self, container: _Open) -> None:
        if self._peek() != ",":
            self._no_comma(container)
        container.comma = self._at
        self._at += 1

    def _no_comma(self, container: _Open) -> NoReturn:
        character = self._peek()
        if not character or character in "]}":
            self._fail_at_bracket(container)
        self._fail_if_never_allowed()
        after = self._before(container)
        closing = _CLOSING[container.opening]
        if character in '"{[' or self._text[self._at].isalnum() or character == "-":
            self._fail(f"expected ',' after {after}")
        self._fail(f"expected ',' or '{closing}' after {after}, found {self._found()}")

    def _before(self, container: _Open) -> str:
        """The value before, with its name and line."""
        begin, end = self._last
        raw = self._text[begin:end]
        shown = "the " + f"'{raw[-1]}'" if raw[-1] in "]}" else _shorten(raw)
        what = f"element {container.index}"
        if container.opening == "{":
            what = f"the value of {_shorten(_quote(container.name))}"
        return f"{shown} ({what}, line {self._where(end - 1).line})"

    def _member_name(self, container: _Open) -> None:
        begin = self._at
        if self._peek() != '"':
            self._no_name(container)
        name = self._string()
        if name in container.names:
            path = tuple(one.step for one in self._open[:-1])
            self._duplicates.append(Duplicate(path, name, self._where(begin)))
        container.names.add(name)
        container.name = name
        self._white()
        if self._peek() != ":":
            self._fail_if_never_allowed()
            self._fail(f"expected ':' after the member name {_shorten(_quote(name))}, found {self._found()}")
        self._at += 1
        self._white()

    def _no_name(self, container: _Open) -> NoReturn:
        if self._peek() in {"", "]"}:
            self._fail_at_bracket(container)
        self._fail_if_never_allowed()
        word = _WORD.match(self._text, self._at)
        if word and not word.group()[0].isdigit():
            self._fail(f"member names take double quotes: write {_shorten(_quote(word.group()))}")
        self._fail(f"expected a member name in double quotes, found {self._found()}")

    # Values.

    def _value(self) -> None:
        """Reads a scalar, or an object's or list's opening bracket."""
        character = self._peek()
        begin = self._at
        if character and character in "{[":
            if len(self._open) == MAX_DEPTH:
                self._fail(f"nested too deeply: more than {MAX_DEPTH} levels")
            self._open.append(_Open(character, begin))
            self._at += 1
            return
        if character == '"':
            self._string()
        else:
            self._word()
        self._done(begin)

    def _word(self) -> None:
        number = _NUMBER.match(self._text, self._at)
        word = _WORD.match(self._text, self._at)
        if number and (word is None or word.end() <= number.end()):
            self._number(number.group())
            self._at = number.end()
        elif word and word.group() in _LITERALS:
            self._at = word.end()
        else:
            self._no_value(word.group() if word else "")

    def _number(self, digits: str) -> None:
        if len(digits) > MAX_DIGITS:
            self._fail(f"a number with {len(digits)} characters: more than {MAX_DIGITS} are not read")
        if float(digits) in {float("inf"), float("-inf")} and not digits.lstrip("-").isdigit():
            self._fail(f"the number {_shorten(digits)} is too large")

    def _no_value(self, word: str) -> NoReturn:
        container = self._open[-1] if self._open else None
        if container and (not self._peek() or self._peek() in "]}"):
            if self._peek() and container.opening == "{":
                self._fail(f"expected a value after {_shorten(_quote(container.name))}:, found {self._found()}")
            self._fail_at_bracket(container)
        self._fail_if_never_allowed()
        if word in _MEANT:
            self._fail(f"{word} is not JSON: write {_MEANT[word]}")
        if word.lstrip("+-") in {"NaN", "Infinity"}:
            self._fail(f"{word} is not JSON: there is no such number")
        if word and (word[0].isdigit() or word[0] in "+-."):
            self._fail(f"{_shorten(word)} is not a JSON number; text takes double quotes")
        if word:
            self._fail(f"expected a value, found {_shorten(word)}: text takes double quotes")
        self._fail(f"expected a value, found {self._found()}")

    def _string(self) -> str:
        """Reads a string and returns what it says."""
        text, begin = self._text, self._at
        found = _CLOSED_STRING.match(text, begin)
        if found is None:
            self._unterminated(begin)
        end = self._at = found.end()
        for special in _ESCAPE_OR_CONTROL.finditer(text, begin + 1, end):
            self._special(special.group(), begin, special.start())
        value = read_string(text, begin)[0]
        self._surrogates(value, begin, end)
        return value

    def _special(self, special: str, begin: int, offset: int) -> None:
        if special[0] != "\\":
            if special in "\r\n":
                self._unterminated(begin)
            self._fail(f"{_character(special)} in a string: write it as {_quote(special)[1:-1]}", offset)
        elif special == "\\u":
            self._fail("\\u takes four hexadecimal digits", offset)
        elif len(special) == 2 and special[1] not in '"\\/bfnrt':
            self._fail(f"{_shorten(special)} is not a JSON escape: a backslash itself is written \\\\", offset)

    def _unterminated(self, begin: int) -> NoReturn:
        self._fail("the string that begins here has no closing '\"' in its line", begin)

    def _surrogates(self, value: str, begin: int, end: int) -> None:
        """Fails where an escape stands for half a character."""
        try:
            value.encode()
        except UnicodeEncodeError:
            pass
        else:
            return
        high = -1
        for escape in _ESCAPE_OR_CONTROL.finditer(self._text, begin + 1, end):
            code = _code(escape.group())
            if high >= 0 and 0xDC00 <= code < 0xE000 and escape.start() == high + 6:
                high = -1
            elif high >= 0 or 0xDC00 <= code < 0xE000:
                self._half(high if high >= 0 else escape.start())
            elif 0xD800 <= code < 0xDC00:
                high = escape.start()
        self._half(high)

    def _half(self, offset: int) -> NoReturn:
        self._fail(f"{self._text[offset : offset + 6]} is half a character (a lone surrogate)", offset)

    def _close(self) -> None:
        container = self._open.pop()
        self._at += 1
        self._done(container.offset)

    def _done(self, begin: int) -> None:
        self._last = (begin, self._at)
        if self._open:
            self._open[-1].index += 1

    # Errors that can stand in several places.

    def _extra(self) -> NoReturn:
        self._fail_if_never_allowed()
        if self._peek() in "}]":
            self._fail(f"'{self._peek()}' closes nothing: the document ended before")
        if self._peek() in "{[":
            self._fail("a second document begins here: one file holds one")
        self._fail(f"expected the end of the text after the document, found {self._found()}")

    def _fail_at_bracket(self, container: _Open) -> NoReturn:
        """The text ends, or a bracket closes that does not fit the open one."""
        opened = self._where(container.offset)
        place = f"the '{container.opening}' opened in line {opened.line}, column {opened.column}"
        closing = _CLOSING[container.opening]
        if not self._peek():
            self._fail(f"the text ends before the '{closing}' for {place}")
        self._fail(f"expected '{closing}' for {place}, found '{self._peek()}'")

    def _fail_if_never_allowed(self) -> None:
        """Fails for what JSON allows nowhere outside of strings."""
        character = self._peek()
        if self._text.startswith(("//", "/*"), self._at) or character == "#":
            self._fail("JSON has no comments")
        if character == "'":
            self._fail("strings take double quotes (\"), not single ones (')")
        if character and character in _QUOTES:
            self._fail(f'strings take straight double quotes ("), not {character}')
        if character and (character < " " or (not character.isprintable() and character not in " \t\r\n")):
            self._fail(f"{_character(character)} outside of a string")

    # Small things.

    def _kind(self, container: _Open) -> str:
        return "member" if container.opening == "{" else "element"

    def _found(self) -> str:
        rest = self._text[self._at : self._at + 1]
        if not rest:
            return "the end of the text"
        if rest == '"':
            string = STRING.match(self._text, self._at)
            return _shorten(string.group()) if string else rest
        word = _WORD.match(self._text, self._at)
        return _shorten(word.group()) if word else f"'{rest}'"

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _white(self) -> None:
        found = _WHITE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _fail(self, message: str, offset: int | None = None) -> NoReturn:
        raise ParseError(message, self._name, *self._where(self._at if offset is None else offset))


def _code(escape: str) -> int:
    """The character's number that an escape gives, 0 for escapes without one."""
    digits = escape[2:]
    return int(digits, 16) if digits else 0


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _shorten(text: str) -> str:
    line = "".join(character if character.isprintable() else " " for character in text[: _SHOWN + 1])
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "\u2026"


def _character(character: str) -> str:
    kind = "the control character" if character < " " or "\x7f" <= character < "\xa0" else "the character"
    return f"{kind} U+{ord(character):04X}"
