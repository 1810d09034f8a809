"""GitHub Actions annotations: workflow commands on standard output.

See https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctkms_opa.formats import outcomes, paths, text
from ctkms_opa.formats.escape import inert, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.formats.outcomes import Outcome
    from ctkms_opa.report import Report

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render(report: Report, options: Options) -> Iterator[str]:
    """One annotation for each finding, and the summary as a line of the log."""
    for outcome in outcomes.everything(report, options):
        if outcome.kind != "passed":
            yield _annotation(outcome, options)
    for remark in outcomes.remarks(report):
        yield _command("notice", {"title": "ctkms"}, visible(remark))
    yield inert(text.summary(report, options)) + "\n"


def _annotation(outcome: Outcome, options: Options) -> str:
    place = outcome.location
    properties = {
        "file": visible(paths.shown(place.file, options)),
        "line": "" if place.line is None else str(place.line),
        "col": "" if place.column is None else str(place.column),
        "title": visible(outcome.rule),
    }
    message = "\n".join(visible(line) for line in [outcome.words, *outcome.advice.split("\n")] if line)
    return _command(_level(outcome), properties, message)


def _level(outcome: Outcome) -> str:
    if outcome.kind in {"known", "waived"}:
        return "notice"
    return "error" if outcome.kind == "failed" else _LEVELS[outcome.level]


def _command(name: str, properties: dict[str, str], message: str) -> str:
    given = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items() if value)
    return f"::{name} {given}::{message.translate(_DATA)}\n"
