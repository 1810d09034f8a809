"""What a check found, as plain data: no printing, no files, no engine.

Most of it is named tuples: a dataclass takes eight times as long to make, which every check would wait for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, overload

Level = Literal["error", "warning", "note"]
Verdict = Literal["pass", "fail", "cannot_tell"]

LEVELS: tuple[Level, ...] = ("error", "warning", "note")
VERSION = 1
"""Of the JSON form: raised when it changes."""

EXIT_CLEAN, EXIT_FINDINGS, EXIT_INPUT, EXIT_CANNOT_TELL, EXIT_ENGINE = range(5)


class Location(NamedTuple):
    """Where something stands. Line and column count from 1 and are None where there is no file."""

    file: str
    line: int | None = None
    column: int | None = None
    pointer: str = ""
    """The JSON pointer in the document."""


@dataclass(frozen=True)
class Statement:
    """A statement of a key policy."""

    index: int
    sid: str | None = None


class Finding(NamedTuple):
    """One thing that a rule found on a key."""

    rule: str
    level: Level
    msg: str
    key: str
    subject: str | None
    statement: Statement | None
    location: Location
    remediation: str
    url: str
    fingerprint: str = ""
    """The same in every run, wherever the statement stands: see `ctkms_opa.fingerprint`."""

    def to_dict(self) -> dict[str, Any]:
        """The finding as it stands under its key in the JSON form."""
        return {
            "rule": self.rule,
            "level": self.level,
            "msg": self.msg,
            "subject": self.subject,
            "statement": None if self.statement is None else vars(self.statement).copy(),
            "location": self.location._asdict(),
            "remediation": self.remediation,
            "url": self.url,
            "fingerprint": self.fingerprint,
        }


class WaivedFinding(NamedTuple):
    """A finding that a waiver of the expectations takes out of the verdict."""

    finding: Finding
    waiver: str
    reason: str
    owner: str
    expires: str

    def to_dict(self) -> dict[str, Any]:
        """The waived finding in the JSON form."""
        return {
            "waiver": self.waiver,
            "reason": self.reason,
            "owner": self.owner,
            "expires": self.expires,
            "key": self.finding.key,
            **self.finding.to_dict(),
        }


class ExpiredWaiver(NamedTuple):
    """A waiver that has ended, so that what it waived is a finding again."""

    waiver: str
    rule: str
    key: str
    reason: str
    owner: str
    expires: str

    def to_dict(self) -> dict[str, Any]:
        """The expired waiver in the JSON form."""
        return self._asdict()


class DisabledRule(NamedTuple):
    """A rule whose findings were not wanted."""

    rule: str
    findings: int
    """How many it has."""

    def to_dict(self) -> dict[str, Any]:
        """The disabled rule in the JSON form."""
        return self._asdict()


class OverriddenLevel(NamedTuple):
    """A rule whose findings have another level than its own."""

    rule: str
    level: Level
    own: str

    def to_dict(self) -> dict[str, Any]:
        """The overridden level in the JSON form."""
        return self._asdict()


class Known(NamedTuple):
    """A finding as a baseline remembers it."""

    fingerprint: str
    rule: str
    level: Level
    key: str
    subject: str | None
    statement: str | None
    """The statement's Sid."""
    msg: str

    def to_dict(self) -> dict[str, Any]:
        """The entry as it stands in a baseline file and in the JSON form."""
        return self._asdict()


class Baseline(NamedTuple):
    """The baseline that the findings were compared with."""

    file: str
    stale: tuple[Known, ...] = ()
    """Entries that no finding needs any more."""

    def to_dict(self) -> dict[str, Any]:
        """The baseline in the JSON form."""
        return {"file": self.file, "stale": [entry.to_dict() for entry in self.stale]}


class Capability(NamedTuple):
    """What the key policy decides on the requests of one kind."""

    subject: str | None
    principal: str
    capability: str
    decision: str
    statements: tuple[int, ...]
    level: str
    """What failing it means."""

    def to_dict(self) -> dict[str, Any]:
        """The capability in the JSON form."""
        return {**self._asdict(), "statements": list(self.statements)}


class Cell(NamedTuple):
    """What somebody may do with a key, beside what is expected."""

    column: str
    decision: str | None
    """None where it was not tried."""
    statements: tuple[int, ...]
    expected: str
    """`allow`, `refuse` or `either`."""
    fits: str
    """`yes`, `no` or `open`."""


class Row(NamedTuple):
    """Somebody, and what they may do with a key."""

    kind: str
    """`trail`, `store`, `person` or `anyone`."""
    who: str
    roles: tuple[str, ...]
    cells: tuple[Cell, ...]


class Source(NamedTuple):
    """The document that holds a key's policy."""

    file: str
    kind: str
    line: int | None = None


class KeyReport(NamedTuple):
    """The result for one key."""

    key: str
    source: Source
    verdict: Verdict
    judged: bool
    capabilities: tuple[Capability, ...] = ()
    findings: tuple[Finding, ...] = ()
    cannot_tell: tuple[str, ...] = ()
    """What could not be told, and why."""
    known: tuple[Finding, ...] = ()
    """Findings that the baseline holds: shown, but no part of the verdict."""
    matrix: tuple[Row, ...] = ()
    """Who may do what, where that was asked for; no part of the JSON form."""
    explanations: tuple[Mapping[str, Any], ...] = ()
    """The requests that are not allowed, explained, where that was asked for; no part of the JSON form."""

    def to_dict(self) -> dict[str, Any]:
        """The key in the JSON form."""
        return {
            "key": self.key,
            "source": self.source._asdict(),
            "verdict": self.verdict,
            "capabilities": [capability.to_dict() for capability in self.capabilities],
            "findings": [finding.to_dict() for finding in self.findings],
            "cannot_tell": list(self.cannot_tell),
            "known": [finding.to_dict() for finding in self.known],
        }


class KeySequence(Sequence[KeyReport]):
    """Results for keys that are made anew, one at a time, whenever somebody looks at them: many need little memory."""

    def __init__(self, make: Callable[[], Iterator[KeyReport]], length: int) -> None:
        """Takes what makes the results, the same ones every time, and how many they are."""
        self._make = make
        self._length = length

    def __len__(self) -> int:
        """Returns how many there are."""
        return self._length

    def __iter__(self) -> Iterator[KeyReport]:
        """Makes them."""
        return self._make()

    @overload
    def __getitem__(self, index: int) -> KeyReport: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[KeyReport]: ...

    def __getitem__(self, index: int | slice) -> KeyReport | Sequence[KeyReport]:
        """Makes all of them: meant for looking at a few."""
        return tuple(self)[index]


class NotEvaluated(NamedTuple):
    """A rule that did not run, and why."""

    rule: str
    why: str


class InputError(NamedTuple):
    """An input that could not be judged, or an engine that failed on it."""

    file: str
    line: int | None
    msg: str
    column: int | None = None
    engine: bool = False
    """True where the engine failed, false where the input is at fault."""

    def to_dict(self) -> dict[str, Any]:
        """The error in the JSON form."""
        return {"file": self.file, "line": self.line, "msg": self.msg}


class LeftOut(NamedTuple):
    """A file among the inputs in which there is nothing to judge."""

    file: str
    what: str
    """What it holds: a name of `ctkms_opa.own_files.WHERE_TO`, or `NOTHING` or `OTHER_OUTPUT` there."""


class EngineInfo(NamedTuple):
    """The engine that gave the answers."""

    name: str
    version: str
    taken_over: int = 0
    """How many pieces the interpreter evaluated in the compiled engine's place."""
    remark: str = ""
    """Why it evaluated all of them; empty where it did not."""


@dataclass
class _Tally:
    verdicts: set[Verdict]
    levels: Counter[Level]
    known: int = 0


@dataclass(frozen=True)
class Report:
    """The result of a check."""

    profile: str
    engine: EngineInfo
    keys: Sequence[KeyReport] = ()
    waived: tuple[WaivedFinding, ...] = ()
    unused_waivers: tuple[str, ...] = ()
    not_evaluated: tuple[NotEvaluated, ...] = ()
    errors: tuple[InputError, ...] = ()
    fail_on: Level = "error"
    expired_waivers: tuple[ExpiredWaiver, ...] = ()
    baseline: Baseline | None = None
    disabled: tuple[DisabledRule, ...] = ()
    overridden: tuple[OverriddenLevel, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings on all keys."""
        return tuple(finding for key in self.keys for finding in key.findings)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all keys; never a pass where an input could not be judged or nothing was."""
        verdicts = self._tally.verdicts
        if "fail" in verdicts:
            return "fail"
        if verdicts != {"pass"} or self.errors:
            return "cannot_tell"
        return "pass"

    @property
    def known(self) -> int:
        """How many findings the baseline holds."""
        return self._tally.known

    @property
    def exit_code(self) -> int:
        """The exit code of `ctkms check`."""
        if any(error.engine for error in self.errors):
            return EXIT_ENGINE
        if self.errors:
            return EXIT_INPUT
        return {"fail": EXIT_FINDINGS, "cannot_tell": EXIT_CANNOT_TELL, "pass": EXIT_CLEAN}[self.verdict]

    def counts(self) -> dict[Level, int]:
        """How many findings there are of each level."""
        return {level: self._tally.levels[level] for level in LEVELS}

    @cached_property
    def _tally(self) -> _Tally:
        """What there is to count, counted once: there may be many keys."""
        tally = _Tally(set(), Counter())
        for key in self.keys:
            tally.verdicts.add(key.verdict)
            tally.levels.update(finding.level for finding in key.findings)
            tally.known += len(key.known)
        return tally

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, version 1."""
        return {**self.members(), "keys": [key.to_dict() for key in self.keys]}

    def members(self) -> dict[str, Any]:
        """The JSON form without any key, for whoever writes the keys one after the other."""
        counts = self.counts()
        return {
            "version": VERSION,
            "verdict": self.verdict,
            "profile": self.profile,
            "engine": {"name": self.engine.name, "version": self.engine.version},
            "keys": [],
            "waived": [waived.to_dict() for waived in self.waived],
            "unused_waivers": list(self.unused_waivers),
            "expired_waivers": [waiver.to_dict() for waiver in self.expired_waivers],
            "baseline": None if self.baseline is None else self.baseline.to_dict(),
            "disabled": [rule.to_dict() for rule in self.disabled],
            "overridden": [rule.to_dict() for rule in self.overridden],
            "not_evaluated": [entry._asdict() for entry in self.not_evaluated],
            "errors": [error.to_dict() for error in self.errors],
            "summary": {
                "keys": len(self.keys),
                "errors": counts["error"],
                "warnings": counts["warning"],
                "notes": counts["note"],
                "known": self.known,
            },
        }


def reaches(level: Level, threshold: Level) -> bool:
    """Whether a finding of the level fails a check with that `--fail-on`."""
    return LEVELS.index(level) <= LEVELS.index(threshold)


def verdict_of(findings: Iterable[Finding], cannot_tell: Sequence[str], fail_on: Level, *, judged: bool) -> Verdict:
    """The verdict on one key.

    Args:
        findings: The findings that count.
        cannot_tell: What could not be told.
        fail_on: The lowest level of a finding that fails.
        judged: Whether there was a key policy to judge.
    """
    if any(reaches(finding.level, fail_on) for finding in findings):
        return "fail"
    return "pass" if judged and not cannot_tell else "cannot_tell"
