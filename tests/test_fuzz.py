"""Nearly right documents of every kind that is read: the short run, and the long one with CTKMS_EXAMPLES."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from fuzz.mutation import mutant
from fuzz.targets import Target, hold, no_false_pass, nothing_more, one_answer_a_line, targets
from hypothesis import given
from hypothesis import strategies as st
from policy_strategies import random_cases

if TYPE_CHECKING:
    from pathlib import Path

TARGETS = targets()


@pytest.mark.parametrize("name", TARGETS)
def test_nearly_right_documents(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    target = TARGETS[name]

    @random_cases(25)
    @given(st.sampled_from(target.seeds), st.randoms(use_true_random=False))
    def holds(seed: bytes, random: Any) -> None:
        hold(target, mutant(seed, random))

    holds()


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_hold(name: str) -> None:
    for seed in TARGETS[name].seeds:
        hold(TARGETS[name], seed)


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
        (one_answer_a_line, LINES, ended(0, '{"decision": "allow"}\n')),
        (one_answer_a_line, LINES, ended(0, '{"decision": "allow"}\n{"id": 2}\n')),
        (one_answer_a_line, b"[]", ended(0, '{"decision": "allow"}\n')),
    ],
)
def test_what_must_not_be_is_found_out(holds: Any, data: bytes, result: Result) -> None:
    with pytest.raises(AssertionError):
        hold(Target((), lambda _: result, holds), data)


def test_mutants_reach_the_rules() -> None:
    """Documents so broken that none is judged would try nothing."""
    seeds, random = TARGETS["policy"].seeds, Random(1)  # noqa: S311 - the same every time
    codes = Counter(TARGETS["policy"].run(mutant(random.choice(seeds), random)).exit_code for _ in range(60))
    assert all(codes[code] >= 3 for code in (1, 2, 3)), codes
