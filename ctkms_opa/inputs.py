"""Finds the input files, reads them, and tells what only their text shows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, BinaryIO

from .errors import InputError, ParseError
from .files import Found, decode, find, read_bytes
from .json_text import parse_json
from .parse import Parsed, Path, Position, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

STDIN = "<stdin>"
"""The label of standard input."""

_OUTSIDE = re.compile("[^\t\n\r\u0020-\u00ff]")
_POLICY: Path = ("Policy",)


class Document:
    """One input that was read.

    Attributes:
        label: The path as it was given, or ``<stdin>``.
        text: The text.
        parsed: The data and where it stands in the text.
        policy: The key policy inside the output of ``aws kms get-key-policy``, where it is a JSON string; else None.
            Its positions are places in the file.
    """

    def __init__(self, label: str, text: str) -> None:
        """Reads a text.

        Args:
            label: The name for messages.
            text: The text.

        Raises:
            InputError: The text, or the policy that it holds as a string, cannot be read.
        """
        self.label = label
        self.text = text
        self.parsed = parse(text, label)
        self.policy: Parsed | None = None
        inner = _policy_string(self.parsed.value)
        if inner is not None:
            self.policy = _parse_inside(self.parsed, inner, label)

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


def _policy_string(value: object) -> str | None:
    """The string under Policy in what ``aws kms get-key-policy`` prints."""
    if isinstance(value, dict) and "Statement" not in value and isinstance(value.get("Policy"), str):
        policy: str = value["Policy"]
        return policy
    return None


def _parse_inside(parsed: Parsed, inner: str, label: str) -> Parsed:
    from .quoted import inside_string  # noqa: PLC0415 - few inputs hold a policy as a string

    where = inside_string(parsed, _POLICY, inner)
    if not inner.strip():
        raise InputError('the string under "Policy" is empty', label, *where(0))
    try:
        return parse_json(inner, label, where)
    except ParseError as error:
        message = f'in the string under "Policy": {error.message}'
        raise ParseError(message, label, error.line, error.column) from None


# What only the text shows.


def policy_text_facts(document: Document) -> dict[str, object]:
    """Tells what the text of a policy shows and its data does not.

    The text is the policy as it would be submitted: the file's, or that of the string in the output of
    ``aws kms get-key-policy``; for YAML the data as compact JSON. Paths are relative to the key policy (a statement on
    its own is ``["Statement", 0]``).

    Args:
        document: The document.

    Returns:
        ``bytes``: the text's length in UTF-8; ``invalid_characters``: each character once that KMS takes nowhere in a
        policy, with the path of a string that holds it; ``duplicates``: members that one object gives twice, and
        condition keys of one operator that differ only in upper and lower case, with all their spellings.
    """
    source = document.policy or document.parsed
    submitted = source
    if source.format == "yaml":
        submitted = parse_json(json.dumps(source.value, separators=(",", ":"), ensure_ascii=False))
    prefix = _Prefix(source.value)
    duplicates = [*_given_twice(document, prefix), *_differ_by_case(source.value)]
    return {
        "bytes": len(submitted.text.encode()),
        "invalid_characters": _invalid_characters(submitted, prefix),
        "duplicates": duplicates,
    }


def _invalid_characters(submitted: Parsed, prefix: _Prefix) -> list[dict[str, object]]:
    first: dict[str, int] = {}
    for found in _OUTSIDE.finditer(submitted.text):
        first.setdefault(found.group(), found.start())
    return [
        {"character": f"U+{ord(character):04X}", "path": prefix.policy_path(submitted.path_at(offset))}
        for character, offset in first.items()
    ]


def _given_twice(document: Document, prefix: _Prefix) -> list[dict[str, object]]:
    """Members given more than once, each once; also those around the string of ``get-key-policy`` output."""
    found: dict[tuple[Path, str], None] = {}
    if document.policy is not None:
        found.update({(one.path, one.name): None for one in document.policy.duplicates})
    found.update({(one.path, one.name): None for one in document.parsed.duplicates})
    return [{"path": prefix.policy_path(path), "name": name, "names": [name]} for path, name in found]


def _differ_by_case(value: object) -> Iterator[dict[str, object]]:
    for index, statement in enumerate(_statements(value)):
        condition = statement.get("Condition") if isinstance(statement, dict) else None
        for operator, block in condition.items() if isinstance(condition, dict) else ():
            spellings: dict[str, list[str]] = {}
            for key in block if isinstance(block, dict) else ():
                spellings.setdefault(key.lower(), []).append(key)
            for names in spellings.values():
                if len(names) > 1:
                    path = ["Statement", index, "Condition", operator]
                    yield {"path": path, "name": names[0], "names": names}


def _statements(value: object) -> list[object]:
    if isinstance(value, dict) and "Statement" in value:
        value = value["Statement"]
    return value if isinstance(value, list) else [value]


class _Prefix:
    """Turns paths of a document into paths of the key policy that it stands for."""

    def __init__(self, value: object) -> None:
        self._before: list[str | int] = []
        self._single = False
        if isinstance(value, list):
            self._before = ["Statement"]
        elif isinstance(value, dict) and "Statement" not in value and "Effect" in value:
            self._before = ["Statement", 0]
        elif isinstance(value, dict):
            self._single = isinstance(value.get("Statement"), dict)

    def policy_path(self, path: Path) -> list[str | int]:
        if self._single and path[:1] == ("Statement",):
            return ["Statement", 0, *path[1:]]
        return [*self._before, *path]


# From a finding's path back to the file.


def locate(document: Document, kind: str, path: Sequence[str | int]) -> Position:
    """Returns where in the file a part of the key policy stands.

    Args:
        document: The document.
        kind: What the rule pack took it for: ``key-policy``, ``statement``, ``get-key-policy`` or another.
        path: The part's path in the key policy; ``["Statement", 0, …]`` also where Statement is a single object.

    Returns:
        The position; where the path leads nowhere, that of the nearest part around it.
    """
    source = document.policy if kind == "get-key-policy" and document.policy is not None else document.parsed
    steps = list(path)
    if kind == "statement":
        steps = _in_statement(source.value, steps)
    elif steps[:2] == ["Statement", 0] and _single_statement(source.value):
        del steps[1]
    return source.position(steps)


def _single_statement(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("Statement"), dict)


def _in_statement(value: object, steps: list[str | int]) -> list[str | int]:
    if steps[:1] != ["Statement"]:
        return steps
    if isinstance(value, list):
        return steps[1:]
    return steps[2:] if steps[1:2] == [0] else []
