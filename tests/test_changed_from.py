"""`--changed-from`: which earlier version an input is compared with, and what is said where there is none."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from test_cli_check import FLAGS, GOOD, KEY, OTHER_KEY, TRAIL

from ctkms_opa import Checker
from ctkms_opa.cli import group
from ctkms_opa.errors import InputError, UsageError

RULE = "CT-KEEP-EXISTING"
LESS: dict[str, Any] = {**GOOD, "Statement": GOOD["Statement"][:-1]}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(file: str, value: object) -> None:
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(value if isinstance(value, str) else json.dumps(value, indent=1))


def check(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["check", *arguments])


def said(*paths: str, old: str, **options: Any) -> dict[str, list[str]]:
    """What the rule says of each file: findings, or why it did not run."""
    report = Checker(changed_from=old, **options).check_paths(paths)
    found = {key.source.file: [one.msg for one in key.findings if one.rule == RULE] for key in report.keys}
    return found | {"": [one.why for one in report.not_evaluated if one.rule == RULE]}


REMOVED = ["statement 5 (Read) of the earlier version was removed"]


def test_a_file_is_compared_with_a_file_whatever_its_name() -> None:
    write("new.json", LESS)
    write("then/old.json", GOOD)
    result = check("new.json", "--changed-from", "then/old.json", *FLAGS)
    assert f"warning {RULE}  new.json:1:1\n    {REMOVED[0]}\n" in result.stdout
    same = check("new.json", "--changed-from", "new.json", *FLAGS)
    assert RULE not in same.stdout


@pytest.mark.parametrize("engine", ["compiled", "interpreted"])
def test_statements_that_were_moved_are_named(engine: str) -> None:
    write("new.json", {**GOOD, "Statement": GOOD["Statement"][2:] + GOOD["Statement"][:2]})
    write("old.json", GOOD)
    told = said("new.json", old="old.json", key=KEY, engine=engine)
    moved = "statement 1 (Describe) was moved: it stands before statement 5 (Encrypt), behind which it stood in the "
    assert told == {"new.json": [f"{moved}earlier version"], "": []}


@pytest.mark.parametrize("old", ["old/policies", "old"])
def test_files_of_a_folder_are_compared_with_those_of_the_same_name_below_another(old: str) -> None:
    write("policies/a.json", LESS)
    write("policies/deep/a.json", GOOD)
    write("old/policies/a.json", GOOD)
    write("old/policies/deep/a.json", LESS)
    assert said("policies", old=old, key=KEY) == {"policies/a.json": REMOVED, "policies/deep/a.json": [], "": []}


def test_a_file_that_is_named_is_found_by_its_path_or_its_name() -> None:
    write("policies/a.json", LESS)
    write("old/policies/a.json", GOOD)
    write("old/a.json", LESS)
    assert said("policies/a.json", old="old", key=KEY)["policies/a.json"] == REMOVED
    assert said("policies/a.json", old="old/policies", key=KEY)["policies/a.json"] == REMOVED
    assert said(str(Path("policies/a.json").resolve()), old="old/policies", key=KEY)[""] == []


def test_a_new_file_has_nothing_to_be_compared_with() -> None:
    write("policies/a.json", GOOD)
    write("policies/deep/b.json", GOOD)
    write("old/b.json", LESS)
    told = said("policies", old="old", key=KEY)
    assert told == {
        "policies/a.json": [],
        "policies/deep/b.json": [],
        "": [f"policies/{name}: old holds no earlier version of it" for name in ("a.json", "deep/b.json")],
    }


def test_a_path_that_leads_out_of_the_old_folder_is_not_followed() -> None:
    write("policies/a.json", GOOD)
    write("here/x.json", GOOD)
    write("here/old/x.json", GOOD)
    for path in ("here/../policies/../policies/a.json", "policies"):
        told = said(path, old="here/old", key=KEY)
        assert [one.partition(": ")[2] for one in told[""]] == ["here/old holds no earlier version of it"]


def test_a_renamed_file_is_found_by_its_key() -> None:
    expected = {"keys": {KEY: {"policy": "policies/th*.json"}, OTHER_KEY: {"policy": "policies/other.json"}}}
    write("policies/this.json", LESS)
    write("old/policies/other.json", GOOD)
    write("old/policies/broken.json", "{")
    assert said("policies", old="old", expectations=expected)[""] == [
        "policies/this.json: old holds no earlier version of it"
    ]
    write("old/policies/then.json", GOOD)
    assert said("policies", old="old", expectations=expected)["policies/this.json"] == REMOVED
    write("old/policies/there.json", GOOD)
    assert said("policies", old="old", expectations=expected)[""] == [
        "policies/this.json: there are several earlier versions of it"
    ]


def test_an_earlier_version_that_is_no_policy() -> None:
    write("new.json", GOOD)
    write("old.json", {"name": "a package"})
    assert said("new.json", old="old.json", key=KEY)[""] == ["new.json: its earlier version is no key policy"]


def test_an_earlier_version_that_cannot_be_read_is_an_error() -> None:
    write("policies/a.json", GOOD)
    write("old/a.json", '{"Version": ')
    result = check("policies", "--changed-from", "old", *FLAGS)
    assert result.exit_code == 2
    assert "old/a.json:1:13: " in result.stdout
    assert f"{RULE}: policies/a.json: old/a.json, its earlier version, cannot be read" in result.stdout
    assert f"{KEY}: pass" in result.stdout


def test_nothing_to_compare_with() -> None:
    write("a.json", GOOD)
    result = check("a.json", "--changed-from", "missing")
    assert result.exit_code == 2
    assert result.stderr == "ctkms: missing: there is no such file or folder, with which the inputs could be compared\n"
    with pytest.raises(InputError, match="there is no such file or folder"):
        Checker(changed_from="missing")


def test_one_file_is_no_earlier_version_of_several() -> None:
    for name in ("a.json", "b.json", "old.json"):
        write(name, GOOD)
    with pytest.raises(UsageError, match="one file is no earlier version of several inputs: name a folder"):
        Checker(changed_from="old.json").check_paths(["a.json", "b.json"])


def test_standard_input_is_compared_with_a_file() -> None:
    write("old.json", GOOD)
    arguments = ["check", "-", "--changed-from", "old.json", *FLAGS]
    result = CliRunner().invoke(group, arguments, input=json.dumps(LESS))
    assert f"warning {RULE}  <stdin>:1:1\n    {REMOVED[0]}\n" in result.stdout


def test_several_processes_compare_alike() -> None:
    for number in range(5):
        write(f"policies/p{number}.json", LESS if number % 2 else GOOD)
        write(f"old/p{number}.json", GOOD)
    one, two = (
        Checker({"trails": {TRAIL: {"key": KEY}}}, key=KEY, changed_from="old").check_paths(["policies"], jobs=jobs)
        for jobs in (1, 2)
    )
    assert one.to_dict() == two.to_dict()
    assert [one.msg for one in two.findings if one.rule == RULE] == REMOVED * 2


# Templates.

TEMPLATE: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Parameters": {"Trail": {"Type": "String", "Default": "management-events"}},
    "Conditions": {"Read": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}},
    "Resources": {
        "Key": {
            "Type": "AWS::KMS::Key",
            "Properties": {
                "KeyPolicy": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "Account",
                            "Effect": "Allow",
                            "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}},
                            "Action": "kms:*",
                            "Resource": "*",
                        },
                        {
                            "Sid": "Describe",
                            "Effect": "Allow",
                            "Principal": {"Service": "cloudtrail.amazonaws.com"},
                            "Action": "kms:DescribeKey",
                            "Resource": {"Fn::GetAtt": "Key.Arn"},
                        },
                    ],
                }
            },
        }
    },
}
Statements = list[Any]


def changed(statements: Statements) -> dict[str, Any]:
    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["Key"]["Properties"]["KeyPolicy"]["Statement"] = statements
    return template


STATEMENTS: Statements = TEMPLATE["Resources"]["Key"]["Properties"]["KeyPolicy"]["Statement"]


@pytest.mark.parametrize(
    ("now", "before", "findings", "why"),
    [
        (STATEMENTS, STATEMENTS, [], []),
        (STATEMENTS[:1], STATEMENTS, ["statement 2 (Describe) of the earlier version was removed"], []),
        # Written in another way, saying the same.
        ([STATEMENTS[0], {**STATEMENTS[1], "Action": {"Fn::Sub": "kms:DescribeKey"}}], STATEMENTS, [], []),
        (
            STATEMENTS,
            [{**STATEMENTS[0], "Resource": {"Fn::ImportValue": "x"}}],
            [],
            ["new.yaml: it or its earlier version holds a value that is not known yet"],
        ),
    ],
    ids=["same", "removed", "other words", "unknown"],
)
def test_templates_are_compared_in_every_way_to_deploy_them(
    now: Statements, before: Statements, findings: list[str], why: list[str]
) -> None:
    write("new.yaml", yaml.safe_dump(changed(now)))
    write("old.json", changed(before))
    told = said("new.yaml", old="old.json")
    assert len(told["new.yaml"]) == len(findings)
    assert all(part in found for part, found in zip(findings, told["new.yaml"], strict=True)), told
    assert told[""] == why


def test_what_a_template_drops_in_some_ways_to_deploy_it() -> None:
    write("new.json", changed([STATEMENTS[0], {"Fn::If": ["Read", STATEMENTS[1], {"Ref": "AWS::NoValue"}]}]))
    write("old.json", TEMPLATE)
    removed = "statement 2 (Describe) of the earlier version was removed"
    assert said("new.json", old="old.json")[""] == [f"the finding depends on AWS::Region: {removed}"]
    assert said("new.json", old="old.json", region="us-east-1") == {"new.json": [], "": []}
    assert said("new.json", old="old.json", region="eu-west-1") == {"new.json": [removed], "": []}


def test_a_key_that_the_earlier_template_did_not_have() -> None:
    older = copy.deepcopy(TEMPLATE)
    older["Resources"] = {"Other": older["Resources"]["Key"]}
    write("new.json", TEMPLATE)
    write("old.json", older)
    assert said("new.json", old="old.json")[""] == ["new.json: its earlier version has no key policy of Key"]
    write("old.json", GOOD)
    assert said("new.json", old="old.json")[""] == ["new.json: its earlier version has no key policy of Key"]


def test_a_policy_that_is_text_in_the_template() -> None:
    write("new.json", changed(STATEMENTS[1:]))
    older = copy.deepcopy(TEMPLATE)
    statements = [{**STATEMENTS[1], "Sid": "Old", "Resource": "*"}, {**STATEMENTS[1], "Resource": "${Key.Arn}"}]
    policy = {"Version": "2012-10-17", "Statement": statements}
    older["Resources"]["Key"]["Properties"]["KeyPolicy"] = {"Fn::Sub": json.dumps(policy)}
    write("old.json", older)
    told = said("new.json", old="old.json")
    assert told == {"new.json": ["statement 1 (Old) of the earlier version was removed"], "": []}
    older["Resources"]["Key"]["Properties"]["KeyPolicy"] = "no policy"
    write("old.json", older)
    assert said("new.json", old="old.json")[""] == ["new.json: its earlier version is no key policy"]


def test_a_template_without_an_earlier_version() -> None:
    write("new/a.json", TEMPLATE)
    write("old/b.json", TEMPLATE)
    assert said("new", old="old")[""] == ["new/a.json: old holds no earlier version of it"]


def test_a_template_that_depends_on_less_than_it_did() -> None:
    template = changed(STATEMENTS[:1])
    template["Parameters"]["Env"] = {"Type": "String"}
    template["Conditions"]["Live"] = {"Fn::Equals": [{"Ref": "Env"}, "live"]}
    write("new.json", template)
    write("old.json", changed([{**STATEMENTS[0], "Action": {"Fn::If": ["Live", "kms:*", "kms:Get*"]}}]))
    variable = '{"Fn::Equals": [{"Ref": "Env"}, "live"]}'
    why = f"new.json: its earlier version depends on {variable}, of which nothing is known now"
    assert said("new.json", old="old.json")[""] == [why]
    assert said("new.json", old="old.json", parameters={"Env": "live"}) == {"new.json": [], "": []}


def test_an_earlier_version_with_other_keys() -> None:
    account = Path(__file__).parent / "inventories" / "account.json"
    write("new.json", GOOD)
    write("old.json", account.read_text("utf-8"))
    assert said("new.json", old="old.json", key=OTHER_KEY)[""] == ["new.json: old.json does not hold its key"]


def test_the_keys_of_a_document_are_compared_each_with_itself() -> None:
    account = json.loads((Path(__file__).parent / "inventories" / "account.json").read_text("utf-8"))
    assert len(account["keys"]) > 1
    write("old.json", account)
    arn = list(account["keys"])[-1]
    policy = json.loads(account["keys"][arn]["Policy"])
    sid = policy["Statement"].pop()["Sid"]
    account["keys"][arn]["Policy"] = json.dumps(policy)
    write("new.json", account)
    report = Checker(changed_from="old.json").check_paths(["new.json"])
    found = [(key.key, one.msg) for key in report.keys for one in key.findings if one.rule == RULE]
    assert found == [(arn, f"statement {len(policy['Statement']) + 1} ({sid}) of the earlier version was removed")]
