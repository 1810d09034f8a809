"""Many mutants of a rule in one evaluation: what they share (the requests, the decisions) is then found once a test.

A test of a rule asks for its findings under an input, `found := encrypt.findings with input as given`, and says what
they are. Here the question is put for all mutants at once, and the rest of the test is tried on each one's answer.
"""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ctkms_opa.pack import Module

_BLOCK = re.compile(r"^(test_\w+) if \{\n(.*?)^\}\n", re.MULTILINE | re.DOTALL)
_RULE = re.compile(r"^(\w+)[^\n]*(?:\n(?:[\t})\]][^\n]*)?)*", re.MULTILINE)
_STATEMENT = re.compile(r"^\t[^\t\n})\]][^\n]*\n(?:(?:\t\t|\t[})\]])[^\n]*\n|\n)*", re.MULTILINE)
_BOUND = re.compile(r"^\t(\w+) :=")


class Converted(NamedTuple):
    """A module of tests that try all mutants, and the names of the tests in it, without `data.`."""

    text: str
    tests: list[str]


def answers(rule: Module, names: Iterable[str]) -> str:
    """The module that puts one question to the copies of a rule below each of some names."""
    listed = list(names)
    members = [name for name in ("findings", "not_evaluated") if re.search(rf"^{name} ", rule.text, re.MULTILINE)]
    rules = (
        f"{member} := {{\n" + "".join(f'\t"{name}": data.{name}.{rule.package}.{member},\n' for name in listed) + "}\n"
        for member in members
    )
    return "package together.answers\n\n" + "\n".join(rules)


def converted(test: Module, package: str) -> Converted:
    """The tests of a module that ask for nothing but the findings of a package, or what it did not evaluate."""
    imported = re.search(rf"^import data\.{re.escape(package)}(?: as (\w+))?$", test.text, re.MULTILINE)
    alias = (imported[1] or package.rpartition(".")[2]) if imported else package
    helpers = _BLOCK.sub("", test.text)
    theirs = _that_ask(helpers, alias)
    rules, names = [], []
    for name, body in _BLOCK.findall(test.text):
        rule = _converted(name, _STATEMENT.findall(body), alias) if not _uses(body, theirs) else None
        if rule:
            rules.append(rule)
            names.append(f"{test.package}.{name}")
    text = re.sub(r"^package ", "package together.", helpers, count=1, flags=re.MULTILINE)
    return Converted("\n".join([text, *rules]), names)


def evaluated(paths: Iterable[Path], opa: str) -> str:
    """What OPA says of the converted tests."""
    found = subprocess.run(
        [opa, "eval", "--format", "json", "--timeout", "600s"]
        + [part for path in paths for part in ("--data", str(path))]
        + ["data.together"],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout


def passing(printed: str, tests: Iterable[str]) -> list[set[str]] | None:
    """The names of the copies that pass each of the tests; none where the evaluation failed."""
    result = json.loads(printed).get("result")
    if result is None:
        return None
    return [set(_below(result[0]["expressions"][0]["value"], test.split("."))) for test in tests]


def _below(value: Any, path: list[str]) -> Any:
    for step in path:
        value = value.get(step, {})
    return value


def _that_ask(helpers: str, alias: str) -> set[str]:
    """The helpers that ask the rule, also by way of others."""
    rules = [(rule[1], rule[0]) for rule in _RULE.finditer(helpers) if rule[1] not in {"package", "import"}]
    found: set[str] = set()
    more = {name for name, text in rules if re.search(rf"\b{re.escape(alias)}\.", text)}
    while more:
        found |= more
        more = {name for name, text in rules if _uses(text, found)} - found
    return found


def _uses(text: str, names: Iterable[str]) -> bool:
    return any(re.search(rf"\b{name}\b", text) for name in names)


def _converted(name: str, statements: list[str], alias: str) -> str | None:
    asked = re.compile(rf"^\t(\w+) := {re.escape(alias)}\.(findings|not_evaluated) with ")
    outer, inner, bound = [], [], set()
    for statement in statements:
        question = asked.match(statement)
        if question:
            bound.add(question[1])
            outer.append(asked.sub(r"\tall_\1 := data.together.answers.\2 with ", statement))
        elif _uses(statement, bound):
            inner.append(statement)
            bound |= set(_BOUND.findall(statement))
        else:
            outer.append(statement)
    if not bound or re.search(rf"\b{re.escape(alias)}\.", "".join([*outer, *inner])):
        return None
    return "".join(_rule(name, outer, inner, [one[1] for one in map(asked.match, statements) if one]))


def _rule(name: str, outer: list[str], inner: list[str], questions: list[str]) -> Iterator[str]:
    yield f"{name} := copies if {{\n"
    yield from outer
    yield f"\tcopies := [copy |\n\t\tsome copy, _ in all_{questions[0]}\n"
    yield from (f"\t\t{one} := all_{one}[copy]\n" for one in questions)
    yield from inner
    yield "\t]\n}\n"
