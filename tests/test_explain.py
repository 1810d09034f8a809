"""`ctkms check --explain`: why what is needed is not allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ctkms_opa import Checker, expectations
from ctkms_opa.cli import group
from ctkms_opa.formats import Options, renderer
from ctkms_opa.formats.explanation import difference, refused

ROOT = Path(__file__).resolve().parent.parent
DATA = [str(ROOT / "data" / name) for name in ("trails.yaml", "accounts.yaml")]
POLICY = str(ROOT / "data" / "policies" / "trail-wrong-region.json")
KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"

WHY = f"""
  Why cloudtrail.amazonaws.com may not encrypt for
    {TRAIL}:
    cloudtrail.amazonaws.com asks kms:GenerateDataKey on
      {KEY}
    statement 1 "EnableIAMUserPermissions" (Allow): Principal does not match:
      cloudtrail.amazonaws.com is not listed
    statement 2 "AllowCloudTrailEncryptLogs" (Allow): Condition StringEquals aws:SourceArn does not
      match
      wanted "arn:aws:cloudtrail:eu-west-1:111111111111:trail/management-events"
      sent   "{TRAIL}"
                                 ^^^^^
      Note: only the Region differs: eu-west-1 in the policy, us-east-1 in the request.
"""


# The same on a narrow terminal, from the second statement on.
NARROW = """
    statement 2
      "AllowCloudTrailEncryptLogs"
      (Allow): Condition StringEquals
      aws:SourceArn does not match
      wanted "arn:aws:cloudtrail:eu-west
      sent   "arn:aws:cloudtrail:us-east
                                 ^^^^^
             -1:111111111111:trail/manag
             -1:111111111111:trail/manag
             ement-events"
             ement-events"
      Note: only the Region differs:
        eu-west-1 in the policy,
        us-east-1 in the request.
"""


def check(*arguments: str) -> str:
    return CliRunner().invoke(group, ["check", POLICY, "-d", DATA[0], "-d", DATA[1], *arguments]).output


def test_check_explains_what_is_not_allowed_when_asked() -> None:
    assert WHY in check("--explain")
    assert "Why cloudtrail" not in check()


def test_an_explanation_fits_a_narrow_terminal() -> None:
    report = Checker(expectations.load(DATA), explain=True).check_paths([POLICY])
    shown = "".join(renderer("text")(report, Options(width=40)))
    assert NARROW in shown
    folded = [line for line in shown.splitlines() if len(line) > 40 and len(line.split()) > 1]
    # What cannot be folded: places, statements to copy, and what stands before a long word.
    assert [line for line in folded if "Why" in line or "wanted" in line or "sent " in line or "^" in line] == []


@pytest.mark.parametrize("engine", ["compiled", "interpreted"])
def test_explaining_changes_nothing_else(engine: str) -> None:
    plain = Checker(expectations.load(DATA), engine=engine).check_paths([POLICY])
    explained = Checker(expectations.load(DATA), engine=engine, explain=True).check_paths([POLICY])
    assert plain.to_dict() == explained.to_dict()
    not_allowed = [(row.principal, row.capability) for row in plain.keys[0].capabilities if row.decision != "allow"]
    assert [(one["principal"], one["capability"]) for one in explained.keys[0].explanations] == not_allowed
    assert plain.keys[0].explanations == ()


def test_only_the_text_explains() -> None:
    done = CliRunner().invoke(group, ["check", POLICY, "--explain", "--format", "json"])
    assert done.exit_code == 2
    assert "--explain belongs to --format text" in done.output


@pytest.mark.parametrize(
    ("wanted", "sent", "marks"),
    [
        ("abc", "axc", "         ^"),
        (["abc"], "abbc", "          ^"),
        ("abc", "ac", "         ^"),
        ("a", "b", "        ^"),
        ("a", "a", None),
        (["a", "b"], "c", None),
        ("a", None, None),
    ],
)
def test_marks_stand_below_what_differs(wanted: object, sent: object, marks: str | None) -> None:
    assert list(difference(wanted, sent, 40))[2:] == ([] if marks is None else [marks])


@pytest.mark.parametrize(
    ("wanted", "sent", "lines"),
    [
        ("a" * 8 + "b", "a" * 8 + "c", ['wanted "aaaaaaa', 'sent   "aaaaaaa', '       ab"', '       ac"', "        ^"]),
        ("a", "a" * 9, ['wanted "a"', 'sent   "aaaaaaa', "         ^^^^^^", '       aa"', "       ^^"]),
        ("a" * 9, "a", ['wanted "aaaaaaa', 'sent   "a"', "         ^", '       aa"']),
        (["a", "b c", "d"], None, ['wanted ["a", "b', '       c", "d"]', "sent   null"]),
    ],
)
def test_what_is_compared_is_put_in_pieces_that_fit(wanted: object, sent: object, lines: list[str]) -> None:
    assert list(difference(wanted, sent, 15)) == lines


def test_what_matches_has_no_marks() -> None:
    assert list(difference("kms:*", "kms:Decrypt", 40, marked=False)) == ['wanted "kms:*"', 'sent   "kms:Decrypt"']


def test_a_statement_that_matches_and_hostile_texts() -> None:
    matching = {"index": 0, "sid": "a\x1b", "effect": "Deny", "match": 2, "element": None, "hint": ""}
    explained = {
        "subject": None,
        "principal": "p\n",
        "capability": "decrypt_service",
        "request": {"principal": "p\n", "action": "kms:Decrypt", "resource": {"ctkms:unknown": "\u202e"}},
        "statements": [matching],
    }
    assert list(refused(explained, 100)) == [
        "Why p\\n may not decrypt service:",
        '  p\\n asks kms:Decrypt on {"ctkms:unknown": "\\u202e"}',
        '  statement 1 "a\\u001b" (Deny): matches',
    ]
