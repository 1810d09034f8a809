"""The formats, as pure functions of a report, and what they do with hostile text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from reports import ENGINE, FAILED, KEY, PASSED, REPORT, SERVICE, TRAIL, finding

from ctkms_opa.formats import Options, renderer, source
from ctkms_opa.formats.escape import inert, visible
from ctkms_opa.formats.explanation import render as explain
from ctkms_opa.report import (
    Capability,
    EngineInfo,
    InputError,
    KeyReport,
    Location,
    Report,
    Source,
)

if TYPE_CHECKING:
    from pathlib import Path

TEXT = f"""\
{KEY}: fail
  read from key.json:1 (key-policy)

  For this key:
    arn:aws:iam::111111111111:root  administer  allowed (statement 1)

  For {TRAIL}:
    cloudtrail.amazonaws.com              decrypt service  denied (explicitly) (statements 2, 3)
    arn:aws:iam::222222222222:user/Alice  read             needs an IAM policy (statement 4)
    cloudtrail.amazonaws.com              encrypt          cannot tell

  error CT-TRAIL-ENCRYPT  key.json:12:7
    CloudTrail encrypts a log file of the trail: no statement allows it.
    To do: Name the trail.
    https://docs.aws.amazon.com/page.html

  warning CT-TRAIL-ENCRYPT  key.json:12:7
    CloudTrail encrypts a log file of the trail: no statement allows it.
    To do: Name the trail.

  Cannot tell:
    - whether cloudtrail.amazonaws.com may encrypt

  Known, as the baseline has it:
    - warning CT-TRAIL-SOURCEARN key.json:12:7: As ever.

key.yaml: pass
  read from key.yaml (statement)

Waived:
  - CT-TRAIL-ENCRYPT on {KEY}
    by old-trail: it goes away (Ada, until 2027-01-31)

Waivers that have expired:
  - CT-TRAIL-ENCRYPT on {KEY}
    by late: it was to go (Bob, until 2026-01-31)

Waivers that no finding needs:
  - forgotten

In the baseline, and not found any more (--write-baseline writes it anew):
  - CT-TRAIL-DESCRIBE on {KEY}
    for {TRAIL}

Not evaluated:
  - CT-KEY-STATE, CT-KEY-SYMMETRIC: no metadata
  - CT-MRK: not a multi-Region key

Not judged:
  - broken.json:4:2: expected ',' after the value

2 keys: 1 error, 1 warning, 1 note (--notes shows them), 2 known, 1 input not judged. Verdict: fail
"""


def shown(form: str, report: Report, **options: Any) -> str:
    return "".join(renderer(form)(report, Options(**options)))


def text(report: Report, **options: Any) -> str:
    return shown("text", report, **options)


def test_text() -> None:
    assert text(REPORT) == TEXT


def test_what_may_be_done_on_a_narrow_terminal() -> None:
    rows = tuple(
        Capability(None, principal, capability, "allow", (0,), "error")
        for principal, capability in (("arn:aws:iam::1:root", "administer"), ("b", "read"))
    )
    key = KeyReport("k", Source("f", "key-policy", 1), "pass", True, rows)
    wide = [
        "    arn:aws:iam::1:root  administer  allowed (statement 1)",
        "    b                    read        allowed (statement 1)",
    ]
    narrow = [
        "    arn:aws:iam::1:root",
        "      administer  allowed (statement 1)",
        "    b",
        "      read        allowed (statement 1)",
    ]
    report = Report("documented", ENGINE, (key,))
    assert text(report, width=58).splitlines()[4:6] == wide
    assert text(report, width=57).splitlines()[4:8] == narrow


def test_notes_are_shown_when_asked_for() -> None:
    found = text(REPORT, notes=True)
    assert "  note CT-TRAIL-ENCRYPT  key.json:12:7\n    Only a note.\n" in found
    assert found.endswith("2 keys: 1 error, 1 warning, 1 note, 2 known, 1 input not judged. Verdict: fail\n")


def test_verbose_names_each_rule_that_did_not_run_and_the_engine() -> None:
    found = text(REPORT, verbose=True)
    assert "Only a note." in found
    assert "  - CT-KEY-STATE: no metadata\n  - CT-KEY-SYMMETRIC: no metadata\n" in found
    assert "\nEngine: compiled regorus 0.13.0, 1 piece taken over by the interpreter\n" in found


def test_verbose_says_why_nothing_was_compiled() -> None:
    engine = EngineInfo("compiled", "0.13.0", 2, "the rules do not compile: a.rego:1:2: so")
    found = text(Report("documented", engine), verbose=True)
    assert "2 pieces taken over by the interpreter; the rules do not compile: a.rego:1:2: so\n" in found


def test_colors_only_when_asked_for() -> None:
    assert "\x1b" not in text(REPORT, notes=True, verbose=True)
    assert "\x1b[1;31merror\x1b[0m CT-TRAIL-ENCRYPT" in text(REPORT, color=True)
    assert text(REPORT, color=True).endswith("Verdict: \x1b[1;31mfail\x1b[0m\n")


def test_a_statement_to_add_is_laid_out_for_copying() -> None:
    remediation = 'Add this statement: {"Action":"kms:Decrypt","Zzz":1,"Effect":"Allow","Principal":1,"Sid":"a\\u001b"}'
    key = KeyReport(KEY, Source("key.json", "key-policy"), "fail", True, findings=(finding(remediation=remediation),))
    assert """\
    To do: Add this statement:
      {
        "Sid": "a\\u001b",
        "Effect": "Allow",
        "Principal": 1,
        "Action": "kms:Decrypt",
        "Zzz": 1
      }
    https://""" in text(Report("documented", ENGINE, (key,)))


def test_a_statement_to_add_is_shown_once() -> None:
    remediation = 'Add this statement: {"Action":"kms:Decrypt"}'
    twice = (finding(remediation=remediation), finding(rule="CT-OTHER", remediation=remediation))
    key = KeyReport(KEY, Source("key.json", "key-policy"), "fail", True, findings=twice)
    found = text(Report("documented", ENGINE, (key,)))
    assert found.count('"Action": "kms:Decrypt"') == 1
    assert "    To do: Add this statement: the one shown for CT-TRAIL-ENCRYPT.\n" in found


@pytest.mark.parametrize(
    ("line", "column", "shown"),
    [
        ('  "a": "b c",', 8, ['    12 | "a": "b c",', "       |      ^^^^^"]),
        ("    {", 5, ["    12 | {", "       | ^"]),
        ('"鍵\x1b": 1', 7, ['    12 | "鍵\\x1b": 1', "       |           ^"]),
        (f'"{"a" * 200}": "b"', 205, [f'    12 | ...{"a" * 19}": "b"', f"       | {' ' * 25}^^^"]),
        ("short", 99, []),
        ("", 1, []),
    ],
)
def test_the_line_of_a_finding_with_a_mark_below_its_place(line: str, column: int, shown: list[str]) -> None:
    place = finding(location=Location("key.json", 12, column, "/Statement/1"))
    key = KeyReport(KEY, Source("key.json", "key-policy"), "fail", True, findings=(place, place))
    found = text(Report("documented", ENGINE, (key,)), lines=lambda _: ("",) * 11 + (line,), width=80)
    assert [one for one in found.splitlines() if " | " in one] == shown


def test_the_beginning_of_a_document_and_lines_that_are_not_there_are_not_shown() -> None:
    places = (Location("key.json", 1, 1, ""), Location("key.json", 9, 1, "/a"), Location("key.json", None, None, "/b"))
    key = KeyReport(
        KEY, Source("key.json", "key-policy"), "fail", True, findings=tuple(finding(location=one) for one in places)
    )
    assert " | " not in text(Report("documented", ENGINE, (key,)), lines=lambda _: ("{",))


def test_lines_are_read_from_files(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b"\xef\xbb\xbf{\r\n}\n")
    assert source.lines(str(file)) == ("{", "}", "")
    (tmp_path / "b.json").write_bytes(b"\xff")
    assert [source.lines(str(tmp_path / name)) for name in ("b.json", "c.json", "", "a\0b")] == [()] * 4


@pytest.mark.parametrize("remediation", ["Set {it} right.", "Add {", 'Use {"a": 1} here.', "{[}"])
def test_braces_that_are_no_statement_are_words(remediation: str) -> None:
    key = KeyReport(KEY, Source("key.json", "key-policy"), "fail", True, findings=(finding(remediation=remediation),))
    assert f"    To do: {remediation}\n" in text(Report("documented", ENGINE, (key,)))


def test_json_is_the_report_and_nothing_else() -> None:
    for report in (REPORT, Report("documented", ENGINE)):
        assert shown("json", report) == json.dumps(report.to_dict(), indent=2) + "\n"
    found = REPORT.to_dict()
    assert list(found) == [
        "version",
        "verdict",
        "profile",
        "engine",
        "keys",
        "waived",
        "unused_waivers",
        "expired_waivers",
        "baseline",
        "disabled",
        "overridden",
        "not_evaluated",
        "errors",
        "summary",
    ]
    assert found["version"] == 1
    assert found["engine"] == {"name": "compiled", "version": "0.13.0"}
    assert found["keys"][0]["source"] == {"file": "key.json", "kind": "key-policy", "line": 1}
    assert found["keys"][0]["capabilities"][1] == {
        "subject": TRAIL,
        "principal": SERVICE,
        "capability": "decrypt_service",
        "decision": "explicit_deny",
        "statements": [1, 2],
        "level": "error",
    }
    assert found["keys"][0]["findings"][2] == {
        "rule": "CT-TRAIL-ENCRYPT",
        "level": "error",
        "msg": "CloudTrail encrypts a log file of the trail: no statement allows it.",
        "subject": TRAIL,
        "statement": {"index": 1, "sid": "Encrypt"},
        "location": {"file": "key.json", "line": 12, "column": 7, "pointer": "/Statement/1/Condition"},
        "remediation": "Name the trail.",
        "url": "https://docs.aws.amazon.com/page.html",
        "fingerprint": "0f" * 32,
    }
    assert found["keys"][1]["findings"] == []
    assert found["waived"][0]["waiver"] == "old-trail"
    assert found["waived"][0]["key"] == KEY
    assert found["not_evaluated"][0] == {"rule": "CT-KEY-STATE", "why": "no metadata"}
    assert found["errors"] == [{"file": "broken.json", "line": 4, "msg": "expected ',' after the value"}]
    assert found["summary"] == {"keys": 2, "errors": 1, "warnings": 1, "notes": 1, "known": 2}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("plain text, ünïcode 鍵", "plain text, ünïcode 鍵"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc\x00", "a\\nb\\tc\\x00"),
        ("\u202e\u2066\u200b\ufeff", "\\u202e\\u2066\\u200b\\ufeff"),
        ("\ud800", "\\ud800"),
        ("##[error]", r"#\#[error]"),
        ("##VSO[task.x]", r"#\#VSO[task.x]"),
        ("## Heading", "## Heading"),
    ],
)
def test_visible(given: str, wanted: str) -> None:
    assert visible(given) == wanted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("::error::x", r"\::error::x"), ("   ::x", r"   \::x"), ("arn:aws:iam::1:x", "arn:aws:iam::1:x")],
)
def test_inert(given: str, wanted: str) -> None:
    assert inert(given) == wanted


def test_exit_codes_and_verdicts() -> None:
    def judged(*keys: KeyReport, errors: tuple[InputError, ...] = ()) -> tuple[str, int]:
        report = Report("documented", ENGINE, keys, errors=errors)
        return report.verdict, report.exit_code

    unclear = KeyReport("k", Source("k", "trust-policy"), "cannot_tell", False)
    bad, engine = InputError("f", 1, "bad"), InputError("f", None, "engine", engine=True)
    assert judged(PASSED) == ("pass", 0)
    assert judged(PASSED, FAILED, unclear) == ("fail", 1)
    assert judged(PASSED, unclear) == ("cannot_tell", 3)
    assert judged() == ("cannot_tell", 3)
    assert judged(PASSED, errors=(bad,)) == ("cannot_tell", 2)
    assert judged(FAILED, errors=(bad,)) == ("fail", 2)
    assert judged(FAILED, errors=(bad, engine)) == ("fail", 4)


def test_an_explanation_in_words() -> None:
    element = {
        "element": "Condition StringEquals aws:SourceArn",
        "path": ["Condition", "StringEquals", "aws:SourceArn"],
        "match": 1,
        "wanted": ["a"],
        "sent": None,
        "why": "nobody knows\x1b",
        "hint": "little\x1b is missing",
    }
    decided = {
        "decision": "explicit_deny",
        "allowed_by": [0],
        "denied_by": [1, 2],
        "explain": [
            {"index": 0, "sid": "a\nb", "effect": "Allow", "match": 2, "elements": []},
            {"index": 1, "sid": None, "effect": "", "match": 0, "elements": [element]},
        ],
    }
    request = {"principal": SERVICE, "action": "kms:Decrypt", "resource": KEY}
    assert explain(decided, {"request": request}, 100) == (
        f"""\
{SERVICE} asks kms:Decrypt on
  {KEY}

statement 1 "a\\nb" (Allow): matches

statement 2: does not match
  Condition StringEquals aws:SourceArn: cannot tell: nobody knows\\x1b
    wanted "a"
    sent   null
    Note: little\\x1b is missing.

decision: explicit_deny (statements 2, 3)
"""
    )
