"""What is read, and what must hold whatever is in it: a documented exit code, no failure of ctkms, no false pass."""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from click.testing import CliRunner

from ctkms_opa.cli import group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

ROOT = Path(__file__).resolve().parent.parent.parent
TESTS = ROOT / "tests"
KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
GOOD = ROOT / "data" / "policies" / "trail.json"
FLAGS = ("--key", KEY, "--trail", TRAIL, "--reader", "arn:aws:iam::111111111111:user/Bob")
CODES = {0, 1, 2, 3}
"""What a command may end with: 4 says that the engine failed, which no document may make it do."""

CONFIG = b"profile: documented\nfail-on: warning\nlevels: {KP-SIZE: note}\ndisable: [CT-MRK]\nformats: {json: }\n"
TOML = b'[tool.ctkms]\nprofile = "hardened"\ndisable = ["CT-MRK"]\n[tool.ctkms.levels]\nKP-SIZE = "note"\n'


class Target(NamedTuple):
    """Something that is read.

    Attributes:
        seeds: Good documents of its kind.
        run: Has it read, and returns how the command ended.
        holds: What must be true of the end, besides what must be of all.
    """

    seeds: tuple[bytes, ...]
    run: Callable[[bytes], Result]
    holds: Callable[[bytes, Result], None]


def command(*arguments: str, stdin: bytes = b"") -> Result:
    """How a command ends, in this process."""
    return CliRunner().invoke(group, arguments, input=stdin)


def hold(target: Target, data: bytes) -> None:
    """Has a target read the data, and checks how it ends.

    Raises:
        AssertionError: Something does not hold.
    """
    result = target.run(data)
    said = result.stdout + result.stderr
    assert result.exit_code in CODES, said[-600:]
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in said
    assert "itself failed" not in said
    assert "another shape" not in said
    assert result.exit_code != 2 or result.stderr or "Not judged:" in said or '"error"' in said, said
    target.holds(data, result)


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
    """A pass says that the document lets CloudTrail encrypt, so it must at least speak of that, to any reader."""
    if result.exit_code == 0:
        value = understood(data)
        assert isinstance(value, dict | list), data
        text = json.dumps(value, default=str)
        assert "Allow" in text
        assert "cloudtrail" in text or '"*"' in text
        assert re.search(r"^[1-9]\d* keys?: ", result.stdout, re.MULTILINE)


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


@cache
def _baseline() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "known.json"
        command("check", str(GOOD.with_name("trail-wrong-region.json")), *FLAGS, "--write-baseline", str(path))
        return path.read_bytes()


def _batch() -> bytes:
    request = {"principal": "cloudtrail.amazonaws.com", "action": "kms:Decrypt", "resource": KEY, "context": {"a": "b"}}
    return json.dumps({"id": 1, "policy": json.loads(GOOD.read_bytes()), "request": request}).encode()


def _judged(*patterns: str) -> Target:
    return Target(_files(*patterns), lambda data: command("check", "-", *FLAGS, stdin=data), no_false_pass)


def targets() -> dict[str, Target]:
    """Everything that is read, by name."""
    question = ("--principal", "*", "--action", "kms:Decrypt", "--resource", KEY)
    return {
        "policy": _judged("data/policies/*.json"),
        "template": _judged("tests/templates/*"),
        "plan": _judged("tests/plans/*.json"),
        "config item": _judged("tests/config/*.json"),
        "inventory": _judged("tests/inventories/*.json"),
        "CLI output": _judged("tests/cli/*.json"),
        "expectations": Target(_files("data/*.yaml"), _option("-d"), nothing_more),
        "describe-key": Target(_files("tests/cli/describe-key.json"), _option("--describe-key"), nothing_more),
        "baseline": Target((_baseline(),), _option("--baseline"), nothing_more),
        "configuration": Target((CONFIG,), _option("--config"), nothing_more),
        "TOML": Target((TOML,), _option("--config", "file.toml"), nothing_more),
        "earlier version": Target(_files("data/policies/*.json"), _option("--changed-from"), nothing_more),
        "simulated policy": Target(
            _files("data/policies/*.json"), lambda data: command("simulate", "-", *question, stdin=data), nothing_more
        ),
        "batch": Target((_batch(),), lambda data: command("simulate", "--batch", "-", stdin=data), one_answer_a_line),
    }
