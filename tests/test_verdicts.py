"""The verdicts of `scenarios`, through the public Python API, on both engines of the bridge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scenarios import SCENARIOS, Scenario

from ctkms_opa import Checker

if TYPE_CHECKING:
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
