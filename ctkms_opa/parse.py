"""Reads JSON and YAML into plain data and keeps the place of every value.

What a text is, is told by its content: one that begins with ``{`` or ``[`` (or with a comment as programs write it) is
JSON, or YAML in flow style where its file is called so; everything else is YAML.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from .errors import ParseError
from .json_text import MAX_BYTES, MAX_DEPTH, parse_json
from .positions import Duplicate, Parsed, Path, Position

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "Duplicate",
    "ParseError",
    "Parsed",
    "Path",
    "Position",
    "parse",
    "parse_json",
    "parse_yaml",
]

_YAML = (".yaml", ".yml")
_BEGINS_LIKE_JSON = re.compile(r"[ \t\r\n]*+(?:[\[{]|//|/\*)")


def parse(
    text: str, name: str | None = None, tags: Mapping[str, str] | None = None, *, accounts: bool = True
) -> Parsed:
    """Reads a text as JSON if it begins like JSON, else as YAML; in a file that is called YAML, as what it can be.

    Args:
        text: The text.
        name: The file's name for error messages.
        tags: YAML tags that are allowed, each with the member that it stands for.
        accounts: Whether twelve digits without quotes are an account id in YAML, and not a number.

    Returns:
        The data with its positions.

    Raises:
        ParseError: The text is neither; the error says where and why.
    """
    if not _BEGINS_LIKE_JSON.match(text):
        return parse_yaml(text, name, tags, accounts=accounts)
    try:
        return parse_json(text, name)
    except ParseError:
        if name is None or not name.endswith(_YAML):
            raise
        with contextlib.suppress(ParseError):
            return parse_yaml(text, name, tags, accounts=accounts)
        raise


def parse_yaml(
    text: str, name: str | None = None, tags: Mapping[str, str] | None = None, *, accounts: bool = True
) -> Parsed:
    """Reads one YAML document as JSON-like data.

    Member names are always text. Of what is not quoted, only null, true and false, decimal integers and decimal
    fractions are not text; twelve digits (account ids), digits after a leading zero, and dates stay text.

    Args:
        text: The text.
        name: The file's name for error messages.
        tags: Tags that are allowed, each with the member that it stands for: ``!Ref x`` is read as ``{"Ref": "x"}``.
        accounts: Whether twelve digits are an account id, and not a number.

    Returns:
        The data with its positions.

    Raises:
        ParseError: The text is not such a document; the error says where and why.
    """
    from .yaml_text import parse_yaml as read  # noqa: PLC0415 - YAML's library is loaded where there is YAML

    return read(text, name, tags, accounts=accounts)
