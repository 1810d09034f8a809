"""The JSON form: `Report.to_dict()`, in ASCII, so that nothing in it can act on a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.report import Report


def render(report: Report, options: Options) -> Iterator[str]:  # noqa: ARG001 - every format takes them
    """The report as indented JSON."""
    before = "{"
    for name, value in report.members().items():
        yield f"{before}\n  {json.dumps(name)}: "
        if name == "keys":
            yield from _list(key.to_dict() for key in report.keys)
        else:
            yield _indented(value, "  ")
        before = ","
    yield "\n}\n"


def _list(items: Iterable[object]) -> Iterator[str]:
    """A list one level deep, an element at a time."""
    before = "["
    for item in items:
        yield f"{before}\n    {_indented(item, '    ')}"
        before = ","
    yield "[]" if before == "[" else "\n  ]"


def _indented(value: object, indent: str) -> str:
    return json.dumps(value, indent=2).replace("\n", f"\n{indent}")
