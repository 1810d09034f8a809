"""Runs the tests of Rego files: what `opa test` does, on the interpreter, with line coverage."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ctkms_opa import engine, pack
from ctkms_opa.pack import Module, read_modules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_TEST = re.compile(r"^(test_\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What became of one test."""

    file: str
    rule: str
    passed: bool
    reason: str = ""


@dataclass(frozen=True)
class Coverage:
    """The lines of one file that the tests reached, and those that they did not."""

    file: str
    covered: tuple[int, ...]
    not_covered: tuple[int, ...]

    @property
    def percent(self) -> float:
        """The share of reached lines; 100 where there is nothing to reach."""
        return percent(len(self.covered), len(self.not_covered))


@dataclass(frozen=True)
class Run:
    """The result of all tests."""

    outcomes: tuple[Outcome, ...]
    coverage: tuple[Coverage, ...]

    @property
    def failed(self) -> list[Outcome]:
        """The tests that failed."""
        return [outcome for outcome in self.outcomes if not outcome.passed]

    @property
    def percent(self) -> float:
        """The share of reached lines over all files."""
        return percent(
            sum(len(file.covered) for file in self.coverage), sum(len(file.not_covered) for file in self.coverage)
        )


def percent(covered: int, not_covered: int) -> float:
    """The share of `covered`; 100 where there is nothing at all."""
    return 100 * covered / (covered + not_covered) if covered + not_covered else 100.0


def run(paths: Sequence[Path] = (), beside: Sequence[Path] = (), *, coverage: bool = False) -> Run:
    """Runs the tests of the files at `paths`, loaded together with the pack; without paths, the pack's own tests.

    Args:
        paths: Files and folders.
        beside: Further files and folders, which are loaded with them, without their tests.
        coverage: Whether to count the lines that the tests reach.

    Raises:
        CtkmsError: A file cannot be read, is not valid Rego, or its rules need themselves.
        EngineError: A file of the pack is not valid Rego.
    """
    own = read_modules(pack.directory(), tests=True)
    named = _read(paths, tests=True)
    known = {os.path.realpath(module.location) for module in named}
    others = [module for module in _read(beside, tests=False) if os.path.realpath(module.location) not in known]
    users = [module for module in (*named, *others) if module.package.startswith("custom.")]
    data = _look_through(list(dict.fromkeys([*paths, *beside])), users)
    wanted = named if paths else list(own)
    interpreter = engine.TestInterpreter([*_beside(own, named), *named, *others], data, coverage=coverage)
    outcomes = tuple(
        Outcome(module.path, rule, *interpreter.test(f"data.{module.package}.{rule}"))
        for module in wanted
        if module.is_test
        for rule in _tests(module)
    )
    files = _coverage(interpreter.coverage(), wanted) if coverage else ()
    return Run(outcomes, files)


def _read(paths: Sequence[Path], *, tests: bool) -> list[Module]:
    """The modules of files and folders, known by where they lie."""
    return [
        Module(module.location, module.location, module.text)
        for path in paths
        for module in read_modules(path, tests=tests)
    ]


def _look_through(paths: Sequence[Path], modules: Sequence[Module]) -> dict[str, Any]:
    """The data beside users' own rules, which are looked at before they run: recursion would end the process."""
    if not modules:
        return {}
    from ctkms_opa.custom.load import look_through  # noqa: PLC0415 - only users' own rules pay for it

    return look_through([str(path) for path in paths], modules)


def _coverage(
    lines: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]], modules: Sequence[Module]
) -> tuple[Coverage, ...]:
    """The coverage of all files that hold no tests; the interpreter does not mention those that no test reached."""
    return tuple(
        Coverage(module.path, *lines.get(module.path, ((), _code(module)))) for module in modules if not module.is_test
    )


def _code(module: Module) -> tuple[int, ...]:
    """The lines of a module that are neither blank nor comments nor its package and imports."""
    return tuple(
        number
        for number, line in enumerate(module.text.splitlines(), start=1)
        if line.strip() and not line.startswith(("#", "package ", "import "))
    )


def _beside(own: Sequence[Module], named: Sequence[Module]) -> list[Module]:
    """The modules of the pack that can be loaded beside the named ones: neither the same files nor a copy of them."""
    files = {os.path.realpath(module.location) for module in named}
    others = [module for module in own if os.path.realpath(module.location) not in files]
    copies = {module.package for module in named} - {module.package for module in own if module not in others}
    return [module for module in others if module.package not in copies]


def _tests(module: Module) -> list[str]:
    """The names of a module's tests, each once, in the order of the file."""
    return list(dict.fromkeys(_TEST.findall(module.text)))
