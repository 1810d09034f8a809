"""JUnit XML, as Jenkins, GitLab, Azure Pipelines and others read it: a test suite for each key."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ctkms_opa.formats import outcomes
from ctkms_opa.formats.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.formats.outcomes import Outcome
    from ctkms_opa.report import KeyReport, Report

_ELEMENTS = {
    "failed": "failure",
    "tolerated": "skipped",
    "known": "skipped",
    "waived": "skipped",
    "cannot_tell": "error",
    "not_judged": "error",
}


def render(report: Report, options: Options) -> Iterator[str]:
    """One test for each capability that the policy gives, and for each finding.

    Findings that do not fail the check are skipped tests that say why.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="ctkms">\n'
    names = _Distinct()
    for key in report.keys:
        yield _suite(names(_called(key)), list(outcomes.of_key(key, report, options)))
    rest = list(outcomes.of_rest(report))
    remarks = list(outcomes.remarks(report))
    if rest or remarks:
        yield _suite("ctkms", rest, remarks)
    yield "</testsuites>\n"


class _Distinct:
    """Numbers names that were there before: of tests of one name, readers show one."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def __call__(self, name: str) -> str:
        self._seen[name] += 1
        return name if self._seen[name] == 1 else f"{name} #{self._seen[name]}"


def _called(key: KeyReport) -> str:
    """A key's ARN; a name that only its document knows it by, with the document."""
    file = key.source.file
    return key.key if key.key.startswith("arn:") or key.key == file else f"{key.key} ({file})"


def _suite(name: str, found: list[Outcome], remarks: Iterable[str] = ()) -> str:
    kinds = Counter(_ELEMENTS.get(outcome.kind, "passed") for outcome in found)
    counts = {
        "tests": len(found),
        "failures": kinds["failure"],
        "errors": kinds["error"],
        "skipped": kinds["skipped"],
    }
    attributes = "".join(f' {member}="{count}"' for member, count in counts.items())
    names = _Distinct()
    tests = "".join(_test(name, names(_name(outcome)), outcome) for outcome in found)
    lines = "\n".join(_text(remark) for remark in remarks)
    said = f"    <system-out>{lines}</system-out>\n" if lines else ""
    return f"  <testsuite name={_attribute(name)}{attributes}>\n{tests}{said}  </testsuite>\n"


def _test(suite: str, name: str, outcome: Outcome) -> str:
    start = f"    <testcase classname={_attribute(suite)} name={_attribute(name)}"
    if outcome.kind == "passed":
        return f"{start}/>\n"
    element = _ELEMENTS[outcome.kind]
    place = outcome.location
    where = ":".join(str(part) for part in (place.file, place.line, place.column) if part is not None)
    text = "\n".join(_text(line) for line in (where, *outcome.advice.split("\n")) if line)
    message = _attribute(f"{outcome.level}: {outcome.words}" if element == "skipped" else outcome.words)
    kind = _attribute(outcome.rule)
    return f"{start}>\n      <{element} type={kind} message={message}>{text}</{element}>\n    </testcase>\n"


def _name(outcome: Outcome) -> str:
    """What stays the same from run to run, so that histories of tests have something to hold on to."""
    if outcome.finding is None:
        return outcome.msg
    statement = outcome.finding.statement
    sid = f" ({statement.sid})" if statement and statement.sid else ""
    subject = f" for {outcome.finding.subject}" if outcome.finding.subject else ""
    return f"{outcome.rule}{subject}{sid}"


def _text(words: str) -> str:
    return escape(visible(words))


def _attribute(words: str) -> str:
    return quoteattr(visible(words))
