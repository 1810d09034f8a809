"""What several commands of the AWS CLI printed into one folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import doubts, found, verdicts

from ctkms_opa import Checker

CLI = Path(__file__).parent / "cli"
KEY = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER = "arn:aws:kms:eu-west-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef"
TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/organization-events"
POLICY = "policy-1234abcd-12ab-34cd-56ef-1234567890ab.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the folder."""
    return Path(shutil.copytree(CLI, tmp_path / "cli"))


def write(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, indent=4), "utf-8")


def rows(report: Any, key: str) -> set[str]:
    (one,) = (one for one in report.keys if one.key == key)
    return {row.subject for row in one.capabilities if row.subject}


def capabilities(report: Any) -> set[str]:
    return {row.capability for key in report.keys for row in key.capabilities}


def test_the_outputs_of_a_folder_are_judged_together() -> None:
    """Metadata, aliases, trails, a store and a bucket's encryption; lines are those of the policy's own file."""
    report = Checker().check_paths([CLI])
    assert verdicts(report) == {KEY: "pass", OTHER: "fail"}
    assert rows(report, KEY) == {TRAIL}
    assert {(key.source.file, key.source.line) for key in report.keys} == {
        (str(CLI / POLICY), 2),
        (str(CLI / "policy-5678efab-34cd-56ef-78ab-567890abcdef.json"), 2),
    }
    assert {rule for rule, line in found(report) if line == 2} == {
        "CT-EDS-ENCRYPT",
        "CT-EDS-DECRYPT-SVC",
        "CT-EDS-NO-SOURCE",
    }


def test_a_key_that_the_trails_of_two_accounts_share() -> None:
    """Example 3 of AWS's page: both accounts in the encryption context, the trail of one in aws:SourceArn."""
    report = Checker().check_paths([CLI.with_name("cli-shared-key")])
    assert set(verdicts(report).values()) == {"fail"}
    assert found(report) == {
        ("CT-TRAIL-ENCRYPT", 29),
        ("CT-TRAIL-SOURCEARN-MATCH", 29),
        ("CT-TRAIL-SOURCEARN-MULTI", 29),
    }
    assert found(report, "warning") == {("CT-TRAIL-SOURCEARN", 33)}


def test_a_bucket_key_without_decrypt_in_outputs_that_are_yaml() -> None:
    report = Checker().check_paths([CLI.with_name("cli-yaml")])
    assert set(verdicts(report).values()) == {"fail"}
    assert found(report) == {("CT-TRAIL-BUCKETKEY-SET", 2)}
    assert found(report, "warning") == set()
    assert doubts(report) == {}


def test_several_processes_say_the_same() -> None:
    """A group is one input, whichever process judges it."""
    paths = [CLI, CLI.parent / "config"]
    assert Checker().check_paths(paths, jobs=2).keys == Checker().check_paths(paths).keys


def test_a_bucket_key_makes_a_missing_decrypt_an_error(folder: Path) -> None:
    value = json.loads((folder / POLICY).read_text("utf-8"))
    policy = json.loads(value["Policy"])
    policy["Statement"] = [one for one in policy["Statement"] if one["Action"] != "kms:Decrypt"]
    write(folder / POLICY, {"Policy": json.dumps(policy)})
    assert ("CT-TRAIL-BUCKETKEY-SET", 2) in found(Checker().check_paths([folder]))
    (folder / "encryption_example-organization-logs.json").rename(folder / "encryption-of-some-bucket.json")
    report = Checker().check_paths([folder])
    assert "CT-TRAIL-BUCKETKEY-SET" not in {rule for rule, _ in found(report)}
    assert any("S3 Bucket Key" in one for one in doubts(report)[KEY])


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("encryption", True),
        ("get-bucket-encryption", True),
        ("get_bucket_encryption", True),
        ("other-bucket", False),
        ("e_other-bucket", False),
        ("other-bucket_encryption", False),
    ],
)
def test_the_encryption_of_the_only_bucket(tmp_path: Path, name: str, taken: bool) -> None:
    """A file that is named after another bucket says nothing of this one."""
    trails = json.loads((CLI / "trails.json").read_text("utf-8"))["trailList"]
    write(tmp_path / "trail.json", {"Trail": trails[0]})
    shutil.copy(CLI / "encryption_example-organization-logs.json", tmp_path / f"{name}.json")
    policy = json.loads(json.loads((CLI / POLICY).read_text("utf-8"))["Policy"])
    policy["Statement"] = [one for one in policy["Statement"] if one["Action"] != "kms:Decrypt"]
    write(tmp_path / POLICY, {"Policy": json.dumps(policy)})
    report = Checker().check_paths([tmp_path])
    assert (("CT-TRAIL-BUCKETKEY-SET", 2) in found(report)) == taken
    assert any("S3 Bucket Key" in one for one in doubts(report).get(KEY, ())) == (not taken)


def test_earlier_versions_of_a_folder(folder: Path, tmp_path: Path) -> None:
    """The outputs are judged together as without them, and each policy is compared with its own file."""
    old = Path(shutil.copytree(folder, tmp_path / "old"))
    policy = json.loads(json.loads((folder / POLICY).read_text("utf-8"))["Policy"])
    (gone, *kept) = policy["Statement"]
    write(old / POLICY, {"Policy": json.dumps(policy)})
    write(folder / POLICY, {"Policy": json.dumps(policy | {"Statement": kept})})
    report = Checker(changed_from=str(old)).check_paths([folder])
    assert {row.subject for row in next(one for one in report.keys if one.key == KEY).capabilities if row.subject} == {
        TRAIL
    }
    assert [one.key for one in report.findings if one.rule == "CT-KEEP-EXISTING"] == [KEY]
    assert gone["Sid"] in next(one.msg for one in report.findings if one.rule == "CT-KEEP-EXISTING")
    same = Checker(changed_from=str(folder)).check_paths([folder])
    assert verdicts(same) == verdicts(Checker().check_paths([folder]))
    assert "CT-KEEP-EXISTING" not in {one.rule for one in same.findings} | {one.rule for one in same.not_evaluated}
    (old / POLICY).write_text("{", "utf-8")
    (error,) = Checker(changed_from=str(old)).check_paths([folder]).errors
    assert error.file == str(old / POLICY)


def test_a_policy_of_which_nobody_knows_whose_it_is(folder: Path) -> None:
    """It is judged on its own, and the trail of the key is not passed over."""
    (folder / POLICY).rename(folder / "policy.json")
    report = Checker().check_paths([folder])
    assert verdicts(report)[str(folder / "policy.json")] == "cannot_tell"
    assert doubts(report)[KEY] == ("its key policy is not in the document",)
    told = Checker({"keys": {KEY: {"policy": "policy.json"}}}).check_paths([folder])
    assert verdicts(told)[KEY] == "pass"
    assert rows(told, KEY) == {TRAIL}


def test_the_only_policy_of_the_only_key(tmp_path: Path) -> None:
    trails = json.loads((CLI / "trails.json").read_text("utf-8"))["trailList"]
    write(tmp_path / "trail.json", {"Trail": trails[0]})
    shutil.copy(CLI / POLICY, tmp_path / "policy.json")
    report = Checker().check_paths([tmp_path / "policy.json", tmp_path / "trail.json"])
    assert rows(report, KEY) == {TRAIL}
    shutil.copy(CLI / POLICY, tmp_path / "another.json")
    report = Checker().check_paths([tmp_path])
    assert len(report.keys) == 3
    assert doubts(report)[TRAIL] == (f"it uses the key {KEY}, whose policy is not among the inputs",)


def test_a_file_that_is_named_after_another_key_is_not_the_only_keys_policy(tmp_path: Path) -> None:
    trails = json.loads((CLI / "trails.json").read_text("utf-8"))["trailList"]
    write(tmp_path / "trail.json", {"Trail": trails[0]})
    shutil.copy(CLI / POLICY, tmp_path / f"policy-{OTHER.rpartition('/')[2]}.json")
    report = Checker().check_paths([tmp_path])
    assert doubts(report)[TRAIL] == (f"it uses the key {KEY}, whose policy is not among the inputs",)
    assert report.verdict == "cannot_tell"


def test_a_list_of_stores_does_not_hide_what_is_known_of_one(folder: Path) -> None:
    store = json.loads((folder / "store.json").read_text("utf-8"))
    listed = {"EventDataStores": [{"EventDataStoreArn": store["EventDataStoreArn"], "Name": store["Name"]}]}
    write(folder / "a-list.json", listed)
    assert store["EventDataStoreArn"] in rows(Checker().check_paths([folder]), OTHER)
    (folder / "store.json").unlink()
    assert doubts(Checker().check_paths([folder]))[store["EventDataStoreArn"]] == (
        "which key it uses is not known yet: list-event-data-stores does not tell; get-event-data-store does",
    )


def test_a_broken_file_costs_one_error(folder: Path) -> None:
    (folder / "trails.json").write_text('{"trailList": [', "utf-8")
    report = Checker().check_paths([folder])
    assert [error.file for error in report.errors] == [str(folder / "trails.json")]
    assert OTHER in verdicts(report)


def test_an_encrypted_topic_and_an_alias_of_another_account(folder: Path) -> None:
    trails = json.loads((folder / "trails.json").read_text("utf-8"))
    topic = "arn:aws:sns:eu-west-1:111111111111:trails"
    trails["trailList"][0]["SnsTopicARN"] = topic
    write(folder / "trails.json", trails)
    write(folder / "topic.json", {"Attributes": {"TopicArn": topic, "KmsMasterKeyId": "alias/cloudtrail"}})
    assert "notify" in capabilities(Checker().check_paths([folder]))
    aliases = json.loads((folder / "aliases.json").read_text("utf-8"))
    aliases["Aliases"][0]["AliasArn"] = "arn:aws:kms:eu-west-1:222222222222:alias/cloudtrail"
    write(folder / "aliases.json", aliases)
    assert "notify" not in capabilities(Checker().check_paths([folder]))


def test_policies_alone_are_no_group(tmp_path: Path) -> None:
    shutil.copy(CLI / POLICY, tmp_path)
    (report,) = Checker().check_paths([tmp_path]).keys
    assert report.source.kind == "get-key-policy"


@pytest.mark.parametrize("names", [("a.json", "b.json"), ("b.json", "a.json")])
def test_outputs_that_contradict_each_other(tmp_path: Path, names: tuple[str, str]) -> None:
    """As where old outputs are left in the folder: nobody knows which key the trail uses, whichever is read first."""
    trail = json.loads((CLI / "trails.json").read_text("utf-8"))["trailList"][0] | {"KmsKeyId": KEY}
    shutil.copy(CLI / POLICY, tmp_path)
    write(tmp_path / names[0], {"trailList": [trail]})
    assert verdicts(Checker().check_paths([tmp_path])) == {KEY: "pass"}
    write(tmp_path / names[1], {"trailList": [trail | {"KmsKeyId": OTHER}]})
    report = Checker().check_paths([tmp_path])
    assert doubts(report)[TRAIL] == (
        f"which key it uses is not known yet: {tmp_path}/a.json and {tmp_path}/b.json contradict each other",
    )
    del trail["KmsKeyId"]
    write(tmp_path / names[1], {"Trail": trail})
    assert TRAIL in doubts(Checker().check_paths([tmp_path]))


def test_descriptions_of_a_key_that_contradict_each_other(folder: Path) -> None:
    described = json.loads((folder / "describe-key.json").read_text("utf-8"))
    write(folder / "describe-key-again.json", described)
    assert verdicts(Checker().check_paths([folder]))[KEY] == "pass"
    described["KeyMetadata"]["KeyState"] = "Disabled"
    write(folder / "describe-key-again.json", described)
    assert doubts(Checker().check_paths([folder]))[KEY] == (
        f"the key's state: {folder}/describe-key-again.json and {folder}/describe-key.json contradict each other",
    )


@pytest.mark.parametrize("raw", [False, True])
def test_policies_of_a_key_that_contradict_each_other(folder: Path, raw: bool) -> None:
    """As where the policy of last year is left in the folder: nobody knows which one the key has."""
    policy = json.loads(json.loads((folder / POLICY).read_text("utf-8"))["Policy"])
    old = folder / POLICY.replace(".json", "-2024.json")
    write(old, policy if raw else {"Policy": json.dumps(policy, indent=2)})
    assert verdicts(Checker().check_paths([folder])) == {KEY: "pass", OTHER: "fail"}
    del policy["Statement"][1:]
    for one, other in ((old, folder / POLICY), (folder / POLICY, old)):
        shutil.copy(CLI / POLICY, other)
        write(one, policy if raw else {"Policy": json.dumps(policy)})
        report = Checker().check_paths([folder])
        assert verdicts(report) == {KEY: "cannot_tell", OTHER: "fail"}
        why = f"{old} and {folder / POLICY} contradict each other"
        assert doubts(report)[KEY] == (f"its key policy is not known: {why}",)


def test_outputs_in_yaml(folder: Path) -> None:
    expected = verdicts(Checker().check_paths([folder]))
    for file in list(folder.glob("*.json")):
        value = json.loads(file.read_text("utf-8"))
        file.with_suffix(".yaml").write_text(yaml.safe_dump(value, sort_keys=False), "utf-8")
        file.unlink()
    report = Checker().check_paths([folder])
    assert verdicts(report) == expected
    assert {key.source.file for key in report.keys} == {
        str((folder / name).with_suffix(".yaml"))
        for name in (POLICY, "policy-5678efab-34cd-56ef-78ab-567890abcdef.json")
    }


def test_a_policy_as_it_is(folder: Path) -> None:
    """What `get-key-policy --query Policy --output text` prints."""
    expected = Checker().check_paths([folder])
    for file in folder.glob("policy-*.json"):
        write(file, json.loads(json.loads(file.read_text("utf-8"))["Policy"]))
    report = Checker().check_paths([folder])
    assert verdicts(report) == verdicts(expected)
    assert {rule for rule, _ in found(report)} == {rule for rule, _ in found(expected)}
    assert {line for _, line in found(report)} != {2}


def test_keys_that_aliases_and_topics_mean_by_their_ids(tmp_path: Path) -> None:
    """Without describe-key, the id in a policy's file name and their account and Region are the key's ARN."""
    trail = json.loads((CLI / "trails.json").read_text("utf-8"))["trailList"][0]
    topic = "arn:aws:sns:eu-west-1:111111111111:trails"
    alias = KEY.replace(f"key/{KEY.rpartition('/')[2]}", "alias/own")
    shutil.copy(CLI / POLICY, tmp_path)
    shutil.copy(CLI / POLICY, tmp_path / f"{OTHER.rpartition('/')[2]}.json")
    write(tmp_path / "trails.json", {"trailList": [trail | {"KmsKeyId": alias, "SnsTopicARN": topic}]})
    write(tmp_path / "topic.json", {"Attributes": {"TopicArn": topic, "KmsMasterKeyId": OTHER.rpartition("/")[2]}})
    listed = {"AliasName": "alias/own", "AliasArn": alias, "TargetKeyId": KEY.rpartition("/")[2]}
    write(tmp_path / "aliases.json", {"Aliases": [listed, {"AliasName": "alias/without-a-key"}]})
    report = Checker().check_paths([tmp_path])
    assert rows(report, KEY) == {TRAIL}
    assert {row.capability for key in report.keys if key.key == OTHER for row in key.capabilities} >= {"notify"}


@pytest.mark.parametrize(
    "printed",
    [
        {"Keys": [{"KeyId": "1234", "KeyArn": KEY}]},
        {"Grants": [], "Truncated": False},
        {"PolicyNames": ["default"], "Truncated": False},
        {"UserId": "AIDA", "Account": "111111111111", "Arn": "arn:aws:iam::111111111111:user/Bob"},
        {"LocationConstraint": "eu-west-1"},
    ],
)
def test_what_commands_print_that_say_nothing_of_policies(folder: Path, printed: object) -> None:
    before = verdicts(Checker().check_paths([folder]))
    write(folder / "other.json", printed)
    report = Checker().check_paths([folder])
    assert verdicts(report) == before
    assert [one.file for one in report.left_out] == [str(folder / "other.json")]
    assert Checker().check_paths([folder / "other.json"]).verdict == "cannot_tell"
