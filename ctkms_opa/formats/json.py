"""The JSON form: `Report.to_dict()`, in ASCII, so that nothing in it can act on a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctkms_opa.formats.options import Options
    from ctkms_opa.report import Report


def render(report: Report, options: Options) -> str:  # noqa: ARG001 - every format takes them
    """The report as indented JSON."""
    return json.dumps(report.to_dict(), indent=2) + "\n"
