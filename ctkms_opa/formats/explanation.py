"""The text form of one simulated request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctkms_opa.formats.escape import inert, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

_MATCHES = ("does not match", "cannot tell", "matches")


def render(decided: dict[str, Any], case: dict[str, Any]) -> str:
    """The decision on a request in words, and how it came about where that was asked for."""
    return "\n".join(inert(line) for line in _lines(decided, case)) + "\n"


def _lines(decided: dict[str, Any], case: dict[str, Any]) -> Iterator[str]:
    request = case["request"]
    yield visible(f"{request['principal']} asks {request['action']} on {request['resource']}")
    for statement in decided.get("explain", []):
        yield ""
        yield f"{_statement(statement)}: {_MATCHES[statement['match']]}"
        for element in statement["elements"]:
            yield visible(f"  {element['element']}: {_MATCHES[element['match']]}: {element['why']}")
            yield visible(f"    wanted {json.dumps(element['wanted'])}, sent {json.dumps(element['sent'])}")
    if decided.get("explain"):
        yield ""
    yield f"decision: {decided['decision']}{_by(decided)}"


def _statement(statement: dict[str, Any]) -> str:
    sid = f" {json.dumps(statement['sid'])}" if statement["sid"] else ""
    effect = f" ({statement['effect']})" if statement["effect"] else ""
    return visible(f"statement {statement['index'] + 1}{sid}{effect}")


def _by(decided: dict[str, Any]) -> str:
    deciding = decided["denied_by"] if decided["decision"] == "explicit_deny" else decided["allowed_by"]
    if not deciding:
        return ""
    return f" (statement{'s' if len(deciding) > 1 else ''} {', '.join(str(index + 1) for index in deciding)})"
