"""What the forms for people share: words for decisions, remedies, and what belongs to no key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ctkms_opa.policy_layout import laid_out
from ctkms_opa.report import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ctkms_opa.formats.options import Options
    from ctkms_opa.report import Capability, Cell, Location, Report

_WORDS = {
    "cannot_tell": "cannot tell",
    "explicit_deny": "denied (explicitly)",
    "implicit_deny": "not allowed",
    "needs_iam_policy": "needs an IAM policy",
    "allow": "allowed",
    "unknown": "cannot tell",
}
_CELLS = {
    "allow": "allowed",
    "explicit_deny": "refused",
    "implicit_deny": "refused",
    "needs_iam_policy": "needs IAM",
    "unknown": "cannot tell",
}
_ENGINES = {"compiled": "compiled regorus", "interpreted": "interpreted regorus", "opa": "OPA"}


def shown(word: str) -> str:
    """A verdict, level or decision in words."""
    return _WORDS.get(word, word)


def cell(one: Cell) -> str:
    """What a cell of the access matrix says, with a mark where it is not what is expected, or may not be."""
    if one.decision is None:
        return "-"
    return _CELLS[one.decision] + {"yes": "", "no": " !", "open": " ?"}[one.fits]


def count(number: int, thing: str) -> str:
    """A number of things."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def numbers(statements: tuple[int, ...]) -> str:
    """The statements of a policy by their numbers, from 1; empty where there are none."""
    if not statements:
        return ""
    return f"statement{'' if len(statements) == 1 else 's'} {', '.join(str(index + 1) for index in statements)}"


def by_subject(capabilities: Iterable[Capability]) -> list[Capability]:
    """The rows of a key, those of one trail or store one after the other; first those of the key itself."""
    return sorted(capabilities, key=lambda row: row.subject or "")


def place(location: Location) -> str:
    """File, line and column, as far as they are known."""
    return position(location.file, location.line, location.column)


def position(file: str, line: int | None, column: int | None = None) -> str:
    """File, line and column, as far as they are known."""
    return ":".join(str(part) for part in (file, line, column) if part is not None)


def remedy(text: str) -> tuple[str, str]:
    """What to do, and the statement at its end, laid out for copying; empty where there is none."""
    words, brace, rest = text.partition("{")
    try:
        value = json.loads(brace + rest)
    except ValueError:
        return text, ""
    if not isinstance(value, dict):
        return text, ""
    return words, json.dumps(laid_out(value), indent=2, ensure_ascii=False)


def counts(report: Report, options: Options) -> str:
    """How many keys and findings there are."""
    found = report.counts()
    levels = ", ".join(count(found[level], level) for level in LEVELS)
    hidden = " (--notes shows them)" if found["note"] and not options.shows_notes else ""
    in_baseline = f", {report.known} known" if report.known else ""
    unjudged = f", {count(len(report.errors), 'input')} not judged" if report.errors else ""
    return f"{count(len(report.keys), 'key')}: {levels}{hidden}{in_baseline}{unjudged}"


def rest(report: Report, options: Options) -> Iterator[tuple[str, list[str]]]:
    """What belongs to no key, as titles with items: waivers, what was not evaluated or judged."""
    sections = (
        ("Waived:", _waived(report)),
        ("Waivers that have expired:", _expired(report)),
        ("Disabled:", [f"{one.rule}: {count(one.findings, 'finding')} not shown" for one in report.disabled]),
        ("Levels of your own:", [f"{one.rule}: {one.level} in place of {one.own}" for one in report.overridden]),
        ("Waivers that no finding needs:", list(report.unused_waivers)),
        ("In the baseline, and not found any more (--write-baseline writes it anew):", _stale(report)),
        ("Not evaluated:", _not_evaluated(report, options)),
        ("Not judged:", [f"{position(error.file, error.line, error.column)}: {error.msg}" for error in report.errors]),
    )
    return ((title, items) for title, items in sections if items)


def engine(report: Report) -> str:
    """Which engine evaluated the rules, and what was odd."""
    used = report.engine
    taken_over = f", {count(used.taken_over, 'piece')} taken over by the interpreter" if used.taken_over else ""
    remark = f"; {used.remark}" if used.remark else ""
    return f"Engine: {_ENGINES.get(used.name, used.name)} {used.version}{taken_over}{remark}"


def _waived(report: Report) -> list[str]:
    return [
        f"{waived.finding.rule} on {waived.finding.key} by {waived.waiver}: {waived.reason}"
        f" ({waived.owner}, until {waived.expires})"
        for waived in report.waived
    ]


def _expired(report: Report) -> list[str]:
    return [
        f"{waiver.rule} on {waiver.key} by {waiver.waiver}: {waiver.reason} ({waiver.owner}, until {waiver.expires})"
        for waiver in report.expired_waivers
    ]


def _stale(report: Report) -> list[str]:
    return [
        f"{entry.rule} on {entry.key}" + (f" for {entry.subject}" if entry.subject else "")
        for entry in (report.baseline.stale if report.baseline else ())
    ]


def _not_evaluated(report: Report, options: Options) -> list[str]:
    """Rules that did not run; those for the same reason in one line."""
    if options.verbose:
        return [f"{entry.rule}: {entry.why}" for entry in report.not_evaluated]
    reasons: dict[str, list[str]] = {}
    for entry in report.not_evaluated:
        reasons.setdefault(entry.why, []).append(entry.rule)
    return [f"{', '.join(rules)}: {why}" for why, rules in reasons.items()]
