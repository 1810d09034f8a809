"""What is advised and was tried gives what it promises, when it is done to the letter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import broken_policies
import pytest
from broken_policies import RANDOM
from doing import done
from hypothesis import given
from policy_strategies import expectations
from random_cases import random_cases
from scenarios import EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13, ROOT, SCENARIOS, TRAIL, Scenario, policy, trail
from test_generate import generate

from ctkms_opa import Checker

if TYPE_CHECKING:
    from random import Random

Json = Any

OTHER = f"{TRAIL}-other"
LETS = {"allow": 2, "needs_iam_policy": 1}
OPEN = ("is then still", "is then allowed together")
"""Promises of less than that nothing is left to say."""


def check(document: Json, expected: Json, key: str | None = None) -> Any:
    return Checker({"expected": expected}, key=key).check_policy(document, key).keys[0]


def try_remedies(document: Json, expected: Json, key: str | None = None) -> int:
    """Does each remedy that was tried on its own, and counts them."""
    before = check(document, expected, key)
    allowed = {(one.subject, one.principal, one.capability): LETS.get(one.decision, 0) for one in before.capabilities}
    count = 0
    for finding in before.findings:
        if "(tried" not in finding.remediation:
            continue
        changed = done(document, finding.remediation, finding)
        if changed is None:
            continue
        count += 1
        after = check(changed, expected, key)
        for row in after.capabilities:
            was = allowed.get((row.subject, row.principal, row.capability), 0)
            assert row.decision == "unknown" or LETS.get(row.decision, 0) >= was, (finding.remediation, row)
        if not any(words in finding.remediation for words in OPEN):
            left = {(one.rule, one.subject, one.msg) for one in after.findings}
            assert (finding.rule, finding.subject, finding.msg) not in left, finding.remediation
    return count


@pytest.mark.parametrize(
    "scenario",
    [one for one in SCENARIOS if isinstance(one.document, dict) and one.document.get("Statement")],
    ids=lambda scenario: scenario.name,
)
def test_what_was_tried_is_true(scenario: Scenario) -> None:
    try_remedies(scenario.document, scenario.expected)


@pytest.mark.parametrize(
    "source",
    [
        {"StringEquals": {"aws:SourceArn": OTHER}},
        {"StringLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/*"}},
        {"StringLike": {"AWS:sourcearn": "*"}, "Null": {"aws:SourceArn": "false"}},
        {"ArnEquals": {"aws:SourceArn": [OTHER, TRAIL]}},
        {"StringEqualsIfExists": {"aws:SourceArn": OTHER}},
        {"Null": {"aws:SourceArn": "true"}},
        {},
    ],
)
def test_a_source_is_put_in_place_of_another(source: Json) -> None:
    statement = EXAMPLE_1 | {"Condition": source}
    assert try_remedies(policy(ROOT, statement, EXAMPLE_5R, EXAMPLE_13), trail()) > 0


@random_cases(12)
@given(expectations(), RANDOM)
def test_what_was_tried_on_a_broken_policy_is_true(case: tuple[str, Json], random: Random) -> None:
    key, expected = case
    document = broken_policies.broken(generate(expected, key).policies[0].document, random)
    statements = document["Statement"]
    if all(isinstance(one, dict) and isinstance(one.get("Condition", {}), dict) for one in statements):
        try_remedies(json.loads(json.dumps(document)), expected, key)
