"""The report as one HTML file for people: no network, no scripts, for screens of any width and for paper.

Whatever comes from a document is escaped, and the page's own Content-Security-Policy lets nothing run or load but the
style sheet that is part of it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from ctkms_opa.formats import source, words
from ctkms_opa.formats.escape import visible
from ctkms_opa.formats.outcomes import by_level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ctkms_opa.formats.options import Options
    from ctkms_opa.report import Capability, Finding, KeyReport, Report

_CLASSES = {
    "error": "bad",
    "fail": "bad",
    "warning": "warn",
    "cannot_tell": "warn",
    "unknown": "warn",
    "note": "info",
    "pass": "good",
    "allow": "good",
    "explicit_deny": "bad",
    "implicit_deny": "bad",
    "needs_iam_policy": "warn",
}
_FITS = {"yes": "fits", "no": "badge bad", "open": "badge warn"}
_LONGEST = 1200
"""Of a longer text the beginning is shown: nobody reads a Sid of 10,000 characters."""
_WHOLE = 600
"""A policy of more lines is shown around its findings."""
_AROUND = 4
_KEY_POLICIES = frozenset({"key-policy", "statement"})
"""Kinds of document that are nothing but the policy."""


def render(report: Report, options: Options) -> Iterator[str]:
    """The page, in pieces: its head, a section for each key, and the rest."""
    yield _head(report, options)
    for number, key in enumerate(report.keys, 1):
        yield _TABLE.sub(_with_role, "".join(_Key(key, number, options).lines()))
    yield "".join(_rest(report, options))


_TABLE = re.compile(r'<(table|thead|tbody|tr|td|th(?: scope="(col|row)")?)(?=[ >])')
_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell", "th": "cell"}


def _with_role(tag: re.Match[str]) -> str:
    """Says what a part of a table is: on narrow screens parts are laid out as blocks, and browsers forget it."""
    role = {"col": "columnheader", "row": "rowheader"}.get(tag[2] or "") or _ROLES[tag[1][:5]]
    return f'{tag[0]} role="{role}"'


def _head(report: Report, options: Options) -> str:
    style = resources.files("ctkms_opa.formats").joinpath("html.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    verdict = words.shown(report.verdict)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>KMS keys for CloudTrail: {_text(verdict)}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>KMS keys for CloudTrail</h1>
<p>{_badge(report.verdict)} {_text(words.counts(report, options))}. Profile: {_text(report.profile)}.</p>
{_contents(report)}</header>
<main>
"""


def _contents(report: Report) -> str:
    """Links to the keys, where there are several."""
    if len(report.keys) < 2:
        return ""
    items = "".join(
        f'<li>{_badge(key.verdict)} <a href="#key-{number}">{_text(key.key)}</a></li>\n'
        for number, key in enumerate(report.keys, 1)
    )
    return f'<nav aria-label="Keys">\n<ol>\n{items}</ol>\n</nav>\n'


class _Key:
    """The section of one key."""

    def __init__(self, key: KeyReport, number: int, options: Options) -> None:
        self._key = key
        self._id = f"key-{number}"
        self._options = options
        shown = [one for one in by_level(key.findings) if one.level != "note" or options.shows_notes]
        self._findings = {f"{self._id}-finding-{place}": finding for place, finding in enumerate(shown, 1)}

    def lines(self) -> Iterator[str]:
        key = self._key
        place = words.position(key.source.file, key.source.line)
        yield f'<section class="key" id="{self._id}" aria-labelledby="{self._id}-name">\n'
        yield f'<h2 id="{self._id}-name">{_badge(key.verdict)} <code>{_text(key.key)}</code></h2>\n'
        yield f'<p class="soft">Read from <code>{_text(place)}</code> ({_text(key.source.kind)})</p>\n'
        yield from self._matrix()
        yield from self._capabilities()
        if self._findings:
            yield "<h3>Findings</h3>\n"
            for name, finding in self._findings.items():
                yield from self._finding(name, finding)
        yield from _list("Cannot tell", key.cannot_tell, 3)
        yield from _list(
            "Known, as the baseline has it",
            [
                f"{one.level} {one.rule} {words.place(one.location)}: {one.msg}"
                for one in by_level(key.known)
                if one.level != "note" or self._options.shows_notes
            ],
            3,
        )
        yield from self._policy()
        yield "</section>\n"

    def _matrix(self) -> Iterator[str]:
        if not self._key.matrix:
            return
        yield '<h3>Who may do what</h3>\n<table class="cards matrix"><caption>'
        yield "needs IAM: the account is let in, and its IAM policies decide. Marked with !: not what is expected. "
        yield 'With ?: hangs on what is not told here.</caption>\n<thead><tr><th scope="col">Who</th>'
        yield "".join(f'<th scope="col">{_text(cell.column)}</th>' for cell in self._key.matrix[0].cells)
        yield "</tr></thead>\n<tbody>\n"
        for row in self._key.matrix:
            roles = f' <span class="soft">{_text(", ".join(row.roles))}</span>' if row.roles else ""
            who = f"<code>{_text(row.who)}</code>" if row.who.startswith("arn:") else _text(row.who)
            cells = "".join(
                f'<td data-label="{_text(cell.column)}"><span class="{_FITS[cell.fits]}">{words.cell(cell)}</span></td>'
                for cell in row.cells
            )
            yield f'<tr><th scope="row">{who}{roles}</th>{cells}</tr>\n'
        yield "</tbody></table>\n"

    def _capabilities(self) -> Iterator[str]:
        if not self._key.capabilities:
            return
        yield "<h3>What was asked of the key</h3>\n"
        for subject, rows in groupby(words.by_subject(self._key.capabilities), key=lambda row: row.subject):
            about = f"For <code>{_text(subject)}</code>" if subject else "For this key"
            yield f'<table class="cards"><caption>{about}</caption>\n<thead><tr><th scope="col">Who</th>'
            yield '<th scope="col">What</th><th scope="col">Answer</th><th scope="col">Decided by</th></tr></thead>\n'
            yield from ("<tbody>\n", *map(_row, rows), "</tbody></table>\n")

    def _finding(self, name: str, finding: Finding) -> Iterator[str]:
        place = words.place(finding.location)
        line = self._line_name(finding.location.line)
        shown = f"<code>{_text(place)}</code>"
        linked = f'<a href="#{line}">{shown}</a>' if finding.location.line in self._shown_lines() else shown
        yield f'<article class="finding {_CLASSES[finding.level]}" id="{name}" aria-labelledby="{name}-rule">\n'
        yield f'<h4 id="{name}-rule">{_badge(finding.level)} {_text(finding.rule)}</h4>\n<p class="soft">{linked}</p>\n'
        yield f"<p>{_text(finding.msg)}</p>\n"
        todo, statement = words.remedy(finding.remediation)
        if todo:
            yield f"<p><strong>To do:</strong> {_text(todo)}</p>\n"
        if statement:
            yield f"<pre><code>{_block(statement)}</code></pre>\n"
        yield f"<p>{_link(finding.url)}</p>\n" if finding.url else ""
        yield "</article>\n"

    def _policy(self) -> Iterator[str]:
        """The lines of the file, with the findings beside those that they concern."""
        lines = self._options.lines(self._key.source.file)
        numbers = self._shown_lines()
        if not numbers:
            return
        concerned: dict[int, list[tuple[str, Finding]]] = {}
        for name, finding in self._findings.items():
            if finding.location.line is not None and finding.location.file == self._key.source.file:
                concerned.setdefault(finding.location.line, []).append((name, finding))
        yield f'<h3>Policy</h3>\n<table class="policy"><caption><code>{_text(self._key.source.file)}</code></caption>\n'
        yield "<tbody>\n"
        before = 0
        for number in numbers:
            if number != before + 1:
                yield '<tr class="gap"><th></th><td>&hellip;</td><td></td></tr>\n'
            before = number
            yield self._line(number, lines[number - 1], concerned.get(number, []))
        yield "</tbody></table>\n"

    def _line(self, number: int, line: str, found: Sequence[tuple[str, Finding]]) -> str:
        beside = "<br>".join(
            f'{_badge(finding.level)} <a href="#{name}">{_text(finding.rule)}</a>' for name, finding in found
        )
        level = f' class="{_CLASSES[found[0][1].level]}"' if found else ""
        code = _marked(line, sorted({finding.location.column or 0 for _, finding in found}))
        name = self._line_name(number)
        return (
            f'<tr id="{name}"{level}><th scope="row">{number}</th><td><code>{code}</code></td><td>{beside}</td></tr>\n'
        )

    def _line_name(self, number: int | None) -> str:
        return f"{self._id}-line-{number}"

    def _shown_lines(self) -> list[int]:
        """Which lines of the file are shown: all of a policy that is not too long, else those around findings."""
        length = len(self._options.lines(self._key.source.file))
        if not length:
            return []
        if self._key.source.kind in _KEY_POLICIES and length <= _WHOLE:
            return list(range(1, length + 1))
        centers = {
            finding.location.line
            for finding in self._findings.values()
            if finding.location.line is not None and finding.location.file == self._key.source.file
        } | {self._key.source.line or 1}
        near = {center + step for center in centers for step in range(-_AROUND, _AROUND + 1)}
        return sorted(number for number in near if 1 <= number <= length)


def _row(row: Capability) -> str:
    what = row.capability.replace("_", " ")
    return (
        f'<tr><th scope="row"><code>{_text(row.principal)}</code></th><td data-label="What">{_text(what)}</td>'
        f'<td data-label="Answer">{_badge(row.decision)}</td>'
        f'<td data-label="Decided by">{words.numbers(row.statements) or "no statement"}</td></tr>\n'
    )


def _rest(report: Report, options: Options) -> Iterator[str]:
    for title, items in words.rest(report, options):
        yield from _list(title.removesuffix(":"), items, 2)
    yield f'</main>\n<footer><p class="soft">{_text(words.engine(report))}</p></footer>\n</body>\n</html>\n'


def _list(title: str, items: Iterable[str], level: int) -> Iterator[str]:
    items = list(items)
    if items:
        yield f"<h{level}>{_text(title)}</h{level}>\n<ul>\n"
        yield from (f"<li>{_text(item)}</li>\n" for item in items)
        yield "</ul>\n"


class _Part(NamedTuple):
    start: int
    end: int


def _marked(line: str, columns: Sequence[int]) -> str:
    """A line with marks at the places in question; of a very long one what is around them."""
    parts = [_Part(*span) for column in columns if (span := source.span(line, column)) is not None]
    if len(line) > _LONGEST:
        windows = [line[max(part.start - 100, 0) : part.start + 200] for part in parts] or [line[:_LONGEST]]
        shown = " &hellip; ".join(_text(window) for window in windows)
        return f'{shown} <span class="soft">(of {len(line):,} characters)</span>'
    made, at = "", 0
    for part in parts:
        if part.start >= at:
            made += f"{_escaped(line[at : part.start])}<mark>{_escaped(line[part.start : part.end])}</mark>"
            at = part.end
    return made + _escaped(line[at:])


def _badge(word: str) -> str:
    return f'<span class="badge {_CLASSES.get(word, "")}">{_text(words.shown(word))}</span>'


def _link(url: str) -> str:
    """A link to a web page; any other address is shown, not linked."""
    shown = _text(url)
    return (
        f'<a href="{shown}" rel="noreferrer">{shown}</a>'
        if url.startswith("https://") and shown == html.escape(url)
        else shown
    )


def _text(text: str) -> str:
    """Text that is shown as it is and does nothing; of a very long one the beginning."""
    if len(text) > _LONGEST:
        return f'{_escaped(text[:_LONGEST])}&hellip; <span class="soft">({len(text):,} characters)</span>'
    return _escaped(text)


def _escaped(text: str) -> str:
    return html.escape(visible(text))


def _block(text: str) -> str:
    return "\n".join(_escaped(line) for line in text.splitlines())
