"""Why a request is allowed or not, in text: of one simulated request, and of those that a check tries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ctkms_opa.formats.escape import inert, visible
from ctkms_opa.formats.fold import aligned, folded, room

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MATCHES = ("does not match", "cannot tell", "matches")
_YES = 2
_WANTED, _SENT, _BELOW = "wanted ", "sent   ", "       "


def render(decided: dict[str, Any], case: dict[str, Any], width: int) -> str:
    """The decision on a request in words, and how it came about where that was asked for, for a terminal so wide."""
    return "\n".join(inert(line) for line in _lines(decided, case, room(width))) + "\n"


def _lines(decided: dict[str, Any], case: dict[str, Any], width: int) -> Iterator[str]:
    yield from folded(_asked(case["request"]), width, following="  ")
    for statement in decided.get("explain", []):
        yield ""
        yield f"{_statement(statement)}: {_MATCHES[statement['match']]}"
        for element in statement["elements"]:
            matches = _MATCHES[element["match"]]
            yield from folded(f"{element['element']}: {matches}: {element['why']}", width, "  ", "    ")
            yield from _compared(element, width, "    ")
            yield from _note(element["hint"], width, "    ")
    if decided.get("explain"):
        yield ""
    yield f"decision: {decided['decision']}{_by(decided)}"


def refused(explained: Mapping[str, Any], width: int, indent: str = "") -> Iterator[str]:
    """Why a request that a check tried is not allowed: of each statement the first element that does not match."""
    about = f" for {explained['subject']}" if explained["subject"] else ""
    what = explained["capability"].replace("_", " ")
    inner, more = f"{indent}  ", f"{indent}    "
    yield from folded(f"Why {explained['principal']} may not {what}{about}:", width, indent, inner)
    yield from folded(_asked(explained["request"]), width, inner, more)
    for statement in explained["statements"]:
        element = statement["element"]
        if element is None:
            yield f"{inner}{_statement(statement)}: {_MATCHES[statement['match']]}"
            continue
        compared = element["path"][0] == "Condition" and element["sent"] is not None
        why = "" if compared and element["match"] == 0 else f": {element['why']}"
        said = f"{_statement(statement)}: {element['element']} {_MATCHES[element['match']]}{why}"
        yield from folded(said, width, inner, more)
        if compared:
            yield from _compared(element, width, more)
        yield from _note(statement["hint"], width, more)


def _asked(request: Mapping[str, Any]) -> str:
    return f"{request['principal']} asks {request['action']} on {_plain(request['resource'])}"


def _note(hint: str, width: int, indent: str) -> list[str]:
    """What little is missing, where something is known to be."""
    return folded(f"Note: {hint}.", width, indent, f"{indent}  ") if hint else []


def _compared(element: Mapping[str, Any], width: int, indent: str) -> Iterator[str]:
    """What an element wants above what the request has, and what differs where that decides."""
    for line in difference(element["wanted"], element["sent"], width - len(indent), marked=element["match"] != _YES):
        yield f"{indent}{line}"


def difference(wanted: Any, sent: Any, width: int, *, marked: bool = True) -> Iterator[str]:
    """What an element wants above what the request has, in pieces that fit; of two texts, marks below what differs."""
    if isinstance(wanted, list) and len(wanted) == 1:
        wanted = wanted[0]
    one, other = visible(_value(wanted)), visible(_value(sent))
    if not (isinstance(wanted, str) and isinstance(sent, str)):
        yield from folded(one, width, _WANTED, _BELOW)
        yield from folded(other, width, _SENT, _BELOW)
        return
    labels = (_WANTED, _SENT)
    for upper, lower, below in aligned(one, other, width - len(_BELOW), _differing(one, other) if marked else None):
        yield from (f"{label}{text}" for label, text in zip(labels, (upper, lower), strict=True) if text)
        if below:
            yield f"{_BELOW}{below}"
        labels = (_BELOW, _BELOW)


def _differing(one: str, other: str) -> tuple[int, int] | None:
    """Where in the other text what differs begins and ends; None where nothing does."""
    if one == other:
        return None
    start = _common(one, other)
    end = len(other) - _common(one[: start - 1 : -1], other[: start - 1 : -1])
    return start, max(end, start + 1)


def _common(one: str, other: str) -> int:
    """How many characters at the beginning of two texts are the same; both begin with a quotation mark."""
    return next(
        (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else _value(value)


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
