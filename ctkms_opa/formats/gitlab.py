"""GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from ctkms_opa.formats import json_pieces, outcomes, paths
from ctkms_opa.formats.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.formats.outcomes import Outcome
    from ctkms_opa.report import Report

_SEVERITIES = {
    "cannot_tell": "blocker",
    "not_judged": "blocker",
    "failed": "critical",
    "known": "info",
    "waived": "info",
}
_TOLERATED = {"error": "critical", "warning": "major", "note": "info"}


def render(report: Report, options: Options) -> Iterator[str]:
    """One issue for each finding; what is known or waived is information."""
    yield from json_pieces.array(_issues(report, options))
    yield "\n"


def _issues(report: Report, options: Options) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for outcome in outcomes.everything(report, options):
        if outcome.kind != "passed":
            path = visible(paths.shown(outcome.location.file, options)) or "."
            identity = f"{path} {outcome.finding.fingerprint if outcome.finding else outcome.rule + outcome.msg}"
            seen[identity] += 1
            yield {
                "description": visible(outcome.words),
                "check_name": visible(outcome.rule),
                # GitLab shows one issue of those with the same fingerprint.
                "fingerprint": hashlib.sha256(f"{seen[identity]} {visible(identity)}".encode()).hexdigest(),
                "severity": _severity(outcome),
                "location": {"path": path, "lines": {"begin": outcome.location.line or 1}},
            }


def _severity(outcome: Outcome) -> str:
    return _SEVERITIES.get(outcome.kind) or _TOLERATED[outcome.level]
