"""What makes a finding the same one in another run: never a line, never the order of statements."""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARN = re.compile(r"arn:[\w-]+:[^\s\"',;)\]}]+")
_ACTION = re.compile(r"kms:[A-Z][A-Za-z]+")


def fingerprint(found: Mapping[str, Any], policy: object, file: str) -> str:
    """The fingerprint of a finding, as 64 hexadecimal digits.

    It is made of the rule, the key (where nobody knows its ARN: the file, and its name in the file), the subject, what
    the statement says, and the ARNs and actions that the message names: a statement that was changed is judged anew,
    and one reader, or what they lack, is not taken for another. The words of the message are not part of it: they may
    become clearer in a later version.

    Args:
        found: The finding, as the rules report it.
        policy: The key policy.
        file: The file that holds it, as it was given.
    """
    statement = found["statement"]
    facts = [
        found["rule"].upper(),
        _name(found["key"], file),
        found["subject"],
        None if statement is None else _normal(_statement(policy, statement["index"])),
        sorted({*_ARN.findall(found["msg"]), *_ACTION.findall(found["msg"])}),
    ]
    return hashlib.sha256(_text(facts).encode()).hexdigest()


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _name(key: str, file: str) -> str:
    """The ARN; or the path of the file, however it was spelled, and what the file calls the key."""
    if key.startswith("arn:"):
        return key
    path = os.path.normpath(file).replace(os.sep, "/")
    return path if key == file else f"{path}#{key}"


def _statement(policy: object, index: int) -> object:
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    if not isinstance(statements, list):
        statements = [statements]
    return statements[index] if index < len(statements) else None


def _normal(value: object) -> object:
    """A value of a policy, however it is written: one string is a list of one, and lists have no order."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list):
        return sorted((_normal(one) if isinstance(one, dict) else one for one in value), key=_text)
    if isinstance(value, dict):
        return {name: _normal(inner) for name, inner in value.items()}
    return value
