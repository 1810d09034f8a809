"""AWS Config and other output of the AWS CLI: verdicts, and findings with the places inside the strings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import documents
import pytest
from documents import doubts, found, verdicts

from ctkms_opa import Checker

if TYPE_CHECKING:
    from ctkms_opa.report import Finding

CONFIG = Path(__file__).parent / "config"
CLI = Path(__file__).parent / "cli"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER = "arn:aws:kms:eu-west-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef"
TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/organization-events"


def check(name: str, **options: Any) -> Any:
    return Checker(**options).check_paths([CONFIG / name])


def text_at(file: Path, finding: Finding) -> str:
    """What stands in a file where a finding is."""
    line = file.read_text("utf-8").splitlines()[(finding.location.line or 0) - 1]
    return line[(finding.location.column or 0) - 1 :]


@pytest.mark.parametrize("engine", ["compiled", "interpreted"])
def test_a_snapshot_with_an_organization_trail_and_a_bucket_key(engine: str) -> None:
    """CloudTrail may not decrypt, which the bucket's S3 Bucket Key makes an error; AWS's own key is not judged."""
    report = check("snapshot.json", engine=engine)
    assert verdicts(report) == {KEY: "fail"}
    assert found(report) == {("CT-TRAIL-BUCKETKEY-SET", 122)}
    assert {row.subject for row in report.keys[0].capabilities if row.subject} == {TRAIL}


def test_the_latest_item_of_a_history_with_a_policy_that_is_text_twice() -> None:
    """Its encryption context names another account than the expected trail's."""
    trail = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/events"
    report = check("history.json", expectations={"keys": {KEY: None}, "trails": {trail: {"key": KEY}}})
    assert {rule for rule, _ in found(report)} == {"CT-TRAIL-ENCRYPT", "CT-TRAIL-CTX-ACCOUNT"}
    (encrypt,) = (one for one in report.findings if one.rule == "CT-TRAIL-ENCRYPT")
    assert encrypt.location.pointer == "/configurationItems/0/supplementaryConfiguration/Policy"
    assert text_at(CONFIG / "history.json", encrypt).startswith('[\\\\n            \\\\\\"arn:aws:cloudtrail:*:2222')


def test_the_results_of_a_query_over_a_key_that_two_accounts_share() -> None:
    report = check("query.json")
    assert found(report) == {("CT-TRAIL-ENCRYPT", 3), ("CT-TRAIL-CTX-ACCOUNT", 3)}
    assert {one.subject for one in report.findings if one.rule == "CT-TRAIL-ENCRYPT"} == {
        "arn:aws:cloudtrail:eu-west-1:222222222222:trail/workload"
    }


def test_the_key_of_an_event_data_store() -> None:
    report = check("event-data-store.json")
    assert (report.verdict, found(report)) == ("pass", set())
    assert {rule for rule, _ in found(report, "warning")} == {"CT-EDS-DESCRIBE"}


def test_one_item() -> None:
    """It does not say which trails use the key; with the trail that does, it is right."""
    assert check("key.json").exit_code == 3
    assert check("key.json", expectations={"trails": {TRAIL: {"key": KEY}}}).verdict == "pass"


def test_a_query_that_selects_too_little(tmp_path: Path) -> None:
    result = {"resourceType": "AWS::CloudTrail::Trail", "arn": TRAIL, "configuration": {"name": "organization-events"}}
    document = {"Results": [json.dumps(result), '{"arn": "a"}'], "QueryInfo": {"SelectFields": [{"Name": "arn"}]}}
    file = tmp_path / "query.json"
    file.write_text(json.dumps(document), "utf-8")
    assert doubts(Checker().check_paths([file])) == {
        "a result of the query": (
            "it does not say which resource it is: select resourceType, arn, configuration and"
            " supplementaryConfiguration",
        ),
        TRAIL: ("which key it uses is not known yet: the query does not select configuration.kmsKeyId",),
    }


@pytest.mark.usefixtures("opa_command")
@pytest.mark.parametrize("file", sorted(CONFIG.glob("*.json")), ids=lambda file: file.stem)
def test_opa_and_conftest_say_the_same(file: Path) -> None:
    documents.agree(file)


# Output of commands, each on its own.


def test_trails_whose_keys_are_not_shown() -> None:
    report = Checker().check_paths([CLI / "trails.json"])
    assert (report.verdict, report.exit_code) == ("cannot_tell", 3)
    assert doubts(report)[TRAIL] == (f"it uses the key {KEY}, whose policy is not among the inputs",)
    assert {key.source.line for key in report.keys} == {3, 16}


def test_a_key_that_is_described_needs_its_policy() -> None:
    report = Checker().check_paths([CLI / "describe-key.json"])
    assert doubts(report) == {KEY: ("describe-key prints no key policy; get-key-policy does",)}
