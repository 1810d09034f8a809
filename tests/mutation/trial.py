"""Tries mutants: many at once, each under a package of its own beside the pack, in one run of `opa test`."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ctkms_opa.engine import TestInterpreter
from mutation import mutants, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ctkms_opa.pack import Module
    from mutation.mutants import Mutant
    from mutation.pack import Pack

#: How many lines of copies one run of OPA compiles.
_LINES = 60_000
#: The copy without a change, whose tests must pass.
_UNCHANGED = "mutant0"
_TEST = re.compile(r"^test_\w+", re.MULTILINE)


class TrialError(Exception):
    """The trial says nothing: OPA does not run, or the tests fail without a change."""


@dataclass(frozen=True)
class Outcome:
    """What became of mutants."""

    killed: list[Mutant]
    survived: list[Mutant]
    #: Changes that OPA does not compile.
    invalid: list[Mutant]


class _Suite(NamedTuple):
    """Tests, named without `data.`, and the modules that are copied for them."""

    tests: list[str]
    modules: list[Module]


def of(module: Module, pack: Pack, scope: Path, opa: str) -> Outcome:
    """Tries the mutants of a module.

    The tests beside it come first: those that can be put to all mutants at once, then the quick ones of the others.
    What they leave is tried with the tests of all that depends on the module, and at last with regorus, where builtin
    errors count, so that a guard against them is not the same as none.

    Args:
        module: The module.
        pack: The pack that it belongs to.
        scope: The folder whose tests may kill the mutants.
        opa: The opa command.

    Raises:
        TrialError: OPA does not run, or the tests fail without a change.
    """
    beside = pack.beside(module)
    others = [one for one in pack.dependants(module, scope) if one not in beside]
    quick, slow = _by_duration(beside, pack, opa)
    question = _Question([*(one for one in beside if one.is_test)], module, pack, opa)
    killed, left, invalid = question.put(mutants.of(module, opa))
    rest = [[test for test in tests if test not in question.tests] for tests in (quick, slow)]
    for suite in (*(_Suite(tests, beside) for tests in rest), _Suite(_tests(others), [*beside, *others])):
        if left and suite.tests:
            more, left, wrong = _by_opa(left, suite, module, pack, opa)
            killed += more
            invalid += wrong
    if left:
        more, left = _by_regorus(left, _Suite(quick + slow, beside), module, pack)
        killed += more
    return Outcome(sorted(killed), sorted(left), sorted(invalid))


def _tests(modules: Iterable[Module]) -> list[str]:
    return [f"{one.package}.{test}" for one in modules if one.is_test for test in _TEST.findall(one.text)]


def _by_duration(modules: list[Module], pack: Pack, opa: str) -> tuple[list[str], list[str]]:
    """The tests in modules that take a quarter of the time together, the quickest first, and those that take the rest.

    Raises:
        TrialError: OPA does not run, or one of the tests fails.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        pack.copy(modules, _UNCHANGED, folder)
        found = _run([*(one.file for one in pack.needed(modules)), folder], opa, _tests(modules))
    results = _results(found)
    _of_results(results)
    durations = sorted((one["duration"], f"{one['package']}.{one['name']}") for one in results)
    names = [name.removeprefix(f"data.{_UNCHANGED}.") for _, name in durations]
    total = sum(duration for duration, _ in durations)
    sums = itertools.accumulate(duration for duration, _ in durations)
    most = sum(1 for one in sums if one <= total / 4)
    return names[:most], names[most:]


class _Question:
    """The tests of a rule that can be put to all of its mutants at once (mutation.together)."""

    def __init__(self, tests: list[Module], original: Module, pack: Pack, opa: str) -> None:
        converted = [together.converted(one, original.package) for one in tests]
        self.tests = {name for one in converted for name in one.tests}
        self._texts = [one.text for one in converted]
        self._needed = [one.file for one in pack.needed([original, *tests])]
        self._original = original
        self._pack = pack
        self._opa = opa

    def put(self, candidates: list[Mutant]) -> tuple[list[Mutant], list[Mutant], list[Mutant]]:
        """Those that the tests kill, those that they do not, and those that do not compile.

        Where the evaluation fails, for instance because a function has two values, one of the mutants is the reason;
        alone it is killed by that.

        Raises:
            TrialError: OPA does not run, or the tests fail without a change.
        """
        if not self.tests or not candidates:
            return [], candidates, []
        names = {f"mutant{number}": mutant for number, mutant in enumerate(candidates, 1)}
        invalid: list[Mutant] = []
        failing: list[Mutant] = []
        passing = self._passing(names, invalid, failing)
        if passing is None and len(names) > 1:
            half = len(names) // 2
            left, right = (self.put(part) for part in (list(names.values())[:half], list(names.values())[half:]))
            return failing + left[0] + right[0], left[1] + right[1], invalid + left[2] + right[2]
        if passing is None:
            self._passing({}, [], [])  # the mutant is the reason only where it works without it
        survived = set(names).intersection(*passing) if passing else set()
        return (
            failing + [mutant for name, mutant in names.items() if name not in survived],
            [mutant for name, mutant in names.items() if name in survived],
            invalid,
        )

    def _passing(self, names: dict[str, Mutant], invalid: list[Mutant], failing: list[Mutant]) -> list[set[str]] | None:
        """The names that pass, test by test; those that do not compile or fail are taken out. None where all fail."""
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            self._pack.copy([self._original], _UNCHANGED, folder)
            for name, mutant in names.items():
                self._pack.copy(_changed([self._original], self._original, mutant), name, folder)
            for number, text in enumerate(self._texts):
                (folder / f"together{number}.rego").write_text(text, "utf-8")
            while True:
                (folder / "answers.rego").write_text(together.answers(self._original, [_UNCHANGED, *names]), "utf-8")
                found = together.evaluated([*self._needed, folder], self._opa)
                wrong = set(re.findall(rf"{re.escape(str(folder))}/(mutant\d+)/", found)) & names.keys()
                if not wrong:
                    break
                for name in wrong:
                    (failing if '"code": "eval_' in found else invalid).append(names.pop(name))
                    shutil.rmtree(folder / name)
        passing = together.passing(found, self.tests)
        if passing is None and not names:
            raise TrialError(found)
        if passing is not None and not all(_UNCHANGED in copies for copies in passing):
            raise TrialError(f"{self._original.path}: the tests fail without a change")
        return passing


def _by_opa(
    candidates: list[Mutant], suite: _Suite, original: Module, pack: Pack, opa: str
) -> tuple[list[Mutant], list[Mutant], list[Mutant]]:
    """Those that the tests kill, those that they do not, and those that do not compile."""
    killed: list[Mutant] = []
    survived: list[Mutant] = []
    invalid: list[Mutant] = []
    for batch in _batches(candidates, sum(module.text.count("\n") for module in suite.modules)):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            names = {f"mutant{number}": mutant for number, mutant in enumerate(batch, 1)}
            pack.copy(suite.modules, _UNCHANGED, folder)
            for name, mutant in names.items():
                pack.copy(_changed(suite.modules, original, mutant), name, folder)
            failed = _failed(
                [*(one.file for one in pack.needed(suite.modules)), folder], opa, suite.tests, invalid, names
            )
        killed.extend(mutant for name, mutant in names.items() if name in failed)
        survived.extend(mutant for name, mutant in names.items() if name not in failed)
    return killed, survived, invalid


def _by_regorus(
    candidates: list[Mutant], suite: _Suite, original: Module, pack: Pack
) -> tuple[list[Mutant], list[Mutant]]:
    """Those that the tests kill on regorus, and those that they do not."""
    others = [one for one in pack.needed(suite.modules) if one not in suite.modules]

    def passes(modules: Iterable[Module]) -> bool:
        interpreter = TestInterpreter([*others, *modules], {})
        return all(interpreter.test(f"data.{test}")[0] for test in suite.tests)

    if not passes(suite.modules):
        raise TrialError(f"{original.path}: the tests fail without a change")
    survived = [one for one in candidates if passes(_changed(suite.modules, original, one))]
    return [one for one in candidates if one not in survived], survived


def _changed(modules: Iterable[Module], original: Module, mutant: Mutant) -> list[Module]:
    return [replace(one, text=mutant.text(one.text)) if one == original else one for one in modules]


def _batches(candidates: list[Mutant], lines: int) -> Iterator[list[Mutant]]:
    size = max(1, _LINES // max(1, lines))
    for start in range(0, len(candidates), size):
        yield candidates[start : start + size]


def _run(paths: list[Path], opa: str, tests: list[str]) -> subprocess.CompletedProcess[str]:
    """Runs tests, named without `data.`, of every copy. The last path holds the copies."""
    return subprocess.run(
        [opa, "test", "--format", "json", "--timeout", "60s", "--max-errors", "0"]
        + ["--run", rf"^data\.mutant\d+\.({'|'.join(map(re.escape, tests))})$"]
        + [str(path) for path in paths],
        capture_output=True,
        text=True,
        check=False,
    )


def _failed(paths: list[Path], opa: str, tests: list[str], invalid: list[Mutant], names: dict[str, Mutant]) -> set[str]:
    """The names of which a test failed; those that do not compile are taken out. The last path holds the copies.

    Where OPA's types tell that a test can no longer pass, it has failed as well.
    """
    folder = paths[-1]
    mistyped: set[str] = set()
    while True:
        found = _run(paths, opa, tests)
        wrong = set(re.findall(rf"{re.escape(str(folder))}/(mutant\d+)/(\S+?\.rego):", found.stderr))
        if not wrong:
            return mistyped | _of_results(_results(found))
        if any(name == _UNCHANGED for name, _ in wrong):
            raise TrialError(found.stderr)
        invalid_names = {name for name, file in wrong if not file.endswith("_test.rego")}
        mistyped |= {name for name, _ in wrong} - invalid_names
        invalid.extend(names.pop(name) for name in sorted(invalid_names))
        for name, _ in wrong:
            shutil.rmtree(folder / name, ignore_errors=True)


def _results(found: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    try:
        results: list[dict[str, Any]] = json.loads(found.stdout)
    except json.JSONDecodeError as error:
        raise TrialError(found.stderr or found.stdout) from error
    return results


def _of_results(results: list[dict[str, Any]]) -> set[str]:
    failed = {one["package"].split(".")[1] for one in results if one.get("fail") or one.get("error")}
    if _UNCHANGED in failed:
        raise TrialError("the tests fail without a change: " + ", ".join(sorted(_names(results))))
    return failed


def _names(results: Iterable[dict[str, Any]]) -> Iterator[str]:
    for one in results:
        if one["package"].startswith(f"data.{_UNCHANGED}.") and (one.get("fail") or one.get("error")):
            yield f"{one['package']}.{one['name']}"
