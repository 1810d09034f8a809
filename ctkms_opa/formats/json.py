"""The JSON form: `Report.to_dict()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctkms_opa.formats import json_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.report import Report


def render(report: Report, options: Options) -> Iterator[str]:  # noqa: ARG001 - every format takes them
    """The report as indented JSON."""
    before = "{"
    for name, value in report.members().items():
        yield f"{before}\n  {json_pieces.text(name)}: "
        if name == "keys":
            yield from json_pieces.array((key.to_dict() for key in report.keys), depth=1)
        else:
            yield json_pieces.text(value, depth=1)
        before = ","
    yield "\n}\n"
