"""Inventories of live accounts: verdicts, and findings with the lines of the policies inside the strings."""

from __future__ import annotations

from pathlib import Path

import documents
import pytest
from documents import doubts, found, verdicts

from ctkms_opa import Checker

INVENTORIES = Path(__file__).parent / "inventories"
ACCOUNT = INVENTORIES / "account.json"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER = "arn:aws:kms:eu-west-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef"
FOREIGN = "arn:aws:kms:eu-west-1:222222222222:key/9abc0123-56ef-78ab-90cd-90abcdef0123"
TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/organization-events"


@pytest.mark.parametrize("engine", ["compiled", "interpreted"])
def test_an_account_with_an_organization_trail_and_a_store(engine: str) -> None:
    """The store's key asks for aws:SourceArn, which requests for stores do not carry; the other key is right."""
    report = Checker(engine=engine).check_paths([ACCOUNT])
    assert verdicts(report) == {KEY: "pass", OTHER: "fail"}
    assert {rule for rule, _ in found(report)} == {"CT-EDS-ENCRYPT", "CT-EDS-DECRYPT-SVC", "CT-EDS-NO-SOURCE"}
    (encrypt,) = (one for one in report.findings if one.rule == "CT-EDS-ENCRYPT")
    line = ACCOUNT.read_text("utf-8").splitlines()[(encrypt.location.line or 0) - 1]
    assert line[(encrypt.location.column or 0) - 1 :].startswith('\\"arn:aws:cloudtrail:eu-west-1:1')
    assert encrypt.location.pointer == f"/keys/{OTHER.replace('/', '~1')}/Policy"


def test_a_key_that_several_accounts_share() -> None:
    """The encryption context lists one of the two accounts; one trail names the key by its alias."""
    report = Checker().check_paths([INVENTORIES / "shared-key.json"])
    assert {rule for rule, _ in found(report)} == {"CT-TRAIL-ENCRYPT", "CT-TRAIL-CTX-ACCOUNT"}
    assert {one.subject for one in report.findings if one.rule == "CT-TRAIL-ENCRYPT"} == {
        "arn:aws:cloudtrail:us-east-1:333333333333:trail/workload"
    }


def test_what_could_not_be_read_is_told_with_the_permission() -> None:
    report = Checker().check_paths([INVENTORIES / "missing-permissions.json"])
    assert (report.verdict, report.exit_code) == ("cannot_tell", 3)
    assert found(report) == set()
    assert doubts(report) == {
        KEY: ("what else uses the key: cloudtrail:DescribeTrails for ap-south-1 is missing (AccessDeniedException)",),
        OTHER: (
            f"its key policy is not in the document: kms:GetKeyPolicy for {OTHER} is missing (AccessDeniedException)",
        ),
        FOREIGN: (
            "its key policy is not in the document: "
            f"kms:GetKeyPolicy for {FOREIGN} is missing (the key is in account 222222222222)",
        ),
    }


def test_a_bucket_that_nobody_could_look_at_hides_no_missing_decrypt(tmp_path: Path) -> None:
    """Without kms:Decrypt for CloudTrail the verdict hangs on whether the bucket uses an S3 Bucket Key."""
    policy = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*",'
        ' "Principal": {"AWS": "arn:aws:iam::111111111111:root"}}, {"Effect": "Allow", "Resource": "*",'
        ' "Action": ["kms:GenerateDataKey*", "kms:DescribeKey"],'
        ' "Principal": {"Service": "cloudtrail.amazonaws.com"}}]}'
    )
    file = documents.with_member(ACCOUNT, ["keys", KEY, "Policy"], policy, tmp_path)
    assert ("CT-TRAIL-BUCKETKEY-SET", 23) in found(Checker().check_paths([file]))
    report = Checker().check_paths([documents.with_member(file, ["buckets"], {}, tmp_path)])
    assert verdicts(report)[KEY] == "cannot_tell"
    words = f"whether the bucket of trail {TRAIL} uses an S3 Bucket Key: CloudTrail then needs kms:Decrypt"
    assert doubts(report)[KEY] == (words,)


def test_an_inventory_of_another_version_is_not_judged(tmp_path: Path) -> None:
    file = documents.with_member(ACCOUNT, ["ctkms_inventory"], 2, tmp_path)
    report = Checker().check_paths([file])
    assert doubts(report) == {"inventory": ("it is an inventory of version 2; this ctkms reads version 1",)}
    assert report.exit_code == 3


@pytest.mark.usefixtures("opa_command")
@pytest.mark.parametrize("file", sorted(INVENTORIES.glob("*.json")), ids=lambda file: file.stem)
def test_opa_and_conftest_say_the_same(file: Path) -> None:
    documents.agree(file)
