"""The reference of the rules as Markdown: a table of all, and a page for each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from ctkms_opa.policy_layout import laid_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ctkms_opa.metadata import Rule

_LONGEST = 200
_PROVENANCE = {
    "documented": "AWS documents it",
    "inferred": "inferred from what AWS documents",
    "field": "seen in the field",
}


@dataclass(frozen=True)
class Example:
    """A key on which a rule finds something, or nothing: what one of the rule's tests holds."""

    test: str
    key: dict[str, Any]
    """The key object."""
    expected: dict[str, Any]
    """The expectations."""
    findings: tuple[dict[str, Any], ...]


def table(
    rules: Sequence[Rule], link: Callable[[Rule], str] = lambda rule: rule.urls[0] if rule.urls else ""
) -> Iterator[str]:
    """The lines of a table of the rules.

    Args:
        rules: The rules.
        link: Where the id of a rule leads to, nowhere where it is empty; by default to the page of AWS.
    """
    yield "| Rule | Level | What is true when it passes |"
    yield "|---|---|---|"
    for rule in rules:
        target = link(rule)
        name = f"[{rule.id}]({target})" if target else rule.id
        yield f"| {name} | {rule.level} | {_prose(rule.title)} |"


def page(rule: Rule, fails: Example | None = None, passes: Example | None = None) -> Iterator[str]:
    """The lines of a rule's page, with examples where there are some."""
    yield f"# {rule.id}"
    yield ""
    yield f"**{_prose(rule.title)}**"
    yield ""
    yield from (_prose(paragraph) for paragraph in _paragraphs(rule.description))
    provenance = _PROVENANCE.get(rule.provenance, rule.provenance)
    yield f"- Level: {rule.level}" + (f" ({provenance})" if provenance else "")
    if rule.custom.get("waivable") is False:
        yield "- Its findings cannot be waived, and it cannot be disabled."
    yield from (f"- See <{url}>" for url in rule.urls)
    if fails is not None and passes is not None:
        yield from ("", "## Fails", "")
        yield from _example(fails, passes)
        yield from _expectations(fails.expected)
        yield from _found(fails.findings[0])
        yield from ("", "## Passes", "")
        yield from _example(passes, fails)
        if passes.expected != fails.expected:
            yield from _expectations(passes.expected)


def distance(fails: Example, passes: Example) -> tuple[bool, bool, bool, int]:
    """How much less than another a passing example shows what a failing one lacks; for sorting.

    It tells most where everything is known in it, where not both policy and expectations differ, where it has a
    statement that the other lacks, and where few statements differ.
    """
    same = fails.key.get("policy") == passes.key.get("policy")
    shown = json.dumps([passes.key.get("policy"), passes.expected])
    apart = len(_apart(fails, passes)) + len(_apart(passes, fails)) + (_frame(fails) != _frame(passes))
    return (
        '"ctkms:unknown"' in shown,
        not same and passes.expected != fails.expected,
        not same and not _apart(passes, fails) and _frame(fails) == _frame(passes),
        apart,
    )


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            yield from (paragraph.strip(), "")


def _example(example: Example, other: Example) -> Iterator[str]:
    """The policy, and what else is said of the key, as far as the other example does not have the same."""
    key = example.key
    policy = key.get("policy")
    apart = [
        statement
        for index, statement in enumerate(_statements(example))
        if statement in _apart(example, other) or index in _named(example)
    ]
    if not isinstance(policy, dict):
        yield f"A document that holds no key policy: {_prose(str(key.get('problem')))}."
    elif apart and (_frame(example) == _frame(other) or not isinstance(other.key.get("policy"), dict)):
        yield from _json(apart[0] if len(apart) == 1 else apart)
    elif policy == other.key.get("policy") and not (example.findings and _said(example, other)):
        yield "The statements are the same."
    else:
        yield from _json(policy)
    if _said(example, other):
        yield from ("", "What the document says besides the policy:", "")
        yield from _json(_said(example, other))
    for title, name in (("an earlier version of the policy", "previous"), ("what only the text shows", "text")):
        if key.get(name):
            yield from ("", f"With {title}:", "")
            yield from _json(key[name])


def _said(example: Example, other: Example) -> dict[str, Any]:
    """What the document says of the key and who uses it, where the two examples do not say the same of that."""
    return {
        name: example.key.get(name, {})
        for name in (
            "trails",
            "event_data_stores",
            "topics",
            "metadata",
            "aliases",
            "unknown",
            "bypasses_lockout_check",
        )
        if example.key.get(name, {}) != other.key.get(name, {})
    }


def _expectations(expected: dict[str, Any]) -> Iterator[str]:
    if expected:
        yield from ("", "With these expectations:", "")
        said = yaml.safe_dump({"expected": _short(expected)}, allow_unicode=True, width=120)
        yield from _fenced("yaml", said.rstrip("\n"))


def _statements(example: Example) -> list[Any]:
    policy = example.key.get("policy")
    statements = policy.get("Statement") if isinstance(policy, dict) else []
    return statements if isinstance(statements, list) else []


def _apart(example: Example, other: Example) -> list[Any]:
    """The statements that the other example does not have."""
    return [statement for statement in _statements(example) if statement not in _statements(other)]


def _named(example: Example) -> set[int]:
    """The indices of the statements that the first finding speaks of."""
    return {finding["statement"]["index"] for finding in example.findings[:1] if finding["statement"] is not None}


def _frame(example: Example) -> Any:
    """What a policy has besides a list of statements."""
    policy = example.key.get("policy")
    if not isinstance(policy, dict) or not isinstance(policy.get("Statement"), list):
        return policy
    return {name: member for name, member in policy.items() if name != "Statement"}


def _found(finding: dict[str, Any]) -> Iterator[str]:
    yield from ("", f"The finding ({finding['level']}): {_prose(_cut(finding['msg']))}", "")
    words, brace, rest = finding["remediation"].partition(": {")
    try:
        statement = json.loads(brace[2:] + rest)
    except ValueError:
        yield f"To do: {_prose(_cut(finding['remediation']))}"
        return
    yield from (f"To do: {_prose(words)}:", "")
    yield from _json(statement)


def _json(value: Any) -> Iterator[str]:
    yield from _fenced("json", json.dumps(laid_out(_short(value)), indent=2, ensure_ascii=False))


def _fenced(language: str, text: str) -> Iterator[str]:
    yield f"```{language}"
    yield from text.splitlines()
    yield "```"


def _short(value: Any) -> Any:
    """The value with long texts cut."""
    if isinstance(value, dict):
        return {name: _short(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_short(one) for one in value]
    return _cut(value) if isinstance(value, str) else value


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST * 4 else f"{text[:_LONGEST]}… ({len(text)} characters)"


def _prose(text: str) -> str:
    """Text in which Markdown sees no markup but code."""
    parts = " ".join(text.split("\n")).split("`")
    return "`".join(
        part if place % 2 else re.sub(r"([\\*_<>|\[\]])", r"\\\1", part) for place, part in enumerate(parts)
    )
