"""JSON of any length, a piece at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ctkms_opa.formats.escape import in_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def array(values: Iterable[object], depth: int = 0) -> Iterator[str]:
    """An array as indented JSON, an element at a time; `depth` is the number of containers around it."""
    indent = "  " * depth
    before = "["
    for value in values:
        yield f"{before}\n{indent}  {text(value, depth + 1)}"
        before = ","
    yield "[]" if before == "[" else f"\n{indent}]"


def text(value: object, depth: int = 0) -> str:
    """A value as indented JSON in ASCII, so that nothing in it can act on a terminal or a CI system."""
    return in_json(json.dumps(value, indent=2)).replace("\n", "\n" + "  " * depth)
