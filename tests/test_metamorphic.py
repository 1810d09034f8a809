"""Laws that a whole check obeys: changes of a policy that must change nothing, or access in one direction only.

`test_iam_properties.py` holds the evaluator to them, request by request; here all rules and the report are.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from random_cases import random_cases

from ctkms_opa import Checker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ctkms_opa import Report

Json = Any

KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
STORE = "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"
BOB = "arn:aws:iam::111111111111:user/Bob"
ALICE = "arn:aws:iam::222222222222:user/Alice"
EXPECTED = {
    "keys": {KEY: {"administrators": {"arn:aws:iam::111111111111:role/KeyAdmin": None}}},
    "trails": {TRAIL: {"key": KEY, "readers": {BOB: None, ALICE: None}}},
    "event_data_stores": {STORE: {"key": KEY}},
}
CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"
RANK = {"implicit_deny": 0, "unknown": 1, "needs_iam_policy": 2, "allow": 3}

_PRINCIPALS: list[Json] = [
    {"Service": "cloudtrail.amazonaws.com"},
    {"Service": ["cloudtrail.amazonaws.com", "s3.amazonaws.com"]},
    {"AWS": "arn:aws:iam::111111111111:root"},
    {"AWS": [BOB, ALICE]},
    {"AWS": ["111111111111", "arn:aws:iam::222222222222:root"]},
    "*",
]
_ACTIONS: list[Json] = [
    "kms:*",
    "kms:GenerateDataKey*",
    ["kms:Decrypt", "kms:DescribeKey"],
    ["kms:GenerateDataKey", "kms:Decrypt", "kms:PutKeyPolicy"],
    "kms:Decrypt",
]
_CONDITIONS: list[Json] = [
    {},
    {},
    {"StringEquals": {"aws:SourceArn": TRAIL}},
    {"ArnLike": {"aws:SourceArn": ["arn:aws:cloudtrail:*:111111111111:trail/*", STORE]}},
    {"StringLike": {CONTEXT: ["arn:aws:cloudtrail:*:111111111111:trail/*", "arn:aws:cloudtrail:*:2*:trail/x?"]}},
    {"Null": {CONTEXT: "false"}},
    {"StringEquals": {"kms:CallerAccount": ["111111111111", "222222222222"], "aws:SourceAccount": "111111111111"}},
    {"StringNotEquals": {"aws:SourceAccount": ["111111111111"]}},
]


@st.composite
def _statements(draw: st.DrawFn, effects: tuple[str, ...] = ("Allow", "Allow", "Allow", "Deny")) -> Json:
    statement = {
        "Effect": draw(st.sampled_from(effects)),
        "Principal": draw(st.sampled_from(_PRINCIPALS)),
        "Action": draw(st.sampled_from(_ACTIONS)),
        "Resource": draw(st.sampled_from(["*", KEY, ["*", KEY]])),
    }
    condition = draw(st.sampled_from(_CONDITIONS))
    return statement | ({"Condition": condition} if condition else {})


ACCOUNT = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
    "Action": "kms:*",
    "Resource": "*",
}
_LISTS = st.lists(_statements(), min_size=1, max_size=4).flatmap(
    lambda some: st.sampled_from([some, [ACCOUNT, *some], [*some, ACCOUNT]])
)


@cache
def _checker() -> Checker:
    return Checker({"expected": EXPECTED}, key=KEY)


def check(statements: Json) -> Report:
    """The report on a policy of these statements."""
    return _checker().check_policy({"Version": "2012-10-17", "Statement": statements})


def decisions(report: Report) -> dict[tuple[str | None, str, str], str]:
    """What becomes of every request."""
    (key,) = report.keys
    return {(row.subject, row.principal, row.capability): row.decision for row in key.capabilities}


def deciding(report: Report, names: Iterable[int]) -> list[tuple[str | None, str, str, list[int]]]:
    """Which statements decided every request, by other numbers."""
    number = list(names)
    (key,) = report.keys
    rows = [
        (row.subject, row.principal, row.capability, sorted(number[one] for one in row.statements))
        for row in key.capabilities
    ]
    return sorted(rows, key=str)


def found(report: Report) -> Counter[tuple[str, str, str | None]]:
    """The findings, without their words."""
    return Counter((one.rule, one.level, one.subject) for key in report.keys for one in key.findings)


# Each law takes what judges, so that one can be put in its place that breaks the law.


def order_of_statements(judge: Callable[[Json], Report], drawn: tuple[Json, Any]) -> None:
    statements, random = drawn
    order = list(range(len(statements)))
    random.shuffle(order)
    before, after = judge(statements), judge([statements[one] for one in order])
    assert decisions(after) == decisions(before)
    assert deciding(after, order) == deciding(before, range(len(order)))
    assert found(after) == found(before)
    assert after.verdict == before.verdict


def _reversed(value: Json) -> Json:
    if isinstance(value, list):
        return [_reversed(one) for one in reversed(value)]
    if isinstance(value, dict):
        return {name: _reversed(one) for name, one in reversed(value.items())}
    return value


def order_of_values(judge: Callable[[Json], Report], statements: Json) -> None:
    before, after = judge(statements), judge([_reversed(one) for one in statements])
    numbers = range(len(statements))
    assert decisions(after) == decisions(before)
    assert deciding(after, numbers) == deciding(before, numbers)
    assert found(after) == found(before)
    assert after.verdict == before.verdict


def _split(statement: Json) -> list[Json]:
    """The statement as several, each with one action and one principal."""
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    principal = statement["Principal"]
    names = (
        [{kind: one} for kind, value in principal.items() for one in (value if isinstance(value, list) else [value])]
        if isinstance(principal, dict)
        else [principal]
    )
    return [statement | {"Action": action, "Principal": name} for action in actions for name in names]


def splitting(judge: Callable[[Json], Report], statements: Json) -> None:
    before, after = judge(statements), judge([part for one in statements for part in _split(one)])
    assert decisions(after) == decisions(before)
    assert after.verdict == before.verdict
    assert {one for one in found(after) if one[1] == "error"} == {one for one in found(before) if one[1] == "error"}


def adding_an_allow(judge: Callable[[Json], Report], drawn: tuple[Json, Json]) -> None:
    statements, further = drawn
    before, after = decisions(judge(statements)), decisions(judge([*statements, further]))
    assert after.keys() >= before.keys()  # whom a statement names is asked about, too
    for asked, decision in before.items():
        assert decision == after[asked] or (
            decision != "explicit_deny" and RANK.get(after[asked], -1) > RANK[decision]
        ), asked


def adding_a_deny(judge: Callable[[Json], Report], drawn: tuple[Json, Json]) -> None:
    statements, further = drawn
    before, after = decisions(judge(statements)), decisions(judge([*statements, further]))
    assert after.keys() >= before.keys()
    for asked, decision in before.items():
        assert RANK.get(after[asked], 0) <= RANK.get(decision, 0), asked
        assert decision != "explicit_deny" or after[asked] == "explicit_deny", asked


def renaming(judge: Callable[[Json], Report], statements: Json) -> None:
    def named(name: str) -> str:
        report = judge([{"Sid": f"{name}{number}", **one} for number, one in enumerate(statements)]).to_dict()
        for key in report["keys"]:
            for finding in key["findings"]:
                assert finding.pop("fingerprint")  # made of the Sid among others
        return json.dumps(report)

    assert named("Name") == named("Wort").replace("Wort", "Name")


def _recased(statement: Json) -> Json:
    changed = copy.deepcopy(statement)
    action = changed["Action"]
    changed["Action"] = [one.swapcase() for one in action] if isinstance(action, list) else action.swapcase()
    for operator, block in changed.get("Condition", {}).items():
        changed["Condition"][operator] = {name.swapcase(): value for name, value in block.items()}
    return changed


def case_of_names(judge: Callable[[Json], Report], statements: Json) -> None:
    before, after = judge(statements), judge([_recased(one) for one in statements])
    numbers = range(len(statements))
    assert decisions(after) == decisions(before)
    assert deciding(after, numbers) == deciding(before, numbers)
    assert found(after) == found(before)
    assert after.verdict == before.verdict


# What is wrong with the judges that break them.


def _forgets_the_last(statements: Json) -> Report:
    return check(statements[:-1] or statements)


def _reads_first_values(statements: Json) -> Report:
    def first(value: Json) -> Json:
        return value[0] if isinstance(value, list) else value

    return check([one | {"Action": first(one["Action"])} for one in statements])


def _lets_the_last_decide(statements: Json) -> Report:
    return check([one for one in statements if one["Effect"] == statements[-1]["Effect"]])


def _takes_deny_for_allow(statements: Json) -> Report:
    return check([one | {"Effect": "Allow"} for one in statements])


def _believes_names(statements: Json) -> Report:
    return check([one for one in statements if one.get("Sid") != "Wort0"] or statements)


def _compares_case(statements: Json) -> Report:
    return check([one for one in statements if not str(one["Action"]).startswith(("KMS", "['KMS"))] or [ACCOUNT])


_MORE_ALLOWS = st.tuples(_LISTS, _statements(("Allow",)))
_MORE_DENIALS = st.tuples(_LISTS, _statements(("Deny",)))
LAWS: dict[str, tuple[Any, st.SearchStrategy[Any], Callable[[Json], Report]]] = {
    "order of statements": (
        order_of_statements,
        st.tuples(_LISTS, st.randoms(use_true_random=False)),
        _forgets_the_last,
    ),
    "order of values": (order_of_values, _LISTS, _reads_first_values),
    "splitting": (splitting, _LISTS, _reads_first_values),
    "adding an Allow": (adding_an_allow, _MORE_ALLOWS, _lets_the_last_decide),
    "adding a Deny": (adding_a_deny, _MORE_DENIALS, _takes_deny_for_allow),
    "renaming": (renaming, _LISTS, _believes_names),
    "case of names": (case_of_names, _LISTS, _compares_case),
}


@pytest.mark.parametrize("name", LAWS)
def test_a_check_obeys_the_law(name: str) -> None:
    law, strategy, _ = LAWS[name]
    decided: Counter[str] = Counter()

    def judge(statements: Json) -> Report:
        report = check(statements)
        decided.update(decisions(report).values())
        return report

    @random_cases(30)
    @given(strategy)
    def holds(drawn: Any) -> None:
        law(judge, drawn)

    holds()
    assert decided.keys() >= {"allow", "implicit_deny", "explicit_deny"}, decided


@pytest.mark.parametrize("name", LAWS)
def test_a_check_that_breaks_the_law_is_found_out(name: str) -> None:
    law, strategy, broken = LAWS[name]

    @settings(random_cases(200), phases=(Phase.generate,), report_multiple_bugs=False)
    @given(strategy)
    def holds(drawn: Any) -> None:
        law(broken, drawn)

    with pytest.raises(AssertionError):
        holds()


GOOD = [
    ACCOUNT,
    {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["kms:GenerateDataKey*", "kms:DescribeKey", "kms:Decrypt"],
        "Resource": "*",
        "Condition": {"ArnEquals": {"aws:SourceArn": [TRAIL, STORE]}},
    },
    {"Effect": "Allow", "Principal": {"AWS": [BOB, ALICE]}, "Action": "kms:Decrypt", "Resource": "*"},
]


@pytest.mark.parametrize(
    ("value", "other"),
    [(TRAIL, TRAIL.replace("management", "Management")), (BOB, BOB.lower()), ("cloudtrail.am", "CloudTrail.am")],
)
def test_case_of_values_matters(value: str, other: str) -> None:
    before = check(GOOD)
    after = check(json.loads(json.dumps(GOOD).replace(value, other)))
    assert decisions(after) != decisions(before)
