"""What the rules said about one key, in the report's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ctkms_opa.fingerprint import fingerprint
from ctkms_opa.report import (
    LEVELS,
    Capability,
    ExpiredWaiver,
    Finding,
    KeyReport,
    Level,
    Location,
    NotEvaluated,
    Source,
    Statement,
    WaivedFinding,
    verdict_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ctkms_opa.places import Place
    from ctkms_opa.report import Row


class Judgement(NamedTuple):
    """What the rules said about one key, or about a trail or store whose key its document does not show."""

    key: str
    source: Source
    judged: bool
    capabilities: tuple[Capability, ...]
    findings: tuple[Finding, ...]
    cannot_tell: tuple[str, ...]
    waived: tuple[WaivedFinding, ...]
    used_waivers: frozenset[str]
    expired_waivers: frozenset[ExpiredWaiver]
    not_evaluated: tuple[NotEvaluated, ...]
    needs: frozenset[str] = frozenset()
    """Where it is a trail or store: the names of the key that would settle it."""
    names: frozenset[str] = frozenset()
    """The names by which trails and stores of other documents may mean the key; none where it was not judged."""
    subjects: frozenset[str] = frozenset()
    """The trails and stores of the document that the key was judged for."""
    hidden: frozenset[Finding] = frozenset()
    """Findings of rules that were disabled."""
    matrix: tuple[Row, ...] = ()
    """Who may do what with the key, where that was asked for."""
    explanations: tuple[Mapping[str, Any], ...] = ()
    """The requests that are not allowed, explained, where that was asked for."""

    def report(self, fail_on: Level) -> KeyReport:
        """The key's part of the report, with the verdict that follows."""
        return KeyReport(
            key=self.key,
            source=self.source,
            verdict=verdict_of(self.findings, self.cannot_tell, fail_on, judged=self.judged),
            judged=self.judged,
            capabilities=self.capabilities,
            findings=self.findings,
            cannot_tell=self.cannot_tell,
            matrix=self.matrix,
            explanations=self.explanations,
        )


class Locator:
    """Turns paths of a key policy into locations."""

    def __init__(self, file: str, place: Place, *, has_text: bool) -> None:
        """Takes the document's name and the policy's place in it; without text there are no lines."""
        self._file = file
        self._place = place
        self._has_text = has_text

    def __call__(self, path: Sequence[str | int]) -> Location:
        """The place of a part, or of the nearest part around it."""
        line, column = self._place.position(path) if self._has_text else (None, None)
        return Location(self._file, line, column, self._place.pointer(path))


def judgement(key: Mapping[str, Any], said: Mapping[str, Any], locate: Locator, doubt: Sequence[str] = ()) -> Judgement:
    """Puts together what the rules said.

    Args:
        key: The key object, as `data.ctkms.documents.keys` has it.
        said: The key's report, as `data.ctkms.report.report` has it.
        locate: Finds the parts of the policy.
        doubt: What else cannot be told.
    """
    location = locate([])
    known = said["judged"] and key["arn"] is not None
    policy = key["policy"]
    return Judgement(
        key=said["key"],
        source=Source(location.file, key["kind"], location.line),
        judged=said["judged"],
        capabilities=tuple(_capability(row) for row in said["capabilities"]),
        findings=tuple(_finding(found, policy, locate) for found in said["findings"]),
        cannot_tell=(*said["cannot_tell"], *doubt),
        waived=tuple(_waived(found, policy, locate) for found in said["waived"]),
        used_waivers=frozenset(said["used_waivers"]),
        expired_waivers=frozenset(ExpiredWaiver(**expired) for expired in said["expired_waivers"]),
        not_evaluated=tuple(NotEvaluated(entry["rule"], entry["why"]) for entry in said["not_evaluated"]),
        needs=frozenset(key["needs"] or ()),
        names=frozenset([key["arn"], *key["aliases"]] if known else ()),
        subjects=frozenset([*key["trails"], *key["event_data_stores"], *key["topics"]]),
    )


def _finding(found: Mapping[str, Any], policy: object, locate: Locator) -> Finding:
    if found["level"] not in LEVELS:
        raise TypeError(f"a finding of the level {found['level']!r}")
    statement = found["statement"]
    location = locate(found["path"])
    return Finding(
        rule=found["rule"],
        level=found["level"],
        msg=found["msg"],
        key=found["key"],
        subject=found["subject"],
        statement=None if statement is None else Statement(statement["index"], statement["sid"]),
        location=location,
        remediation=found["remediation"],
        url=found["url"],
        fingerprint=fingerprint(found, policy, location.file),
    )


def _waived(found: Mapping[str, Any], policy: object, locate: Locator) -> WaivedFinding:
    finding = _finding(found, policy, locate)
    return WaivedFinding(finding, found["waiver"], found["reason"], found["owner"], found["expires"])


def _capability(row: Mapping[str, Any]) -> Capability:
    return Capability(
        subject=row["subject"],
        principal=row["principal"],
        capability=row["capability"],
        decision=row["decision"],
        statements=tuple(row["statements"]),
        level=row["level"],
    )
