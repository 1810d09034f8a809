"""The public Python interface."""

from __future__ import annotations

import datetime
import gc
import json
import pathlib
import weakref
from typing import TYPE_CHECKING, Any

import pytest

import ctkms_opa
from ctkms_opa import Checker, Report, engine, expectations
from ctkms_opa.errors import EngineError, ExpectationsError, UsageError
from ctkms_opa.report import Location

if TYPE_CHECKING:
    from pathlib import Path

KEY = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/management-events"
EXPECTED: dict[str, Any] = {"keys": {KEY: {}}, "trails": {TRAIL: {"key": KEY}}}
NOBODY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111111111111:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}


def rules(report: Report, level: str = "error") -> set[str]:
    return {finding.rule for finding in report.findings if finding.level == level}


def test_a_policy_as_data_has_no_lines() -> None:
    report = Checker(EXPECTED).check_policy(NOBODY)
    assert report.verdict == "fail"
    assert report.exit_code == 1
    assert "CT-TRAIL-ENCRYPT" in rules(report)
    (key,) = report.keys
    assert key.key == KEY
    assert key.source.kind == "key-policy"
    assert key.source.line is None
    assert {(finding.location.line, finding.location.column) for finding in report.findings} == {(None, None)}


def test_a_policy_as_text_has_lines() -> None:
    report = Checker(EXPECTED).check_policy(json.dumps(NOBODY, indent=1))
    assert report.verdict == "fail"
    assert {finding.location.line is None for finding in report.findings} == {False}


@pytest.mark.parametrize(
    "given", [EXPECTED, {"expected": EXPECTED}, expectations.from_value(EXPECTED)], ids=["bare", "file", "object"]
)
def test_expectations_in_every_form(given: Any) -> None:
    assert "CT-TRAIL-ENCRYPT" in rules(Checker(given).check_policy(NOBODY))


def test_without_expectations_nothing_passes() -> None:
    report = Checker().check_policy(NOBODY)
    assert report.verdict == "cannot_tell"
    assert report.exit_code == 3
    assert any("no expected trail or event data store" in reason for reason in report.keys[0].cannot_tell)


def test_the_key_can_be_named_for_one_policy_or_for_all() -> None:
    assert Checker().check_policy(NOBODY, key=KEY).keys[0].key == KEY
    assert Checker(key=KEY).check_policy(NOBODY).keys[0].key == KEY


def test_both_engines_say_the_same() -> None:
    compiled = Checker(EXPECTED).check_policy(NOBODY).to_dict()
    interpreted = Checker(EXPECTED, engine="interpreted").check_policy(NOBODY).to_dict()
    assert (compiled.pop("engine")["name"], interpreted.pop("engine")["name"]) == ("compiled", "interpreted")
    assert compiled == interpreted


def test_a_checker_is_freed_at_once_whatever_it_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pathlib.Path("broken.json").write_text("{")
    pathlib.Path("empty.json").write_text(" ")
    pathlib.Path("good.json").write_text(json.dumps(NOBODY))
    pathlib.Path("old").mkdir()
    for name in ("good", "broken"):
        pathlib.Path(f"old/{name}.json").write_text("{")
    checker = Checker(changed_from="old")
    report = checker.check_paths(["broken.json", "empty.json", "good.json", "missing.json"])
    assert [error.file for error in report.errors] == ["broken.json", "empty.json", "old/good.json", "missing.json"]
    freed = weakref.ref(checker)
    gc.disable()  # It may run in any thread, but an engine belongs to the one that made it.
    try:
        del checker
        assert freed() is None
    finally:
        gc.enable()


def test_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(NOBODY))
    (tmp_path / "b.yaml").write_text("Statement: [")
    report = Checker(EXPECTED).check_paths([tmp_path])
    assert [key.source.file for key in report.keys] == [str(tmp_path / "a.json")]
    (error,) = report.errors
    assert error.file == str(tmp_path / "b.yaml")
    assert error.line
    assert report.exit_code == 2
    assert report.verdict == "fail"


def test_a_checker_can_be_used_again() -> None:
    checker = Checker(EXPECTED)
    first = checker.check_policy(NOBODY)
    assert checker.check_policy("{").errors
    assert checker.check_policy(NOBODY).to_dict() == first.to_dict()


@pytest.mark.parametrize("policy", ["", "{", {"a": {1}}, {"a": float("nan")}], ids=["empty", "broken", "set", "NaN"])
def test_what_is_no_document_is_an_error_of_the_report(policy: Any) -> None:
    report = Checker(EXPECTED).check_policy(policy)
    assert report.keys == ()
    assert [error.file for error in report.errors] == ["policy"]
    assert report.verdict == "cannot_tell"
    assert report.exit_code == 2


@pytest.mark.parametrize(
    "policy", [{}, [], {"Statement": []}, {"Statement": "x"}, {"Version": "2012-10-17"}, [1], [{}]]
)
@pytest.mark.parametrize("name", ["compiled", "interpreted"])
def test_odd_documents_are_never_a_pass(policy: Any, name: str) -> None:
    report = Checker(EXPECTED, engine=name).check_policy(policy)
    assert report.verdict != "pass"
    assert report.exit_code in {1, 3}
    assert report.errors == ()


@pytest.mark.parametrize(
    ("pointer", "document"),
    [
        ("/Statement/0/Resource", NOBODY),
        ("/Statement/Resource", {**NOBODY, "Statement": NOBODY["Statement"][0]}),
        ("/Resource", NOBODY["Statement"][0]),
        ("/0/Resource", NOBODY["Statement"]),
        ("/Policy", {"Policy": json.dumps(NOBODY)}),
    ],
    ids=["policy", "single statement", "bare statement", "bare statements", "get-key-policy"],
)
def test_pointers_lead_into_the_document(pointer: str, document: Any) -> None:
    report = Checker(EXPECTED).check_policy(json.dumps(document))
    (star,) = [finding for finding in report.findings if finding.rule == "KP-RESOURCE-STAR"]
    assert star.location.pointer == pointer
    assert star.location.line == 1
    if pointer != "/Policy":
        value: Any = document
        for step in pointer.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        assert value == "*"


def test_profile_and_threshold() -> None:
    documented = Checker(EXPECTED).check_policy(NOBODY)
    hardened = Checker(EXPECTED, profile="hardened").check_policy(NOBODY)
    assert hardened.profile == "hardened"
    assert rules(documented) <= rules(hardened)
    assert Checker(key=KEY, fail_on="note").check_policy(NOBODY).verdict == "fail"


def test_waivers_end_on_their_day() -> None:
    waiver = {"rule": "CT-TRAIL-ENCRYPT", "key": KEY, "reason": "r", "owner": "o", "expires": "2027-01-31"}
    expected = {**EXPECTED, "waivers": {"later": waiver}}
    before = Checker(expected, today="2027-01-30").check_policy(NOBODY)
    after = Checker(expected, today=datetime.date(2027, 2, 1)).check_policy(NOBODY)
    assert "CT-TRAIL-ENCRYPT" not in rules(before)
    assert {waived.waiver for waived in before.waived} == {"later"}
    assert before.waived[0].expires == "2027-01-31"
    assert "CT-TRAIL-ENCRYPT" in rules(after)
    assert after.waived == ()


@pytest.mark.parametrize(
    "choice", [{"engine": "fast"}, {"profile": "strict"}, {"fail_on": "info"}, {"key": "alias/x"}], ids=str
)
def test_choices_that_do_not_exist(choice: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Checker(**choice)


def test_a_key_that_is_none() -> None:
    with pytest.raises(UsageError):
        Checker().check_policy(NOBODY, key="1234")


def test_expectations_that_are_none() -> None:
    with pytest.raises(ExpectationsError):
        Checker({"expected": {"trails": {"x": {}}}})


def test_a_failing_engine_is_not_the_policys_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise EngineError("it stopped")

    checker = Checker(EXPECTED)
    monkeypatch.setattr(engine.CompiledEngine, "report", fail)
    report = checker.check_policy(NOBODY)
    assert [(error.msg, error.engine) for error in report.errors] == [("it stopped", True)]
    assert report.exit_code == 4
    assert report.verdict == "cannot_tell"


def test_a_level_that_there_is_none_of_is_the_engines_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    checker = Checker(EXPECTED)
    report = engine.CompiledEngine.report

    def changed(*given: Any) -> dict[str, Any]:
        said = report(*given)
        return {**said, "findings": [{**finding, "level": "fatal"} for finding in said["findings"]]}

    monkeypatch.setattr(engine.CompiledEngine, "report", changed)
    found = checker.check_policy(NOBODY)
    assert found.exit_code == 4
    assert "a finding of the level 'fatal'" in found.errors[0].msg


def test_a_report_of_another_shape_is_the_engines_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    checker = Checker(EXPECTED)
    monkeypatch.setattr(engine.CompiledEngine, "report", lambda *_: {"findings": ["x"], "cannot_tell": []})
    report = checker.check_policy(NOBODY)
    assert report.exit_code == 4
    assert report.errors[0].msg.startswith("the rules gave a report of another shape: ")


def test_the_package_offers_the_public_names() -> None:
    assert set(ctkms_opa.__all__) == {"Checker", "Report", "__version__"}
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = ctkms_opa.Nothing
    assert Location("f").pointer == ""


def test_the_expectations_choose_the_profile_unless_the_caller_does() -> None:
    expected = {"expected": {"profile": "hardened"}}
    assert Checker(expected).check_policy("{}").profile == "hardened"
    assert Checker(expected, profile="documented").check_policy("{}").profile == "documented"
    assert Checker().check_policy("{}").profile == "documented"


@pytest.mark.parametrize("today", ["", "1999", "2026-02-30", "tomorrow"])
def test_what_is_no_day_is_refused(today: str) -> None:
    with pytest.raises(UsageError, match="is not a day written YYYY-MM-DD"):
        Checker(today=today)


def test_one_path_is_not_a_list_of_paths() -> None:
    with pytest.raises(UsageError, match="paths is a list of paths"):
        Checker().check_paths("data")


def test_flags_and_files_must_go_together() -> None:
    listed = expectations.from_value({"expected": {"accounts": {"222222222222": None}}})
    flags = expectations.from_flags(trails=["arn:aws:cloudtrail:us-east-1:111111111111:trail/main"])
    with pytest.raises(ExpectationsError, match='account 111111111111, which "accounts" does not list'):
        expectations.merge(listed, flags)


def test_what_stands_beside_expected_is_refused() -> None:
    with pytest.raises(ExpectationsError, match='"trails" stands beside "expected"'):
        Checker({"expected": {}, "trails": {"nonsense": 1}})


def test_an_expected_trail_whose_key_is_in_no_input_is_named() -> None:
    first, second = (f"arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-12345678900{n}" for n in "12")
    here, elsewhere = (f"arn:aws:cloudtrail:us-east-1:111111111111:trail/{name}" for name in ("here", "elsewhere"))
    expected = {
        "keys": {first: None, second: {"aliases": {"alias/second": None}}},
        "trails": {here: {"key": first}, elsewhere: {"key": "alias/second"}},
    }
    report = Checker(expected).check_policy({"Version": "2012-10-17", "Statement": []}, key=first)
    missing = [entry for entry in report.not_evaluated if entry.rule == "CT-TRAIL-ENCRYPT"]
    assert [entry.why for entry in missing] == [f"no input is the policy of {second}, which trail {elsewhere} uses"]


_TEMPLATE = """\
{"Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties":
  {"TrailName": "other", "IsLogging": true, "S3BucketName": "logs", "KMSKeyId": "KEY"}}}}
"""


def test_a_trail_in_another_document_than_its_key_is_not_passed_over(tmp_path: Path) -> None:
    key = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    known, other = (f"arn:aws:cloudtrail:us-east-1:111111111111:trail/{name}" for name in ("known", "other"))
    (tmp_path / "template.json").write_text(_TEMPLATE.replace("KEY", key))
    (tmp_path / "key.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": []}))

    def verdicts(*trails: str) -> dict[str, tuple[str, ...]]:
        expected = {"keys": {key: None}, "trails": {trail: {"key": key} for trail in trails}}
        checker = Checker(expected, account="111111111111", region="us-east-1")
        return {one.key: one.cannot_tell for one in checker.check_paths([tmp_path]).keys}

    why = f"the policy of its key {key} was not judged for it: list {other} with that key in the expectations"
    assert verdicts(known)[other] == (why,)
    assert other not in verdicts(known, other)


@pytest.mark.parametrize("engine_name", ["compiled", "interpreted"])
def test_of_a_policy_far_beyond_what_kms_takes_the_size_alone_is_said(engine_name: str) -> None:
    anyone = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [anyone] * 2000}
    report = Checker(EXPECTED, engine=engine_name).check_policy(policy)
    assert report.verdict == "fail"
    assert [finding.rule for finding in report.keys[0].findings] == ["KP-SIZE"]
    waiver = {"rule": "KP-SIZE", "key": KEY, "reason": "r", "owner": "o", "expires": "2026-01-31"}
    waived = Checker({**EXPECTED, "waivers": {"long": waiver}}, engine=engine_name, today="2026-01-01").check_policy(
        policy
    )
    assert waived.verdict == "cannot_tell"
    assert [one.finding.rule for one in waived.waived] == ["KP-SIZE"]
