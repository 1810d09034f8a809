"""SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ctkms_opa import __version__
from ctkms_opa.formats import json_pieces, outcomes, paths
from ctkms_opa.formats.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.formats.outcomes import Outcome
    from ctkms_opa.metadata import Rule
    from ctkms_opa.report import Location, Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "%SRCROOT%"
_FINGERPRINT = "ctkms/v1"
# GitHub shows rules that have it as critical, high, medium or low.
_SECURITY_SEVERITY = {"error": "8.0", "warning": "5.0", "note": "2.0"}
_LINK = re.compile(r"\](?=\()")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def render(report: Report, options: Options) -> Iterator[str]:
    """One run, with a result for each finding, also for waived ones and for what cannot be told."""
    run = _Run(report, options)
    yield f'{{\n  "$schema": "{_SCHEMA}",\n  "version": "2.1.0",\n  "runs": [\n    {{\n      "results": '
    yield from json_pieces.array(run.results(), depth=3)
    for name, value in run.members().items():
        yield f',\n      "{name}": {json_pieces.text(value, depth=3)}'
    yield "\n    }\n  ]\n}\n"


class _Run:
    def __init__(self, report: Report, options: Options) -> None:
        self._report = report
        self._options = options
        self._rules = [_descriptor(rule) for rule in options.rules]
        self._indices = {rule["id"]: index for index, rule in enumerate(self._rules)}

    def results(self) -> Iterator[dict[str, Any]]:
        for outcome in outcomes.everything(self._report, self._options):
            if outcome.kind not in {"passed", "not_judged"}:
                yield self._result(outcome)

    def members(self) -> dict[str, Any]:
        """What stands beside the results, once they are written: by then it is known which rules they name."""
        driver = {
            "name": "ctkms",
            "version": __version__,
            "semanticVersion": __version__,
            "rules": self._rules,
        }
        base = f"file://{quote(self._options.repository.replace(os.sep, '/'))}/"
        return {
            "tool": {"driver": driver},
            **({"originalUriBaseIds": {_BASE: {"uri": base}}} if self._options.repository else {}),
            "columnKind": "unicodeCodePoints",
            "invocations": [self._invocation()],
            "properties": {"verdict": self._report.verdict, "profile": self._report.profile},
        }

    def _result(self, outcome: Outcome) -> dict[str, Any]:
        finding = outcome.finding
        result: dict[str, Any] = {
            "ruleId": visible(outcome.rule),
            "ruleIndex": self._index(outcome),
            "level": outcome.level,
            "message": {"text": _message(outcome)},
            "locations": [self._location(outcome.location, outcome.key)],
        }
        if finding is not None:
            statement = finding.statement
            result["partialFingerprints"] = {_FINGERPRINT: finding.fingerprint}
            result["properties"] = {
                "key": visible(finding.key),
                "subject": finding.subject and visible(finding.subject),
                "statement": statement and {"index": statement.index, "sid": statement.sid and visible(statement.sid)},
            }
        if self._report.baseline is not None:
            result["baselineState"] = "unchanged" if outcome.kind == "known" else "new"
        waived = {"kind": "external", "status": "accepted", "justification": visible(outcome.why)}
        return {**result, "suppressions": [waived] if outcome.kind == "waived" else []}

    def _index(self, outcome: Outcome) -> int:
        """The place of the rule among the descriptors; rules of the user's own are added to those of the catalogue."""
        name = visible(outcome.rule)
        if name not in self._indices:
            self._indices[name] = len(self._rules)
            self._rules.append({"id": name, "defaultConfiguration": {"level": outcome.level}})
        return self._indices[name]

    def _location(self, location: Location, key: str = "") -> dict[str, Any]:
        region = {"startLine": location.line or 1, **({"startColumn": location.column} if location.column else {})}
        place: dict[str, Any] = {
            "physicalLocation": {"artifactLocation": self._artifact(location.file), "region": region}
        }
        if key:
            place["logicalLocations"] = [{"fullyQualifiedName": visible(key), "kind": "resource"}]
        return place

    def _artifact(self, file: str) -> dict[str, Any]:
        relative = paths.inside(file, self._options)
        if relative is not None:
            return {"uri": _uri(relative), "uriBaseId": _BASE}
        return {"uri": f"file://{_uri(file)}" if file.startswith("/") else _uri(file)}

    def _invocation(self) -> dict[str, Any]:
        report = self._report
        said = [
            {
                "level": "error",
                "message": {"text": _harmless(outcome.msg)},
                "locations": [self._location(outcome.location)],
            }
            for outcome in outcomes.of_rest(report)
            if outcome.kind == "not_judged"
        ]
        return {
            "executionSuccessful": not said,
            "exitCode": report.exit_code,
            "toolExecutionNotifications": said
            + [{"level": "note", "message": {"text": _harmless(remark)}} for remark in outcomes.remarks(report)],
            "toolConfigurationNotifications": [
                {"level": "note", "message": {"text": _harmless(f"{entry.rule} was not evaluated: {entry.why}")}}
                for entry in report.not_evaluated
            ],
        }


def _descriptor(rule: Rule) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.description},
        "defaultConfiguration": {"level": rule.level},
        "help": {"text": "\n\n".join([rule.description, *rule.urls])},
        "properties": {
            "tags": ["security", "aws", "kms", "cloudtrail", rule.provenance],
            "security-severity": _SECURITY_SEVERITY[rule.level],
        },
    }
    return {**described, **({"helpUri": rule.urls[0]} if rule.urls else {})}


def _message(outcome: Outcome) -> str:
    return "\n".join(_harmless(line) for line in [outcome.msg, *outcome.advice.split("\n")] if line)


def _harmless(words: str) -> str:
    """Text in which no viewer finds a link or a placeholder, which SARIF has in plain text too."""
    return _PLACEHOLDER.sub(r"{{\1}}", _LINK.sub("] ", visible(words)))


def _uri(path: str) -> str:
    return quote(path.replace(os.sep, "/"), errors="surrogatepass")
