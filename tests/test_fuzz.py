"""Nearly right documents of every kind that is read: the short run, and the long one with CTKMS_EXAMPLES."""

from __future__ import annotations

import re
import time
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from fuzz import targets as fuzz_targets
from fuzz.mutation import mutant
from fuzz.targets import (
    GOOD,
    WRONG,
    Target,
    hold,
    is_an_inventory,
    makes_policies,
    mends_or_says_why,
    names_its_rules,
    no_false_pass,
    no_false_pass_of_a_policy,
    nothing_more,
    one_answer_a_line,
    reports_what_it_was_told,
    targets,
)
from hypothesis import given
from hypothesis import strategies as st
from random_cases import random_cases

from ctkms_opa import judgement

if TYPE_CHECKING:
    from pathlib import Path

TARGETS = targets()


@pytest.mark.parametrize("name", TARGETS)
def test_nearly_right_documents(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    target = TARGETS[name]

    @random_cases(target.examples)
    @given(st.sampled_from(target.seeds), st.randoms(use_true_random=False))
    def holds(seed: bytes, random: Any) -> None:
        hold(target, mutant(seed, random))

    holds()


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_hold(name: str) -> None:
    for seed in TARGETS[name].seeds:
        hold(TARGETS[name], seed)


PASSED = "1 key: 0 errors"
LINES = b'{"id": 1}\n{"id": 2}\n'


def ended(code: int, stdout: str = "", stderr: str = "") -> Result:
    """How a command ended."""
    return Result(CliRunner(), stdout.encode(), stderr.encode(), b"", None, code, None)


@pytest.mark.parametrize(
    ("holds", "data", "result"),
    [
        (nothing_more, b"{}", ended(4, stderr="ctkms: ctkms itself failed")),
        (nothing_more, b"{}", ended(2)),
        (nothing_more, b"{}", ended(1, "Traceback (most recent call last):")),
        (nothing_more, b"{}", ended(1, "the rules gave a report of another shape")),
        (no_false_pass, b"{", ended(0, "1 key: 0 errors")),
        (no_false_pass, b"{}", ended(0, "1 key: 0 errors")),
        (no_false_pass, b'{"Allow": "cloudtrail"}', ended(0, "0 keys: 0 errors")),
        (no_false_pass_of_a_policy, WRONG.read_bytes(), ended(0, PASSED)),
        (
            no_false_pass_of_a_policy,
            GOOD.read_bytes().replace(b"kms:DescribeKey", b"kms:ListAliases"),
            ended(0, PASSED),
        ),
        (reports_what_it_was_told, b'{"report": {"result": {"judged": true, "cannot_tell": ["x"]}}}', ended(0)),
        (is_an_inventory, b"{}", ended(0, "{}")),
        (names_its_rules, b"package custom.ctkms.a.b", ended(0)),
        (makes_policies, b"", ended(0, "{}")),
        (makes_policies, b"", ended(2, "{}", "a mistake")),
        (mends_or_says_why, WRONG.read_bytes(), ended(0, "", "nothing is missing")),
        (mends_or_says_why, b"", ended(0)),
        (mends_or_says_why, b"", ended(1, "", "nothing was changed")),
        (one_answer_a_line, LINES, ended(0, '{"decision": "allow"}\n')),
        (one_answer_a_line, LINES, ended(0, '{"decision": "allow"}\n{"id": 2}\n')),
        (one_answer_a_line, b"[]", ended(0, '{"decision": "allow"}\n')),
    ],
)
def test_what_must_not_be_is_found_out(holds: Any, data: bytes, result: Result) -> None:
    with pytest.raises(AssertionError):
        hold(Target((), lambda _: result, holds), data)


def test_what_does_not_end_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def waits(_: bytes) -> Result:
        time.sleep(60)
        return ended(0)

    monkeypatch.setattr(fuzz_targets, "SECONDS", 1)
    with pytest.raises(AssertionError, match="no end after 1 seconds"):
        hold(Target((), waits, nothing_more), b"")


@pytest.mark.parametrize("name", ["policy", "template", "plan", "config item", "inventory", "CLI output"])
def test_a_pass_of_what_was_damaged_is_found_out(name: str) -> None:
    """In every kind of document: where nobody may encrypt any more, and a check passed all the same."""
    target = TARGETS[name]
    passing = [seed for seed in target.seeds if target.run(seed).exit_code == 0]
    assert passing
    for seed in passing:
        hold(Target((), lambda _: ended(0, PASSED), target.holds), seed)
        damaged = re.sub(rb"kms:(GenerateDataKey|\*)", b"kms:ListAliases", seed)
        with pytest.raises(AssertionError):
            hold(Target((), lambda _: ended(0, PASSED), target.holds), damaged)


def _no_finding(key: Any, said: Any, *more: Any) -> Any:
    """What would forget the findings."""
    return judgement.judgement(key, said | {"findings": [], "cannot_tell": []}, *more)


BUGS: dict[str, dict[str, Any]] = {
    "OPA server": {"ctkms_opa.answer_shape.misfit": lambda *_: None},
    "AWS": {"ctkms_opa.scan.api._checked": lambda _client, _call, said: said},
    "policy": {"ctkms_opa.checker.judgement": _no_finding},
    "mended policy": {
        "ctkms_opa.engine.InterpretedEngine.additions": lambda *_: {"statements": [], "companions": []},
        "ctkms_opa.checker.judgement": _no_finding,
    },
}


@pytest.mark.parametrize("name", BUGS)
def test_a_bug_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for place, instead in BUGS[name].items():
        monkeypatch.setattr(place, instead)
    with pytest.raises(AssertionError):
        _try(TARGETS[name], Random(1))  # noqa: S311 - the same every time


def _try(target: Target, random: Random) -> None:
    for _ in range(100):
        hold(target, mutant(random.choice(target.seeds), random))


def test_mutants_reach_the_rules() -> None:
    """Documents so broken that none is judged would try nothing."""
    seeds, random = TARGETS["policy"].seeds, Random(2)  # noqa: S311 - the same every time
    codes = Counter(TARGETS["policy"].run(mutant(random.choice(seeds), random)).exit_code for _ in range(200))
    assert all(codes[code] >= least for code, least in {0: 2, 1: 20, 2: 20, 3: 2}.items()), codes
