"""The worked examples of users' rules, and what `ctkms new rule` writes, under every engine."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ctkms_opa import Checker, expectations
from ctkms_opa.cli import group

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "data" / "rules"
POLICIES = ROOT / "policies"
DATA = [str(ROOT / "data" / name) for name in ("trails.yaml", "accounts.yaml")]
POLICY = str(ROOT / "data" / "policies" / "trail.json")


def ctkms(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, [str(argument) for argument in arguments])


def opa_json(opa: str, *arguments: str | Path) -> Any:
    command = [opa, *map(str, arguments)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_the_examples_pass_their_tests() -> None:
    result = ctkms("test", EXAMPLES, "--threshold", "100")
    assert result.exit_code == 0, result.stdout
    assert result.stdout.endswith("12 passed, 0 failed\n")


def test_opa_takes_the_examples(opa_command: str) -> None:
    subprocess.run([opa_command, "check", "--strict", POLICIES, EXAMPLES], check=True)
    assert not subprocess.run(
        [opa_command, "fmt", "--list", EXAMPLES], check=True, capture_output=True, text=True
    ).stdout
    subprocess.run(
        [opa_command, "test", "--timeout", "60s", "--run", "custom.ctkms", POLICIES, EXAMPLES],
        check=True,
        capture_output=True,
    )


def test_opa_finds_what_ctkms_finds(tmp_path: Path, opa_command: str) -> None:
    """Apart from the level and link, which opa does not hand to rules: there, what does not say is an error."""
    report = Checker(expectations.load(DATA), policies=[EXAMPLES]).check_paths([POLICY])
    ours = {(one.rule, one.msg, one.subject) for one in report.findings if one.rule.startswith("EXAMPLE-")}
    document = {"ctkms": {"document": json.loads(Path(POLICY).read_text("utf-8")), "key": report.keys[0].key}}
    asked = tmp_path / "input.json"
    asked.write_text(json.dumps(document))
    loaded = [option for path in (POLICIES, EXAMPLES, *DATA) for option in ("--data", str(path))]
    said = opa_json(opa_command, "eval", *loaded, "--input", asked, "--format", "raw", "data.ctkms.main.deny")
    assert {(one["rule"], one["msg"], one["subject"]) for one in said} == ours
    assert {rule for rule, _, _ in ours} == {"EXAMPLE-TAGGED-READER"}


def test_a_new_rule_works_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = ctkms("new", "rule", "acme/known_admins")
    folder = "rules/custom/ctkms/acme/known_admins"
    assert result.stdout == f"{folder}/known_admins.rego\n{folder}/known_admins_test.rego\n"
    result = ctkms("test", "rules", "--threshold", "100")
    assert result.exit_code == 0
    assert result.stdout.endswith("2 passed, 0 failed\n")
    assert "ACME-KNOWN-ADMINS" in ctkms("rules", "-p", "rules").stdout
    assert ctkms("check", POLICY, "-d", DATA[0], "-d", DATA[1], "-p", "rules").exit_code == 0


def test_the_test_of_a_new_rule_fails_where_the_rule_is_emptied(tmp_path: Path) -> None:
    ctkms("new", "rule", "acme/known_admins", "-p", tmp_path)
    (rule,) = tmp_path.rglob("known_admins.rego")
    rule.write_text(
        re.sub(r"findings contains .*", "findings contains 1 if false\n", rule.read_text(), flags=re.DOTALL)
    )
    result = ctkms("test", tmp_path)
    assert result.exit_code == 1
    assert result.stdout.endswith("1 passed, 1 failed\n")


def test_opa_takes_a_new_rule(tmp_path: Path, opa_command: str) -> None:
    ctkms(
        "new", "rule", "a_very_long_family_of_rules_of_ours/a_very_long_name_of_a_rule", "-p", tmp_path, "--id", "own-1"
    )
    subprocess.run([opa_command, "check", "--strict", POLICIES, tmp_path], check=True)
    listed = subprocess.run([opa_command, "fmt", "--list", tmp_path], check=True, capture_output=True, text=True)
    assert not listed.stdout
    subprocess.run([opa_command, "test", "--run", "own|family", POLICIES, tmp_path], check=True, capture_output=True)
    assert ctkms("rules", "own-1", "-p", tmp_path).stdout.startswith("OWN-1\n")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["acme"], "'acme' is not FAMILY/NAME, as acme/known_admins"),
        (["acme/Known"], "'Known' is no name for a package"),
        (["acme/a/b"], "'acme/a/b' is not FAMILY/NAME, as acme/known_admins"),
        (["in/one"], "'in' cannot be a name here: it means something else in Rego"),
        (["acme/policy"], "'policy' cannot be a name here: it means something else in Rego or in the rule's text"),
        (["acme/x"], "'x' is no name for a package: write two or more small letters"),
        (["../one"], "'..' is no name for a package"),
        (["ct/one"], "'CT-ONE': ids that begin with CT- or KP- are the pack's; choose another with --id"),
        (["acme/one", "--id", "x"], "'X' is not written as ACME-ONE; choose another with --id"),
        (["acme/one", "-p", "file"], "file/custom/ctkms/acme/one: cannot be made: Not a directory"),
    ],
)
def test_names_that_cannot_be(arguments: list[str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    result = ctkms("new", "rule", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"ctkms: {why}")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    ctkms("new", "rule", "acme/one", "-p", tmp_path)
    (rule,) = tmp_path.rglob("one.rego")
    rule.write_text("mine")
    result = ctkms("new", "rule", "acme/one", "-p", tmp_path)
    assert (result.exit_code, result.stderr) == (2, f"ctkms: {rule}: is there already\n")
    assert rule.read_text() == "mine"
