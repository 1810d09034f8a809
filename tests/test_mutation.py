"""The mutation tester finds what a test misses, and nothing that one notices: a seeded gap for each of its ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mutation import mutants, table, trial
from mutation.pack import Pack

if TYPE_CHECKING:
    from pathlib import Path

RULE = """package example.rule

import data.example.limit

findings contains {"level": "error"} if {
	is_number(input.size)
	input.size > limit.most
	not input.waived
}
"""
LIMIT = """package example.limit

most := 10
"""
TESTS = """package example.rule_test

import data.example.rule

test_passes_at_the_limit if {
	findings := rule.findings with input as {"size": 10}
	findings == set()
}

test_fails_above_the_limit if {
	findings := rule.findings with input as {"size": 11}
	findings == {{"level": "error"}}
}
"""
OF_WAIVED = """
test_passes_when_waived if {
	findings := rule.findings with input as {"size": 11, "waived": true}
	findings == set()
}
"""
# Text is more than any number to both engines, so the finding shows that the guard is missing.
OF_TEXT = """
test_passes_on_text if {
	findings := rule.findings with input as {"size": "11"}
	findings == set()
}
"""


def pack(folder: Path, tests: str, rule: str = RULE) -> Pack:
    for name, text in {"rule/rule": rule, "rule/rule_test": tests, "limit/limit": LIMIT}.items():
        path = folder / f"example/{name}.rego"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return Pack(folder)


def tried(one: Pack, package: str, scope: Path, opa: str) -> trial.Outcome:
    return trial.of(next(module for module in one.modules if module.package == package), one, scope, opa)


def changes(found: list[mutants.Mutant]) -> list[tuple[int, str]]:
    return [(one.row, one.change) for one in found]


def test_mutants_that_no_test_kills_survive(tmp_path: Path, opa_command: str) -> None:
    outcome = tried(pack(tmp_path, TESTS), "example.rule", tmp_path, opa_command)
    assert changes(outcome.survived) == [(6, "is_number(input.size) → true"), (8, "not input.waived → true")]
    assert changes(outcome.killed) == [
        (5, '"level" → "level~"'),
        (5, '"error" → "warning"'),
        (6, "is_number(input.size) → not is_number(input.size)"),
        (7, "input.size > limit.most → true"),
        (7, "> → >="),
        (8, "not input.waived → input.waived"),
        (8, "not input.waived → not input.waived; false"),
    ]


def test_a_test_on_the_boundary_kills_them(tmp_path: Path, opa_command: str) -> None:
    outcome = tried(pack(tmp_path, TESTS + OF_WAIVED + OF_TEXT), "example.rule", tmp_path, opa_command)
    assert outcome.survived == []
    assert outcome.invalid == []


def test_tests_of_what_depends_on_the_module_count(tmp_path: Path, opa_command: str) -> None:
    one = pack(tmp_path, TESTS)
    assert changes(tried(one, "example.limit", tmp_path, opa_command).killed) == [(3, "10 → 11")]
    assert changes(tried(one, "example.limit", tmp_path / "elsewhere", opa_command).survived) == [(3, "10 → 11")]


def test_regorus_counts_where_opa_takes_an_error_for_undefined(tmp_path: Path, opa_command: str) -> None:
    """Without its guard the builtin fails; OPA goes on as if it had no value, regorus stops."""
    guarded = RULE.replace("input.size > limit.most", "count(input.size) > limit.most").replace("number", "array")
    tests = TESTS[: TESTS.index("test_fails")].replace('"size": 10', '"size": 9')
    outcome = tried(pack(tmp_path, tests, guarded), "example.rule", tmp_path, opa_command)
    assert (6, "is_array(input.size) → true") in changes(outcome.killed)


def test_a_change_that_does_not_compile_is_no_survivor(tmp_path: Path, opa_command: str) -> None:
    text = RULE.replace("input.size > limit.most", "limit.most = most\n\tinput.size > most")
    outcome = tried(pack(tmp_path, TESTS, text), "example.rule", tmp_path, opa_command)
    assert changes(outcome.invalid) == [
        (7, "limit.most = most → not limit.most = most"),
        (7, "limit.most = most → true"),
    ]


def test_nothing_is_said_where_the_tests_fail_without_a_change(tmp_path: Path, opa_command: str) -> None:
    with pytest.raises(trial.TrialError, match="test_fails_above_the_limit"):
        tried(pack(tmp_path, TESTS.replace('"size": 11', '"size": 1')), "example.rule", tmp_path, opa_command)


def test_the_table_of_results_keeps_what_was_not_tried_again() -> None:
    rows = {"b.rego": table.Row(3, 0, 1), "a.rego": table.Row(1, 1, 0)}
    text = table.written(rows)
    assert text.splitlines()[-3:] == [
        "| `a.rego` | 2 | 1 | 1 | 0 |",
        "| `b.rego` | 4 | 3 | 0 | 1 |",
        "| together | 6 | 4 | 1 | 1 |",
    ]
    assert table.read(text) == rows
