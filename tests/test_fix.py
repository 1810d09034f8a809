"""Policies that are mended: what is there stays byte for byte, and what adding does not mend is said."""

from __future__ import annotations

import json
import re
import stat
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import access
import broken_policies
import pytest
import yaml
from broken_policies import RANDOM
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from policy_strategies import HOME, expectations
from random_cases import random_cases
from scenarios import (
    ALICE,
    BOB,
    DENY_OUTSIDERS,
    EXAMPLE_1,
    EXAMPLE_5R,
    EXAMPLE_9,
    EXAMPLE_13,
    FULL_STORE,
    FULL_TRAIL,
    KEY,
    READ_ROLE,
    ROOT,
    SCENARIOS,
    SERVICE,
    TRAIL,
    Scenario,
    bucket,
    policy,
    store,
    trail,
)
from test_generate import decisions, generate, in_lists, of_terraform, probes_of, required

from ctkms_opa import Checker
from ctkms_opa.cli import group
from ctkms_opa.fix import Fix, Fixer
from ctkms_opa.inputs import Document

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from click.testing import Result as Run

Json = Any

# The failing scenarios that no further statement mends, each with the rules that say why.
BEYOND_ADDING = {
    "Deny outside the organization hits CloudTrail": {"CT-TRAIL-ENCRYPT", "CT-TRAIL-DESCRIBE", "CT-UNUSABLE-CONDITION"},
    "reader elsewhere with an IAM policy for another key": {"CT-TRAIL-READER-XACCT"},
    "session of the read role, which a Deny names by aws:PrincipalArn": {"CT-TRAIL-READERS"},
    "read role whose trust policy names another account": {"CT-TRAIL-READER-XACCT"},
    "eleven digits in the reader's role, as the page prints it": {"KP-PRINCIPAL-EXISTS"},
    "P1 actions written with an equals sign": {"KP-ACTION"},
    "P11 the resource of another service": {"KP-RESOURCE-OTHER"},
    "regional service principal": {"CT-PRINCIPAL-NAME"},
    "Deny on the key's spec": {"CT-TRAIL-ENCRYPT", "CT-TRAIL-DESCRIBE"},
    "Deny on keys of a single Region, told by the ARN": {"CT-TRAIL-ENCRYPT", "CT-TRAIL-DESCRIBE"},
    "a placeholder in a value that stands alone": {"CT-PLACEHOLDER"},
    "open to the world, but for the name of a pair of the encryption context": {"KP-PRINCIPAL-STAR"},
}


def fix(document: Json, expected: Json, **options: Any) -> Fix:
    text = document if isinstance(document, str) else json.dumps(document, indent=2)
    return Fixer({"expected": expected}, **options).fix(Document("policy.json", text))


def is_kept(old: str, new: str) -> bool:
    """Whether the old text stands in the new one, all of it and in order: at most two pieces were put in."""
    start = common(old, new)
    end = common(old[start:][::-1], new[start:][::-1])
    return start + end >= len(old) or (new[start] == "[" and is_kept(old[start:], new[start + 1 :]))


def common(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )


def statements_of(text: str) -> Json:
    found = json.loads(text)["Statement"]
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize(
    "scenario", [one for one in SCENARIOS if one.verdict == "fail"], ids=lambda scenario: scenario.name
)
def test_a_failing_scenario_is_mended_or_it_is_said_why_not(scenario: Scenario) -> None:
    done = fix(scenario.document, scenario.expected)
    if scenario.name.startswith("everyone"):
        assert {finding.rule for finding in done.left} == {"KP-PRINCIPAL-STAR"}
    elif scenario.name in BEYOND_ADDING:
        assert {finding.rule for finding in done.left} == BEYOND_ADDING[scenario.name]
        assert all(finding.remediation for finding in done.left)
    else:
        assert done.change is not None
        assert done.left == []
        assert is_kept(json.dumps(scenario.document, indent=2), done.change.text)
        report = Checker({"expected": scenario.expected}).check_policy(done.change.text)
        assert report.verdict == "pass"


def test_what_passes_and_lacks_nothing_stays() -> None:
    done = fix(FULL_TRAIL, trail((BOB,)))
    assert (done.change, done.left, done.open_questions, done.report.verdict) == (None, [], [], "pass")
    assert not any(lack.statements for lack in done.lacks)


# Random policies.

WRITTEN: list[Callable[[Json], str]] = [
    lambda value: json.dumps(value, indent=2),
    lambda value: json.dumps(value, indent=4) + "\n",
    lambda value: json.dumps(value, indent="\t").replace("\n", "\r\n"),
    json.dumps,
    lambda value: json.dumps(value, separators=(",", ":")) + "\n",
]


@random_cases(12)
@given(expectations(), st.data(), st.sampled_from(WRITTEN), st.sampled_from(["documented", "hardened"]))
def test_a_policy_that_lost_statements_is_mended(
    case: tuple[str, Json], data: st.DataObject, write: Callable[[Json], str], profile: Any
) -> None:
    key, expected = case
    whole = generate(expected, key).policies[0].document
    kept = data.draw(st.lists(st.sampled_from(whole["Statement"]), min_size=1, unique_by=lambda one: one["Sid"]))
    single = len(kept) == 1 and data.draw(st.booleans())
    text = write({**whole, "Statement": kept[0] if single else kept})
    done = fix(text, expected, key=key, profile=profile)
    left = {finding.rule for finding in done.left}
    # What IAM policies elsewhere have to say, no key policy can.
    assert left <= {"CT-TRAIL-READER-XACCT"}
    if left:
        assert profile == "hardened"
        return
    new = text if done.change is None else done.change.text
    assert is_kept(text, new)
    assert statements_of(new)[: len(kept)] == kept
    sids = [one["Sid"] for one in statements_of(new)]
    assert len(set(sids)) == len(sids)
    assert Checker({"expected": expected}, key=key, profile=profile).check_policy(new, key).verdict == "pass"
    whole = json.loads(new)
    requests = required(whole, expected, key)
    before = decisions(whole, requests)
    for added in statements_of(new)[len(kept) :]:
        without = {**whole, "Statement": [one for one in statements_of(new) if one != added]}
        assert decisions(without, requests) != before, f"{added['Sid']} is not needed"


# The rules that ask for what is refused, by capability.
ASKING = {
    "encrypt": {"CT-TRAIL-ENCRYPT", "CT-EDS-ENCRYPT"},
    "encrypt_account": {"CT-TRAIL-ENCRYPT"},
    "encrypt_further": {"CT-TRAIL-ENCRYPT"},
    "bucket_level": {"CT-TRAIL-ENCRYPT", "CT-TRAIL-BUCKETKEY-SET"},
    "describe": {"CT-TRAIL-DESCRIBE", "CT-EDS-DESCRIBE"},
    "decrypt_service": {"CT-TRAIL-DECRYPT-SVC", "CT-EDS-DECRYPT-SVC", "CT-TRAIL-BUCKETKEY-SET"},
    "read": {"CT-TRAIL-READERS", "CT-TRAIL-READER-XACCT"},
    "read_further": {"CT-TRAIL-READERS", "CT-TRAIL-READER-XACCT"},
    "use": {"CT-EDS-USER"},
    "copy": {"CT-COPY-ROLE"},
    "notify": {"CT-SNS-KEY"},
    "administer": {"KP-ADMIN", "KP-LOCKOUT"},
}


@random_cases(20)
@given(expectations(), RANDOM, st.sampled_from(["documented", "hardened"]))
def test_nobody_is_let_in_whom_no_finding_asks_for(case: tuple[str, Json], random: Random, profile: Any) -> None:
    key, expected = case
    before = broken_policies.broken(generate(expected, key).policies[0].document, random)
    done = fix(before, expected, key=key, profile=profile)
    if done.change is None or done.left:
        return
    after = json.loads(done.change.text)
    found = Checker({"expected": expected}, key=key, profile=profile).check_policy(before).findings
    rules = {one.rule for one in found if one.level != "note"}
    # The statement of an event data store has no condition: it cannot say for whom. Of a trail it can.
    added = after["Statement"][len(statements_of(json.dumps(before))) :]
    serves_all = "event_data_stores" in expected and any(
        one["Principal"] == SERVICE and "Condition" not in one for one in added
    )
    probes = probes_of(before, expected, key)
    requests = [probe["request"] for probe in probes]
    for probe, was, now in zip(probes, decisions(before, requests), decisions(after, requests), strict=True):
        if was == "allow" or now != "allow" or (serves_all and probe["principal"] == SERVICE["Service"]):
            continue
        if probe["principal"].endswith(f"::{HOME}:root"):  # whoever administers the key may do everything with it
            assert ASKING["administer"] & rules, probe["id"]
            continue
        assert probe["expect"] == "allow", probe["id"]
        assert ASKING[probe["capability"]] & rules, probe["id"]


@pytest.mark.parametrize("profile", ["documented", "hardened"])
def test_what_is_granted_under_a_condition_is_not_granted_without_it(tmp_path: Path, profile: str) -> None:
    root, *services, reader = generate(trail((BOB,))).policies[0].document["Statement"]
    for condition in broken_policies.UNTOLD:
        document = policy(root, *services, reader | {"Condition": {**reader["Condition"], **condition}})
        done = run("--profile", profile, document=document, expected=trail((BOB,)), folder=tmp_path)
        assert (done.exit_code, done.stdout) == (3, "")
        assert f"cannot tell: whether {BOB} may read log files" in done.stderr
        document = policy(root | {"Condition": condition}, *services, reader)
        done = run("--profile", profile, document=document, expected=trail((BOB,)), folder=tmp_path)
        assert (done.exit_code, done.stdout) == (0, "")


def test_a_role_that_reads_gets_the_statement_for_copying_too() -> None:
    """Whether a statement for log files covers copied ones hangs on their trail, which nobody says."""
    copying = store(import_roles={READ_ROLE: {"bucket": "example-logs"}})
    expected = {**trail((READ_ROLE,), bucket=bucket(bucket_key=False)), **copying}
    whole = generate(expected).policies[0].document
    kept = [one for one in whole["Statement"] if one["Sid"] != "AllowCopyRole"]
    assert len(kept) == len(whole["Statement"]) - 1
    done = fix({**whole, "Statement": kept}, expected)
    assert done.change is not None
    assert (done.report.verdict, done.open_questions) == ("pass", [])
    assert statements_of(done.change.text) == [*kept, whole["Statement"][-1]]
    # What the author of the policy left open stays so.
    reading = next(one for one in kept if one["Sid"] == "EnableCloudTrailLogDecryptPermissions")
    others = [one for one in kept if one != reading]
    guarded = reading | {"Condition": {**reading["Condition"], "Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    done = fix({**whole, "Statement": [*others, guarded]}, expected)
    assert done.change is None
    assert len(done.open_questions) == 2


def read(text: str) -> Json:
    """The policy in a text, as other readers see it."""
    value = yaml.safe_load(text) if text[0] not in "{[" and text.lstrip()[0] not in "{[" else json.loads(text)
    if isinstance(value, list):
        return {"Version": "2012-10-17", "Statement": value}
    return json.loads(value["Policy"]) if "Policy" in value else value


@random_cases(25)
@given(expectations(), RANDOM, st.sampled_from(broken_policies.WRITTEN))
def test_a_broken_policy_is_mended_or_it_is_said_why_not(
    case: tuple[str, Json], random: Random, write: Callable[[Json, Random], str]
) -> None:
    key, expected = case
    ideal = generate(expected, key).policies[0].document
    text = write(broken_policies.broken(ideal, random), random)
    with TemporaryDirectory() as folder:
        done = run("--key", key, "--write", document=text, expected=expected, folder=Path(folder))
        new = (Path(folder) / "policy.json").read_bytes().decode()
        said = done.stdout + done.stderr
        assert "Traceback" not in said
        if done.exit_code in {1, 2}:
            assert new == text
            if done.exit_code == 2:  # YAML into whose text nothing can be put
                assert "add them by hand" in done.stderr
                assert text[0] not in "{["
            else:
                assert done.stdout == ""
                assert done.stderr.count("to decide: ") == done.stderr.count("policy.json:") > 0
                assert "to decide: \n" not in done.stderr
            return
        assert done.exit_code in {0, 3}, said
        assert (done.exit_code == 3) == ("cannot tell: " in done.stderr)
        if write not in broken_policies.SHOWN_OTHERWISE and done.stdout and "\\x" not in done.stdout:
            (Path(folder) / "policy.json").write_bytes(text.encode())
            patch(done.stdout_bytes)
            assert (Path(folder) / "policy.json").read_bytes().decode() == new
    assert is_kept(text, new)
    before, after = read(text), read(new)
    count = len(before["Statement"])
    assert {**after, "Statement": after["Statement"][:count]} == before
    report = Checker({"expected": expected}, key=key).check_policy(new, key)
    assert [finding for finding in report.findings if finding.level == "error"] == []
    assert report.verdict == ("cannot_tell" if done.exit_code == 3 else "pass")
    # That a reader elsewhere needs an IAM policy besides is no fault of the statement that lets them in.
    at_fault = {
        finding.statement.index
        for finding in report.findings
        if finding.statement and finding.level == "warning" and finding.rule != "CT-TRAIL-READER-XACCT"
    }
    assert max(at_fault, default=-1) < count
    for request in access.requests(key, expected):
        if access.lets(after, request) and not access.lets(before, request):
            assert access.lets(ideal, request), request
            assert request not in access.strangers(key, expected), request


# How it is written.

LACKING = policy(ROOT, EXAMPLE_1, EXAMPLE_5R)
ADDED = {
    "Sid": "AllowCloudTrailDescribeKey",
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "kms:DescribeKey",
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}},
}


def fixed(text: str) -> str:
    done = fix(text, trail())
    assert done.change is not None
    assert done.left == []
    return done.change.text


@pytest.mark.parametrize("write", WRITTEN)
def test_the_style_of_the_text_is_kept(write: Callable[[Json], str]) -> None:
    whole = {**LACKING, "Statement": [*LACKING["Statement"], ADDED]}
    assert fixed(write(LACKING)) == write(whole)


def test_a_statement_in_each_line() -> None:
    lines = ",\n".join(f"    {json.dumps(one)}" for one in LACKING["Statement"])
    text = f'{{"Version": "2012-10-17",\n "Statement": [\n{lines}\n ]\n}}\n'
    assert fixed(text) == text.replace("\n ]", f",\n    {json.dumps(ADDED)}\n ]")


def test_a_single_statement_becomes_a_list() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": ROOT}, indent=2)
    new = fixed(text)
    assert is_kept(text, new)
    assert [one["Sid"] for one in json.loads(new)["Statement"]] == [
        "Enable IAM User Permissions",
        "AllowCloudTrailEncrypt",
        "AllowCloudTrailDecrypt",
        "AllowCloudTrailDescribeKey",
    ]


@pytest.mark.parametrize("empty", ["[]", "[\n  ]"])
def test_an_empty_list_of_statements(empty: str) -> None:
    text = f'{{\n  "Version": "2012-10-17",\n  "Statement": {empty}\n}}\n'
    new = fixed(text)
    assert new == json.dumps(json.loads(new), indent=2) + "\n"
    assert is_kept(text, new)
    assert fixed('{"Version":"2012-10-17","Statement":[]}').startswith('{"Version":"2012-10-17","Statement":[{"Sid":"E')


def test_statements_on_their_own() -> None:
    statements = LACKING["Statement"]
    text = json.dumps(statements, indent=2)
    assert fixed(text) == json.dumps([*statements, ADDED], indent=2)
    new = fixed(json.dumps(statements[1], indent=2))
    assert [one["Sid"] for one in json.loads(new)][1:] == ["AllowCloudTrailDecrypt", "AllowCloudTrailDescribeKey"]


def test_a_policy_as_the_aws_command_prints_it() -> None:
    inner = json.dumps({**LACKING, "Id": 'key "ü" \U0001f511'}, indent=2, ensure_ascii=False)
    text = json.dumps({"Policy": inner, "PolicyName": "default"}, indent=4)
    done = fix(text, trail())
    # A policy takes no character beyond U+00FF, which is a decision of its author.
    assert [finding.rule for finding in done.left] == ["KP-CHARS"]
    inner = json.dumps({**LACKING, "Id": 'key "ü"'}, indent=2, ensure_ascii=False)
    text = json.dumps({"Policy": inner, "PolicyName": "default"}, indent=4)
    new = fixed(text)
    assert is_kept(text, new)
    assert json.loads(json.loads(new)["Policy"])["Statement"] == [*LACKING["Statement"], ADDED]


YAML = """\
# The trail's key.
Version: "2012-10-17"
Statement:
  - Sid: Root   # the account
    Effect: Allow
    Principal: {AWS: "arn:aws:iam::111111111111:root"}
    Action: kms:*
    Resource: "*"
  - Sid: Decrypt
    Effect: Allow
    Principal:
      Service: cloudtrail.amazonaws.com
    Resource: "*"
    Action: [kms:Decrypt,
             kms:GenerateDataKey]   # both
# The end.
"""


def test_yaml_in_block_style() -> None:
    new = fixed(YAML)
    written = yaml.safe_dump([ADDED], sort_keys=False, width=1000).splitlines(keepends=True)
    assert new == YAML.replace("# The end.\n", "".join(f"  {line}" for line in written) + "# The end.\n")
    shorter = YAML.removesuffix("   # both\n# The end.\n")
    assert yaml.safe_load(fixed(shorter)) == yaml.safe_load(new)
    assert is_kept(shorter, fixed(shorter))


@pytest.mark.parametrize(
    "text",
    [
        YAML.replace("Action: [kms:Decrypt,", "Action: [kms:Decrypt").replace(
            "kms:GenerateDataKey]", ", kms:GenerateDataKey\n    ]"
        ),
        f"Version: '2012-10-17'\nStatement: {json.dumps(LACKING['Statement'])}\n",
        "Version: '2012-10-17'\nStatement: []\n",
    ],
)
def test_yaml_that_takes_no_further_lines_gets_a_snippet(text: str) -> None:
    done = fix(text, trail())
    assert done.change is None
    assert done.left == []
    assert done.report.verdict == "pass"
    assert ADDED in done.lacks[0].statements


def test_sids_are_told_apart() -> None:
    taken = ROOT | {"Sid": "AllowCloudTrailDescribeKey"}
    new = json.loads(fixed(json.dumps(policy(taken, EXAMPLE_1, EXAMPLE_5R))))
    assert new["Statement"][-1] == ADDED | {"Sid": "AllowCloudTrailDescribeKey2"}


def test_what_grows_too_large_is_left() -> None:
    long = ROOT | {"Sid": "x" * 32_000}
    assert [finding.rule for finding in fix(policy(long, EXAMPLE_1, EXAMPLE_5R), trail()).left] == ["KP-SIZE"]


def test_a_template_gets_snippets_that_are_judged() -> None:
    text = Path("tests/templates/organization-trail.yaml").read_text("utf-8")
    text = text.replace("kms:DescribeKey,kms:Decrypt", "kms:Decrypt")
    before = Checker(None).check_policy(text)
    done = Fixer(None).fix(Document("template.yaml", text))
    assert (before.verdict, done.report.verdict, done.change) == ("fail", "pass", None)
    sources = {
        lack.statements[0]["Condition"]["StringEquals"]["aws:SourceArn"] for lack in done.lacks if lack.statements
    }
    assert "arn:aws:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/organization-trail" in sources


# The command.


def run(*arguments: str, document: Json, expected: Json, folder: Path) -> Run:
    text = document if isinstance(document, str) else json.dumps(document, indent=2) + "\n"
    (folder / "policy.json").write_bytes(text.encode())
    (folder / "expected.json").write_text(json.dumps({"expected": expected}), "utf-8")
    return CliRunner().invoke(
        group, ["fix", str(folder / "policy.json"), "-d", str(folder / "expected.json"), *arguments]
    )


def test_the_diff_of_a_policy_in_a_string_is_for_reading(tmp_path: Path) -> None:
    text = json.dumps({"Policy": json.dumps(LACKING, indent=2), "PolicyName": "default"}, indent=4)
    done = run(document=text, expected=trail(), folder=tmp_path)
    assert done.exit_code == 0
    assert [line for line in done.stderr.splitlines() if "patch" in line] == [
        "ctkms: this diff is for reading, patch does not take it because the file holds the policy in a string: "
        "--write changes the file"
    ]
    assert "patch" not in run(document=LACKING, expected=trail(), folder=tmp_path).stderr


def git_apply(diff: bytes, folder: Path) -> None:
    """Applies a diff of the file in a folder to it, as git does."""
    relative = diff.replace(f"{folder}/".encode(), b"")
    applied = subprocess.run(["git", "apply", "-p0"], input=relative, capture_output=True, check=False, cwd=folder)
    assert applied.returncode == 0, applied.stderr


def patch(diff: bytes) -> None:
    """Applies a diff to the file that it names."""
    applied = subprocess.run(["patch", "--binary", "-p0", "-d", "/"], input=diff, capture_output=True, check=False)
    assert applied.returncode == 0, applied.stdout + applied.stderr


@pytest.mark.parametrize("write", WRITTEN)
def test_the_diff_can_be_applied(tmp_path: Path, write: Callable[[Json], str]) -> None:
    document = write({"Id": "one line|for patch", **LACKING})
    if "\n" in document.strip():
        document = document.replace("|", "\u0085")  # where Python would begin another
    done = run(document=document, expected=trail(), folder=tmp_path)
    assert done.exit_code == 0, done.stderr
    assert "+++ " in done.stdout
    git_apply(done.stdout_bytes, tmp_path)
    by_git = (tmp_path / "policy.json").read_bytes()
    (tmp_path / "policy.json").write_bytes(document.encode())
    patch(done.stdout_bytes)
    text = (tmp_path / "policy.json").read_bytes().decode()
    assert by_git == text.encode()
    assert json.loads(text)["Statement"][-1] == ADDED
    assert is_kept(document, text)
    assert text.count("\n") == text.count("\r\n") or "\r" not in text


READ_ONLY = "this diff is for reading, patch does not take it"


@pytest.mark.parametrize(
    ("write", "is_patch"),
    [
        (lambda value: json.dumps(value, indent=2), True),
        (lambda value: json.dumps(value, indent=2).replace("\n", "\r\n"), True),
        (lambda value: json.dumps(value | {"Id": "caf\u00e9"}, indent=2, ensure_ascii=False), True),
        (lambda value: json.dumps(value, indent=2).replace("\n", "\r"), False),
        (lambda value: json.dumps(value | {"Id": "soft\u00adhyphen"}, indent=2, ensure_ascii=False), False),
        (lambda value: json.dumps({"Policy": json.dumps(value, indent=2), "PolicyName": "default"}), False),
    ],
)
def test_it_is_said_where_patch_does_not_take_the_diff(
    tmp_path: Path, write: Callable[[Json], str], is_patch: bool
) -> None:
    done = run(document=write(LACKING), expected=trail(), folder=tmp_path)
    assert (done.exit_code, READ_ONLY in done.stderr) == (0, not is_patch)
    if is_patch:
        patch(done.stdout_bytes)


def test_a_diff_of_another_encoding_is_for_reading(tmp_path: Path) -> None:
    run(document=LACKING, expected=trail(), folder=tmp_path)
    text = json.dumps(LACKING | {"Id": "caf\u00e9"}, indent=2, ensure_ascii=False)
    arguments = ["fix", str(tmp_path / "policy.json"), "-d", str(tmp_path / "expected.json")]
    for encoding, locale in (("utf-16", "utf-8"), ("utf-8", "ascii")):
        (tmp_path / "policy.json").write_bytes(text.encode(encoding))
        done = CliRunner(charset=locale).invoke(group, arguments)
        assert (done.exit_code, READ_ONLY in done.stderr) == (0, True)


def test_a_line_of_a_policy_is_no_command_of_a_pipeline(tmp_path: Path) -> None:
    last = yaml.safe_dump([EXAMPLE_5R | {"Sid": None}])
    last = last.replace("Sid: null", "Sid: |\n    ::error::all is well")
    document = f"Version: '2012-10-17'\nStatement:\n{yaml.safe_dump([ROOT, EXAMPLE_1])}{last}"
    done = run(document=document, expected=trail(), folder=tmp_path)
    assert done.exit_code == 0, done.stderr
    assert "\n     \\::error::all is well\n" in done.stdout


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_write_keeps_encoding_and_mode(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "policy.json"
    run(document=LACKING, expected=trail(), folder=tmp_path)
    file.write_bytes(json.dumps(LACKING, indent=2).encode(encoding))
    file.chmod(0o640)
    done = CliRunner().invoke(group, ["fix", str(file), "-d", str(tmp_path / "expected.json"), "--write"])
    assert done.exit_code == 0, done.stderr
    assert "\\ No newline at end of file" in done.stdout
    assert json.loads(file.read_bytes().decode(encoding))["Statement"] == [*LACKING["Statement"], ADDED]
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    again = CliRunner().invoke(group, ["fix", str(file), "-d", str(tmp_path / "expected.json"), "--write"])
    assert (again.exit_code, again.stdout) == (0, "")
    assert "nothing is missing" in again.stderr


def test_an_unusual_encoding_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    run(document=LACKING, expected=trail(), folder=tmp_path)
    content = "\ufeff".encode("utf-16-be") + json.dumps(LACKING).encode("utf-16-be")
    file.write_bytes(content)
    done = CliRunner().invoke(group, ["fix", str(file), "-d", str(tmp_path / "expected.json"), "--write"])
    assert done.exit_code == 2
    assert "its encoding is unusual" in done.stderr
    assert file.read_bytes() == content


def test_what_stands_in_the_way_is_named(tmp_path: Path) -> None:
    document = policy(ROOT, EXAMPLE_1, EXAMPLE_5R, DENY_OUTSIDERS)
    done = run("--write", document=document, expected=trail(), folder=tmp_path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "nothing was changed" in done.stderr
    assert "statement 4 (DenyOutsideTheOrganization) denies it" in done.stderr
    assert "to decide: Let statement 4 (DenyOutsideTheOrganization) leave this request out" in done.stderr
    assert json.loads((tmp_path / "policy.json").read_text("utf-8")) == document


def test_what_is_needed_elsewhere_is_said(tmp_path: Path) -> None:
    done = run(document=policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13), expected=trail((ALICE,)), folder=tmp_path)
    assert done.exit_code == 0
    assert f"{ALICE} needs a policy besides (iam policy): ctkms generate makes it" in done.stderr
    done = run(
        document=policy(ROOT, EXAMPLE_1, EXAMPLE_5R, EXAMPLE_13, EXAMPLE_9), expected=trail((ALICE,)), folder=tmp_path
    )
    assert (done.exit_code, done.stdout) == (0, "")
    assert "2 warnings are left" in done.stderr


def test_what_cannot_be_told_is_said(tmp_path: Path) -> None:
    done = run(document=LACKING, expected={}, folder=tmp_path)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "cannot tell: what CloudTrail needs of this key" in done.stderr
    assert "nothing is missing" not in done.stderr


def test_where_there_is_no_key_nothing_is_said_to_be_there(tmp_path: Path) -> None:
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"B": {"Type": "AWS::S3::Bucket"}}}
    plan = {"format_version": "1.2", "planned_values": {"root_module": {}}, "resource_changes": []}
    for document in (template, plan):
        done = run(document=document, expected=trail(), folder=tmp_path)
        assert (done.exit_code, done.stdout) == (3, "")
        assert "does not hold the policy of a key" in done.stderr
        assert "nothing is missing" not in done.stderr
    other = KEY.replace("1234abcd", "9999abcd")
    arguments = ["fix", "data/inventory.json", "--key", other, "--trail", TRAIL]
    done = CliRunner().invoke(group, arguments)
    assert done.exit_code == 3
    assert f"does not hold the policy of the key {other}" in done.stderr


def test_a_deny_that_hits_a_store_is_named() -> None:
    elsewhere = {"StringNotEquals": {"aws:SourceAccount": "111111111111"}}
    done = fix(policy(*FULL_STORE["Statement"], DENY_OUTSIDERS | {"Condition": elsewhere}), store((BOB,)))
    assert done.change is None
    (finding,) = [one for one in done.left if one.rule == "CT-EDS-NO-SOURCE"]
    assert finding.statement is not None
    assert finding.statement.sid == "DenyOutsideTheOrganization"


def test_a_policy_without_statements_gets_a_snippet(tmp_path: Path) -> None:
    done = run("--key", KEY, document='{"Version": "2012-10-17"}', expected=trail(), folder=tmp_path)
    where, _, snippet = done.stdout.partition("\n")
    assert (done.exit_code, where) == (0, f"# {tmp_path}/policy.json:1:1: add to the statements of {KEY}:")
    assert json.loads(snippet)[-1] == ADDED


@pytest.mark.parametrize("statement", ["null, 3", '{"Effect": "Maybe"}'])
def test_statements_that_are_none_stand_in_the_way(tmp_path: Path, statement: str) -> None:
    document = f'{{"Version": "2012-10-17", "Statement": [{statement}]}}'
    done = run(document=document, expected=trail(), folder=tmp_path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "to decide: " in done.stderr


def test_a_folder_is_no_policy(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(LACKING), "utf-8")
    done = CliRunner().invoke(group, ["fix", str(tmp_path), "--key", KEY, "--trail", TRAIL])
    assert done.exit_code == 2
    assert "is a folder with 2 files" in done.stderr


def test_an_input_that_cannot_be_read(tmp_path: Path) -> None:
    done = run(document='{"Version": ', expected=trail(), folder=tmp_path)
    assert done.exit_code == 2
    assert "policy.json:1" in done.stderr


def test_standard_input_is_not_written() -> None:
    arguments = ["fix", "-", "--key", KEY, "--trail", TRAIL]
    done = CliRunner().invoke(group, [*arguments, "--write"], input=json.dumps(LACKING))
    assert (done.exit_code, done.stdout) == (2, "")
    done = CliRunner().invoke(group, arguments, input=json.dumps(LACKING))
    assert (done.exit_code, "AllowCloudTrailDescribeKey" in done.stdout) == (0, True)


def test_a_template_gets_a_snippet_of_its_own_kind(tmp_path: Path) -> None:
    properties = {"KeyPolicy": policy(ROOT, EXAMPLE_5R)}
    uses = {
        "Type": "AWS::CloudTrail::Trail",
        "Properties": {"KMSKeyId": {"Ref": "K"}, "S3BucketName": "logs", "IsLogging": True, "TrailName": "t-1"},
    }
    template = {"Resources": {"K": {"Type": "AWS::KMS::Key", "Properties": properties}, "T": uses}}
    for document in (json.dumps(template, indent=2), yaml.safe_dump(template)):
        done = run("--account", "111111111111", document=document, expected={}, folder=tmp_path)
        assert done.exit_code in {0, 3}, done.stderr
        where, _, snippet = done.stdout.partition("\n")
        assert where.startswith(f"# {tmp_path}/policy.json:")
        assert where.endswith("(/Resources/K/Properties/KeyPolicy/Statement): add to the statements of K:")
        assert ("!Sub" in snippet) == (document[0] != "{")
        assert ("Fn::Sub" in snippet) == (document[0] == "{")
    done = run("--account", "111111111111", "--write", document=json.dumps(template), expected={}, folder=tmp_path)
    assert done.exit_code == 2
    assert "add them by hand" in done.stderr


def test_what_depends_on_the_deployment_is_told_apart(tmp_path: Path) -> None:
    """Each way to deploy the template lacks another statement: none of them is the answer."""
    owner = {"Fn::If": ["Elsewhere", "222222222222", {"Ref": "AWS::AccountId"}]}
    statement = EXAMPLE_1 | {
        "Resource": "*",
        "Condition": {
            "StringEquals": {
                "aws:SourceArn": {"Fn::Sub": ["arn:aws:cloudtrail:us-east-1:${O}:trail/t-1", {"O": owner}]}
            }
        },
    }
    trail_of = {"KMSKeyId": {"Ref": "K"}, "S3BucketName": "logs", "IsLogging": True}
    name = {"Fn::If": ["Elsewhere", "t-1", "t-2"]}
    template = {
        "Parameters": {"Where": {"Type": "String", "AllowedValues": ["here", "elsewhere"]}},
        "Conditions": {"Elsewhere": {"Fn::Equals": [{"Ref": "Where"}, "elsewhere"]}},
        "Resources": {
            "K": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy(ROOT, statement, EXAMPLE_5R)}},
            "T": {"Type": "AWS::CloudTrail::Trail", "Properties": trail_of | {"TrailName": name}},
        },
    }
    where = ["--account", "111111111111", "--region", "us-east-1"]
    done = run(*where, document=json.dumps(template), expected={}, folder=tmp_path)
    assert done.exit_code == 3, done.stderr
    assert "add to the statements of K (way 1 of 2: take one):\n" in done.stdout
    assert "add to the statements of K (way 2 of 2: take one):\n" in done.stdout
    assert "what is missing depends on the deployment" in done.stderr
    done = run(*where, "--parameter", "Where=here", document=json.dumps(template), expected={}, folder=tmp_path)
    assert (done.exit_code, "way 1" in done.stdout, "on the deployment" in done.stderr) == (0, False, False), (
        done.stderr
    )


def test_the_snippet_of_a_plan_names_the_resource(tmp_path: Path) -> None:
    text = Path("tests/plans/bucket-key.json").read_text("utf-8").replace("kms:GenerateDataKey", "kms:Verify")
    done = run(document=text, expected={}, folder=tmp_path)
    assert re.match(r"# \S+policy\.json:\d+:\d+ \(\S*aws_kms_key\S*, /\S+\): add to the statements of ", done.stdout), (
        done
    )


def test_what_stands_in_the_way_of_one_key_keeps_nothing_from_another(tmp_path: Path) -> None:
    def key(*statements: Json) -> Json:
        return {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy(*statements)}}

    def uses(name: str) -> Json:
        members = {"KMSKeyId": {"Ref": name}, "S3BucketName": "logs", "IsLogging": True, "TrailName": f"of-{name}"}
        return {"Type": "AWS::CloudTrail::Trail", "Properties": members}

    deny = {"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    root = ROOT | {"Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}}
    keys = {"Denied": key(root, deny), "Lacking": key(root)}
    template = {"Resources": {**keys, "T1": uses("Denied"), "T2": uses("Lacking")}}
    where = ("--account", "111111111111", "--region", "us-east-1")
    done = run(*where, document=json.dumps(template), expected={}, folder=tmp_path)
    assert done.exit_code == 1
    (place,) = [line for line in done.stdout.splitlines() if line.startswith("# ")]
    assert place.endswith("(/Resources/Lacking/Properties/KeyPolicy/Statement): add to the statements of Lacking:")
    sids = [one["Sid"] for one in json.loads(done.stdout.partition("\n")[2])]
    assert sids == ["AllowCloudTrailEncryptWithBucketKey", "AllowCloudTrailDecrypt", "AllowCloudTrailDescribeKey"]
    assert "nothing was changed: adding statements is not enough for Denied\n" in done.stderr
    assert "to decide: Let statement 2 (No) leave this request out." in done.stderr


def test_a_plan_gets_blocks_for_the_data_source_that_its_policy_is_from(tmp_path: Path) -> None:
    text = Path("tests/plans/delegated-administrator.json").read_text("utf-8").replace("GenerateDataKey", "Verify")
    done = run(document=text, expected={}, folder=tmp_path)
    where, _, blocks = done.stdout.partition("\n")
    assert where.endswith(": add to data.aws_iam_policy_document.key, for aws_kms_key.trail:")
    lacks = Fixer(None).fix(Document("policy.json", text)).lacks[0].statements
    assert len(lacks) == 3
    (statements,) = of_terraform(f'data "aws_iam_policy_document" "key" {{\n{blocks}}}\n')
    assert statements == [in_lists(one) for one in lacks]


def test_a_plan_whose_policy_is_written_otherwise_gets_json(tmp_path: Path) -> None:
    text = Path("tests/plans/bucket-key.json").read_text("utf-8").replace("kms:GenerateDataKey", "kms:Verify")
    done = run(document=text, expected={}, folder=tmp_path)
    lacks = Fixer(None).fix(Document("policy.json", text)).lacks[0].statements
    assert json.loads(done.stdout.partition("\n")[2]) == lacks != []


def test_a_template_whose_trail_has_no_name_would_be_a_circle(tmp_path: Path) -> None:
    text = Path("tests/templates/cdk.template.json").read_text("utf-8")
    done = run(document=text, expected={}, folder=tmp_path)
    assert done.exit_code == 0
    assert "a key policy that names TrailA62D, which uses the key, needs a name" in done.stderr


def test_a_policy_that_is_text_in_a_template_gets_json(tmp_path: Path) -> None:
    text = Path("tests/templates/policy-as-text.yaml").read_text("utf-8")
    done = run(document=text, expected={}, folder=tmp_path)
    _, _, snippet = done.stdout.partition("\n")
    sources = {one["Condition"]["StringEquals"]["aws:SourceArn"] for one in json.loads(snippet)}
    assert sources == {"arn:aws:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/events"}
    assert "refer to each other" not in done.stderr


def test_what_does_not_print_is_shown(tmp_path: Path) -> None:
    document = json.dumps(policy(ROOT | {"Sid": "\u009b31m"}, EXAMPLE_1, EXAMPLE_5R), indent=2, ensure_ascii=False)
    done = run(document=document, expected=store() | trail(), folder=tmp_path)
    assert "\u009b" not in done.stdout + done.stderr


def test_a_bucket_key_takes_service_decrypt(tmp_path: Path) -> None:
    document = policy(ROOT, EXAMPLE_1, EXAMPLE_13)
    done = run(document=document, expected=trail(bucket=bucket(bucket_key=True)), folder=tmp_path)
    assert done.exit_code == 0
    assert done.stdout.count('+      "Sid"') == 1
