"""Waivers: what they must say, what they hold for, and how the report shows those that have ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from scenarios import KEY, TRAIL

from ctkms_opa import Checker
from ctkms_opa.errors import ExpectationsError
from ctkms_opa.expectations import load

if TYPE_CHECKING:
    from pathlib import Path

    from ctkms_opa.report import Report

OTHER_KEY = "arn:aws:kms:us-east-1:111111111111:key/5678efab-34cd-56ef-78ab-567890abcdef"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Root",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
WAIVER = {"rule": "CT-TRAIL-ENCRYPT", "key": KEY, "reason": "r", "owner": "o", "expires": "2027-01-31"}


def check(today: str = "2027-01-31", **members: Any) -> Report:
    expected = {
        "keys": {KEY: {"aliases": {"alias/logs": {}}}},
        "trails": {TRAIL: {"key": KEY}},
        "waivers": {"later": {**WAIVER, **members}},
    }
    return Checker(expected, key=KEY, today=today).check_policy(POLICY)


def waived(report: Report) -> set[str]:
    return {one.finding.rule for one in report.waived}


@pytest.mark.parametrize(
    "members", [{}, {"key": "alias/logs"}, {"subject": TRAIL}, {"rule": "ct-trail-encrypt"}], ids=str
)
def test_a_waiver_holds(members: dict[str, Any]) -> None:
    report = check(**members)
    assert waived(report) == {"CT-TRAIL-ENCRYPT"}
    assert report.unused_waivers == ()
    assert report.expired_waivers == ()


@pytest.mark.parametrize(
    "members",
    [{"key": OTHER_KEY}, {"key": "AuditKey"}, {"subject": f"{TRAIL}-2"}, {"statement": "Root"}],
    ids=str,
)
def test_a_waiver_of_something_else_is_unused(members: dict[str, Any]) -> None:
    report = check(**members)
    assert waived(report) == set()
    assert report.unused_waivers == ("later",)
    assert "CT-TRAIL-ENCRYPT" in {finding.rule for finding in report.findings}


def test_an_expired_waiver_is_shown_as_such_and_not_as_unused() -> None:
    report = check("2027-02-01", key="alias/logs")
    assert waived(report) == set()
    assert "CT-TRAIL-ENCRYPT" in {finding.rule for finding in report.findings}
    assert [one.to_dict() for one in report.expired_waivers] == [{"waiver": "later", **WAIVER}]
    assert report.unused_waivers == ()


def test_rules_that_do_not_exist_or_cannot_be_waived_are_errors_where_they_are_written(tmp_path: Path) -> None:
    waivers = {"a": {**WAIVER, "rule": "CT-TRIAL-ENCRYPT"}, "b": {**WAIVER, "rule": "kp-json"}, "c": WAIVER}
    file = tmp_path / "waivers.yaml"
    file.write_text(
        "expected:\n  waivers:\n" + "".join(f"    {name}: {json.dumps(one)}\n" for name, one in waivers.items()),
        "utf-8",
    )
    with pytest.raises(ExpectationsError) as caught:
        Checker(load([str(file)]))
    assert str(caught.value).splitlines() == [
        f'{file}:3:17: "CT-TRIAL-ENCRYPT" is no rule; did you mean "CT-TRAIL-ENCRYPT"?',
        f'{file}:4:17: "kp-json" cannot be waived: without it nothing is judged',
    ]


def test_without_a_file_the_error_names_the_waiver() -> None:
    with pytest.raises(ExpectationsError) as caught:
        check(rule="CT-NOTHING-LIKE-IT-AT-ALL")
    assert str(caught.value) == (
        'expectations: "CT-NOTHING-LIKE-IT-AT-ALL" is no rule; `ctkms rules` lists them (at waivers > later > rule)'
    )


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"key": "alias/none"}, 'no key declares the alias "alias/none"'),
        ({"key": "arn:aws:kms:us-east-1:1:key/x"}, "is not an account id"),
        ({"subject": "arn:aws:cloudtrail:us-east-1:1:trail/logs"}, "is not an account id"),
        ({"subject": KEY}, "is not a trail's ARN"),
    ],
    ids=str,
)
def test_names_that_cannot_exist_are_errors(members: dict[str, Any], problem: str) -> None:
    with pytest.raises(ExpectationsError, match=problem):
        check(**members)
