"""How policies are laid out for people."""

from __future__ import annotations

from typing import Any

_ORDER = ("Version", "Statement", "Sid", "Effect", "Principal", "Action", "Resource", "Condition")


def laid_out(value: Any) -> Any:
    """A policy, or a part of one, with its members in the order in which AWS writes them; others come last, sorted."""
    if isinstance(value, list):
        return [laid_out(one) for one in value]
    if not isinstance(value, dict):
        return value
    names = sorted(value, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))
    return {name: laid_out(value[name]) for name in names}
