"""`ctkms test`: tests in Rego, run and counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ctkms_opa import pack
from ctkms_opa.cli import group

RULE = """\
package custom.ctkms.rules.family.mine

import data.ctkms.iam.kleene

findings contains "positive" if {
	input.number > 0
}

findings contains "huge" if {
	input.number > 1000
	input.huge
}

uses_the_pack if kleene
"""
TESTS = """\
package custom.ctkms.rules.family.mine_test

import data.custom.ctkms.rules.family.mine

test_positive if {
	"positive" in mine.findings with input as {"number": 1}
}

test_pack if mine.uses_the_pack
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a rule of a user."""
    monkeypatch.chdir(tmp_path)
    Path("rules").mkdir()
    Path("rules/mine.rego").write_text(RULE)
    Path("rules/mine_test.rego").write_text(TESTS)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["test", *arguments])


def test_tests_of_a_user_see_the_pack() -> None:
    result = run("rules")
    assert result.stdout == "2 passed, 0 failed\n"
    assert result.exit_code == 0


def test_what_lies_elsewhere_is_loaded_beside() -> None:
    Path("more").mkdir()
    Path("more/more_test.rego").write_text(
        "package more_test\n\nimport data.custom\n\n"
        'test_more if custom.ctkms.rules.family.mine.uses_the_pack\n\ntest_data if custom.words == ["a"]\n'
    )
    Path("rules/data.json").write_text('{"custom": {"words": ["a"]}}')
    assert run("more").stdout.endswith("0 passed, 2 failed\n")
    assert run("more", "-p", "rules").stdout == "2 passed, 0 failed\n"
    assert run("rules", "-p", "rules").stdout == "2 passed, 0 failed\n"
    assert run("-p", "rules").stdout == "2 passed, 0 failed\n"


def test_recursion_is_refused_before_it_ends_the_process() -> None:
    Path("rules/mine.rego").write_text("package custom.mine\n\nf(x) := f(x)\n")
    result = run("rules")
    assert result.exit_code == 2
    assert result.stderr == "ctkms: rules/mine.rego:3: recursion: custom.mine.f needs itself\n"


def test_a_test_without_its_rule_says_what_is_missing() -> None:
    result = run("rules/mine_test.rego")
    assert result.exit_code == 2
    assert (
        "reads data.custom.ctkms.rules.family.mine.uses_the_pack, which nothing that is loaded defines" in result.stderr
    )
    assert "after -p" in result.stderr
    assert run("rules/mine_test.rego", "-p", "rules/mine.rego").stdout == "2 passed, 0 failed\n"


def test_data_that_only_a_test_gives() -> None:
    Path("rules/mine.rego").write_text(f"{RULE}\nlisted := data.custom.words\n")
    tests = f'{TESTS}\ntest_listed if {{\n\tmine.listed == ["a"] with data.custom.words as ["a"]\n}}\n'
    Path("rules/mine_test.rego").write_text(tests)
    assert run("rules").stdout == "3 passed, 0 failed\n"


def test_verbose_names_the_tests() -> None:
    assert run("rules", "-v").stdout == (
        "pass rules/mine_test.rego: test_positive\npass rules/mine_test.rego: test_pack\n2 passed, 0 failed\n"
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("test_bad if 1 == 2", "undefined"),
        ("test_bad := false", "false"),
        ("test_bad := 3", "3, not true"),
        ("test_bad contains 1 if 1 == 2", "[], not true"),
        ('test_bad if {\n\tjson.unmarshal("{")\n}', "rules/bad_test.rego:4:19: could not deserialize json."),
    ],
)
def test_tests_that_fail(body: str, reason: str) -> None:
    Path("rules/bad_test.rego").write_text(f"package bad_test\n\n{body}\n")
    result = run("rules")
    assert result.stdout.startswith(f"FAIL rules/bad_test.rego: test_bad: {reason}")
    assert result.stdout.endswith("\n2 passed, 1 failed\n")
    assert result.exit_code == 1


def test_a_threshold_over_nothing_is_not_reached() -> None:
    Path("alone").mkdir()
    Path("alone/one_test.rego").write_text("package one_test\n\ntest_one if 1 == 1\n")
    result = run("alone", "--threshold", "100")
    assert result.exit_code == 3
    assert "there is no line whose coverage could be measured" in result.stderr


def test_coverage() -> None:
    Path("rules/unused.rego").write_text("package custom.unused\n\nnever if {\n\tinput.a\n}\n")
    result = run("rules", "--coverage")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0].endswith("% rules/mine.rego: not reached: 9, 11")
    assert lines[1] == "    0 % rules/unused.rego: not reached: 3-5"
    assert lines[2].startswith("coverage: ")
    assert lines[3] == "2 passed, 0 failed"
    assert run("rules", "--threshold", "10").exit_code == 0
    result = run("rules", "--threshold", "99.5")
    assert result.exit_code == 1
    assert "(wanted: 99.5 %)\n" in result.stdout


def test_all_lines_reached() -> None:
    huge = 'test_huge if {\n\t"huge" in mine.findings with input as {"number": 1001, "huge": true}\n}\n'
    Path("rules/mine_test.rego").write_text(f"{TESTS}\n{huge}")
    result = run("rules", "--threshold", "100", "-v")
    assert result.exit_code == 0
    assert "  100 % rules/mine.rego\ncoverage: 100 % (wanted: 100 %)\n" in result.stdout


def test_a_single_file_of_the_pack() -> None:
    tests = pack.directory() / "ctkms" / "policy" / "policy_test.rego"
    result = run(str(tests))
    assert result.exit_code == 0
    assert result.stdout.endswith(" passed, 0 failed\n")


def test_a_copy_of_a_package_stands_in_for_the_packs_own() -> None:
    Path("rules/kleene.rego").write_text("package ctkms.iam.kleene\n\ncopied := true\n")
    Path("rules/kleene_test.rego").write_text(
        'package copy_test\n\nimport data.ctkms.iam.kleene\n\ntest_copy if kleene == {"copied": true}\n'
    )
    assert run("rules/kleene.rego", "rules/kleene_test.rego").stdout == "1 passed, 0 failed\n"


def test_without_tests_nothing_is_judged() -> None:
    Path("rules/mine_test.rego").unlink()
    result = run("rules")
    assert result.exit_code == 3
    assert result.stdout == "0 passed, 0 failed\n"
    assert result.stderr == "ctkms: there are no tests\n"


def test_a_file_that_is_no_rego() -> None:
    Path("rules/mine_test.rego").unlink()
    Path("rules/mine.rego").write_text("package mine\n\nx := )\n")
    result = run("rules")
    assert result.exit_code == 4
    assert result.stderr == "ctkms: rules/mine.rego:3:6: expecting expression\n"


def test_a_file_that_is_no_text() -> None:
    Path("rules/mine.rego").write_bytes(b"\xff")
    result = run("rules")
    assert result.exit_code == 2
    assert result.stderr == "ctkms: rules/mine.rego: is not UTF-8 text\n"


def test_a_path_that_is_not_there() -> None:
    assert run("missing").exit_code == 2
