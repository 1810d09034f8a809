"""Fingerprints: the same finding has the same one however the file is written, and no other finding has it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenarios import SCENARIOS

from ctkms_opa import Checker
from ctkms_opa.fingerprint import fingerprint

KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY = KEY.replace("1234abcd", "9999abcd")
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
STATEMENT = {"Sid": "A", "Effect": "Allow", "Principal": {"AWS": ["*", "b"]}, "Action": "kms:*", "Resource": "*"}
POLICY = {"Statement": [STATEMENT, {"Sid": "B"}]}


def found(**fields: object) -> dict[str, object]:
    values = {"rule": "KP-X", "key": KEY, "subject": TRAIL, "statement": {"index": 0, "sid": "A"}, "msg": f"no {TRAIL}"}
    return values | fields


SAME: dict[str, tuple[dict[str, object], object]] = {
    "the rule's case": (found(rule="kp-x"), POLICY),
    "another place in the policy": (found(statement={"index": 1, "sid": "A"}), {"Statement": [{}, STATEMENT]}),
    "a single statement": (found(), {"Statement": STATEMENT}),
    "other words": (found(msg=f"statement 3 does not allow {TRAIL}, alas"), POLICY),
    "the order of members": (found(), {"Statement": [dict(reversed(STATEMENT.items()))]}),
    "the order of values": (found(), {"Statement": [STATEMENT | {"Principal": {"AWS": ["b", "*"]}}]}),
    "a list of one": (found(), {"Statement": [STATEMENT | {"Action": ["kms:*"]}]}),
}
OTHER: dict[str, tuple[dict[str, object], object]] = {
    "rule": (found(rule="KP-Y"), POLICY),
    "key": (found(key=OTHER_KEY), POLICY),
    "subject": (found(subject=TRAIL + "2"), POLICY),
    "no subject": (found(subject=None), POLICY),
    "no statement": (found(statement=None), POLICY),
    "another statement": (found(statement={"index": 1, "sid": "B"}), POLICY),
    "a changed statement": (found(), {"Statement": [STATEMENT | {"Action": "kms:Decrypt"}]}),
    "one value more": (found(), {"Statement": [STATEMENT | {"Principal": {"AWS": ["*", "b", "c"]}}]}),
    "another reader": (found(msg="no arn:aws:iam::111111111111:user/Bob"), POLICY),
    "another action": (found(msg=f"no kms:Decrypt for {TRAIL}"), POLICY),
    "no policy": (found(), None),
}


@pytest.mark.parametrize(("one", "policy"), SAME.values(), ids=SAME)
def test_the_same_finding(one: dict[str, object], policy: object) -> None:
    assert fingerprint(one, policy, "policy.json") == fingerprint(found(), POLICY, "policy.json")


@pytest.mark.parametrize(("one", "policy"), OTHER.values(), ids=OTHER)
def test_another_finding(one: dict[str, object], policy: object) -> None:
    assert fingerprint(one, policy, "policy.json") != fingerprint(found(), POLICY, "policy.json")


def test_a_file_is_the_same_however_its_path_is_spelled() -> None:
    spelled = fingerprint(found(key="./a//b.json"), POLICY, "./a//b.json")
    assert spelled == fingerprint(found(key="a/b.json"), POLICY, "a/b.json")


def test_keys_of_one_name_in_two_files_are_two() -> None:
    first, second = (fingerprint(found(key="TrailKey"), POLICY, file) for file in ("a.yaml", "b.yaml"))
    assert first != second
    assert first == fingerprint(found(key="TrailKey"), POLICY, "./a.yaml")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_any_statement_will_do(statement: Any) -> None:
    digest = fingerprint(found(), {"Statement": [statement]}, "policy.json")
    assert len(digest) == 64
    same = json.loads(json.dumps({"Statement": [statement]}, indent=3, sort_keys=True))
    assert digest == fingerprint(found(), same, "policy.json")


def test_a_statement_put_before_the_others_changes_no_fingerprint() -> None:
    """On every scenario: the new statement may bring findings of its own, and takes none of the others'."""
    new = {
        "Sid": "Zzz",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111111111111:role/Unrelated"},
        "Action": "kms:TagResource",
        "Resource": KEY,
    }
    compared = 0
    for scenario in SCENARIOS:
        document = scenario.document
        checker = Checker(scenario.expected, key=KEY)
        before = checker.check_policy(json.dumps(document))
        if (
            not isinstance(document, dict)
            or not isinstance(document.get("Statement"), list)
            or not before.keys[0].judged
        ):
            continue
        moved = copy.deepcopy(document)
        moved["Statement"].insert(0, new)
        after = {one.fingerprint for one in checker.check_policy(json.dumps(moved)).findings}
        missing = [one.rule for one in before.findings if one.fingerprint not in after]
        assert not missing, scenario.name
        compared += len(before.findings)
    assert compared > 100
