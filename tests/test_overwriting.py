"""No result is written over what it is made from."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from test_cli_check import FLAGS, GOOD, KEY, TRAIL

from ctkms_opa.cli import group, overwriting
from ctkms_opa.errors import UsageError

EXPECTED = yaml.safe_dump({"expected": {"trails": {TRAIL: {"key": KEY}}}})
RULE = "package custom.ctkms.acme.own\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("policies", "data", "rules"):
        Path(name).mkdir()
    for name in ("good.json", "policies/good.json", "data/policy.json", "old.json"):
        Path(name).write_text(json.dumps(GOOD))
    Path("data/expected.yaml").write_text(EXPECTED)
    Path("rules/own.rego").write_text(RULE)
    Path("link.json").symlink_to("good.json")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments))


def contents() -> dict[str, str]:
    return {str(path): path.read_text() for path in sorted(Path().rglob("*.*")) if path.is_file()}


def refused(*arguments: str) -> str:
    """The message of a command that writes nothing, and does not begin its work."""
    before = contents()
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert contents() == before
    return result.stderr


@pytest.mark.parametrize("output", ["--output", "--write-baseline"])
@pytest.mark.parametrize(
    ("arguments", "file", "message"),
    [
        (["good.json", *FLAGS], "good.json", "{0} good.json would overwrite an input: choose another file, elsewhere"),
        (["good.json", *FLAGS], "./policies/../good.json", "would overwrite an input: choose"),
        (["good.json", *FLAGS], "link.json", "{0} link.json would overwrite an input (good.json): choose"),
        (["policies", *FLAGS], "policies/good.json", "would overwrite an input (policies): choose"),
        (["p*/*.json", *FLAGS], "policies/good.json", "would overwrite an input (p*/*.json): choose"),
        (
            ["good.json", "-d", "data/expected.yaml", *FLAGS],
            "data/expected.yaml",
            "would overwrite expectations: choose",
        ),
        (["good.json", "-d", "data", *FLAGS], "data/expected.yaml", "would overwrite expectations (data): choose"),
        (["good.json", "-p", "rules", *FLAGS], "rules/own.rego", "would overwrite rules (rules): choose"),
        (
            ["good.json", "--changed-from", "old.json", *FLAGS],
            "old.json",
            "overwrite what --changed-from compares with",
        ),
    ],
)
def test_what_a_check_reads_is_not_overwritten(output: str, arguments: list[str], file: str, message: str) -> None:
    form = ["--format", "json"] if output == "--output" else []
    assert message.format(output) in refused("check", *arguments, *form, output, file)


def test_a_baseline_and_a_configuration_are_not_overwritten() -> None:
    assert run("check", "good.json", *FLAGS, "--write-baseline", "known.json").exit_code == 0
    assert "would overwrite the baseline" in refused(
        "check", "good.json", *FLAGS, "--baseline", "known.json", "--format", "json", "--output", "known.json"
    )
    Path("ctkms.yaml").write_text("profile: hardened\n")
    assert "would overwrite the configuration" in refused("check", "good.json", *FLAGS, "--output", "ctkms.yaml")


def test_two_outputs_that_are_one_file() -> None:
    said = refused("check", "good.json", *FLAGS, "--format", "json", "--output", "a.json", "--write-baseline", "a.json")
    assert "--output and --write-baseline both go to a.json" in said


def test_standard_input_that_is_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("good.json").open() as file:
        monkeypatch.setattr("sys.stdin", file)
        with pytest.raises(UsageError, match=r"would overwrite an input \(-\)"):
            overwriting.refuse([("--output", "good.json")], [("an input", ["-"])])
        overwriting.refuse([("--output", "old.json")], [("an input", ["-"])])


@pytest.mark.parametrize(
    "arguments",
    [
        ["good.json", *FLAGS, "--format", "json", "--output", "old.json"],
        ["policies", *FLAGS, "--format", "json", "--output", "old.json"],
        ["good.json", *FLAGS, "--output", os.devnull],
        ["good.json", *FLAGS, "--format", "sarif", "--output", "rules/own.rego"],
    ],
)
def test_other_files_are_written_anew(arguments: list[str]) -> None:
    result = run("check", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")


def test_generate_and_bundle_keep_what_they_are_made_from() -> None:
    assert "would overwrite expectations (data)" in refused("generate", "-d", "data", "-o", "data/expected.yaml")
    assert "would overwrite expectations" in refused("generate", "-d", "data/expected.yaml", "-o", "data/expected.yaml")
    assert "would overwrite expectations (data)" in refused("bundle", "-d", "data", "-o", "data/expected.yaml")
    assert run("generate", "-d", "data", "-o", "data/policy.json").exit_code == 0
    assert json.loads(Path("data/policy.json").read_text()) != GOOD


def test_a_scan_writes_two_files() -> None:
    assert "both go to a.yaml" in refused("scan", "--output", "a.yaml", "--expectations", "a.yaml")
