"""The reference of the rules is written from their METADATA and their tests: every page is fresh, with its examples."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from rule_examples import Examples

from ctkms_opa import metadata, pack, reference
from ctkms_opa.cli import group

if TYPE_CHECKING:
    from pathlib import Path

    from ctkms_opa.metadata import Rule

RULES = metadata.catalogue(pack.load())
FOLDER = pack.directory() / "ctkms" / "rules"
HEADER = """\
# The rules

Written by `CTKMS_UPDATE=1 pytest tests/test_reference.py` from the METADATA of the rules; the examples on their pages
are fixtures of their own tests.

"""


@pytest.fixture(scope="module")
def examples() -> Examples:
    return Examples()


def page_of(rule: Rule) -> Path:
    family, name = rule.package.split(".")[-2:]
    return FOLDER / family / name / f"{name}.md"


def link_to(rule: Rule) -> str:
    return page_of(rule).relative_to(FOLDER).as_posix()


def hold(file: Path, text: str) -> None:
    if os.environ.get("CTKMS_UPDATE"):
        file.write_text(text, "utf-8")
    assert file.read_text("utf-8") == text, "run CTKMS_UPDATE=1 pytest tests/test_reference.py"


def test_the_table_is_fresh() -> None:
    hold(FOLDER / "README.md", HEADER + "".join(f"{line}\n" for line in reference.table(RULES, link_to)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_page_of_a_rule_is_fresh_and_its_examples_are_the_rules(rule: Rule, examples: Examples) -> None:
    fails, passes = examples.of(rule.package)
    assert fails is not None, "no test of the rule shows a finding"
    assert passes is not None, "no test of the rule shows a policy that passes"
    assert {finding["rule"] for finding in fails.findings} == {rule.id}
    hold(page_of(rule), "".join(f"{line}\n" for line in reference.page(rule, fails, passes)))


def test_the_command_prints_them(tmp_path: Path) -> None:
    def rules(*arguments: str) -> str:
        return CliRunner().invoke(group, ["rules", "--format", "markdown", *arguments]).stdout

    assert rules("ct-trail-encrypt") == (FOLDER / "trail/encrypt/encrypt.md").read_text("utf-8")
    lines = rules().splitlines()
    assert len(lines) == len(RULES) + 2
    assert lines[2].startswith(f"| [{RULES[0].id}](https://docs.aws.amazon.com/")
    CliRunner().invoke(group, ["new", "rule", "acme/one_more", "-p", str(tmp_path)])
    page = rules("ACME-ONE-MORE", "-p", str(tmp_path))
    assert page.startswith("# ACME-ONE-MORE\n\n**Strangers cannot decrypt with the key**\n")
    assert "- Level: warning\n" in page


def test_a_page_shows_what_tells_its_examples_apart(examples: Examples) -> None:
    rule = next(rule for rule in RULES if rule.id == "CT-ORG-MGMT-ASSUMED")
    fails, passes = examples.of(rule.package)
    assert fails is not None
    assert passes is not None
    assert fails.key["policy"] == passes.key["policy"]
    failing, passing = "\n".join(reference.page(rule, fails, passes)).split("## Passes")
    assert '"owner_assumed": true' in failing
    assert '"aws:SourceArn"' in failing
    assert "The statements are the same." not in failing
    assert '"organization": true' in passing
    assert '"owner_assumed"' not in passing
    assert "The statements are the same." in passing
    like = replace(passes, key=fails.key)
    assert "besides the policy" not in "".join(reference.page(rule, fails, like))


def test_words_are_no_markup() -> None:
    one = replace(RULES[0], title="a <b> `c_*` d_*[e](f)|")
    assert "**a \\<b\\> `c_*` d\\_\\*\\[e\\](f)\\|**" in list(reference.page(one))


def test_there_is_no_page_without_a_rule() -> None:
    assert set(FOLDER.glob("*/*/*.md")) == {page_of(rule) for rule in RULES}
