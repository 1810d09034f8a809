"""The form for people: grouped by key, the worst first."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from ctkms_opa.formats import explanation, fold, source, words
from ctkms_opa.formats.escape import inert, visible
from ctkms_opa.formats.outcomes import by_level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.report import Capability, Finding, KeyReport, Location, Report

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

"""Lines of more characters are hard to read."""


def render(report: Report, options: Options) -> Iterator[str]:
    """The report as text, ending in a one-line summary."""
    painter = _Text(options)
    for key in report.keys:
        yield _piece(painter.key(key))
    yield _piece([*painter.rest(report), painter.summary(report)])


def summary(report: Report, options: Options) -> str:
    """The counts and the verdict, as one line without colors."""
    return _Text(options._replace(color=False)).summary(report)


def _piece(lines: Iterable[str]) -> str:
    return "".join(f"{inert(line)}\n" for line in lines)


def _by(row: Capability) -> str:
    by = words.numbers(row.statements)
    return f" ({by})" if by else ""


@dataclass
class _Seen:
    """What was printed of a key already."""

    places: set[Location] = field(default_factory=set)
    statements: dict[str, str] = field(default_factory=dict)
    """Statements to add, and the rule below which each stands."""


class _Text:
    def __init__(self, options: Options) -> None:
        self._options = options
        self._width = fold.room(options.width)

    def key(self, key: KeyReport) -> Iterator[str]:
        yield f"{visible(key.key)}: {self._word(key.verdict)}"
        yield f"  read from {visible(words.position(key.source.file, key.source.line))} ({visible(key.source.kind)})"
        yield from self._capabilities(key.capabilities)
        seen = _Seen()
        for finding in by_level(key.findings):
            if finding.level != "note" or self._options.shows_notes:
                yield from self._finding(finding, seen)
        for explained in key.explanations:
            yield ""
            yield from explanation.refused(explained, self._width, "  ")
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
        for title, items in words.rest(report, self._options):
            yield title
            yield from self._items(items, "  ")
            yield ""
        if self._options.verbose:
            yield from (visible(words.engine(report)), "")

    def summary(self, report: Report) -> str:
        return f"{words.counts(report, self._options)}. Verdict: {self._word(report.verdict)}"

    def _capabilities(self, capabilities: Iterable[Capability]) -> Iterator[str]:
        """Who may do what, beside each other where that fits, else below the name."""
        for subject, rows in groupby(words.by_subject(capabilities), key=lambda row: row.subject):
            table = [(visible(row.principal), visible(row.capability.replace("_", " ")), row) for row in rows]
            who = max(len(principal) for principal, _, _ in table)
            what = max(len(capability) for _, capability, _ in table)
            decided = max(len(visible(words.shown(row.decision)) + _by(row)) for _, _, row in table)
            fits = 4 + who + 2 + what + 2 + decided <= self._width
            yield from ("", f"  For {visible(subject)}:" if subject else "  For this key:")
            for principal, of_one in groupby(table, key=lambda line: line[0]):
                if not fits:
                    yield f"    {principal}"
                for _, capability, row in of_one:
                    beside = f"    {principal:<{who}}" if fits else "    "
                    yield f"{beside}  {capability:<{what}}  {self._word(row.decision)}{_by(row)}"

    def _finding(self, finding: Finding, seen: _Seen) -> Iterator[str]:
        where = finding.location
        yield ""
        yield f"  {self._word(finding.level)} {visible(finding.rule)}  {visible(words.place(where))}"
        if where not in seen.places:
            seen.places.add(where)
            yield from self._source(where)
        yield from self._wrapped(finding.msg, "    ")
        yield from self._remediation(finding, seen)
        if finding.url:
            yield f"    {visible(finding.url)}"

    def _source(self, where: Location) -> Iterator[str]:
        """The line of the file, and a mark below the place; the beginning of a document says nothing."""
        if not where.pointer or where.line is None or where.column is None:
            return
        lines = self._options.lines(where.file)
        number = str(where.line)
        room = max(self._width - len(number) - 12, 20)
        found = source.excerpt(lines[where.line - 1], where.column, room) if where.line <= len(lines) else None
        if found is not None:
            yield f"    {number} | {found.text}"
            yield f"    {' ' * len(number)} | {' ' * found.before}{self._painted('^' * found.marks, '1;33')}"

    def _remediation(self, finding: Finding, seen: _Seen) -> Iterator[str]:
        """What to do; a statement at its end is laid out for copying, the first time."""
        todo, statement = words.remedy(finding.remediation)
        if statement in seen.statements:
            yield from self._wrapped(f"To do: {todo}the one shown for {seen.statements[statement]}.", "    ")
            return
        yield from self._wrapped(f"To do: {todo}", "    ") if todo else ()
        if statement:
            seen.statements[statement] = finding.rule
            for line in statement.splitlines():
                yield f"      {visible(line)}"

    def _known(self, findings: Iterable[Finding]) -> list[str]:
        return [
            f"{finding.level} {finding.rule} {words.place(finding.location)}: {finding.msg}"
            for finding in by_level(findings)
            if finding.level != "note" or self._options.shows_notes
        ]

    def _items(self, items: Iterable[str], indent: str) -> Iterator[str]:
        for item in items:
            yield from self._wrapped(item, f"{indent}- ", f"{indent}  ")

    def _wrapped(self, text: str, first: str, following: str | None = None) -> list[str]:
        return fold.folded(text, self._width, first, following)

    def _word(self, word: str) -> str:
        shown = visible(words.shown(word))
        return self._painted(shown, f"1;{_COLORS[word]}") if word in _COLORS else shown

    def _painted(self, text: str, color: str) -> str:
        return f"\x1b[{color}m{text}\x1b[0m" if self._options.color else text
