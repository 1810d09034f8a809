"""The pack's IAM evaluator, on every engine, against the reference that was written from AWS's texts alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import engines
import iam_reference
import iam_strategies
import pytest
from hypothesis import given
from random_cases import ASKED, random_cases, this_many

if TYPE_CHECKING:
    from collections.abc import Callable

Json = Any

SIMULATION = "data.ctkms.iam.simulation"
EXPLANATION = "data.ctkms.iam.explanation"
ENTRY_POINTS = (SIMULATION, EXPLANATION)
DECISIONS = {"explicit_deny", "allow", "needs_iam_policy", "implicit_deny", "unknown"}

#: How many random cases.
EXAMPLES = int(ASKED or 500)
#: So many of them also go to the opa command, all in one process.
COMMAND_EXAMPLES = 1000

KEY, TRAIL, SERVICE = iam_strategies.KEY, iam_strategies.TRAIL, iam_strategies.SERVICE
CONTEXT_KEY = "kms:EncryptionContext:aws:cloudtrail:arn"
ROOT = {
    "Sid": "Root",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
    "Action": "kms:*",
    "Resource": "*",
}
ENCRYPT = {
    "Sid": "Allow CloudTrail to encrypt logs",
    "Effect": "Allow",
    "Principal": {"Service": SERVICE},
    "Action": "kms:GenerateDataKey*",
    "Resource": KEY,
    "Condition": {
        "StringLike": {CONTEXT_KEY: ["arn:aws:cloudtrail:*:111111111111:trail/*"]},
        "StringEquals": {"aws:SourceArn": TRAIL},
    },
}
LITERAL_STAR = {**ENCRYPT, "Condition": {"StringEquals": {CONTEXT_KEY: ["arn:aws:cloudtrail:*:111111111111:trail/*"]}}}
DENY_OUTSIDERS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "kms:*",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
}
READER = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
    "Action": "kms:Decrypt",
    "Resource": "*",
    "Condition": {"Null": {CONTEXT_KEY: "false"}},
}
TRAIL_CONTEXT = {CONTEXT_KEY: TRAIL, "aws:SourceArn": TRAIL, "aws:SourceAccount": "111111111111"}
OTHER_TRAIL = TRAIL.replace("111111111111", "222222222222")
ALICE, BOB = "arn:aws:iam::222222222222:user/Alice", "arn:aws:iam::111111111111:user/Bob"
IDENTITY = [{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY}}]

#: Answers that AWS's own texts give: statements, principal, action, context, identity policies, decision.
DOCUMENTED: dict[str, tuple[list[Json], str, str, dict[str, Json], list[Json], str]] = {
    "the documented statement lets its trail encrypt": (
        [ROOT, ENCRYPT], SERVICE, "kms:GenerateDataKey", TRAIL_CONTEXT, [], "allow",
    ),
    "the account statement is no help to the service": (
        [ROOT, ENCRYPT], SERVICE, "kms:DescribeKey", {}, [], "implicit_deny",
    ),
    "the same, for a trail of another account": (
        [ROOT, ENCRYPT],
        SERVICE,
        "kms:GenerateDataKey",
        {**TRAIL_CONTEXT, "aws:SourceArn": OTHER_TRAIL, CONTEXT_KEY: OTHER_TRAIL},
        [],
        "implicit_deny",
    ),
    "an event data store sends no source": ([ROOT, ENCRYPT], SERVICE, "kms:GenerateDataKey", {}, [], "implicit_deny"),
    "StringEquals takes a star literally": (
        [LITERAL_STAR], SERVICE, "kms:GenerateDataKey", TRAIL_CONTEXT, [], "implicit_deny",
    ),
    "a negated operator matches a key that is not sent": (
        [ENCRYPT, DENY_OUTSIDERS], SERVICE, "kms:GenerateDataKey", TRAIL_CONTEXT, [], "explicit_deny",
    ),
    "the account delegates to its identity policies": ([ROOT], BOB, "kms:Decrypt", {}, [], "needs_iam_policy"),
    "an identity policy completes the delegation": ([ROOT], BOB, "kms:Decrypt", {}, IDENTITY, "allow"),
    "an identity policy alone grants nothing": ([ENCRYPT], BOB, "kms:Decrypt", {}, IDENTITY, "implicit_deny"),
    "another account needs an identity policy": (
        [READER], ALICE, "kms:Decrypt", {CONTEXT_KEY: TRAIL}, [], "needs_iam_policy",
    ),
    "another account with its identity policy": (
        [READER], ALICE, "kms:Decrypt", {CONTEXT_KEY: TRAIL}, IDENTITY, "allow",
    ),
    "Null false asks for the context": ([READER], ALICE, "kms:Decrypt", {}, IDENTITY, "implicit_deny"),
    "key administration cannot be granted to another account": (
        [{**READER, "Action": "kms:*", "Condition": {}}], ALICE, "kms:PutKeyPolicy", {}, [], "implicit_deny",
    ),
    "a context key of which nobody knows whether it is sent": (
        [READER], ALICE, "kms:Decrypt", {CONTEXT_KEY: {"ctkms:unknown": "?"}}, [], "needs_iam_policy",
    ),
}  # fmt: skip


def load(name: str) -> engines.Engine:
    """The evaluator alone, on an engine."""
    return engines.load(name, ENTRY_POINTS, sources=engines.modules(root=engines.IAM))


def documented(name: str) -> tuple[Json, str]:
    """The input of a documented case, and its decision."""
    found, principal, action, context, identity, decision = DOCUMENTED[name]
    request = {"principal": principal, "action": action, "resource": KEY, "context": context}
    policy = {"Version": "2012-10-17", "Statement": found}
    return {"policy": policy, "request": request, "identity_policies": identity}, decision


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_reference_gives_the_documented_answer(name: str) -> None:
    document, decision = documented(name)
    assert iam_reference.simulate(document)["decision"] == decision


@pytest.mark.parametrize("engine", engines.NAMES)
def test_every_engine_gives_the_documented_answers(engine: str, opa: str) -> None:
    assert opa
    if engine not in engines.available():
        pytest.skip(engines.missing()[engine])
    loaded = load(engine)
    inputs = [documented(name)[0] for name in DOCUMENTED]
    answers = engines.evaluate_all(loaded, SIMULATION, inputs)
    assert answers == [iam_reference.simulate(document) for document in inputs]


SENT: dict[str, Json] = {
    "k:name": "Blue",
    "k:arn": "arn:aws:sns:us-east-1:111122223333:finance/a:b",
    "k:list": ["red", "Blue"],
    "k:one": ["Blue"],
    "k:number": 10,
    "k:date": "2026-11-24T12:00:00Z",
    "k:ip": "203.0.113.7",
    "k:flag": True,
    "k:bytes": "QmluYXJ5",
    "k:empty": "",
    "k:none": [],
    "k:unknown": {"ctkms:unknown": "known after apply"},
    "k:star": "B*ue",
}
NO, CANNOT_TELL, YES = "implicit_deny", "unknown", "allow"

#: One condition each: operator, key, policy value, and the decision of an Allow that has it (k:may is under "unknown").
CONDITIONS: tuple[tuple[str, str, Json, str], ...] = (
    ("StringEquals", "k:name", "Blue", YES),
    ("StringEquals", "K:NAME", ["x", "Blue"], YES),
    ("StringEquals", "k:name", "blue", NO),
    ("StringEquals", "k:name", "B*", NO),
    ("StringEquals", "k:absent", "Blue", NO),
    ("StringEquals", "k:may", "Blue", CANNOT_TELL),
    ("StringEquals", "k:unknown", "Blue", CANNOT_TELL),
    ("StringEquals", "k:one", "Blue", YES),
    ("StringEquals", "k:list", "Blue", YES),
    ("StringEquals", "k:list", "green", NO),
    ("StringEquals", "k:name", [], NO),
    ("StringEquals", "k:flag", "true", YES),
    ("StringEquals", "k:number", "10", YES),
    ("StringNotEquals", "k:name", ["Blue", "x"], NO),
    ("StringNotEquals", "k:name", ["red", "x"], YES),
    ("StringNotEquals", "k:absent", "Blue", YES),
    ("StringNotEquals", "k:list", "Blue", YES),
    ("StringNotEquals", "k:one", "Blue", NO),
    ("StringNotEquals", "k:name", [], YES),
    ("StringEqualsIgnoreCase", "k:name", "bLUE", YES),
    ("StringNotEqualsIgnoreCase", "k:name", "bLUE", NO),
    ("StringLike", "k:name", "B*", YES),
    ("StringLike", "k:name", "b*", NO),
    ("StringLike", "k:name", "Bl?e", YES),
    ("StringLike", "k:name", "Bl?", NO),
    ("StringLike", "k:unknown", "*", YES),
    ("StringLike", "k:may", "*", CANNOT_TELL),
    ("StringLike", "k:arn", "arn:aws:sns:*:111122223333:finance/*", YES),
    ("StringLike", "k:arn", "arn:aws:sns:*:finance/*", YES),
    ("StringNotLike", "k:name", "B*", NO),
    ("StringNotLike", "k:absent", "B*", YES),
    ("ArnLike", "k:arn", "arn:aws:sns:*:111122223333:finance/*", YES),
    ("ArnLike", "k:arn", "arn:aws:sns:*:finance/*", NO),
    ("ArnEquals", "k:arn", "arn:aws:sns:us-*:*:*", YES),
    ("ArnEquals", "k:arn", "arn:*", CANNOT_TELL),
    ("ArnLike", "k:arn", "*", CANNOT_TELL),
    ("ArnNotLike", "k:arn", "*", CANNOT_TELL),
    ("ArnLike", "k:name", "*", NO),
    ("ArnNotLike", "k:arn", "arn:aws:sns:*:*:finance/*", NO),
    ("ArnNotEquals", "k:absent", "arn:aws:sns:*:*:*", YES),
    ("Bool", "k:flag", "true", YES),
    ("Bool", "k:flag", False, NO),
    ("Bool", "k:flag", "TRUE", YES),
    ("Bool", "k:absent", "false", NO),
    ("Bool", "k:name", "Blue", NO),
    ("BoolIfExists", "k:absent", "true", YES),
    ("Null", "k:absent", "true", YES),
    ("Null", "k:absent", "false", NO),
    ("Null", "k:name", "false", YES),
    ("Null", "k:name", True, NO),
    ("Null", "k:empty", "false", NO),
    ("Null", "k:none", "true", YES),
    ("Null", "k:unknown", "false", YES),
    ("Null", "k:may", "true", CANNOT_TELL),
    ("ForAllValues:Null", "k:name", "true", YES),
    ("ForAnyValue:Null", "k:name", "false", NO),
    ("NullIfExists", "k:name", "false", CANNOT_TELL),
    ("NumericEquals", "k:number", "10.0", YES),
    ("NumericNotEquals", "k:number", 10, NO),
    ("NumericLessThan", "k:number", "10", NO),
    ("NumericLessThanEquals", "k:number", "10", YES),
    ("NumericGreaterThan", "k:number", "9.5", YES),
    ("NumericGreaterThanEquals", "k:name", "9", NO),
    ("NumericNotEquals", "k:name", "9", YES),
    ("DateEquals", "k:date", "2026-11-24T13:00:00+01:00", YES),
    ("DateLessThan", "k:date", "9999-12-31T23:59:59Z", YES),
    ("DateGreaterThan", "k:date", "2026", YES),
    ("DateLessThan", "k:date", "2026-11-24", NO),
    ("DateNotEquals", "k:date", 1795521600, NO),
    ("DateGreaterThan", "k:date", "yesterday", NO),
    ("IpAddress", "k:ip", "203.0.113.0/24", YES),
    ("IpAddress", "k:ip", "203.0.113.7", YES),
    ("IpAddress", "k:ip", "2001:db8::/32", NO),
    ("NotIpAddress", "k:ip", ["10.0.0.0/8", "203.0.113.0/24"], NO),
    ("NotIpAddress", "k:name", "10.0.0.0/8", YES),
    ("BinaryEquals", "k:bytes", "QmluYXJ5", YES),
    ("BinaryEquals", "k:bytes", "QmluYXJ6", NO),
    ("StringEqualsIfExists", "k:absent", "Blue", YES),
    ("StringEqualsIfExists", "k:name", "red", NO),
    ("StringNotEqualsIfExists", "k:name", "Blue", NO),
    ("StringEqualsIfExists", "k:name", [], NO),
    ("StringEqualsIfExists", "k:absent", [], YES),
    ("ForAllValues:StringEquals", "k:list", ["red", "Blue", "x"], YES),
    ("ForAllValues:StringEquals", "k:list", ["red"], NO),
    ("ForAllValues:StringEquals", "k:absent", "red", YES),
    ("ForAllValues:StringEquals", "k:empty", "red", YES),
    ("ForAllValues:StringEquals", "k:name", [], NO),
    ("ForAllValues:StringEquals", "k:absent", [], YES),
    ("ForAnyValue:StringEquals", "k:list", ["red"], YES),
    ("ForAnyValue:StringEquals", "k:absent", "red", NO),
    ("ForAnyValue:StringEquals", "k:name", [], NO),
    ("ForAnyValue:StringEqualsIfExists", "k:absent", "red", YES),
    ("ForAllValues:StringNotEquals", "k:list", ["red"], NO),
    ("ForAllValues:StringNotEquals", "k:list", ["green"], YES),
    ("ForAllValues:StringNotLike", "k:absent", "*", YES),
    ("ForAnyValue:StringNotEquals", "k:list", ["red"], YES),
    ("ForAnyValue:StringNotEquals", "k:list", ["red", "Blue"], NO),
    ("ForAnyValue:StringNotEquals", "k:absent", "red", NO),
    ("stringEquals", "k:name", "Blue", CANNOT_TELL),
    ("StringEquals", "k:name", "${k:one}", YES),
    ("StringLike", "k:name", "${k:star}", NO),
    ("StringLike", "k:star", "${k:star}", YES),
    ("StringLike", "k:star", "B${*}ue", YES),
    ("StringLike", "k:name", "B${*}ue", NO),
    ("StringLike", "k:name", "${k:absent, 'Bl'}*", YES),
    ("StringLike", "k:name", "${k:absent}*", NO),
    ("StringNotLike", "k:name", "${k:absent}*", YES),
    ("StringEquals", "k:name", "${k:may}", CANNOT_TELL),
    ("StringEquals", "k:name", {"a": 1}, NO),
    ("StringEquals", "k:name", {"ctkms:unknown": "?"}, CANNOT_TELL),
)


def conditional(operator: str, key: str, value: Json) -> Json:
    """The input for one condition."""
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {operator: {key: value}}}
    request = {"principal": SERVICE, "action": "kms:Decrypt", "resource": KEY, "context": SENT, "unknown": ["k:may"]}
    return {"policy": {"Version": "2012-10-17", "Statement": [allow]}, "request": request}


@pytest.mark.parametrize("engine", ["the reference", *engines.NAMES])
def test_conditions(engine: str, opa: str) -> None:
    assert opa
    if engine != "the reference" and engine not in engines.available():
        pytest.skip(engines.missing()[engine])
    inputs = [conditional(operator, key, value) for operator, key, value, _ in CONDITIONS]
    if engine == "the reference":
        answers = [iam_reference.simulate(document) for document in inputs]
    else:
        answers = engines.evaluate_all(load(engine), SIMULATION, inputs)
    found = [(*condition[:3], answer["decision"]) for condition, answer in zip(CONDITIONS, answers, strict=True)]
    assert found == list(CONDITIONS)


def answer_of(engine: engines.Engine, entry_point: str, case: Json, stopped: Counter[str]) -> Json:
    """The engine's answer, or None where the compiled engine stopped at its limit (counted)."""
    try:
        return engine.evaluate(entry_point, case)
    except engines.LimitReached:
        stopped[entry_point] += 1
        return None


def test_random_cases(opa: str) -> None:
    """Reference, both regorus engines and OPA give the same decision and the same statements."""
    names = [n for n in dict.fromkeys((engines.INTERPRETED, engines.COMPILED, opa)) if n != engines.OPA_COMMAND]
    loaded = {name: load(name) for name in names}
    decisions: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    stopped: Counter[str] = Counter()
    kept: list[Json] = []

    @random_cases(EXAMPLES)
    @given(iam_strategies.cases())
    def agree(case: Json) -> None:
        expected = iam_reference.simulate(case)
        for name, engine in loaded.items():
            answer = answer_of(engine, SIMULATION, case, stopped)
            assert answer is None or answer == expected, name
        decisions[expected["decision"]] += 1
        filled.update(member for member, value in expected.items() if isinstance(value, list) and value)
        if len(kept) < COMMAND_EXAMPLES:
            kept.append(case)

    run: Callable[[], None] = agree
    run()
    total = decisions.total()
    print(f"{total} cases on {', '.join(loaded)}: {dict(decisions)}, {dict(filled)}, stopped: {dict(stopped)}")  # noqa: T201
    assert total >= EXAMPLES * 0.9
    # The generator must reach every decision and every list often, or else agreement means nothing.
    assert decisions.keys() == DECISIONS
    assert min(decisions.values()) >= total * 0.02
    assert filled.keys() == {"allowed_by", "denied_by", "maybe_allowed_by", "maybe_denied_by"}
    assert min(filled.values()) >= total * 0.01
    assert stopped.total() <= total * 0.05
    if engines.OPA_COMMAND in engines.available():
        command = load(engines.OPA_COMMAND)
        assert engines.evaluate_all(command, SIMULATION, kept) == [iam_reference.simulate(case) for case in kept]


def test_explanations_agree(opa: str) -> None:
    """The explanation holds the decision itself, speaks of every statement, and is the same on every engine."""
    loaded = {name: load(name) for name in (engines.INTERPRETED, engines.COMPILED, opa)}
    stopped: Counter[str] = Counter()
    seen: Counter[int] = Counter()

    @this_many(EXAMPLES // 5)
    @given(iam_strategies.cases())
    def agree(case: Json) -> None:
        expected = iam_reference.simulate(case)
        answer = loaded[engines.INTERPRETED].evaluate(EXPLANATION, case)
        assert {k: v for k, v in answer.items() if k != "statements"} == expected
        for statement in answer["statements"]:
            seen[statement["match"]] += 1
            index = statement["index"]
            assert (statement["match"] == iam_reference.YES) == (
                index in expected["allowed_by"] + expected["denied_by"]
            )
        for name, engine in loaded.items():
            other = answer_of(engine, EXPLANATION, case, stopped)
            assert other is None or other == answer, name

    run: Callable[[], None] = agree
    run()
    assert seen.keys() == {0, 1, 2}
    assert stopped.total() <= EXAMPLES
