"""What is read, and what must hold whatever is in it: a documented exit code, no failure of ctkms, no false pass."""

from __future__ import annotations

import json
import os
import re
import signal
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import iam_reference
import yaml
from click.testing import CliRunner

from ctkms_opa.cli import group

from .mutation import policies
from .servers import AWS_ANSWERS, aws_of, impatient, opa_answers, opa_server_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

ROOT = Path(__file__).resolve().parent.parent.parent
TESTS = ROOT / "tests"
KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
GOOD = ROOT / "data" / "policies" / "trail.json"
WRONG = GOOD.with_name("trail-wrong-region.json")
BOB = "arn:aws:iam::111111111111:user/Bob"
FLAGS = ("--key", KEY, "--trail", TRAIL, "--reader", BOB)
CLOUDTRAIL = "cloudtrail.amazonaws.com"
UNKNOWN = {"ctkms:unknown": "nobody says"}
CODES = frozenset({0, 1, 2, 3})
"""What a command may end with: 4 says that the engine failed, which no document may make it do."""
SECONDS = 60
"""Far more than a command takes here."""

CONFIG = b"profile: documented\nfail-on: warning\nlevels: {KP-SIZE: note}\ndisable: [CT-MRK]\nformats: {json: }\n"
TOML = b'[tool.ctkms]\nprofile = "hardened"\ndisable = ["CT-MRK"]\n[tool.ctkms.levels]\nKP-SIZE = "note"\n'


@dataclass(frozen=True)
class Target:
    """Something that is read.

    Attributes:
        good: Good documents of its kind, or what makes them.
        run: Has a document read, and returns how the command ended.
        holds: What must be true of the end, besides what must be of all.
        codes: What the command may end with.
        examples: How many documents a short run tries: fewer where another end of a connection has to answer.
    """

    good: tuple[bytes, ...] | Callable[[], tuple[bytes, ...]]
    run: Callable[[bytes], Result]
    holds: Callable[[bytes, Result], None]
    codes: frozenset[int] = CODES
    examples: int = 100

    @cached_property
    def seeds(self) -> tuple[bytes, ...]:
        """Good documents of its kind."""
        return self.good if isinstance(self.good, tuple) else self.good()


def command(*arguments: str, stdin: bytes = b"") -> Result:
    """How a command ends, in this process."""
    return CliRunner().invoke(group, arguments, input=stdin)


def hold(target: Target, data: bytes) -> None:
    """Has a target read the data, and checks how it ends.

    Raises:
        AssertionError: Something does not hold.
    """
    with _in_time():
        result = target.run(data)
    said = result.stdout + result.stderr
    assert result.exit_code in target.codes, said[-600:]
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in said
    assert "itself failed" not in said
    assert "another shape" not in said or 4 in target.codes
    assert result.exit_code != 2 or result.stderr or "Not judged:" in said or '"error"' in said, said
    target.holds(data, result)


@contextmanager
def _in_time() -> Iterator[None]:
    """Ends what would go on for ever."""

    def end(*_: object) -> None:
        raise AssertionError(f"no end after {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def understood(data: bytes) -> Any:
    """What other readers make of the data; None where it is neither JSON nor YAML to them."""
    try:
        text = data.decode("utf-8-sig") if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else data.decode("utf-16")
    except UnicodeDecodeError:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return yaml.load(text, Loader=_Tagged)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


class _Tagged(yaml.SafeLoader):
    """YAML in which a tag is no mistake."""


def _tagged(loader: Any, _: str, node: Any) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else {}


_Tagged.add_multi_constructor("!", _tagged)


def no_false_pass(data: bytes, result: Result) -> None:
    """A pass says that the document lets CloudTrail encrypt: the reference evaluator must find so too, in some policy.

    What a template or a plan leaves open may be whatever helps.
    """
    if result.exit_code == 0:
        value = understood(data)
        assert isinstance(value, dict | list), data
        assert re.search(r"^[1-9]\d* keys?: ", result.stdout, re.MULTILINE)
        requests = _encrypting(value)
        assert any(_may_be_let(policy, one) for policy in policies(value) for one in requests), data


def no_false_pass_of_a_policy(data: bytes, result: Result) -> None:
    """A pass says that the policy lets in whom the command line names, for all that they ask."""
    no_false_pass(data, result)
    if result.exit_code == 0:
        (policy, *_) = policies(understood(data))
        encrypt = _request(CLOUDTRAIL, "kms:GenerateDataKey", KEY, _of(TRAIL))
        describe = _request(CLOUDTRAIL, "kms:DescribeKey", KEY, {"aws:SourceArn": TRAIL})
        decrypt = _request(BOB, "kms:Decrypt", KEY, {})
        assert all(_may_be_let(policy, one) for one in (encrypt, describe, decrypt)), data


def _encrypting(value: Any) -> list[Any]:
    """How CloudTrail may ask to encrypt for the trails and event data stores that a document names."""
    text = json.dumps(value, default=str).replace("\\\\", "\\").replace('\\"', '"')
    if '"Resources"' in text or '"resource_changes"' in text or '"terraform_version"' in text:
        return [_request(CLOUDTRAIL, "kms:GenerateDataKey", UNKNOWN, {})]
    keys = {KEY, *re.findall(r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+", text)}
    users = {TRAIL, *re.findall(r"arn:[\w-]+:cloudtrail:[\w-]+:\d{12}:(?:trail|eventdatastore)/[\w.-]+", text)}
    contexts = [_of(one) if ":trail/" in one else {} for one in users]
    return [_request(CLOUDTRAIL, "kms:GenerateDataKey", key, context) for key in keys for context in contexts]


def _of(trail: str) -> Any:
    return {
        "aws:SourceArn": trail,
        "aws:SourceAccount": trail.split(":")[4],
        "kms:EncryptionContext:aws:cloudtrail:arn": trail,
    }


def _request(principal: str, action: str, resource: Any, context: Any) -> Any:
    known = {"aws:PrincipalIsAWSService": "true"} if principal == CLOUDTRAIL else {}
    request = {"principal": principal, "action": action, "resource": resource, "context": context | known}
    return request | {"unknown": ["*"], "absent": ["aws:SecureTransport"] if principal == CLOUDTRAIL else []}


def _may_be_let(policy: Any, request: Any) -> bool:
    return iam_reference.decide(_open(policy), request)["decision"] not in {"explicit_deny", "implicit_deny"}


def _open(value: Any) -> Any:
    """A policy in which what a template puts in is not known."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::")):
            return UNKNOWN
        return {name: _open(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_open(one) for one in value]
    return UNKNOWN if isinstance(value, str) and "${" in value else value


def nothing_more(_data: bytes, _result: Result) -> None:
    """Nothing but what holds of all."""


def one_answer_a_line(data: bytes, result: Result) -> None:
    """Every line that is not blank has an answer, which is a decision or an error."""
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(answers) == sum(bool(line.strip()) for line in data.split(b"\n"))
    assert all(("decision" in one) != ("error" in one) for one in answers)
    for one, line in zip(answers, [line for line in data.split(b"\n") if line.strip()], strict=True):
        assert "error" in one or isinstance(json.loads(line.decode("utf-8-sig")), dict)


@contextmanager
def file_of(data: bytes, name: str) -> Iterator[str]:
    """A file with the data."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name)  # noqa: PTH118
        Path(path).write_bytes(data)
        yield path


def _option(option: str, name: str = "file.yaml") -> Callable[[bytes], Result]:
    def run(data: bytes) -> Result:
        with file_of(data, name) as path:
            return command("check", str(GOOD), *(() if option == "-d" else FLAGS), option, path)

    return run


def _files(*patterns: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern)))


def _baseline() -> tuple[bytes, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "known.json"
        command("check", str(GOOD.with_name("trail-wrong-region.json")), *FLAGS, "--write-baseline", str(path))
        return (path.read_bytes(),)


def _batch() -> bytes:
    request = {"principal": "cloudtrail.amazonaws.com", "action": "kms:Decrypt", "resource": KEY, "context": {"a": "b"}}
    return json.dumps({"id": 1, "policy": json.loads(GOOD.read_bytes()), "request": request}).encode()


def _template() -> bytes:
    policy = json.loads(GOOD.read_bytes().replace(b"management-events", b"${AWS::StackName}"))
    for statement in policy["Statement"]:
        for block in statement.get("Condition", {}).values():
            block |= {name: {"Fn::Sub": value} for name, value in block.items() if "${" in value}
    trail = {"KMSKeyId": {"Fn::GetAtt": ["Key", "Arn"]}, "TrailName": {"Ref": "AWS::StackName"}, "S3BucketName": "logs"}
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}},
        "Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": trail},
    }
    return json.dumps({"Resources": resources}).encode()


def _printed() -> bytes:
    return json.dumps({"Policy": GOOD.read_text("utf-8"), "PolicyName": "default"}).encode()


def _expectations() -> bytes:
    expected: dict[str, Any] = {}
    for name in ("trails", "accounts"):
        expected |= yaml.safe_load((ROOT / "data" / f"{name}.yaml").read_text("utf-8"))["expected"]
    return json.dumps({"expected": expected}).encode()


DEPLOYED = ("--account", "111111111111", "--region", "us-east-1")


def _judged(*seeds: bytes, flags: tuple[str, ...] = FLAGS, holds: Any = no_false_pass) -> Target:
    return Target(seeds, lambda data: command("check", "-", *flags, stdin=data), holds)


def _asked(data: bytes) -> Result:
    with opa_server_of(data) as url, impatient():
        return command("check", str(WRONG), *FLAGS, "--engine", url)


def reports_what_it_was_told(data: bytes, result: Result) -> None:
    """A pass is what the server's report says, which must be one, and judged."""
    if result.exit_code == 0:
        said = json.loads(data)["report"]["result"]
        assert said["judged"] is True
        assert said["cannot_tell"] == []
        assert all(one["level"] in {"warning", "note"} for one in said["findings"])


def _scanned(data: bytes) -> Result:
    with aws_of(data), file_of(b"", "expectations.yaml") as path:
        return command("scan", "--region", "us-east-1", "--expectations", path, "--force")


def is_an_inventory(_data: bytes, result: Result) -> None:
    """What was read is an inventory, which check takes; and a pass of it is none that the answers do not give."""
    if result.exit_code in {0, 3}:
        assert json.loads(result.stdout).get("ctkms_inventory") == 1
        checked = command("check", "-", stdin=result.stdout.encode())
        assert checked.exit_code in CODES, checked.stderr
        assert "another shape" not in checked.stdout + checked.stderr
        no_false_pass(result.stdout.encode(), checked)
    else:
        assert result.stdout == ""


def _ruled(data: bytes) -> Result:
    with file_of(data, "rule.rego") as path:
        return command("check", str(GOOD), *FLAGS, "-p", path)


def names_its_rules(data: bytes, result: Result) -> None:
    """A check that ends well has loaded a rule, so there must be one."""
    if result.exit_code in {0, 1}:
        assert b"custom.ctkms." in data
        assert b"findings" in data


def _generated(data: bytes) -> Result:
    with file_of(data, "file.yaml") as path:
        return command("generate", "-d", path)


def makes_policies(_data: bytes, result: Result) -> None:
    """What is printed is whole, and says nothing where nothing could be made."""
    if result.exit_code == 2:
        assert result.stdout == ""
    else:
        assert list(policies(json.loads(result.stdout)))


def mends_or_says_why(data: bytes, result: Result) -> None:
    """Where nothing is missing the policy must let in whom the command line names; else there is something to do."""
    if result.exit_code == 0 and "nothing is missing" in result.stderr:
        (policy, *_) = policies(understood(data))
        assert _may_be_let(policy, _request(CLOUDTRAIL, "kms:GenerateDataKey", KEY, _of(TRAIL))), data
    elif result.exit_code == 0:
        assert result.stdout
    elif result.exit_code == 1:
        assert result.stdout == ""
        assert "to decide: " in result.stderr


def targets() -> dict[str, Target]:
    """Everything that is read, by name."""
    question = ("--principal", "*", "--action", "kms:Decrypt", "--resource", KEY)
    good = _files("data/policies/*.json")
    fix = ("fix", "-", "--key", KEY, "--trail", TRAIL)
    return {
        "policy": _judged(*good, holds=no_false_pass_of_a_policy),
        "template": _judged(_template(), _template(), *_files("tests/templates/*"), flags=DEPLOYED),
        "plan": _judged(*_files("tests/plans/*.json"), flags=()),
        "config item": _judged(*_files("tests/config/*.json"), flags=()),
        "inventory": _judged(*_files("data/inventory.json", "tests/inventories/*.json"), flags=()),
        "CLI output": _judged(_printed(), *_files("tests/cli/*.json")),
        "expectations": Target(_files("data/*.yaml"), _option("-d"), nothing_more),
        "describe-key": Target(_files("tests/cli/describe-key.json"), _option("--describe-key"), nothing_more),
        "baseline": Target(_baseline, _option("--baseline"), nothing_more),
        "configuration": Target((CONFIG,), _option("--config"), nothing_more),
        "TOML": Target((TOML,), _option("--config", "file.toml"), nothing_more),
        "earlier version": Target(good, _option("--changed-from"), nothing_more),
        "simulated policy": Target(good, lambda data: command("simulate", "-", *question, stdin=data), nothing_more),
        "batch": Target((_batch(),), lambda data: command("simulate", "--batch", "-", stdin=data), one_answer_a_line),
        "generated from": Target((_expectations(),), _generated, makes_policies),
        "mended policy": Target(good, lambda data: command(*fix, stdin=data), mends_or_says_why),
        "rules": Target(_files("data/rules/**/*[!t].rego"), _ruled, names_its_rules, CODES | {4}, examples=50),
        "OPA server": Target(
            lambda: opa_answers(lambda: command("check", str(WRONG), *FLAGS)),
            _asked,
            reports_what_it_was_told,
            CODES | {4},
            examples=25,
        ),
        "AWS": Target((AWS_ANSWERS,), _scanned, is_an_inventory, examples=25),
    }
