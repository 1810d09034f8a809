"""The verdicts of `scenarios`, through the public Python API, on both engines of the bridge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import engines
import pytest
from scenarios import SCENARIOS, Scenario

from ctkms_opa import Checker

if TYPE_CHECKING:
    from pathlib import Path

    from ctkms_opa import Report


def judge(scenario: Scenario, engine: str) -> Report:
    return Checker(expectations={"expected": scenario.expected}, engine=engine).check_policy(scenario.document)


@pytest.mark.parametrize("engine", ["compiled", "interpreted"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_verdict(scenario: Scenario, engine: str) -> None:
    report = judge(scenario, engine)
    findings = [finding for key in report.keys for finding in key.findings]
    errors = {finding.rule for finding in findings if finding.level == "error"}
    rules = {finding.rule for finding in findings}
    assert report.verdict == scenario.verdict, errors
    assert scenario.errors <= errors
    assert scenario.errors or not errors
    assert scenario.present <= rules
    assert not scenario.absent & rules


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_both_engines_of_the_bridge_give_the_same_report(scenario: Scenario) -> None:
    compiled, interpreted = (judge(scenario, engine).to_dict() for engine in ("compiled", "interpreted"))
    assert compiled | {"engine": None} == interpreted | {"engine": None}


@pytest.mark.usefixtures("opa_command")
def test_opa_gives_the_same_findings_through_the_facade(tmp_path: Path) -> None:
    """All scenarios in one evaluation of the facade by the real command."""
    query = (
        "[report | some one in data.cases; asked := one.input; expected := one.expected; "
        "report := data.ctkms.main.report with input as asked with data.expected as expected]"
    )
    reports = [judge(scenario, "interpreted").to_dict() for scenario in SCENARIOS]
    cases = [
        {
            "input": {"ctkms": {"document": scenario.document, "source": report["keys"][0]["source"]["file"]}},
            "expected": scenario.expected,
        }
        for scenario, report in zip(SCENARIOS, reports, strict=True)
    ]
    data = tmp_path / "cases.json"
    data.write_text(json.dumps({"cases": cases}), "utf-8")
    done = engines.run_opa("eval", "--format", "json", "--data", str(engines.POLICIES), "--data", str(data), query)
    answers = json.loads(done.stdout)["result"][0]["expressions"][0]["value"]
    assert len(answers) == len(SCENARIOS)
    for scenario, report, answer in zip(SCENARIOS, reports, answers, strict=True):
        (ours,), (theirs,) = report["keys"], answer["keys"]
        for part in ("capabilities", "cannot_tell"):
            assert ours[part] == theirs[part], scenario.name
        common = ("rule", "level", "msg", "subject", "statement", "remediation", "url")
        said = [{name: finding[name] for name in common} for finding in theirs["findings"]]
        expected = [{name: finding[name] for name in common} for finding in ours["findings"]]
        assert sorted(said, key=json.dumps) == sorted(expected, key=json.dumps), scenario.name
