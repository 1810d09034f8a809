"""Who gets at a key, by the reference evaluator: requests that expectations ask for, and those of strangers."""

from __future__ import annotations

from typing import Any

import iam_reference

Json = Any

ACTIONS = (
    "kms:GenerateDataKey",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:CreateGrant",
    "kms:PutKeyPolicy",
)
CLOUDTRAIL = "cloudtrail.amazonaws.com"
STRANGER = "999999999999"


def lets(policy: Json, request: Json) -> bool:
    """Whether the key policy by itself surely allows the request."""
    return bool(iam_reference.decide(policy, request)["decision"] == "allow")


def requests(key: str, expected: Json) -> list[Json]:
    """What expected trails, stores and people may ask, and what strangers may."""
    return [*_of_those_expected(key, expected), *strangers(key, expected)]


def strangers(key: str, expected: Json) -> list[Json]:
    """Requests that nobody expects, whatever they bring along."""
    partition, region = key.split(":")[1], key.split(":")[3]
    iam = f"arn:{partition}:iam::"
    people = ["*", f"{iam}{STRANGER}:root", f"{iam}{STRANGER}:role/Any", f"{iam}111111111111:role/Unlisted"]
    services = ["s3.amazonaws.com", "logs.amazonaws.com", "delivery.logs.amazonaws.com"]
    named = sorted(expected.get("trails", {}))[:1]
    contexts = [{}, *({"aws:SourceArn": trail} | _of_trail(trail) for trail in named)]
    found = [_request(who, action, key, one) for who in [*people, *services] for action in ACTIONS for one in contexts]
    found += [_request(CLOUDTRAIL, action, key, {}) for action in ACTIONS[3:]]
    if not expected.get("event_data_stores"):  # whose statement cannot name who asks
        trail = f"arn:{partition}:cloudtrail:{region}:{STRANGER}:trail/any"
        context = {"aws:SourceArn": trail, "aws:SourceAccount": STRANGER} | _of_trail(trail)
        found += [_request(CLOUDTRAIL, action, key, context) for action in ACTIONS]
    return found


def _of_those_expected(key: str, expected: Json) -> list[Json]:
    found = []
    for trail, entry in expected.get("trails", {}).items():
        context = {"aws:SourceArn": trail, "aws:SourceAccount": trail.split(":")[4]}
        for more in ({}, _of_trail(trail), {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::example-logs"}):
            found += [_request(CLOUDTRAIL, action, key, context | more) for action in ACTIONS]
            people = (entry or {}).get("readers", {})
            found += [_request(who, action, key, more) for who in people for action in ACTIONS]
    for entry in expected.get("event_data_stores", {}).values():
        found += [_request(CLOUDTRAIL, action, key, {}) for action in ACTIONS]
        people = [*(entry or {}).get("users", {}), *(entry or {}).get("import_roles", {})]
        found += [_request(who, action, key, {}) for who in people for action in ACTIONS]
    return found


def _of_trail(trail: str) -> Json:
    return {
        "kms:EncryptionContext:aws:cloudtrail:arn": trail,
        "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::example-logs/AWSLogs/file",
        "kms:EncryptionContextKeys": ["aws:cloudtrail:arn", "aws:s3:arn"],
    }


def _request(principal: str, action: str, key: str, context: Json) -> Json:
    return {"principal": principal, "action": action, "resource": key, "context": context}
