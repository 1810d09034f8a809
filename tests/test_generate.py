"""Generated policies: exactly what is expected, in every form, from the command line too."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import engines
import hcl2
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from policy_strategies import FOURTH, expectations
from random_cases import random_cases
from scenarios import ALICE, BOB, KEY, READ_ROLE, STORE, TRAIL, bucket, store, trail

from ctkms_opa import Checker
from ctkms_opa.cli import group
from ctkms_opa.errors import UsageError
from ctkms_opa.expectations import from_value
from ctkms_opa.generate import Generator

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result as Run

    from ctkms_opa.generate import Result

Json = Any

ADDITIONS = "data.ctkms.generate.additions"
PROBES = "data.ctkms.evaluation.probes"
OTHER_KEY = KEY.replace("1234abcd", "9999abcd")
ROOT_222 = "arn:aws:iam::222222222222:root"


def generate(expected: Json, key: str = KEY) -> Result:
    return Generator(from_value({"expected": expected})).generate(key)


def in_force(expected: Json, result: Result) -> Json:
    """The expectations with the policies that others were given."""
    value = copy.deepcopy(expected)
    for one in result.policies[1:]:
        owner = value.setdefault("principals", {}).setdefault(one.owner, {})
        if one.kind == "trust-policy":
            owner["trust_policy"] = one.document
        else:
            owner.setdefault("identity_policies", {})["own"] = one.document
    return value


def decisions(policy: Json, requests: list[Json]) -> list[str]:
    engine = engines.load(engines.INTERPRETED, ("data.ctkms.iam.simulation",))
    return [
        engine.evaluate("data.ctkms.iam.simulation", {"policy": policy, "request": one})["decision"] for one in requests
    ]


def probes_of(policy: Json, expected: Json, key: str) -> list[Json]:
    """The requests that are tried on the key."""
    engine = engines.load(engines.INTERPRETED, (PROBES,), data={"expected": expected})
    asked = {"ctkms": {"key": {"arn": key, "policy": policy, "metadata": {}}, "profile": "hardened"}}
    return [one for by_id in engine.evaluate(PROBES, asked).values() for one in by_id.values()]


def required(policy: Json, expected: Json, key: str) -> list[Json]:
    """The requests that the expectations demand of the key; of an account's trails, what CloudTrail asks for each."""
    probes = [one for one in probes_of(policy, expected, key) if one["expect"] == "allow"]
    requests = [one["request"] for one in probes]
    accounts = [one["request"] for one in probes if one["capability"] == "encrypt_account"]
    return [*requests, *(one | {"action": action} for one in accounts for action in ("kms:DescribeKey", "kms:Decrypt"))]


@random_cases(20)
@given(expectations())
def test_a_generated_policy_is_exactly_right(case: tuple[str, Json]) -> None:
    key, expected = case
    result = generate(expected, key)
    assert result.findings == []
    policy = result.policies[0].document
    value = in_force(expected, result)
    report = Checker({"expected": value}, profile="hardened").check_policy(policy, key)
    assert report.verdict == "pass"
    assert {finding.level for finding in report.findings} <= {"note"}
    assert {row.decision for row in report.keys[0].capabilities if row.capability != "administer"} <= {"allow"}
    requests = required(policy, value, key)
    before = decisions(policy, requests)
    for statement in policy["Statement"]:
        without = {**policy, "Statement": [one for one in policy["Statement"] if one != statement]}
        assert decisions(without, requests) != before, f"{statement['Sid']} is not needed"


@pytest.mark.parametrize("name", [engines.COMPILED, engines.OPA_LIBRARY])
def test_engines_agree_on_what_is_added(name: str) -> None:
    """One request at a time: for all of them at once the compiled program is too long, and the bridge asks another."""
    if name in engines.missing():
        pytest.skip(engines.missing()[name])
    expected = trail((BOB, ALICE)) | {"event_data_stores": {STORE: {"key": KEY, "users": {READ_ROLE: {}}}}}
    key = {"arn": KEY, "label": KEY, "policy": {"Version": "2012-10-17", "Statement": []}, "metadata": {}}
    asked = {"key": key, "profile": "hardened"}
    other, interpreted = (
        engines.load(one, (ADDITIONS, PROBES), data={"expected": expected}) for one in (name, engines.INTERPRETED)
    )
    probes = interpreted.evaluate(PROBES, {"ctkms": asked})
    singles = [{capability: {one: probe}} for capability, by_id in probes.items() for one, probe in by_id.items()]
    added = 0
    for single in singles:
        question = {"ctkms": asked | {"memo": {"probes": single}}}
        wanted = interpreted.evaluate(ADDITIONS, question)
        assert other.evaluate(ADDITIONS, question) == wanted
        added += len(wanted["statements"])
    assert added >= 10


def test_a_reader_elsewhere_gets_an_iam_policy() -> None:
    policies = generate(trail((ALICE, BOB, ROOT_222))).policies
    assert [(one.kind, one.owner) for one in policies] == [("key-policy", KEY), ("iam-policy", ALICE)]
    assert policies[1].name.endswith("-iam-policy-222222222222-user-Alice")
    (statement,) = policies[1].document["Statement"]
    assert statement == {"Sid": "UseCloudTrailKey", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY}


def test_names_of_files_are_told_apart() -> None:
    twins = ("arn:aws:iam::222222222222:role/a-b", "arn:aws:iam::222222222222:role/a/b")
    names = [one.name for one in generate(trail(twins)).policies]
    assert len(set(names)) == 3


def test_a_role_that_others_assume_gets_a_trust_policy() -> None:
    expected = trail((READ_ROLE,)) | {"principals": {READ_ROLE: {"assumed_by": {ROOT_222: {}}}}}
    result = generate(expected)
    assert [(one.kind, one.owner) for one in result.policies] == [("key-policy", KEY), ("trust-policy", READ_ROLE)]
    assert result.findings == []


def test_what_no_policy_can_mend_is_left_over() -> None:
    expected = trail(bucket=bucket(bucket_key=True) | {"region": "eu-west-1"})
    assert [finding.rule for finding in generate(expected).findings] == ["CT-TRAIL-KEY-REGION"]


def test_a_user_of_a_store_in_another_account_is_left_over() -> None:
    result = generate(store((ALICE,)))
    assert "CT-EDS-USER" in {finding.rule for finding in result.findings}
    assert ALICE not in json.dumps(result.policies[0].document)


@pytest.mark.parametrize(
    ("expected", "key", "words"),
    [
        ({"trails": {TRAIL: {}}}, None, "no key is known"),
        ({}, None, "no key is known"),
        (trail(), "alias/cloudtrail", "alias"),
        (trail(), OTHER_KEY, "no expected trail or event data store uses it"),
    ],
)
def test_what_cannot_be_made_is_said(expected: Json, key: str | None, words: str) -> None:
    generator = Generator(from_value({"expected": expected}))
    with pytest.raises(UsageError, match=words):
        generator.generate(key or generator.keys()[0])


# The command.


def run(*arguments: str, expected: Json = None, folder: Path | None = None) -> Run:
    if folder is not None:
        (folder / "expected.json").write_text(json.dumps({"expected": expected}), "utf-8")
        arguments = ("-d", str(folder / "expected.json"), *arguments)
    return CliRunner().invoke(group, ["generate", *arguments])


def test_one_policy_is_printed_as_it_is() -> None:
    done = run("--key", KEY, "--trail", TRAIL, "--reader", BOB)
    assert (done.exit_code, done.stderr) == (0, "")
    policy = json.loads(done.stdout)
    assert list(policy) == ["Version", "Statement"]
    assert list(policy["Statement"][1]) == ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]
    assert policy == generate(trail((BOB,))).policies[0].document


def test_several_policies_have_names(tmp_path: Path) -> None:
    done = run(expected=trail((ALICE,)), folder=tmp_path)
    made = json.loads(done.stdout)
    assert made == {one.name: one.document for one in generate(trail((ALICE,))).policies}


def test_what_white_space_would_make_too_large_has_none(tmp_path: Path) -> None:
    names = [f"arn:aws:cloudtrail:us-east-1:111111111111:trail/{'t' * 100}-{number}" for number in range(64)]
    trails: Json = {name: {} for name in names}
    done = run(expected={"keys": {KEY: {}}, "trails": trails}, folder=tmp_path)
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 1)
    assert Checker({"expected": {"keys": {KEY: {}}, "trails": trails}}).check_policy(done.stdout).verdict == "pass"


def test_a_folder_gets_a_file_for_each(tmp_path: Path) -> None:
    done = run("-o", f"{tmp_path}/made/new/", expected=trail((ALICE,)), folder=tmp_path)
    assert (done.exit_code, done.stdout) == (0, "")
    written = sorted((tmp_path / "made" / "new").iterdir())
    assert [json.loads(file.read_text("utf-8"))["Version"] for file in written] == ["2012-10-17"] * 2
    assert all(str(file) in done.stderr for file in written)
    done = run("-o", str(tmp_path / "all.json"), expected=trail((ALICE,)), folder=tmp_path)
    assert len(json.loads((tmp_path / "all.json").read_text("utf-8"))) == 2


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = run("-o", f"{tmp_path}/file/", expected=trail(), folder=tmp_path)
    assert done.exit_code == 2
    assert "cannot be made" in done.stderr


def test_what_is_left_over_is_said(tmp_path: Path) -> None:
    done = run(expected=store((ALICE,)), folder=tmp_path)
    assert done.exit_code == 1
    assert "left over: CT-EDS-USER" in done.stderr
    assert json.loads(done.stdout)["Version"] == "2012-10-17"


def test_without_a_key_nothing_is_printed() -> None:
    done = run("--trail", TRAIL)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "name it with --key" in done.stderr


def test_every_key_of_the_expectations(tmp_path: Path) -> None:
    expected = trail() | {"event_data_stores": {STORE: {"key": OTHER_KEY}}}
    made = json.loads(run(expected=expected, folder=tmp_path).stdout)
    assert [name.rpartition("1-")[2][:8] for name in made] == ["1234abcd", "9999abcd"]
    assert set(json.loads(run("--key", KEY, expected=expected, folder=tmp_path).stdout)) == {"Version", "Statement"}


def test_cloudformation_is_judged_as_the_policy_is(tmp_path: Path) -> None:
    done = run("--format", "cloudformation", expected=trail((BOB,)), folder=tmp_path)
    template = yaml.safe_load(done.stdout)
    assert (
        template["Resources"]["CloudTrailKey"]["Properties"]["KeyPolicy"]
        == generate(trail((BOB,))).policies[0].document
    )
    report = Checker({"expected": trail((BOB,))}, profile="hardened").check_policy(done.stdout, KEY)
    assert (report.verdict, [key.source.kind for key in report.keys]) == ("pass", ["cloudformation"])


def test_cloudformation_of_people(tmp_path: Path) -> None:
    session = "arn:aws:sts::222222222222:assumed-role/Audit/session"
    expected = trail((ALICE, READ_ROLE, session)) | {"principals": {READ_ROLE: {"assumed_by": {ROOT_222: {}}}}}
    done = run("--format", "cloudformation", expected=expected, folder=tmp_path)
    resources = [next(iter(one["Resources"].values())) for one in yaml.safe_load_all(done.stdout)]
    named = [{name: value for name, value in one["Properties"].items() if name.endswith("Name")} for one in resources]
    assert list(zip([one["Type"] for one in resources], named, strict=True)) == [
        ("AWS::KMS::Key", {}),
        ("AWS::IAM::UserPolicy", {"UserName": "Alice", "PolicyName": "cloudtrail-key"}),
        ("AWS::IAM::RolePolicy", {"RoleName": "Audit", "PolicyName": "cloudtrail-key"}),
        ("AWS::IAM::Role", {"RoleName": "CloudTrailReadRole"}),
    ]
    assert done.stdout.count("# ") == 4


def test_cloudformation_makes_the_role_of_the_arn(tmp_path: Path) -> None:
    role = "arn:aws:iam::111111111111:role/a/b/Deep"
    expected = trail((role,)) | {"principals": {role: {"assumed_by": {ROOT_222: {}}}}}
    done = run("--format", "cloudformation", expected=expected, folder=tmp_path)
    made = [one["Resources"].get("CloudTrailReadRole") for one in yaml.safe_load_all(done.stdout)][1]["Properties"]
    assert (made["RoleName"], made["Path"]) == ("Deep", "/a/b/")


def of_terraform(text: str) -> list[Json]:
    """The policies in aws_iam_policy_document data sources, as Terraform would render them."""

    def plain(value: Json) -> Json:
        return json.loads(value) if isinstance(value, str) and value.startswith('"') else value

    policies = []
    for block in hcl2.loads(text)["data"]:
        ((_, body),) = next(iter(block.values())).items()
        statements = []
        for one in body["statement"]:
            made = {
                "Sid": plain(one["sid"]),
                "Effect": plain(one["effect"]),
                "Action": [plain(a) for a in one["actions"]],
            }
            if "resources" in one:
                made["Resource"] = [plain(value) for value in one["resources"]]
            for who in one.get("principals", []):
                made.setdefault("Principal", {})[plain(who["type"])] = [plain(value) for value in who["identifiers"]]
            for condition in one.get("condition", []):
                operator = made.setdefault("Condition", {}).setdefault(plain(condition["test"]), {})
                operator[plain(condition["variable"])] = [plain(value) for value in condition["values"]]
            statements.append(made)
        policies.append(statements)
    return policies


def in_lists(value: Json) -> Json:
    """A statement with lists wherever one value may stand."""
    if isinstance(value, dict):
        return {name: one if name in {"Sid", "Effect"} else in_lists(one) for name, one in value.items()}
    return value if isinstance(value, list) else [value]


@random_cases(5)
@given(expectations())
def test_terraform_says_the_same(case: tuple[str, Json]) -> None:
    from ctkms_opa.generate_forms import render

    key, expected = case
    policies = generate(expected, key).policies
    said = of_terraform(render(policies, "terraform"))
    assert said == [[in_lists(statement) for statement in one.document["Statement"]] for one in policies]


def test_terraform_takes_no_text_for_a_template() -> None:
    from ctkms_opa.generate import Generated
    from ctkms_opa.generate_forms import render

    statement = {"Sid": 'a "${b}" %{c}', "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
    text = render(
        [Generated("iam-policy", ALICE, "x", {"Version": "2012-10-17", "Statement": [statement]})], "terraform"
    )
    assert r'sid       = "a \"$${b}\" %%{c}"' in text


def test_the_fourth_account_is_nobody_s(tmp_path: Path) -> None:
    expected: Json = {"keys": {KEY: {"encrypting_accounts": {FOURTH: {}}}}}
    policy = json.loads(run(expected=expected, folder=tmp_path).stdout)
    sources = {json.dumps(one["Condition"]["StringLike"]["aws:SourceArn"]) for one in policy["Statement"][1:]}
    assert sources == {f'"arn:aws:cloudtrail:*:{FOURTH}:trail/*"'}
