"""Baselines: the findings that a team knows of already, so that only new ones fail a check.

A baseline takes findings out of the verdict, nothing else: what cannot be told, inputs that cannot be read, and rules
that can never be waived count as ever. An entry stands for one finding with the same fingerprint
(`ctkms_opa.fingerprint`) whose level is no worse than the entry's.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from ctkms_opa import whole_file
from ctkms_opa.errors import UsageError
from ctkms_opa.files import decode, read_bytes
from ctkms_opa.parse import parse_json
from ctkms_opa.report import LEVELS, Baseline, KeyReport, KeySequence, Known, verdict_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from ctkms_opa.parse import Parsed
    from ctkms_opa.report import Finding, Report

VERSION = 1
"""Of the file: raised when its form changes."""

_MEMBERS = Known._fields
_NULLABLE = ("subject", "statement")


def load(file: str, unwaivable: Collection[str] = ()) -> tuple[Known, ...]:
    """Reads a baseline file.

    Args:
        file: The path.
        unwaivable: The ids of rules whose findings no baseline may hold.

    Raises:
        InputError: The file cannot be read or is no JSON.
        UsageError: It is no baseline, or one of another version; with the line of the first mistake.
    """
    parsed = parse_json(decode(read_bytes(file), file), file)
    return tuple(_Reader(parsed, file, unwaivable).entries())


def entries(report: Report, unwaivable: Collection[str] = ()) -> tuple[Known, ...]:
    """The entries that make every finding of a report a known one, in an order that makes small differences of files.

    Args:
        report: The report; waived findings are none of the baseline's business.
        unwaivable: The ids of rules whose findings no baseline may hold.
    """
    known = (
        Known(
            fingerprint=finding.fingerprint,
            rule=finding.rule,
            level=finding.level,
            key=_text(finding.key),
            subject=finding.subject,
            statement=None if finding.statement is None else finding.statement.sid,
            msg=_text(finding.msg),
        )
        for key in report.keys
        for finding in (*key.findings, *key.known)
        if finding.rule not in unwaivable
    )
    return tuple(sorted(known, key=lambda one: (one.key, one.rule, one.fingerprint, one.msg)))


def write(file: str, known: Iterable[Known]) -> None:
    """Writes a baseline file, whole or not at all.

    Raises:
        UsageError: The file cannot be written.
    """
    content = {"version": VERSION, "findings": [one.to_dict() for one in known]}
    whole_file.write(file, [json.dumps(content, indent=2), "\n"])


def compare(report: Report, known: Sequence[Known], file: str) -> Report:
    """Returns the report in which the findings that a baseline holds are known and out of the verdict.

    Args:
        report: The report.
        known: The entries of the baseline.
        file: The baseline's file, as the report names it.
    """
    keys = KeySequence(lambda: _Comparison(known).keys(report), len(report.keys))
    comparison = _Comparison(known)
    judged = {_text(key.key) for key in comparison.keys(report)}
    # Of keys that no input was about, nobody can say that a finding is gone.
    stale = tuple(one for one in comparison.left() if one.key in judged)
    return replace(report, keys=keys, baseline=Baseline(file, stale))


def _text(words: str) -> str:
    """Words without halves of characters, which names of files may hold but JSON may not."""
    return words.encode(errors="replace").decode()


class _Comparison:
    """One pass through the keys of a report: every entry stands for one finding."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._left: dict[str, list[Known]] = defaultdict(list)
        for one in known:
            self._left[one.fingerprint].append(one)

    def keys(self, report: Report) -> Iterator[KeyReport]:
        for key in report.keys:
            found: list[Finding] = []
            known: list[Finding] = []
            for finding in key.findings:
                (known if self._holds(finding) else found).append(finding)
            verdict = verdict_of(found, key.cannot_tell, report.fail_on, judged=key.judged)
            yield key._replace(findings=tuple(found), known=(*key.known, *known), verdict=verdict)

    def left(self) -> list[Known]:
        """The entries that no finding was like."""
        return [one for entries in self._left.values() for one in entries]

    def _holds(self, finding: Finding) -> bool:
        entries = self._left.get(finding.fingerprint, [])
        for one in entries:
            # What became worse, by a profile or by a rule that knows more, is not what was accepted.
            if LEVELS.index(finding.level) >= LEVELS.index(one.level):
                entries.remove(one)
                return True
        return False


class _Reader:
    """Reads the entries of a baseline, and says of what is none where it stands."""

    def __init__(self, parsed: Parsed, file: str, unwaivable: Collection[str]) -> None:
        self._parsed = parsed
        self._file = file
        self._unwaivable = unwaivable

    def entries(self) -> Iterator[Known]:
        content = self._parsed.value
        if not isinstance(content, dict) or "version" not in content or "findings" not in content:
            raise self._wrong("this is no baseline: `ctkms check --write-baseline FILE` writes one")
        if content["version"] != VERSION or isinstance(content["version"], bool):
            found = json.dumps(content["version"])
            raise self._wrong(f"the baseline has the version {found}, this ctkms reads {VERSION}", "version")
        self._check_names(content, ("version", "findings"))
        if not isinstance(content["findings"], list):
            raise self._wrong("this is not a list of findings", "findings")
        for index, entry in enumerate(content["findings"]):
            yield self._entry(entry, index)

    def _entry(self, entry: object, index: int) -> Known:
        place = ("findings", index)
        if not isinstance(entry, dict):
            raise self._wrong("this is not a finding: an object is wanted", *place)
        self._check_names(entry, _MEMBERS, *place)
        for name in _MEMBERS:
            if name not in entry:
                raise self._wrong(f"the finding has no {name}", *place)
            if not isinstance(entry[name], str) and not (name in _NULLABLE and entry[name] is None):
                raise self._wrong(f"{name} is not a text", *place, name)
        if entry["level"] not in LEVELS:
            raise self._wrong(f"there is no level {entry['level']!r}: {', '.join(LEVELS)} are", *place, "level")
        if entry["rule"] in self._unwaivable:
            raise self._wrong(f"findings of {entry['rule']} can never be known: mend the input", *place, "rule")
        return Known(**entry)

    def _check_names(self, found: dict[str, object], names: Sequence[str], *place: str | int) -> None:
        for name in found:
            if name not in names:
                raise self._wrong(f"there is no member {name!r} in a baseline", *place, name)

    def _wrong(self, message: str, *place: str | int) -> UsageError:
        return UsageError(message, self._file, *self._parsed.key_position(place))
