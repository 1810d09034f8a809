"""Key policies with the verdict that a correct checker gives, after AWS's pages and mistakes that people really made.

Each scenario is a document, expectations (the object under ``data.expected``), the verdict, and the rules that must or
must not report. The same scenarios hold the bridge to its verdicts and the engines to each other.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any

KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
OTHER_ACCOUNT_TRAIL = "arn:aws:cloudtrail:us-east-1:222222222222:trail/member-events"
STORE = "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"
BOB = "arn:aws:iam::111111111111:user/Bob"
ALICE = "arn:aws:iam::222222222222:user/Alice"
SESSION = "arn:aws:sts::111111111111:assumed-role/CloudTrailReadRole/session"
READ_ROLE = "arn:aws:iam::111111111111:role/CloudTrailReadRole"

Json = Any


@dataclass(frozen=True)
class Scenario:
    """A document to judge, and what a correct checker says of it."""

    name: str
    document: Json
    expected: dict[str, Json]
    verdict: str
    errors: frozenset[str] = field(default_factory=frozenset)
    """Rules that must report an error; an empty set for scenarios that must be free of errors."""
    present: frozenset[str] = field(default_factory=frozenset)
    """Rules that must report at any level."""
    absent: frozenset[str] = field(default_factory=frozenset)
    """Rules that must not report at all."""


def statement(sid: str, principal: Json, action: Json, condition: Json = None, resource: Json = "*") -> dict[str, Json]:
    """An Allow statement."""
    made = {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return made | ({"Condition": condition} if condition is not None else {})


def policy(*statements: dict[str, Json]) -> dict[str, Json]:
    """A policy document of independent copies of the statements."""
    return {"Version": "2012-10-17", "Statement": copy.deepcopy(list(statements))}


SERVICE = {"Service": "cloudtrail.amazonaws.com"}
CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"
OBJECT = "kms:EncryptionContext:aws:s3:arn"


def any_trail_of(account: str) -> str:
    """AWS's pattern for the trails of an account."""
    return f"arn:aws:cloudtrail:*:{account}:trail/*"


ROOT = statement("Enable IAM User Permissions", {"AWS": "arn:aws:iam::111111111111:root"}, "kms:*")
# The numbers are those of the examples on the page, in its order; r marks one whose missing comma was put in.
EXAMPLE_1 = statement(
    "Allow CloudTrail to encrypt logs",
    SERVICE,
    "kms:GenerateDataKey*",
    {"StringLike": {CONTEXT: [any_trail_of("111111111111")]}, "StringEquals": {"aws:SourceArn": TRAIL}},
    KEY,
)
EXAMPLE_2 = statement("Allow CloudTrail to encrypt event data store", SERVICE, "kms:GenerateDataKey", None, KEY)
EXAMPLE_3 = statement(
    "Enable CloudTrail Encrypt Permissions",
    SERVICE,
    "kms:GenerateDataKey*",
    {
        "StringLike": {CONTEXT: [any_trail_of("111111111111"), any_trail_of("222222222222")]},
        "StringEquals": {"aws:SourceArn": TRAIL},
    },
    KEY,
)
EXAMPLE_4 = statement(
    "Enable CloudTrail log decrypt permissions", {"AWS": BOB}, "kms:Decrypt", {"Null": {CONTEXT: "false"}}
)
EXAMPLE_5R = statement("Allow CloudTrail to decrypt a trail", SERVICE, "kms:Decrypt")
EXAMPLE_6R = statement(
    "Enable user key permissions for event data stores", {"AWS": BOB}, ["kms:Decrypt", "kms:GenerateDataKey"]
)
EXAMPLE_7R = statement("Allow CloudTrail to decrypt an event data store", SERVICE, "kms:Decrypt")
EXAMPLE_8 = EXAMPLE_4 | {"Resource": KEY}
EXAMPLE_9 = statement(
    "Enable encrypted CloudTrail log read access",
    {"AWS": ["arn:aws:iam::222222222222:root"]},
    "kms:Decrypt",
    {"Null": {CONTEXT: "false"}},
    KEY,
)
EXAMPLE_10 = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY}]}
EXAMPLE_11 = EXAMPLE_9 | {"Principal": {"AWS": [READ_ROLE]}}
EXAMPLE_11_AS_PRINTED = EXAMPLE_9 | {"Principal": {"AWS": ["arn:aws:iam::11111111111:role/CloudTrailReadRole"]}}
EXAMPLE_12 = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Action": "sts:AssumeRole",
        }
    ],
}
EXAMPLE_13 = statement(
    "Allow CloudTrail access", SERVICE, "kms:DescribeKey", {"StringEquals": {"aws:SourceArn": TRAIL}}, KEY
)


def trail(readers: tuple[str, ...] = (), **members: Json) -> dict[str, Json]:
    """Expectations of one trail that uses the key."""
    return {
        "keys": {KEY: {}},
        "trails": {TRAIL: {"key": KEY, "readers": {reader: {} for reader in readers}, **members}},
    }


def store(users: tuple[str, ...] = (), **members: Json) -> dict[str, Json]:
    """Expectations of one event data store that uses the key."""
    return {
        "keys": {KEY: {}},
        "event_data_stores": {STORE: {"key": KEY, "users": {user: {} for user in users}, **members}},
    }


def described(expected: dict[str, Json], **metadata: Json) -> dict[str, Json]:
    """Expectations with what is known of the key itself."""
    return expected | {"keys": {KEY: {"metadata": metadata}}}


def bucket(*, bucket_key: bool) -> dict[str, Json]:
    """The trail's bucket, with or without an S3 Bucket Key."""
    return {"name": "example-logs", "account": "111111111111", "region": "us-east-1", "bucket_key": bucket_key}


def changed(original: dict[str, Json], path: tuple[str, ...], value: Json) -> dict[str, Json]:
    """A copy of a statement with the value at a path replaced."""
    copied = copy.deepcopy(original)
    inner = copied
    for member in path[:-1]:
        inner = inner[member]
    inner[path[-1]] = value
    return copied


SOURCE_ARN = ("Condition", "StringEquals", "aws:SourceArn")
FULL_TRAIL = policy(ROOT, EXAMPLE_1, EXAMPLE_4, EXAMPLE_5R, EXAMPLE_13)
FULL_STORE = policy(ROOT, EXAMPLE_2, EXAMPLE_6R, EXAMPLE_7R)

_CALLER_ACCOUNT = {
    "StringEquals": {"kms:CallerAccount": "111111111111"},
    "StringLike": {CONTEXT: any_trail_of("111111111111")},
}
CONSOLE_TRAIL = policy(
    ROOT,
    statement(
        "Allow CloudTrail to encrypt logs",
        SERVICE,
        "kms:GenerateDataKey*",
        {"StringEquals": {"aws:SourceArn": TRAIL}, "StringLike": {CONTEXT: any_trail_of("111111111111")}},
    ),
    statement("Allow CloudTrail to describe key", SERVICE, "kms:DescribeKey"),
    statement(
        "Allow principals in the account to decrypt log files",
        {"AWS": "*"},
        ["kms:Decrypt", "kms:ReEncryptFrom"],
        _CALLER_ACCOUNT,
    ),
    statement(
        "Enable cross account log decryption", {"AWS": "*"}, ["kms:Decrypt", "kms:ReEncryptFrom"], _CALLER_ACCOUNT
    ),
)
CONSOLE_TRAIL_2023 = policy(
    ROOT,
    statement(
        "Allow CloudTrail to encrypt logs",
        SERVICE,
        "kms:GenerateDataKey*",
        {"StringLike": {CONTEXT: [any_trail_of("111111111111")]}},
    ),
    *CONSOLE_TRAIL["Statement"][2:4],
    statement(
        "Allow alias creation during setup",
        {"AWS": "*"},
        "kms:CreateAlias",
        {"StringEquals": {"kms:CallerAccount": "111111111111", "kms:ViaService": "ec2.us-east-1.amazonaws.com"}},
    ),
    CONSOLE_TRAIL["Statement"][4],
)
CONSOLE_STORE = policy(
    statement(
        "The key created by CloudTrail to encrypt event data stores",
        SERVICE,
        ["kms:GenerateDataKey", "kms:Decrypt"],
    ),
    ROOT,
    statement(
        "Enable user to have permissions",
        {"AWS": "arn:aws:sts::111111111111:assumed-role/example-role-name"},
        ["kms:Decrypt", "kms:GenerateDataKey"],
    ),
)

OBJECTS_ONLY = changed(EXAMPLE_1, ("Condition", "StringLike", OBJECT), "arn:aws:s3:::example-logs/*")
DENY_OUTSIDERS = {
    "Sid": "DenyOutsideTheOrganization",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "kms:*",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
}
DENY_READ_ROLE = DENY_OUTSIDERS | {
    "Action": "kms:Decrypt",
    "Condition": {"ArnLike": {"aws:PrincipalArn": READ_ROLE}},
}
DENY_SYMMETRIC = DENY_OUTSIDERS | {"Condition": {"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT"}}}
DENY_SINGLE_REGION = DENY_OUTSIDERS | {"Condition": {"Bool": {"kms:MultiRegion": "false"}}}
ON_THE_KEY = {
    "StringEquals": {
        "kms:KeySpec": "SYMMETRIC_DEFAULT",
        "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        "aws:ResourceAccount": "111111111111",
    }
}
ORGANIZATION = {"organization": {"id": "o-a1b2c3d4e5", "management_account": "111111111111"}}
MEMBER_ONLY = changed(EXAMPLE_1, ("Condition", "StringLike", CONTEXT), [any_trail_of("222222222222")])


def _scenario(  # noqa: PLR0917 - a table reads best as a table
    name: str,
    document: Json,
    expected: dict[str, Json],
    verdict: str,
    errors: tuple[str, ...] = (),
    present: tuple[str, ...] = (),
    absent: tuple[str, ...] = (),
) -> Scenario:
    return Scenario(name, document, expected, verdict, frozenset(errors), frozenset(present), frozenset(absent))


SCENARIOS = [
    # The page's examples in its own composites.
    _scenario("trail complete", FULL_TRAIL, trail((BOB,)), "pass"),
    _scenario("trail complete with bucket key", FULL_TRAIL, trail((BOB,), bucket=bucket(bucket_key=True)), "pass"),
    _scenario(
        "trail without service decrypt",
        policy(ROOT, EXAMPLE_1, EXAMPLE_4, EXAMPLE_13),
        trail((BOB,), bucket=bucket(bucket_key=False)),
        "pass",
        present=("CT-TRAIL-DECRYPT-SVC",),
        absent=("CT-TRAIL-BUCKETKEY-SET",),
    ),
    _scenario(
        "bucket key without service decrypt",
        policy(ROOT, EXAMPLE_1, EXAMPLE_4, EXAMPLE_13),
        trail((BOB,), bucket=bucket(bucket_key=True)),
        "fail",
        ("CT-TRAIL-BUCKETKEY-SET",),
    ),
    _scenario("trail without listed readers", policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13), trail(), "pass"),
    _scenario("store complete", FULL_STORE, store((BOB,)), "pass", present=("CT-EDS-DESCRIBE",)),
    _scenario(
        "store with the trail's describe statement",
        policy(ROOT, EXAMPLE_2, EXAMPLE_6R, EXAMPLE_7R, EXAMPLE_13),
        store((BOB,)),
        "pass",
        present=("CT-EDS-DESCRIBE",),
    ),
    _scenario(
        "a trail's policy for a store",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13),
        store(),
        "fail",
        ("CT-EDS-ENCRYPT", "CT-EDS-NO-SOURCE"),
        absent=("CT-EDS-DECRYPT-SVC",),
    ),
    _scenario(
        "shared key: the store's statement lets any trail in",
        policy(ROOT, EXAMPLE_1, EXAMPLE_2, EXAMPLE_5R, EXAMPLE_13),
        trail(),
        "pass",
        present=("CT-TRAIL-SOURCEARN",),
    ),
    _scenario(
        "two accounts, one SourceArn",
        policy(ROOT, EXAMPLE_3, EXAMPLE_13),
        {"keys": {KEY: {}}, "trails": {TRAIL: {"key": KEY}, OTHER_ACCOUNT_TRAIL: {"key": KEY}}},
        "fail",
        ("CT-TRAIL-ENCRYPT", "CT-TRAIL-SOURCEARN-MULTI"),
    ),
    _scenario(
        "StringEquals on the context pattern",
        policy(
            ROOT,
            changed(
                EXAMPLE_1,
                ("Condition",),
                {"StringEquals": {CONTEXT: any_trail_of("111111111111"), "aws:SourceArn": TRAIL}},
            ),
            EXAMPLE_13,
        ),
        trail(),
        "fail",
        ("CT-TRAIL-ENCRYPT",),
    ),
    _scenario(
        "Deny outside the organization hits CloudTrail",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13, DENY_OUTSIDERS),
        trail(),
        "fail",
        ("CT-TRAIL-ENCRYPT",),
    ),
    _scenario(
        "Deny outside the organization exempts services",
        policy(
            ROOT,
            EXAMPLE_1,
            EXAMPLE_5R,
            EXAMPLE_13,
            changed(DENY_OUTSIDERS, ("Condition", "Bool"), {"aws:PrincipalIsAWSService": "false"}),
        ),
        trail(),
        "pass",
    ),
    _scenario(
        "object ARNs alone, with a bucket key",
        policy(ROOT, OBJECTS_ONLY, EXAMPLE_5R, EXAMPLE_13),
        trail(bucket=bucket(bucket_key=True)),
        "fail",
        ("CT-TRAIL-ENCRYPT", "CT-TRAIL-BUCKETKEY-SET"),
    ),
    _scenario(
        "object ARNs alone, and nobody says whether there is a bucket key",
        policy(ROOT, OBJECTS_ONLY, EXAMPLE_5R, EXAMPLE_13),
        trail(bucket={"name": "example-logs"}),
        "cannot_tell",
        present=("CT-TRAIL-BUCKETKEY-SET",),
    ),
    _scenario(
        "object ARNs alone, without a bucket key",
        policy(ROOT, OBJECTS_ONLY, EXAMPLE_5R, EXAMPLE_13),
        trail(bucket=bucket(bucket_key=False)),
        "pass",
        absent=("CT-TRAIL-ENCRYPT", "CT-TRAIL-BUCKETKEY-SET"),
    ),
    # What the consoles write.
    _scenario("console default for a trail", CONSOLE_TRAIL, trail(), "pass"),
    _scenario("console default for a trail, 2023", CONSOLE_TRAIL_2023, trail(), "pass"),
    _scenario("console default for a store", CONSOLE_STORE, store(), "pass", present=("CT-EDS-DESCRIBE",)),
    # Readers.
    _scenario(
        "reader not granted",
        policy(EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13, changed(ROOT, ("Action",), "kms:PutKeyPolicy")),
        trail((BOB,)),
        "fail",
        ("CT-TRAIL-READERS",),
    ),
    _scenario(
        "reader elsewhere without an IAM policy",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_9, EXAMPLE_13),
        trail((ALICE,)),
        "pass",
        present=("CT-TRAIL-READER-XACCT",),
    ),
    _scenario(
        "reader elsewhere with the page's IAM policy",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_9, EXAMPLE_13),
        trail((ALICE,)) | {"principals": {ALICE: {"identity_policies": {"read": EXAMPLE_10}}}},
        "pass",
        absent=("CT-TRAIL-READER-XACCT", "CT-TRAIL-READERS"),
    ),
    _scenario(
        "reader elsewhere with an IAM policy for another key",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_9, EXAMPLE_13),
        trail((ALICE,))
        | {
            "principals": {
                ALICE: {
                    "identity_policies": {
                        "read": policy(
                            {
                                "Effect": "Allow",
                                "Action": "kms:Decrypt",
                                "Resource": KEY.replace("1234abcd", "9999abcd"),
                            }
                        )
                    }
                }
            }
        },
        "fail",
        ("CT-TRAIL-READER-XACCT",),
    ),
    _scenario(
        "session of the read role",
        policy(changed(ROOT, ("Action",), "kms:PutKeyPolicy"), EXAMPLE_1, EXAMPLE_5R, EXAMPLE_11, EXAMPLE_13),
        trail((SESSION,)),
        "pass",
        absent=("CT-TRAIL-READERS",),
    ),
    _scenario(
        "session of the read role, which a Deny names by aws:PrincipalArn",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_11, EXAMPLE_13, DENY_READ_ROLE),
        trail((SESSION,)),
        "fail",
        ("CT-TRAIL-READERS",),
    ),
    _scenario(
        "session of a role that nobody names, and aws:PrincipalArn decides",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13, DENY_READ_ROLE),
        trail((SESSION,)),
        "cannot_tell",
    ),
    _scenario(
        "read role that the other account may assume",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_11, EXAMPLE_13),
        trail((READ_ROLE,))
        | {
            "principals": {
                READ_ROLE: {"trust_policy": EXAMPLE_12, "assumed_by": {"arn:aws:iam::222222222222:root": {}}}
            }
        },
        "pass",
        absent=("CT-TRAIL-READER-XACCT",),
    ),
    _scenario(
        "read role whose trust policy names another account",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_11, EXAMPLE_13),
        trail((READ_ROLE,))
        | {
            "principals": {
                READ_ROLE: {"trust_policy": EXAMPLE_12, "assumed_by": {"arn:aws:iam::333333333333:root": {}}}
            }
        },
        "fail",
        ("CT-TRAIL-READER-XACCT",),
    ),
    _scenario(
        "eleven digits in the reader's role, as the page prints it",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_11_AS_PRINTED, EXAMPLE_13),
        trail(),
        "fail",
        ("KP-PRINCIPAL-EXISTS",),
    ),
    # Mistakes people really made.
    _scenario(
        "P1 actions written with an equals sign",
        policy(ROOT, changed(EXAMPLE_1, ("Action",), "kms=GenerateDataKey"), EXAMPLE_5R, EXAMPLE_13),
        trail(),
        "fail",
        ("CT-TRAIL-ENCRYPT",),
        present=("KP-ACTION",),
    ),
    _scenario(
        "P2 no statement for CloudTrail", policy(ROOT), trail(), "fail", ("CT-TRAIL-ENCRYPT", "CT-TRAIL-DESCRIBE")
    ),
    _scenario(
        "P4 wildcard under StringEquals",
        policy(
            ROOT, changed(EXAMPLE_1, SOURCE_ARN, "arn:aws:cloudtrail:*:111111111111:trail/*"), EXAMPLE_5R, EXAMPLE_13
        ),
        trail(),
        "fail",
        ("CT-TRAIL-ENCRYPT", "CT-TRAIL-SOURCEARN-MATCH"),
    ),
    _scenario(
        "P5 DescribeKey only with an encryption context",
        policy(ROOT, changed(EXAMPLE_1, ("Action",), ["kms:GenerateDataKey*", "kms:DescribeKey"]), EXAMPLE_5R),
        trail(),
        "fail",
        ("CT-TRAIL-DESCRIBE", "CT-CTX-ON-DESCRIBE"),
    ),
    _scenario(
        "P8 organization trail with a member's account in the context",
        policy(ROOT, MEMBER_ONLY, EXAMPLE_5R, EXAMPLE_13),
        trail(organization=True) | ORGANIZATION,
        "fail",
        ("CT-TRAIL-ENCRYPT", "CT-ORG-MGMT-ACCOUNT"),
    ),
    _scenario(
        "organization trail with the management account",
        FULL_TRAIL,
        trail((BOB,), organization=True) | ORGANIZATION,
        "pass",
    ),
    _scenario(
        "P11 the resource of another service",
        policy(changed(ROOT, ("Resource",), "arn:aws:s3:::example-logs"), EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13),
        trail(),
        "fail",
        ("KP-RESOURCE-OTHER", "KP-LOCKOUT"),
    ),
    _scenario(
        "P16 nobody may change the policy", policy(EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13), trail(), "fail", ("KP-LOCKOUT",)
    ),
    _scenario(
        "P21 SourceArn with the key's Region, not the trail's",
        policy(
            ROOT,
            changed(EXAMPLE_1, SOURCE_ARN, TRAIL.replace("us-east-1", "eu-west-1")),
            EXAMPLE_5R,
            changed(EXAMPLE_13, SOURCE_ARN, TRAIL.replace("us-east-1", "eu-west-1")),
        ),
        trail(),
        "fail",
        ("CT-TRAIL-ENCRYPT", "CT-TRAIL-DESCRIBE", "CT-TRAIL-SOURCEARN-MATCH"),
    ),
    _scenario(
        "P22 Null inverted",
        policy(
            changed(ROOT, ("Action",), ["kms:PutKeyPolicy"]),
            EXAMPLE_1,
            changed(EXAMPLE_4, ("Condition", "Null", CONTEXT), "true"),
            EXAMPLE_5R,
            EXAMPLE_13,
        ),
        trail((BOB,)),
        "fail",
        ("CT-TRAIL-READERS",),
    ),
    _scenario(
        "P23 the organization's id on the service's statement",
        policy(
            ROOT,
            changed(EXAMPLE_1, ("Condition", "StringEquals", "aws:PrincipalOrgID"), "o-a1b2c3d4e5"),
            EXAMPLE_5R,
            EXAMPLE_13,
        ),
        trail(),
        "fail",
        ("CT-TRAIL-ENCRYPT", "CT-UNUSABLE-CONDITION"),
    ),
    _scenario(
        "everyone may do everything",
        policy(ROOT, statement("All", {"AWS": "*"}, "kms:*")),
        trail(),
        "fail",
        ("KP-PRINCIPAL-STAR",),
    ),
    *(
        _scenario(
            f"everyone gets in by {name}",
            policy(*FULL_TRAIL["Statement"], statement("Everyone", {"AWS": "*"}, action, condition)),
            trail((BOB,)),
            "fail",
            ("KP-PRINCIPAL-STAR",),
        )
        for name, action, condition in (
            ("a condition that always holds", "kms:Decrypt", {"Bool": {"aws:SecureTransport": "true"}}),
            (
                "a role that any account may have",
                "kms:Decrypt",
                {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}},
            ),
            ("a context that callers choose", "kms:Decrypt", {"StringEquals": {"kms:EncryptionContext:app": "logs"}}),
            (
                "a service that callers go through",
                "kms:Decrypt",
                {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
            ),
            ("a missing organization", "kms:Decrypt", {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
            (
                "a set without members",
                "kms:Decrypt",
                {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}},
            ),
            ("re-encryption", "kms:ReEncryptFrom", None),
            ("a grant", "kms:CreateGrant", None),
            ("what only the own account can do", "kms:ScheduleKeyDeletion", None),
        )
    ),
    *(
        _scenario(
            f"everyone, but {name}",
            policy(*FULL_TRAIL["Statement"], statement("Everyone", {"AWS": "*"}, action, condition)),
            trail((BOB,)),
            "pass",
            present=("KP-PRINCIPAL-STAR",),
        )
        for name, action, condition in (
            (
                "of an account that nobody expects",
                "kms:Decrypt",
                {"StringEquals": {"kms:CallerAccount": "333333333333"}},
            ),
            (
                "of an organization of which nobody tells",
                "kms:Decrypt",
                {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
            ),
            ("from an address of which nobody tells", "kms:Decrypt", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
            ("to read the key's properties", "kms:DescribeKey", None),
            ("by a service, whichever it is", "kms:*", {"Bool": {"aws:PrincipalIsAWSService": "true"}}),
        )
    ),
    *(
        _scenario(
            f"CloudTrail acts for {name}",
            policy(ROOT, EXAMPLE_1, EXAMPLE_13, statement("Decrypt", SERVICE, "kms:Decrypt", condition)),
            trail(),
            "pass",
            present=("CT-TRAIL-SOURCEARN",),
        )
        for name, condition in (
            (
                "an account that nobody expects",
                {"StringEquals": {"aws:SourceAccount": ["111111111111", "222222222222"]}},
            ),
            ("an organization of which nobody tells", {"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}),
            ("accounts that start alike", {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:1*:trail/*"}}),
            ("trails that end alike", {"ArnLike": {"aws:SourceArn": TRAIL.replace("trail/", "*")}}),
            ("trails of one name in every Region", {"ArnLike": {"aws:SourceArn": TRAIL.replace("us-east-1", "*")}}),
        )
    ),
    *(
        _scenario(
            f"an event data store that nobody expects gets in by {name}",
            policy(ROOT, EXAMPLE_1, EXAMPLE_13, statement("Store", SERVICE, "kms:GenerateDataKey", condition)),
            trail(),
            "pass",
            present=("CT-TRAIL-SOURCEARN",),
        )
        for name, condition in (
            ("a condition of requests that tell their source", {"ArnEqualsIfExists": {"aws:SourceArn": TRAIL}}),
            ("a statement for requests that do not", {"Null": {"aws:SourceArn": "true"}}),
        )
    ),
    _scenario(
        "someone queries a store and nobody lists them",
        policy(*FULL_STORE["Statement"], statement("Alice", {"AWS": ALICE}, "kms:Decrypt")),
        store((BOB,)),
        "pass",
        present=("CT-EDS-USER-UNLISTED",),
    ),
    _scenario(
        "any trail of an account encrypts, and may do no more",
        policy(
            ROOT,
            changed(
                changed(EXAMPLE_1, ("Condition", "StringLike", CONTEXT), any_trail_of("222222222222")),
                ("Condition", "StringEquals", "aws:SourceArn"),
                "arn:aws:cloudtrail:us-east-1:222222222222:trail/ctkms-any-trail",
            ),
        ),
        {"keys": {KEY: {"encrypting_accounts": {"222222222222": {}}}}},
        "fail",
        ("CT-TRAIL-DESCRIBE",),
        present=("CT-TRAIL-DECRYPT-SVC",),
        absent=("CT-TRAIL-ENCRYPT",),
    ),
    _scenario(
        "any trail of an account does all that trails do",
        policy(
            ROOT,
            statement(
                "CloudTrail",
                SERVICE,
                ["kms:GenerateDataKey*", "kms:Decrypt", "kms:DescribeKey"],
                {"StringLike": {"aws:SourceArn": any_trail_of("222222222222")}},
            ),
        ),
        {"keys": {KEY: {"encrypting_accounts": {"222222222222": {}}}}},
        "pass",
        absent=("CT-TRAIL-DESCRIBE", "CT-TRAIL-DECRYPT-SVC", "CT-TRAIL-ENCRYPT", "CT-TRAIL-SOURCEARN"),
    ),
    _scenario(
        "everyone of the expected organization",
        policy(
            *FULL_TRAIL["Statement"],
            statement(
                "Everyone", {"AWS": "*"}, "kms:Decrypt", {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
            ),
        ),
        trail((BOB,)) | ORGANIZATION,
        "pass",
        present=("CT-TRAIL-READER-UNLISTED",),
        absent=("KP-PRINCIPAL-STAR",),
    ),
    _scenario(
        "a reader by aws:PrincipalArn",
        policy(
            ROOT,
            EXAMPLE_1,
            EXAMPLE_5R,
            EXAMPLE_13,
            statement("Bob", {"AWS": "*"}, "kms:Decrypt", {"ArnEquals": {"aws:PrincipalArn": BOB}}),
        ),
        trail((BOB,)),
        "pass",
        absent=("KP-PRINCIPAL-STAR", "CT-TRAIL-READER-UNLISTED"),
    ),
    _scenario(
        "everyone of the account queries a store",
        policy(
            ROOT,
            EXAMPLE_2,
            EXAMPLE_7R,
            statement(
                "Everyone",
                {"AWS": "*"},
                ["kms:Decrypt", "kms:GenerateDataKey"],
                {"StringEquals": {"kms:CallerAccount": "111111111111"}},
            ),
        ),
        store((BOB,)),
        "pass",
        present=("CT-EDS-USER-UNLISTED",),
    ),
    _scenario(
        "regional service principal",
        policy(ROOT, changed(EXAMPLE_1, ("Principal",), {"Service": "cloudtrail.us-east-1.amazonaws.com"})),
        trail(),
        "fail",
        ("CT-TRAIL-ENCRYPT", "CT-PRINCIPAL-NAME"),
    ),
    # Conditions on the key itself.
    _scenario(
        "Deny on a key spec that nobody tells",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13, DENY_SYMMETRIC),
        trail(),
        "cannot_tell",
    ),
    _scenario(
        "Deny on the key's spec",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13, DENY_SYMMETRIC),
        described(trail(), spec="SYMMETRIC_DEFAULT"),
        "fail",
        ("CT-TRAIL-ENCRYPT", "CT-TRAIL-DESCRIBE"),
    ),
    _scenario(
        "Deny on keys of a single Region, told by the ARN",
        policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13, DENY_SINGLE_REGION),
        trail(),
        "fail",
        ("CT-TRAIL-ENCRYPT", "CT-TRAIL-DESCRIBE"),
    ),
    _scenario(
        "Allow on the key's spec, algorithm and account",
        policy(ROOT, statement("Encrypt", SERVICE, "kms:GenerateDataKey", ON_THE_KEY), EXAMPLE_5R, EXAMPLE_13),
        described(trail(), spec="SYMMETRIC_DEFAULT"),
        "pass",
        present=("CT-TRAIL-SOURCEARN",),
    ),
    # Compiled regorus once ended a loop, or went on without a value, where OPA does not (see CONTRIBUTING.md).
    _scenario(
        "a placeholder in a value that stands alone",
        policy(
            *FULL_TRAIL["Statement"],
            statement(
                "Backup",
                {"AWS": READ_ROLE},
                "kms:Decrypt",
                {"StringEquals": {"kms:ViaService": "s3.<region>.amazonaws.com"}},
            ),
        ),
        trail((BOB,)),
        "fail",
        ("CT-PLACEHOLDER",),
    ),
    _scenario(
        "open to the world, but for the name of a pair of the encryption context",
        policy(
            *FULL_TRAIL["Statement"],
            statement("Team", "*", "kms:Decrypt", {"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "team"}}),
        ),
        trail((BOB,)),
        "fail",
        ("KP-PRINCIPAL-STAR",),
    ),
    _scenario(
        "a trail of another Region, account and name",
        policy(
            ROOT,
            changed(EXAMPLE_1, SOURCE_ARN, "arn:aws:cloudtrail:eu-west-1:222222222222:trail/other"),
            EXAMPLE_5R,
            EXAMPLE_13,
        ),
        trail(),
        "fail",
        ("CT-TRAIL-ENCRYPT",),
    ),
    # Documents.
    _scenario("get-key-policy output", {"Policy": json.dumps(FULL_TRAIL)}, trail((BOB,)), "pass"),
    _scenario("a bare statement", EXAMPLE_1, trail(), "fail", ("CT-TRAIL-DESCRIBE",), absent=("CT-TRAIL-ENCRYPT",)),
    _scenario("an IAM policy", EXAMPLE_10, trail(), "cannot_tell", present=("KP-NONKEY",)),
    _scenario("a trust policy", EXAMPLE_12, trail(), "cannot_tell", present=("KP-NONKEY",)),
    _scenario("no expectations", FULL_TRAIL, {}, "cannot_tell"),
    _scenario(
        "an unknown value in the deciding condition",
        policy(ROOT, changed(EXAMPLE_1, SOURCE_ARN, {"ctkms:unknown": "known after apply"}), EXAMPLE_5R, EXAMPLE_13),
        trail(),
        "cannot_tell",
    ),
]
