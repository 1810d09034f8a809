"""Finds the input files and reads them."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, BinaryIO

from .cloudformation.template import TAGS, is_template
from .errors import InputError, ParseError
from .files import Found, decode, find, read_bytes
from .parse import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .positions import Parsed

STDIN = "<stdin>"
"""The label of standard input."""


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
        tag = self.parsed.first_tag
        if tag is not None and not self.is_template:
            message = f"the tag {tag.name} has a meaning in CloudFormation templates only: write the value itself"
            raise ParseError(message, label, *tag.position)

    @property
    def is_template(self) -> bool:
        """Whether it is a CloudFormation template."""
        return is_template(self.parsed.value)

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


def read_documents(paths: Iterable[str], stdin: BinaryIO | None = None) -> Iterator[Document | InputError]:
    """Reads files, folders and standard input, one after the other; what cannot be read does not stop the rest.

    A folder is searched through, sorted, for ``*.json``, ``*.yaml`` and ``*.yml``; what begins with a dot is left out.

    Args:
        paths: Files, folders, and ``-`` for standard input.
        stdin: Standard input as bytes; without it, the process's own.

    Yields:
        For each file a document, or the error that says why there is none.
    """
    for path in paths:
        if path == "-":
            yield _catch(lambda: _from_bytes(_standard_input(stdin), STDIN))
            continue
        for found in find(path):
            yield _read(found)


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


def _read(found: Found | InputError) -> Document | InputError:
    if isinstance(found, InputError):
        return found
    return _catch(lambda: read_document(found.path))


def _catch(read: Callable[[], Document]) -> Document | InputError:
    try:
        return read()
    except InputError as error:
        return error


def _standard_input(stdin: BinaryIO | None) -> bytes:
    import sys  # noqa: PLC0415

    if stdin is None and sys.stdin is None:
        raise InputError("standard input is closed", STDIN)
    return read_bytes(STDIN, stdin or sys.stdin.buffer)


def _from_bytes(data: bytes, label: str) -> Document:
    text = decode(data, label)
    if not text.strip():
        raise InputError("the file is empty" if label != STDIN else "standard input is empty", label)
    return Document(label, text)
