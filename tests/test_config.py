"""The configuration, and what is chosen about rules: the command line wins, and the report tells of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ctkms_opa import Checker, config, metadata, pack
from ctkms_opa.choices import ChoiceError
from ctkms_opa.cli import group
from ctkms_opa.errors import ConfigError, InputError, UsageError

ROOT = Path(__file__).resolve().parent.parent
KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
BROKEN = "data/policies/trail-wrong-region.json"
DATA = ("-d", "data/trails.yaml", "-d", "data/accounts.yaml")
EXPECTED = {"expected": {"keys": {KEY: None}, "trails": {TRAIL: {"key": KEY}}}}
WHOLE = """\
data: [data/trails.yaml, data/accounts.yaml]
policies: data/rules
profile: hardened
fail-on: warning
levels: {example-tagged-reader: note}
disable: [KP-RESOURCE-STAR]
formats: {json: , sarif: out.sarif}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples, in which the tests run."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["check", *arguments])


def report(*arguments: str) -> dict[str, Any]:
    result = check(*arguments)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def rules(found: dict[str, Any]) -> list[str]:
    return [finding["rule"] for key in found["keys"] for finding in key["findings"]]


def test_everything_that_a_configuration_may_say() -> None:
    Path("ctkms.yaml").write_text(WHOLE)
    found = report("data/policies/trail.json")
    assert found["profile"] == "hardened"
    assert found["disabled"] == [{"rule": "KP-RESOURCE-STAR", "findings": 1}]
    assert found["overridden"] == [{"rule": "EXAMPLE-TAGGED-READER", "level": "note", "own": "warning"}]
    assert "KP-RESOURCE-STAR" not in rules(found)
    (key,) = found["keys"]
    assert {one["level"] for one in key["findings"] if one["rule"] == "EXAMPLE-TAGGED-READER"} == {"note"}
    assert Path("out.sarif").exists()


def test_a_table_of_pyproject_says_the_same() -> None:
    Path("ctkms.yaml").write_text(WHOLE)
    from_yaml = config.load("ctkms.yaml")
    Path("pyproject.toml").write_text(
        """\
[tool.ctkms]
data = ["data/trails.yaml", "data/accounts.yaml"]
policies = "data/rules"
profile = "hardened"
fail-on = "warning"
disable = ["KP-RESOURCE-STAR"]

[tool.ctkms.levels]
example-tagged-reader = "note"

[tool.ctkms.formats]
json = ""
sarif = "out.sarif"
"""
    )
    from_toml = config.load("pyproject.toml")
    assert {**vars(from_yaml), "file": "", "places": {}} == {**vars(from_toml), "file": "", "places": {}}
    assert from_toml.places["example-tagged-reader"] == (9, None)
    with pytest.raises(UsageError, match=r"both ctkms\.yaml and pyproject\.toml configure ctkms"):
        config.find()
    assert check("data/policies/trail.json").exit_code == 2
    Path("ctkms.yaml").unlink()
    assert report("data/policies/trail.json")["profile"] == "hardened"


def test_the_command_line_wins() -> None:
    Path("ctkms.yaml").write_text(WHOLE)
    found = report(
        "data/policies/trail.json",
        "--profile",
        "documented",
        "--disable",
        "example-tagged-reader",
        "--level",
        "KP-RESOURCE-STAR=error",
    )
    assert found["profile"] == "documented"
    assert found["disabled"] == [{"rule": "EXAMPLE-TAGGED-READER", "findings": 2}]
    assert found["overridden"] == [{"rule": "KP-RESOURCE-STAR", "level": "error", "own": "note"}]
    assert found["verdict"] == "fail"
    Path("out.sarif").unlink()
    assert check("data/policies/trail.json", "--format", "tap").stdout.startswith("TAP version")
    assert not Path("out.sarif").exists()


def test_paths_are_seen_from_the_configuration() -> None:
    Path("sub").mkdir()
    Path("sub/c.yaml").write_text("data: ../data/trails.yaml\nformats: {json: out.json}\n")
    read = config.load("sub/c.yaml")
    assert (read.data, read.formats) == (("sub/../data/trails.yaml",), {"json": "sub/out.json"})
    assert config.find("sub") is None
    Path("sub/ctkms.yml").write_text("")
    assert config.find("sub") == "sub/ctkms.yml"


def test_a_configuration_is_named_or_left_out() -> None:
    Path("ctkms.yaml").write_text("wrong: 1\n")
    Path("other.yaml").write_text("formats: json\n")
    assert report(BROKEN, "--config", "other.yaml")["keys"]
    assert check(BROKEN, "--no-config").exit_code == 3
    assert check(BROKEN).exit_code == 2
    result = check(BROKEN, "--no-config", "--config", "other.yaml")
    assert "--config and --no-config exclude each other" in result.stderr


def test_rules_lists_what_the_configuration_loads() -> None:
    Path("ctkms.yaml").write_text(WHOLE)
    assert "EXAMPLE-TAGGED-READER" in CliRunner().invoke(group, ["rules"]).stdout
    assert "EXAMPLE-TAGGED-READER" not in CliRunner().invoke(group, ["rules", "--no-config"]).stdout


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("dat: x", '1:1: there is no "dat"; did you mean "data"?'),
        ("xyz: x", '1:1: there is no "xyz": data, policies, profile, fail-on, levels, disable or formats'),
        ("data: []", '1:1: "data" is an empty list: name something, or leave "data" out'),
        ("data:", '1:1: "data" is a list of texts, not nothing'),
        ("data: nope.yaml", "1:1: nope.yaml: there is no such file or folder"),
        ("data: [data/trails.yaml, nope]", "1:26: nope: there is no such file or folder"),
        ("policies: [nope]", "1:12: nope: there is no such file or folder"),
        ("levels: {KP-SIZE: error, kp-size: note}", "1:26: kp-size is given twice: it is KP-SIZE"),
        ('formats: {text: "-", json: }', "text and json both go to standard output: give one a file"),
        ("data: [a, 3]", '1:11: "data" is a list of texts'),
        ("policies: {}", '1:1: "policies" is a list'),
        ("profile: strict", '1:1: "profile" is documented or hardened, not "strict"'),
        ("fail-on: [a]", '1:1: "fail-on" is error, warning or note, not a list'),
        ("levels: [a]", '1:1: "levels" is a map from rules to levels'),
        ("levels: {KP-SIZE: bad}", '1:10: "KP-SIZE" is error, warning or note'),
        ("levels: {CT-TRIAL-ENCRYPT: note}", "1:10: there is no rule CT-TRIAL-ENCRYPT; did you mean"),
        ("disable: 3", '1:1: "disable" is a list'),
        ("disable: [a, kp-nonkey]", "1:11: there is no rule a; `ctkms rules` lists them"),
        ("disable: [kp-nonkey]", "1:11: KP-NONKEY cannot be disabled: without it nothing is judged"),
        ("levels: {kp-nonkey: error}", "1:10: the level of KP-NONKEY cannot be changed: without it nothing is judged"),
        ("formats: {txt: a}", '1:11: there is no format "txt"; did you mean "text"?'),
        ("formats: {text: 3}", '1:11: "text" is the name of a file, or nothing for standard output'),
        ("formats: [text, json]", "text and json both go to standard output: give one a file"),
        ("formats: {}", '1:1: "formats" is a map from formats to files, or a format'),
        ("a", "1:1: a configuration is a map"),
        ("data: a\ndata: b", '2:1: the member "data" stands here a second time'),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_their_place(line: str, why: str) -> None:
    Path("ctkms.yaml").write_text(f"{line}\n")
    result = check(BROKEN)
    assert result.exit_code == 2
    assert why in result.stderr
    assert result.stderr.startswith("ctkms: ctkms.yaml:")
    assert not result.stdout


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[tool.ctkms]\ndata = "a"\nprofile = "x"\n', 'pyproject.toml:3: "profile" is documented or hardened'),
        ('[tool.ctkms]\ndisable = ["CT-X"]\n', "pyproject.toml:2: there is no rule CT-X"),
        ("[tool.ctkms]\ndata = a\n", "pyproject.toml:2:8: this is not TOML: Invalid value"),
    ],
)
def test_mistakes_in_toml_are_named_with_their_line(text: str, why: str) -> None:
    Path("pyproject.toml").write_text(text)
    result = check(BROKEN)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"ctkms: {why}")


@pytest.mark.parametrize(
    "table",
    [
        '[ tool.ctkms ]\nprofile = "hardened"',
        '[tool]\nctkms = {profile = "hardened"}',
        '[tool]\nctkms.profile = "hardened"',
        '[tool."ctkms"]\nprofile = "hardened"',
        'tool.ctkms.profile = "hardened"',
        '\ufeff[tool.ctkms]\nprofile = "hardened"',
    ],
)
def test_a_table_as_toml_writes_it(table: str) -> None:
    Path("pyproject.toml").write_text(f"{table}\n", "utf-8")
    assert report(BROKEN, "--format", "json", *DATA)["profile"] == "hardened"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[tool.ctkms\n", "pyproject.toml:1:12: this is not TOML: "),
        ("[tool]\nctkms = 5\n", "pyproject.toml:2: a configuration is a map"),
        ('[[tool.ctkms]]\nprofile = "hardened"\n', "pyproject.toml:1: a configuration is a map"),
    ],
)
def test_a_table_that_is_none(text: str, why: str) -> None:
    Path("pyproject.toml").write_text(text)
    result = check(BROKEN, *DATA)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"ctkms: {why}")


@pytest.mark.parametrize("name", ["ctkms.yaml", "ctkms.yml", "pyproject.toml"])
def test_a_configuration_that_cannot_be_read(name: str) -> None:
    Path(name).mkdir()
    result = check(BROKEN, *DATA)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"ctkms: {name}: ")
    Path(name).rmdir()
    Path(name).symlink_to("missing")
    result = check(BROKEN, *DATA)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"ctkms: {name}: ")
    assert check(BROKEN, "--no-config", *DATA).exit_code == 1


def test_a_configuration_that_says_nothing() -> None:
    Path("ctkms.yaml").write_text("# profile: hardened\n\n  # fail-on: warning\n")
    assert report(BROKEN, "--format", "json", *DATA)["profile"] == "documented"


def test_standard_output_may_be_named() -> None:
    Path("ctkms.yaml").write_text('formats: {json: "-"}\n')
    assert report(BROKEN, *DATA)["profile"] == "documented"
    assert not Path("-").exists()


def test_a_pyproject_of_others_is_no_configuration() -> None:
    Path("pyproject.toml").write_text('[tool.other]\nname = "[tool.ctkms]"\n')
    assert config.find() is None
    with pytest.raises(InputError, match=r"there is no table \[tool\.ctkms\]"):
        config.load("pyproject.toml")
    with pytest.raises(InputError, match="there is no such file"):
        config.load("missing.yaml")


def test_all_mistakes_are_told_at_once() -> None:
    Path("c.yaml").write_text("profile: x\nfail-on: y\n")
    with pytest.raises(ConfigError) as caught:
        config.load("c.yaml")
    assert [problem.line for problem in caught.value.problems] == [1, 2]


@pytest.mark.parametrize(
    ("option", "why"),
    [
        (["--level", "KP-SIZE"], "--level: 'KP-SIZE' is not RULE=LEVEL"),
        (["--level", "KP-SIZE=bad"], "--level: 'KP-SIZE=bad' is not RULE=LEVEL"),
        (["--level", "KP-SIZE=note", "--level", "KP-SIZE=error"], "--level: KP-SIZE is given twice"),
        (["--level", "KP-NONE=note"], "there is no rule KP-NONE"),
        (["--disable", "KP-NONE"], "there is no rule KP-NONE"),
    ],
)
def test_options_that_name_no_rule(option: list[str], why: str) -> None:
    result = check(BROKEN, *option)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"ctkms: {why}")


def test_what_is_disabled_is_told() -> None:
    whole = Checker(EXPECTED).check_paths([BROKEN])
    wanted = [finding.rule for finding in whole.findings if finding.level == "error"]
    assert wanted
    partly = Checker(EXPECTED, disable=wanted).check_paths([BROKEN])
    assert partly.verdict == "pass"
    assert {(one.rule, one.findings) for one in partly.disabled} == {(rule, wanted.count(rule)) for rule in wanted}
    assert not {finding.rule for finding in partly.findings} & set(wanted)
    assert (
        f"{wanted[0]}: 1 finding not shown"
        in check(BROKEN, "--key", KEY, "--trail", TRAIL, "--disable", wanted[0]).stdout
    )


def test_a_disabled_rule_is_not_said_to_lack_its_data() -> None:
    rule = Checker(EXPECTED).check_paths([BROKEN]).not_evaluated[0].rule
    assert rule not in [one.rule for one in Checker(EXPECTED, disable=[rule]).check_paths([BROKEN]).not_evaluated]


def test_with_everything_disabled_nothing_passes() -> None:
    everything = [rule.id for rule in metadata.catalogue(pack.load()) if rule.custom.get("waivable", True)]
    report = Checker(EXPECTED, disable=everything).check_paths([BROKEN])
    assert not report.findings
    assert report.verdict == "cannot_tell"
    assert report.keys[0].cannot_tell == ("anything: every rule that can be disabled is disabled",)
    assert Checker(EXPECTED, disable=everything[1:]).check_paths([BROKEN]).keys[0].cannot_tell == ()


def test_a_template_hides_what_is_disabled_too() -> None:
    template = str(ROOT / "tests" / "templates" / "conditional.yaml")
    levels = {"KP-RESOURCE-STAR": "error"}
    found = Checker(levels=levels, account="111111111111", region="us-east-1").check_paths([template])  # type: ignore[arg-type]
    assert "error" in {one.level for one in found.findings if one.rule == "KP-RESOURCE-STAR"}
    found = Checker(disable=levels, account="111111111111", region="us-east-1").check_paths([template])
    assert "KP-RESOURCE-STAR" not in {one.rule for one in found.findings}
    assert [one.findings > 0 for one in found.disabled] == [True]


@pytest.mark.parametrize(
    "choice", [{"levels": {"KP-SIZE": "bad"}}, {"levels": {"X": "note"}}, {"disable": ["KP-JSON"]}], ids=str
)
def test_choices_that_cannot_be(choice: dict[str, Any]) -> None:
    with pytest.raises(ChoiceError):
        Checker(EXPECTED, **choice)
