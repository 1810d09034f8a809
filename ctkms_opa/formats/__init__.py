"""The forms in which a report can be printed: pure functions of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctkms_opa.formats import json, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ctkms_opa.report import Report

from ctkms_opa.formats.options import Options

RENDERERS: Mapping[str, Callable[[Report, Options], str]] = {"text": text.render, "json": json.render}

__all__ = ["RENDERERS", "Options"]
