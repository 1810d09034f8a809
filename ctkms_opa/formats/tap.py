"""The Test Anything Protocol, version 13 and later: https://testanything.org/tap-version-13-specification.html."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ctkms_opa.formats import outcomes
from ctkms_opa.formats.escape import visible
from ctkms_opa.formats.text import summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.formats.outcomes import Outcome
    from ctkms_opa.report import Report


def render(report: Report, options: Options) -> Iterator[str]:
    """One test for each capability that the policy gives, and for each finding.

    TODO marks findings that do not fail the check: below `--fail-on`, waived, or in the baseline.
    """
    yield "TAP version 13\n"
    number = 0
    for number, outcome in enumerate(outcomes.everything(report, options), 1):
        yield _test(number, outcome)
    yield f"1..{number}\n"
    for line in [*outcomes.remarks(report), summary(report, options)]:
        yield f"# {_plain(line)}\n"


def _test(number: int, outcome: Outcome) -> str:
    if outcome.kind == "passed":
        return f"ok {number} - {_plain(outcome.msg)}\n"
    todo = {"tolerated": f"{outcome.level}, does not fail the check", "known": outcome.why, "waived": outcome.why}
    directive = f" # TODO {_plain(todo[outcome.kind])}" if outcome.kind in todo else ""
    place = outcome.location
    diagnostic = {
        "key": outcome.key,
        "severity": outcome.level,
        "at": ":".join(str(part) for part in (place.file, place.line, place.column) if part is not None),
        "advice": outcome.advice.replace("\n", " "),
    }
    lines = [
        f"  {name}: {json.dumps(visible(value), ensure_ascii=False)}\n" for name, value in diagnostic.items() if value
    ]
    return f"not ok {number} - {_plain(f'{outcome.rule}: {outcome.msg}')}{directive}\n  ---\n{''.join(lines)}  ...\n"


def _plain(words: str) -> str:
    r"""Text without `#`, which would begin a directive that turns a failed test into one that may fail."""
    return visible(words).replace("#", r"\x23")
