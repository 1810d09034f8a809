"""Expectations: what is accepted, what each mistake is told as, and how sources go together."""

from __future__ import annotations

import copy
import json
import pathlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctkms_opa import arn
from ctkms_opa.errors import CtkmsError, ExpectationsError, InputError, UsageError
from ctkms_opa.expectation_schema import did_you_mean
from ctkms_opa.expectations import (
    Expectations,
    from_flags,
    from_value,
    keys_for_file,
    load,
    merge,
    metadata_from_describe_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY = f"arn:aws:kms:us-east-1:111111111111:key/{KEY_ID}"
OTHER_KEY = f"arn:aws:kms:us-west-2:111111111111:key/{KEY_ID}"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
STORE = "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE"
BOB = "arn:aws:iam::111111111111:user/Bob"
UNKNOWN = {"ctkms:unknown": "not deployed yet"}

EXAMPLE = f"""expected:
  profile: hardened
  organization:
    {{id: o-a1b2c3d4e5, management_account: 111111111111, delegated_administrators: {{"333333333333": }}}}
  accounts:
    111111111111: {{name: security}}
    "222222222222":
  keys:
    {KEY}:
      policy: policies/cloudtrail-*.json
      aliases: {{alias/cloudtrail: }}
      administrators: {{arn:aws:iam::111111111111:role/KeyAdmin: }}
      encrypting_accounts: {{222222222222: }}
      metadata: {{state: Enabled, spec: SYMMETRIC_DEFAULT, usage: ENCRYPT_DECRYPT, multi_region: false,
        region: us-east-1, manager: CUSTOMER, origin: AWS_KMS, replicas: }}
  trails:
    {TRAIL}:
      key: {KEY}
      organization: false
      log_file_validation: true
      bucket: {{name: example-logs, account: 111111111111, region: us-east-1, prefix: "", bucket_key: false}}
      readers: {{{BOB}: , arn:aws:sts::222222222222:assumed-role/Reader/alice: , arn:aws:iam::222222222222:root: {{}}}}
      sns_key: arn:aws:kms:us-east-1:111111111111:alias/cloudtrail
    arn:aws:cloudtrail:us-east-1:222222222222:trail/empty:
  event_data_stores:
    {STORE}:
      key: alias/cloudtrail
      users: {{arn:aws:iam::111111111111:role/path/to/Analyst: }}
      import_roles:
        arn:aws:iam::111111111111:role/Import: {{bucket: old-logs, key: alias/cloudtrail}}
        arn:aws:iam::111111111111:role/I2:
  principals:
    {BOB}:
      identity_policies: {{read-logs: {{Version: "2012-10-17", Statement: [{{Effect: Allow, Resource: null}}]}}}}
    arn:aws:iam::111111111111:role/CloudTrailReadRole:
      trust_policy: {{Version: "2012-10-17"}}
      assumed_by: {{arn:aws:iam::222222222222:root: }}
  waivers:
    legacy: {{rule: CT-TRAIL-SOURCEARN, key: {KEY}, statement: Audit, reason: old, owner: me, expires: 2027-01-31}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def problems(folder: Path) -> Callable[..., list[str]]:
    """Loads texts as files f1.yaml, f2.yaml, … and returns what is wrong with them."""

    def found(*texts: str) -> list[str]:
        for number, text in enumerate(texts, 1):
            (folder / f"f{number}.yaml").write_text(text)
        with pytest.raises(ExpectationsError) as caught:
            load([f"f{number}.yaml" for number in range(1, len(texts) + 1)])
        assert str(caught.value) == "\n".join(map(str, caught.value.problems))
        return str(caught.value).split("\n")

    return found


def test_the_whole_schema(folder: Path) -> None:
    (folder / "a.yaml").write_text(EXAMPLE)
    found = load(["a.yaml"])
    value = found.value
    assert value["accounts"] == {"111111111111": {"name": "security"}, "222222222222": {}}
    assert value["organization"] == {
        "id": "o-a1b2c3d4e5",
        "management_account": "111111111111",
        "delegated_administrators": {"333333333333": {}},
    }
    assert value["keys"] == {
        KEY: {
            "policy": "policies/cloudtrail-*.json",
            "aliases": {"alias/cloudtrail": {}},
            "administrators": {"arn:aws:iam::111111111111:role/KeyAdmin": {}},
            "encrypting_accounts": {"222222222222": {}},
            "metadata": {
                "state": "Enabled",
                "spec": "SYMMETRIC_DEFAULT",
                "usage": "ENCRYPT_DECRYPT",
                "multi_region": False,
                "region": "us-east-1",
                "manager": "CUSTOMER",
                "origin": "AWS_KMS",
                "replicas": {},
            },
        }
    }
    assert isinstance(value["trails"], dict)
    assert value["trails"]["arn:aws:cloudtrail:us-east-1:222222222222:trail/empty"] == {}
    assert value["trails"][TRAIL]["readers"][BOB] == {}
    assert isinstance(value["principals"], dict)
    policies = {"read-logs": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": None}]}}
    assert value["principals"][BOB] == {"identity_policies": policies}
    assert isinstance(value["waivers"], dict)
    assert value["waivers"]["legacy"]["expires"] == "2027-01-31"
    assert value["profile"] == "hardened"
    assert not found.is_empty
    assert str(found.place(("waivers", "legacy"), name=True)) == "a.yaml:39:5"
    assert found.place(("waivers", "none")) is None
    assert from_value(json.loads(json.dumps({"expected": value}))).value == value


def test_nothing_is_expected_where_nothing_is_given() -> None:
    assert load([]).is_empty
    assert load([]).value == {}
    assert from_value({}).value == {}


# One mistake each: the value under "expected" (flow style, in line 1), and what is said.

AT = len("expected: {") + 1
A_TRAIL = "a trail's ARN (arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME)"
A_STORE = "an event data store's ARN (arn:aws:cloudtrail:REGION:ACCOUNT:eventdatastore/ID)"
A_KEY = "a key's ARN (arn:aws:kms:REGION:ACCOUNT:key/ID)"
A_PRINCIPAL = "a user's, role's or session's ARN (arn:aws:iam::ACCOUNT:role/NAME)"
MISTAKES = {
    "acounts: {}": (0, '"expected" has no member "acounts"; did you mean "accounts"?'),
    "zzz: {}": (
        0,
        '"expected" has no member "zzz"; it has the members profile, organization, accounts, keys, trails, '
        "event_data_stores, principals, waivers",
    ),
    "profile: strict": (9, '"strict" is none of documented, hardened'),
    "profile: Hardened": (9, '"Hardened" is none of documented, hardened; did you mean "hardened"?'),
    "accounts: {11111111111: }": (11, '"11111111111" is not an account id: 12 digits, this has 11'),
    "accounts: {1111111111111: }": (11, '"1111111111111" is not an account id: 12 digits, this has 13'),
    "accounts: {security: }": (11, '"security" is not an account id: 12 digits'),
    "accounts: [111111111111]": (
        10,
        '"accounts" is a map keyed by account ids, not a list: write "NAME:" instead of "- NAME"',
    ),
    "accounts: 111111111111": (10, '"accounts" is a map keyed by account ids; this is text'),
    "accounts: {111111111111: security}": (25, "an account is a map with the members name; this is text"),
    "accounts: {111111111111: {name: 1}}": (32, '"name" is text; this is a number'),
    "accounts: {111111111111: {name: }}": (32, '"name" is text; this is nothing'),
    "accounts: {111111111111: {name: ''}}": (32, '"name" is empty: it is text'),
    "organization: {id: o-1}": (
        19,
        '"o-1" is not an organization id: o- and 10 to 32 lower-case letters and digits',
    ),
    "organization: {management_account: 11111111111}": (
        35,
        '"11111111111" is not an account id: 12 digits, this has 11',
    ),
    "organization: {management_account: yes}": (35, '"yes" is not an account id: 12 digits'),
    "organization: {management_account: true}": (
        35,
        '"management_account" is an account id, 12 digits in quotes; this is true',
    ),
    f"keys: {{{KEY_ID}: }}": (7, f'"{KEY_ID}" is a key id: write {A_KEY}'),
    "keys: {alias/x: }": (7, f'"alias/x" is not {A_KEY}'),
    "keys: {arn:aws:kms:us-east-1:111111111111:alias/x: }": (
        7,
        f'"arn:aws:kms:us-east-1:111111111111:alias/x" is an alias: write {A_KEY}',
    ),
    "keys: {arn:aws:kms:us-east-1:111111111111:key/KeyA: }": (
        7,
        f'"arn:aws:kms:us-east-1:111111111111:key/KeyA" is not {A_KEY}: "KeyA" is no key id (a lower-case UUID, or '
        "mrk- and 32 hexadecimal digits)",
    ),
    f"keys: {{{KEY.replace('us-east-1', 'us-eats-1')}: }}": (
        7,
        f'"{KEY.replace("us-east-1", "us-eats-1")}" is not {A_KEY}: "us-eats-1" is not a Region, such as us-east-1',
    ),
    f"keys: {{{KEY.replace('us-east-1', 'cn-north-1')}: }}": (
        7,
        f'"{KEY.replace("us-east-1", "cn-north-1")}" is not {A_KEY}: the Region cn-north-1 lies in the partition '
        "aws-cn, not aws",
    ),
    f"keys: {{{KEY.replace('arn:aws:', 'arn:aws-us:')}: }}": (
        7,
        f'"{KEY.replace("arn:aws:", "arn:aws-us:")}" is not {A_KEY}: there is no partition "aws-us"',
    ),
    f"keys: {{{KEY}: {{policy: 'a\\b'}}}}": (93, '"a\\b": folders are separated by /'),
    f"keys: {{{KEY}: {{aliases: {{cloudtrail: }}}}}}": (
        95,
        '"cloudtrail" is not an alias: did you mean "alias/cloudtrail"?',
    ),
    f"keys: {{{KEY}: {{aliases: {{alias/aws/s3: }}}}}}": (
        95,
        '"alias/aws/s3" belongs to an AWS managed key, whose policy nobody can change',
    ),
    f"keys: {{{KEY}: {{aliases: {{'alias/a b': }}}}}}": (
        95,
        '"alias/a b" is not an alias: alias/ and up to 250 letters, digits, slashes, underscores and hyphens',
    ),
    f"keys: {{{KEY}: {{administrators: {{{BOB}: x}}}}}}": (
        138,
        f'nothing is written after "{BOB}:"; this is text',
    ),
    f"keys: {{{KEY}: {{metadata: {{state: enabled}}}}}}": (
        103,
        '"enabled" is none of Enabled, Disabled, PendingDeletion, PendingImport, PendingReplicaDeletion, Unavailable, '
        'Creating, Updating; did you mean "Enabled"?',
    ),
    f"keys: {{{KEY}: {{metadata: {{spec: symmetric}}}}}}": (
        102,
        '"symmetric" is not written as AWS writes it: capitals, digits and underscores, such as SYMMETRIC_DEFAULT',
    ),
    f"keys: {{{KEY}: {{metadata: {{multi_region: yes}}}}}}": (
        110,
        '"multi_region" is true or false; this is text ("yes")',
    ),
    f"keys: {{{KEY}: {{metadata: {{multi_region: 1}}}}}}": (110, '"multi_region" is true or false; this is a number'),
    f"keys: {{{KEY}: {{metadata: {{region: us-west-2}}}}}}": (
        104,
        "the key lies in us-east-1, as its ARN says, not in us-west-2",
    ),
    "trails: {arn:aws:s3:::b: }": (9, f'"arn:aws:s3:::b" is not {A_TRAIL}: the service is "s3", not cloudtrail'),
    "trails: {management-events: }": (9, f'"management-events" is not {A_TRAIL}'),
    f"trails: {{{STORE}: }}": (9, f'"{STORE}" is an event data store: list it under event_data_stores'),
    "trails: {arn:aws:cloudtrail:us-east-1:111111111111:channel/a: }": (
        9,
        f'"arn:aws:cloudtrail:us-east-1:111111111111:channel/a" is not {A_TRAIL}: "channel/a" is not trail/NAME',
    ),
    "trails: {arn:aws:cloudtrail:us-east-1:11111111111:trail/abc: }": (
        9,
        f'"arn:aws:cloudtrail:us-east-1:11111111111:trail/abc" is not {A_TRAIL}: "11111111111" is not an account id: '
        "12 digits, this has 11",
    ),
    "trails: {arn:aws:cloudtrail:us-east-1:111111111111:trail/a: }": (
        9,
        f'"arn:aws:cloudtrail:us-east-1:111111111111:trail/a" is not {A_TRAIL}: a trail\'s name has 3 to 128 letters, '
        "digits, dots, underscores and hyphens, begins and ends with a letter or digit, and has no two others in a row",
    ),
    f"trails: {{{TRAIL}: {{key: {KEY_ID}}}}}": (82, f'"{KEY_ID}" is a key id: write {A_KEY}'),
    f"trails: {{{TRAIL}: {{key: cloudtrail}}}}": (82, '"cloudtrail" is neither a key\'s ARN nor an alias (alias/NAME)'),
    f"trails: {{{TRAIL}: {{key: alias/x}}}}": (
        82,
        'no key declares the alias "alias/x": write it under a key\'s "aliases"',
    ),
    f"trails: {{{TRAIL}: {{key: 'arn:aws:kms:us-east-1:11:alias/x'}}}}": (
        82,
        '"arn:aws:kms:us-east-1:11:alias/x" is not an alias\'s ARN: "11" is not an account id: 12 digits, this has 2',
    ),
    f"trails: {{{TRAIL}: {{readers: [{BOB}]}}}}": (
        86,
        '"readers" is a map keyed by the ARNs of users and roles, not a list: write "NAME:" instead of "- NAME"',
    ),
    f"trails: {{{TRAIL}: {{readers: {{222222222222: }}}}}}": (
        87,
        '"222222222222" is an account: write arn:aws:iam::222222222222:root for the whole account',
    ),
    f"trails: {{{TRAIL}: {{readers: {{Bob: }}}}}}": (87, f'"Bob" is not {A_PRINCIPAL}'),
    f"trails: {{{TRAIL}: {{readers: {{arn:aws:iam::222222222222:group/a: }}}}}}": (
        87,
        '"arn:aws:iam::222222222222:group/a" is a group: groups are no principals, list their users or a role',
    ),
    f"trails: {{{TRAIL}: {{readers: {{arn:aws:iam::222222222222:usr/a: }}}}}}": (
        87,
        f'"arn:aws:iam::222222222222:usr/a" is not {A_PRINCIPAL}: nothing is called "usr/a" in iam',
    ),
    f"trails: {{{TRAIL}: {{readers: {{arn:aws:iam:us-east-1:222222222222:user/a: }}}}}}": (
        87,
        f'"arn:aws:iam:us-east-1:222222222222:user/a" is not {A_PRINCIPAL}: it holds the Region "us-east-1"',
    ),
    f"trails: {{{TRAIL}: {{readers: {{arn:aws:s3:::b: }}}}}}": (
        87,
        f'"arn:aws:s3:::b" is not {A_PRINCIPAL}: the service is "s3", not iam or sts',
    ),
    f"trails: {{{TRAIL}: {{bucket: logs}}}}": (
        85,
        "a bucket is a map with the members name, account, region, prefix, bucket_key; this is text",
    ),
    f"trails: {{{TRAIL}: {{bucket: {{name: My_Bucket}}}}}}": (
        92,
        '"My_Bucket" is not a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens',
    ),
    f"trails: {{{TRAIL}: {{bucket: {{name: arn:aws:s3:::b}}}}}}": (
        92,
        '"arn:aws:s3:::b" is an ARN: write the bucket\'s name alone',
    ),
    f"trails: {{{TRAIL}: {{bucket: {{region: Region}}}}}}": (94, '"Region" is not a Region, such as us-east-1'),
    f"trails: {{{TRAIL}: {{key: {{ctkms:unknown: 1}}}}}}": (
        82,
        'what is not known yet is written {"ctkms:unknown": "why"}, with nothing beside it',
    ),
    f"event_data_stores: {{{TRAIL}: }}": (20, f'"{TRAIL}" is a trail: list it under trails'),
    f"event_data_stores: {{{STORE.replace('eventdata', 'eventData')}: }}": (
        20,
        f'"{STORE.replace("eventdata", "eventData")}" is not {A_STORE}: write eventdatastore in lower case',
    ),
    "event_data_stores: {arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/x: }": (
        20,
        f'"arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/x" is not {A_STORE}: "x" is not an id of five '
        "groups of letters and digits",
    ),
    "event_data_stores: {arn:aws:cloudtrail:us-east-1:111111111111:channel/x: }": (
        20,
        f'"arn:aws:cloudtrail:us-east-1:111111111111:channel/x" is not {A_STORE}: "channel/x" is not eventdatastore/ID',
    ),
    "event_data_stores: {x: }": (20, f'"x" is not {A_STORE}'),
    f"event_data_stores: {{{STORE}: {{import_roles: {{{BOB}: }}}}}}": (
        130,
        f'"{BOB}" is not a role\'s ARN (arn:aws:iam::ACCOUNT:role/NAME)',
    ),
    f"principals: {{{BOB}: {{identity_policies: {{a: [1]}}}}}}": (
        73,
        '"a" is a policy document, an object; this is a list',
    ),
    f"principals: {{{BOB}: {{identity_policies: {{'': {{}}}}}}}}": (70, "the name is empty"),
    f"principals: {{{BOB}: {{trust_policy: }}}}": (
        64,
        '"trust_policy" is a policy document, an object; this is nothing',
    ),
    f"waivers: {{w: {{rule: CT-X, key: {KEY}, reason: r, owner: o}}}}": (10, 'a waiver lacks the member "expires"'),
    "waivers: {w: {rule: CT-X, reason: r, owner: o, expires: 2027-01-31}}": (10, 'a waiver lacks the member "key"'),
    "waivers: {w: {rule: x, key: k, reason: r, owner: o, expires: 2027-01-31}}": (
        20,
        '"x" is not a rule id, such as CT-TRAIL-SOURCEARN',
    ),
    "waivers: {w: {rule: CT-X, key: k, reason: r, owner: o, expires: 2027-02-29}}": (
        64,
        '"2027-02-29" is no day of the calendar',
    ),
    "waivers: {w: {rule: CT-X, key: k, reason: r, owner: o, expires: 31.1.2027}}": (
        64,
        '"31.1.2027" is not a date written YYYY-MM-DD',
    ),
    "waivers: {w: {rule: CT-X, key: k, reason: r, owner: o, expires: '20270131'}}": (
        64,
        '"20270131" is not a date written YYYY-MM-DD',
    ),
}


@pytest.mark.parametrize(
    ("text", "place", "message"), [(text, *told) for text, told in MISTAKES.items()], ids=list(MISTAKES)
)
def test_mistakes(problems: Callable[..., list[str]], text: str, place: int, message: str) -> None:
    assert problems(f"expected: {{{text}}}") == [f"f1.yaml:1:{AT + place}: {message}"]


def test_all_mistakes_at_once_in_the_order_of_the_text(problems: Callable[..., list[str]]) -> None:
    text = "expected:\n  trails: {x: {organisation: true}}\n  accounts: {1: }\n"
    assert problems(text, text) == [
        f"{file}.yaml:{told}"
        for file in ("f1", "f2")
        for told in (
            f'2:12: "x" is not {A_TRAIL}',
            '2:16: a trail has no member "organisation"; did you mean "organization"?',
            '3:14: "1" is not an account id: 12 digits, this has 1',
        )
    ]


def test_account_ids_that_json_gives_as_numbers(problems: Callable[..., list[str]]) -> None:
    text = '{"expected": {"organization": {"management_account": 111111111111}}}'
    assert problems(text) == ['f1.yaml:1:54: write "111111111111" in quotes']
    assert problems(text.replace("111111111111", "11111111111")) == [
        'f1.yaml:1:54: "11111111111" is not an account id: 12 digits, this has 11'
    ]


WRITE = 'write "expected:" and below it trails, event_data_stores, keys (ctkms init writes an example)'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", f": the file is empty: {WRITE}"),
        ("# nothing\n", ":1:1: there is nothing in it"),
        ("{}", f":1:1: the file holds nothing: {WRITE}"),
        ("expected:\n", f':1:1: "expected" is empty: {WRITE}'),
        ("- a\n", f':1:1: expectations are a map with the member "expected"; this is a list: {WRITE}'),
        (
            "expected: [a]",
            ':1:11: "expected" is a map with the members profile, organization, accounts, keys, trails, '
            "event_data_stores, principals, waivers; this is a list",
        ),
        ("trails: {}\n", ':1:1: "trails" stands at the top: put it below the one top-level member "expected"'),
        (
            "expected: {}\nother: 1\n",
            ':2:1: a file of expectations has one top-level member, "expected", and no "other"',
        ),
        (
            "expectd: {}\n",
            ':1:1: a file of expectations has one top-level member, "expected", and no "expectd"; did you mean '
            '"expected"?',
        ),
        ("expected: {trails: {}, trails: {}}", ':1:24: "trails" is given twice in one map'),
        ("expected: {", ":1:12: not YAML: did not find expected node content (while parsing a flow node)"),
        ('{"KeyMetadata": {}}', ":1:1: the key metadata holds no Arn"),
        ('{"KeyMetadata": {"Arn": "x"}}', f':1:1: "x" is not {A_KEY}'),
        (
            json.dumps({"KeyMetadata": {"Arn": KEY, "KeyState": "Odd"}}),
            ':1:1: "Odd" is none of Enabled, Disabled, '
            "PendingDeletion, PendingImport, PendingReplicaDeletion, Unavailable, Creating, Updating",
        ),
    ],
)
def test_files_that_are_no_expectations(problems: Callable[..., list[str]], text: str, told: str) -> None:
    assert problems(text) == [f"f1.yaml{told}"]


def test_files_that_cannot_be_read(folder: Path) -> None:
    (folder / "d").mkdir()
    (folder / "b.yaml").write_bytes(b"a: \xff")
    with pytest.raises(ExpectationsError) as caught:
        load(["missing", "d", "b.yaml"])
    assert str(caught.value).split("\n") == [
        "missing: there is no such file or folder",
        "d: no expectations in this folder: it holds no *.json, *.yaml or *.yml file",
        "b.yaml:1:4: the file is not UTF-8 text: byte FF here",
    ]


# What values say together.


def test_aliases(problems: Callable[..., list[str]]) -> None:
    keys = f"{{{KEY}: {{aliases: {{alias/cloudtrail: , alias/both: }}}}, {OTHER_KEY}: {{aliases: {{alias/both: }}}}}}"
    told = problems(f"""expected:
  keys: {keys}
  trails:
    arn:aws:cloudtrail:us-east-1:111111111111:trail/one: {{key: alias/cloudtrial}}
    arn:aws:cloudtrail:us-east-1:111111111111:trail/two: {{key: alias/both}}
    arn:aws:cloudtrail:us-east-1:111111111111:trail/good: {{key: alias/cloudtrail}}
    arn:aws:cloudtrail:us-east-1:111111111111:trail/full: {{key: arn:aws:kms:us-west-2:111111111111:alias/both}}
    arn:aws:cloudtrail:us-east-1:111111111111:trail/far: {{key: arn:aws:kms:us-west-2:111111111111:alias/cloudtrail}}
  event_data_stores:
    {STORE}: {{import_roles: {{arn:aws:iam::111111111111:role/I: {{key: alias/yyyyyyy}}}}}}
  waivers:
    w: {{rule: CT-X, reason: r, owner: o, expires: 2027-01-31, key: alias/zzzzzz}}
""")
    assert told == [
        'f1.yaml:4:64: no key declares the alias "alias/cloudtrial"; did you mean "alias/cloudtrail"?',
        f'f1.yaml:5:64: several keys declare the alias "alias/both": {KEY}, {OTHER_KEY}; write the key\'s ARN',
        'f1.yaml:8:64: no key declares the alias "arn:aws:kms:us-west-2:111111111111:alias/cloudtrail"; did you mean '
        '"arn:aws:kms:us-east-1:111111111111:alias/cloudtrail"?',
        'f1.yaml:10:155: no key declares the alias "alias/yyyyyyy": write it under a key\'s "aliases"',
        'f1.yaml:12:68: no key declares the alias "alias/zzzzzz": write it under a key\'s "aliases"',
    ]


def test_aliases_may_be_declared_in_another_file(folder: Path) -> None:
    (folder / "a.yaml").write_text(f"expected: {{trails: {{{TRAIL}: {{key: alias/x}}}}}}")
    (folder / "b.yaml").write_text(f"expected: {{keys: {{{KEY}: {{aliases: {{alias/x: }}}}}}}}")
    assert load(["."]).value == {
        "trails": {TRAIL: {"key": "alias/x"}},
        "keys": {KEY: {"aliases": {"alias/x": {}}}},
    }


@pytest.mark.parametrize("keys", [UNKNOWN, {KEY: UNKNOWN}, {KEY: {"aliases": UNKNOWN}}])
def test_aliases_that_may_be_declared_where_nobody_sees_yet(keys: object) -> None:
    assert from_value({"keys": keys, "trails": {TRAIL: {"key": "alias/x"}}}).value["keys"] == keys


@pytest.mark.parametrize(
    ("section", "subject", "what"),
    [
        ("trails", TRAIL, "trail"),
        ("event_data_stores", STORE, "event data store"),
    ],
)
def test_owners(problems: Callable[..., list[str]], section: str, subject: str, what: str) -> None:
    organization = "organization: {management_account: 222222222222, delegated_administrators: {111111111111: }}"
    told = f"expected: {{{organization}, {section}: {{{subject}: {{organization: true}}}}}}"
    assert problems(told) == [
        f"f1.yaml:1:{told.index(subject) + 1}: an organization's {what} belongs to the management account "
        "222222222222, not to 111111111111, also where a delegated administrator made it"
    ]
    told = f"expected: {{accounts: {{111111111112: }}, {section}: {{{subject}: }}}}"
    assert problems(told) == [
        f'f1.yaml:1:{told.index(subject) + 1}: the {what} lies in account 111111111111, which "accounts" does not '
        'list; did you mean "111111111112"?'
    ]
    told = f"expected: {{accounts: {{987654320000: }}, {section}: {{{subject}: }}}}"
    assert problems(told)[0].endswith('which "accounts" does not list: add it, or correct the ARN')


@pytest.mark.parametrize(
    "beside",
    [
        {},
        {"accounts": {"111111111111": {}}, "organization": {"management_account": "111111111111"}},
        {"accounts": {"222222222222": {}}, "organization": {"management_account": "111111111111"}},
        {"accounts": {"222222222222": {}}, "organization": UNKNOWN},
        {"accounts": {"222222222222": {}}, "organization": {"management_account": UNKNOWN}},
        {"accounts": UNKNOWN},
    ],
)
def test_owners_that_are_right_or_not_known(beside: dict[str, object]) -> None:
    from_value({**beside, "trails": {TRAIL: {"organization": True}}})


def test_a_trail_of_a_delegated_administrator() -> None:
    from_value(
        {
            "accounts": {"222222222222": None},
            "organization": {"management_account": "222222222222", "delegated_administrators": {"111111111111": None}},
            "trails": {TRAIL: None},
        }
    )


# Names and ARNs, on the boundary.


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (
            arn.check_trail,
            ["a-c", "a" * 128, "a.b_c-d"],
            ["ab", "a" * 129, "a..b", "a-_b", "-ab", "ab-", "192.168.5.4", "a/b", ""],
        ),
    ],
)
def test_trail_names(check: Callable[[str], str | None], good: list[str], bad: list[str]) -> None:
    prefix = "arn:aws:cloudtrail:us-east-1:111111111111:trail/"
    assert [name for name in good if check(prefix + name)] == []
    assert [name for name in bad if not check(prefix + name)] == []


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (arn.check_bucket, ["abc", "a" * 63, "a.b-c"], ["ab", "a" * 64, "a..b", "-ab", "ab-", "Abc", "a_b", "1.2.3.4"]),
        (
            arn.check_alias,
            ["alias/a", f"alias/{'a' * 250}"],
            ["alias/", f"alias/{'a' * 251}", "alias/aws/a", "alias/ä"],
        ),
        (arn.check_organization, [f"o-{'a' * 10}", f"o-{'1' * 32}"], [f"o-{'a' * 9}", f"o-{'a' * 33}", "x-aaaaaaaaaa"]),
        (
            arn.check_account,
            ["123456789012"],
            ["12345678901", "1234567890123", "", "\uff11" * 12, "12345678901x"],
        ),
        (
            arn.check_region,
            ["us-east-1", "ap-southeast-5", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1", "me-central-1"],
            ["Region", "us-east", "us-eats-1", "useast1", "us-east-1a", "*", ""],
        ),
        (
            arn.check_key_reference,
            [
                KEY,
                "alias/a",
                "arn:aws-cn:kms:cn-north-1:111111111111:alias/a",
                "arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/mrk-" + "0123456789abcdef" * 2,
            ],
            [
                KEY_ID,
                "a",
                "arn:aws:kms:us-east-1:111111111111:alias/",
                KEY.upper(),
                KEY[:-1],
                "arn:aws:s3:::a",
                "arn:aws:kms:us-east-1:111111111111:grant/x",
            ],
        ),
        (
            arn.check_principal,
            [
                BOB,
                "arn:aws:iam::111111111111:root",
                "arn:aws:iam::111111111111:role/a/b/c",
                f"arn:aws:iam::111111111111:role/{'a' * 64}",
                "arn:aws:sts::111111111111:assumed-role/a/bc",
                "arn:aws:sts::111111111111:federated-user/ab",
            ],
            [
                f"arn:aws:iam::111111111111:role/{'a' * 65}",
                "arn:aws:iam::111111111111:role/",
                "arn:aws:iam::111111111111:role/a b",
                "arn:aws:iam::111111111111:*",
                "arn:aws:sts::111111111111:assumed-role/a/b",
                "arn:aws:sts::111111111111:assumed-role/a",
                "arn:aws:iam::aws:policy/x",
                "arn:aws:sts::111111111111:role/a",
                "cloudtrail.amazonaws.com",
                "*",
            ],
        ),
        (arn.check_role, ["arn:aws:iam::111111111111:role/a"], [BOB, "arn:aws:iam::111111111111:root"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_names(check: Callable[[str], str | None], good: list[str], bad: list[str]) -> None:
    assert [name for name in good if check(name)] == []
    assert [name for name in bad if not check(name)] == []


@given(st.text() | st.lists(st.sampled_from([*TRAIL.split(":"), *KEY.split(":"), "iam", "root", ""])).map(":".join))
def test_checks_take_any_text(text: str) -> None:
    for name in (name for name in dir(arn) if name.startswith("check_")):
        found = getattr(arn, name)(text)
        assert found is None or isinstance(found, str)


def test_did_you_mean() -> None:
    assert did_you_mean("Trails", ["trails", "keys"]) == '; did you mean "trails"?'
    assert did_you_mean("xyz", ["trails", "keys"]) == ""


# What is not known yet.


def places(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for name, inside in value.items():
            yield (*path, name)
            yield from places(inside, (*path, name))


def whole() -> dict[str, object]:
    import yaml

    text = EXAMPLE.replace(" 111111111111", ' "111111111111"').replace("{222222222222", '{"222222222222"')
    text = text.replace('    "111111111111":', '    "111111111111":').replace("2027-01-31", '"2027-01-31"')
    value: dict[str, object] = yaml.safe_load(text)["expected"]
    return value


def test_anything_may_be_not_known_yet() -> None:
    for path in places(whole()):
        value = whole()
        inside = value
        for step in path[:-1]:
            inside = inside[step]  # type: ignore[assignment]
        inside[path[-1]] = copy.deepcopy(UNKNOWN)
        assert from_value(value).value


def test_anything_at_all_gives_expectations_or_a_list_of_mistakes() -> None:
    for path in places(whole()):
        others: tuple[object, ...] = (None, [], {}, "x", 1, 1.5, True, {"x": {}}, [1])
        for other in others:
            value = whole()
            inside = value
            for step in path[:-1]:
                inside = inside[step]  # type: ignore[assignment]
            inside[path[-1]] = other
            try:
                from_value(value)
            except ExpectationsError as error:
                assert error.problems  # noqa: PT017


# Several sources.


def test_files_merge_deeply(folder: Path) -> None:
    (folder / "a.yaml").write_text(f"expected: {{trails: {{{TRAIL}: }}, accounts: {{111111111111: {{name: a}}}}}}")
    (folder / "b.json").write_text(json.dumps({"expected": {"trails": {TRAIL: {"organization": True}}}}))
    (folder / "c.yml").write_text("expected: {accounts: {111111111111: {name: a}, 222222222222: }}")
    assert load(["a.yaml", "b.json", "c.yml"]).value == {
        "trails": {TRAIL: {"organization": True}},
        "accounts": {"111111111111": {"name": "a"}, "222222222222": {}},
    }


def test_two_values_for_one_thing(problems: Callable[..., list[str]]) -> None:
    told = problems(
        "expected:\n  accounts: {111111111111: {name: a}}\n", "expected:\n  accounts:\n    111111111111: {name: b}\n"
    )
    assert told == [
        'f2.yaml:3:26: "name" is given twice with different values: "b" here, "a" in f1.yaml:2:35',
    ]


def test_two_policies_are_not_mixed(problems: Callable[..., list[str]]) -> None:
    def text(policy: str) -> str:
        return f"expected: {{principals: {{{BOB}: {{identity_policies: {{p: {policy}}}, trust_policy: {policy}}}}}}}"

    assert [line.split(":", 3)[3] for line in problems(text("{a: 1}"), text("{b: 2}"))] == [
        ' "p" is given twice with different values: {"b": 2} here, {"a": 1} in f1.yaml:1:85',
        ' "trust_policy" is given twice with different values: {"b": 2} here, {"a": 1} in f1.yaml:1:108',
    ]


def test_a_known_value_does_not_overrule_one_that_is_not_known(problems: Callable[..., list[str]]) -> None:
    told = problems(
        f"expected: {{trails: {{{TRAIL}: {{key: {{ctkms:unknown: w}}}}}}}}",
        f"expected: {{trails: {{{TRAIL}: {{key: {KEY}}}}}}}",
    )
    known = f'"{KEY[:58]}\u2026'
    assert told == [
        f'f2.yaml:1:94: "key" is given twice with different values: {known} here, '
        '{"ctkms:unknown": "w"} in f1.yaml:1:94'
    ]


def test_merge() -> None:
    one, other = from_value({"keys": {KEY: None}}, "one"), from_value({"keys": {OTHER_KEY: None}}, "other")
    assert merge(one, other).value == {"keys": {KEY: {}, OTHER_KEY: {}}}
    assert merge(Expectations(), one).value == one.value
    assert str(merge(one, other).place(("keys", OTHER_KEY))) == "other"
    with pytest.raises(ExpectationsError) as caught:
        merge(from_value({"profile": "hardened"}, "one"), from_value({"profile": "documented"}, "other"))
    assert str(caught.value) == (
        'other: "profile" is given twice with different values: "documented" here, "hardened" in one'
    )


def test_values_of_a_program() -> None:
    with pytest.raises(ExpectationsError) as caught:
        from_value({"trails": {"x": {}, TRAIL: {"key": "alias/a"}}})
    assert str(caught.value).split("\n") == [
        f'expectations: "x" is not {A_TRAIL} (at trails > x)',
        'expectations: no key declares the alias "alias/a": write it under a key\'s "aliases" '
        f"(at trails > {TRAIL} > key)",
    ]
    with pytest.raises(ExpectationsError, match="this is no JSON data"):
        from_value({"trails": {1, 2}})


# Flags.


def test_flags() -> None:
    found = from_flags([TRAIL], [STORE], [BOB], [KEY])
    assert found.value == {
        "keys": {KEY: {}},
        "trails": {TRAIL: {"key": KEY, "readers": {BOB: {}}}},
        "event_data_stores": {STORE: {"key": KEY, "users": {BOB: {}}}},
    }
    assert from_flags().is_empty
    assert from_flags([TRAIL], keys=[KEY, OTHER_KEY]).value == {"keys": {KEY: {}, OTHER_KEY: {}}, "trails": {TRAIL: {}}}
    assert from_flags(event_data_stores=[STORE]).value == {"event_data_stores": {STORE: {}}}


def test_mistakes_in_flags() -> None:
    with pytest.raises(UsageError) as caught:
        from_flags(["x"], [TRAIL], ["*"], [KEY_ID])
    assert str(caught.value).split("\n") == [
        f'--trail: "x" is not {A_TRAIL}',
        f'--event-data-store: "{TRAIL}" is a trail: list it under trails',
        f'--reader: "*" is not {A_PRINCIPAL}',
        f'--key: "{KEY_ID}" is a key id: write {A_KEY}',
    ]
    with pytest.raises(
        UsageError, match=r"^--reader says who reads the trails of --trail and --event-data-store; there are none$"
    ):
        from_flags(readers=[BOB])


def test_the_key_of_the_flags_gives_way_to_what_a_file_says() -> None:
    written = from_value({"trails": {TRAIL: {"key": "alias/a"}}, "keys": {KEY: {"aliases": {"alias/a": None}}}})
    flags = from_flags([TRAIL], keys=[KEY])
    for found in (merge(written, flags), merge(flags, written)):
        assert found.value["trails"] == {TRAIL: {"key": "alias/a"}}
    other = from_value({"keys": {OTHER_KEY: None}, "trails": {TRAIL: {"organization": True}}})
    assert merge(other, flags).value["trails"] == {TRAIL: {"organization": True, "key": KEY}}


# describe-key output and patterns of file names.

MULTI = "arn:aws:kms:{}:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab"
DESCRIBED = {
    "KeyMetadata": {
        "Arn": MULTI.format("eu-west-1"),
        "AWSAccountId": "111111111111",
        "KeyState": "Enabled",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyManager": "CUSTOMER",
        "Origin": "AWS_KMS",
        "MultiRegion": True,
        "MultiRegionConfiguration": {
            "MultiRegionKeyType": "REPLICA",
            "PrimaryKey": {"Arn": MULTI.format("us-east-1"), "Region": "us-east-1"},
            "ReplicaKeys": [
                {"Arn": MULTI.format("eu-west-1"), "Region": "eu-west-1"},
                {"Arn": MULTI.format("ap-south-1"), "Region": "ap-south-1"},
            ],
        },
    }
}


def test_describe_key() -> None:
    assert metadata_from_describe_key(DESCRIBED) == (
        MULTI.format("eu-west-1"),
        {
            "state": "Enabled",
            "spec": "SYMMETRIC_DEFAULT",
            "usage": "ENCRYPT_DECRYPT",
            "multi_region": True,
            "region": "eu-west-1",
            "manager": "CUSTOMER",
            "origin": "AWS_KMS",
            "replicas": {MULTI.format("us-east-1"): {}, MULTI.format("ap-south-1"): {}},
        },
    )
    old = {"KeyMetadata": {"Arn": KEY, "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "MultiRegionConfiguration": {}}}
    assert metadata_from_describe_key(old) == (KEY, {"spec": "SYMMETRIC_DEFAULT", "region": "us-east-1"})
    others: tuple[object, ...] = ({}, [], None, {"KeyMetadata": 1}, {"Statement": []})
    for other in others:
        assert metadata_from_describe_key(other) is None
    with pytest.raises(InputError):
        metadata_from_describe_key({"KeyMetadata": {}})


def test_describe_key_output_among_the_files(folder: Path) -> None:
    (folder / "key.json").write_text(json.dumps(DESCRIBED))
    arn_ = MULTI.format("eu-west-1")
    (folder / "more.yaml").write_text(f"expected: {{keys: {{{arn_}: {{metadata: {{state: Enabled}}}}}}}}")
    found = load(["."])
    assert found.value["keys"] == {arn_: {"metadata": metadata_from_describe_key(DESCRIBED)[1]}}  # type: ignore[index]
    assert str(found.place(("keys", arn_, "metadata", "spec"))) == "./key.json:1:1"
    (folder / "more.yaml").write_text(f"expected: {{keys: {{{arn_}: {{metadata: {{state: Disabled}}}}}}}}")
    with pytest.raises(
        CtkmsError, match=r'"state" is given twice with different values: "Disabled" here, "Enabled" in ./key'
    ):
        load(["."])


@pytest.mark.parametrize(
    ("pattern", "file", "matches"),
    [
        ("policies/cloudtrail-*.json", "policies/cloudtrail-a.json", True),
        ("policies/cloudtrail-*.json", "./x/../policies/cloudtrail-.json", True),
        ("policies/cloudtrail-*.json", "deep/policies/cloudtrail-a.json", True),
        ("policies/cloudtrail-*.json", "policies/x/cloudtrail-a.json", False),
        ("policies/cloudtrail-*.json", "policies/cloudtrail-a/b.json", False),
        ("policies/*.json", "policies/a.json.bak", False),
        ("a.json", "ba.json", False),
        ("./a.json", "a.json", True),
        ("policies/**/a.json", "policies/a.json", True),
        ("policies/**/a.json", "policies/x/y/a.json", True),
        ("policies/**", "policies/x/y/a.json", True),
        ("?.json", "a.json", True),
        ("?.json", "ab.json", False),
        ("a+b.json", "a+b.json", True),
        ("*", "<stdin>", True),
    ],
)
def test_patterns_of_file_names(pattern: str, file: str, matches: bool) -> None:
    assert keys_for_file(from_value({"keys": {KEY: {"policy": pattern}, OTHER_KEY: None}}), file) == [KEY] * matches


def test_patterns_that_are_not_known() -> None:
    assert keys_for_file(Expectations(), "a") == []
    assert keys_for_file(from_value({"keys": UNKNOWN}), "a") == []
    assert keys_for_file(from_value({"keys": {KEY: {"policy": UNKNOWN}}}), "a") == []


def test_policies_beside_expectations_in_a_folder_are_left_out(folder: Path) -> None:
    (folder / "a.yaml").write_text(f"expected: {{trails: {{{TRAIL}: }}}}")
    (folder / "policies").mkdir()
    (folder / "policies" / "key.json").write_text('{"Version": "2012-10-17", "Statement": []}')
    (folder / "policies" / "template.yaml").write_text("Resources: {Key: {Type: AWS::KMS::Key, Properties: !Ref P}}")
    (folder / "policies" / "statements.json").write_text('[{"Effect": "Allow"}]')
    assert load(["."]).value == {"trails": {TRAIL: {}}}
    with pytest.raises(ExpectationsError, match="a file of expectations has one top-level member"):
        load(["policies/key.json"])
    with pytest.raises(ExpectationsError) as caught:
        load(["policies"])
    assert str(caught.value) == "policies: no expectations in this folder: all that it holds is policies and the like"


def test_what_is_neither_expectations_nor_a_policy_is_refused_in_a_folder_too(folder: Path) -> None:
    (folder / "a.yaml").write_text("expectd: {trails: {}}")
    (folder / "b.yaml").write_text(f"[{{expected: {{trails: {{{TRAIL}: }}}}}}]")
    (folder / "c.yaml").write_text("trails: !Ref Trails")
    (folder / "custom").mkdir()
    (folder / "custom" / "data.yaml").write_text("Expectd: {trails: {}}")
    (folder / "ctkms.yaml").write_text("expected: {trails: {}}\ndata: [a]")
    with pytest.raises(ExpectationsError) as caught:
        load(["."])
    files = [problem.file for problem in caught.value.problems]
    assert files == ["./a.yaml", "./b.yaml", "./c.yaml", "./ctkms.yaml", "./custom/data.yaml"]


def test_other_files_of_ours_beside_expectations_are_left_out(folder: Path) -> None:
    (folder / "a.yaml").write_text(f"expected: {{trails: {{{TRAIL}: }}}}")
    (folder / "ctkms.yaml").write_text("data: [a.yaml]")
    (folder / "custom" / "acme").mkdir(parents=True)
    (folder / "custom" / "acme" / "data.yaml").write_text("administrators: [Bob]")
    assert load(["."]).value == {"trails": {TRAIL: {}}}
    (folder / "acme").mkdir()
    (folder / "acme" / "data.yaml").write_text("administrators: [Bob]")
    with pytest.raises(ExpectationsError, match=r'acme/data.yaml:1:1: .* no "administrators"'):
        load(["."])


def test_the_data_of_this_repository() -> None:
    folder = pathlib.Path(__file__).parent.parent / "data"
    assert load([str(folder)]).value == load([str(folder / "trails.yaml"), str(folder / "accounts.yaml")]).value
