"""`ctkms check`, run as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ctkms_opa.cli import group

KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY = "arn:aws:kms:us-east-1:111111111111:key/9999abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
BOB = "arn:aws:iam::111111111111:user/Bob"
SERVICE = {"Service": "cloudtrail.amazonaws.com"}
SOURCE = {"StringEquals": {"aws:SourceArn": TRAIL}}
CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"

GOOD: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "Encrypt",
            "Effect": "Allow",
            "Principal": SERVICE,
            "Action": "kms:GenerateDataKey*",
            "Resource": "*",
            "Condition": SOURCE | {"StringLike": {CONTEXT: "arn:aws:cloudtrail:*:111111111111:trail/*"}},
        },
        {
            "Sid": "Describe",
            "Effect": "Allow",
            "Principal": SERVICE,
            "Action": "kms:DescribeKey",
            "Resource": "*",
            "Condition": SOURCE,
        },
        {
            "Sid": "Decrypt",
            "Effect": "Allow",
            "Principal": SERVICE,
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": SOURCE,
        },
        {
            "Sid": "Read",
            "Effect": "Allow",
            "Principal": {"AWS": BOB},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"Null": {CONTEXT: "false"}},
        },
    ],
}
BAD: dict[str, Any] = {"Version": "2012-10-17", "Statement": [GOOD["Statement"][0], *GOOD["Statement"][2:]]}
FLAGS = ("--trail", TRAIL, "--reader", BOB, "--key", KEY)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with policies in it."""
    monkeypatch.chdir(tmp_path)
    Path("good.json").write_text(json.dumps(GOOD, indent=2))
    Path("bad.json").write_text(json.dumps(BAD, indent=2))
    Path("broken.json").write_text('{"Version": "2012-10-17"\n "Statement": []}')
    Path("data.yaml").write_text(
        f"expected:\n  keys:\n    {KEY}:\n  trails:\n    {TRAIL}:\n      key: {KEY}\n      readers: {{{BOB}: }}\n"
    )
    return tmp_path


def check(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(group, ["check", *arguments], input=stdin)


def report(*arguments: str, stdin: str | bytes | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(check(*arguments, "--format", "json", stdin=stdin).stdout)
    return found


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from ctkms_opa.cli import main; main()", *arguments],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent), **environment},
        capture_output=True,
        check=False,
    )


def test_a_good_policy_passes() -> None:
    result = check("good.json", "-d", "data.yaml")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{KEY}: pass\n  read from good.json:1 (key-policy)\n")
    assert result.stdout.rstrip().endswith("Verdict: pass")
    assert result.stderr == ""


def test_our_own_files_in_a_folder_are_left_out() -> None:
    Path("p/custom").mkdir(parents=True)
    Path("good.json").rename("p/good.json")
    Path("data.yaml").rename("p/data.yaml")
    Path("p/ctkms.yaml").write_text("fail-on: warning\n")
    Path("p/custom/data.yaml").write_text("team: [Bob]\n")
    result = check("p", "-d", "p/data.yaml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "1 key:" in result.stdout
    assert check("p/*.*", "-d", "p/data.yaml").exit_code == 0
    verbose = check("p", "-d", "p", "--verbose")
    assert verbose.exit_code == 0
    assert verbose.stderr == (
        "ctkms: p/ctkms.yaml: left out, for it holds a configuration\n"
        "ctkms: p/custom/data.yaml: left out, for it holds data of rules\n"
        "ctkms: p/data.yaml: left out, for it holds expectations\n"
    )


def test_an_input_that_was_named_and_holds_nothing_is_told_of() -> None:
    """As one in which the type of the key is mistyped; of those that a search comes upon, many are meant to."""
    Path("p").mkdir()
    Path("p/typo.yaml").write_text("Resources: {Key: {Type: AWS::KMS::Keys}}\n")
    result = check("good.json", "p/typo.yaml", "-d", "data.yaml")
    assert (result.exit_code, result.stderr) == (
        0,
        "ctkms: p/typo.yaml: holds no KMS key, trail or event data store: give the document that does\n",
    )
    assert check("good.json", "p", "-d", "data.yaml").stderr == ""


def test_where_nothing_but_our_own_files_is_nothing_is_judged() -> None:
    Path("p").mkdir()
    Path("data.yaml").rename("p/data.yaml")
    result = check("p", "-d", "p")
    assert result.exit_code == 3
    assert result.stderr == (
        "ctkms: there is no key policy among the inputs, only expectations (--verbose names the files)\n"
    )


def test_mistaken_files_in_a_folder_are_not_left_out() -> None:
    Path("p/custom").mkdir(parents=True)
    Path("good.json").rename("p/good.json")
    for name, text in (("x", "expectd: {}"), ("ctkms", "fail_on: note"), ("custom/data", "exspected: {}")):
        Path(f"p/{name}.yaml").write_text(text)
    result = check("p", "-d", "data.yaml", "--format", "json")
    assert result.exit_code == 3
    assert len(json.loads(result.stdout)["keys"]) == 4


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("data.yaml", "expected: {}", "this holds expectations and no key policy: give them after -d"),
        (
            "ctkms.yaml",
            "fail-on: error",
            "this holds a configuration and no key policy: ctkms reads it in the folder where it runs, or after "
            "--config",
        ),
        ("custom/data.json", "{}", "this holds data of rules and no key policy: give the rules' folder after -p"),
    ],
)
def test_our_own_files_are_no_inputs(file: str, text: str, told: str) -> None:
    Path("custom").mkdir()
    Path(file).write_text(text)
    result = check(file, "good.json", *FLAGS, "--no-config")
    assert result.exit_code == 2
    assert f"{file}: {told}" in " ".join(result.stdout.split())
    assert "1 key:" in result.stdout


def test_flags_say_what_a_file_says() -> None:
    assert check("good.json", *FLAGS).stdout == check("good.json", "-d", "data.yaml").stdout


def test_a_missing_grant_fails_and_the_remedy_helps() -> None:
    result = check("bad.json", "-d", "data.yaml")
    assert result.exit_code == 1
    assert "  error CT-TRAIL-ENCRYPT  bad.json:" in result.stdout
    _, _, rest = result.stdout.partition("To do: Add this statement")
    statement = json.loads("{" + rest.partition("{")[2].partition("\n      }")[0] + "}")
    Path("fixed.json").write_text(json.dumps({**BAD, "Statement": [*BAD["Statement"], statement]}))
    assert "CT-TRAIL-ENCRYPT" not in check("fixed.json", "-d", "data.yaml").stdout


def test_both_engines_print_the_same() -> None:
    compiled = report("good.json", "bad.json", "-d", "data.yaml")
    interpreted = report("good.json", "bad.json", "-d", "data.yaml", "--engine", "interpreted")
    assert compiled.pop("engine")["name"] == "compiled"
    assert interpreted.pop("engine")["name"] == "interpreted"
    assert compiled == interpreted


def test_the_interpreter_is_not_needed_for_such_policies() -> None:
    shown = check("good.json", "bad.json", "-d", "data.yaml", "--verbose").stdout
    assert "\nEngine: compiled regorus " in shown
    assert "taken over" not in shown


def test_json_keeps_its_shape() -> None:
    found = report("bad.json", "-d", "data.yaml")
    assert found["version"] == 1
    assert found["verdict"] == "fail"
    assert found["profile"] == "documented"
    (key,) = found["keys"]
    assert key["key"] == KEY
    assert key["source"] == {"file": "bad.json", "kind": "key-policy", "line": 1}
    refused = {row["capability"] for row in key["capabilities"] if row["decision"] == "implicit_deny"}
    assert "encrypt" in refused
    errors = [finding for finding in key["findings"] if finding["level"] == "error"]
    assert found["summary"]["errors"] == len(errors)
    assert {"CT-TRAIL-ENCRYPT"} <= {finding["rule"] for finding in errors}
    for finding in key["findings"]:
        assert list(finding) == [
            *("rule", "level", "msg", "subject", "statement", "location", "remediation", "url", "fingerprint")
        ]
        assert finding["location"]["file"] == "bad.json"


def test_positions_point_at_the_element() -> None:
    wrong = json.loads(json.dumps(GOOD))
    wrong["Statement"][1]["Condition"]["StringEquals"]["aws:SourceArn"] = TRAIL.replace("111111111111", "999999999999")
    Path("wrong.json").write_text(json.dumps(wrong, indent=2))
    lines = Path("wrong.json").read_text().splitlines()
    located = [
        finding["location"]
        for finding in report("wrong.json", "-d", "data.yaml")["keys"][0]["findings"]
        if finding["location"]["pointer"].startswith("/Statement/1/Condition/StringEquals")
    ]
    assert located
    assert all(
        "999999999999" in lines[place["line"] - 1] or "StringEquals" in lines[place["line"] - 1] for place in located
    )


def test_standard_input_and_other_forms() -> None:
    wrapped = json.dumps({"Policy": json.dumps(GOOD, indent=1)})
    (key,) = report("-", *FLAGS, stdin=wrapped)["keys"]
    assert key["verdict"] == "pass"
    assert key["source"] == {"file": "<stdin>", "kind": "get-key-policy", "line": 1}
    (key,) = report("-", *FLAGS, stdin=json.dumps(GOOD["Statement"][1]))["keys"]
    assert key["source"]["kind"] == "statement"
    assert all("/Statement" not in finding["location"]["pointer"] for finding in key["findings"])


def test_a_trust_policy_is_named_and_judges_nothing() -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": BOB}, "Action": "sts:AssumeRole"}],
    }
    result = check("-", *FLAGS, stdin=json.dumps(trust))
    assert result.exit_code == 3
    assert "(trust-policy)" in result.stdout
    assert "<stdin> is not a key policy: " in result.stdout
    assert "Verdict: cannot tell" in result.stdout


def test_broken_json_does_not_stop_the_rest() -> None:
    result = check("broken.json", "good.json", "-d", "data.yaml")
    assert result.exit_code == 2
    assert f"{KEY}: pass" in result.stdout
    assert "Not judged:\n  - broken.json:" in result.stdout
    assert "1 input not judged. Verdict: cannot tell" in result.stdout


def test_in_json_the_broken_file_is_named_on_stderr_too() -> None:
    result = check("broken.json", *FLAGS, "--format", "json")
    (error,) = json.loads(result.stdout)["errors"]
    assert error["file"] == "broken.json"
    assert error["line"] in {1, 2}
    assert result.stderr.startswith("ctkms: broken.json:")
    assert json.loads(result.stdout)["verdict"] == "cannot_tell"


@pytest.mark.parametrize("name", ["missing.json", "empty.json", "nothing"])
def test_what_cannot_be_judged_is_never_a_pass(name: str) -> None:
    Path("empty.json").write_text("")
    Path("nothing").mkdir()
    result = check(name, *FLAGS)
    assert result.exit_code in {2, 3}
    assert name in result.stdout
    assert "Verdict: cannot tell" in result.stdout


def test_nobody_says_which_key() -> None:
    Path("data.yaml").write_text(
        f"expected:\n  keys:\n    {KEY}:\n    {OTHER_KEY}:\n  trails:\n    {TRAIL}: {{key: {KEY}}}\n"
    )
    result = check("good.json", "-d", "data.yaml")
    assert result.exit_code == 3
    assert KEY in result.stdout
    assert OTHER_KEY in result.stdout
    assert check("good.json", "-d", "data.yaml", "--key", KEY).stdout.startswith(f"{KEY}: ")


def test_the_glob_says_which_key() -> None:
    Path("data.yaml").write_text(
        f"expected:\n  keys:\n    {KEY}: {{policy: 'g*.json'}}\n    {OTHER_KEY}: {{policy: '*d.json'}}\n"
        f"  trails:\n    {TRAIL}:\n      key: {KEY}\n      readers: {{{BOB}: }}\n"
    )
    Path("go.json").write_text(Path("good.json").read_text())
    found = report("go.json", "bad.json", "good.json", "-d", "data.yaml")
    assert [key["key"] for key in found["keys"]] == [KEY, OTHER_KEY, "good.json"]
    assert found["keys"][2]["verdict"] != "pass"
    assert f"whose policy it is: the globs of {KEY} and {OTHER_KEY} match the file" in found["keys"][2]["cannot_tell"]


def test_waivers_that_nothing_needs_are_listed() -> None:
    with Path("data.yaml").open("a") as data:
        data.write(
            f"  waivers:\n    old: {{rule: CT-TRAIL-ENCRYPT, key: {KEY}, reason: r, owner: o, expires: 2999-01-31}}\n"
        )
    assert report("good.json", "-d", "data.yaml")["unused_waivers"] == ["old"]
    found = report("bad.json", "-d", "data.yaml")
    assert found["unused_waivers"] == []
    assert {waived["waiver"] for waived in found["waived"]} == {"old"}
    assert {waived["rule"] for waived in found["waived"]} == {"CT-TRAIL-ENCRYPT"}


def test_what_is_no_output_of_describe_key_is_called_so() -> None:
    result = check("good.json", "-d", "data.yaml", "--describe-key", "data.yaml")
    assert result.exit_code == 2
    assert result.stderr == (
        "ctkms: data.yaml: this is not what `aws kms describe-key` prints: it has no member KeyMetadata\n"
    )


def test_describe_key_says_that_the_key_is_disabled() -> None:
    Path("described.json").write_text(json.dumps({"KeyMetadata": {"Arn": KEY, "KeyState": "Disabled"}}))
    result = check("good.json", "-d", "data.yaml", "--describe-key", "described.json")
    assert result.exit_code == 1
    assert "CT-KEY-STATE" in result.stdout


def test_the_report_can_go_to_a_file() -> None:
    result = check("broken.json", "good.json", *FLAGS, "--output", "report.txt", "--color", "always")
    assert result.stdout == ""
    assert result.stderr.startswith("ctkms: broken.json:")
    assert Path("report.txt").read_text().endswith("Verdict: cannot tell\n")
    assert "\x1b" not in Path("report.txt").read_text()
    result = check("good.json", *FLAGS, "--output", "missing/report.txt")
    assert result.exit_code == 2
    assert result.stderr == "ctkms: missing/report.txt: cannot be written: its folder does not exist\n"


def test_several_formats_at_once() -> None:
    result = check("bad.json", *FLAGS, "--format", "text", "--format", "json", "--output", "report.json")
    assert result.exit_code == 1
    assert result.stdout == check("bad.json", *FLAGS).stdout
    assert json.loads(Path("report.json").read_text()) == report("bad.json", *FLAGS)
    result = check("bad.json", *FLAGS, "--format", "text", "--format", "json")
    assert result.exit_code == 2
    assert "--format text and --format json both go to standard output" in result.stderr


def test_colors(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in check("good.json", *FLAGS).stdout
    assert "\x1b[1;32mpass\x1b[0m" in check("good.json", *FLAGS, "--color", "always").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in check("good.json", *FLAGS, "--color", "auto").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument 'INPUT...'"),
        (("good.json", "--fail-on", "nothing"), "'nothing' is not one of 'error', 'warning', 'note'"),
        (("good.json", "--unknown"), "No such option"),
        (("good.json", "--key", "alias/x"), "--key"),
        (("good.json", "--trail", TRAIL.replace("111111111111", "11111111111")), "12 digits"),
        (("good.json", "-d", "missing.yaml"), "missing.yaml"),
    ],
)
def test_usage_errors(arguments: tuple[str, ...], message: str) -> None:
    result = check(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_mistakes_in_the_expectations_have_a_line() -> None:
    Path("data.yaml").write_text("expected:\n  trials:\n    x:\n")
    result = check("good.json", "-d", "data.yaml")
    assert result.exit_code == 2
    assert result.stderr.startswith("ctkms: data.yaml:2:3: ")


def test_fail_on() -> None:
    found = report("good.json", *FLAGS, "--profile", "documented")
    levels = {finding["level"] for key in found["keys"] for finding in key["findings"]}
    assert check("good.json", *FLAGS, "--fail-on", "note").exit_code == (1 if levels else 0)


def test_hostile_text_is_shown_harmless() -> None:
    hostile = json.loads(json.dumps(BAD))
    hostile["Statement"][1]["Sid"] = "\x1b[2J\n::error::\u202e"
    hostile["Statement"][1]["Effect"] = "allow\x1b]0;x\x07\n::warning::"
    Path("hostile.json").write_text(json.dumps(hostile))
    shown = check("hostile.json", *FLAGS, "--verbose").stdout
    assert all(char.isprintable() for line in shown.split("\n") for char in line)
    assert not any(line.lstrip().startswith("::") for line in shown.split("\n"))


@pytest.mark.parametrize("environment", [{"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, {"LC_ALL": "POSIX"}])
def test_any_locale_will_do(environment: dict[str, str]) -> None:
    Path("ключ-鍵.json").write_text(json.dumps(BAD), encoding="utf-8")
    result = run("check", "ключ-鍵.json", *FLAGS, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", **environment)
    assert result.returncode == 1
    assert b"Traceback" not in result.stderr
    assert result.stdout.isascii() or "PYTHONIOENCODING" not in environment


def test_a_reader_who_goes_away_is_no_error() -> None:
    command = [sys.executable, "-c", "from ctkms_opa.cli import main; main()", "check", "bad.json", *FLAGS]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    _, complaints = process.communicate()
    assert process.returncode == 1
    assert complaints == b""


def test_in_its_own_process() -> None:
    result = run("check", "good.json", "-d", "data.yaml")
    assert result.returncode == 0
    assert result.stdout.decode() == check("good.json", "-d", "data.yaml").stdout
