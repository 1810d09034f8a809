"""`ctkms rules`: the catalogue from the METADATA of the rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from ctkms_opa import metadata, pack
from ctkms_opa.cli import group
from ctkms_opa.errors import CtkmsError

if TYPE_CHECKING:
    from pathlib import Path

RULE = """\
# METADATA
# title: A title
# description: |
#   What the rule wants.
#
#   And why.
# related_resources:
# - ref: https://docs.aws.amazon.com/one.html
# - https://docs.aws.amazon.com/two.html
# custom:
#   id: CT-ONE
#   level: warning
#   provenance: documented
#   applies: [trail, store]
#   waivable: false
package ctkms.rules.family.one

# METADATA
# description: "Not the package's."
findings contains "x"
"""


def rules(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["rules", *arguments])


@pytest.fixture
def one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack of one rule."""
    file = tmp_path / "one.rego"
    file.write_text(RULE)
    real = pack.load
    monkeypatch.setattr(pack, "load", lambda root=tmp_path: real(root))
    return file


@pytest.mark.usefixtures("one")
def test_the_list() -> None:
    assert rules().stdout == "CT-ONE  warning  A title\n"
    assert [rule["id"] for rule in json.loads(rules("--format", "json").stdout)] == ["CT-ONE"]


@pytest.mark.usefixtures("one")
@pytest.mark.parametrize("name", ["CT-ONE", "ct-one"])
def test_the_page(name: str) -> None:
    assert (
        rules(name).stdout
        == """\
CT-ONE
A title

What the rule wants.

And why.

level:      warning
provenance: documented
applies:    trail, store
waivable:   false
package:    ctkms.rules.family.one
see:        https://docs.aws.amazon.com/one.html
see:        https://docs.aws.amazon.com/two.html
"""
    )


@pytest.mark.usefixtures("one")
def test_the_page_as_json() -> None:
    assert json.loads(rules("ct-one", "--format", "json").stdout) == {
        "id": "CT-ONE",
        "title": "A title",
        "description": "What the rule wants.\n\nAnd why.",
        "level": "warning",
        "provenance": "documented",
        "package": "ctkms.rules.family.one",
        "urls": ["https://docs.aws.amazon.com/one.html", "https://docs.aws.amazon.com/two.html"],
        "custom": {
            "id": "CT-ONE",
            "level": "warning",
            "provenance": "documented",
            "applies": ["trail", "store"],
            "waivable": False,
        },
    }


def test_the_rules_of_the_pack_are_listed_in_order() -> None:
    listed = [line.split()[0] for line in rules().stdout.splitlines()]
    assert "CT-TRAIL-ENCRYPT" in listed
    assert listed == sorted(listed)
    assert rules(listed[-1]).stdout.startswith(f"{listed[-1]}\n")


def test_an_unknown_rule_has_neighbours() -> None:
    result = rules("CT-TRAIL-ENCRYP")
    assert result.exit_code == 2
    assert result.stderr.startswith("ctkms: there is no rule CT-TRAIL-ENCRYP; did you mean CT-TRAIL-ENCRYPT")
    assert rules("xyzzy").stderr == "ctkms: there is no rule xyzzy; `ctkms rules` lists them\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("package ctkms.rules.family.one\n", "one.rego: the package has no METADATA"),
        ("# METADATA\n# - a\npackage ctkms.rules.family.one\n", "one.rego:1: the METADATA is not a map"),
        ("# METADATA\n# a: [\npackage ctkms.rules.family.one\n", "one.rego:2: the METADATA is not YAML: "),
        ("# METADATA\n# title: a\npackage ctkms.rules.family.one\n", "the METADATA of the package has no custom.id"),
    ],
)
def test_metadata_that_is_wrong(one: Path, text: str, message: str) -> None:
    one.write_text(text)
    with pytest.raises(CtkmsError, match=message.replace(".", r"\.")):
        metadata.catalogue(pack.load(one.parent))
