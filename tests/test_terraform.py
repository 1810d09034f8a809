"""Terraform and OpenTofu plans and states: verdicts, and findings with the places in the plan that they stand on."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import documents
import pytest
from documents import doubts, found, verdicts

from ctkms_opa import Checker

PLANS = Path(__file__).parent / "plans"
KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
HELD = "arn:aws:kms:eu-west-1:111111111111:key/9abc0123-56ef-78ab-90cd-90abcdef0123"
SHARED = "module.kms.aws_kms_key.this[0]"
Plan = dict[str, Any]


def check(name: str, **options: Any) -> Any:
    return Checker(**options).check_paths([PLANS / name])


def load(name: str) -> Plan:
    loaded: Plan = json.loads((PLANS / name).read_text("utf-8"))
    return loaded


def judge(plan: Plan, **options: Any) -> Any:
    return Checker(**options).check_policy(json.dumps(plan, indent=1))


def change(plan: Plan, address: str) -> Plan:
    """What happens to a resource."""
    (one,) = (one for one in plan["resource_changes"] if one["address"] == address)
    changed: Plan = one["change"]
    return changed


def block(plan: Plan, address: str, *modules: str) -> Plan:
    """The block of a resource in the configuration."""
    module = plan["configuration"]["root_module"]
    for name in modules:
        module = module["module_calls"][name]["module"]
    (one,) = (one for one in module["resources"] if one["address"] == address)
    found_block: Plan = one
    return found_block


@pytest.mark.parametrize("engine", ["compiled", "interpreted"])
def test_an_organization_trail_with_a_bucket_key(engine: str) -> None:
    """The policy comes from a data source that was read; trail, bucket and key are connected by references alone."""
    report = check("organization-trail.json", engine=engine)
    assert (report.verdict, report.exit_code) == ("pass", 0)
    (key,) = report.keys
    assert (key.key, key.source.kind) == ("aws_kms_key.trail", "terraform")
    trail = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/organization-events"
    assert {(row.subject, row.capability, row.decision) for row in key.capabilities if row.subject} == {
        (trail, "encrypt", "allow"),
        (trail, "describe", "allow"),
        (trail, "decrypt_service", "allow"),
    }
    (taken,) = (one for one in report.findings if one.level == "warning")
    assert (taken.rule, taken.subject, taken.location.line) == ("CT-ORG-MGMT-ASSUMED", trail, 214)
    assert taken.msg.startswith("taken for granted: 111111111111 is the organization's management account")


def test_an_organization_trail_whose_management_account_is_declared() -> None:
    report = check("organization-trail.json", expectations={"organization": {"management_account": "111111111111"}})
    assert (report.verdict, [one for one in report.findings if one.level != "note"]) == ("pass", [])


def test_an_organization_trail_that_a_delegated_administrator_creates() -> None:
    """Its ARN has the management account, so the policy, which names the account of the provider, is wrong."""
    report = check("organization-trail.json", expectations={"organization": {"management_account": "999999999999"}})
    assert ("CT-ORG-MGMT-ACCOUNT", 214) in found(report)


@pytest.mark.parametrize("engine", ["compiled", "interpreted"])
def test_a_policy_for_another_management_account_than_that_of_the_provider(engine: str) -> None:
    """It is right where a delegated administrator creates the trail, and the plan does not say whether one does."""
    report = check("delegated-administrator.json", engine=engine)
    assert (report.verdict, report.exit_code, found(report)) == ("cannot_tell", 3, set())
    trail = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/organization-events"
    assert (
        f"whether 111111111111, which is taken to own organization trail {trail}, is the management account: "
        "the key policy is for another one; declare organization.management_account"
    ) in report.keys[0].cannot_tell
    for account, verdict in {"222222222222": "pass", "111111111111": "fail"}.items():
        told = {"organization": {"management_account": account}}
        assert check("delegated-administrator.json", expectations=told, engine=engine).verdict == verdict


def test_what_is_wrong_whoever_owns_the_organization_trail() -> None:
    plan = load("delegated-administrator.json")
    key = change(plan, "aws_kms_key.trail")["after"]
    key["policy"] = key["policy"].replace("cloudtrail:eu-west-1:", "cloudtrail:us-east-2:")
    report = judge(plan)
    assert report.verdict == "fail"
    assert {rule for rule, _ in found(report)} == {
        "CT-TRAIL-ENCRYPT",
        "CT-TRAIL-DESCRIBE",
        "CT-TRAIL-SOURCEARN-MATCH",
        "CT-TRAIL-BUCKETKEY-SET",
    }


def test_a_key_of_a_module_that_several_accounts_share() -> None:
    """The policy stands in a resource of its own, and lists one of the two accounts whose trails are expected."""
    trails = [f"arn:aws:cloudtrail:eu-west-1:{account}:trail/workload" for account in ("222222222222", "333333333333")]
    expected = {"keys": {HELD: {"aliases": {"alias/x": None}}}, "trails": {trail: {"key": HELD} for trail in trails}}
    policy = change(load("shared-key.json"), "aws_kms_key_policy.shared")["after"]["policy"]
    alone = Checker(expected, key=HELD).check_policy(policy)
    assert {one.subject for one in alone.findings if one.rule == "CT-TRAIL-CTX-ACCOUNT"} == {trails[1]}
    report = check("shared-key.json")
    assert verdicts(report) == {SHARED: "pass"}
    assert {row.subject for row in report.keys[0].capabilities if row.subject} == {
        "arn:aws:cloudtrail:eu-west-1:111111111111:trail/security"
    }
    lines = (PLANS / "shared-key.json").read_text("utf-8").splitlines()
    for finding in (one for one in report.findings if one.rule == "CT-TRAIL-SOURCEARN"):
        here = lines[(finding.location.line or 0) - 1][(finding.location.column or 0) - 1 :]
        assert here.startswith('{\\n        \\"StringEquals\\": {\\n          \\"aws:SourceArn\\"')


def test_an_event_data_store_that_is_new() -> None:
    """Nobody knows its ARN yet, but its Region and account, so that nothing false is said of them."""
    report = check("event-data-store.json")
    assert verdicts(report) == {KEY: "fail"}
    assert {rule for rule, _ in found(report)} == {"CT-EDS-ENCRYPT", "CT-EDS-DECRYPT-SVC", "CT-EDS-NO-SOURCE"}
    assert {one.subject for one in report.findings if one.level == "error"} == {"aws_cloudtrail_event_data_store.lake"}


def test_a_module_with_a_bucket_key_and_an_encrypted_topic() -> None:
    """The instances of count are reached through splats."""
    report = check("bucket-key.json")
    assert found(report) == {("CT-SNS-KEY", 197), ("CT-TRAIL-BUCKETKEY-SET", 197)}


def test_what_is_known_only_after_the_plan_is_applied() -> None:
    report = check("known-after-apply.json")
    trail = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/other-events"
    assert (report.verdict, found(report)) == ("cannot_tell", set())
    assert doubts(report) == {
        "aws_kms_key.main": (
            "its key policy is not known yet: policy of aws_kms_key.main is not known before the plan is applied"
            " (it refers to data.aws_iam_policy_document.key.json)",
        ),
        "aws_kms_key.other": ("what CloudTrail needs of this key: no expected trail or event data store uses it",),
        trail: (
            "which key it uses is not known yet: kms_key_id of aws_cloudtrail.other is not known before the plan is"
            " applied (it refers to local.key_arn)",
        ),
    }


def test_a_key_that_is_deleted_is_not_judged() -> None:
    report = check("replaced-key.json")
    assert verdicts(report) == {"aws_kms_key.new": "pass"}


@pytest.mark.parametrize(("name", "line"), [("state.json", 66), ("state-file.json", 84)])
def test_a_state(name: str, line: int) -> None:
    report = check(name)
    assert verdicts(report) == {HELD: "fail"}
    assert found(report) == {("CT-TRAIL-ENCRYPT", line), ("CT-TRAIL-SOURCEARN-MATCH", line)}


# What must not be taken for the key, or for what is known of it.


@pytest.mark.parametrize(
    "references",
    [
        ["local.key_arn"],
        ["data.aws_kms_key.other.arn", "data.aws_kms_key.other"],
        ["aws_kms_key.trail.arn", "aws_kms_key.trail", "aws_region.this.name", "aws_region.this"],
        ["aws_kms_key.trail.description", "aws_kms_key.trail"],
        ["aws_kms_key.gone.arn", "aws_kms_key.gone"],
        ["var.trail_name", "aws_kms_key.trail.arn", "aws_kms_key.trail"],
        [],
    ],
    ids=lambda references: references[0] if references else "nothing",
)
def test_a_reference_that_may_be_another_key(references: list[str]) -> None:
    plan = load("organization-trail.json")
    block(plan, "aws_cloudtrail.organization")["expressions"]["kms_key_id"] = {"references": references}
    report = judge(plan)
    assert report.verdict == "cannot_tell"
    open_use = "what CloudTrail needs of this key: no expected trail or event data store uses it"
    trail = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/organization-events"
    assert list(doubts(report)) == ["aws_kms_key.trail", trail]
    assert doubts(report)["aws_kms_key.trail"] == (open_use,)
    assert report.keys[0].capabilities == tuple(one for one in report.keys[0].capabilities if one.subject is None)


@pytest.mark.parametrize("value", [True, None, ""])
def test_a_variable_that_chooses_and_adds_no_text(value: object) -> None:
    plan = load("organization-trail.json")
    plan["variables"]["existing_key"] = {"value": value}
    references = ["var.existing_key", "aws_kms_key.trail.arn", "aws_kms_key.trail"]
    block(plan, "aws_cloudtrail.organization")["expressions"]["kms_key_id"] = {"references": references}
    assert judge(plan).verdict == "pass"


def test_one_key_of_several_by_the_index_of_the_trail() -> None:
    plan = load("organization-trail.json")
    (key,) = (one for one in plan["resource_changes"] if one["address"] == "aws_kms_key.trail")
    plan["resource_changes"].remove(key)
    for index, policy in (("eu", key["change"]["after"]["policy"]), ("us", '{"Statement": []}')):
        one = copy.deepcopy(key) | {"address": f'aws_kms_key.trail["{index}"]', "index": index}
        one["change"]["after"]["policy"] = policy
        plan["resource_changes"].append(one)
    (trail,) = (one for one in plan["resource_changes"] if one["type"] == "aws_cloudtrail")
    trail |= {"address": 'aws_cloudtrail.organization["eu"]', "index": "eu"}
    expressions = block(plan, "aws_cloudtrail.organization")["expressions"]
    expressions["kms_key_id"] = {"references": ["aws_kms_key.trail", "each.key"]}
    assert verdicts(judge(plan))['aws_kms_key.trail["eu"]'] == "pass"
    expressions["kms_key_id"] = {"references": ["aws_kms_key.trail"]}
    assert judge(plan).verdict == "fail"  # the second key's own policy; the trail's key is open
    assert set(doubts(judge(plan))) == {
        'aws_kms_key.trail["eu"]',
        'aws_kms_key.trail["us"]',
        "arn:aws:cloudtrail:eu-west-1:111111111111:trail/organization-events",
    }


def test_a_provider_of_which_the_account_is_not_known() -> None:
    """Another configuration of the provider read the data source."""
    plan = load("organization-trail.json")
    plan["configuration"]["provider_config"]["aws.audit"] = {"name": "aws", "alias": "audit"}
    block(plan, "data.aws_caller_identity.current")["provider_config_key"] = "aws.audit"
    report = judge(plan)
    assert report.verdict == "cannot_tell"
    assert "what trail aws_cloudtrail.organization needs: its ARN is not known yet" in report.keys[0].cannot_tell


@pytest.mark.parametrize("engine", ["compiled", "interpreted"])
def test_the_user_says_what_the_plan_does_not(engine: str) -> None:
    plan = load("organization-trail.json")
    del plan["prior_state"]
    told = {"account": "111111111111", "engine": engine}
    assert judge(plan, engine=engine).verdict == "cannot_tell"
    assert judge(plan, **told).verdict == "pass"
    assert judge(plan, **told, region="us-east-1").keys[0].cannot_tell == (
        "in which Region aws_kms_key.trail will be: the plan says eu-west-1, and us-east-1 was given",
    )


def test_two_resources_that_set_the_policy_of_a_key() -> None:
    plan = load("shared-key.json")
    again = copy.deepcopy(next(one for one in plan["resource_changes"] if one["type"] == "aws_kms_key_policy"))
    again |= {"address": "aws_kms_key_policy.again", "name": "again"}
    plan["resource_changes"].append(again)
    resources = plan["configuration"]["root_module"]["resources"]
    resources.append(block(plan, "aws_kms_key_policy.shared") | {"name": "again"})
    assert doubts(judge(plan)) == {
        SHARED: ("which of them sets its policy: aws_kms_key_policy.shared, aws_kms_key_policy.again",)
    }


def test_a_policy_that_is_deleted() -> None:
    """The key is left with the default policy, which does not let CloudTrail in, whatever it has now."""
    plan = load("shared-key.json")
    assert verdicts(judge(plan))[SHARED] == "pass"
    deleted = change(plan, "aws_kms_key_policy.shared")
    key = change(plan, SHARED)
    names = {"arn": KEY, "key_id": KEY.rpartition("/")[2]}
    key |= {"actions": ["no-op"], "after": key["after"] | names, "after_unknown": {}}
    key["after"]["policy"] = deleted["after"]["policy"]
    key["before"] = key["after"]
    deleted |= {"actions": ["delete"], "before": deleted["after"] | {"key_id": names["key_id"]}, "after": None}
    report = judge(plan)
    line = next(number for number, text in enumerate(json.dumps(plan, indent=1).splitlines(), 1) if '"delete"' in text)
    assert {where for rule, where in found(report) if rule == "CT-TRAIL-ENCRYPT"} == {line - 1}


def test_a_policy_of_a_key_that_nobody_knows() -> None:
    """It may be that of any key of the plan, which is then in doubt; its own statements are judged."""
    plan = load("shared-key.json")
    block(plan, "aws_kms_key_policy.shared")["expressions"]["key_id"] = {"references": ["local.key_id"]}
    report = judge(plan)
    assert verdicts(report)[SHARED] != "pass"
    assert any("whether aws_kms_key_policy.shared sets its policy" in one for one in doubts(report)[SHARED])
    assert "the key of aws_kms_key_policy.shared" in verdicts(report)


def test_a_key_without_a_policy_has_the_default_one() -> None:
    """It does not let CloudTrail in. Where the configuration is not there, nobody knows what the policy is."""
    plan = load("organization-trail.json")
    changed = change(plan, "aws_kms_key.trail")
    del changed["after"]["policy"]
    changed["after_unknown"]["policy"] = True
    del block(plan, "aws_kms_key.trail")["expressions"]["policy"]
    assert {rule for rule, _ in found(judge(plan))} >= {"CT-TRAIL-ENCRYPT", "CT-TRAIL-DESCRIBE"}
    del plan["configuration"]
    report = judge(plan)
    assert (report.verdict, found(report)) == ("cannot_tell", set())


@pytest.mark.parametrize("unknown", [True, [{"bucket_key_enabled": True}]])
def test_a_bucket_key_that_is_not_known_yet(unknown: object) -> None:
    plan = load("bucket-key.json")
    address = "module.audit.aws_s3_bucket_server_side_encryption_configuration.default[0]"
    change(plan, address)["after_unknown"]["rule"] = unknown
    report = judge(plan)
    assert "CT-TRAIL-BUCKETKEY-SET" not in {rule for rule, _ in found(report)}
    assert any("S3 Bucket Key" in one for one in doubts(report)["module.audit.aws_kms_key.default[0]"])


def test_a_plan_that_ended_with_an_error() -> None:
    report = judge(load("organization-trail.json") | {"errored": True})
    assert doubts(report) == {"aws_kms_key.trail": ("planning ended with an error: the plan is not complete",)}


def test_a_plan_that_shows_no_changes() -> None:
    """Without its configuration it shows no references, and nothing is assumed of what is not there."""
    plan = load("organization-trail.json")
    del plan["resource_changes"]
    assert judge(plan).verdict == "pass"
    del plan["configuration"]
    report = judge(plan)
    assert (report.verdict, found(report)) == ("cannot_tell", set())


@pytest.mark.usefixtures("opa_command")
@pytest.mark.parametrize("file", sorted(PLANS.glob("*.json")), ids=lambda file: file.stem)
def test_opa_and_conftest_say_the_same(file: Path) -> None:
    documents.agree(file)
