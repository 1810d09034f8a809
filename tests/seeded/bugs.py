"""The seeded bugs, and the properties and fuzzers that need one."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import engines
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST = Path(__file__).with_name("bugs.yaml")
TESTS = Path(__file__).resolve().parent.parent


class Bug(NamedTuple):
    """A change that makes the code wrong.

    Attributes:
        test: What must find it, as pytest names it below tests/.
        file: What is changed, from the project's root.
        old: The text that is replaced; it stands there once.
        new: What stands there instead.
        why: What is wrong then.
        examples: How many random cases may be tried; None for as many as in every run of the tests.
    """

    test: str
    file: str
    old: str
    new: str
    why: str
    examples: int | None = None

    def changed(self, text: str) -> str:
        """The text of the file with the bug.

        Raises:
            ValueError: What is replaced does not stand there once.
        """
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file}: {self.old!r} stands there {text.count(self.old)} times, not once")
        return text.replace(self.old, self.new)


def listed() -> list[Bug]:
    """Every bug of bugs.yaml."""
    return [Bug(**one) for one in yaml.safe_load(LIST.read_text("utf-8"))]


def text_of(bug: Bug) -> str:
    """The text of the file that a bug changes, as it is."""
    return (engines.ROOT / bug.file).read_text("utf-8")


def properties() -> Iterator[str]:
    """Every test that tries random cases, without its parameters."""
    for file in sorted(TESTS.glob("test_*.py")):
        for test in ast.parse(file.read_text("utf-8")).body:
            if isinstance(test, ast.FunctionDef) and any(_tries_random_cases(node) for node in ast.walk(test)):
                yield f"{file.name}::{test.name}"


def _tries_random_cases(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(one, ast.Call) and ast.unparse(one.func) == "given" for one in node.decorator_list
    )
