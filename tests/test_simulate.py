"""`ctkms simulate` and what lies behind it: cases read strictly, decided one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ctkms_opa import engine, pack, simulate
from ctkms_opa.cli import group
from ctkms_opa.errors import EngineError, InputError

KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BOB = "arn:aws:iam::111111111111:user/Bob"
ALICE = "arn:aws:iam::222222222222:user/Alice"
REQUEST = {"principal": BOB, "action": "kms:Decrypt", "resource": KEY}


def allow(principal: str, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "kms:Decrypt", "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def batch(*lines: object, arguments: tuple[str, ...] = ()) -> tuple[list[dict[str, Any]], int]:
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    result = CliRunner().invoke(group, ["simulate", "--batch", "-", *arguments], input=text)
    return [json.loads(line) for line in result.stdout.splitlines()], result.exit_code


def single(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(group, ["simulate", *arguments], input=stdin)


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file with a key policy."""
    monkeypatch.chdir(tmp_path)
    condition = {"StringEquals": {"kms:EncryptionContext:a": "b"}}
    Path("key.json").write_text(json.dumps(allow(BOB, Sid="Read", Condition=condition)))
    return "key.json"


def options(principal: str = BOB, action: str = "kms:Decrypt", resource: str = KEY) -> tuple[str, ...]:
    return ("--principal", principal, "--action", action, "--resource", resource)


def test_a_batch_is_answered_in_order() -> None:
    answers, code = batch(
        {"id": 1, "policy": allow(BOB), "request": REQUEST},
        {"id": "two", "policy": allow(BOB, Effect="Deny"), "request": REQUEST},
        "",
        {"id": None, "policy": allow("arn:aws:iam::111111111111:root"), "request": REQUEST},
        {"policy": {"Statement": []}, "request": REQUEST},
        {"id": {"any": ["thing"]}, "policy": json.dumps(allow(BOB)), "request": REQUEST},
    )
    assert answers == [
        {"id": 1, "decision": "allow", "allowed_by": [0], "denied_by": []},
        {"id": "two", "decision": "explicit_deny", "allowed_by": [], "denied_by": [0]},
        {"id": None, "decision": "needs_iam_policy", "allowed_by": [0], "denied_by": []},
        {"id": None, "decision": "implicit_deny", "allowed_by": [], "denied_by": []},
        {"id": {"any": ["thing"]}, "decision": "allow", "allowed_by": [0], "denied_by": []},
    ]
    assert code == 0


def test_identity_policies_stand_beside_or_in_the_request() -> None:
    identity = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}
    request = REQUEST | {"principal": ALICE}
    answers, code = batch(
        {"policy": allow(ALICE), "request": request},
        {"policy": allow(ALICE), "request": request, "identity_policies": [identity]},
        {"policy": allow(ALICE), "request": request, "identity_policies": [json.dumps(identity)]},
        {"policy": allow(ALICE), "request": request | {"identity_policies": [identity]}},
    )
    assert [answer["decision"] for answer in answers] == ["needs_iam_policy", "allow", "allow", "allow"]
    assert code == 0


def test_what_is_unknown_stays_unknown() -> None:
    wanted = allow(BOB, Condition={"StringEquals": {"aws:SourceAccount": "111111111111"}})
    sentinel = {"ctkms:unknown": "not yet"}
    answers, _ = batch(
        {"policy": wanted, "request": REQUEST | {"unknown": ["aws:SourceAccount"]}},
        {"policy": wanted, "request": REQUEST | {"unknown": ["aws:*"], "absent": ["aws:source*"]}},
        {"policy": wanted, "request": REQUEST | {"context": {"aws:SourceAccount": sentinel}}},
        {"policy": wanted, "request": REQUEST | {"context": {"AWS:sourceaccount": ["111111111111"]}}},
        {"policy": allow(BOB), "request": REQUEST | {"resource": sentinel}},
    )
    assert [answer["decision"] for answer in answers][:4] == ["unknown", "implicit_deny", "unknown", "allow"]
    assert "decision" in answers[4]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "not JSON: expected a value"),
        ("[]", "the line is not an object"),
        ('{"id": 7, "id": 8}', 'the member "id" stands twice in one object'),
        ('{"policy": {"Statement": [], "Statement": []}}', 'the member "Statement" stands twice in one object'),
        ('{"id": NaN}', "not JSON: "),
        ('{"id": -Infinity}', "not JSON: "),
        ('{"id": 1e999}', "not JSON: "),
        ('{"id": "\\ud800"}', "not JSON: "),
        ('{"id": ' + "1" * 5000 + "}", "not JSON: "),
        ("[" * 100_000, "not JSON: nested too deeply"),
    ],
)
def test_lines_that_are_no_json_object(line: str, message: str) -> None:
    good = {"id": "good", "policy": allow(BOB), "request": REQUEST}
    answers, code = batch(line, good)
    assert answers[0]["id"] is None
    assert answers[0]["error"].startswith(message)
    assert answers[1]["decision"] == "allow"
    assert code == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"policy": 3}, '"policy" is not an object'),
        ({"policy": [allow(BOB)]}, '"policy" is not an object'),
        ({"policy": "{"}, '"policy" is a string, but not JSON: '),
        ({"policy": '"text"'}, '"policy" is not an object'),
        ({"request": None}, '"request" is not an object'),
        ({"request": {}}, '"request" has no "principal"'),
        ({"request": REQUEST | {"contxt": {}}}, '"request" has no member "contxt"; did you mean "context"?'),
        ({"identity_policy": []}, 'the line has the member "identity_policy"; did you mean "identity_policies"?'),
        ({"request": REQUEST | {"action": ["kms:Decrypt"]}}, '"action" of "request" is not a string'),
        ({"request": REQUEST | {"resource": {"a": "b"}}}, '"resource" of "request" is not a string'),
        ({"request": REQUEST | {"context": []}}, '"context" of "request" is not an object'),
        ({"request": REQUEST | {"context": {"k": None}}}, 'the context value of "k" is no string, number or boolean'),
        (
            {"request": REQUEST | {"context": {"k": [["v"]]}}},
            'the context value of "k" is no string, number or boolean',
        ),
        (
            {"request": REQUEST | {"context": {"aws:SourceArn": "a", "AWS:SOURCEARN": "b"}}},
            '"aws:SourceArn" and "AWS:SOURCEARN" in the context are one condition key',
        ),
        ({"request": REQUEST | {"unknown": "k"}}, '"unknown" of "request" is not a list of strings'),
        ({"request": REQUEST | {"absent": [1]}}, '"absent" of "request" is not a list of strings'),
        ({"identity_policies": {}}, '"identity_policies" is not a list'),
        ({"identity_policies": [3]}, "an identity policy is not an object"),
        ({"request": REQUEST | {"context": {"k": 10**400}}}, "the engine cannot take this document in: number out of"),
    ],
)
def test_cases_of_the_wrong_shape(change: dict[str, Any], message: str) -> None:
    answers, code = batch({"id": "x", "policy": allow(BOB), "request": REQUEST} | change)
    assert answers[0]["id"] == "x"
    assert answers[0]["error"].startswith(message)
    assert set(answers[0]) == {"id", "error"}
    assert code == 2


def test_members_of_the_sender_s_own_are_no_mistake() -> None:
    answers, code = batch({"id": 1, "expected": "allow", "policy": allow(BOB), "request": REQUEST})
    assert (answers[0]["decision"], code) == ("allow", 0)


def test_a_batch_that_decides_nothing_or_cannot_tell_is_no_success() -> None:
    wanted = allow(BOB, Condition={"StringEquals": {"aws:SourceAccount": "111111111111"}})
    open_case = {"policy": wanted, "request": REQUEST | {"unknown": ["aws:SourceAccount"]}}
    decided = {"policy": allow(BOB), "request": REQUEST}
    assert batch() == ([], 3)
    assert batch("", " ")[1] == 3
    assert batch(decided)[1] == 0
    assert batch(decided, open_case)[1] == 3
    assert batch(open_case, "{")[1] == 2


@pytest.mark.parametrize("missing", ["policy", "request"])
def test_a_line_without_policy_or_request(missing: str) -> None:
    case = {"id": 1, "policy": allow(BOB), "request": REQUEST}
    del case[missing]
    assert batch(case) == ([{"id": 1, "error": f'the line has no "{missing}"'}], 2)


def test_a_batch_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(
        b"\xef\xbb\xbf" + json.dumps({"id": 1, "policy": allow(BOB), "request": REQUEST}).encode() + b"\n\xff\n"
    )
    result = single("--batch", str(file))
    assert result.exit_code == 2
    assert result.stdout == (
        '{"id": 1, "decision": "allow", "allowed_by": [0], "denied_by": []}\n'
        '{"id": null, "error": "not UTF-8: byte 1"}\n'
    )
    result = single("--batch", str(tmp_path / "missing"))
    assert result.exit_code == 2
    assert result.stderr.endswith("missing: cannot be read: No such file or directory\n")


def test_a_batch_explained() -> None:
    answers, code = batch({"id": 1, "policy": allow(BOB), "request": REQUEST}, arguments=("--explain",))
    assert code == 0
    assert answers[0]["decision"] == "allow"
    (statement,) = answers[0]["explain"]
    assert statement["index"] == 0
    assert statement["match"] == 2


def test_a_failing_engine_is_an_error_of_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise EngineError("it stopped")

    monkeypatch.setattr(engine.CompiledEngine, "simulate", fail)
    answers, code = batch({"id": 1, "policy": allow(BOB), "request": REQUEST}, "{")
    assert answers[0] == {"id": 1, "error": "it stopped"}
    assert code == 4


@pytest.mark.parametrize(
    ("context", "decision", "code"),
    [
        (("kms:EncryptionContext:a=b",), "allow (statement 1)", 0),
        (("kms:EncryptionContext:a=c",), "implicit_deny", 1),
        ((), "implicit_deny", 1),
        (("kms:EncryptionContext:a==b",), "implicit_deny", 1),
    ],
)
def test_a_single_request(policy: str, context: tuple[str, ...], decision: str, code: int) -> None:
    result = single(policy, *options(), *(part for pair in context for part in ("--context", pair)))
    assert result.stdout == f"{BOB} asks kms:Decrypt on\n  {KEY}\ndecision: {decision}\n"
    assert result.exit_code == code


def test_a_context_key_may_have_several_values(tmp_path: Path) -> None:
    condition = {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["a", "b"]}}
    file = tmp_path / "key.json"
    file.write_text(json.dumps(allow(BOB, Condition=condition)))
    keys = ("--context", "kms:EncryptionContextKeys=a", "--context", "kms:EncryptionContextKeys=b")
    assert single(str(file), *options(), *keys).exit_code == 0
    assert single(str(file), *options(), *keys, "--context", "kms:EncryptionContextKeys=c").exit_code == 1


def test_a_single_request_explained(policy: str) -> None:
    result = single(policy, *options(), "--context", "kms:EncryptionContext:a=c", "--explain")
    assert '\nstatement 1 "Read" (Allow): does not match\n' in result.stdout
    assert result.stdout.endswith("\n\ndecision: implicit_deny\n")
    explained = json.loads(
        single(policy, *options(), "--context", "kms:EncryptionContext:a=c", "--explain", "--format", "json").stdout
    )
    assert explained["decision"] == "implicit_deny"
    assert {element["match"] for element in explained["explain"][0]["elements"]} == {0, 2}


NEAR_MISS = """\
cloudtrail.amazonaws.com asks kms:GenerateDataKey on
  arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab

statement 1 "Encrypt" (Allow): does not match
  Principal: matches: cloudtrail.amazonaws.com is listed
    wanted {"Service": "cloudtrail.amazonaws.com"}
    sent   "cloudtrail.amazonaws.com"
  Action: matches: Action covers kms:GenerateDataKey
    wanted "kms:GenerateDataKey*"
    sent   "kms:GenerateDataKey"
  Resource: matches: Resource covers
    arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab
    wanted "*"
    sent   "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  Condition StringEquals aws:SourceArn: does not match: StringEquals aws:SourceArn wants
    arn:aws:cloudtrail:eu-west-1:111111111111:trail/t, the request has
    arn:aws:cloudtrail:us-east-1:111111111111:trail/t
    wanted "arn:aws:cloudtrail:eu-west-1:111111111111:trail/t"
    sent   "arn:aws:cloudtrail:us-east-1:111111111111:trail/t"
                               ^^^^^
    Note: only the Region differs: eu-west-1 in the policy, us-east-1 in the request.

decision: implicit_deny
"""


def test_what_little_is_missing_is_told(tmp_path: Path) -> None:
    source = "arn:aws:cloudtrail:us-east-1:111111111111:trail/t"
    statement = {
        "Sid": "Encrypt",
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "kms:GenerateDataKey*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceArn": source.replace("us-east", "eu-west")}},
    }
    file = tmp_path / "key.json"
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    key = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    asked = ("--principal", "cloudtrail.amazonaws.com", "--action", "kms:GenerateDataKey", "--resource", key)
    result = single(str(file), *asked, "--context", f"aws:SourceArn={source}", "--explain")
    assert (result.stdout, result.exit_code) == (NEAR_MISS, 1)


def test_as_json(policy: str) -> None:
    result = single(policy, *options(), "--format", "json")
    assert json.loads(result.stdout) == {"decision": "implicit_deny", "allowed_by": [], "denied_by": []}


def test_identity_policies_from_files(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text(json.dumps(allow(ALICE)))
    (tmp_path / "alice.yaml").write_text(
        'Version: "2012-10-17"\nStatement: {Effect: Allow, Action: "*", Resource: "*"}\n'
    )
    file = str(tmp_path / "key.json")
    result = single(file, *options(ALICE))
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "decision: needs_iam_policy (statement 1)")
    assert single(file, *options(ALICE), "--identity-policy", str(tmp_path / "alice.yaml")).exit_code == 0


def test_standard_input_may_hold_what_the_cli_of_aws_prints(policy: str) -> None:
    printed = json.dumps({"Policy": Path(policy).read_text()})
    assert single("-", *options(), "--context", "kms:EncryptionContext:a=b", stdin=printed).exit_code == 0


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}, "is not a key policy: none of its"),
        ({"a": 1}, "is not a key policy: "),
        (
            '{"Version": "2012-10-17", "Statement": [], "Statement": []}',
            'the member "Statement" stands here a second time',
        ),
        ("{", "the text ends"),
    ],
)
def test_what_is_no_key_policy(document: object, message: str) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    result = single("-", *options(), stdin=text)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "missing: POLICY, --principal, --action, --resource"),
        (("key.json", "--principal", BOB), "missing: --action, --resource"),
        (("--batch", "-", "--principal", BOB), "--batch takes the policy and the request from its lines"),
        (("key.json", *options(), "--context", "novalue"), "'novalue' is not KEY=VALUE"),
        (("missing.json", *options()), "missing.json"),
        (("key.json", *options(), "--identity-policy", "missing.json"), "missing.json"),
    ],
)
@pytest.mark.usefixtures("policy")
def test_usage_errors(arguments: tuple[str, ...], message: str) -> None:
    result = single(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize("name", ["compiled", "interpreted"])
def test_long_policies_are_decided_on_both_engines(name: str) -> None:
    statements = [allow(f"arn:aws:iam::111111111111:user/{number}")["Statement"][0] for number in range(300)]
    long = {"Version": "2012-10-17", "Statement": [*statements, allow(BOB)["Statement"][0]]}
    decided = simulate.decide(engine.create(name, pack.load()), {"policy": long, "request": REQUEST})
    assert decided == {"decision": "allow", "allowed_by": [300], "denied_by": []}


def test_parse_is_strict() -> None:
    assert simulate.parse(b'{"a": [1, 2.5, null, "\\ud83d\\ude00"]}') == {"a": [1, 2.5, None, "😀"]}
    with pytest.raises(InputError, match="stands twice"):
        simulate.parse('[{"a": 1, "b": 2, "a": 3}]')


SESSION = "arn:aws:sts::111111111111:assumed-role/Reader/session"


@pytest.mark.parametrize(
    ("principal", "key", "value", "decision"),
    [
        (BOB, "kms:CallerAccount", "111111111111", "allow"),
        (BOB, "kms:CallerAccount", "222222222222", "implicit_deny"),
        (BOB, "aws:PrincipalAccount", "111111111111", "allow"),
        (BOB, "aws:PrincipalArn", BOB, "allow"),
        (BOB, "aws:username", "Bob", "allow"),
        (BOB, "aws:username", "Alice", "implicit_deny"),
        (BOB, "aws:PrincipalType", "User", "allow"),
        (SESSION, "aws:PrincipalType", "AssumedRole", "allow"),
        (SESSION, "aws:PrincipalAccount", "111111111111", "allow"),
        (SESSION, "aws:PrincipalArn", "arn:aws:iam::111111111111:role/Reader", "unknown"),
    ],
)
def test_what_follows_from_the_principal_need_not_be_said(principal: str, key: str, value: str, decision: str) -> None:
    conditional = allow("*", Condition={"StringEquals": {key: value}})
    asked = REQUEST | {"principal": principal}
    answers, _ = batch(
        {"policy": conditional, "request": asked},
        {"policy": conditional, "request": asked | {"context": {key.upper(): "other"}}},
        {"policy": conditional, "request": asked | {"absent": [key]}},
        {"policy": conditional, "request": asked | {"unknown": ["*"]}},
    )
    assert [answer["decision"] for answer in answers] == [decision, "implicit_deny", "implicit_deny", "unknown"]


@pytest.mark.parametrize("principal", [SESSION, "arn:aws:iam::111111111111:role/Reader", "111111111111"])
def test_a_role_that_is_named_is_let_in(principal: str) -> None:
    named = allow("arn:aws:iam::111111111111:role/Reader" if "role" in principal else principal)
    answers, _ = batch({"policy": named, "request": REQUEST | {"principal": principal}})
    assert answers[0]["decision"] == ("needs_iam_policy" if principal.isdigit() else "allow")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"principal": "Bob"}, '"Bob" is no caller: it is an ARN, a service (cloudtrail.amazonaws.com), an account id'),
        ({"principal": "11111111111"}, '"11111111111" is not an account id: 12 digits, this has 11'),
        ({"principal": "arn:aws:iam::11111111111:user/Bob"}, "is not an account id: 12 digits, this has 11"),
        ({"principal": "arn:aws:iam::111111111111:group/Admins"}, "is a group"),
        ({"principal": "CloudTrail.amazonaws.com"}, "is no caller"),
        ({"principal": ""}, "is no caller"),
        ({"principal": SESSION.replace("session", "s")}, "in sts: a session's name has 2 to 64 characters"),
        ({"principal": SESSION.removesuffix("/session")}, "in sts: a session's ARN is assumed-role/ROLE/SESSION"),
        ({"principal": SESSION.replace("session", "se/on")}, 'nothing is called "assumed-role/Reader/se/on" in sts'),
        ({"principal": SESSION.replace("assumed-role", "role")}, 'nothing is called "role/Reader/session" in sts'),
        ({"action": "Decrypt"}, '"Decrypt" is no action of a request: write the service and the operation'),
        ({"action": "kms:Generate*"}, "is no action of a request"),
        ({"action": "kms:Decryptt"}, 'KMS has no permission "kms:Decryptt"; did you mean "kms:Decrypt"?'),
        ({"action": "KMS:ReEncrypt"}, 'KMS has no permission "KMS:ReEncrypt"; did you mean "kms:ReEncryptTo"?'),
        ({"action": "kms:Frobnicate"}, 'KMS has no permission "kms:Frobnicate"'),
        ({"identity_policies": [{"Version": "2012-10-17", "Statements": []}]}, 'no member "Statements"; did you mean'),
        ({"identity_policies": [{"Statement": {"Effect": "Allow", "Actions": "*"}}]}, 'no member "Actions"; did you'),
        ({"identity_policies": [{"Statement": [{"Principal": "*"}]}]}, 'no member "Principal"'),
    ],
    ids=str,
)
def test_callers_actions_and_policies_that_cannot_be(change: dict[str, Any], message: str) -> None:
    answers, code = batch({"policy": allow(BOB), "request": REQUEST | change})
    assert message in answers[0]["error"]
    assert code == 2


def test_an_identity_policy_may_hold_what_is_not_known_yet() -> None:
    sentinel = {"ctkms:unknown": "later"}
    root = allow("arn:aws:iam::111111111111:root")
    answers, _ = batch(
        {"policy": root, "request": REQUEST, "identity_policies": [sentinel]},
        {"policy": root, "request": REQUEST, "identity_policies": [{"Statement": [sentinel]}]},
    )
    assert [answer["decision"] for answer in answers] == ["unknown", "unknown"]
