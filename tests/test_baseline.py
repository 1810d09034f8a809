"""`--write-baseline` and `--baseline`: only what is new fails."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from reports import KEY, REPORT, finding
from test_cli_check import BAD, FLAGS, GOOD, TRAIL

from ctkms_opa import baseline
from ctkms_opa.cli import group
from ctkms_opa.errors import CtkmsError, InputError, UsageError
from ctkms_opa.formats import FORMATS
from ctkms_opa.report import Baseline, KeyReport, Known, Report, Source

ENTRY: dict[str, Any] = {
    "fingerprint": "0f" * 32,
    "rule": "CT-TRAIL-ENCRYPT",
    "level": "error",
    "key": KEY,
    "subject": None,
    "statement": None,
    "msg": "as ever",
}
# Nobody may encrypt, and DescribeKey is not granted either.
WORSE: dict[str, Any] = {**BAD, "Statement": [one for one in BAD["Statement"] if one["Sid"] != "Describe"]}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, policy in (("good", GOOD), ("bad", BAD), ("worse", WORSE)):
        Path(f"{name}.json").write_text(json.dumps(policy, indent=1))


def check(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["check", *arguments])


def rules(found: list[dict[str, Any]]) -> set[str]:
    return {one["rule"] for one in found}


def test_what_was_found_is_known_from_then_on() -> None:
    written = check("bad.json", *FLAGS, "--write-baseline", "known.json")
    assert written.exit_code == 0
    count = len(json.loads(Path("known.json").read_text())["findings"])
    assert written.stderr == f"ctkms: known.json: {count} findings written, known from now on\n"
    assert f"0 errors, 0 warnings, 0 notes, {count} known. Verdict: pass" in written.stdout
    again = check("bad.json", *FLAGS, "--baseline", "known.json")
    assert (again.exit_code, again.stdout, again.stderr) == (0, written.stdout, "")
    assert "  Known, as the baseline has it:\n    - error CT-TRAIL-ENCRYPT bad.json:1:1: " in again.stdout


def test_the_file_names_each_finding() -> None:
    check("bad.json", *FLAGS, "--write-baseline", "known.json")
    found = json.loads(check("bad.json", *FLAGS, "--format", "json").stdout)["keys"][0]["findings"]
    assert json.loads(Path("known.json").read_text()) == {
        "version": 1,
        "findings": [
            {name: one[name] for name in ("fingerprint", "rule", "level", "subject", "msg")}
            | {"key": KEY, "statement": one["statement"] and one["statement"]["sid"]}
            for one in found
        ],
    }


def test_what_is_new_fails_and_what_is_known_is_shown() -> None:
    check("bad.json", *FLAGS, "--write-baseline", "known.json")
    result = check("worse.json", *FLAGS, "--baseline", "known.json", "--format", "json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert rules(report["keys"][0]["findings"]) == {"CT-TRAIL-DESCRIBE"}
    known = report["keys"][0]["known"]
    assert [one["rule"] for one in known if one["level"] == "error"] == ["CT-TRAIL-ENCRYPT"]
    assert report["summary"] | {"known": len(known), "errors": 1} == report["summary"]
    assert report["baseline"] == {"file": "known.json", "stale": []}


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in {"json", "matrix"}])
def test_every_format_shows_what_is_known(form: str) -> None:
    check("bad.json", *FLAGS, "--write-baseline", "known.json")
    plain = check("bad.json", *FLAGS, "--format", form)
    known = check("bad.json", *FLAGS, "--baseline", "known.json", "--format", form)
    assert (plain.exit_code, known.exit_code) == (1, 0)
    assert "CT-TRAIL-ENCRYPT" in known.stdout
    assert known.stdout != plain.stdout


def test_sarif_says_what_is_new_and_what_is_not() -> None:
    check("bad.json", *FLAGS, "--write-baseline", "known.json")
    report = json.loads(check("worse.json", *FLAGS, "--baseline", "known.json", "--format", "sarif").stdout)
    results = report["runs"][0]["results"]
    states = {one["ruleId"]: one["baselineState"] for one in results if one["level"] == "error"}
    assert states == {"CT-TRAIL-ENCRYPT": "unchanged", "CT-TRAIL-DESCRIBE": "new"}


def test_entries_that_no_finding_needs_are_told() -> None:
    check("worse.json", *FLAGS, "--write-baseline", "known.json")
    result = check("bad.json", *FLAGS, "--baseline", "known.json")
    assert result.exit_code == 0
    told = "In the baseline, and not found any more (--write-baseline writes it anew):\n  - CT-TRAIL-DESCRIBE on "
    assert told in result.stdout


def test_of_keys_that_no_input_was_about_nothing_is_told() -> None:
    Path("known.json").write_text(json.dumps({"version": 1, "findings": [ENTRY | {"key": "another"}]}))
    report = json.loads(check("good.json", *FLAGS, "--baseline", "known.json", "--format", "json").stdout)
    assert report["baseline"]["stale"] == []


def test_what_cannot_be_told_stays_so() -> None:
    everyone = {**GOOD["Statement"][0], "Principal": "*"}
    Path("open.json").write_text(json.dumps({**GOOD, "Statement": [everyone]}))
    before = check("open.json", "--key", KEY)
    assert (before.exit_code, "error KP-PRINCIPAL-STAR" in before.stdout) == (1, True)
    after = check("open.json", "--key", KEY, "--write-baseline", "known.json")
    assert after.exit_code == 3
    assert "  Cannot tell:\n    - what CloudTrail needs of this key" in after.stdout
    assert "Verdict: cannot tell" in after.stdout


def test_what_is_no_key_policy_can_never_be_known() -> None:
    Path("text.json").write_text(json.dumps({"Policy": "[1]", "PolicyName": "default"}))
    before = check("text.json", *FLAGS, "--format", "json")
    assert rules(json.loads(before.stdout)["keys"][0]["findings"]) == {"KP-JSON"}
    after = check("text.json", *FLAGS, "--write-baseline", "known.json", "--format", "json")
    assert after.exit_code == before.exit_code == 1
    assert json.loads(Path("known.json").read_text()) == {"version": 1, "findings": []}
    Path("known.json").write_text(json.dumps({"version": 1, "findings": [ENTRY | {"rule": "KP-JSON"}]}, indent=1))
    refused = check("text.json", *FLAGS, "--baseline", "known.json")
    assert refused.exit_code == 2
    assert refused.stderr == "ctkms: known.json:6:4: findings of KP-JSON can never be known: mend the input\n"


def test_findings_of_rules_of_ones_own_are_known_unless_they_cannot_be_waived() -> None:
    for name in ("one", "two"):
        folder = Path("rules/custom/ctkms/acme", name)
        folder.mkdir(parents=True)
        waivable = "#   waivable: false\n" if name == "two" else ""
        (folder / f"{name}.rego").write_text(
            f"# METADATA\n# title: A title\n# custom:\n#   id: ACME-{name.upper()}\n#   level: error\n{waivable}"
            f'package custom.ctkms.acme.{name}\n\nfindings contains {{"rule": "ACME-{name.upper()}", "msg": "found"}}\n'
        )
    result = check("good.json", *FLAGS, "-p", "rules", "--write-baseline", "known.json", "--format", "json")
    assert result.exit_code == 1, result.stderr
    (key,) = json.loads(result.stdout)["keys"]
    assert rules([one for one in key["findings"] if one["level"] == "error"]) == {"ACME-TWO"}
    assert "ACME-ONE" in rules(key["known"])


@pytest.mark.parametrize("inputs", [("bad.json", "missing.json"), ("missing.json",)])
def test_nothing_is_written_where_an_input_was_not_judged(inputs: tuple[str, ...]) -> None:
    Path("known.json").write_text("as it was")
    result = check(*inputs, *FLAGS, "--write-baseline", "known.json")
    assert result.exit_code == 2
    assert "ctkms: known.json: not written, for not every input was judged\n" in result.stderr
    assert Path("known.json").read_text() == "as it was"


def test_one_of_the_options_at_a_time() -> None:
    result = check("bad.json", "--baseline", "a", "--write-baseline", "b")
    assert result.exit_code == 2
    assert "--baseline and --write-baseline exclude each other" in result.stderr


def test_a_folder_that_is_not_there_shows_before_the_work() -> None:
    result = check("bad.json", *FLAGS, "--write-baseline", "missing/known.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "ctkms: missing/known.json: cannot be written: its folder does not exist\n"


def with_findings(*levels: str) -> Report:
    findings = tuple(finding(level) for level in levels)
    key = KeyReport(KEY, Source("key.json", "key-policy"), "fail", judged=True, findings=findings)
    return replace(REPORT, keys=(key,), baseline=None, errors=())


@pytest.mark.parametrize(
    ("entry", "found", "counts"),
    [("error", "error", 0), ("error", "warning", 0), ("warning", "error", 1), ("note", "warning", 1)],
)
def test_what_became_worse_is_new(entry: str, found: str, counts: int) -> None:
    known = Known(**ENTRY | {"level": entry})
    report = baseline.compare(with_findings(found), [known], "known.json")
    (key,) = report.keys
    assert (len(key.findings), len(key.known)) == (counts, 1 - counts)
    assert report.baseline == Baseline("known.json", (known,) * counts)


def test_an_entry_stands_for_one_finding() -> None:
    known = Known(**ENTRY)
    report = baseline.compare(with_findings("error", "error"), [known], "known.json")
    assert [(len(key.findings), len(key.known), key.verdict) for key in report.keys] == [(1, 1, "fail")]
    assert report.exit_code == 1
    report = baseline.compare(with_findings("error", "error"), [known, known], "known.json")
    assert [(len(key.findings), len(key.known), key.verdict) for key in report.keys] == [(0, 2, "pass")]
    assert (report.exit_code, report.known) == (0, 2)
    assert report.keys[0].known == report.keys[0:1][0].known


def test_the_entries_of_a_report_make_its_findings_known() -> None:
    report = replace(with_findings("error", "warning", "note"), fail_on="note")
    known = baseline.entries(report)
    compared = baseline.compare(report, known, "known.json")
    assert (compared.verdict, compared.known) == ("pass", 3)
    assert baseline.entries(compared) == known


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = str(tmp_path / "known.json")
    known = (Known(**ENTRY), Known(**ENTRY | {"subject": "ü", "statement": "\n\x1b\u2028"}))
    baseline.write(file, known)
    assert baseline.load(file) == known


def test_a_file_whose_name_is_no_text() -> None:
    name = "\udcff.json"
    Path(name).write_text(json.dumps(BAD))
    check(name, "--trail", TRAIL, "--write-baseline", "known.json")
    result = check(name, "--trail", TRAIL, "--baseline", "known.json", "--format", "json")
    assert json.loads(result.stdout)["baseline"]["stale"] == []
    result = check("good.json", "--trail", TRAIL, "--baseline", "known.json", "--format", "json")
    assert result.exit_code != 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "known.json:1:2: "),
        ("[]", "known.json:1:1: this is no baseline: `ctkms check --write-baseline FILE` writes one"),
        ('{"findings": []}', "known.json:1:1: this is no baseline"),
        ('{"version": 2,\n "findings": []}', "known.json:1:2: the baseline has the version 2, this ctkms reads 1"),
        ('{"version": true, "findings": []}', "known.json:1:2: the baseline has the version true"),
        ('{"version": "1", "findings": []}', 'known.json:1:2: the baseline has the version "1"'),
        ('{"version": 1,\n "findings": {}}', "known.json:2:2: this is not a list of findings"),
        ('{"version": 1,\n "findings": [],\n "x": 1}', "known.json:3:2: there is no member 'x' in a baseline"),
        ('{"version": 1, "findings": [\n7]}', "known.json:2:1: this is not a finding: an object is wanted"),
        ('{"version": 1, "findings": [\n{}]}', "known.json:2:1: the finding has no fingerprint"),
    ],
)
def test_files_that_are_no_baseline(text: str, message: str) -> None:
    Path("known.json").write_text(text)
    with pytest.raises(CtkmsError) as caught:
        baseline.load("known.json")
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fingerprint": None}, "fingerprint is not a text"),
        ({"subject": 1}, "subject is not a text"),
        ({"level": "fatal"}, "there is no level 'fatal': error, warning, note are"),
        ({"more": ""}, "there is no member 'more' in a baseline"),
    ],
)
def test_entries_that_are_none(change: dict[str, Any], message: str) -> None:
    Path("known.json").write_text(json.dumps({"version": 1, "findings": [ENTRY, ENTRY | change]}, indent=1))
    with pytest.raises(UsageError, match=message) as caught:
        baseline.load("known.json")
    assert caught.value.line is not None
    assert caught.value.line > 12


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(InputError, match="there is no such file"):
        baseline.load("missing.json")
