"""Every engine says the same of the pack: its own Rego tests, and whole checks."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import engines
import pytest
from opa_servers import serve
from scenarios import SCENARIOS
from test_iam_differential import DOCUMENTED, ENTRY_POINTS, EXPLANATION, documented

from ctkms_opa import Checker, bundle, pack

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
            value = engine.evaluate(test, engines.NO_INPUT)
        except engines.EngineError as error:
            value = str(error)
        if value is not True:
            found[test] = repr(value)
    return found


def failing_by_package(name: str) -> list[str]:
    """As failing, for an engine that compiles all over again at every call: one call a package."""
    engine = engines.load(name, (), sources=engines.modules(tests=True))
    packages = {test.rpartition(".")[0] for test in rego_tests()}
    values = {package: engine.evaluate(package, engines.NO_INPUT) for package in packages}
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


# ------------------------------------------------------------------------------------------ whole checks, everywhere

#: What the facade says of many documents in one evaluation: a process takes longer to start than to judge.
ASKED = (
    "conformance/conformance.rego",
    """package conformance

reports := [report |
    some one in input
    document := one.document
    expected := one.expected
    report := data.ctkms.main.report with input as document with data.expected as expected
]

verdicts := [{"deny": deny, "warn": warn} |
    some one in input
    document := one.document
    expected := one.expected
    deny := data.ctkms.main.deny with input as document with data.expected as expected
    warn := data.ctkms.main.warn with input as document with data.expected as expected
]
""",
)
#: The same for conftest, which reads each document from a file of its own.
ASKED_BY_CONFTEST = """package conformance

deny contains finding if {
    document := input.document
    expected := input.expected
    some finding in data.ctkms.main.deny with input as document with data.expected as expected
}

warn contains finding if {
    document := input.document
    expected := input.expected
    some finding in data.ctkms.main.warn with input as document with data.expected as expected
}
"""


def documents() -> dict[str, dict[str, Json]]:
    """All fixtures that are JSON, with what is expected of them: the scenarios, and the documents of other tests."""
    found = {one.name: {"document": one.document, "expected": one.expected} for one in SCENARIOS}
    folders = (
        "data/policies",
        *(f"tests/{name}" for name in ("cli", "cli-shared-key", "config", "templates", "inventories", "plans")),
    )
    for folder in folders:
        for file in sorted((engines.ROOT / folder).rglob("*.json")):
            found[str(file.relative_to(engines.ROOT))] = {
                "document": json.loads(file.read_text("utf-8")),
                "expected": {"accounts": {"111111111111": {}}},
            }
    return found


DOCUMENTS = documents()


def answers(name: str, what: str) -> dict[str, Json]:
    """What an engine says of each document through the facade: its reports, or its verdicts."""
    points = tuple(f"data.conformance.{one}" for one in ("reports", "verdicts"))
    engine = engines.load(name, points, sources=(*engines.modules(), ASKED))
    given = engine.evaluate(f"data.conformance.{what}", list(DOCUMENTS.values()))
    return dict(zip(DOCUMENTS, given, strict=True))


def test_the_facade_says_the_same_of_every_document_in_opa(opa: str) -> None:
    expected = answers(engines.INTERPRETED, "reports")
    assert {name for name, report in expected.items() if not report["keys"]} == set()
    for name in dict.fromkeys((opa, engines.OPA_COMMAND)):
        if name in engines.available():
            said = answers(name, "reports")
            assert {one for one in DOCUMENTS if said[one] != expected[one]} == set(), name


def test_the_facade_says_the_same_of_every_document_in_conftest(conftest_command: str, tmp_path: Path) -> None:
    shutil.copytree(engines.POLICIES, tmp_path / "policies", ignore=shutil.ignore_patterns("*_test.rego"))
    (tmp_path / "policies" / "conformance.rego").write_text(ASKED_BY_CONFTEST, "utf-8")
    files = {}
    for number, (name, document) in enumerate(DOCUMENTS.items()):
        files[f"{number}.json"] = name
        (tmp_path / f"{number}.json").write_text(json.dumps(document), "utf-8")
    command = [conftest_command, "test", *files, "--policy", "policies", "--namespace", "conformance"]
    done = subprocess.run(
        [*command, "--output", "json"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300
    )
    said = {files[entry["filename"]]: entry for entry in json.loads(done.stdout)}
    for name, expected in answers(engines.INTERPRETED, "verdicts").items():
        for theirs, ours in (("failures", "deny"), ("warnings", "warn")):
            # Conftest keeps all members beside the message in a map of its own, among what it adds itself.
            found = [one["metadata"] | {"msg": one["msg"]} for one in said[name].get(theirs, [])]
            wanted = [{**one, "query": f"data.conformance.{ours}"} for one in expected[ours]]
            assert sorted(found, key=ordered) == sorted(wanted, key=ordered), name


def test_the_bridge_says_the_same_of_every_document_on_every_engine(opa_command: str, tmp_path: Path) -> None:
    assert opa_command
    made = tmp_path / "bundle.tar.gz"
    made.write_bytes(bundle.build(pack.load()).content)
    with serve("--bundle", str(made)) as server:
        for name, one in DOCUMENTS.items():
            said = {}
            for engine in ("compiled", "interpreted", server.url):
                checker = Checker({"expected": one["expected"]}, engine=engine, today="2026-01-01")
                said[engine] = checker.check_policy(one["document"]).to_dict() | {"engine": None}
            assert said[server.url] == said["interpreted"], name
            assert said["compiled"] == said["interpreted"], name


def ordered(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


def test_conftest_verify(conftest_command: str, tmp_path: Path) -> None:
    """The facade's tests alone: conftest ends a test after five seconds, and nothing sets another limit."""
    tests = [Path("ctkms/main/main_test.rego"), Path("ctkms/testing/testing_test.rego")]
    shutil.copytree(engines.POLICIES, tmp_path / "policies", ignore=shutil.ignore_patterns("*_test.rego"))
    for test in tests:
        (tmp_path / "policies" / test).parent.mkdir(exist_ok=True)
        shutil.copy(engines.POLICIES / test, tmp_path / "policies" / test)
    command = [conftest_command, "verify", "--policy", "policies", "--output", "json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    if "context deadline exceeded" in done.stderr:
        pytest.skip("the machine is too busy for conftest's limit")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    passed = sum(entry["successes"] for entry in json.loads(done.stdout))
    assert passed == sum(test.startswith("data.ctkms.main_test.") for test in rego_tests())


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
