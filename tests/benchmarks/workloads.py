"""The documents and expectations that are measured: a typical key, and ones that grow in one direction at a time."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import Any

Json = Any

ACCOUNT = "111111111111"
OTHER_ACCOUNT = "222222222222"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
STORE = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"
SERVICE = {"Service": "cloudtrail.amazonaws.com"}
CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"
READERS = (
    f"arn:aws:iam::{ACCOUNT}:user/Bob",
    f"arn:aws:iam::{ACCOUNT}:role/Security",
    f"arn:aws:iam::{ACCOUNT}:role/Audit",
    f"arn:aws:iam::{OTHER_ACCOUNT}:role/Forensics",
)
_LONG_NAME = "management-and-data-events-of-every-account-of-the-organization"
ADMINISTRATION = [
    *(f"kms:{verb}*" for verb in ("Create", "Describe", "Enable", "List", "Put", "Update", "Revoke", "Disable")),
    *("kms:Get*", "kms:Delete*", "kms:TagResource", "kms:UntagResource"),
    *("kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"),
]


@dataclass(frozen=True)
class Case:
    """A key policy and what is expected of its key."""

    document: Json
    expected: Json
    key: str = KEY

    @property
    def text(self) -> str:
        """The policy as a file would have it."""
        return json.dumps(self.document, indent=2)


def trail_arn(number: int, account: str = ACCOUNT) -> str:
    """The ARN of one of many trails."""
    return f"arn:aws:cloudtrail:us-east-1:{account}:trail/trail-{number}"


def statement(sid: str, principal: Json, action: Json, condition: Json = None) -> dict[str, Json]:
    """An Allow statement."""
    made = {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return made | ({"Condition": condition} if condition is not None else {})


def trail(key: str, readers: tuple[str, ...], bucket_key: bool) -> dict[str, Json]:
    """Expectations of one trail."""
    bucket = {"name": "example-logs", "region": "us-east-1", "bucket_key": bucket_key}
    return {"key": key, "bucket": bucket, "readers": {reader: {} for reader in readers}}


def typical() -> Case:
    """What most keys are like: 8 statements, 2 trails, 1 event data store, 4 readers; it passes."""
    trails = [trail_arn(1), trail_arn(2)]
    statements = [
        statement("EnableIAMUserPermissions", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*"),
        statement("Administer", {"AWS": f"arn:aws:iam::{ACCOUNT}:role/KeyAdmin"}, ADMINISTRATION),
        statement("EncryptTrails", SERVICE, "kms:GenerateDataKey*", _only(trails)),
        statement("DecryptTrails", SERVICE, "kms:Decrypt", {"StringEquals": {"aws:SourceArn": trails}}),
        statement("Describe", SERVICE, "kms:DescribeKey"),
        statement("Store", SERVICE, ["kms:GenerateDataKey", "kms:Decrypt"], {"Null": {"aws:SourceArn": "true"}}),
        statement("Read", {"AWS": list(READERS)}, "kms:Decrypt", {"Null": {CONTEXT: "false"}}),
        statement("Query", {"AWS": list(READERS[:2])}, ["kms:Decrypt", "kms:GenerateDataKey"]),
    ]
    expected = {
        "accounts": {ACCOUNT: {"name": "security"}, OTHER_ACCOUNT: {"name": "forensics"}},
        "keys": {KEY: {"aliases": {"alias/cloudtrail": {}}}},
        "trails": {arn: trail(KEY, READERS, bucket_key=at == 0) for at, arn in enumerate(trails)},
        "event_data_stores": {STORE: {"key": KEY, "users": {reader: {} for reader in READERS[:2]}}},
        "principals": {READERS[3]: {"identity_policies": {"read": _reading()}}},
    }
    return Case(_policy(statements), expected)


def typical_failing() -> Case:
    """The typical key with common mistakes: a wrong Region, an encryption context where there is none, no readers."""
    case = copy.deepcopy(typical())
    statements = case.document["Statement"]
    statements[2]["Condition"]["StringEquals"]["aws:SourceArn"] = [
        trail_arn(1).replace("us-east-1", "eu-west-1"),
        trail_arn(2),
    ]
    statements[4]["Condition"] = {"StringLike": {CONTEXT: f"arn:aws:cloudtrail:*:{ACCOUNT}:trail/*"}}
    statements[6]["Principal"] = {"AWS": list(READERS[:1])}
    return case


def statements(count: int, *, failing: bool) -> Case:
    """The typical key with as many statements as wanted; failing ones each let CloudTrail do too much."""
    case = copy.deepcopy(typical())
    sensible = case.document["Statement"]
    more = [_one_more(number, failing=failing) for number in range(count - len(sensible))]
    case.document["Statement"] = (more + sensible)[:count] if failing else [*sensible, *more][:count]
    return case


def trails(count: int, *, failing: bool) -> Case:
    """A key of many trails; in the failing one the statements know half of them."""
    arns = [trail_arn(number) for number in range(count)]
    known = arns[::2] if failing else arns
    made = [
        statement("EnableIAMUserPermissions", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*"),
        statement("EncryptTrails", SERVICE, "kms:GenerateDataKey*", _only(known)),
        statement("Describe", SERVICE, "kms:DescribeKey"),
        statement("Read", {"AWS": list(READERS[:2])}, "kms:Decrypt", {"Null": {CONTEXT: "false"}}),
    ]
    expected = {"keys": {KEY: {}}, "trails": {arn: trail(KEY, READERS[:2], bucket_key=False) for arn in arns}}
    return Case(_policy(made), expected)


def wildcards(count: int, *, failing: bool) -> Case:
    """The typical key with that many wildcards in the patterns for its trails, of which none or only the last fits."""
    case = copy.deepcopy(typical())
    names = ["".join(f"*{letter}" for letter in _LONG_NAME[:wild]) for wild in _split_up(count, len(_LONG_NAME))]
    misfits = [f"{name}x" for name in (names if failing else names[:-1])]
    fitting = [] if failing else [f"{names[-1]}*"]
    patterns = [f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/{name}" for name in [*misfits, *fitting]]
    trail_names = {trail_arn(number): trail_arn(number).replace("trail-", f"{_LONG_NAME}-") for number in (1, 2)}
    case.expected["trails"] = {trail_names[arn]: entry for arn, entry in case.expected["trails"].items()}
    for at in (2, 3):
        case.document["Statement"][at]["Condition"] = {"StringLike": {"aws:SourceArn": patterns}}
    return case


def _split_up(count: int, most: int) -> list[int]:
    return [min(most, count - start) for start in range(0, count, most)]


def keys(count: int) -> Json:
    """Expectations of many keys, each with a trail of its own."""
    arns = [key_arn(number) for number in range(count)]
    return {
        "keys": {arn: {"aliases": {f"alias/cloudtrail-{number}": {}}} for number, arn in enumerate(arns)},
        "trails": {trail_arn(number): trail(arn, READERS[:2], bucket_key=False) for number, arn in enumerate(arns)},
    }


def key_arn(number: int, account: str = ACCOUNT) -> str:
    """The ARN of one of many keys."""
    return f"arn:aws:kms:us-east-1:{account}:key/{number:08x}-12ab-34cd-56ef-1234567890ab"


def policy_of_key(number: int, *, failing: bool) -> Json:
    """The policy of one of many keys."""
    named = trail_arn(number + 1 if failing else number)
    return _policy(
        [
            statement("EnableIAMUserPermissions", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*"),
            statement("EncryptTrails", SERVICE, "kms:GenerateDataKey*", _only([named])),
            statement("Describe", SERVICE, "kms:DescribeKey"),
            statement("Read", {"AWS": list(READERS[:2])}, "kms:Decrypt", {"Null": {CONTEXT: "false"}}),
        ]
    )


def _policy(made: list[dict[str, Json]]) -> Json:
    return {"Version": "2012-10-17", "Statement": made}


def _only(trails: list[str]) -> Json:
    return {
        "StringEquals": {"aws:SourceArn": trails},
        "StringLike": {CONTEXT: f"arn:aws:cloudtrail:*:{ACCOUNT}:trail/*"},
    }


def _one_more(number: int, *, failing: bool) -> dict[str, Json]:
    if failing:
        source = {"StringEquals": {"aws:SourceArn": trail_arn(number + 1000)}}
        return statement(f"Broad{number}", SERVICE, ["kms:GenerateDataKey*", "kms:Encrypt"], source)
    return statement(f"Application{number}", {"AWS": f"arn:aws:iam::{ACCOUNT}:role/app-{number}"}, "kms:DescribeKey")


def _reading() -> Json:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY}]}
