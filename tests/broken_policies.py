"""Key policies broken in the ways in which people break them, and the many ways to write one down."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

Json = Any

SERVICE = {"Service": "cloudtrail.amazonaws.com"}
CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"

# One value of a statement.

VALUES: list[Callable[[str], str]] = [
    lambda value: value.replace("111111111111", "999999999999"),
    lambda value: value.replace("111111111111", "11111111111"),
    lambda value: value.replace("us-east-1", "ap-south-1").replace("cn-north-1", "cn-northwest-1"),
    lambda value: value.replace("arn:aws", "arn:aws-iso"),
    lambda value: value.replace("trail/trail-", "trail/other-"),
    lambda value: value.replace("trail/trail-0", "trail/trail-*"),
    lambda value: value.replace("eventdatastore/", "trail/"),
    lambda value: value.replace(":", "=", 1),
    lambda value: value.replace("*", ""),
    lambda value: value.replace("amazonaws.com", "us-east-1.amazonaws.com"),
    lambda value: value.replace("amazonaws.com", "amazonaws.com.cn"),
    lambda value: value.rpartition(":")[0] + ":*",
    str.swapcase,
    lambda value: f"{value} ",
    lambda value: f"{value}*",
    lambda value: f"${{aws:SourceAccount}}{value}",
    lambda _: "*",
    lambda _: "",
    lambda _: "kms:ListAliases",
]
ODD: list[Json] = [None, 7, True, [], {}, [[]], {"Ref": "Key"}]

# Parts of a statement.

PRINCIPALS: list[Json] = [
    "*",
    {"AWS": "*"},
    {"AWS": "cloudtrail.amazonaws.com"},
    {"AWS": "arn:aws:iam::111111111111:role/Nobody"},
    {"AWS": "AROAEXAMPLEEXAMPLE123"},
    {"AWS": ["arn:aws:iam::111111111111:group/Readers", "arn:aws:iam::111111111111:user/*"]},
    {"Service": "arn:aws:iam::111111111111:root"},
    {"Service": "delivery.logs.amazonaws.com"},
    {"Service": ["s3.amazonaws.com", "cloudtrail.amazonaws.com"]},
    {"Federated": "cognito-identity.amazonaws.com"},
    {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
    "cloudtrail.amazonaws.com",
    {"AWS": "arn:aws:iam::999999999999:root"},
]
UNTOLD: list[Json] = [
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"StringEquals": {"aws:PrincipalTag/team": "security"}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
]
"""Conditions on what nobody tells here of people's requests."""
CONDITIONS: list[Json] = [
    *UNTOLD,
    {"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:*:111111111111:trail/*"}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-zzzzzzzzzz"}},
    {"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}},
    {"StringEquals": {"aws:SourceAccount": "999999999999"}},
    {"StringEqualsIfExists": {"aws:SourceAccount": "111111111111"}},
    {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
    {"StringLike": {CONTEXT: "arn:aws:cloudtrail:*:999999999999:trail/*"}},
    {"StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::example-logs*"}},
    {"Null": {CONTEXT: "true"}},
    {"Null": {"aws:SourceArn": True}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}},
    {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
    {"ForAllValues:StringEquals": {"aws:TagKeys": ["x"]}},
    {"StringEqual": {"aws:SourceArn": "x"}},
    {},
    [],
]
ADDED: list[Json] = [
    {"Sid": "NotOurs", "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    | {"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
    {"Effect": "Deny", "Principal": "*", "Action": "kms:GenerateDataKey*", "Resource": "*"}
    | {"Condition": {"Null": {"aws:SourceArn": "true"}}},
    {"Effect": "Deny", "Principal": SERVICE, "Action": "kms:Decrypt", "Resource": "*"},
    {"Effect": "Deny", "Principal": {"AWS": "*"}, "NotAction": "kms:Describe*", "Resource": "*"}
    | {"Condition": {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}},
    {"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "kms:*", "Resource": "*"},
    {"Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "*"},
    {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    | {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
    | {"Condition": {"StringEquals": {"kms:CallerAccount": "111111111111"}}},
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:root"}, "Action": "kms:*", "Resource": "*"},
    {"Effect": "Allow", "Principal": SERVICE, "Action": "kms:*", "Resource": "*"},
    {"Sid": "<script>\u202e\u001b]0;x\u0007", "Effect": "Allow", "Principal": SERVICE, "Action": "kms:Describe*"}
    | {"Resource": "*"},
]


def _leaves(value: Json, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [leaf for name, one in value.items() for leaf in _leaves(one, (*path, name))]
    if isinstance(value, list):
        return [leaf for index, one in enumerate(value) for leaf in _leaves(one, (*path, index))]
    return [path]


def _another_value(statements: Json, index: int, random: Random) -> None:
    leaves = _leaves(statements[index])
    if not leaves:
        return
    *way, last = random.choice(leaves)
    owner = statements[index]
    for step in way:
        owner = owner[step]
    old = owner[last]
    owner[last] = random.choice(VALUES)(old) if isinstance(old, str) and random.randrange(8) else random.choice(ODD)


def _another_condition(statements: Json, index: int, random: Random) -> None:
    old, new = statements[index].get("Condition"), copy.deepcopy(random.choice(CONDITIONS))
    merged = {**old, **new} if isinstance(old, dict) and isinstance(new, dict) and random.randrange(3) else new
    statements[index]["Condition"] = merged


def _guarded_person(statements: Json, index: int, random: Random) -> None:
    """A condition of which nobody tells whether it holds, on a statement for people."""
    people = [one for one in statements if isinstance(one.get("Principal"), dict) and "AWS" in one["Principal"]]
    if people:
        one = people[index % len(people)]
        old, new = one.get("Condition", {}), copy.deepcopy(random.choice(UNTOLD))
        one["Condition"] = {**old, **new} if isinstance(old, dict) else new


def _renamed_element(statements: Json, index: int, random: Random) -> None:
    name = random.choice(["Principal", "Action", "Resource"])
    if name in statements[index]:
        new = random.choice([f"Not{name}", name.lower(), f"{name}s"])
        statements[index] = {new if key == name else key: value for key, value in statements[index].items()}


def _lost_element(statements: Json, index: int, random: Random) -> None:
    statements[index].pop(random.choice(["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]), None)


def _further_statement(statements: Json, index: int, random: Random) -> None:
    statements.insert(index, copy.deepcopy(random.choice([*ADDED, statements[index]])))


def _lost_statement(statements: Json, index: int, _: Random) -> None:
    if len(statements) > 1:
        del statements[index]


def _set(name: str, values: list[Json]) -> Callable[[Json, int, Random], None]:
    def change(statements: Json, index: int, random: Random) -> None:
        statements[index][name] = copy.deepcopy(random.choice(values))

    return change


def _same_sid(statements: Json, index: int, random: Random) -> None:
    statements[index]["Sid"] = random.choice(statements).get("Sid", "AllowCloudTrailEncrypt")


BREAKS: list[Callable[[Json, int, Random], None]] = [
    _lost_statement,
    _lost_statement,
    _another_value,
    _another_value,
    _another_value,
    _another_condition,
    _guarded_person,
    _guarded_person,
    _further_statement,
    _renamed_element,
    _lost_element,
    _same_sid,
    _set("Principal", PRINCIPALS),
    _set("Effect", ["Deny", "allow", "Maybe"]),
    _set("Action", ["kms:ListAliases", "kms:*", "*", "kms:Decrypt", ["kms:DescribeKey", "kms:GenerateDataKey"]]),
    _set("Resource", ["arn:aws:s3:::example-logs/*", "arn:aws:kms:*:111111111111:key/*", "key/*"]),
    _set("Sid", ["AllowCloudTrailEncrypt", "AllowCloudTrailDecrypt2", "with spaces", "\u202eSid\u001b[2J", "S" * 3000]),
]


def broken(policy: Json, random: Random) -> Json:
    """The policy with one to three mistakes."""
    policy = copy.deepcopy(policy)
    statements = policy["Statement"]
    for _ in range(random.choice([1, 1, 2, 3])):
        random.choice(BREAKS)(statements, random.randrange(len(statements)), random)
    if not random.randrange(12):
        policy["Version"] = random.choice(["2008-10-17", "2012-10-18", 2012])
    return policy


# How it is written.


def _odd_space(random: Random) -> str:
    return random.choice(["", "", " ", "\n", "\r\n", "\t", "  \n      ", "\n\n\n"])


def _written_oddly(value: Json, random: Random) -> str:
    def space() -> str:
        return _odd_space(random)

    if isinstance(value, dict) and value:
        members = [
            f"{space()}{_written_oddly(name, random)}{space()}:{space()}{_written_oddly(one, random)}{space()}"
            for name, one in value.items()
        ]
        return "{" + ",".join(members) + "}"
    if isinstance(value, list) and value:
        return "[" + ",".join(space() + _written_oddly(one, random) + space() for one in value) + "]"
    if isinstance(value, str) and not random.randrange(6):
        return '"' + "".join(rf"\u{ord(char):04x}" if ord(char) < 0x10000 else char for char in value) + '"'
    return json.dumps(value, ensure_ascii=bool(random.randrange(2)))


def _in_a_command_s_output(value: Json, random: Random) -> str:
    policy = json.dumps(value, indent=random.choice([None, 2]))
    return json.dumps({"Policy": policy, "PolicyName": "default"}, indent=4) + "\n"


def _in_block_style(value: Json, random: Random) -> str:
    width = random.choice([40, 1000])
    text: str = yaml.safe_dump(value, sort_keys=False, width=width, indent=random.choice([2, 4]))
    comment = random.choice(["", "# The key of the trails.\n"])
    return comment + (text.replace("\n", "\r\n") if not random.randrange(4) else text)


WRITTEN: list[Callable[[Json, Random], str]] = [
    lambda value, _: json.dumps(value, indent=2),
    lambda value, _: json.dumps(value, indent=4) + "\n",
    lambda value, _: json.dumps(value, indent="\t").replace("\n", "\r\n"),
    lambda value, _: json.dumps(value),
    lambda value, _: json.dumps(value, separators=(",", ":")) + "\n",
    lambda value, _: json.dumps(value["Statement"], indent=3),
    lambda value, random: _written_oddly(value, random) + _odd_space(random),
    _written_oddly,
    _in_a_command_s_output,
    _in_block_style,
]

SHOWN_OTHERWISE = (_in_a_command_s_output,)
"""What a diff shows by the policy in it."""
RANDOM = st.randoms(use_true_random=False)
