"""The mutants of a Rego module: its text with one small change, found in the tree that OPA parses."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ctkms_opa.pack import Module

_OPERATORS = {
    "==": "!=",
    "!=": "==",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "+": "-",
    "-": "+",
    "*": "+",
    "/": "*",
    "%": "*",
    "&": "|",
    "|": "&",
    "startswith": "endswith",
    "endswith": "startswith",
    "contains": "startswith",
    "min": "max",
    "max": "min",
    "floor": "ceil",
    "ceil": "floor",
}
_COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
# What is nearly the same without the call.
_UNWRAPPED = {"lower", "upper", "sort"}
# Cut off what stands at the ends: one character more that can be cut makes no difference, none does.
_CUTTING = {"trim", "trim_left", "trim_right"}
_LEVELS = {"error": "warning", "warning": "note", "note": "warning", "open": "error"}
# The Kleene values: no, cannot tell, yes.
_NUMBERS = {"0": "1", "1": "2", "2": "1"}
_NUMBER = re.compile(r"-?\d+")


@dataclass(frozen=True, order=True)
class Mutant:
    """One change to a module: what stood at a place, and what stands there instead."""

    row: int
    offset: int
    before: str
    after: str

    @property
    def change(self) -> str:
        """The change in one line; a long text is cut in its middle."""
        return f"{_short(self.before)} → {_short(self.after)}"

    def line(self, text: str) -> str:
        """The line of the module on which the change begins, without its margin."""
        return text.splitlines()[self.row - 1].strip()

    def text(self, text: str) -> str:
        """The module with the change."""
        return text[: self.offset] + self.after + text[self.offset + len(self.before) :]


def of(module: Module, opa: str) -> list[Mutant]:
    """All mutants of a module, in the order of the text.

    Raises:
        subprocess.CalledProcessError: OPA cannot parse the module.
    """
    parsed = subprocess.run(
        [opa, "parse", "--format", "json", "--json-include", "locations", module.location],
        capture_output=True,
        check=True,
    )
    return sorted(set(_Reader(module.text).rules(json.loads(parsed.stdout)["rules"])))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.splitlines(keepends=True)

    def rules(self, rules: list[Any]) -> Iterator[Mutant]:
        for rule in rules:
            yield from self._tree({key: value for key, value in rule.items() if key != "annotations"})

    def _tree(self, node: Any) -> Iterator[Mutant]:
        if isinstance(node, list):
            for one in node:
                yield from self._tree(one)
        elif isinstance(node, dict):
            if isinstance(node.get("body"), list):
                yield from self._body(node["body"])
            if node.get("type") == "ref":
                yield from self._ref(node["value"])
                return
            yield from self._constant(node)
            yield from self._call(node)
            yield from self._cut(node)
            for key, value in node.items():
                if key != "location":
                    yield from self._tree(self._parts(node) if key == "value" else value)

    def _parts(self, node: Any) -> Any:
        """What is changed inside a node: not what is cut off, nor the order of a set that is joined, which has one."""
        value = node["value"]
        if self._calls(node, _CUTTING):
            return value[:2]
        if self._calls(node, {"concat"}) and self._calls(value[2], {"sort"}):
            sorted_one = value[2]["value"][1]
            if not (self._at(sorted_one) or "").startswith("["):
                return [*value[:2], sorted_one]
        return value

    def _body(self, body: list[Any]) -> Iterator[Mutant]:
        written = [one for one in body if not one.get("generated") and self._at(one) not in {None, "true"}]
        for one in written:
            yield from self._expression(one)
        if written:
            yield from self._change(written[-1], f"{self._at(written[-1])}; false")

    def _expression(self, expression: Any) -> Iterator[Mutant]:
        text = self._at(expression) or ""
        operator = self._operator(expression["terms"])
        if text.startswith("some ") or operator == ":=":
            return
        yield from self._change(expression, "true")
        if expression.get("negated"):
            yield from self._change(expression, text.removeprefix("not "))
        elif operator not in _COMPARISONS:
            yield from self._change(expression, f"not {text}")

    def _operator(self, terms: Any) -> str | None:
        return self._at(terms[0]) if isinstance(terms, list) else None

    def _ref(self, parts: list[Any]) -> Iterator[Mutant]:
        """Changes an operator, the name of a builtin, and what a path computes; constants in a path are left."""
        name = self._at(parts[0])
        if name in _OPERATORS and len(parts) == 1:
            yield from self._change(parts[0], _OPERATORS[name])
        for part in parts:
            if part["type"] not in {"string", "number", "boolean", "null"}:
                yield from self._tree(part)

    def _call(self, node: Any) -> Iterator[Mutant]:
        if self._calls(node, _UNWRAPPED):
            yield from self._change(node, self._at(node["value"][1]))

    def _cut(self, node: Any) -> Iterator[Mutant]:
        if self._calls(node, _CUTTING):
            yield from self._change(node["value"][2], '""')

    def _calls(self, node: Any, names: set[str]) -> bool:
        return node.get("type") == "call" and self._at(node["value"][0]) in names

    def _constant(self, node: Any) -> Iterator[Mutant]:
        before = self._at(node)
        if before is None:
            return
        match node.get("type"):
            case "number":
                after = _NUMBERS.get(before, str(int(before) + 1) if _NUMBER.fullmatch(before) else None)
                yield from self._change(node, after)
            case "boolean":
                yield from self._change(node, {"true": "false", "false": "true"}.get(before))
            case "string" if before[0] in '"`':
                quote, level = before[0], _LEVELS.get(before[1:-1])
                yield from self._change(node, f"{quote}{level}{quote}" if level else f"{before[:-1]}~{quote}")

    def _at(self, node: Any) -> str | None:
        """What stands at the node's place; None where OPA names none."""
        location = node.get("location")
        if location is None:
            return None
        if node.get("type") == "number":  # OPA gives the sign alone of a negative one
            found = _NUMBER.match(self._text, self._offset(location))
            return found.group() if found else None
        return base64.b64decode(location["text"]).decode("utf-8")

    def _offset(self, location: Any) -> int:
        row, column = int(location["row"]), int(location["col"])
        return sum(len(line) for line in self._lines[: row - 1]) + column - 1

    def _change(self, node: Any, after: str | None) -> Iterator[Mutant]:
        before, offset = self._at(node), self._offset(node["location"])
        if before is not None and after is not None and self._text.startswith(before, offset):
            yield Mutant(node["location"]["row"], offset, before, after)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:38]} … {line[-38:]}"
