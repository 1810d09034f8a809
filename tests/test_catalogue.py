"""The catalogue in Rego is written from the METADATA of the rules, and the METADATA is complete."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from ctkms_opa import metadata, pack

if TYPE_CHECKING:
    from ctkms_opa.metadata import Rule

RULES = metadata.catalogue(pack.load())
CATALOGUE = pack.directory() / "ctkms" / "catalogue" / "catalogue.rego"

HEADER = """\
# METADATA
# title: The catalogue of rules
# description: |
#   Title, level, provenance and AWS page of each rule, from the METADATA of the rules: engines do not hand annotations
#   to rules. Written by `CTKMS_UPDATE=1 pytest tests/test_catalogue.py`; the same test holds it against the annotations.
# custom:
#   library: true
package ctkms.catalogue

# METADATA
# description: "The rules by id."
rules := {
"""


def render(rules: list[Rule]) -> str:
    """The catalogue as Rego, in opa fmt's form."""
    entries = []
    for rule in rules:
        members = {
            "title": rule.title,
            "level": rule.level,
            "provenance": rule.provenance,
            "url": rule.urls[0],
            "waivable": rule.custom.get("waivable", True),
        }
        lines = "".join(f"\t\t{json.dumps(name)}: {json.dumps(value)},\n" for name, value in members.items())
        entries.append(f"\t{json.dumps(rule.id)}: {{\n{lines}\t}},\n")
    return HEADER + "".join(entries) + "}\n"


def test_the_catalogue_is_fresh() -> None:
    rendered = render(RULES)
    if os.environ.get("CTKMS_UPDATE"):
        CATALOGUE.write_text(rendered, "utf-8")
    assert CATALOGUE.read_text("utf-8") == rendered, "run CTKMS_UPDATE=1 pytest tests/test_catalogue.py"


def test_ids_are_unique_and_there_are_rules() -> None:
    assert len(RULES) > 50
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_metadata_of_a_rule_is_complete(rule: Rule) -> None:
    assert re.fullmatch(r"(CT|KP)(-[A-Z0-9]+)+", rule.id)
    assert rule.title
    assert rule.description
    assert rule.level in {"error", "warning", "note"}
    assert rule.provenance in {"documented", "inferred", "field"}
    assert not (rule.provenance == "inferred" and rule.level == "error"), "what is only inferred is no error"
    assert rule.urls
    assert rule.urls[0].startswith("https://docs.aws.amazon.com/")
    assert set(rule.custom) <= {"id", "level", "provenance", "waivable", "applies"}
