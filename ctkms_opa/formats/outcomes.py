"""A report as a list of outcomes, for the formats that are lists: tests, annotations, issues.

No list says less than the report: what cannot be told, what was not judged, and a check that judged nothing are
outcomes of their own, and so are findings that a waiver or a baseline takes out of the verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from ctkms_opa.report import LEVELS, Location, reaches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.report import Finding, KeyReport, Level, Report

Kind = Literal["passed", "failed", "tolerated", "known", "waived", "cannot_tell", "not_judged"]
CANNOT_TELL = "CANNOT-TELL"
NOT_JUDGED = "NOT-JUDGED"


class Outcome(NamedTuple):
    """One thing that a check says."""

    kind: Kind
    """`tolerated` findings lie below `--fail-on`."""
    rule: str
    """The rule's id, `CANNOT-TELL` or `NOT-JUDGED`; of what passed, the capability."""
    level: Level
    msg: str
    key: str
    """The key, or the input."""
    location: Location
    finding: Finding | None = None
    why: str = ""
    """Why a known or waived finding does not count."""

    @property
    def words(self) -> str:
        """The message, and why it does not count."""
        return f"{self.why}: {self.msg}" if self.why else self.msg

    @property
    def advice(self) -> str:
        """What to do, and the page to read; empty where there is no such thing."""
        if self.finding is None:
            return ""
        remediation = self.finding.remediation and f"To do: {self.finding.remediation}"
        return "\n".join(part for part in (remediation, self.finding.url) if part)


def of_key(key: KeyReport, report: Report, options: Options) -> Iterator[Outcome]:
    """The outcomes of one key, the worst findings first; at least one."""
    place = Location(key.source.file, key.source.line)
    found = list(_findings(key, report, options))
    yield from found
    for reason in key.cannot_tell or _unexplained(key):
        yield Outcome("cannot_tell", CANNOT_TELL, "error", f"cannot tell: {reason}", key.key, place)
    passed = [row for row in key.capabilities if row.decision == "allow"]
    for row in passed:
        subject = f" for {row.subject}" if row.subject else ""
        words = f"{row.principal} may {row.capability.replace('_', ' ')}{subject}"
        yield Outcome("passed", row.capability, "note", words, key.key, place)
    if key.verdict == "pass" and not passed:
        yield Outcome("passed", "verdict", "note", "pass", key.key, place)


def of_rest(report: Report) -> Iterator[Outcome]:
    """The outcomes that belong to no key, or to one that came before."""
    for waived in report.waived:
        why = f"waived by {waived.waiver} ({waived.reason}; {waived.owner}, until {waived.expires})"
        yield _found("waived", waived.finding, why)
    for error in report.errors:
        place = Location(error.file, error.line, error.column)
        what = "the engine failed" if error.engine else "not judged"
        yield Outcome("not_judged", NOT_JUDGED, "error", f"{what}: {error.msg}", error.file, place)
    if not report.keys and not report.errors:
        yield Outcome("not_judged", NOT_JUDGED, "error", "nothing was evaluated", "", Location(""))


def everything(report: Report, options: Options) -> Iterator[Outcome]:
    """All outcomes, key after key."""
    for key in report.keys:
        yield from of_key(key, report, options)
    yield from of_rest(report)


def remarks(report: Report) -> Iterator[str]:
    """What people who look after waivers and baselines want to know."""
    for expired in report.expired_waivers:
        yield (
            f"the waiver {expired.waiver} of {expired.rule} on {expired.key} expired: it was valid until "
            f"{expired.expires} ({expired.owner})"
        )
    for name in report.unused_waivers:
        yield f"no finding needs the waiver {name}"
    for entry in report.baseline.stale if report.baseline else ():
        subject = f" for {entry.subject}" if entry.subject else ""
        yield f"{entry.rule} on {entry.key}{subject} is in the baseline and was not found any more"


def _findings(key: KeyReport, report: Report, options: Options) -> Iterator[Outcome]:
    for finding in by_level(key.findings):
        if reaches(finding.level, report.fail_on):
            yield _found("failed", finding)
        elif finding.level != "note" or options.shows_notes:
            yield _found("tolerated", finding)
    for finding in by_level(key.known):
        if finding.level != "note" or options.shows_notes:
            yield _found("known", finding, "known, as the baseline has it")


def by_level(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, the worst first."""
    return sorted(findings, key=lambda finding: LEVELS.index(finding.level))


def _found(kind: Kind, finding: Finding, why: str = "") -> Outcome:
    return Outcome(kind, finding.rule, finding.level, finding.msg, finding.key, finding.location, finding, why)


def _unexplained(key: KeyReport) -> tuple[str, ...]:
    return ("the verdict",) if key.verdict == "cannot_tell" else ()
