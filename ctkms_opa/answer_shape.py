"""The shape of what the rules answer, for answers that come from elsewhere: what has another shape is not believed."""

from __future__ import annotations

from typing import Any

from ctkms_opa.report import LEVELS

_OPTIONAL_TEXT = (str, type(None))
_STATEMENT = {"index": int, "sid": object}
_FINDING = {
    "rule": str,
    "level": frozenset(LEVELS),
    "msg": str,
    "key": str,
    "subject": _OPTIONAL_TEXT,
    "statement": (_STATEMENT, type(None)),
    "path": [(str, int)],
    "remediation": str,
    "url": str,
}
_REQUEST = {"principal": str, "action": str, "resource": (str, dict)}
_ELEMENT = {
    "element": str,
    "match": frozenset({0, 1, 2}),
    "path": [(str, int)],
    "why": str,
    "wanted": object,
    "sent": object,
}

KEYS: Any = [
    {
        "arn": _OPTIONAL_TEXT,
        "label": str,
        "kind": str,
        "policy": object,
        "place": {"path": [(str, int, type(None))], "part": [(str, int)]},
        "aliases": dict,
        "trails": dict,
        "event_data_stores": dict,
        "topics": dict,
        "needs": ([str], type(None)),
    }
]
REPORT: Any = {
    "key": str,
    "judged": bool,
    "capabilities": [
        {
            "subject": _OPTIONAL_TEXT,
            "principal": str,
            "capability": str,
            "decision": frozenset({"allow", "implicit_deny", "explicit_deny", "needs_iam_policy", "unknown"}),
            "statements": [int],
            "level": frozenset(LEVELS),
        }
    ],
    "findings": [_FINDING],
    "cannot_tell": [str],
    "waived": [_FINDING | {"waiver": str, "reason": str, "owner": str, "expires": str}],
    "used_waivers": [str],
    "expired_waivers": [dict.fromkeys(("waiver", "rule", "key", "reason", "owner", "expires"), str)],
    "not_evaluated": [{"rule": str, "why": str}],
}
MATRIX: Any = [
    {
        "kind": str,
        "who": str,
        "roles": [str],
        "cells": [
            {
                "column": str,
                "decision": _OPTIONAL_TEXT,
                "expected": str,
                "fits": frozenset({"yes", "no", "open"}),
                "statements": [int],
            }
        ],
    }
]
REFUSED: Any = [
    {
        "subject": _OPTIONAL_TEXT,
        "principal": str,
        "capability": str,
        "request": _REQUEST,
        "statements": [
            {
                "index": int,
                "sid": object,
                "effect": object,
                "match": frozenset({0, 1, 2}),
                "element": (_ELEMENT, type(None)),
                "hint": str,
            }
        ],
    }
]


def misfit(value: Any, shape: Any, name: str = "the answer") -> str | None:
    """The first part of a value that has not the shape; None where all have.

    Args:
        value: The value; objects may have further members.
        shape: A type, a set of values, a list of one shape, an object of shapes by member, or several as a tuple.
        name: What the value is called.
    """
    if isinstance(shape, tuple):
        found = [misfit(value, one, name) for one in shape]
        return found[0] if all(found) else None
    if isinstance(shape, list) and isinstance(value, list):
        return next(filter(None, (misfit(one, shape[0], f"{name}[{at}]") for at, one in enumerate(value))), None)
    if isinstance(shape, dict) and isinstance(value, dict):
        absent = [f"{name}.{member}" for member in shape if member not in value]
        parts = (misfit(value[member], one, f"{name}.{member}") for member, one in shape.items() if member in value)
        return next(filter(None, (*absent, *parts)), None)
    return None if _is_one(value, shape) else name


def _is_one(value: Any, shape: Any) -> bool:
    """Whether a value is one of a set, or has a type; a list or object that should be there is not."""
    if isinstance(shape, frozenset):
        return not isinstance(value, dict | list | bool) and value in shape
    return isinstance(shape, type) and isinstance(value, shape) and (shape is not int or not isinstance(value, bool))
