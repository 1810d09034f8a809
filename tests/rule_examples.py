"""Examples for the reference: the key policies that the rules' own tests hold, with what the rules find on them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ctkms_opa import engine, pack
from ctkms_opa.errors import EngineError
from ctkms_opa.pack import Module, Pack
from ctkms_opa.reference import Example, distance

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = re.compile(r"^(test_\w+) if \{$", re.MULTILINE)
_CALL = re.compile(r"^\t(\w+) := \w+(?:\.findings)? with input as ", re.MULTILINE)
_NEXT_STATEMENT = re.compile(r"^(?:\t[^\t\])}]|\})", re.MULTILINE)
_RULE_TEST = re.compile(r"ctkms\.rules\.\w+\.\w+_test")


class Examples:
    """The tests of all rules, changed so that each that passes has its fixture as its value."""

    def __init__(self) -> None:
        """Reads the pack with its tests."""
        modules = []
        self._tests: dict[str, list[str]] = {}
        for module in pack.read_modules(pack.directory(), tests=True):
            if _RULE_TEST.fullmatch(module.package):
                text, names = _showing(module.text)
                modules.append(Module(module.path, module.location, text))
                self._tests[module.package] = names
            else:
                modules.append(module)
        self._engine = engine.InterpretedEngine(Pack("", tuple(modules)))
        self._engine.load("{}")

    def of(self, package: str) -> tuple[Example | None, Example | None]:
        """Of a rule's package, the first test in which it finds something, and that without a finding next to it."""
        found = list(self._all(package))
        fails = next((one for one in found if one.findings), None)
        passes = [one for one in found if not one.findings and one.key.get("policy")]
        if fails is None or not passes:
            return fails, None
        return fails, min(passes, key=lambda one: (*distance(fails, one), not one.test.startswith("test_passes")))

    def _all(self, package: str) -> Iterator[Example]:
        for test in self._tests[f"{package}_test"]:
            try:
                value = self._engine.evaluate(f"data.{package}_test.{test}", "{}")
            except EngineError:  # the test does not pass; that is for `ctkms test` to say
                continue
            findings = _findings(value["found"])
            if findings is not None and isinstance(value["expected"], dict):
                yield Example(test, value["given"]["ctkms"]["key"], value["expected"], findings)


def _findings(found: Any) -> tuple[dict[str, Any], ...] | None:
    if isinstance(found, dict):
        found = found.get("findings")
    return tuple(found) if isinstance(found, list) else None


def _showing(text: str) -> tuple[str, list[str]]:
    """A module of tests in which a test has what it evaluates as its value, and the names of these tests."""
    pieces = []
    names = []
    done = 0
    for head in _HEAD.finditer(text):
        fixture = _fixture(text[head.end() : text.index("\n}\n", head.end()) + 2])
        if fixture is not None:
            pieces += [text[done : head.start()], f"{head[1]} := {fixture} if {{"]
            names.append(head[1])
            done = head.end()
    return "".join([*pieces, text[done:]]), names


def _fixture(body: str) -> str | None:
    """What the first call of a test takes and gives, as an expression; None where it calls nothing."""
    call = _CALL.search(body)
    if call is None:
        return None
    rest = body[call.end() :]
    after = _NEXT_STATEMENT.search(rest)
    given, _, more = rest[: after.start() if after else None].strip().partition("with data.expected as ")
    expected = more.partition("with ")[0].strip() or "{}"
    return f'{{"given": {given.strip()}, "expected": {expected}, "found": {call[1]}}}'
