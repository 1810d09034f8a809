"""Policies as long as KMS takes them, written to take long: each is judged, and what is not tried is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from benchmarks import workloads
from benchmarks.workloads import CONTEXT, KEY, SERVICE, statement

from ctkms_opa import Checker, pack
from ctkms_opa.engine import InterpretedEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctkms_opa import Report

Json = Any

LARGEST = 32_768
#: How many requests are tried at most on a policy of that size, whatever it says.
MOST_REQUESTS = 6_000
TRAILS = "whether CloudTrail gets in for trails that nobody expects: the conditions name more than are tried"
CALLERS = "whether callers whom nobody expects get in: the policy names more than are tried"
PEOPLE = "whether people who are not listed get in: the policy names more than are tried"


def listing(key: str, value: str, principal: Json = SERVICE, operator: str = "StringLike") -> Callable[[int], Json]:
    """A statement with a condition that lists so many values."""

    def make(count: int) -> Json:
        values = [value.replace("#", str(number)) for number in range(100_000_000_000, 100_000_000_000 + count)]
        return [statement("Hostile", principal, "kms:*", {operator: {key: values}})]

    return make


def digits(key: str, principal: Json = SERVICE) -> Callable[[int], Json]:
    """A statement with a condition that lists the shortest patterns there are."""
    return lambda count: [
        statement("Hostile", principal, "kms:*", {"StringLike": {key: [f"*{number}*" for number in range(count)]}})
    ]


def product(first: str, second: str, principal: Json) -> Callable[[int], Json]:
    """A statement with two such conditions, of which strangers have to meet both."""

    def make(count: int) -> Json:
        block = {first: [f"{number}" for number in range(100_000_000_000, 100_000_000_000 + count // 2)]}
        block[second] = [f"o-abcdefg{number}" for number in range(count // 2)]
        return [statement("Hostile", principal, "kms:*", {"StringLike": block})]

    return make


def for_everyone(count: int) -> Json:
    """Statements for everyone, each under a condition on what nobody knows."""
    return [
        statement(f"S{number}", "*", "kms:*", {"StringLike": {"aws:userid": f"*{number}*"}}) for number in range(count)
    ]


HOSTILE = {
    "patterns of trails": (digits("aws:SourceArn"), {TRAILS}),
    "patterns of trails in the encryption context": (digits(CONTEXT), {TRAILS}),
    "patterns of accounts": (digits("aws:SourceAccount"), {TRAILS}),
    "accounts of trails": (listing("aws:SourceAccount", "#", operator="StringEquals"), {TRAILS}),
    "accounts and organizations of trails": (product("aws:SourceAccount", "aws:SourceOrgID", SERVICE), {TRAILS}),
    "patterns of callers": (digits("aws:PrincipalArn", "*"), {CALLERS, PEOPLE}),
    "patterns of callers with variables": (
        listing("aws:PrincipalArn", "*${aws:username}#", "*"),
        {CALLERS, PEOPLE},
    ),
    "statements for everyone": (for_everyone, {CALLERS, PEOPLE}),
    "accounts of callers": (listing("aws:PrincipalAccount", "#", "*"), {CALLERS}),
    "accounts and organizations of callers": (product("aws:PrincipalAccount", "aws:PrincipalOrgID", "*"), {CALLERS}),
}


def case(make: Callable[[int], Json], size: int) -> Json:
    """The typical policy, with as many more values or statements as make it nearly so long."""
    few, more = 1, 2
    while length(make(more)) < size:
        few, more = more, more * 2
    while more - few > 1:
        middle = (few + more) // 2
        few, more = (middle, more) if length(make(middle)) < size else (few, middle)
    return whole(make(few))


def whole(statements: Json) -> Json:
    """The typical policy with more statements."""
    typical = workloads.typical().document
    return typical | {"Statement": typical["Statement"] + statements}


def length(statements: Json) -> int:
    """How long the typical policy is with more statements."""
    return len(text(whole(statements)))


def text(document: Json) -> str:
    return json.dumps(document, separators=(",", ":"))


def judge(document: Json) -> Report:
    return Checker({"expected": workloads.typical().expected}).check_policy(text(document), KEY)


def requests(document: Json) -> int:
    """How many requests are tried."""
    engine = InterpretedEngine(pack.load())
    engine.expect(workloads.typical().expected)
    (key,) = engine.documents({"document": document, "source": "policy.json", "key": KEY})
    probes = engine.evaluate("data.ctkms.evaluation.probes", json.dumps({"ctkms": {"key": key}}))
    return sum(len(by_id) for by_id in probes.values())


@pytest.mark.parametrize(("make", "says"), HOSTILE.values(), ids=HOSTILE.keys())
def test_the_largest_policy_is_judged_and_what_is_left_is_said(make: Callable[[int], Json], says: set[str]) -> None:
    document = case(make, LARGEST)
    assert length(document["Statement"][8:]) > LARGEST - 200
    assert requests(document) <= MOST_REQUESTS
    report = judge(document)
    assert not report.errors
    assert report.verdict != "pass"
    assert says <= set(report.keys[0].cannot_tell)
