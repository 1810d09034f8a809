"""The forms in which a report can be written: pure functions of the report, one module a format."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ctkms_opa.report import Report

from ctkms_opa.formats.options import Options

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "azure", "tap", "conftest", "html", "matrix")
DESCRIBE_RULES = ("sarif",)
"""The formats that need `Options.rules`, which takes time to read."""
WITH_MATRIX = ("html", "matrix")
"""The formats that show who may do what, which takes time to try."""

__all__ = ["DESCRIBE_RULES", "FORMATS", "WITH_MATRIX", "Options", "renderer"]


def renderer(name: str) -> Callable[[Report, Options], Iterator[str]]:
    """The function that renders a report in one of `FORMATS`; its module is loaded when it is asked for.

    The function yields the text in pieces, about one a key, so that a report of many keys is never held as one string.
    """
    render: Callable[[Report, Options], Iterator[str]] = importlib.import_module(f"ctkms_opa.formats.{name}").render
    return render
