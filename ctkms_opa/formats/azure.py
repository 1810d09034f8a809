"""Azure Pipelines issues: logging commands on standard output.

See https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands.
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

_ESCAPES = str.maketrans({"%": "%AZP25", ";": "%3B", "]": "%5D", "\r": "%0D", "\n": "%0A"})


def render(report: Report, options: Options) -> Iterator[str]:
    """One issue for each finding that counts, everything else as lines of the log."""
    for outcome in outcomes.everything(report, options):
        if outcome.kind in {"known", "waived"} or (outcome.kind == "tolerated" and outcome.level == "note"):
            yield _line(f"{outcome.level} {outcome.rule}: {outcome.words}")
        elif outcome.kind != "passed":
            yield _issue(outcome, options)
    for remark in outcomes.remarks(report):
        yield _line(remark)
    yield inert(text.summary(report, options)) + "\n"


def _line(words: str) -> str:
    return inert(visible(words)) + "\n"


def _issue(outcome: Outcome, options: Options) -> str:
    place = outcome.location
    properties = {
        "type": "warning" if outcome.kind == "tolerated" else "error",
        "sourcepath": visible(paths.shown(place.file, options)),
        "linenumber": "" if place.line is None else str(place.line),
        "columnnumber": "" if place.column is None else str(place.column),
        "code": visible(outcome.rule),
    }
    given = "".join(f"{name}={value.translate(_ESCAPES)};" for name, value in properties.items() if value)
    message = " ".join(visible(line) for line in [outcome.words, *outcome.advice.split("\n")] if line)
    return f"##vso[task.logissue {given}]{message.translate(_ESCAPES)}\n"
