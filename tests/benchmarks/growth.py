"""How the time grows with the size of a document and of the expectations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ctkms_opa import Checker

from . import timing, workloads
from .table import Table, milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Point = tuple[int, float]

_BUDGET = 2.0
_TOO_LONG = 20.0
_SAMPLED_KEYS = 20
_SIZES = {
    "statements": (1, 3, 10, 30, 100, 300),
    "trails": (1, 3, 10, 30, 100, 300, 1000),
    "keys": (1, 10, 100, 1000, 10_000, 100_000),
    "wildcards": (1, 3, 10, 30, 100, 300, 1000),
}
_NOTE = (
    "CPU time of `Checker.check_policy` on the compiled engine, least of several runs. The exponent is that of the "
    "power of the size by which the time grows. Target: at most 1.1."
)
DIRECTIONS = {
    "statements": "In the failing document each additional statement lets CloudTrail do too much.",
    "trails": "In the failing document every other trail is left out.",
    "keys": "For all keys: the time to take so many expectations, and that of a key, from a sample, times the number.",
    "wildcards": "They are in the values of aws:SourceArn, of which the last fits, or none.",
}
_CASES: dict[str, Callable[..., workloads.Case]] = {
    "statements": workloads.statements,
    "trails": workloads.trails,
    "wildcards": workloads.wildcards,
}


def run(what: str, most: int | None) -> Iterator[Table]:
    """How the time grows in one direction, for a passing and a failing document."""
    rows = tuple(_row(what, failing, most) for failing in (False, True))
    columns = ("document", "ms at each size", "exponent, last decade", "last two")
    yield Table(f"Growth with the number of {what}", f"{_NOTE} {DIRECTIONS[what]}", columns, rows)


def _row(what: str, failing: bool, most: int | None) -> tuple[str, ...]:
    points: list[Point] = []
    for size in _SIZES[what]:
        if most and size > most:
            break
        seconds = _keys(size, failing=failing) if what == "keys" else _documents(what, size, failing=failing)
        points.append((size, seconds))
        if seconds > _TOO_LONG and what != "keys":
            break
    shown = ", ".join(f"{size}: {milliseconds(seconds)}" for size, seconds in points)
    last = [point for point in points if point[0] * 10 >= points[-1][0]]
    document = "failing" if failing else "passing"
    return document, shown, f"{timing.exponent(last):.2f}", f"{timing.exponent(points[-2:]):.2f}"


def _documents(what: str, size: int, *, failing: bool) -> float:
    case = _CASES[what](size, failing=failing)
    checker = Checker({"expected": case.expected})
    text = case.text
    checker.check_policy(text, case.key)
    return timing.least_of(lambda: checker.check_policy(text, case.key), _BUDGET)


def _keys(size: int, *, failing: bool) -> float:
    expected: dict[str, Any] = {"expected": workloads.keys(size)}
    before = timing.cpu_seconds()
    checker = Checker(expected)
    prepared = timing.cpu_seconds() - before
    step = max(1, size // _SAMPLED_KEYS)
    sample = range(0, size, step)
    policies = [(workloads.policy_of_key(number, failing=failing), workloads.key_arn(number)) for number in sample]
    checker.check_policy(*policies[0])

    def judge() -> None:
        for policy, key in policies:
            checker.check_policy(policy, key)

    return prepared + timing.least_of(judge, _BUDGET, most=3) / len(policies) * size
