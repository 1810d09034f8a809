"""Missing or unknown data never turns a failing verdict into a passing one."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from scenarios import SCENARIOS, Scenario

from ctkms_opa import Checker
from ctkms_opa.errors import ExpectationsError

if TYPE_CHECKING:
    from collections.abc import Iterator

FAILING = [scenario for scenario in SCENARIOS if scenario.verdict == "fail"]
UNKNOWN = {"ctkms:unknown": "not known yet"}


def paths(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every member of nested objects."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*path, name)
            yield from paths(inner, (*path, name))


def verdict(scenario: Scenario, expected: dict[str, Any]) -> str:
    try:
        return Checker({"expected": expected}).check_policy(scenario.document).verdict
    except ExpectationsError:
        return "refused"


def changed(scenario: Scenario, path: tuple[str, ...], *, remove: bool) -> dict[str, Any]:
    expected = copy.deepcopy(scenario.expected)
    inner = expected
    for name in path[:-1]:
        inner = inner[name]
    if remove:
        del inner[path[-1]]
    else:
        inner[path[-1]] = UNKNOWN
    return expected


@pytest.mark.parametrize("scenario", FAILING, ids=lambda scenario: scenario.name)
def test_an_unknown_value_never_makes_a_failing_policy_pass(scenario: Scenario) -> None:
    passing = [
        path for path in paths(scenario.expected) if verdict(scenario, changed(scenario, path, remove=False)) == "pass"
    ]
    assert passing == []


def is_demand(path: tuple[str, ...]) -> bool:
    """Whether the member is itself a demand: without it less is asked, and a policy may rightly meet what is left."""
    if path[0] == "principals":
        return True
    return path[-1] in {"readers", "users", "bucket"} or (len(path) > 1 and path[-2] in {"readers", "users", "trails"})


@pytest.mark.parametrize("scenario", FAILING, ids=lambda scenario: scenario.name)
def test_a_missing_member_never_makes_a_failing_policy_pass(scenario: Scenario) -> None:
    passing = [
        path
        for path in paths(scenario.expected)
        if not is_demand(path) and verdict(scenario, changed(scenario, path, remove=True)) == "pass"
    ]
    assert passing == []


@pytest.mark.parametrize("scenario", FAILING, ids=lambda scenario: scenario.name)
def test_without_any_subject_nothing_passes(scenario: Scenario) -> None:
    expected = {name: value for name, value in scenario.expected.items() if name not in {"trails", "event_data_stores"}}
    assert verdict(scenario, expected) in {"fail", "cannot_tell"}
