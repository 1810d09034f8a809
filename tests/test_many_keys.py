"""Expectations of many keys: what follows from them is found once, and changes no answer."""

from __future__ import annotations

import pytest
from benchmarks import workloads

from ctkms_opa import Checker, engine, pack

MANY = 300


@pytest.mark.parametrize(("failing", "verdict"), [(False, "pass"), (True, "fail")])
def test_a_key_among_many_is_judged_in_as_little_as_one_alone(failing: bool, verdict: str) -> None:
    """The compiled engine would stop, were there anything to do for each of the other keys."""
    checker = Checker({"expected": workloads.keys(MANY)})
    report = checker.check_policy(workloads.policy_of_key(7, failing=failing), workloads.key_arn(7))
    assert report.verdict == verdict
    assert report.engine.taken_over == 0


@pytest.mark.parametrize("failing", [False, True])
def test_the_answer_is_the_same_as_without_the_index(failing: bool) -> None:
    expected = workloads.keys(12)
    expected["trails"][workloads.trail_arn(2)]["key"] = "alias/cloudtrail-2"
    expected["trails"][workloads.trail_arn(3)]["key"] = "cloudtrail"
    expected["trails"][workloads.trail_arn(4)]["sns_key"] = workloads.key_arn(2)
    expected["event_data_stores"] = {workloads.STORE: {"key": workloads.key_arn(2)}}
    rules = pack.load()
    with_index, without = engine.InterpretedEngine(rules), engine.InterpretedEngine(rules)
    with_index.expect(expected)
    without.load(engine.encode({"expected": expected}))
    document = {"document": workloads.policy_of_key(2, failing=failing), "source": "policy.json"}
    question = {**document, "key": workloads.key_arn(2), "profile": "documented"}
    (key,) = with_index.documents(question)
    assert without.documents(question) == [key]
    asked = {"key": key, "profile": "documented", "today": "2026-06-01"}
    report = with_index.report(asked)
    assert {row["subject"] for row in report["capabilities"]} > {workloads.trail_arn(2), workloads.STORE}
    assert without.report(asked) == report
