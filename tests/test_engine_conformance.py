"""Every engine says the same of the pack: its own Rego tests, and whole checks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import engines
import pytest
from test_iam_differential import DOCUMENTED, ENTRY_POINTS, EXPLANATION, documented

Json = Any

PACKAGE = re.compile(r"^package ([\w.]+)", re.MULTILINE)
TEST_RULE = re.compile(r"^(test_\w+)", re.MULTILINE)


def rego_tests() -> list[str]:
    """The full name of every test rule of the pack."""
    found = []
    for path, text in engines.modules(tests=True):
        if not path.endswith("_test.rego"):
            continue
        package = PACKAGE.search(text)
        names = TEST_RULE.findall(text)
        assert package, f"{path} has no package"
        if not names:  # what several packages' tests share
            used = re.compile(rf"^import data\.{re.escape(package.group(1))}\b", re.MULTILINE)
            assert any(used.search(other) for _, other in engines.modules(tests=True)), f"{path} holds no test"
        assert len(names) == len(set(names)), f"{path}: a second body of a test would hide the failure of the first"
        found += [f"data.{package.group(1)}.{name}" for name in names]
    return found


def test_the_pack_has_rego_tests() -> None:
    assert rego_tests()


def failing(name: str) -> dict[str, str]:
    """The pack's tests that are not true on an engine, with what they are instead."""
    engine = engines.load(name, (), sources=engines.modules(tests=True))
    found = {}
    for test in rego_tests():
        try:
            value = engine.evaluate(test, {})
        except engines.EngineError as error:
            value = str(error)
        if value is not True:
            found[test] = repr(value)
    return found


def failing_by_package(name: str) -> list[str]:
    """As failing, for an engine that compiles all over again at every call: one call a package."""
    engine = engines.load(name, (), sources=engines.modules(tests=True))
    values = {package: engine.evaluate(package, {}) for package in {test.rpartition(".")[0] for test in rego_tests()}}
    tests = (test.rpartition(".") for test in rego_tests())
    return [f"{package}.{test}" for package, _, test in tests if values[package].get(test) is not True]


def test_rego_tests_pass_interpreted() -> None:
    assert failing(engines.INTERPRETED) == {}


def test_rego_tests_pass_in_opa(opa: str) -> None:
    if engines.OPA_COMMAND in engines.available():
        pytest.skip(
            "the command runs them itself, in the next test, in seconds; the library compiles for every package"
        )
    assert failing_by_package(opa) == []


@pytest.mark.usefixtures("opa_command")
def test_rego_tests_pass_in_the_opa_command() -> None:
    done = engines.run_opa("test", "--timeout", "120s", "--format", "json", str(engines.POLICIES))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count('"name"') >= len(rego_tests())


@pytest.mark.usefixtures("opa_command")
def test_opa_check_strict() -> None:
    done = engines.run_opa("check", "--strict", str(engines.POLICIES))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("opa_command")
def test_opa_fmt() -> None:
    done = engines.run_opa("fmt", "--list", str(engines.POLICIES))
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@dataclass(frozen=True)
class Fixture:
    """One evaluation that all engines must answer alike."""

    name: str
    entry_point: str
    document: Json
    data: Json = None


#: The evaluations compared. Whole checks belong here too: entry point data.ctkms.report.report, the bridge's input
#: for one key, and the expectations as data.
FIXTURES: tuple[Fixture, ...] = tuple(Fixture(name, EXPLANATION, documented(name)[0]) for name in DOCUMENTED)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda f: f.name)
def test_engines_agree(fixture: Fixture, opa: str) -> None:
    """The compiled engine may stop at its limit (the bridge then asks the interpreter); any answer must be the same."""
    entry_points = {*ENTRY_POINTS, *(f.entry_point for f in FIXTURES)}
    answers = {}
    for name in dict.fromkeys((engines.INTERPRETED, engines.COMPILED, opa)):
        engine = engines.load(name, entry_points, data=fixture.data)
        try:
            answers[name] = engine.evaluate(fixture.entry_point, fixture.document)
        except engines.LimitReached:
            assert name == engines.COMPILED
    expected = answers[engines.INTERPRETED]
    assert expected is not engines.UNDEFINED
    assert answers == dict.fromkeys(answers, expected)


# ------------------------------------------------------------------------------------------------ the harness itself

SAMPLE = (
    (
        "sample.rego",
        """package sample

value := {"given": input.x, "held": data.expected.y}

sum := total if {
    total := count([1 | some _ in numbers.range(1, 20000)])
}

nothing if input.absent

broken := json.unmarshal(input.x)
""",
    ),
)
SAMPLE_POINTS = ("data.sample.value", "data.sample.sum", "data.sample.nothing", "data.sample.broken")


@pytest.mark.parametrize("name", engines.NAMES)
def test_the_harness_tells_values_nothing_and_errors_apart(name: str, opa: str) -> None:
    assert opa
    if name not in engines.available():
        pytest.skip(engines.missing()[name])
    engine = engines.load(name, SAMPLE_POINTS, data={"expected": {"y": [None, 1.5]}}, sources=SAMPLE)
    assert engine.evaluate("data.sample.value", {"x": "é"}) == {"given": "é", "held": [None, 1.5]}
    assert engine.evaluate("data.sample.value", {"x": 2}) == {"given": 2, "held": [None, 1.5]}
    assert engine.evaluate("data.sample.nothing", {"x": 2}) is engines.UNDEFINED
    if name == engines.COMPILED:
        # It takes the error of a built-in function for an undefined value, so only the others can show such an error.
        assert engine.evaluate("data.sample.broken", {"x": "{"}) is engines.UNDEFINED
        with pytest.raises(engines.LimitReached):
            engine.evaluate("data.sample.sum", {})
        return
    with pytest.raises(engines.EngineError) as error:
        engine.evaluate("data.sample.broken", {"x": "{"})
    assert "backtrace" not in str(error.value)
    assert engine.evaluate("data.sample.sum", {}) == 20000
