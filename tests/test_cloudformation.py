"""CloudFormation templates: verdicts, and findings with the lines of the template that they stand on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from documents import verdicts

from ctkms_opa import Checker
from ctkms_opa.errors import UsageError
from ctkms_opa.formats import Options, renderer

if TYPE_CHECKING:
    from ctkms_opa.report import Report

TEMPLATES = Path(__file__).parent / "templates"
KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROOT = {"Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}} | {
    "Action": "kms:*",
    "Resource": "*",
}
CLOUDTRAIL = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": ["kms:GenerateDataKey*", "kms:DescribeKey", "kms:Decrypt"],
    "Resource": "*",
}


def check(name: str, **options: Any) -> Report:
    return Checker(**options).check_paths([TEMPLATES / name])


def judge(template: dict[str, Any], **options: Any) -> Report:
    return Checker(**options).check_policy(json.dumps(template, indent=1))


def found(report: Report, level: str = "error") -> set[tuple[str, int | None]]:
    return {(one.rule, one.location.line) for one in report.findings if one.level == level}


def template(*statements: object, **more: Any) -> dict[str, Any]:
    """A template with a key and a trail that uses it; more sections, and resources beside them."""
    resources = {
        "Key": {
            "Type": "AWS::KMS::Key",
            "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [ROOT, *statements]}},
        },
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Trail": {
            "Type": "AWS::CloudTrail::Trail",
            "Properties": {
                "TrailName": "events",
                "S3BucketName": {"Ref": "Bucket"},
                "KMSKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
            },
        },
    }
    return {"Resources": resources | more.pop("Resources", {}), **more}


def sourced(arn: object) -> dict[str, Any]:
    """CloudTrail's statement with the trail's ARN."""
    return CLOUDTRAIL | {"Condition": {"StringEquals": {"aws:SourceArn": arn}}}


EQUALS = {"Fn::Equals": [{"Ref": "Odd"}, "yes"]}
OWN = {"Fn::Sub": "arn:aws:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/events"}
OWN_STATEMENT = sourced(OWN)


# Realistic templates.


@pytest.mark.parametrize("engine", ["compiled", "interpreted"])
def test_an_organization_trail(engine: str) -> None:
    report = check("organization-trail.yaml", engine=engine)
    assert report.verdict == "pass"
    assert report.exit_code == 0
    (key,) = report.keys
    assert (key.key, key.source.kind, key.source.line) == ("TrailKey", "cloudformation", 23)
    assert (found(report), found(report, "warning")) == (set(), {("CT-ORG-MGMT-ASSUMED", 23)})
    (taken,) = (one for one in report.findings if one.level == "warning")
    assert taken.msg.startswith("taken for granted: ${AWS::AccountId} is the organization's management account")
    assert {(row.capability, row.decision) for row in key.capabilities if row.subject} == {
        ("encrypt", "allow"),
        ("describe", "allow"),
        ("decrypt_service", "allow"),
    }


def test_an_organization_trail_in_china() -> None:
    assert check("organization-trail.yaml", region="cn-north-1", account="111111111111").verdict == "pass"


def test_an_organization_trail_that_a_delegated_administrator_deploys() -> None:
    """Its ARN has the management account, so the template, which names the account of the stack, is wrong there."""
    expected = {"organization": {"management_account": "999999999999"}}
    report = check("organization-trail.yaml", expectations=expected, account="111111111111", region="us-east-1")
    assert report.verdict == "fail"
    assert ("CT-ORG-MGMT-ACCOUNT", 39) in found(report)


@pytest.mark.parametrize("options", [{}, {"account": "111111111111", "region": "us-east-1"}])
@pytest.mark.parametrize("flag", [True, {"Ref": "Flag"}])
def test_a_template_for_another_management_account_than_that_of_the_stack(flag: object, options: Any) -> None:
    """It is right where a delegated administrator deploys it, and nobody says who does."""
    owner = {"Fn::Sub": "arn:aws:cloudtrail:${AWS::Region}:${ManagementAccount}:trail/events"}
    document = template(
        sourced(owner),
        Parameters={"ManagementAccount": {"Type": "String", "Default": "222222222222"}, "Flag": {"Type": "String"}},
    )
    document["Resources"]["Trail"]["Properties"]["IsOrganizationTrail"] = flag
    report = judge(document, **options)
    assert (report.verdict, found(report)) == ("cannot_tell", set())
    assert any(one.endswith("declare organization.management_account") for one in report.keys[0].cannot_tell)
    document["Resources"]["Trail"]["Properties"]["IsOrganizationTrail"] = False
    assert judge(document, account="111111111111", region="us-east-1").verdict == "fail"
    document["Resources"]["Trail"]["Properties"]["IsOrganizationTrail"] = True
    told = {"organization": {"management_account": "222222222222"}}
    assert judge(document, **options, expectations=told).verdict == "pass"


def test_a_key_for_the_trails_of_several_accounts() -> None:
    """The encryption context lists one of the two accounts whose trails the parameter names."""
    trails = [f"arn:aws:cloudtrail:us-east-1:{account}:trail/workload" for account in ("333333333333", "444444444444")]
    auditor = {"AuditorRole": "arn:aws:iam::111111111111:role/Auditor"}
    expected = {"keys": {KEY: {"policy": "shared-key.yaml"}}, "trails": {trail: {"key": KEY} for trail in trails}}
    report = check("shared-key.yaml", expectations=expected, parameters=auditor)
    (key,) = report.keys
    assert key.key == KEY
    assert {("CT-TRAIL-ENCRYPT", 34), ("CT-TRAIL-CTX-ACCOUNT", 34)} <= found(report)
    assert {one.subject for one in report.findings if one.rule == "CT-TRAIL-ENCRYPT"} == {
        "arn:aws:cloudtrail:us-east-1:444444444444:trail/workload"
    }


PARAMETERS = {
    "Org": {"Type": "String", "AllowedValues": ["yes", "no"]},
    "Id": {"Type": "String", "AllowedPattern": "o-[a-z0-9]{3,5}", "MinLength": 6, "MaxLength": "6"},
    "Days": {"Type": "Number", "MinValue": 7, "MaxValue": 30.5},
    "Zones": {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]},
    "Flag": {"Type": "String", "AllowedValues": [True, False]},
    "Odd": {"Type": "String", "AllowedPattern": "(?=x)x", "AllowedValues": {"Ref": "Org"}},
    "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "AllowedValues": ["/a"]},
}


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("Org", "maybe", "its AllowedValues are yes, no"),
        ("Id", "O-abcd", "its AllowedPattern is o-[a-z0-9]{3,5}"),
        ("Id", "o-abcd-", "its AllowedPattern is o-[a-z0-9]{3,5}"),
        ("Id", "o-abc", "its MinLength is 6"),
        ("Id", "o-abcde", "its MaxLength is 6"),
        ("Days", "six", "its Type is Number"),
        ("Days", "6.9", "its MinValue is 7"),
        ("Days", "31", "its MaxValue is 30.5"),
        ("Zones", "a, c", "its AllowedValues are a, b"),
        ("Flag", "True", "its AllowedValues are true, false"),
    ],
)
def test_a_value_that_a_parameter_cannot_have(name: str, value: str, problem: str) -> None:
    report = judge(template(OWN_STATEMENT, Parameters=PARAMETERS), parameters={name: value})
    (error,) = report.errors
    assert (error.msg, report.exit_code, report.keys) == (f"the parameter {name} cannot be {value!r}: {problem}", 2, ())
    assert error.line is not None


@pytest.mark.parametrize("no_echo", [True, "true", {"Ref": "Org"}])
def test_a_secret_value_is_not_shown(no_echo: object) -> None:
    declared = {"Secret": {"Type": "String", "NoEcho": no_echo, "MinLength": 8}}
    (error,) = judge(template(OWN_STATEMENT, Parameters=declared), parameters={"Secret": "hunter2"}).errors
    assert error.msg == "the parameter Secret cannot be what was given: its MinLength is 8"


def test_a_list_of_one_is_trimmed() -> None:
    assert judge(template(OWN_STATEMENT, Parameters=PARAMETERS), parameters={"Zones": " a"}).errors == ()


def test_values_that_parameters_can_have() -> None:
    values = {"Org": "no", "Id": "o-abcd", "Days": "30", "Zones": "a, b", "Flag": "true", "Odd": "z", "Stored": "b"}
    assert judge(template(OWN_STATEMENT, Parameters=PARAMETERS), parameters=values).errors == ()


def test_a_parameter_that_no_template_has(tmp_path: Path) -> None:
    """One that some template of several has is no mistake, in whatever process that is judged."""
    for number in range(2):
        document = template(OWN_STATEMENT, Parameters={f"Name{number}": {"Type": "String"}})
        (tmp_path / f"{number}.json").write_text(json.dumps(document))
    assert Checker(parameters={"Name0": "x", "Name1": "y"}).check_paths([tmp_path], jobs=2).errors == ()
    report = Checker(parameters={"Name": "x", "Name0": "y", "Typo": "z"}).check_paths([tmp_path])
    (error,) = report.errors
    assert error.msg == "no template has the parameter Name, Typo; there are Name0, Name1"
    assert (error.file, report.exit_code) == ("parameters", 2)
    assert verdicts(report) == verdicts(Checker().check_paths([tmp_path]))
    (error,) = judge(template(), parameters={"Name": "x"}).errors
    assert error.msg == "no template has the parameter Name; there are none"


def test_a_parameter_where_no_template_can_be_asked(tmp_path: Path) -> None:
    """Of one that cannot be read nobody knows what it has, and policies have no parameters that could be mistaken."""
    checker = Checker(parameters={"Name": "x"})
    assert checker.check_policy({"Version": "2012-10-17", "Statement": []}).errors == ()
    (tmp_path / "broken.yaml").write_text("Resources: [\n")
    (tmp_path / "whole.json").write_text(json.dumps(template()))
    report = checker.check_paths([tmp_path])
    assert [error.file for error in report.errors] == [str(tmp_path / "broken.yaml")]
    assert verdicts(report) == verdicts(Checker().check_paths([tmp_path / "whole.json"]))


def test_a_remedy_is_written_as_the_template_is() -> None:
    """In a template that is YAML, too: JSON is YAML. In a policy that is text, names are replaced as they stand."""
    document = template()
    remedies = {one.rule: one.remediation for one in judge(document).findings}
    statement = json.loads(remedies["CT-TRAIL-ENCRYPT"].partition("): ")[2])
    assert statement["Condition"]["StringEquals"] == {"aws:SourceArn": OWN}
    root = ROOT | {"Principal": {"AWS": "arn:aws:iam::${AWS::AccountId}:root"}}
    text = json.dumps({"Version": "2012-10-17", "Statement": [root]})
    document["Resources"]["Key"]["Properties"]["KeyPolicy"] = {"Fn::Sub": text}
    told = "".join(one.remediation for one in judge(document).findings)
    assert '"aws:SourceArn":"arn:aws:cloudtrail:${AWS::Region}' in told


def test_a_key_that_a_trail_and_a_store_use_has_a_table_for_each() -> None:
    store = {"Type": "AWS::CloudTrail::EventDataStore", "Properties": {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}}
    report = judge(template(OWN_STATEMENT, Resources={"Store": store}))
    heads = [line for line in "".join(renderer("text")(report, Options())).splitlines() if line.startswith("  For ")]
    assert len(heads) == len(set(heads)) == 3


def test_a_parameter_without_a_value() -> None:
    report = check("shared-key.yaml")
    assert (report.verdict, report.exit_code) == ("cannot_tell", 3)
    assert report.findings == tuple(one for one in report.findings if one.level == "note")
    assert report.keys[0].cannot_tell == (
        "statement 4 holds a value that is not known yet: the parameter AuditorRole has no value "
        "(--parameter AuditorRole=VALUE)",
        "what CloudTrail needs of this key: no expected trail or event data store uses it",
    )


@pytest.mark.parametrize("engine", ["compiled", "interpreted"])
def test_an_event_data_store(engine: str) -> None:
    report = check("event-data-store.yaml", engine=engine)
    assert report.verdict == "fail"
    assert found(report) == {("CT-EDS-ENCRYPT", 25), ("CT-EDS-DECRYPT-SVC", 25), ("CT-EDS-NO-SOURCE", 25)}
    assert found(report, "warning") == {("CT-EDS-DESCRIBE", 11), ("CT-TRAIL-SOURCEARN", 24)}
    assert {one.subject for one in report.findings if one.level == "error"} == {
        "arn:aws:cloudtrail:${AWS::Region}:${AWS::AccountId}:eventdatastore/${Lake}"
    }


def test_output_of_the_cdk() -> None:
    report = check("cdk.template.json")
    assert report.verdict == "fail"
    assert found(report) == {("CT-TRAIL-BUCKETKEY-SET", 7)}
    assert found(report, "warning") == {("CT-TRAIL-SOURCEARN", 17), ("CT-TRAIL-SOURCEARN", 28)}
    assert [one.location.pointer for one in report.findings if one.location.line == 17] == [
        "/Resources/TrailKey3F2A/Properties/KeyPolicy/Statement/1/Condition"
    ]


def test_a_policy_that_is_text() -> None:
    report = check("policy-as-text.yaml")
    assert found(report) == {("CT-TRAIL-ENCRYPT", 24), ("CT-TRAIL-DESCRIBE", 24), ("CT-TRAIL-SOURCEARN-MATCH", 24)}
    assert {one.location.pointer for one in report.findings} == {"/Resources/Key/Properties/KeyPolicy"}


def test_conditions_that_nobody_decides() -> None:
    report = check("conditional.yaml")
    assert report.verdict == "cannot_tell"
    assert found(report) == set()
    assert [reason.partition(":")[0] for reason in report.keys[0].cannot_tell] == [
        "statement 2 holds a value that is not known yet",
        "CT-TRAIL-DESCRIBE, which depends on the parameter Environment",
    ]


@pytest.mark.parametrize(
    ("environment", "verdict", "errors"),
    [("production", "fail", {("CT-TRAIL-DESCRIBE", 43)}), ("staging", "pass", set())],
)
def test_conditions_that_parameters_decide(environment: str, verdict: str, errors: set[tuple[str, int]]) -> None:
    given = {"Environment": environment, "ManagementAccount": "111111111111"}
    report = check("conditional.yaml", parameters=given, account="111111111111")
    assert (report.verdict, found(report)) == (verdict, errors)


def test_a_key_that_is_not_made() -> None:
    report = check("conditional.yaml", parameters={"ExistingTrailKey": KEY})
    assert (report.keys, report.verdict, report.exit_code) == ((), "cannot_tell", 3)


def test_what_fails_in_every_deployment_is_an_error_whatever_comes_closest_in_each() -> None:
    foreign = sourced("arn:aws:cloudtrail:us-east-1:999999999999:trail/other")
    either = template({"Fn::If": ["Shared", foreign, {"Ref": "AWS::NoValue"}]})
    either["Parameters"] = {"Share": {"Type": "String", "AllowedValues": ["yes", "no"]}}
    either["Conditions"] = {"Shared": {"Fn::Equals": [{"Ref": "Share"}, "yes"]}}
    given = {"account": "111111111111", "region": "us-east-1"}
    rules = [
        {rule for rule, _ in found(judge(either, parameters={"Share": value}, **given))} for value in ("yes", "no")
    ]
    assert {"CT-TRAIL-ENCRYPT", "CT-TRAIL-DESCRIBE"} <= rules[0] & rules[1]
    assert {rule for rule, _ in found(judge(either, **given))} == rules[0] & rules[1]


# What nobody knows.


def test_a_trail_without_a_name_has_one_that_equals_nothing() -> None:
    """AWS's own pattern fits; a name that somebody made up does not."""
    nameless = template(sourced({"Fn::Sub": "arn:aws:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/Trail"}))
    del nameless["Resources"]["Trail"]["Properties"]["TrailName"]
    assert ("CT-TRAIL-ENCRYPT", 32) in found(judge(nameless))
    like = CLOUDTRAIL | {
        "Condition": {
            "StringLike": {
                "aws:SourceArn": {"Fn::Sub": "arn:aws:cloudtrail:*:${AWS::AccountId}:trail/${AWS::StackName}-*"}
            }
        }
    }
    nameless["Resources"]["Key"]["Properties"]["KeyPolicy"]["Statement"][1] = like
    assert judge(nameless).verdict == "pass"


def test_an_account_that_the_template_names_may_be_the_one() -> None:
    fixed = template(sourced({"Fn::Sub": "arn:aws:cloudtrail:${AWS::Region}:111111111111:trail/events"}))
    report = judge(fixed)
    assert report.verdict == "cannot_tell"
    assert found(report) == set()
    reasons = report.keys[0].cannot_tell
    assert all(reason.partition(":")[0].endswith("which depends on AWS") for reason in reasons)
    assert all("which depends on AWS::AccountId: " in reason for reason in reasons)
    assert judge(fixed, account="111111111111").verdict == "pass"
    assert found(judge(fixed, account="222222222222")) == {
        ("CT-TRAIL-DESCRIBE", 32),
        ("CT-TRAIL-ENCRYPT", 32),
        ("CT-TRAIL-SOURCEARN-MATCH", 32),
    }


def test_two_mentioned_together_are_tried_together() -> None:
    fixed = template(sourced("arn:aws:cloudtrail:us-east-1:111111111111:trail/events"))
    report = judge(fixed)
    assert (report.verdict, found(report)) == ("cannot_tell", set())
    assert all("depends on AWS::AccountId and AWS::Region: " in reason for reason in report.keys[0].cannot_tell)
    assert judge(fixed, account="111111111111", region="us-east-1").verdict == "pass"


def test_a_pattern_of_regions_may_fit() -> None:
    pattern = {"Fn::Sub": "arn:aws:cloudtrail:us-*:${AWS::AccountId}:trail/events"}
    like = CLOUDTRAIL | {"Condition": {"StringLike": {"aws:SourceArn": pattern}}}
    assert judge(template(like)).verdict == "cannot_tell"
    assert judge(template(like), region="us-west-2").verdict == "pass"
    assert judge(template(like), region="eu-west-1").verdict == "fail"


def test_what_is_made_up_is_not_shown() -> None:
    text = json.dumps(check("cdk.template.json").to_dict())
    assert "${AWS::AccountId}" in text
    assert "${AWS::Region}" in text
    assert "71039528" not in text
    assert "eu-central-9" not in text
    assert "stack" not in text


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ({"Fn::ImportValue": "trail-arn"}, "Fn::ImportValue is evaluated on deployment"),
        ("{{resolve:ssm:/trail/arn}}", "{{resolve:ssm:/trail/arn}} is looked up on deployment"),
        (
            {"Fn::Sub": "arn:aws:cloudtrail:*:${Lookup.Account}:trail/*"},
            "the attribute Account of Lookup (Custom::Lookup)",
        ),
        ({"Fn::Transform": {"Name": "Macro"}}, "Fn::Transform is evaluated on deployment"),
    ],
)
def test_what_only_a_deployment_tells(argument: object, why: str) -> None:
    report = judge(template(sourced(argument), Resources={"Lookup": {"Type": "Custom::Lookup"}}))
    assert report.verdict == "cannot_tell"
    assert found(report) == set()
    assert any(why in reason for reason in report.keys[0].cannot_tell)


def test_a_macro_may_change_everything() -> None:
    good = template(sourced(OWN))
    assert judge(good | {"Transform": "AWS::Serverless-2016-10-31"}).verdict == "pass"
    report = judge(good | {"Transform": ["AWS::LanguageExtensions", "Company::Macro"]})
    assert report.verdict == "cannot_tell"
    assert report.keys[0].cannot_tell == ("whether the macro Company::Macro changes the template",)


def test_a_trail_whose_key_is_a_parameter() -> None:
    elsewhere = template(CLOUDTRAIL, Parameters={"KeyArn": {"Type": "String"}})
    elsewhere["Resources"]["Trail"]["Properties"]["KMSKeyId"] = {"Ref": "KeyArn"}
    report = judge(elsewhere)
    assert report.verdict == "cannot_tell"
    assert [(key.key, key.source.kind, key.source.line) for key in report.keys[1:]] == [
        ("arn:aws:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/events", "trail", 38)
    ]


def test_more_ways_than_are_tried() -> None:
    names = [f"P{number}" for number in range(8)]
    many = template(
        *({"Fn::If": [name, CLOUDTRAIL | {"Sid": name, "Effect": "Deny"}, {"Ref": "AWS::NoValue"}]} for name in names),
        Parameters={name: {"Type": "String"} for name in names},
        Conditions={name: {"Fn::Equals": [{"Ref": name}, "yes"]} for name in names},
    )
    report = judge(many)
    assert report.verdict == "cannot_tell"
    assert found(report) == set()
    assert any("more than 64 ways to deploy" in reason for reason in report.keys[0].cannot_tell)
    assert judge(many, parameters=dict.fromkeys(names, "yes")).verdict == "fail"


# What belongs to whom.


def test_the_key_that_the_expectations_know() -> None:
    expected: dict[str, Any] = {"keys": {KEY: {"policy": "organization-trail.yaml"}}}
    report = check("organization-trail.yaml", expectations=expected)
    (key,) = report.keys
    assert (key.key, key.verdict) == (KEY, "pass")
    assert {row.subject for row in key.capabilities if row.subject} == {
        "arn:aws:cloudtrail:us-east-1:111111111111:trail/organization-trail"
    }


def test_a_key_arn_for_a_template_of_two_keys() -> None:
    two = template(sourced(OWN), Resources={"Other": {"Type": "AWS::KMS::Key"}})
    report = Checker(key=KEY).check_policy(json.dumps(two), key=KEY)
    assert {key.key for key in report.keys} == {"Key", "Other"}
    assert all(f"which of the keys is {KEY}" in key.cannot_tell for key in report.keys)


def test_a_key_that_nothing_uses_beside_one_that_is() -> None:
    report = judge(template(sourced(OWN), Resources={"Other": {"Type": "AWS::KMS::Key"}}))
    assert {key.key: key.verdict for key in report.keys} == {"Key": "pass", "Other": "pass"}


def test_the_readers_that_the_expectations_list() -> None:
    trail = "arn:aws:cloudtrail:us-east-1:111111111111:trail/events"
    expected: dict[str, Any] = {"trails": {trail: {"readers": {"arn:aws:iam::222222222222:user/Alice": {}}}}}
    where: dict[str, Any] = {"account": "111111111111", "region": "us-east-1"}
    report = judge(template(sourced(OWN)), expectations=expected, **where)
    assert {one.rule for one in report.findings if one.level == "error"} == {"CT-TRAIL-READERS"}


def test_a_topic_that_is_encrypted_with_the_key() -> None:
    notified = template(sourced(OWN))
    notified["Resources"]["Topic"] = {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": {"Ref": "TopicKey"}}}
    notified["Resources"]["TopicKey"] = {
        "Type": "AWS::KMS::Key",
        "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [ROOT]}},
    }
    notified["Resources"]["Trail"]["Properties"]["SnsTopicName"] = {"Fn::GetAtt": ["Topic", "TopicName"]}
    report = judge(notified)
    assert {(key.key, key.verdict) for key in report.keys} == {("Key", "pass"), ("TopicKey", "fail")}
    assert {one.rule for one in report.findings if one.level == "error"} == {"CT-SNS-KEY"}


def test_a_key_without_a_policy_is_not_cloudtrails() -> None:
    bare = template()
    bare["Resources"]["Key"] = {"Type": "AWS::KMS::Key"}
    report = judge(bare)
    assert report.verdict == "fail"
    assert found(report) == {("CT-TRAIL-ENCRYPT", 3), ("CT-TRAIL-DESCRIBE", 3)}


def test_a_disabled_key() -> None:
    disabled = template(sourced(OWN))
    disabled["Resources"]["Key"]["Properties"]["Enabled"] = "false"
    assert {one.rule for one in judge(disabled).findings if one.level == "error"} == {"CT-KEY-STATE"}


@pytest.mark.parametrize(
    ("bypass", "verdict", "levels"),
    [(True, "pass", {"warning"}), (False, "fail", {"error"}), ({"Fn::If": ["Odd", True, False]}, "cannot_tell", set())],
)
def test_a_policy_that_kms_is_told_to_take(bypass: object, verdict: str, levels: set[str]) -> None:
    given = template(sourced(OWN), Parameters={"Odd": {"Type": "String"}}, Conditions={"Odd": EQUALS})
    properties = given["Resources"]["Key"]["Properties"]
    properties["KeyPolicy"]["Statement"][0] = ROOT | {"Principal": {"AWS": "arn:aws:iam::222222222222:role/Admin"}}
    report = judge(given, account="111111111111", region="us-east-1")
    assert report.verdict == "fail"
    properties["BypassPolicyLockoutSafetyCheck"] = bypass
    report = judge(given, account="111111111111", region="us-east-1")
    assert report.verdict == verdict
    assert {one.level for one in report.findings if one.rule == "KP-LOCKOUT"} == levels


@pytest.mark.parametrize("name", [{"Ref": "Bucket"}, {"Fn::Sub": "${Bucket}"}, {"Ref": "LogName"}])
def test_the_bucket_of_a_trail_whose_name_is_not_known(name: object) -> None:
    """Whatever it is called, the trail writes to this bucket."""
    encryption = {"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": True}]}
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"BucketName": {"Ref": "LogName"}, "BucketEncryption": encryption},
    }
    allowed = CLOUDTRAIL | {"Action": ["kms:GenerateDataKey*", "kms:DescribeKey"]}
    given = template(allowed, Parameters={"LogName": {"Type": "String"}}, Resources={"Bucket": bucket})
    given["Resources"]["Trail"]["Properties"]["S3BucketName"] = name
    assert "CT-TRAIL-BUCKETKEY-SET" in {rule for rule, _ in found(judge(given, account="111111111111"))}
    given["Resources"]["Trail"]["Properties"]["S3BucketName"] = {"Fn::Sub": "${LogName}-2"}
    report = judge(given, account="111111111111")
    assert (report.verdict, found(report)) == ("cannot_tell", set())


@pytest.mark.parametrize("kind", ["AWS::KMS::Key", "AWS::CloudTrail::Trail"])
def test_a_template_in_a_stack_set_is_not_passed_over(kind: str) -> None:
    inner = json.dumps({"Resources": {"Inner": {"Type": kind}}})
    stack_set = {"Type": "AWS::CloudFormation::StackSet", "Properties": {"TemplateBody": inner}}
    report = judge(template(sourced(OWN), Resources={"Set": stack_set}), account="111111111111", region="us-east-1")
    assert report.verdict == "cannot_tell"
    assert {one.key: one.cannot_tell for one in report.keys if one.key == "Set"} == {
        "Set": ("the template in Set is not looked at: put it into a file of its own, and check that, too",)
    }
    stack_set["Properties"] = {"TemplateBody": {"Fn::Sub": inner.replace(kind, "AWS::S3::Bucket")}}
    other = judge(template(sourced(OWN), Resources={"Set": stack_set}), account="111111111111", region="us-east-1")
    assert other.verdict == "pass"


@pytest.mark.parametrize(("resources", "line"), [([1], 3), (None, 3)])
def test_a_template_with_broken_resources(resources: object, line: int) -> None:
    report = judge({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
    (error,) = report.errors
    assert (error.line, report.exit_code) == (line, 2)
    assert error.msg.startswith('the "Resources" of a template are an object')


def test_a_replica_in_the_region_of_the_stack() -> None:
    replica = template(sourced(OWN))
    replica["Resources"]["Key"] |= {"Type": "AWS::KMS::ReplicaKey"}
    replica["Resources"]["Key"]["Properties"]["PrimaryKeyArn"] = (
        "arn:aws:kms:eu-west-1:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab"
    )
    assert judge(replica, account="111111111111", region="us-east-1").verdict == "pass"


def test_a_resource_that_may_be_the_key_itself() -> None:
    own = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    report = judge(template(sourced(OWN) | {"Resource": own}), account="111111111111", region="us-east-1")
    assert report.verdict == "cannot_tell"
    assert found(report) == set()
    assert all("depends on the key id of Key: " in reason for reason in report.keys[0].cannot_tell)


# Words and places.


def test_duplicate_members_of_a_policy_have_their_line(tmp_path: Path) -> None:
    text = yaml.safe_dump(template(sourced(OWN)), sort_keys=False).replace(
        "- Effect: Allow\n          Principal:\n            Service",
        "- Effect: Allow\n          Effect: Deny\n          Principal:\n            Service",
    )
    file = tmp_path / "template.yaml"
    file.write_text(text, "utf-8")
    report = Checker().check_paths([file])
    line = text[: text.index("Effect: Deny")].count("\n") + 1
    assert ("KP-DUPKEY", line) in found(report)


def test_short_tags_elsewhere_are_errors() -> None:
    report = Checker().check_policy("Version: 2012-10-17\nStatement:\n  - Resource: !Ref Key\n")
    assert [str(error) for error in ([(one.line, one.column, one.msg) for one in report.errors])] == [
        "(3, 15, 'the tag !Ref has a meaning in CloudFormation templates only: write the value itself')"
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"account": "1111"}, '"1111" is not an account id'),
        ({"region": "Virginia"}, '"Virginia" is not a Region'),
        ({"partition": "amazon"}, 'there is no partition "amazon"'),
        ({"partition": "aws-cn", "region": "us-east-1"}, "the Region us-east-1 does not lie in the partition aws-cn"),
    ],
)
def test_places_that_do_not_exist(options: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Checker(**options)  # type: ignore[arg-type]
