"""`ctkms scan` against an AWS on a real endpoint, and `ctkms check` on what it writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from aws import ACCOUNT, Aws
from click.testing import CliRunner, Result

from ctkms_opa import expectations
from ctkms_opa.cli import group
from ctkms_opa.scan.api import Api

if TYPE_CHECKING:
    from collections.abc import Iterator

TRAIL = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/management-events"
STORES = [
    f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPL{number}"
    for number in (1, 2)
]
REGIONS = ("--region", "us-east-1", "--region", "eu-west-1")

README = [
    line
    for line in (Path(__file__).parents[1] / "README.md").read_text("utf-8").splitlines()
    if line.startswith(("ctkms scan", "ctkms check inventory.json"))
]


@pytest.fixture(name="aws")
def an_aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Aws]:
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    with Aws() as aws:
        for name, value in aws.environment.items():
            monkeypatch.setenv(name, value)
        yield aws


def ctkms(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments))


def policy(*statements: dict[str, Any]) -> str:
    root = {
        "Sid": "EnableIAM",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [root, *statements]})


def for_cloudtrail(sid: str, action: str, **condition: Any) -> dict[str, Any]:
    statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": action,
        "Resource": "*",
    }
    return statement | ({"Condition": condition} if condition else {})


FOR_TRAIL = policy(
    for_cloudtrail(
        "Encrypt",
        "kms:GenerateDataKey*",
        StringEquals={"aws:SourceArn": TRAIL},
        StringLike={"kms:EncryptionContext:aws:cloudtrail:arn": f"arn:aws:cloudtrail:*:{ACCOUNT}:trail/*"},
    ),
    for_cloudtrail("Describe", "kms:DescribeKey", StringEquals={"aws:SourceArn": TRAIL}),
    for_cloudtrail("Decrypt", "kms:Decrypt", StringEquals={"aws:SourceArn": TRAIL}),
)
FOR_STORES = policy(for_cloudtrail("Both", "kms:GenerateDataKey"), for_cloudtrail("Decrypt", "kms:Decrypt"))


def a_trail(key_policy: str) -> str:
    """A trail with a key, an alias, a bucket with a Bucket Key in another Region, and a topic; the key's ARN."""
    kms = boto3.client("kms")
    key: str = kms.create_key(Policy=key_policy)["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/cloudtrail", TargetKeyId=key)
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="example-logs", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket="example-logs", ServerSideEncryptionConfiguration={"Rules": [rule]})
    topic = boto3.client("sns").create_topic(Name="trail")["TopicArn"]
    boto3.client("cloudtrail").create_trail(
        Name="management-events",
        S3BucketName="example-logs",
        SnsTopicName="trail",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=key,
    )
    assert topic.endswith(":trail")
    return key


def stores(aws: Aws, key: str) -> None:
    aws.stores["eu-west-1"] = [
        {"EventDataStoreArn": one, "Name": one[-1], "Status": "ENABLED", "OrganizationEnabled": False, "KmsKeyId": key}
        for one in STORES
    ]


def scan(*arguments: str) -> tuple[Result, dict[str, Any]]:
    result = ctkms("scan", *REGIONS, *arguments)
    return result, json.loads(result.stdout)


@pytest.mark.usefixtures("aws")
def test_what_is_there_is_in_the_inventory() -> None:
    key = a_trail(FOR_TRAIL)
    result, found = scan()
    assert result.exit_code == 0, result.stderr
    assert result.stderr == "ctkms: found 1 trail, 0 event data stores, 1 key\n"
    assert found["missing"] == []
    assert found["trails"][TRAIL]["KmsKeyId"] == key
    assert found["keys"][key]["Policy"] == FOR_TRAIL
    assert found["keys"][key]["KeyMetadata"]["KeySpec"] == "SYMMETRIC_DEFAULT"
    assert [one["AliasName"] for one in found["keys"][key]["Aliases"]] == ["alias/cloudtrail"]
    bucket = found["buckets"]["example-logs"]
    assert (bucket["Account"], bucket["Region"]) == (ACCOUNT, "eu-west-1")
    assert bucket["ServerSideEncryptionConfiguration"]["Rules"][0]["BucketKeyEnabled"] is True


def test_every_page_of_the_event_data_stores_is_read(aws: Aws) -> None:
    key = boto3.client("kms", region_name="eu-west-1").create_key(Policy=FOR_STORES)["KeyMetadata"]["Arn"]
    stores(aws, key)
    _, found = scan()
    assert sorted(found["event_data_stores"]) == STORES
    assert {one["KmsKeyId"] for one in found["event_data_stores"].values()} == {key}


@pytest.mark.usefixtures("aws")
def test_all_enabled_regions_are_looked_at_by_default() -> None:
    a_trail(FOR_TRAIL)
    result = ctkms("scan")
    assert result.exit_code == 0, result.stderr
    assert list(json.loads(result.stdout)["trails"]) == [TRAIL]


def test_the_inventory_and_the_expectations_are_what_check_takes(aws: Aws) -> None:
    key = a_trail(FOR_TRAIL)
    stores(aws, boto3.client("kms", region_name="eu-west-1").create_key(Policy=FOR_STORES)["KeyMetadata"]["Arn"])
    scanned, checked = (line.split()[1:] for line in README)
    result = ctkms(*scanned)
    assert result.exit_code == 0, result.stderr
    expected: Any = expectations.load(["expectations.yaml"]).value
    trail = expected["trails"][TRAIL]
    assert trail["key"] == key
    assert trail["log_file_validation"] is True
    assert trail["bucket"] == {"name": "example-logs", "account": ACCOUNT, "region": "eu-west-1", "bucket_key": True}
    assert sorted(expected["event_data_stores"]) == STORES
    assert expected["keys"][key]["aliases"] == {"alias/cloudtrail": {}}
    assert expected["keys"][key]["metadata"]["state"] == "Enabled"
    report = json.loads(ctkms(*checked, "--format", "json").stdout)
    by_key = {one["key"]: one for one in report["keys"]}
    encrypts = {
        (row["subject"], row["decision"])
        for row in by_key[key]["capabilities"]
        if row["capability"] == "encrypt" and row["principal"] == "cloudtrail.amazonaws.com"
    }
    assert encrypts == {(TRAIL, "allow")}
    # moto puts the trail's key and its bucket into different Regions, which S3 cannot do.
    assert {one["rule"] for one in by_key[key]["findings"] if one["level"] == "error"} == {"CT-TRAIL-KEY-REGION"}


@pytest.mark.usefixtures("aws")
def test_a_key_policy_that_is_wrong_fails() -> None:
    a_trail(policy())
    ctkms("scan", *REGIONS, "--output", "inventory.json")
    result = ctkms("check", "inventory.json")
    assert result.exit_code == 1
    assert "error CT-TRAIL-ENCRYPT  inventory.json:" in result.stdout


@pytest.mark.parametrize(
    ("operation", "permission"),
    [
        ("DescribeTrails", "cloudtrail:DescribeTrails"),
        ("ListEventDataStores", "cloudtrail:ListEventDataStores"),
        ("GetEventDataStore", "cloudtrail:GetEventDataStore"),
        ("DescribeKey", "kms:DescribeKey"),
        ("GetKeyPolicy", "kms:GetKeyPolicy"),
        ("ListAliases", "kms:ListAliases"),
        ("GetBucketEncryption", "s3:GetEncryptionConfiguration"),
        ("GetBucketLocation", "s3:GetBucketLocation"),
        ("ListBuckets", "s3:ListAllMyBuckets"),
        ("GetTopicAttributes", "sns:GetTopicAttributes"),
    ],
)
def test_what_may_not_be_read_is_named_and_never_passes(aws: Aws, operation: str, permission: str) -> None:
    key = a_trail(FOR_TRAIL)
    stores(aws, key)
    aws.refused[operation] = "AccessDeniedException"
    result = ctkms("scan", *REGIONS, "--output", "inventory.json")
    assert result.exit_code == 3
    assert f"{permission} is missing (AccessDeniedException: not for you)" in result.stderr
    missing = json.loads(Path("inventory.json").read_text())["missing"]
    assert {one["permission"] for one in missing} == {permission}
    checked = json.loads(ctkms("check", "inventory.json", "--format", "json").stdout)
    assert checked["verdict"] != "pass"


def test_a_region_that_cannot_be_listed_leaves_that_of_the_session(aws: Aws) -> None:
    a_trail(FOR_TRAIL)
    aws.refused["DescribeRegions"] = "UnauthorizedOperation"
    result = ctkms("scan")
    found = json.loads(result.stdout)
    assert result.exit_code == 3
    assert list(found["trails"]) == [TRAIL]
    assert [one["permission"] for one in found["missing"]] == ["ec2:DescribeRegions"]


def test_throttled_calls_are_made_again(aws: Aws) -> None:
    a_trail(FOR_TRAIL)
    aws.throttled["DescribeTrails"] = 2
    result, found = scan()
    assert result.exit_code == 0, result.stderr
    assert list(found["trails"]) == [TRAIL]
    assert aws.calls["DescribeTrails"] == 4


def test_a_service_that_is_out_of_order_is_not_asked_in_every_region(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these calls is made as often as AWS_MAX_ATTEMPTS says; it takes its time."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    key = a_trail(FOR_TRAIL)
    aws.broken.add("ListEventDataStores")
    regions = ("us-east-1", "us-east-2", "us-west-1", "us-west-2")
    result = ctkms("scan", *(part for region in regions for part in ("--region", region)), "--output", "i.json")
    assert result.exit_code == 3
    assert aws.calls["ListEventDataStores"] == 4
    missing = json.loads(Path("i.json").read_text())["missing"]
    assert [one["resource"] for one in missing] == list(regions)
    assert missing[-1]["why"] == "not asked, for it failed 2 times: InternalFailure: out of order"
    (judged,) = json.loads(ctkms("check", "i.json", "--format", "json").stdout)["keys"]
    assert judged["key"] == key
    assert len([one for one in judged["cannot_tell"] if "ListEventDataStores" in one]) == 2


def test_a_bucket_that_is_asked_too_often_does_not_hide_the_others(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 throttles with the status of a server's error."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    aws.refused["GetBucketEncryption"] = "SlowDown"
    api = Api(boto3.Session())
    for bucket in ("first", "second", "third"):
        assert api.read("s3", "get_bucket_encryption", bucket, "us-east-1", Bucket=bucket) is None
    assert aws.calls["GetBucketEncryption"] == 3
    assert {one["why"] for one in api.missing} == {"SlowDown: not for you"}


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("environment", "profile", "mode"),
    [(None, None, "adaptive"), ("standard", "legacy", "standard"), (None, "legacy", "legacy")],
)
def test_what_is_said_of_retries(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: str | None, profile: str | None, mode: str
) -> None:
    """Where nothing is said, throttling slows all further calls down."""
    monkeypatch.delenv("AWS_RETRY_MODE", raising=False)
    file = tmp_path / "configuration"
    file.write_text("[default]\n" + (f"retry_mode = {profile}\n" if profile else ""), "utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    if environment:
        monkeypatch.setenv("AWS_RETRY_MODE", environment)
    client = Api(boto3.Session(region_name="us-east-1"))._client("kms", "us-east-1")
    assert client.meta.config.retries["mode"] == mode


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("said", ["none", "0"])
def test_attempts_that_are_no_number(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", said)
    result = ctkms("scan", *REGIONS)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("ctkms: the AWS configuration cannot be used: ")


@pytest.mark.usefixtures("aws")
def test_what_is_read_is_said_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctkms_opa.cli.scan._EVERY", 0)
    a_trail(FOR_TRAIL)
    result = ctkms("scan", *REGIONS)
    assert "ctkms: reading trails and event data stores in us-east-1\n" in result.stderr


def test_the_organization_is_in_the_expectations(aws: Aws) -> None:
    organization = boto3.client("organizations").create_organization(FeatureSet="ALL")["Organization"]
    key = boto3.client("kms", region_name="eu-west-1").create_key(Policy=FOR_STORES)["KeyMetadata"]["Arn"]
    stores(aws, key)
    aws.stores["eu-west-1"][0]["OrganizationEnabled"] = True
    result = ctkms("scan", *REGIONS, "--output", "inventory.json", "--expectations", "expected.yaml")
    assert result.exit_code == 0, result.stderr
    expected: Any = expectations.load(["expected.yaml"]).value
    assert expected["organization"] == {
        "id": organization["Id"],
        "management_account": organization["MasterAccountId"],
    }
    assert expected["event_data_stores"][STORES[0]]["organization"] is True


def test_credentials_that_have_expired_end_the_scan_in_one_line(aws: Aws) -> None:
    aws.refused["DescribeTrails"] = "ExpiredTokenException"
    result = ctkms("scan", *REGIONS)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "ctkms: the credentials have expired: ExpiredTokenException: not for you\n"


def test_credentials_that_aws_refuses_end_the_scan_in_one_line(aws: Aws) -> None:
    aws.refused["GetCallerIdentity"] = "InvalidClientTokenId"
    result = ctkms("scan", *REGIONS)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "ctkms: AWS refuses the credentials: InvalidClientTokenId: not for you\n"


@pytest.mark.usefixtures("aws")
def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    result = ctkms("scan", *REGIONS)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "ctkms: there are no AWS credentials to scan with: Unable to locate credentials\n"


@pytest.mark.usefixtures("aws")
def test_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    result = ctkms("scan", *REGIONS)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("ctkms: AWS cannot be reached: ")


@pytest.mark.usefixtures("aws")
def test_an_endpoint_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "garbage")
    result = ctkms("scan", *REGIONS)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "ctkms: the AWS configuration cannot be used: Invalid endpoint: garbage\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--region", "mars-1"), "--region: "),
        (
            ("--profile", "nobody"),
            "the AWS configuration cannot be used: The config profile (nobody) could not be found",
        ),
        (("--expectations", "there.yaml"), "there.yaml exists; --force overwrites it"),
    ],
)
@pytest.mark.usefixtures("aws")
def test_wrong_usage(arguments: tuple[str, ...], said: str) -> None:
    Path("there.yaml").touch()
    result = ctkms("scan", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"ctkms: {said}")


def test_without_boto3_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "boto3.py").write_text("raise ImportError('no module named boto3')\n")
    done = subprocess.run(
        [sys.executable, "-m", "ctkms_opa", "scan"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[1]}"},
    )
    assert done.returncode == 2
    assert done.stderr == "ctkms: ctkms scan needs boto3: pip install 'ctkms-opa[aws]'\n"
