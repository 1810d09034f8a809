"""Why a request is allowed or not, in text: of one simulated request, and of those that a check tries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctkms_opa.formats.escape import inert, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
            yield from (f"    {line}" for line in difference(element["wanted"], element["sent"]))
    if decided.get("explain"):
        yield ""
    yield f"decision: {decided['decision']}{_by(decided)}"


def refused(explained: Mapping[str, Any]) -> Iterator[str]:
    """Why a request that a check tried is not allowed: of each statement the first element that does not match."""
    about = f" for {explained['subject']}" if explained["subject"] else ""
    what = explained["capability"].replace("_", " ")
    yield visible(f"Why {explained['principal']} may not {what}{about}:")
    request = explained["request"]
    yield visible(f"  {request['principal']} asks {request['action']} on {_value(request['resource'])}")
    for statement in explained["statements"]:
        element = statement["element"]
        if element is None:
            yield f"  {_statement(statement)}: {_MATCHES[statement['match']]}"
            continue
        compared = element["path"][0] == "Condition" and element["sent"] is not None
        why = "" if compared and element["match"] == 0 else f": {element['why']}"
        yield visible(f"  {_statement(statement)}: {element['element']} {_MATCHES[element['match']]}{why}")
        if compared:
            yield from (f"    {line}" for line in difference(element["wanted"], element["sent"]))
        if statement["hint"]:
            yield visible(f"    Note: {statement['hint']}.")


def difference(wanted: Any, sent: Any) -> Iterator[str]:
    """What an element wants above what the request has; of two texts, marks below what differs."""
    if isinstance(wanted, list) and len(wanted) == 1:
        wanted = wanted[0]
    one, other = visible(_value(wanted)), visible(_value(sent))
    yield f"wanted {one}"
    yield f"sent   {other}"
    if isinstance(wanted, str) and isinstance(sent, str) and one != other:
        start = _common(one, other)
        end = len(other) - _common(one[: start - 1 : -1], other[: start - 1 : -1])
        yield f"       {' ' * start}{'^' * max(end - start, 1)}"


def _common(one: str, other: str) -> int:
    """How many characters at the beginning of two texts are the same; both begin with a quotation mark."""
    return next(
        (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _statement(statement: dict[str, Any]) -> str:
    sid = f" {json.dumps(statement['sid'])}" if statement["sid"] else ""
    effect = f" ({statement['effect']})" if statement["effect"] else ""
    return visible(f"statement {statement['index'] + 1}{sid}{effect}")


def _by(decided: dict[str, Any]) -> str:
    deciding = decided["denied_by"] if decided["decision"] == "explicit_deny" else decided["allowed_by"]
    if not deciding:
        return ""
    return f" (statement{'s' if len(deciding) > 1 else ''} {', '.join(str(index + 1) for index in deciding)})"
