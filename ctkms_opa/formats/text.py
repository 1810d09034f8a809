"""The form for people: grouped by key, the worst first."""

from __future__ import annotations

import json
import textwrap
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from ctkms_opa.formats.escape import inert, visible
from ctkms_opa.formats.outcomes import by_level
from ctkms_opa.policy_layout import laid_out
from ctkms_opa.report import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.report import Capability, Finding, InputError, KeyReport, Location, Report

_COLORS = {
    "error": "31",
    "fail": "31",
    "warning": "33",
    "cannot_tell": "33",
    "unknown": "33",
    "note": "36",
    "pass": "32",
    "allow": "32",
    "explicit_deny": "31",
    "implicit_deny": "31",
    "needs_iam_policy": "33",
}
_ENGINES = {"compiled": "compiled regorus", "interpreted": "interpreted regorus", "opa": "OPA"}
_WORDS = {
    "cannot_tell": "cannot tell",
    "explicit_deny": "denied (explicitly)",
    "implicit_deny": "not allowed",
    "needs_iam_policy": "needs an IAM policy",
    "allow": "allowed",
    "unknown": "cannot tell",
}


def render(report: Report, options: Options) -> Iterator[str]:
    """The report as text, ending in a one-line summary."""
    painter = _Text(options)
    for key in report.keys:
        yield _piece(painter.key(key))
    yield _piece([*painter.rest(report), painter.summary(report)])


def summary(report: Report, options: Options) -> str:
    """The counts and the verdict, as one line without colors."""
    return _Text(replace(options, color=False)).summary(report)


def _piece(lines: Iterable[str]) -> str:
    return "".join(f"{inert(line)}\n" for line in lines)


class _Text:
    def __init__(self, options: Options) -> None:
        self._options = options

    def key(self, key: KeyReport) -> Iterator[str]:
        yield f"{visible(key.key)}: {self._word(key.verdict)}"
        yield f"  read from {self._place(key.source.file, key.source.line)} ({visible(key.source.kind)})"
        yield from self._capabilities(key.capabilities)
        for finding in by_level(key.findings):
            if finding.level != "note" or self._options.shows_notes:
                yield from self._finding(finding)
        if key.cannot_tell:
            yield from ("", "  Cannot tell:")
            yield from self._items(key.cannot_tell, "    ")
        known = self._known(key.known)
        if known:
            yield from ("", "  Known, as the baseline has it:")
            yield from self._items(known, "    ")
        yield ""

    def rest(self, report: Report) -> Iterator[str]:
        """What belongs to no key: waivers, what was not evaluated, inputs that could not be judged."""
        yield from self._section("Waived:", self._waived(report))
        yield from self._section("Waivers that have expired:", self._expired(report))
        yield from self._section("Disabled:", self._disabled(report))
        yield from self._section("Levels of your own:", self._overridden(report))
        yield from self._section("Waivers that no finding needs:", report.unused_waivers)
        yield from self._section(
            "In the baseline, and not found any more (--write-baseline writes it anew):", self._stale(report)
        )
        if self._options.verbose:
            yield from self._section("Not evaluated:", [f"{entry.rule}: {entry.why}" for entry in report.not_evaluated])
        elif report.not_evaluated:
            yield from self._section("Not evaluated:", self._by_reason(report))
        yield from self._section("Not judged:", [self._error(error) for error in report.errors])
        if self._options.verbose:
            engine = report.engine
            taken_over = (
                f", {_count(engine.taken_over, 'piece')} taken over by the interpreter" if engine.taken_over else ""
            )
            remark = f"; {visible(engine.remark)}" if engine.remark else ""
            yield from (f"Engine: {_ENGINES.get(engine.name, engine.name)} {engine.version}{taken_over}{remark}", "")

    def summary(self, report: Report) -> str:
        found = report.counts()
        counts = ", ".join(_count(found[level], level) for level in LEVELS)
        hidden = " (--notes shows them)" if found["note"] and not self._options.shows_notes else ""
        in_baseline = f", {report.known} known" if report.known else ""
        unjudged = f", {_count(len(report.errors), 'input')} not judged" if report.errors else ""
        keys = _count(len(report.keys), "key")
        return f"{keys}: {counts}{hidden}{in_baseline}{unjudged}. Verdict: {self._word(report.verdict)}"

    def _capabilities(self, capabilities: Iterable[Capability]) -> Iterator[str]:
        for subject, rows in groupby(capabilities, key=lambda row: row.subject):
            table = [(visible(row.principal), visible(row.capability.replace("_", " ")), row) for row in rows]
            who = max(len(principal) for principal, _, _ in table)
            what = max(len(capability) for _, capability, _ in table)
            yield from ("", f"  For {visible(subject)}:" if subject else "  For this key:")
            for principal, capability, row in table:
                yield f"    {principal:<{who}}  {capability:<{what}}  {self._decision(row)}"

    def _decision(self, row: Capability) -> str:
        numbers = ", ".join(str(index + 1) for index in row.statements)
        by = f" (statement {numbers})" if len(row.statements) == 1 else f" (statements {numbers})" if numbers else ""
        return self._word(row.decision) + by

    def _finding(self, finding: Finding) -> Iterator[str]:
        where = finding.location
        yield ""
        yield f"  {self._word(finding.level)} {visible(finding.rule)}  {self._location(where)}"
        yield from self._wrapped(finding.msg, "    ")
        yield from self._remediation(finding.remediation)
        if finding.url:
            yield f"    {visible(finding.url)}"

    def _remediation(self, text: str) -> Iterator[str]:
        """What to do; a statement at its end is laid out for copying."""
        words, brace, rest = text.partition("{")
        statement = _json_object(brace + rest)
        if statement is None:
            yield from self._wrapped(f"To do: {text}", "    ") if text else ()
            return
        yield from self._wrapped(f"To do: {words}", "    ")
        for line in json.dumps(statement, indent=2, ensure_ascii=False).splitlines():
            yield f"      {visible(line)}"

    def _waived(self, report: Report) -> list[str]:
        return [
            f"{waived.finding.rule} on {waived.finding.key} by {waived.waiver}: {waived.reason}"
            f" ({waived.owner}, until {waived.expires})"
            for waived in report.waived
        ]

    def _disabled(self, report: Report) -> list[str]:
        return [f"{one.rule}: {_count(one.findings, 'finding')} not shown" for one in report.disabled]

    def _overridden(self, report: Report) -> list[str]:
        return [f"{one.rule}: {one.level} in place of {one.own}" for one in report.overridden]

    def _expired(self, report: Report) -> list[str]:
        return [
            f"{waiver.rule} on {waiver.key} by {waiver.waiver}: {waiver.reason}"
            f" ({waiver.owner}, until {waiver.expires})"
            for waiver in report.expired_waivers
        ]

    def _stale(self, report: Report) -> list[str]:
        return [
            f"{entry.rule} on {entry.key}" + (f" for {entry.subject}" if entry.subject else "")
            for entry in (report.baseline.stale if report.baseline else ())
        ]

    def _known(self, findings: Iterable[Finding]) -> list[str]:
        return [
            f"{finding.level} {finding.rule} {self._location(finding.location)}: {finding.msg}"
            for finding in by_level(findings)
            if finding.level != "note" or self._options.shows_notes
        ]

    def _by_reason(self, report: Report) -> list[str]:
        """Rules that did not run for the same reason, in one line."""
        reasons: dict[str, list[str]] = {}
        for entry in report.not_evaluated:
            reasons.setdefault(entry.why, []).append(entry.rule)
        return [f"{', '.join(rules)}: {why}" for why, rules in reasons.items()]

    def _error(self, error: InputError) -> str:
        return f"{self._place(error.file, error.line, error.column)}: {error.msg}"

    def _section(self, title: str, items: Iterable[str]) -> Iterator[str]:
        items = list(items)
        if items:
            yield title
            yield from self._items(items, "  ")
            yield ""

    def _items(self, items: Iterable[str], indent: str) -> Iterator[str]:
        for item in items:
            yield from self._wrapped(item, f"{indent}- ", f"{indent}  ")

    def _wrapped(self, text: str, first: str, following: str | None = None) -> list[str]:
        return textwrap.wrap(
            visible(text),
            width=self._options.width,
            initial_indent=first,
            subsequent_indent=first if following is None else following,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _location(self, location: Location) -> str:
        return self._place(location.file, location.line, location.column)

    def _place(self, file: str, line: int | None, column: int | None = None) -> str:
        return visible(":".join(str(part) for part in (file, line, column) if part is not None))

    def _word(self, word: str) -> str:
        shown = _WORDS.get(word, word)
        return f"\x1b[1;{_COLORS[word]}m{shown}\x1b[0m" if self._options.color and word in _COLORS else visible(shown)


def _json_object(text: str) -> dict[str, object] | None:
    """A JSON object in the order in which policies are written; None where the text is not one."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return laid_out(value) if isinstance(value, dict) else None


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
