"""An organization's keys: any number of accounts, a hundred keys each, one in five with a mistake that people make.

Everything follows from the number of the account, so that two processes, or two days, see the same fleet. Each key
comes with the rule that a correct checker names, if any: the fleet is a measure of speed and a test of verdicts.
"""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctkms_opa.report import KeyReport

Json = Any

KEYS_OF_AN_ACCOUNT = 100
MISTAKEN = 0.2
"""The share of keys with a mistake."""

_REGIONS = ("us-east-1", "us-west-2", "eu-central-1", "eu-west-1", "ap-southeast-2")
_CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"
_FORENSICS_ACCOUNT = "999999999999"
_FORENSICS = f"arn:aws:iam::{_FORENSICS_ACCOUNT}:role/Forensics"
_MAY_DECRYPT = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:*:*:key/*"},
}
_SERVICE = {"Service": "cloudtrail.amazonaws.com"}


@dataclass(frozen=True)
class Key:
    """A key, its policy, and what is true about it."""

    arn: str
    policy: dict[str, Json]
    kind: str
    mistake: str | None
    rule: str | None
    """The rule that must report an error; none where there is no mistake."""

    def is_right(self, answer: KeyReport) -> bool:
        """Whether this is what a correct checker says of the key."""
        errors = {finding.rule for finding in answer.findings if finding.level == "error"}
        if self.rule is None:
            return answer.verdict == "pass" and not errors
        return answer.verdict == "fail" and self.rule in errors


@dataclass(frozen=True)
class Account:
    """The keys of an account, and what its team expects of them: the object under `data.expected`."""

    number: str
    keys: list[Key]
    expected: dict[str, Json]


@dataclass
class _Draft:
    """A key in the making."""

    account: str
    region: str
    at: int
    statements: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        return f"arn:aws:kms:{self.region}:{self.account}:key/{self.at:08x}-12ab-34cd-56ef-1234567890ab"

    def trail(self, account: str | None = None) -> str:
        return f"arn:aws:cloudtrail:{self.region}:{account or self.account}:trail/trail-{self.at}"

    @property
    def store(self) -> str:
        name = f"{self.at:08x}-f852-4e8f-8bd1-bcf6cec78d2b"
        return f"arn:aws:cloudtrail:{self.region}:{self.account}:eventdatastore/{name}"

    @property
    def reader(self) -> str:
        return f"arn:aws:iam::{self.account}:role/SecurityAudit"

    @property
    def readers(self) -> list[str]:
        return [self.reader, _FORENSICS]

    @property
    def member(self) -> str:
        """Another account of the organization, whose trail uses the key, too."""
        return str(int(self.account) + 500_000_000)

    def policy(self) -> dict[str, Json]:
        return {"Version": "2012-10-17", "Statement": list(self.statements.values())}


def account(number: int) -> Account:
    """The account of that number, from 0."""
    name = str(100_000_000_000 + number)
    chance = random.Random(number)  # noqa: S311 - no secret
    expected: dict[str, Json] = {
        "accounts": {name: {}, _FORENSICS_ACCOUNT: {}},
        "keys": {},
        "trails": {},
        "event_data_stores": {},
        "principals": {_FORENSICS: {"identity_policies": {"read": _MAY_DECRYPT}}},
    }
    keys = [_key(_Draft(name, chance.choice(_REGIONS), at), chance, expected) for at in range(KEYS_OF_AN_ACCOUNT)]
    return Account(name, keys, expected)


def _key(draft: _Draft, chance: random.Random, expected: dict[str, Json]) -> Key:
    kind = chance.choices(list(_KINDS), [share for share, _ in _KINDS.values()])[0]
    _KINDS[kind][1](draft, expected)
    expected["keys"][draft.arn] = {}
    if chance.random() >= MISTAKEN:
        return Key(draft.arn, draft.policy(), kind, None, None)
    mistake = chance.choice([name for name, (kinds, _, _) in _MISTAKES.items() if kind in kinds])
    _, rule, make = _MISTAKES[mistake]
    make(draft)
    return Key(draft.arn, draft.policy(), kind, mistake, rule)


def _statement(principal: Json, action: Json, condition: Json = None) -> dict[str, Json]:
    made = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}
    return made | ({"Condition": copy.deepcopy(condition)} if condition else {})


def _any_trail(name: str) -> str:
    return f"arn:aws:cloudtrail:*:{name}:trail/*"


def _administered(draft: _Draft) -> None:
    draft.statements["admin"] = _statement({"AWS": f"arn:aws:iam::{draft.account}:root"}, "kms:*")


def _trail(draft: _Draft, expected: dict[str, Json], *, bucket_key: bool = False, member: bool = False) -> None:
    _administered(draft)
    accounts = [draft.account, *([draft.member] if member else [])]
    trails = [draft.trail(name) for name in accounts]
    source = {"aws:SourceArn": trails}
    context = {_CONTEXT: [_any_trail(name) for name in accounts]}
    draft.statements |= {
        "encrypt": _statement(_SERVICE, "kms:GenerateDataKey*", {"StringEquals": source, "StringLike": context}),
        "describe": _statement(_SERVICE, "kms:DescribeKey", {"StringEquals": source}),
        "read": _statement({"AWS": draft.readers}, "kms:Decrypt", {"Null": {_CONTEXT: "false"}}),
        "decrypt": _statement(_SERVICE, "kms:Decrypt", {"StringEquals": source}),
    }
    bucket = {"name": f"logs-{draft.account}-{draft.at}", "region": draft.region, "bucket_key": bucket_key}
    for name, trail in zip(accounts, trails, strict=True):
        expected["accounts"].setdefault(name, {})
        readers: Json = {reader: {} for reader in draft.readers}
        expected["trails"][trail] = {"key": draft.arn, "bucket": bucket, "readers": readers}


def _store(draft: _Draft, expected: dict[str, Json]) -> None:
    _administered(draft)
    draft.statements |= {
        "store": _statement(_SERVICE, ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"]),
        "query": _statement({"AWS": draft.reader}, ["kms:Decrypt", "kms:GenerateDataKey"]),
    }
    expected["event_data_stores"][draft.store] = {"key": draft.arn, "users": {draft.reader: {}}}


_KINDS: dict[str, tuple[int, Callable[[_Draft, dict[str, Json]], None]]] = {
    "trail": (60, _trail),
    "bucket key": (15, lambda draft, expected: _trail(draft, expected, bucket_key=True)),
    "two accounts": (10, lambda draft, expected: _trail(draft, expected, member=True)),
    "store": (15, _store),
}
_TRAILS = frozenset({"trail", "bucket key", "two accounts"})


def _condition(draft: _Draft, statement: str, operator: str) -> dict[str, Json]:
    condition: dict[str, Json] = draft.statements[statement]["Condition"][operator]
    return condition


def _wrong_region(draft: _Draft) -> None:
    wrong = draft.trail().replace(f":{draft.region}:", ":sa-east-1:")
    others = _condition(draft, "encrypt", "StringEquals")["aws:SourceArn"][1:]
    _condition(draft, "encrypt", "StringEquals")["aws:SourceArn"] = [wrong, *others]


def _pattern_under_equals(draft: _Draft) -> None:
    pattern = f"arn:aws:cloudtrail:{draft.region}:{draft.account}:trail/*"
    _condition(draft, "encrypt", "StringEquals")["aws:SourceArn"] = pattern


def _context_under_equals(draft: _Draft) -> None:
    condition = draft.statements["encrypt"]["Condition"]
    condition["StringEquals"] |= condition.pop("StringLike")


def _context_on_describe(draft: _Draft) -> None:
    draft.statements["describe"]["Condition"]["StringLike"] = {_CONTEXT: [_any_trail(draft.account)]}


def _equals_sign(draft: _Draft) -> None:
    draft.statements["encrypt"]["Action"] = "kms=GenerateDataKey*"


def _without(statement: str) -> Callable[[_Draft], None]:
    def make(draft: _Draft) -> None:
        del draft.statements[statement]

    return make


def _inverted_null(draft: _Draft) -> None:
    _condition(draft, "read", "Null")[_CONTEXT] = "true"


def _short_account(draft: _Draft) -> None:
    short = draft.reader.replace(draft.account, draft.account[:-1])
    draft.statements["read"]["Principal"] = {"AWS": [short, _FORENSICS]}


def _one_reader(draft: _Draft) -> None:
    draft.statements["read"]["Principal"] = {"AWS": draft.reader}


def _organization_only(draft: _Draft) -> None:
    deny = _statement("*", "kms:*", {"StringNotEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}})
    draft.statements["deny"] = deny | {"Effect": "Deny"}


def _organization_of_the_service(draft: _Draft) -> None:
    _condition(draft, "encrypt", "StringEquals")["aws:PrincipalOrgID"] = "o-exampleorgid"


def _one_source(draft: _Draft) -> None:
    _condition(draft, "encrypt", "StringEquals")["aws:SourceArn"] = draft.trail()


def _bucket_as_resource(draft: _Draft) -> None:
    for statement in draft.statements.values():
        statement["Resource"] = "arn:aws:s3:::example-logs"


def _anybody(draft: _Draft) -> None:
    draft.statements["public"] = _statement("*", "kms:Decrypt")


def _store_like_a_trail(draft: _Draft) -> None:
    draft.statements["store"]["Condition"] = {"StringEquals": {"aws:SourceArn": draft.store}}


def _store_of_an_account(draft: _Draft) -> None:
    draft.statements["store"]["Condition"] = {"StringEquals": {"aws:SourceAccount": draft.account}}


def _no_decrypting(draft: _Draft) -> None:
    draft.statements["store"]["Action"] = ["kms:GenerateDataKey", "kms:DescribeKey"]


_MISTAKES: dict[str, tuple[frozenset[str], str, Callable[[_Draft], None]]] = {
    "another Region in aws:SourceArn": (_TRAILS, "CT-TRAIL-SOURCEARN-MATCH", _wrong_region),
    "a pattern under StringEquals": (_TRAILS, "CT-TRAIL-ENCRYPT", _pattern_under_equals),
    "the context's pattern under StringEquals": (_TRAILS, "CT-TRAIL-ENCRYPT", _context_under_equals),
    "an encryption context on kms:DescribeKey": (_TRAILS, "CT-CTX-ON-DESCRIBE", _context_on_describe),
    "kms=GenerateDataKey": (_TRAILS, "CT-TRAIL-ENCRYPT", _equals_sign),
    "no statement that encrypts": (_TRAILS, "CT-TRAIL-ENCRYPT", _without("encrypt")),
    "no kms:DescribeKey": (_TRAILS, "CT-TRAIL-DESCRIBE", _without("describe")),
    "no kms:Decrypt with a Bucket Key": (frozenset({"bucket key"}), "CT-TRAIL-BUCKETKEY-SET", _without("decrypt")),
    "an inverted Null": (_TRAILS, "CT-TRAIL-READERS", _inverted_null),
    "an account of 11 digits": (_TRAILS, "KP-PRINCIPAL-EXISTS", _short_account),
    "a reader too few": (_TRAILS, "CT-TRAIL-READERS", _one_reader),
    "a Deny outside the organization": (_TRAILS, "CT-TRAIL-ENCRYPT", _organization_only),
    "aws:PrincipalOrgID of a service": (_TRAILS, "CT-UNUSABLE-CONDITION", _organization_of_the_service),
    "one source for two accounts": (frozenset({"two accounts"}), "CT-TRAIL-SOURCEARN-MULTI", _one_source),
    "a bucket as Resource": (_TRAILS | {"store"}, "KP-RESOURCE-OTHER", _bucket_as_resource),
    "everybody may decrypt": (_TRAILS | {"store"}, "KP-PRINCIPAL-STAR", _anybody),
    "no statement of the account": (_TRAILS | {"store"}, "KP-LOCKOUT", _without("admin")),
    "a store with aws:SourceArn": (frozenset({"store"}), "CT-EDS-NO-SOURCE", _store_like_a_trail),
    "a store with aws:SourceAccount": (frozenset({"store"}), "CT-EDS-NO-SOURCE", _store_of_an_account),
    "a store that cannot decrypt": (frozenset({"store"}), "CT-EDS-DECRYPT-SVC", _no_decrypting),
}
MISTAKES = frozenset(_MISTAKES)
