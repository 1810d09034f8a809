"""Finds the input files and reads them."""

from __future__ import annotations

import os.path
import re
from copy import copy
from typing import TYPE_CHECKING, Any, BinaryIO

from .cloudformation.template import TAGS, is_template, problem
from .errors import InputError, ParseError
from .files import Found, decode, find, read_bytes
from .parse import parse
from .together import Together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .positions import Parsed

STDIN = "<stdin>"
"""The label of standard input."""

Input = Found | Together | InputError
"""An input that was found, files that are one, or why it cannot be read."""

_TWELVE_DIGITS = re.compile(r"(?<![\w\"':./-])[1-9][0-9]{11}(?![\w\"':./-])")


class Document:
    """One input that was read.

    Attributes:
        label: The path as it was given, or ``<stdin>``.
        text: The text.
        parsed: The data and where it stands in the text.
    """

    def __init__(self, label: str, text: str) -> None:
        """Reads a text.

        Args:
            label: The name for messages.
            text: The text.

        Raises:
            InputError: The text cannot be read.
        """
        self.label = label
        self.text = text
        self.parsed = parse(text, label, TAGS)
        broken = problem(self.parsed.value)
        if broken is not None:
            raise ParseError(broken, label, *self.parsed.position(("Resources",)))
        if _is_policy(self.parsed.value) and _TWELVE_DIGITS.search(text):
            # Who turns a policy into JSON makes them a number, which KMS refuses; CloudFormation makes them text.
            self.parsed = parse(text, label, TAGS, accounts=False)
        tag = self.parsed.first_tag
        if tag is not None and not self.is_template:
            message = f"the tag {tag.name} has a meaning in CloudFormation templates only: write the value itself"
            raise ParseError(message, label, *tag.position)

    @property
    def is_template(self) -> bool:
        """Whether it is a CloudFormation template."""
        return is_template(self.parsed.value)

    def origin(self, place: Mapping[str, Sequence[str | int | None]]) -> tuple[Document, Mapping[str, Sequence[Any]]]:
        """Returns the document that a place is in, and the place in that: here, both as they are."""
        return self, place

    def as_read(self, parsed: Parsed) -> Document:
        """Returns the same document with other data, such as a template after its functions were resolved."""
        document = copy(self)
        document.parsed = parsed
        return document

    @property
    def value(self) -> object:
        """The data."""
        return self.parsed.value

    @property
    def format(self) -> str:
        """``json`` or ``yaml``."""
        return self.parsed.format


def find_inputs(paths: Iterable[str], stdin: BinaryIO | None = None) -> Iterator[Found | InputError]:
    """Finds what there is to read in files, folders and standard input.

    A folder is searched through, sorted, for ``*.json``, ``*.yaml`` and ``*.yml``; what begins with a dot is left out.
    A file that several paths stand for is found once.

    Args:
        paths: Files, folders, patterns of files, and ``-`` for standard input, which is read at once.
        stdin: Standard input as bytes; without it, the process's own.

    Yields:
        Each input, or the error that says why there is none.
    """
    seen: set[str] = set()
    for path in paths:
        if path == "-":
            yield _standard_input(stdin)
            continue
        for found in find(path):
            if isinstance(found, Found):
                place = os.path.abspath(found.path)  # noqa: PTH100 - start-up time
                if place in seen:
                    continue
                seen.add(place)
            yield found


def read(found: Found | InputError) -> Document | InputError:
    """Reads what was found; where that cannot be done, the error says why."""
    if isinstance(found, InputError):
        return found
    try:
        return _from_bytes(read_bytes(found.path) if found.data is None else found.data, found.path)
    except InputError as error:
        return error.detached()


def read_documents(paths: Iterable[str], stdin: BinaryIO | None = None) -> Iterator[Document | InputError]:
    """Finds inputs as ``find_inputs`` and reads them, one after the other; an error does not stop the rest."""
    return map(read, find_inputs(paths, stdin))


def read_document(path: str) -> Document:
    """Reads one file.

    Raises:
        InputError: It cannot be read.
    """
    return _from_bytes(read_bytes(path), path)


def document_from_text(text: str, label: str = "policy") -> Document:
    """Reads a text that is no file.

    Raises:
        InputError: It cannot be read.
    """
    if not text.strip():
        raise InputError("the text is empty", label)
    return Document(label, text)


def _standard_input(stdin: BinaryIO | None) -> Found | InputError:
    import sys  # noqa: PLC0415

    if stdin is None and sys.stdin is None:
        return InputError("standard input is closed", STDIN)
    try:
        return Found(STDIN, read_bytes(STDIN, stdin or sys.stdin.buffer))
    except InputError as error:
        return error.detached()


def _from_bytes(data: bytes, label: str) -> Document:
    text = decode(data, label)
    if not text.strip():
        raise InputError("the file is empty" if label != STDIN else "standard input is empty", label)
    return Document(label, text)


def _is_policy(value: object) -> bool:
    return isinstance(value, dict) and not {"Statement", "Effect"}.isdisjoint(value)
