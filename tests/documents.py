"""What the tests of documents share: what the pack says of one, through the bridge and through OPA."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import engines

from ctkms_opa import Checker

if TYPE_CHECKING:
    from pathlib import Path

    from ctkms_opa.report import KeyReport, Report

Findings = set[tuple[str, int | None]]


#: What is no key policy, and was not meant to be one.
OTHERS = {"iam-policy", "trust-policy", "unrecognised"}


def found(report: Report, level: str = "error") -> Findings:
    """The findings of a level, as rule and line."""
    return {(one.rule, one.location.line) for one in report.findings if one.level == level}


def verdicts(report: Report) -> dict[str, str]:
    """The verdict of each key, and of each trail or store whose key is not shown."""
    return {key.key: key.verdict for key in report.keys}


def doubts(report: Report) -> dict[str, tuple[str, ...]]:
    """What cannot be told of each key."""
    return {key.key: key.cannot_tell for key in report.keys if key.cannot_tell}


def messages(report: Report, level: str) -> set[str]:
    """What `deny` and `warn` of the facade have to say."""
    said = {one.msg for one in report.findings if one.level == level}
    if level == "warning":
        said |= {f"cannot tell: {reason}" for key in report.keys for reason in key.cannot_tell}
    if not report.keys:
        word = {"warning": "cannot tell", "error": "nothing was evaluated"}.get(level, "")
        said.add(f"{word}: the document holds no KMS key")
    if level == "error":
        none = not any(key.capabilities for key in report.keys)
        untried = [key for key in report.keys if is_untried(key) or (none and key.source.kind not in OTHERS)]
        said |= {f"nothing was evaluated: {'; '.join(key.cannot_tell)}" for key in untried}
    return said


def is_untried(key: KeyReport) -> bool:
    """Whether a key policy was judged, but nothing that CloudTrail needs could be tried."""
    return bool(key.cannot_tell and key.capabilities) and not any(row.subject for row in key.capabilities)


def opa_says(rule: str, file: Path) -> set[str]:
    """The messages of `deny` or `warn` that `opa eval` gives for the document as it is."""
    query = f"[one.msg | some one in data.ctkms.main.{rule}]"
    done = engines.run_opa("eval", "-b", str(engines.POLICIES), "-i", str(file), "--format", "raw", query)
    assert done.returncode == 0, done.stdout + done.stderr
    return set(json.loads(done.stdout))


def conftest_says(file: Path) -> dict[str, set[str]]:
    """The messages of conftest's failures and warnings for the document as it is."""
    policy = ["--policy", str(engines.POLICIES), "--namespace", "ctkms.main", "--output", "json"]
    command = [str(engines.conftest_command()), "test", str(file), *policy]
    (said,) = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    return {kind: {one["msg"] for one in said.get(kind) or ()} for kind in ("failures", "warnings")}


def with_member(file: Path, path: list[Any], value: object, folder: Path) -> Path:
    """A copy of a document with another value at a path."""
    document = json.loads(file.read_text("utf-8"))
    inside = document
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    copy = folder / file.name
    copy.write_text(json.dumps(document, indent=2), "utf-8")
    return copy


def agree(file: Path) -> None:
    """Asserts that `opa eval`, and conftest where it is there, say of a document what `ctkms check` says."""
    report = Checker().check_paths([file])
    said = {rule: messages(report, level) for rule, level in (("deny", "error"), ("warn", "warning"))}
    assert {rule: opa_says(rule, file) for rule in said} == said
    if engines.conftest_command():
        assert conftest_says(file) == {"failures": said["deny"], "warnings": said["warn"]}
